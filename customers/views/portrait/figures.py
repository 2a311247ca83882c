"""What is behind a figure: name, formula, source, and the fact rows."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from crm.core.months import month_label, parse_month
from crm.core.parameters import parameters
from customers.features.catalogue import COLUMNS
from customers.features.spec import ColumnSpec, Dimension, FeatureSpec
from customers.models import Quality
from customers.selectors.customer import customer_header
from customers.selectors.portrait_page import (
    PortraitPage,
    Provenance,
    current_portrait,
    declared_of,
    provenance,
)
from customers.selectors.portrait_page_missing import QUESTIONS, missing_features
from customers.selectors.portrait_page_rows import (
    RowPage,
    made_of,
    month_window,
    row_page,
    trails_of,
    window_of,
)
from customers.selectors.portrait_page_trails import TRAILS
from customers.selectors.portrait_reasons import reasons
from customers.views.frame import frame_of
from customers.views.portrait.blocks import (
    TOPS,
    all_figures,
    dimension_cards,
    figure_url,
    short_day,
    source_name,
)
from customers.views.portrait.page import day_asked, portrait_as_of, reader_for
from customers.views.portrait.rows import RowTable, row_table
from customers.views.portrait.shown import Reader

MONTH_TRAILS = {"flows": "flows", "invoices": "invoices"}


def opened(request: HttpRequest, customer_id: int) -> tuple[dict[str, Any], PortraitPage]:
    """The frame's context and the portrait of a customer in reach; 404 without a portrait."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    day, _refusal = day_asked(request.GET.get("as_of", ""))
    portrait = (
        portrait_as_of(customer, day)
        if day is not None
        else current_portrait(user=request.user, customer=customer)
    )
    if portrait is None:
        raise Http404
    missing = missing_features(portrait, parameters(portrait.as_of))
    page = PortraitPage(portrait, declared_of(customer, portrait.as_of), missing=missing)
    return frame_of(request, customer, tab="portrait") | {"portrait": portrait}, page


@require_GET
def dimension(request: HttpRequest, customer_id: int, dimension: str) -> HttpResponse:
    """Every figure of a dimension, missing ones with the question to ask."""
    if dimension not in set(Dimension):
        raise Http404
    context, page = opened(request, customer_id)
    which = Dimension(dimension)
    context["title"] = TOPS[which][0]
    reader = reader_for(request, context["customer"])
    context["rows"] = all_figures(page, which, reader, timezone.localdate())
    return render_page(
        request, "customers/portrait/figures.html", "customers/portrait/_figures.html", context
    )


@require_GET
def figure(request: HttpRequest, customer_id: int, key: str) -> HttpResponse:
    """One figure with the rows that make it."""
    column = COLUMNS.get(key)
    if column is None or not column.label:
        raise Http404
    context, page = opened(request, customer_id)
    customer = context["customer"]
    reader = reader_for(request, customer)
    after, chosen = request.GET.get("after", ""), request.GET.get("rows", "")
    tables = []
    for trail_key in trails_of(column):
        rows = row_page(
            user=request.user,
            customer=customer,
            key=trail_key,
            window=window_of(column, TRAILS[trail_key], customer, page.portrait.as_of),
            after=after if trail_key == chosen else "",
            only=_told_only(column, trail_key),
        )
        tables.append(_table(request, rows, reader))
    context |= _figure_words(column, page, reader) | {"tables": tables}
    context["cards"] = [
        card
        for card in dimension_cards(page, reader, timezone.localdate())
        if card.key == getattr(column, "dimension", Dimension.BASIC)
    ]
    return render_page(
        request, "customers/portrait/figure.html", "customers/portrait/_figure.html", context
    )


def _told_only(column: ColumnSpec, trail_key: str) -> Q:
    """Told facts of this figure only."""
    if trail_key != "declared" or not isinstance(column, FeatureSpec):
        return Q()
    return Q(key__in=column.declared_keys)


def _table(request: HttpRequest, rows: RowPage, reader: Reader) -> RowTable:
    kept = {"as_of": request.GET["as_of"]} if "as_of" in request.GET else {}
    query = urlencode(kept | {"rows": rows.key, "after": rows.after}) if rows.after else ""
    return row_table(rows, reader, f"{request.path}?{query}" if query else "")


def _figure_words(column: ColumnSpec, page: PortraitPage, reader: Reader) -> dict[str, Any]:
    """Name, value, formula, window, source, quality, age, version of the rules, reasons."""
    portrait = page.portrait
    value = getattr(portrait, column.key)
    feature = column if isinstance(column, FeatureSpec) else None
    known = provenance(portrait, page.declared, feature) if feature else None
    return {
        "column": column,
        "value": reader.shown(column, value),
        "is_known": value is not None,
        "formula": feature.formula if feature else "",
        "window": window_in_words(feature.window) if feature else "",
        "facts": _origin(known),
        "question": QUESTIONS.get(feature.code, "") if feature and value is None else "",
        "reasons": reasons(portrait, column.key, tell=reader.told if reader.is_masked else None),
        "parts": [
            (
                part.label,
                reader.shown(part, getattr(portrait, part.key)),
                figure_url(portrait, part.key),
            )
            for part in made_of(column)
        ],
    }


def _origin(known: Provenance | None) -> list[tuple[str, str]]:
    if known is None:
        return []
    found = [(_("Source"), source_name(known.source))]
    if known.quality:
        found.append((_("Quality"), str(dict(Quality.choices)[known.quality])))
    if known.on:
        found.append((_("Facts up to"), short_day(known.on, timezone.localdate())))
    return found


def window_in_words(window: str) -> str:
    """w12m: the last 12 months."""
    months = window.strip("wm")
    return _("last %(number)s months") % {"number": months} if months.isdecimal() else ""


@require_GET
def month(request: HttpRequest, customer_id: int, kind: str, month: str) -> HttpResponse:
    """The rows of one month of a chart."""
    if kind not in MONTH_TRAILS:
        raise Http404
    try:
        ym = parse_month(month)
    except ValueError as error:
        raise Http404 from error
    context, _page = opened(request, customer_id)
    customer = context["customer"]
    rows = row_page(
        user=request.user,
        customer=customer,
        key=MONTH_TRAILS[kind],
        window=month_window(ym),
        after=request.GET.get("after", ""),
    )
    context |= {
        "title": month_label(ym),
        "tables": [_table(request, rows, reader_for(request, customer))],
        "is_open": date.today() < rows.window.last if rows.window.last else False,
    }
    return render_page(
        request, "customers/portrait/month.html", "customers/portrait/_month.html", context
    )
