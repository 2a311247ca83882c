"""How suggestions did: the page over ``products.selectors.precision``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from products.models import Suggestion
from products.selectors.precision import Line, Precision, Share, precision_of
from products.selectors.suggestion_words import LABELS


@require_GET
def precision(request: HttpRequest) -> HttpResponse:
    """Made, seen, answered and opened; ``?model=`` of one version of the model (0: none)."""
    asked = request.GET.get("model", "")
    model = int(asked) if asked.isdecimal() and len(asked) < 6 else None
    found = precision_of(user=request.user, today=timezone.localdate(), model=model)
    context = {
        "found": found,
        "total": _row(found.total, "", found),
        "products": [_row(line, found.names.get(line.key, ""), found) for line in found.products],
        "reasons": [_row(line, LABELS.get(line.key, line.key), found) for line in found.reasons],
        "months": _months(found),
        "bands": [_band(band) for band in found.bands],
        "tabs": _tabs(found, model),
    }
    return render_page(request, "products/precision.html", "products/_precision.html", context)


def _row(line: Line, name: Any, found: Precision) -> dict[str, Any]:
    reasons = dict(Suggestion.Decline.choices)
    whys = sorted(line.why.items(), key=lambda item: (-item[1], item[0]))
    return {
        "line": line,
        "name": name,
        "accepting": _share(line.accepting),
        "opening": _share(line.opening),
        "whys": [f"{reasons.get(code, code)} {count}" for code, count in whys],
    }


def _share(share: Share) -> dict[str, Any]:
    """A share with its interval in words."""
    bounds = share.interval
    if bounds is None:
        return {"value": None, "range": ""}
    low, high = (f"{100 * bound:.0f}" for bound in bounds)
    return {"value": share.value, "range": f"{low}–{high}%", "of": f"{share.part} / {share.whole}"}


def _band(band: Any) -> dict[str, Any]:
    return {
        "label": f"{100 * band.low:.0f}–{100 * band.high:.0f}%",
        "told": band.told,
        "opening": _share(band.opening),
        "is_off": _is_off(band),
    }


def _is_off(band: Any) -> bool:
    """Whether the chance told lies outside the interval of what happened."""
    bounds = band.opening.interval
    return bounds is not None and not bounds[0] <= band.told <= bounds[1]


def _months(found: Precision) -> dict[str, Any]:
    """The chart of months."""
    return {
        "categories": [line.key for line in found.months],
        "series": [
            {"name": str(_("Suggested")), "data": [line.made for line in found.months]},
            {"name": str(_("Accepted")), "data": [line.accepted for line in found.months]},
            {"name": str(_("Declined")), "data": [line.declined for line in found.months]},
        ],
    }


def _tabs(found: Precision, chosen: int | None) -> list[dict[str, Any]]:
    """All suggestions, or those of one version of the model."""
    made = [
        {
            "label": _("Model v%(number)s") % {"number": number} if number else _("No model"),
            "url": f"?model={number or 0}",
            "is_current": chosen == (number or 0),
            "count": f"{count:,}",
        }
        for number, count in found.models
    ]
    everything = {"label": _("All"), "url": "?", "is_current": chosen is None}
    return [everything, *made] if len(made) > 1 else []
