"""What a customer will need in 90 days, as the portrait forecasts it (spec b.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.core.words import Text
from customers.features.demand import MODEL_VERSION, NEEDS, Need
from customers.selectors.portrait_reasons import Tell, Told, reasons


@dataclass(frozen=True)
class Forecast:
    """One need: how likely, how much, when, and why."""

    need: Need
    chance: float
    low: Decimal | None
    high: Decimal | None
    on: date | None
    is_suppressed: bool
    reasons: list[Told]
    model_version: str = MODEL_VERSION

    @property
    def label(self) -> Text:
        """The need in words."""
        return self.need.label

    @property
    def answer(self) -> Text:
        """The usual product for it."""
        return self.need.answer


def demand_forecasts(portrait: Any, *, tell: Tell | None = None) -> list[Forecast]:
    """The needs of the portrait's stage, likeliest first; a suppressed one is shown, not pushed."""
    found = []
    for need in NEEDS:
        chance = getattr(portrait, f"p_{need.key}")
        if chance is not None:
            found.append(_forecast(portrait, need, chance, tell))
    return sorted(found, key=lambda item: (item.is_suppressed, -item.chance))


def _forecast(portrait: Any, need: Need, chance: float, tell: Tell | None) -> Forecast:
    low, high = _amounts(portrait, need)
    return Forecast(
        need=need,
        chance=chance,
        low=low,
        high=high,
        on=portrait.need_on if need.is_credit else None,
        is_suppressed=need.is_credit and bool(portrait.is_credit_suppressed),
        reasons=reasons(portrait, f"p_{need.key}", tell=tell),
    )


def _amounts(portrait: Any, need: Need) -> tuple[Decimal | None, Decimal | None]:
    """From and to; equipment is lent on by its price, cards and services have no amount."""
    if need.key == "equipment_loan":
        return portrait.equipment_sum, portrait.equipment_sum
    if not need.is_credit or need.key == "credit_card":
        return None, None
    return portrait.need_low, portrait.need_high
