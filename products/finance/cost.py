"""What an offer costs all in: schedule and fees as monthly flows, and the rate inside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Any

from products.finance.schedule import ZERO, Row, schedule
from products.finance.terms import EXACT, MAX_RATE, MONTHS_A_YEAR, fen
from products.finance.yields import all_in_yearly_cost, present_value

RATE_STEP = Decimal("1e-9")


@dataclass(frozen=True)
class Fee:
    """One fee: a sum in yuan or a share of the amount; ``timing`` as ``FeeItem.Timing``.

    upfront: on the first day · monthly: with every payment · yearly: at the start of each year
    (months 0, 12, 24 …) · use: per use, which no schedule can know: left out.
    """

    timing: str
    sum_amount: Decimal | None = None
    share: Decimal | None = None
    name: str = ""

    def of(self, amount: Decimal) -> Decimal:
        """Yuan each time it is charged."""
        return fen(self.sum_amount if self.sum_amount is not None else amount * (self.share or 0))

    def months(self, term: int) -> range:
        """The months in which it is charged; 0 is the first day."""
        match self.timing:
            case "upfront":
                return range(1)
            case "monthly":
                return range(1, term + 1)
            case "yearly":
                return range(0, term, MONTHS_A_YEAR)
        return range(0)


@dataclass(frozen=True)
class OfferCost:
    """The rows, the fee of each month (index 0 is the first day), and what follows from them."""

    amount: Decimal
    yearly_rate: Decimal
    rows: tuple[Row, ...]
    fees: tuple[Decimal, ...]

    @property
    def flows(self) -> tuple[Decimal, ...]:
        """What the borrower gets (+) and pays (-), month by month."""
        paid = (-row.payment - fee for row, fee in zip(self.rows, self.fees[1:], strict=True))
        return (self.principal - self.fees[0], *paid)

    @cached_property
    def all_in(self) -> Decimal:
        """All-in yearly cost: 12 x the internal rate of the flows; NoRate where there is none."""
        return all_in_yearly_cost(self.flows)

    @property
    def principal(self) -> Decimal:
        """Principal of all rows: what was drawn."""
        return sum((row.principal for row in self.rows), ZERO)

    @property
    def paid(self) -> Decimal:
        """All payments, without fees."""
        return sum((row.payment for row in self.rows), ZERO)

    @property
    def interest(self) -> Decimal:
        """Interest of all rows."""
        return sum((row.interest for row in self.rows), ZERO)

    @property
    def fee(self) -> Decimal:
        """Fees of all months."""
        return sum(self.fees, ZERO)

    @property
    def cost(self) -> Decimal:
        """Interest and fees together."""
        return self.interest + self.fee

    @property
    def peak(self) -> Row:
        """The first of the largest payments."""
        return max(self.rows, key=lambda row: row.payment)

    @property
    def mean_balance(self) -> Decimal:
        """The average balance over the term, to the fen."""
        befores = [row.balance + row.principal for row in self.rows]
        return fen(sum(befores, ZERO) / len(befores))


def offer_cost(
    *,
    mode: str,
    amount: Decimal,
    yearly_rate: Decimal,
    months: int,
    first_due: date,
    fees: Sequence[Fee] = (),
    **terms: Any,
) -> OfferCost:
    """The cost of one offer for one case; ``terms`` are the further keywords of ``schedule``.

    BadTerms for terms that cannot be calculated.
    """
    rows = schedule(mode, amount, yearly_rate, months, first_due, **terms)
    by_month = [ZERO] * (months + 1)
    for item in fees:
        each = item.of(amount)
        for month in item.months(months):
            by_month[month] += each
    return OfferCost(amount, yearly_rate, tuple(rows), tuple(by_month))


def break_even_rate(
    target: Decimal,
    *,
    mode: str,
    amount: Decimal,
    months: int,
    first_due: date,
    fees: Sequence[Fee] = (),
    **terms: Any,
) -> Decimal | None:
    """The yearly rate at which this offer, fees included, costs ``target`` all in.

    None where even a rate of zero costs more. The worth of the flows at the target's own monthly
    rate is zero exactly there and falls with the rate, so halving finds it.
    """
    discount = target / MONTHS_A_YEAR

    def worth(rate: Decimal) -> Decimal:
        cost = offer_cost(
            mode=mode,
            amount=amount,
            yearly_rate=rate,
            months=months,
            first_due=first_due,
            fees=fees,
            **terms,
        )
        return present_value(cost.flows, discount)

    low, high = Decimal(0), min(max(target, RATE_STEP) * 2, MAX_RATE)
    with localcontext(EXACT):
        if worth(low) < 0:
            return None
        while worth(high) > 0:
            if high == MAX_RATE:
                return None
            high = min(high * 2, MAX_RATE)
        while high - low > RATE_STEP:
            middle = (low + high) / 2
            low, high = (middle, high) if worth(middle) >= 0 else (low, middle)
        return low.quantize(Decimal("1e-6"))


def yearly_saving(ours: Decimal, theirs: Decimal, mean_balance: Decimal) -> Decimal:
    """Yuan a year saved with us: the gap of all-in costs on the balance owed on average.

    For interest first the average balance is the amount: 800,000 at 4.42 % against 4.86 % saves
    3,520 a year. Below zero they are cheaper.
    """
    return fen((theirs - ours) * mean_balance)
