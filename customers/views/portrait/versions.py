"""Versions of a portrait, and any two of them side by side."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from customers.features.catalogue import COLUMNS
from customers.models import Trigger
from customers.selectors.portrait_page import PortraitPage
from customers.selectors.portrait_page_as_of import version, versions
from customers.selectors.portrait_page_changes import EFFECTS, Change, changes_between
from customers.selectors.portrait_reasons import why
from customers.views.portrait.blocks import dimension_title, shown_changes
from customers.views.portrait.figures import opened
from customers.views.portrait.page import reader_for
from customers.views.portrait.shown import Reader


@require_GET
def portrait_versions(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The versions, newest first, and two of them compared: ``?from=&to=``."""
    context, page = opened(request, customer_id)
    customer = context["customer"]
    rows = versions(user=request.user, customer=customer)
    numbers = [row.version_no for row in rows]
    new = _number(request, "to", numbers[0] if numbers else 0)
    old = _number(request, "from", max(new - 1, 1))
    by_number = {row.version_no: row for row in rows}
    pair = [
        by_number.get(number) or version(user=request.user, customer=customer, number=number)
        for number in (old, new)
    ]
    if numbers and None in pair:
        raise Http404
    context |= {"rows": _timeline(rows), "old": pair[0], "new": pair[1], "numbers": numbers}
    if numbers:
        context |= _compared(request, page, pair, reader_for(request, customer))
    return render_page(request, "customers/portrait/versions.html", None, context)


def _number(request: HttpRequest, key: str, default: int) -> int:
    """The version asked for; 404 for what is no number."""
    text = request.GET.get(key, "")
    if not text:
        return default
    if not text.isdecimal() or len(text) > 9:
        raise Http404
    return int(text)


def _timeline(rows: list[Any]) -> list[dict[str, Any]]:
    """Each version with its trigger and how much it changed."""
    triggers = dict(Trigger.choices)
    found = [
        {
            "row": new,
            "title": triggers[new.trigger],
            "count": len(changes_between(old, new)),
            "url": f"?from={old.version_no}&to={new.version_no}",
        }
        for new, old in pairwise(rows)
    ]
    if rows:
        found.append(
            {"row": rows[-1], "title": triggers[rows[-1].trigger], "count": None, "url": ""}
        )
    return found


def _compared(
    request: HttpRequest, page: PortraitPage, pair: list[Any], reader: Reader
) -> dict[str, Any]:
    """Every difference by dimension, the effects on stage, tier and tags first."""
    old, new = pair
    changes = changes_between(old, new)
    shown = shown_changes(changes, PortraitPage(new, page.declared), reader, timezone.localdate())
    groups: dict[str, list[Any]] = {}
    for row in shown:
        groups.setdefault(_group(row.change), []).append(row)
    order = ["effects", "basic", "behaviour", "need", "credit", ""]
    effects = [
        {"label": COLUMNS[key].label, "text": why(new, key)}
        for key in ("stage", "tier")
        if any(change.column.key == key for change in changes)
    ]
    return {
        "count": len(changes),
        "material": sum(1 for change in changes if change.is_material),
        "effects": effects,
        "groups": [(dimension_title(key), groups[key]) for key in order if key in groups],
    }


def _group(change: Change) -> str:
    if change.column.key in EFFECTS:
        return "effects"
    return str(change.dimension or "")
