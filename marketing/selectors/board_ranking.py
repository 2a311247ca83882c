"""Managers side by side: each number with its place among those as long in post, and points."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from crm.core.parameters import Parameters, parameters
from crm.core.words import Text
from marketing.boards.measures import MEASURES, Measure
from marketing.boards.tiles import TILES
from marketing.selectors.board import Board, Shown
from marketing.selectors.board_sight import Person

POINTS = {  # measure: parameter with the points of one row (g.1)
    "visits_pointed": "board.points.visit",
    "facts_pointed": "board.points.fact",
    "won_credit": "board.points.won_credit",
    "won_other": "board.points.won_other",
    "first_loans": "board.points.first_loan",
    "decided_in_time": "board.points.in_time",
}


@dataclass(frozen=True)
class Placed:
    """A number and where it stands in its band: 0 is last, 100 first; None in a band of one."""

    shown: Shown
    percentile: float | None


@dataclass(frozen=True)
class PointPart:
    """Points of one kind of act."""

    shown: Shown
    each: int

    @property
    def points(self) -> int:
        """Rows times points."""
        return self.shown.rows * self.each


@dataclass(frozen=True)
class RankLine:
    """One manager of the ranking. Points decide nothing on pay (g.1).

    Whole bands are compared before the first line is shown; what a line shows is made when asked.
    """

    manager: Person
    band: int
    points: int
    points_percentile: float | None
    values: Sequence[float | None]  # of the columns
    percentiles: Sequence[float | None]
    board: Board
    known: Parameters

    @property
    def band_name(self) -> Text:
        """The time in post in words."""
        return band_name(self.band, self.known)

    @cached_property
    def cells(self) -> Sequence[Placed]:
        """The number of each column, with its place in the band."""
        pairs = zip(_columns(), self.percentiles, strict=True)
        return [Placed(self._shown(measure), place) for measure, place in pairs]

    @cached_property
    def parts(self) -> Sequence[PointPart]:
        """What the points are made of."""
        return [
            PointPart(self._shown(MEASURES[key]), self.known.number(name))
            for key, name in POINTS.items()
        ]

    def _shown(self, measure: Measure) -> Shown:
        return self.board.of_manager(measure, self.manager.pk)


def _columns() -> list[Measure]:
    return [cell.spec for cell in TILES["managers"].columns]


def ranking(board: Board, *, sort: str = "") -> list[RankLine]:
    """Every manager in sight; ``sort``: a measure, ``points`` or ``name``, ``-`` turns it round."""
    if board.run is None:
        return []
    as_of = board.run.as_of
    known = parameters(as_of)
    edges = known.numbers("board.tenure.years")
    bands = {one.pk: band_of(one.joined_on, as_of, edges) for one in board.managers}
    points = _points(board, known)
    placed = _by_band(dict(points), bands)
    values = [board.values_of_managers(measure) for measure in _columns()]
    places = [
        _by_band(column, bands, measure.good)
        for column, measure in zip(values, _columns(), strict=True)
    ]
    lines = [
        RankLine(
            manager=one,
            band=bands[one.pk],
            points=points[one.pk],
            points_percentile=placed[one.pk],
            values=[column[one.pk] for column in values],
            percentiles=[column[one.pk] for column in places],
            board=board,
            known=known,
        )
        for one in board.managers
    ]
    return _sorted(lines, sort)


def _points(board: Board, known: Parameters) -> dict[int, int]:
    """Rows times points, summed over the kinds of acts."""
    found = dict.fromkeys((one.pk for one in board.managers), 0)
    for key, name in POINTS.items():
        each = known.number(name)
        for pk, rows in board.values_of_managers(MEASURES[key]).items():
            found[pk] += int(rows or 0) * each
    return found


def _sorted(lines: list[RankLine], sort: str) -> list[RankLine]:
    key, is_descending = sort.lstrip("-"), sort.startswith("-")
    keys = [cell.measure for cell in TILES["managers"].columns]
    if key == "name":
        return sorted(lines, key=lambda line: str(line.manager), reverse=is_descending)
    if key in keys:
        no = keys.index(key)
        known = [line for line in lines if line.values[no] is not None]
        known.sort(key=lambda line: line.values[no] or 0, reverse=is_descending)
        return known + [line for line in lines if line.values[no] is None]
    return sorted(lines, key=lambda line: line.points, reverse=sort != "points")


def band_of(joined_on: date | None, as_of: date, edges: Sequence[Decimal]) -> int:
    """The number of the band by whole years in post; who has no date is in the first.

    ``edges``: the years at which the next band begins, ``board.tenure.years``.
    """
    if joined_on is None:
        return 0
    years = as_of.year - joined_on.year
    years -= (as_of.month, as_of.day) < (joined_on.month, joined_on.day)
    return sum(years >= edge for edge in edges)


def band_name(band: int, known: Parameters) -> str:
    """The band in words."""
    edges = [int(edge) for edge in known.numbers("board.tenure.years")]
    if band == 0:
        return _("under %(years)s y") % {"years": edges[0]}
    if band == len(edges):
        return _("from %(years)s y") % {"years": edges[-1]}
    return _("%(low)s–%(high)s y") % {"low": edges[band - 1], "high": edges[band]}


def _by_band(
    values: Mapping[int, float | None], bands: Mapping[int, int], good: str = "up"
) -> dict[int, float | None]:
    """Percentiles among those of the same band whose number is known."""
    found: dict[int, float | None] = dict.fromkeys(values)
    for band in set(bands.values()):
        peers = {pk: value for pk, value in values.items() if bands[pk] == band}
        known = {pk: value for pk, value in peers.items() if value is not None}
        ordered = sorted(known.values())
        for pk, value in known.items():
            found[pk] = percentile(value, ordered, good)
    return found


def percentile(value: float, peers: Sequence[float], good: str = "up") -> float | None:
    """The share of the others it stands before, ties counting half, in percent.

    ``peers``, in order, hold the value itself. None when there is nobody else.
    """
    others = len(peers) - 1
    if others < 1:
        return None
    low, high = bisect_left(peers, value), bisect_right(peers, value)
    worse = len(peers) - high if good == "down" else low
    return 100 * (worse + (high - low - 1) / 2) / others
