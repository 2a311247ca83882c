"""What a metric of the goals is made of (e.9).

Expressions are SQL over ``r`` (marketing_goalloan) and ``l`` (customers_loan), or over ``i``
(marketing_coordinationitem). ``%(limit)s`` is the limit of the caliber, ``%(from)s`` the first day
of the period, ``%(as_of)s`` the day of the count; other names are parameters of the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from crm.core.words import Text

ZERO = Decimal(0)


class Source(StrEnum):
    """What one row of the list is."""

    LOAN = "loan"
    CUSTOMER = "customer"
    ITEM = "item"


class Formula(StrEnum):
    """How the figure follows from the parts."""

    COUNT = "count"  # the rows that count
    SUM = "sum"  # the sum of ``top``
    RATIO = "ratio"  # ``top`` by ``bottom``
    GROWTH = "growth"  # growth of top on bottom, less growth of whole top on whole bottom


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class Unit(StrEnum):
    """How a figure is written."""

    YUAN = "yuan"
    COUNT = "count"
    SHARE = "share"
    POINTS = "points"  # percentage points, as a share: 0.012 is 1.2
    RATE = "rate"
    DAYS = "days"


@dataclass(frozen=True)
class Parts:
    """Sums over rows; those of a unit are the sums of its children's."""

    rows: int = 0
    top: Decimal = ZERO
    bottom: Decimal = ZERO
    whole_top: Decimal = ZERO
    whole_bottom: Decimal = ZERO

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.rows + other.rows,
            self.top + other.top,
            self.bottom + other.bottom,
            self.whole_top + other.whole_top,
            self.whole_bottom + other.whole_bottom,
        )


@dataclass(frozen=True)
class Metric:
    """One figure: which rows count, what is summed over them, and under which caliber."""

    key: str
    label: Text
    help: Text
    unit: Unit
    formula: Formula
    counts: str  # rows that the list opens
    top: str = "0"
    bottom: str = "0"
    whole_top: str = "0"
    whole_bottom: str = "0"
    source: Source = Source.LOAN
    direction: Direction = Direction.UP
    calibers: tuple[str, ...] = ("",)  # keys of CALIBERS, the usual one first
    is_flow: bool = False  # counts from the first day of the period on

    @property
    def caliber(self) -> str:
        """The usual caliber."""
        return self.calibers[0]

    @property
    def gap_unit(self) -> Unit:
        """What is missing of a share or a rate is told in percentage points."""
        return Unit.POINTS if self.unit in {Unit.SHARE, Unit.RATE} else self.unit

    @property
    def is_additive(self) -> bool:
        """Whether the figures of children add up to their parent's."""
        return self.formula in {Formula.COUNT, Formula.SUM}

    def value(self, parts: Parts) -> Decimal | None:
        """The figure; None where nothing can be divided by."""
        if self.formula == Formula.COUNT:
            return Decimal(parts.rows)
        if self.formula == Formula.SUM:
            return parts.top
        if not parts.bottom:
            return None
        if self.formula == Formula.RATIO:
            return parts.top / parts.bottom
        if not parts.whole_bottom:
            return None
        own = parts.top / parts.bottom
        return own - parts.whole_top / parts.whole_bottom
