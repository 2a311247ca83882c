"""Penetration: the heat map of the market, where the gap is worth most, who stands in a cell."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from crm.core.fragments import render_page
from crm.core.words import Text
from customers.selectors.keyset import (
    COUNT_CAP,
    Order,
    capped_count,
    keyset_page,
    read_place,
)
from marketing.market.cells import DIMENSIONS, VIEWS
from marketing.selectors.penetration import (
    WHICH,
    Cell,
    Market,
    MarketGrid,
    cell_customers,
    counted_on,
    market_grid,
    place_names,
    top_cells,
)
from marketing.selectors.penetration_rows import customer_rows, is_counting
from marketing.selectors.survey import value_names
from marketing.services.market_counts import ask_count
from marketing.views.amounts import amounts_for
from marketing.views.market_sections import market_tabs

SHADES = 8
TOP = ("kind", "trade", "age", "territory")  # party types are only sums of these
PAGE = 50
WHICH_LABELS: dict[str, Text] = {
    "known": gettext_lazy("Known to us"),
    "holders": gettext_lazy("Customers"),
    "borrowers": gettext_lazy("Credit customers"),
    "new": gettext_lazy("New customers, 12 months"),
    "prospects": gettext_lazy("Prospects"),
}


@require_GET
def market(request: HttpRequest) -> HttpResponse:
    """The grid of one dimension and the cells to begin with."""
    dimension = request.GET.get("by", "")
    dimension = dimension if dimension in DIMENSIONS else "kind"
    view = request.GET.get("view", "")
    view = view if view in dict(VIEWS) else "holders"
    whole = Market(user=request.user, today=timezone.localdate())
    grid = market_grid(market=whole, dimension=dimension, view=view)
    top = top_cells(market=whole, dimensions=TOP)
    context = {
        "tabs": market_tabs(request.user, "marketing:market"),
        "grid": grid,
        "lines": _lines(grid),
        "shades": range(1, SHADES + 1),
        "dimensions": _chips(DIMENSIONS, "by", dimension, {"view": view}),
        "views": _chips(dict(VIEWS), "view", view, {"by": dimension}),
        "top": _top(top),
        "is_counting": is_counting(),
    }
    return render_page(request, "marketing/market.html", "marketing/_market.html", context)


def _chips(choices: Any, name: str, chosen: str, rest: dict[str, str]) -> list[dict[str, Any]]:
    pairs = choices.items() if isinstance(choices, dict) else [(s.key, s.label) for s in choices]
    return [
        {
            "label": label,
            "href": f"?{urlencode({**rest, name: key})}",
            "tone": "accent" * (key == chosen),
        }
        for key, label in pairs
    ]


def _lines(grid: MarketGrid) -> list[dict[str, Any]]:
    """One row a place: its cells with shade, figures and the address behind them."""
    most = max((cell.penetration or 0 for cell in grid.cells.values()), default=0)
    return [
        {
            "name": name,
            "cells": [
                _shown(cell, most) if cell is not None else None
                for cell in (grid.cells.get((code, value)) for value, _label in grid.values)
            ],
        }
        for code, name in grid.places
    ]


def _shown(cell: Cell, most: float) -> dict[str, Any]:
    """A cell of the grid: the darker, the larger its share of the best one."""
    share = cell.penetration
    level = 0
    if share is not None and share > 0 and most > 0:
        level = min(SHADES, 1 + int(share / most * (SHADES - 1)))
    which = "borrowers" if cell.view == "borrowers" else "holders"
    return {
        "cell": cell,
        "level": level,
        "url": address(cell, which),
        "is_below": cell.average is not None and (share or 0) < cell.average,
        "new_url": address(cell, "new") if cell.ours.new_holders else "",
    }


def address(cell: Cell, which: str) -> str:
    """The customers behind one number of a cell."""
    told = {"by": cell.dimension, "place": cell.place, "value": cell.value, "which": which}
    return f"{reverse('marketing:market_customers')}?{urlencode(told)}"


def _top(cells: list[Cell]) -> list[dict[str, Any]]:
    places = place_names({cell.place for cell in cells})
    names: dict[str, dict[str, Text]] = {}
    for key in {cell.dimension for cell in cells}:
        values = {cell.value for cell in cells if cell.dimension == key}
        names[key] = dict(DIMENSIONS[key].values) or value_names(key, values)
    return [
        {
            "cell": cell,
            "index": round(cell.index or 0),
            "place": places[cell.place],
            "value": names[cell.dimension].get(cell.value, cell.value),
            "dimension": DIMENSIONS[cell.dimension].label,
            "url": address(cell, "prospects") if cell.ours.prospects > 0 else "",
        }
        for cell in cells
    ]


@require_POST
def recount(request: HttpRequest) -> HttpResponse:
    """A count of today is asked for; the page says when it is there."""
    ask_count(by=request.user)
    return redirect("marketing:market")


@require_GET
def market_customers(request: HttpRequest) -> HttpResponse:
    """The customers behind one number of the market."""
    asked = {key: request.GET.get(key, "") for key in ("by", "place", "value", "which")}
    if asked["by"] not in DIMENSIONS or asked["which"] not in WHICH or not asked["place"]:
        raise Http404
    wanted = {key: asked[key] for key in ("place", "value", "which")}
    as_of = counted_on() or timezone.localdate()
    found = cell_customers(user=request.user, dimension=asked["by"], as_of=as_of, **wanted)
    place = read_place(request.GET.get("from", ""))
    page = keyset_page(found, Order("name_pinyin"), size=PAGE, place=place)
    count, write = capped_count(found), amounts_for(request.user)
    context = _cell_words(asked) | {
        "rows": [
            row
            | {
                "loans": write(row["portrait__loan_balance"]),
                "deposits": write(row["portrait__deposit_average_3m"]),
            }
            for row in customer_rows(user=request.user, keys=page.keys)
        ],
        "count": f"{COUNT_CAP - 1:,}+" if count >= COUNT_CAP else f"{count:,}",
        "previous": _page_address(asked, page.previous),
        "next": _page_address(asked, page.next),
    }
    return render_page(
        request, "marketing/market_customers.html", "marketing/_market_customers.html", context
    )


def _cell_words(asked: dict[str, str]) -> dict[str, Any]:
    """The cell in words, its other numbers, and the way back."""
    spec = DIMENSIONS[asked["by"]]
    values = dict(spec.values) or value_names(spec.key, [asked["value"]])
    return {
        "which": WHICH_LABELS[asked["which"]],
        "place": place_names({asked["place"]})[asked["place"]],
        "value": values.get(asked["value"], asked["value"]),
        "dimension": spec.label,
        "others": _others(asked),
        "back": f"{reverse('marketing:market')}?{urlencode({'by': asked['by']})}",
    }


def _others(asked: dict[str, str]) -> list[dict[str, Any]]:
    """The other numbers of the same cell."""
    return [
        {
            "label": label,
            "url": f"?{urlencode({**asked, 'which': key})}",
            "is_current": key == asked["which"],
        }
        for key, label in WHICH_LABELS.items()
    ]


def _page_address(asked: dict[str, str], place: Any) -> str:
    return f"?{urlencode({**asked, 'from': place.written()})}" if place is not None else ""
