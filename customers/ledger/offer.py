"""A proposal for QR offers from how consumers buy (spec c.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.declared_ledger import DAYS, HOURS

Sentence = tuple[Text, dict[str, Any]]
THRESHOLD, OFF = 1.3, 0.08  # spend 30 % more than usual, 8 % of it off
RARELY, PREPAID_MUCH = 1.5, 0.2


@dataclass(frozen=True)
class Consumers:
    """What is known of how the firm's own customers buy."""

    basket: float | None = None
    repeat: float | None = None  # purchases a buyer
    peak_hours: Sequence[str] = ()
    peak_days: Sequence[str] = ()
    delivery: float | None = None
    prepaid: float | None = None


def _round_to(amount: float) -> int:
    """A price people remember: whole yuan, from 50 on whole tens."""
    return max(round(amount), 1) if amount < 50 else round(amount / 10) * 10


def offers(consumers: Consumers) -> list[Sentence]:
    """Sentences with their figures, at most four; nothing without a basket value."""
    if not consumers.basket or consumers.basket <= 0:
        return []
    spend = _round_to(consumers.basket * THRESHOLD)
    off = max(round(spend * OFF), 1)
    found: list[Sentence] = [
        (
            _("Spend %(spend)s yuan, %(off)s off when paid by our code: the basket is %(basket)s."),
            {"spend": spend, "off": off, "basket": round(consumers.basket)},
        )
    ]
    quiet = [label for code, label in HOURS if code not in consumers.peak_hours]
    if consumers.peak_hours and quiet:
        found.append((_("Only outside the peak: %(hours)s."), {"hours": quiet[1:4] or quiet}))
    elif consumers.peak_days:
        calm = [label for code, label in DAYS if code not in consumers.peak_days][:3]
        found.append((_("Only on calm days: %(hours)s."), {"hours": calm}))
    if consumers.repeat is not None and consumers.repeat < RARELY:
        found.append((_("A coupon for the second purchase within 14 days: few come again."), {}))
    elif consumers.repeat is not None:
        found.append((_("Every tenth purchase free by stamp card: most come again."), {}))
    if consumers.prepaid is not None and consumers.prepaid > PREPAID_MUCH:
        found.append(
            (_("No new stored-value offers: %(share)s %% of sales are prepaid already."),
             {"share": round(consumers.prepaid * 100)})
        )  # fmt: skip
    return found
