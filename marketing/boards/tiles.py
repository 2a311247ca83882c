"""The ten tile groups of e.7 as tables of measures: page, export and API read these alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from marketing.boards.measures import MEASURES, Measure
from marketing.pipeline import LOST, TRACKS


class Lines(StrEnum):
    """What the lines of a tile are."""

    FIXED = "fixed"  # those of the catalogue
    CUTS = "cuts"  # one for every cut that has rows
    MANAGERS = "managers"  # one for every manager in sight


@dataclass(frozen=True)
class Cell:
    """One number: a measure, and the cut of its rows (``*`` stands for anything)."""

    measure: str
    cut: str = ""
    label: Text = ""  # of the column, where it differs from the measure's

    @property
    def spec(self) -> Measure:
        """Its measure."""
        return MEASURES[self.measure]


@dataclass(frozen=True)
class Line:
    """One line: a name and its numbers, None where there is nothing to say."""

    key: str
    label: Text
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Tile:
    """A table of numbers that answers one question."""

    key: str
    group: int
    label: Text
    heads: tuple[Text, ...]
    lines: tuple[Line, ...] = ()
    by: Lines = Lines.FIXED
    columns: tuple[Cell, ...] = ()  # of a tile whose lines are found in the data
    note: Text = ""
    most: int = 0  # lines shown at most on the page; 0 is all
    shows: str = field(default="table")  # how the page draws it


GROUPS: dict[int, Text] = {
    1: _("Funnel"),
    2: _("Activity"),
    3: _("Conversion"),
    4: _("Ageing"),
    5: _("Managers"),
    6: _("Portfolio"),
    7: _("Grid coverage"),
    8: _("Customer care"),
    9: _("Economics"),
    10: _("Strategy"),
}


def _pair(key: str, label: Text | None = None) -> Line:
    """Rows and the sum of one figure."""
    return Line(
        key, MEASURES[key].label if label is None else label, (Cell(key), Cell(f"{key}_amount"))
    )


def _one(key: str) -> Line:
    return Line(key, MEASURES[key].label, (Cell(key),))


def _funnel(track: str) -> tuple[Line, ...]:
    return tuple(
        Line(
            stage.key,
            stage.label,
            (
                None if stage.is_last else Cell("open", f"{track}:{stage.key}"),
                None if stage.is_last else Cell("open_amount", f"{track}:{stage.key}"),
                Cell("entered", f"{track}:*>{stage.key}"),
                None if stage.is_last else Cell("conversion", f"{track}:{stage.key}>*"),
                None if stage.is_last else Cell("stage_days", f"{track}:{stage.key}>*"),
                None if stage.is_last else Cell("dropped", f"{track}:{stage.key}>{LOST}"),
            ),
        )
        for stage in TRACKS[track].stages
    )


_FUNNEL_HEADS = (
    _("Open now"), _("Amount"), _("Entered"), _("Moved on"), _("Median days"), _("Fell away"),
)  # fmt: skip
_AMOUNTS = (_("How many"), _("Amount"))
_VALUE = (_("Value"),)

TILES: Catalogue[Tile] = Catalogue("tiles of the board")
TILES.add(
    Tile(
        "head",
        6,
        _("At a glance"),
        _VALUE,
        tuple(
            _one(key)
            for key in ("loans_inclusive_amount", "borrowers", "new_rate", "npl", "income_each")
        ),
        shows="head",
    ),
    *(
        Tile(
            f"funnel_{key}",
            1,
            _("Funnel of loans") if key == "credit" else _("Funnel of services"),
            _FUNNEL_HEADS,
            _funnel(key),
            shows="funnel",
        )
        for key in TRACKS
    ),
    Tile(
        "pipeline",
        1,
        _("Pipeline"),
        _AMOUNTS,
        (
            _pair("open"),
            Line("weighted", MEASURES["weighted_amount"].label, (None, Cell("weighted_amount"))),
            _pair("opened"),
            _pair("won"),
            _pair("lost"),
        ),
    ),
    Tile(
        "activity",
        2,
        _("Activity"),
        _VALUE,
        tuple(
            _one(key)
            for key in (
                "stops", "stops_done", "plan_done", "visits", "visits_valid", "visited",
                "visits_a_day", "touches", "touches_reached", "quality", "visits_flagged",
                "decided", "decided_in_time",
            )
        ),
    ),
    Tile(
        "conversion",
        3,
        _("Conversion"),
        _VALUE,
        tuple(_one(key) for key in ("visit_yield", "win_rate", "win_rate_amount", "on_time")),
        note=_("Uplift of campaigns: no campaign yet."),
    ),
    Tile(
        "ageing",
        4,
        _("Age of open opportunities"),
        _AMOUNTS,
        (
            *(_pair(f"aged_{no}") for no in range(5)),
            Line("overdue", MEASURES["overdue"].label, (Cell("overdue"), None)),
            Line("stalled", MEASURES["stalled"].label, (Cell("stalled"), None)),
        ),
        shows="bars",
    ),
    Tile(
        "managers",
        5,
        _("Managers"),
        (),
        by=Lines.MANAGERS,
        columns=tuple(
            Cell(key)
            for key in (
                "visits", "new_customers", "drawn_inclusive_amount", "first_loans", "families",
                "aum_change_amount", "weighted_amount", "on_time", "bad_rate", "completeness",
            )
        ),
        note=_("Percentiles compare managers of the same time in post."),
        shows="ranking",
    ),
    Tile(
        "portfolio",
        6,
        _("Portfolio"),
        _AMOUNTS,
        (
            _pair("loans"),
            Line(
                "inclusive",
                MEASURES["loans_inclusive_amount"].label,
                (None, Cell("loans_inclusive_amount")),
            ),
            _pair("loans_watched"),
            _pair("loans_bad"),
            _pair("renewals"),
            _pair("drawn"),
            *(_pair(f"late_{low}") for low in (1, 31, 61, 91)),
        ),
        note=_("Early warnings: none are raised yet."),
    ),
    Tile(
        "customers",
        6,
        _("Customers"),
        _VALUE,
        tuple(_one(key) for key in ("customers", "existing", "prospects", "holders", "red_flags")),
    ),
    Tile(
        "tiers",
        6,
        _("Value tiers"),
        _VALUE,
        tuple(_one(f"tier_{tier}") for tier in "abcd"),
        shows="bars",
    ),
    Tile(
        "stages",
        6,
        _("Life-cycle stages"),
        _VALUE,
        tuple(
            _one(f"stage_{one}") for one in ("start_up", "growth", "mature", "decline", "unknown")
        ),
        shows="bars",
    ),
    Tile(
        "grid",
        7,
        _("Grid coverage"),
        (),
        by=Lines.CUTS,
        columns=(Cell("grid_known"), Cell("grid_visited"), Cell("coverage")),
        most=12,
        shows="heat",
    ),
    Tile(
        "care",
        8,
        _("Customer care"),
        _VALUE,
        tuple(
            _one(key)
            for key in (
                "dormant", "lost_customers", "churn", "complaints", "complaints_open",
                "complaints_late", "birthdays", "care", "care_late", "mark", "loan_success",
            )
        ),
    ),
    Tile(
        "ledger",
        8,
        _("Seven categories of data"),
        _VALUE,
        tuple(_one(f"cover_{no}") for no in range(1, 8)),
        shows="meters",
    ),
    Tile(
        "economics",
        9,
        _("Economics"),
        _VALUE,
        tuple(
            _one(f"{key}_amount")
            for key in ("spread_income", "all_income", "risk_cost", "servicing_cost",
                        "contribution", "aum", "aum_change")
        ),
    ),
    Tile(
        "economics_by_group",
        9,
        _("Economics by customer group"),
        (),
        by=Lines.CUTS,
        columns=(
            Cell("spread_income_by_group", label=_("Customers")),
            *(
                Cell(f"{key}_by_group_amount")
                for key in ("spread_income", "all_income", "risk_cost", "servicing_cost",
                            "contribution")
            ),
        ),
        note=_("A customer of two groups stands in both lines, and once in the total."),
    ),
)  # fmt: skip
