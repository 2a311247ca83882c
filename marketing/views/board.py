"""The branch board, the rows behind its numbers, one manager's view, the file, the refresh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.fragments import render_page, wants_fragment
from crm.core.masking import mask, reads_bands
from crm.core.models import User
from crm.core.roles import Reach
from marketing.boards.measures import MEASURES
from marketing.boards.periods import PERIODS
from marketing.boards.spec import Narrow
from marketing.boards.tiles import TILES
from marketing.selectors.board import Board, board, board_in_sight
from marketing.selectors.board_ranking import ranking
from marketing.selectors.board_rows import BoardRows, board_rows, read_rows_place
from marketing.selectors.board_sight import (
    BoardQuery,
    choices_of,
    period_name,
    read_board_query,
    territories_of,
)
from marketing.selectors.board_strategy import YEAR, strategy_of
from marketing.services.board_export import board_file
from marketing.services.board_refresh import ask_count, is_counting
from marketing.views.board_manager import talk_points
from marketing.views.board_tiles import said_ranks, said_tiles
from marketing.views.board_words import NARROW_WORDS, Writer

RANKED_AT_ONCE = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The board of the user's reach, narrowed by one bar of filters."""
    query = read_board_query(request.GET)
    found = board(user=request.user, query=query, has_managers=False)
    writer = Writer(request.user, query)
    context: dict[str, Any] = {
        "board": found,
        "query": query,
        "period": period_name(found.period),
        "tiles": said_tiles(found, writer),
        "strategy": _strategy(found, writer),
        "chips": _chips(found, request.user),
        "is_counting": is_counting(),
        "title": board_title(found, request),
        "exports": query.address(),
    }
    if not wants_fragment(request):
        context |= _bar(request, found)
    return render_page(request, "marketing/board.html", "marketing/_board.html", context)


@require_GET
def ranks(request: HttpRequest) -> HttpResponse:
    """The managers of the board beside each other; the board fetches it after itself."""
    query = read_board_query(request.GET)
    found = board(user=request.user, query=query, only=())
    lines = ranking(found, sort=request.GET.get("sort", "")[:40])
    context = {
        "ranks": said_ranks(lines[:RANKED_AT_ONCE], Writer(request.user, query)),
        "ranks_hidden": max(len(lines) - RANKED_AT_ONCE, 0),
        "rank_heads": [(cell.measure, cell.spec.label) for cell in TILES["managers"].columns],
        "title": board_title(found, request),
        "exports": query.address(),
    }
    return render_page(
        request, "marketing/board_ranking.html", "marketing/_board_ranking.html", context
    )


def _strategy(found: Board, writer: Writer) -> dict[str, Any] | None:
    """The strategy with its numbers written; each opens the rows of its focus this year."""
    view = strategy_of(board=found)
    if view is None:
        return None
    return {
        "row": view.row,
        "lines": [
            {
                "label": line.label,
                "share": line.share,
                "planned": line.planned,
                "cells": [
                    writer.said(
                        cell, period=YEAR, unit=view.row.branch_id, narrow={line.narrow: line.value}
                    )
                    for cell in line.cells
                ],
            }
            for line in view.lines
        ],
    }


def board_title(found: Board, request: HttpRequest) -> str:
    """The manager or unit the board is about."""
    if found.sight.manager is not None:
        return str(found.sight.manager)
    if found.sight.unit is not None:
        return str(found.sight.unit)
    if request.user.duty.reach == Reach.OWN:
        return str(request.user)
    return found.sight.units[0][1] if found.sight.units else _("Board")


def _bar(request: HttpRequest, found: Board) -> dict[str, Any]:
    """The choices of the filters; nobody but oneself is no choice."""
    narrows = [
        (str(name), NARROW_WORDS[name], choices_of(name).items(), found.query.narrow.get(name))
        for name in Narrow
        if name != Narrow.TERRITORY
    ]
    territories = territories_of(user=request.user)
    chosen = found.query.narrow.get(Narrow.TERRITORY)
    narrows.insert(2, (str(Narrow.TERRITORY), NARROW_WORDS[Narrow.TERRITORY], territories, chosen))
    people = found.sight.people if request.user.duty.reach != Reach.OWN else {}
    return {
        "periods": [(key, label) for key, (label, _months) in PERIODS.items()],
        "units": found.sight.units if len(found.sight.units) > 1 else [],
        "people": [(pk, str(one)) for pk, one in people.items()],
        "narrows": narrows,
    }


def _chips(found: Board, user: User) -> list[dict[str, Any]]:
    """What narrows the board, each with the board without it."""
    query = found.query
    chips: list[dict[str, Any]] = []
    if found.sight.unit is not None:
        chips.append({"label": found.sight.unit, "url": query.address(unit=None)})
    if found.sight.manager is not None:
        chips.append({"label": found.sight.manager, "url": query.address(manager=None)})
    for name, value in query.narrow.items():
        rest = {key: other for key, other in query.narrow.items() if key != name}
        is_place = name == Narrow.TERRITORY
        words: Mapping[Any, Any] = dict(territories_of(user=user)) if is_place else choices_of(name)
        label = f"{NARROW_WORDS[name]}: {words.get(value, value)}"
        chips.append({"label": label, "url": query.address(narrow=rest)})
    return chips


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The rows that make one number, the newest first."""
    query = read_board_query(request.GET)
    measure = MEASURES.get(request.GET.get("show", ""))
    if measure is None:
        raise Http404
    cut = request.GET.get("cut", "").replace("\x00", "")[:60]
    place = read_rows_place(request.GET.get("after", ""), measure)
    found = board_rows(user=request.user, query=query, measure=measure, cut=cut, place=place)
    shown = _as_counted(found, query, cut)
    count = shown if found.count is None else found.count
    here = Writer(request.user, query).href(measure, cut)
    context = {
        "found": found,
        "query": query,
        "measure": measure,
        "shown": shown,
        "has_changed": None not in (shown, found.count) and shown != found.count,
        "count": "" if count is None else f"{count:,}",
        "next": f"{here}&after={found.next.written()}" if found.next else "",
        "previous": here if place else "",
        "is_masked": reads_bands(request.user),
        "lines": [_line(request, found, row) for row in found.rows],
        "back": reverse("marketing:board") + query.address(),
    }
    return render_page(request, "marketing/board_rows.html", "marketing/_board_rows.html", context)


def _as_counted(found: BoardRows, query: BoardQuery, cut: str) -> int | None:
    """How many rows the board says there are; None before the first count."""
    only = (found.measure.base.population,)
    counted = board_in_sight(query, found.sight, found.run, only=only)
    return counted.shown(found.measure, cut).rows if found.run else None


def _line(request: HttpRequest, found: Any, row: Any) -> dict[str, Any]:
    population = found.measure.population
    url = reverse(population.url, args=[row.url_key]) if population.url else ""
    if not url and row.customer is not None:
        url = row.customer.get_absolute_url()
    is_masked = reads_bands(request.user)
    cells = [
        (column, _masked(value, is_masked) if column.kind == "money" else value)
        for column, value in zip(found.columns, row.cells, strict=True)
    ]
    return {
        "row": row,
        "url": url if row.customer is not None else "",
        "name": row.customer.name if row.customer else "",
        "cells": cells,
    }


def _masked(value: Any, is_masked: bool) -> Any:
    """An amount of one customer as a band for who sees bands."""
    return mask("amount", max(value, 0)) if is_masked and value is not None else value


@require_GET
def manager(request: HttpRequest, pk: int) -> HttpResponse:
    """One manager: what goes well, what to talk about, each number with its rows."""
    query = read_board_query(request.GET.dict() | {"manager": str(pk)})
    whole = board(user=request.user, query=read_board_query(_without(request)))
    line = next((line for line in ranking(whole) if line.manager.pk == pk), None)
    if line is None:
        raise Http404
    own = board(user=request.user, query=query)
    writer = Writer(request.user, query)
    context = {
        "line": line,
        "query": query,
        "board": own,
        "period": period_name(own.period),
        "cells": [(cell, writer.said(cell.shown)) for cell in line.cells],
        "parts": [(part, writer.said(part.shown)) for part in line.parts],
        "points": talk_points(own, line, writer),
        "tiles": said_tiles(own, writer),
        "back": reverse("marketing:board") + query.address(manager=None),
    }
    return render_page(request, "marketing/board_manager.html", None, context)


def _without(request: HttpRequest) -> dict[str, str]:
    return {key: value for key, value in request.GET.dict().items() if key != "manager"}


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The board as a workbook: a sheet a group of tiles, real numbers, filters and age said."""
    query = read_board_query(request.GET)
    found = board(user=request.user, query=query)
    content = board_file(
        board=found,
        by=request.user,
        title=board_title(found, request),
    )
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="board.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """The figures are counted again in the background, unless that has just been done."""
    told = ask_count(by=request.user)
    messages.info(request, told)
    query = read_board_query(request.GET)
    return redirect(reverse("marketing:board") + query.address())
