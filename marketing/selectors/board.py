"""The numbers of a board from its rollups: read in two statements, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.masking import reads_bands
from crm.core.models import User
from crm.core.roles import Can
from crm.core.workdays import DAY, working_days_between
from marketing.boards.cells import read_cells, slots
from marketing.boards.measures import Kind, Measure
from marketing.boards.periods import Period
from marketing.boards.populations import AGES, POPULATIONS
from marketing.boards.spec import Narrow, Unit
from marketing.boards.statements import months_of
from marketing.boards.tiles import TILES, Lines, Tile
from marketing.models import BoardRun
from marketing.selectors.board_sight import (
    BoardQuery,
    Person,
    Sight,
    at_work,
    board_period,
    choices_of,
    sight_of,
    territory_names,
)

RANKED = sorted(
    {cell.spec.base.population for tile in TILES if tile.by == Lines.MANAGERS
     for cell in tile.columns} | {"facts", "coordination", "closed", "visits", "drawn"}
)  # fmt: skip


KEYS = tuple(POPULATIONS.keys())
BARE = "none"  # customers of no group
FEW = 5  # a sum over fewer rows tells one customer's amount


@dataclass(frozen=True)
class Shown:
    """One number of a board: its value, and how many rows open behind it.

    ``value`` None is unknown: there is nothing to divide by. ``left_out``: filters that mean
    nothing to these rows and were not applied.
    """

    measure: Measure
    cut: str
    value: float | None
    rows: int
    part: int | None = None
    left_out: tuple[Narrow, ...] = ()


@dataclass
class Sums:
    """What the cells of one population and cut add up to; ``spreads`` by month."""

    sums: list[float] = field(default_factory=list)
    spreads: dict[int, list[int]] = field(default_factory=dict)

    def add(self, sums: list[float], ym: int, spread: Sequence[int] | None) -> None:
        """Another cell."""
        self.sums = [a + b for a, b in zip(self.sums, sums, strict=True)] if self.sums else sums
        if spread is not None:
            kept = self.spreads.get(ym) or [0] * len(spread)
            self.spreads[ym] = [a + (b or 0) for a, b in zip(kept, spread, strict=True)]


Cells = Mapping[str, Mapping[str, Sums]]  # population: cut (or place): sums


@dataclass(frozen=True)
class Board:
    """Everything a page shows, from one reading of the rollups."""

    query: BoardQuery
    period: Period
    sight: Sight
    run: BoardRun | None
    cells: Cells
    by_manager: Mapping[str, Mapping[int, Sums]]
    working_days: int

    def shown(self, measure: Measure, cut: str = "") -> Shown:
        """One number of the whole board."""
        found = self.cells.get(measure.base.population, {})
        if "*" in cut:
            matching = [sums for key, sums in found.items() if fnmatchcase(key, cut)]
        elif cut:
            matching = [found[cut]] if cut in found else []
        else:
            matching = list(found.values())
        heads = len(self.managers) if measure.kind == Kind.PER_DAY else 1
        return self._shown(measure, cut, matching, heads)

    def of_manager(self, measure: Measure, manager: int) -> Shown:
        """The same number of one manager alone."""
        sums = self.by_manager.get(measure.base.population, {}).get(manager)
        return self._shown(measure, "", [sums] if sums else [], 1)

    def values_of_managers(self, measure: Measure) -> dict[int, float | None]:
        """The same number of every manager, for comparing them."""
        found = self.by_manager.get(measure.base.population, {})
        made, nothing = _formula(measure, self.working_days), _nothing(measure)
        return {
            one.pk: made(found[one.pk].sums if one.pk in found else nothing)
            for one in self.managers
        }

    def _shown(self, measure: Measure, cut: str, cells: Sequence[Sums], heads: int) -> Shown:
        value, rows, part = self._value(measure, cells, heads)
        left_out = tuple(
            name for name in self.query.narrow if name not in measure.population.narrows
        )
        return Shown(measure, cut, value, rows, part, left_out)

    def _value(
        self, measure: Measure, cells: Sequence[Sums], heads: int
    ) -> tuple[float | None, int, int | None]:
        """(value, rows, rows of the part) of a measure over these cells."""
        if measure.kind == Kind.DISTINCT:
            met = _distinct(cells, self.period)
            return met, met, None
        rows, _total, part, _top = _places_of(measure)
        sums = _added(measure, cells)
        if measure.kind == Kind.MEDIAN:
            spreads = [spread for one in cells for spread in one.spreads.values()]
            return median(spreads), int(sums[rows]), None
        value = _formula(measure, self.working_days * heads)(sums)
        return value, int(sums[rows]), None if part is None else int(sums[part])

    @cached_property
    def managers(self) -> list[Person]:
        """Active relationship managers at work at the places asked for, in the tree's order."""
        keys = at_work(self.sight.keys, self.period)
        return [
            one
            for one in self.sight.people.values()
            if one.pk in keys and one.is_active and one.role == "rm"
        ]


@cache
def _places_of(measure: Measure) -> tuple[int, int | None, int | None, int | None]:
    """Where cells hold the rows and the sum of a measure's figure, then those of its part."""
    found = slots(measure.base.population)

    def place(figure: str, kind: str) -> int | None:
        return found[figure, kind] - 1 if (figure, kind) in found else None

    figure, part = measure.figure, measure.part
    return found[figure, "n"] - 1, place(figure, "s"), place(part, "n"), place(part, "s")


def _nothing(measure: Measure) -> list[float]:
    return [0.0] * len(slots(measure.base.population))


def _added(measure: Measure, cells: Sequence[Sums]) -> Sequence[float]:
    if len(cells) == 1:
        return cells[0].sums
    return [sum(column) for column in zip(*(one.sums for one in cells), strict=True)] or _nothing(
        measure
    )


def _formula(measure: Measure, days: int) -> Callable[[Sequence[float]], float | None]:
    """What the sums of a population make of a measure; None where nothing is to divide by.

    ``days``: working days times managers, for numbers a day.
    """
    n, s, part, top = _places_of(measure)
    if measure.kind == Kind.ROWS:
        return lambda sums: int(sums[n])
    if measure.kind == Kind.PER_DAY:
        return lambda sums: int(sums[n]) / days if days else None
    if measure.kind == Kind.SHARE and part is not None:
        return lambda sums: int(sums[part]) / int(sums[n]) if sums[n] else None
    if measure.kind == Kind.SUM and s is not None:
        return lambda sums: sums[s] / 100
    if measure.kind == Kind.MEAN and s is not None:
        return lambda sums: sums[s] / 100 / sums[n] if sums[n] else None
    if measure.kind == Kind.SUM_SHARE and s is not None and top is not None:
        return lambda sums: sums[top] / sums[s] if sums[s] else None
    raise ValueError(measure.key)  # medians and distinct customers need a spread


def _distinct(cells: Sequence[Sums], period: Period) -> int:
    """Customers whose first row in the period it was: the row before lies in an earlier one."""
    return sum(
        sum(spread[ym - period.first :]) for one in cells for ym, spread in one.spreads.items()
    )


def median(spreads: Sequence[Sequence[int]]) -> float | None:
    """The median of days counted by steps (AGES): exact to a day for the first week.

    Within a longer step the rows are taken as evenly spread over its days; the last one, without
    an end, counts as its first day.
    """
    added = [sum(column) for column in zip(*spreads, strict=True)]
    total = sum(added)
    if not total:
        return None
    half, passed = total / 2, 0
    for no, count in enumerate(added):
        if count and passed + count >= half:
            first = 0 if no == 0 else AGES[no - 1] + 1
            last = AGES[no] if no < len(AGES) else first
            share = (half - passed) / count
            return float(first) if last == first else first + (last - first) * share
        passed += count
    return None


def board(
    *, user: User, query: BoardQuery, only: Sequence[str] = KEYS, has_managers: bool = True
) -> Board:
    """The board of this user and these filters, as the last count left it.

    ``only`` reads some populations and ``has_managers`` False no manager's own numbers: each page
    reads what it shows.
    """
    run, sight = BoardRun.objects.first(), sight_of(user=user, query=query)
    return board_in_sight(query, sight, run, only=only, has_managers=has_managers)


def board_in_sight(
    query: BoardQuery,
    sight: Sight,
    run: BoardRun | None,
    *,
    only: Sequence[str] = KEYS,
    has_managers: bool = False,
) -> Board:
    """The same board for who knows its places already."""
    if run is None:
        return Board(query, board_period(query, timezone.localdate()), sight, None, {}, {}, 0)
    period = board_period(query, run.as_of)
    first, last = period.days_until(run.as_of)
    return Board(
        query=query,
        period=period,
        sight=sight,
        run=run,
        cells=_read(query, period, sight, run, only) if only else {},
        by_manager=_read_managers(query, period, sight) if has_managers else {},
        working_days=working_days_between(first - DAY, last),
    )


def _asked(query: BoardQuery, period: Period, sight: Sight) -> dict[str, Any]:
    asked = {"places": sight.keys, "whole": sight.whole}
    return months_of(period) | asked | {str(k): v for k, v in query.narrow.items()}


def _read(
    query: BoardQuery, period: Period, sight: Sight, run: BoardRun, only: Sequence[str]
) -> Cells:
    found: dict[str, dict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
    unit = {"is_unit": sight.whole is not None, "is_wide": sight.whole in run.wide}
    sql = read_cells(only, query.narrow, by="cut", **unit)
    with connection.cursor() as cursor:
        cursor.execute(sql, _asked(query, period, sight))
        for population, cut, ym, _place, sums, spread in cursor:
            found[population][cut].add(sums, ym, spread)
    return found


def _read_managers(query: BoardQuery, period: Period, sight: Sight) -> dict[str, dict[int, Sums]]:
    found: dict[str, dict[int, Sums]] = defaultdict(lambda: defaultdict(Sums))
    sql = read_cells(RANKED, query.narrow, by="place")
    with connection.cursor() as cursor:
        cursor.execute(sql, _asked(query, period, sight))
        for population, _cut, _ym, place, sums, _spread in cursor:
            found[population][sight.places[place].manager_id or 0].add(sums, 0, None)
    return found


@dataclass(frozen=True)
class TileLine:
    """One line of a tile with its numbers."""

    key: str
    label: Any
    cells: Sequence[Shown | None]


def cuts_of(board: Board, tile: Tile) -> list[str]:
    """The lines that a tile finds in the data, those of most rows first."""
    base = tile.columns[0].spec
    found = board.cells.get(base.base.population, {})
    rows = _places_of(base)[0]
    return sorted(found, key=lambda cut: (-found[cut].sums[rows], cut))


def tile_lines(
    board: Board, tile: Tile, names: Mapping[str, Any], *, most: int | None = None
) -> list[TileLine]:
    """The lines of a tile; at most so many of those found in the data, worded by ``names``."""
    if tile.by == Lines.FIXED:
        return [
            TileLine(
                line.key,
                line.label,
                [board.shown(cell.spec, cell.cut) if cell else None for cell in line.cells],
            )
            for line in tile.lines
        ]
    if tile.by == Lines.MANAGERS:
        return [
            TileLine(
                str(one.pk),
                str(one),
                [board.of_manager(cell.spec, one.pk) for cell in tile.columns],
            )
            for one in board.managers
        ]
    return [
        TileLine(cut, names.get(cut, cut), [board.shown(cell.spec, cut) for cell in tile.columns])
        for cut in cuts_of(board, tile)[:most]
    ]


def cut_names(board: Board) -> dict[str, dict[str, Any]]:
    """The words of the lines of each tile whose lines are found in the data."""
    cells = [int(cut) for cut in board.cells.get("grid", {})]
    grid = {str(key): name for key, name in territory_names(keys=cells).items()}
    groups = choices_of(Narrow.GROUP) | {BARE: _("No group")}
    return {"grid": grid, "economics_by_group": groups}


def opens_rows(user: User) -> bool:
    """Whether the user sees the rows behind numbers, or numbers alone."""
    return user.can(Can.VIEW_FIELD_WORK) and user.can(Can.VIEW_CUSTOMERS)


def is_hidden(user: User, shown: Shown) -> bool:
    """Whether this user is told only that it is few rows.

    Who sees no customers is told no count below five; who sees amounts of customers as bands, no
    sum over fewer than five.
    """
    if not 0 < shown.rows < FEW:
        return False
    return not opens_rows(user) or (reads_bands(user) and shown.measure.unit == Unit.YUAN)
