"""The rate inside a row of monthly amounts, found in Decimal by a bracket that cannot be left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

from django.utils.translation import gettext as _

from products.finance.terms import EXACT, MONTHS_A_YEAR

RATE_PLACES = Decimal("1e-10")  # of the yearly rate that is returned
CLOSE = Decimal("1e-16")  # of the monthly rate, while it is sought
LOWEST = Decimal("-0.99")
HIGHEST = Decimal(1000)
STEPS = 400


class NoRate(ValueError):
    """These amounts have no yearly rate; the message is a sentence that says why."""


def present_value(flows: Sequence[Decimal], monthly_rate: Decimal) -> Decimal:
    """The worth today of ``flows[k]`` in k months: sum of flows[k] / (1 + i)^k."""
    with localcontext(EXACT):
        return _worth(flows, 1 / (1 + monthly_rate))


def all_in_yearly_cost(flows: Sequence[Decimal]) -> Decimal:
    """12 x the monthly internal rate of ``flows``, as a yearly share with ten decimals.

    ``flows[k]`` is what the borrower gets (+) or pays (-) ``k`` months after the first day, in
    yuan: the amount less fees first, then payments with their fees (spec d.2: 12 x IRR of flows).
    A loan changes sign once, so there is exactly one such rate above -100 %.

    NoRate where there is none: no money comes in or none goes out, or the rate would lie below
    -99 % or above 100,000 % a month.
    """
    if not any(flow > 0 for flow in flows) or not any(flow < 0 for flow in flows):
        raise NoRate(
            _("There is no yearly cost: money must come in and go out, and one of them does not.")
        )
    with localcontext(EXACT):
        return (_monthly_rate(flows) * MONTHS_A_YEAR).quantize(RATE_PLACES)


def _worth(flows: Sequence[Decimal], factor: Decimal) -> Decimal:
    total = Decimal(0)
    for flow in reversed(flows):
        total = total * factor + flow
    return total


def _monthly_rate(flows: Sequence[Decimal]) -> Decimal:
    """The zero of the present value inside a bracket: false position, halved where it stalls."""

    def worth(rate: Decimal) -> Decimal:
        return _worth(flows, 1 / (1 + rate))

    low, high, at_low, at_high = _bracket(worth)
    side = 0
    for step in range(STEPS):
        if high - low <= CLOSE:
            break
        middle = (low + high) / 2
        if step % 4 != 3:  # every fourth step halves the bracket, whatever the curve does
            guess = (low * at_high - high * at_low) / (at_high - at_low)
            middle = guess if low < guess < high else middle
        value = worth(middle)
        if value == 0:
            return middle
        if (value > 0) == (at_low > 0):
            low, at_low = middle, value
            at_high = at_high / 2 if side == -1 else at_high
            side = -1
        else:
            high, at_high = middle, value
            at_low = at_low / 2 if side == 1 else at_low
            side = 1
    return (low + high) / 2


def _bracket(
    worth: Callable[[Decimal], Decimal],
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Two rates between which the worth changes its sign, the nearest to zero."""
    low, high = Decimal(0), Decimal("0.01")
    at_low, at_high = worth(low), worth(high)
    while (at_low > 0) == (at_high > 0):
        if high >= HIGHEST and low <= LOWEST:
            raise NoRate(_("There is no yearly cost between -99 % and 100,000 % a month."))
        if high < HIGHEST:
            high = min(high * 2, HIGHEST)
            at_high = worth(high)
        if (at_low > 0) == (at_high > 0) and low > LOWEST:
            low = max(low * 2 - Decimal("0.01"), LOWEST)
            at_low = worth(low)
    return low, high, at_low, at_high
