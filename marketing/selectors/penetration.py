"""How much of its market the bank has, cell by cell, and where the gap is worth most (e.8).

The figures of customers come from the last count (``marketing.services.market_counts``), those of
the market from the newest approved surveys. What is ours is within the user's reach, so that each
number opens its customers; the gap and what it is worth are the whole bank's, as two managers of
one county do not each miss all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from crm.core.models import RegionCode, User
from crm.core.parameters import Parameters, parameters
from crm.core.scope import WHOLE_BANK
from crm.core.words import Text
from customers.models import Customer, Territory, TerritoryMember
from marketing.market.cells import BORROWS, DIMENSIONS, HOLDS
from marketing.models import MarketCount, MarketSurvey
from marketing.selectors.goals_units import units_changed_since
from marketing.selectors.survey import (
    MarketCell,
    Markets,
    Standing,
    approved_surveys,
    markets,
    readable,
    standing,
    value_names,
)

Key = tuple[str, str]  # (place, value)
_SUMS = ("known", "holders", "borrowers", "new_holders")


@dataclass(frozen=True)
class Ours:
    """Customers in one cell."""

    known: int = 0
    holders: int = 0
    borrowers: int = 0
    new_holders: int = 0

    def of(self, view: str) -> int:
        """Customers, or credit customers."""
        return self.borrowers if view == "borrowers" else self.holders

    @property
    def prospects(self) -> int:
        """Known to us, and holding nothing yet."""
        return self.known - self.holders


@dataclass(frozen=True)
class Cell:
    """One cell: its market, what of it is ours, and what closing the gap would be worth."""

    dimension: str
    place: str
    value: str
    market: MarketCell
    ours: Ours  # within the user's reach
    bank: int  # of the whole bank, in this view
    view: str
    standing: Standing
    average: float | None  # of the whole bank in this dimension
    expected: float | None  # yuan a customer and year

    @property
    def count(self) -> int:
        """Ours in this view."""
        return self.ours.of(self.view)

    @property
    def penetration(self) -> float | None:
        """Ours over the market; unknown where nobody was counted."""
        return self.count / self.market.count if self.market.count else None

    @property
    def bank_penetration(self) -> float | None:
        """The whole bank's over the market: what the gap is measured with."""
        return self.bank / self.market.count if self.market.count else None

    @property
    def share_of_new(self) -> float | None:
        """Our new customers over new registrations, both of twelve months, where known."""
        new = self.market.new_count
        return self.ours.new_holders / new if new else None

    @property
    def index(self) -> float | None:
        """Yuan a year: (bank average - here) x market x contribution a customer (e.8)."""
        gap = self._gap()
        return None if gap is None or self.expected is None else gap * self.expected

    @property
    def is_worth(self) -> bool:
        """Whether it lies below the average and a customer there pays: two minuses are no gain."""
        return self.missing > 0 and (self.index or 0) > 0

    @property
    def missing(self) -> int:
        """Customers it would take to reach the bank's average."""
        return max(0, round(self._gap() or 0))

    def _gap(self) -> float | None:
        """Customers between the bank's average and what it has here; negative above it."""
        if self.average is None or self.bank_penetration is None:
            return None
        return (self.average - self.bank_penetration) * self.market.count


@dataclass(frozen=True)
class MarketGrid:
    """Penetration of one dimension: places down, values across."""

    dimension: str
    view: str
    places: list[tuple[str, Text]]
    values: list[tuple[str, Text]]
    cells: Mapping[Key, Cell]
    average: float | None
    counted_at: datetime | None
    as_of: date | None
    surveys: list[tuple[MarketSurvey, Standing]] = field(default_factory=list)
    is_current: bool = True  # else units changed since the count


class Market:
    """Everything the pages of one request read, each part once."""

    def __init__(self, *, user: User, today: date) -> None:
        self.user, self.today = user, today
        self.rules: Parameters = parameters(today)
        self.surveys = approved_surveys()
        self.mine = readable(self.surveys, user=user)
        self.markets: Markets = markets(self.mine)
        self.bank_markets: Markets = (
            self.markets if len(self.mine) == len(self.surveys) else markets(self.surveys)
        )
        stamp = MarketCount.objects.aggregate(at=Max("counted_at"), on=Max("as_of"))
        self.counted_at: datetime | None = stamp["at"]
        self.is_current = (
            self.counted_at is None
            or WHOLE_BANK in user.reach()
            or not units_changed_since(self.counted_at)
        )
        self.as_of: date | None = stamp["on"]

    def cells(self, dimension: str, view: str = "holders") -> list[Cell]:
        """Every surveyed cell of the dimension that the user may read.

        None when units changed since the count: whose customers were counted is not known then.
        """
        keys = [key for key in self.markets if key[0] == dimension and self.is_current]
        average, expected = self.average(dimension, view), self._expected(dimension)
        bank = self._bank_sums(dimension)
        return [
            Cell(
                dimension=dimension,
                place=place,
                value=value,
                market=self.markets[dimension, place, value],
                ours=self._ours.get((dimension, place, value), Ours()),
                bank=int(bank.get((place, value), {}).get(view, 0)),
                view=view,
                standing=self.standing_of(self.markets[dimension, place, value].survey),
                average=average,
                expected=expected.get(value, expected.get("")),
            )
            for _dimension, place, value in keys
        ]

    def standing_of(self, survey: MarketSurvey) -> Standing:
        """How far a survey can be relied on today."""
        return standing(survey, today=self.today, values=self.rules)

    def average(self, dimension: str, view: str) -> float | None:
        """The bank's customers over the bank's surveyed market, in this dimension."""
        market, ours = 0, 0.0
        sums = self._bank_sums(dimension)
        for key, cell in self.bank_markets.items():
            if key[0] == dimension:
                market += cell.count
                ours += sums.get(key[1:], {}).get(view, 0)
        return ours / market if market else None

    def _expected(self, dimension: str) -> dict[str, float]:
        """Contribution a customer and year by value; "" over all: bank-wide means."""
        totals: dict[str, tuple[float, float]] = {}
        for (_place, value), row in self._bank_sums(dimension).items():
            for name in (value, ""):
                money, count = totals.get(name, (0.0, 0.0))
                totals[name] = (money + row["money"], count + row["contributors"])
        return {name: money / count for name, (money, count) in totals.items() if count}

    def _bank_sums(self, dimension: str) -> dict[Key, dict[str, float]]:
        """The counts of the whole bank in the dimension; figures of no customer."""
        return self._bank.get(dimension, {})

    @cached_property
    def _bank(self) -> dict[str, dict[Key, dict[str, float]]]:
        rows = MarketCount.objects.values("dimension", "place", "value").annotate(
            holders=Sum("holders"),
            borrowers=Sum("borrowers"),
            money=Sum("contribution"),
            contributors=Sum("contributors"),
        )
        found: dict[str, dict[Key, dict[str, float]]] = {}
        for row in rows:
            key = (row["place"], row["value"])
            found.setdefault(row["dimension"], {})[key] = {
                name: row[name] for name in ("holders", "borrowers", "money", "contributors")
            }
        return found

    @cached_property
    def _ours(self) -> dict[tuple[str, str, str], Ours]:
        """Customers in reach by dimension, place and value."""
        rows = MarketCount.objects.visible_to(self.user).values("dimension", "place", "value")
        return {
            (row["dimension"], row["place"], row["value"]): Ours(**{n: row[n] for n in _SUMS})
            for row in rows.annotate(**{name: Sum(name) for name in _SUMS})
        }


def market_grid(*, market: Market, dimension: str, view: str) -> MarketGrid:
    """The heat map of one dimension; values and places nobody surveyed are left out."""
    cells = market.cells(dimension, view)
    seen = {cell.value for cell in cells}
    names = dict(DIMENSIONS[dimension].values) or value_names(dimension, seen)
    values = [(value, label) for value, label in names.items() if value in seen]
    values += [(value, value) for value in sorted(seen - set(names))]
    places = place_names({cell.place for cell in cells})
    used = {cell.market.survey.pk: cell.market.survey for cell in cells}
    return MarketGrid(
        dimension=dimension,
        view=view,
        places=sorted(places.items()),
        values=values,
        cells={(cell.place, cell.value): cell for cell in cells},
        average=market.average(dimension, view),
        counted_at=market.counted_at,
        as_of=market.as_of,
        surveys=[(survey, market.standing_of(survey)) for survey in used.values()],
        is_current=market.is_current,
    )


def top_cells(*, market: Market, dimensions: tuple[str, ...]) -> list[Cell]:
    """The cells where the gap to the bank's average is worth most, the best first."""
    cells = [cell for key in dimensions for cell in market.cells(key)]
    worth = [cell for cell in cells if cell.is_worth]
    worth.sort(key=lambda cell: (-(cell.index or 0), cell.dimension, cell.place, cell.value))
    return worth[: market.rules.number("market.top_cells")]


def place_names(codes: set[str]) -> dict[str, Text]:
    """Regions and territories by code, as people call them."""
    names: dict[str, Text] = dict(
        RegionCode.objects.filter(pk__in=codes).values_list("code", "name_zh")
    )
    rest = codes - set(names)
    if rest:
        names |= dict(Territory.objects.filter(code__in=rest).values_list("code", "name"))
    return {code: names.get(code, code) for code in codes}


WHICH = ("known", "holders", "borrowers", "new", "prospects")


def counted_on() -> date | None:
    """The day of the last count; None before the first."""
    found: date | None = MarketCount.objects.aggregate(on=Max("as_of"))["on"]
    return found


def cell_customers(
    *, user: User, dimension: str, place: str, value: str, which: str, as_of: date
) -> QuerySet[Customer]:
    """The customers in reach behind one number of a cell.

    ``which``: known, holders, borrowers, new (holders since a year before ``as_of``) or prospects
    (known, holding nothing). The same rule as the count, told as a filter.
    """
    rows: QuerySet[Customer] = Customer.objects.visible_to(user)
    spec = DIMENSIONS[dimension]
    rows = rows.filter(spec.narrow(value))
    if spec.is_territory:
        member = TerritoryMember.objects.filter(customer=OuterRef("pk"), territory__code=place)
        rows = rows.filter(Exists(member))
    else:
        rows = rows.filter(
            Q(region=place) | Q(region__parent=place) | Q(region__parent__parent=place)
        )
    if which == "holders":
        return rows.filter(HOLDS)
    if which == "borrowers":
        return rows.filter(BORROWS)
    if which == "new":
        is_leap_day = (as_of.month, as_of.day) == (2, 29)
        first = as_of.replace(year=as_of.year - 1, day=28 if is_leap_day else as_of.day)
        return rows.filter(HOLDS, customer_since__gt=first)
    return rows.exclude(HOLDS) if which == "prospects" else rows
