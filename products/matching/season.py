"""When a credit falls due, against the strong months of a trade (d.4, repayment fit)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from products.finance.schedule import schedule
from products.finance.terms import BadTerms

AMOUNT, RATE = Decimal(120_000), Decimal("0.04")  # shares hardly depend on either
YEAR = 12
EVEN = 1 / YEAR


def strong_months(season: Sequence[float]) -> frozenset[int]:
    """Months of the year, 1 to 12, that sell at least the average."""
    return frozenset(no for no, weight in enumerate(season, start=1) if weight >= EVEN - 1e-9)


@lru_cache(maxsize=4096)
def due_by_month(
    mode: str, months: int, first_due: date, season_months: tuple[int, ...]
) -> tuple[float, ...]:
    """The share of all due amounts in each month of the year, January first; 0 for no schedule."""
    try:
        rows = schedule(mode, AMOUNT, RATE, months, first_due, season_months=season_months)
    except BadTerms:  # a season that lies outside the term: this mode cannot be used
        return (0.0,) * YEAR
    sums = [Decimal(0)] * YEAR
    for row in rows:
        sums[row.due_on.month - 1] += row.payment
    whole = sum(sums)
    return tuple(float(amount / whole) for amount in sums)


def due_share(
    modes: Iterable[str],
    months: int,
    start_month: int,
    season: Sequence[float],
    season_months: Sequence[int],
) -> float:
    """Share of due amounts in strong months, under the mode that suits best; to 4 places.

    A revolving credit is repaid at will, so when the season allows: 1. A seasonal one without
    months of its own is due in the strong months of the trade.
    """
    strong = strong_months(season)
    shares = []
    for mode in modes:
        if mode == "revolving":
            shares.append(1.0)
            continue
        due = tuple(season_months) or tuple(sorted(strong))
        own = due if mode == "seasonal" else ()
        spread = due_by_month(mode, months, _first_due(start_month), own)
        shares.append(sum(share for no, share in enumerate(spread, start=1) if no in strong))
    return round(max(shares, default=0.0), 4)


def _first_due(start_month: int) -> date:
    """A month after the start; the year is of no matter."""
    return date(2001, start_month, 15)


def due_shares(
    plans: Mapping[str, tuple[Sequence[str], int, Sequence[int]]],
    seasons: Mapping[str, Sequence[float]],
    start_month: int,
) -> dict[str, dict[str, float]]:
    """By trade and due key: the share that falls into strong months when drawn in this month."""
    first = start_month % YEAR + 1
    return {
        trade: {
            key: due_share(modes, months, first, season, season_months)
            for key, (modes, months, season_months) in sorted(plans.items())
        }
        for trade, season in sorted(seasons.items())
    }
