"""One case (amount, term, days) put through offers and modes, to set them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from products.finance.cost import Fee, OfferCost, break_even_rate, offer_cost
from products.finance.terms import BadTerms, Season
from products.finance.yields import NoRate

NONE = Decimal(0)
ALL = Decimal(1)


@dataclass(frozen=True)
class Case:
    """What is asked for; the last four are read by the modes that know them (``schedule``)."""

    amount: Decimal
    months: int
    first_due: date
    season_months: Season = ()
    yearly_principal_share: Decimal = NONE
    use_share: Decimal = ALL
    monthly_interest: bool = False

    def cost(self, mode: str, yearly_rate: Decimal, fees: Sequence[Fee] = ()) -> OfferCost:
        """The cost of an offer for this case; BadTerms where it cannot be calculated."""
        return offer_cost(mode=mode, yearly_rate=yearly_rate, fees=fees, **self._terms())

    def break_even(self, target: Decimal, mode: str, fees: Sequence[Fee] = ()) -> Decimal | None:
        """The yearly rate at which it costs ``target`` all in; None where fees alone cost more."""
        return break_even_rate(target, mode=mode, fees=fees, **self._terms())

    def _terms(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self)}


@dataclass(frozen=True)
class Side:
    """One mode of repayment for the case: its cost, or why it has none."""

    mode: str
    cost: OfferCost | None = None
    all_in: Decimal | None = None
    problem: str = ""


def side_by_side(
    case: Case, yearly_rate: Decimal, fees: Sequence[Fee], modes: Iterable[str]
) -> list[Side]:
    """Every mode at the same rate and fees, in the order given."""
    return [one_side(case, mode, yearly_rate, fees) for mode in modes]


def one_side(case: Case, mode: str, yearly_rate: Decimal, fees: Sequence[Fee] = ()) -> Side:
    """The cost of one mode, or the sentence that says why there is none."""
    try:
        cost = case.cost(mode, yearly_rate, fees)
        return Side(mode, cost, cost.all_in)
    except (BadTerms, NoRate) as error:
        return Side(mode, problem=str(error))
