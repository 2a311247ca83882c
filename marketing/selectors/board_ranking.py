"""Managers side by side: each number with its place among those as long in post, and points."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from crm.core.words import Text
from marketing.boards.measures import MEASURES
from marketing.boards.tiles import TILES
from marketing.selectors.board import Board, Shown

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
    """One manager of the ranking. Points decide nothing on pay (g.1)."""

    manager: User
    band: int
    band_name: Text
    cells: Sequence[Placed]
    parts: Sequence[PointPart]
    points: int
    points_percentile: float | None


def ranking(board: Board, *, sort: str = "") -> list[RankLine]:
    """Every manager in sight; ``sort``: a measure, ``points`` or ``name``, ``-`` turns it round."""
    if board.run is None:
        return []
    as_of = board.run.as_of
    known = parameters(as_of)
    columns = [cell.spec for cell in TILES["managers"].columns]
    bands = {one.pk: band_of(one.joined_on, as_of, known) for one in board.managers}
    shown = {
        one.pk: [board.of_manager(measure, one.pk) for measure in columns] for one in board.managers
    }
    parts = {
        one.pk: [
            PointPart(board.of_manager(MEASURES[key], one.pk), known.number(name))
            for key, name in POINTS.items()
        ]
        for one in board.managers
    }
    points = {pk: sum(part.points for part in rows) for pk, rows in parts.items()}
    placed = _by_band({pk: float(value) for pk, value in points.items()}, bands)
    columns_placed = [
        _by_band({pk: row[no].value for pk, row in shown.items()}, bands, measure.good)
        for no, measure in enumerate(columns)
    ]
    lines = [
        RankLine(
            manager=one,
            band=bands[one.pk],
            band_name=band_name(bands[one.pk], known),
            cells=[
                Placed(cell, columns_placed[no][one.pk]) for no, cell in enumerate(shown[one.pk])
            ],
            parts=parts[one.pk],
            points=points[one.pk],
            points_percentile=placed[one.pk],
        )
        for one in board.managers
    ]
    return _sorted(lines, sort)


def _sorted(lines: list[RankLine], sort: str) -> list[RankLine]:
    key, is_descending = sort.lstrip("-"), sort.startswith("-")
    keys = [cell.measure for cell in TILES["managers"].columns]
    if key == "name":
        return sorted(lines, key=lambda line: str(line.manager), reverse=is_descending)
    if key in keys:
        no = keys.index(key)
        known = [line for line in lines if line.cells[no].shown.value is not None]
        known.sort(key=lambda line: line.cells[no].shown.value or 0, reverse=is_descending)
        return known + [line for line in lines if line.cells[no].shown.value is None]
    return sorted(lines, key=lambda line: line.points, reverse=sort != "points")


def band_of(joined_on: date | None, as_of: date, known: Parameters) -> int:
    """The number of the band by whole years in post; who has no date is in the first."""
    if joined_on is None:
        return 0
    years = as_of.year - joined_on.year
    years -= (as_of.month, as_of.day) < (joined_on.month, joined_on.day)
    return sum(years >= edge for edge in known.numbers("board.tenure.years"))


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

    ``peers`` holds the value itself. None when there is nobody else.
    """
    others = len(peers) - 1
    if others < 1:
        return None
    ordered = sorted(peers)
    low, high = bisect_left(ordered, value), bisect_right(ordered, value)
    worse = len(ordered) - high if good == "down" else low
    return 100 * (worse + (high - low - 1) / 2) / others
