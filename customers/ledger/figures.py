"""Figures that follow from the seven categories, as plain functions (formulas: spec c).

Money in yuan, shares and margins as ratios, terms in days. Unknown input gives None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from customers.features.gap import Cycle

Number = float | Decimal
MONTHS_OF_A_YEAR = 12


# 1 risk against return
def break_even_rate(
    *,
    funds_rate: float,
    risk_cost: float,
    servicing_cost: float,
    balance: float | None,
    other_income: float = 0,
) -> float | None:
    """The loan rate at which the relation brings nothing.

    price of funds + (risk cost + servicing cost - other income) / balance; with ``other_income``
    0 the loan must carry itself.
    """
    if not balance or balance <= 0:
        return None
    return funds_rate + (risk_cost + servicing_cost - other_income) / balance


# 2 chain
@dataclass(frozen=True)
class Concentration:
    """Shares of the largest and of the five largest counterparties, and the sum of squares.

    ``whole``: the part of the side that the shares cover; with amounts it is 1.
    """

    top1: float
    top5: float
    hhi: float
    whole: float
    count: int


def concentration(
    amounts: Iterable[Number | None], shares: Iterable[Number | None]
) -> Concentration | None:
    """From the shares told where they are as many as the yearly amounts, else from the amounts.

    One amount alone says nothing of the others: None. HHI = sum of squared shares, between 1 / n
    and 1 for amounts. Shares told may leave a rest: then HHI is the least it can be, the rest
    counted as nothing.
    """
    known = sorted((float(one) for one in amounts if one is not None and one > 0), reverse=True)
    told = sorted((float(one) for one in shares if one is not None and one > 0), reverse=True)
    if told and len(told) >= len(known):
        parts, whole = told, sum(told)
        if whole > 1:
            parts, whole = [part / whole for part in told], 1.0
    elif len(known) > 1:
        total = sum(known)
        parts, whole = [one / total for one in known], 1.0
    else:
        return None
    squares = sum(part * part for part in parts)
    return Concentration(parts[0], sum(parts[:5]), squares, whole, len(parts))


# 3 purchase and settlement
@dataclass(frozen=True)
class Way:
    """One manner of settlement: share of its direction, days, through whom."""

    direction: str
    mode: str
    share: Number
    term_days: int
    bank: str


def term_days(ways: Sequence[Way], direction: str) -> float | None:
    """Mean days of credit of a direction, by share."""
    mine = [way for way in ways if way.direction == direction]
    whole = sum(float(way.share) for way in mine)
    if not whole:
        return None
    return sum(float(way.share) * way.term_days for way in mine) / whole


def share_of(
    ways: Sequence[Way], direction: str, *, mode: str = "", bank: str = ""
) -> float | None:
    """The share of a direction that goes in one manner, or through one bank."""
    mine = [way for way in ways if way.direction == direction]
    whole = sum(float(way.share) for way in mine)
    if not whole:
        return None
    chosen = [way for way in mine if mode in ("", way.mode) and bank in ("", way.bank)]
    return sum(float(way.share) for way in chosen) / whole


def cash_cycle(
    *,
    inventory: Number | None,
    receivable: Number | None,
    payable: Number | None,
    prepaid: Number | None = None,
    advance: Number | None = None,
) -> float | None:
    """Days from paying for goods to being paid: stock + receivable - payable + prepaid - advance.

    Prepayments and advances not told count as none; the other three are needed.
    """
    if inventory is None or receivable is None or payable is None:
        return None
    cycle = Cycle(
        *(
            Decimal(str(days))
            for days in (inventory, receivable, payable, prepaid or 0, advance or 0)
        )
    )
    return float(cycle.days)


# 4 steadiness of sales
def stability_grade(variation: float | None, bounds: Sequence[Number]) -> str:
    """A up to the first bound, B up to the second, C up to the third, else D; empty: unknown."""
    if variation is None:
        return ""
    place = sum(variation > float(bound) for bound in bounds)
    return "ABCD"[place]


def trade_score(risk_level: int | None, stance: str) -> int | None:
    """0 to 100: 100 for level 1, 0 for level 5; the bank's stance moves it by 15, exit sets 0."""
    if risk_level is None:
        return None
    if stance == "exit":
        return 0
    moved = {"encourage": 15, "limit": -15}.get(stance, 0)
    return min(max(100 - 25 * (risk_level - 1) + moved, 0), 100)


# 5 cost
def break_even_revenue(fixed_cost: Number | None, margin: Number | None) -> float | None:
    """Revenue a month that pays the fixed cost: fixed / gross margin; none at no margin."""
    if fixed_cost is None or margin is None or margin <= 0:
        return None
    return float(fixed_cost) / float(margin)


def cash_runway(
    *, cash: Number | None, unused_line: Number | None, fixed_cost: Number | None
) -> float | None:
    """Months that cash and the unused line pay the fixed cost; an unknown line counts as none."""
    if cash is None or not fixed_cost or fixed_cost <= 0:
        return None
    return (float(cash) + float(unused_line or 0)) / float(fixed_cost)


def whole_of(shares: Iterable[Number | None]) -> Decimal | None:
    """The sum of the shares told, exactly; None when none was."""
    known = [Decimal(str(share)) for share in shares if share is not None]
    return sum(known, Decimal(0)) if known else None


# 7 consumers
def repeat_index(
    *, receipts_a_month: Number | None, payers_a_month: Number | None, repeat_rate: Number | None
) -> float | None:
    """Purchases a buyer: receipts / payers of a month; else, as told, 1 / (1 - repeat rate)."""
    if receipts_a_month and payers_a_month:
        return float(receipts_a_month) / float(payers_a_month)
    if repeat_rate is None or repeat_rate >= 1:
        return None
    return 1 / (1 - float(repeat_rate))


def year_shares(months: Sequence[tuple[int, float]]) -> tuple[float, ...] | None:
    """Share of the year of January to December, each the mean of its months; sums to 1.

    ``months`` are (month number, value) of whole months; every calendar month is needed once.
    """
    sums: dict[int, list[float]] = {}
    for ym, value in months:
        sums.setdefault(ym % MONTHS_OF_A_YEAR, []).append(max(value, 0))
    if len(sums) < MONTHS_OF_A_YEAR:
        return None
    means = [sum(sums[month]) / len(sums[month]) for month in range(MONTHS_OF_A_YEAR)]
    total = sum(means)
    return tuple(mean / total for mean in means) if total > 0 else None


def extremes(months: Sequence[tuple[int, float]]) -> tuple[int, int] | None:
    """The calendar months (1 to 12) with the highest and the lowest mean; None without a year."""
    sums: dict[int, list[float]] = {}
    for ym, value in months:
        sums.setdefault(ym % MONTHS_OF_A_YEAR + 1, []).append(value)
    if len(sums) < MONTHS_OF_A_YEAR:
        return None
    means = {month: sum(values) / len(values) for month, values in sums.items()}
    return max(means, key=lambda m: (means[m], -m)), min(means, key=lambda m: (means[m], m))
