"""The numbers a tile shows: a figure's rows, its sum, or what two sums or a spread make of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from marketing.boards.figures import FIGURES
from marketing.boards.populations import POPULATIONS
from marketing.boards.spec import Figure, Population, Unit


class Kind(StrEnum):
    """How a number is made; every kind adds up over units before it divides."""

    ROWS = "rows"  # rows of the figure
    SUM = "sum"  # its sum
    MEAN = "mean"  # sum / rows
    SHARE = "share"  # rows of ``part`` / rows
    SUM_SHARE = "sum_share"  # sum of ``part`` / sum
    MEDIAN = "median"  # of the population's spread
    DISTINCT = "distinct"  # customers met by the rows of the period, each once
    PER_DAY = "per_day"  # rows / working days / managers


@dataclass(frozen=True)
class Measure:
    """One number. Its link opens the rows of ``figure``; those of ``part`` are marked there."""

    key: str
    label: Text
    figure: str
    kind: Kind = Kind.ROWS
    part: str = ""
    unit: Unit = Unit.COUNT
    good: str = ""  # up or down: which way is good
    help: Text = ""

    @property
    def base(self) -> Figure:
        """The figure whose rows make this number."""
        return FIGURES[self.figure]

    @property
    def population(self) -> Population:
        """Where its rows come from."""
        return POPULATIONS[self.base.population]

    @property
    def portion(self) -> Figure | None:
        """The figure on top of the line of a share."""
        return FIGURES[self.part] if self.part else None


def _rows(*keys: str, good: str = "") -> list[Measure]:
    return [Measure(key, FIGURES[key].label, key, good=good) for key in keys]


def _sums(*keys: str, good: str = "") -> list[Measure]:
    return [
        Measure(f"{key}_amount", FIGURES[key].label, key, Kind.SUM, unit=Unit.YUAN, good=good)
        for key in keys
    ]


def _share(key: str, label: Text, part: str, whole: str, good: str = "up") -> Measure:
    return Measure(key, label, whole, Kind.SHARE, part, Unit.SHARE, good)


def _sum_share(key: str, label: Text, part: str, whole: str, good: str = "up") -> Measure:
    return Measure(key, label, whole, Kind.SUM_SHARE, part, Unit.SHARE, good)


MEASURES: Catalogue[Measure] = Catalogue("measures of the board")
MEASURES.add(
    *_rows("open", "entered", "opened", "won", "lost", "dropped"),
    *_sums("open", "weighted", "opened", "won", "lost"),
    *_rows("overdue", "stalled", *(f"aged_{no}" for no in range(5)), good="down"),
    *_sums(*(f"aged_{no}" for no in range(5))),
    _share("conversion", _("Moved on"), "forward", "left"),
    Measure(
        "stage_days", _("Median days"), "timed", Kind.MEDIAN, unit=Unit.DAYS, good="down"
    ),
    _share("on_time", _("Stages left in time"), "in_time", "timed"),
    *_rows("visits", "visits_valid", "stops", "stops_done", "touches", "touches_reached"),
    *_rows("visits_flagged", good="down"),
    Measure("visited", _("Customers visited"), "visits", Kind.DISTINCT, good="up"),
    Measure(
        "visits_a_day", _("Visits a working day and manager"), "visits", Kind.PER_DAY,
        unit=Unit.SCORE, good="up",
    ),
    Measure("quality", _("Quality score"), "visits_scored", Kind.MEAN, unit=Unit.SCORE, good="up"),
    _share("plan_done", _("Plan done"), "stops_done", "stops"),
    _share("visit_yield", _("Visit to opportunity"), "visits_to_opportunity", "visits"),
    _share("win_rate", _("Opportunity to won"), "won", "closed"),
    _sum_share("win_rate_amount", _("Won by amount"), "won", "closed_amounts"),
    _share("loan_success", _("Loan success rate"), "loan_drawn", "submitted"),
    *_rows("customers", "existing", "prospects", "holders", "borrowers", "new_customers"),
    *_rows("dormant", "lost_customers", "churn", "red_flags", good="down"),
    *_rows("birthdays"),
    *_rows(*(f"tier_{tier}" for tier in "abcd")),
    *_rows(*(f"stage_{one}" for one in ("start_up", "growth", "mature", "decline", "unknown"))),
    *_rows(*(f"late_{low}" for low in (1, 31, 61, 91)), good="down"),
    *_sums(*(f"late_{low}" for low in (1, 31, 61, 91)), good="down"),
    Measure(
        "families", _("Families a customer"), "holders", Kind.MEAN, unit=Unit.SCORE, good="up"
    ),
    Measure(
        "completeness", _("Portrait completeness"), "complete", Kind.MEAN, unit=Unit.SHARE,
        good="up",
    ),
    *_sums("aum", "aum_change", good="up"),
    *_rows("loans", "renewals", "first_loans", "drawn"),
    *_sums("loans", "loans_inclusive", "renewals", "drawn", "drawn_inclusive", good="up"),
    *_sums("loans_bad", "loans_watched", good="down"),
    *_rows("loans_bad", "loans_watched", good="down"),
    _sum_share("npl", _("NPL ratio"), "loans_bad", "loans", "down"),
    _sum_share("new_rate", _("Average new rate"), "drawn_interest", "drawn", "down"),
    _sum_share("bad_rate", _("Bad rate of own grants"), "granted_bad", "granted", "down"),
    *_rows("complaints", "complaints_open", "complaints_late", "care_late", good="down"),
    *_rows("care"),
    Measure("mark", _("Satisfaction"), "marks", Kind.MEAN, unit=Unit.SCORE, good="up"),
    *_rows("decided", "decided_in_time"),
    _share("coverage", _("Visited of known"), "grid_visited", "grid_known"),
    *_rows("grid_known", "grid_visited"),
    *_sums("spread_income", "all_income", "contribution", good="up"),
    *_sums("risk_cost", "servicing_cost", good="down"),
    Measure(
        "income_each", _("Comprehensive income a customer"), "holders_income", Kind.MEAN,
        unit=Unit.YUAN, good="up",
    ),
    *_rows("spread_income_by_group"),
    *_sums(
        *(
            f"{name}_by_group"
            for name in ("spread_income", "all_income", "risk_cost", "servicing_cost",
                         "contribution")
        )
    ),
    *(
        Measure(
            f"cover_{no}", FIGURES[f"cover_{no}"].label, f"cover_{no}", Kind.MEAN,
            unit=Unit.SHARE, good="up",
        )
        for no in range(1, 8)
    ),
    *_rows("visits_pointed", "facts_pointed", "won_credit", "won_other"),
)  # fmt: skip

for _one in MEASURES:
    if _one.part and FIGURES[_one.part].population != _one.base.population:
        raise ImproperlyConfigured(f"{_one.key}: both figures of a share count the same rows.")
