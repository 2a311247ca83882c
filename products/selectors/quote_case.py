"""What a quote is worked out from: its lines, the bundle's price effect, the planning prices.

A case holds all that the figures depend on and nothing else, so that a stored quote can be worked
out again to the last digit. It travels as JSON with every Decimal as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from customers.models import CREDIT_FAMILIES, ProductFamily
from products.finance import Fee
from products.selectors.economics import Planning

FOREVER_APART = frozenset({ProductFamily.INSURANCE})  # insurance is never a loan condition


@dataclass(frozen=True)
class Line:
    """One item with its terms. ``rate`` is the price without the bundle, within the version."""

    seq: int
    family: str
    version_id: int | None = None  # None: a service that is not of the catalogue
    code: str = ""
    no: int = 0
    name_zh: str = ""
    name_en: str = ""
    role: str = "support"
    is_taken: bool = True
    amount: Decimal = Decimal(0)  # of a loan; a year's volume or balance of anything else
    months: int = 12
    mode: str = ""
    rate: Decimal = Decimal(0)
    floor: Decimal = Decimal(0)  # the lowest rate of the version
    season_months: tuple[int, ...] = ()
    yearly_share: Decimal = Decimal(0)  # of the principal, repaid at each year end
    fees: tuple[Fee, ...] = ()
    risk_weight: Decimal | None = None
    replaces_old: bool = False  # the new loan settles the old one
    counts: bool = False  # whether taking it may count for the price
    outcome: str = ""  # y, n, ? of the hard rules

    @property
    def name(self) -> str:
        """What it is called in the language at hand."""
        is_english = (get_language() or "").startswith("en")
        return (self.name_en or self.name_zh) if is_english else self.name_zh

    @property
    def is_credit(self) -> bool:
        """Whether it is a form of credit."""
        return self.family in CREDIT_FAMILIES

    @property
    def is_loan(self) -> bool:
        """Whether it is lent and repaid by a schedule; a card has a tariff instead."""
        return self.is_credit and bool(self.mode)

    @property
    def is_insurance(self) -> bool:
        """Whether it is insurance: premiums, never a condition."""
        return self.family == ProductFamily.INSURANCE

    def to_data(self) -> dict[str, Any]:
        """The line as plain JSON."""
        data = {one.name: getattr(self, one.name) for one in fields(self)}
        return data | {
            "amount": str(self.amount),
            "rate": str(self.rate),
            "floor": str(self.floor),
            "risk_weight": None if self.risk_weight is None else str(self.risk_weight),
            "season_months": list(self.season_months),
            "yearly_share": str(self.yearly_share),
            "fees": [_fee_data(fee) for fee in self.fees],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Line:
        """What ``to_data`` wrote; further keys (figures) are left out."""
        known = {one.name: data[one.name] for one in fields(cls) if one.name in data}
        weight = data.get("risk_weight")
        return cls(
            **known
            | {
                "amount": Decimal(data["amount"]),
                "rate": Decimal(data["rate"]),
                "floor": Decimal(data["floor"]),
                "risk_weight": None if weight is None else Decimal(weight),
                "season_months": tuple(data["season_months"]),
                "yearly_share": Decimal(data.get("yearly_share", "0")),
                "fees": tuple(_fee_of(fee) for fee in data["fees"]),
            }
        )


@dataclass(frozen=True)
class Before:
    """What the relation is worth now, a year; None where nobody knows."""

    contribution: Decimal | None = None
    spread: Decimal = Decimal(0)
    risk: Decimal = Decimal(0)
    loans: Decimal = Decimal(0)

    def to_data(self) -> dict[str, str | None]:
        """The figures as text."""
        told = self.contribution
        return {
            "contribution": None if told is None else str(told),
            "spread": str(self.spread),
            "risk": str(self.risk),
            "loans": str(self.loans),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, str | None]) -> Before:
        """What ``to_data`` wrote."""
        told = data["contribution"]
        rest = {key: Decimal(data[key] or 0) for key in ("spread", "risk", "loans")}
        return cls(contribution=None if told is None else Decimal(told), **rest)


@dataclass(frozen=True)
class QuoteCase:
    """Everything that the figures of a quote depend on."""

    as_of: date
    first_due: date
    lines: tuple[Line, ...]
    planning: Planning
    pd: Decimal
    before: Before = Before()
    discount_bp: int = 0
    fee_discount: Decimal = Decimal(0)

    def to_data(self) -> dict[str, Any]:
        """The case as plain JSON, without its lines."""
        return {
            "as_of": self.as_of.isoformat(),
            "first_due": self.first_due.isoformat(),
            "planning": self.planning.to_data(),
            "pd": str(self.pd),
            "before": self.before.to_data(),
            "discount_bp": self.discount_bp,
            "fee_discount": str(self.fee_discount),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> QuoteCase:
        """What ``to_data`` and the lines' own wrote."""
        return cls(
            as_of=date.fromisoformat(data["as_of"]),
            first_due=date.fromisoformat(data["first_due"]),
            lines=tuple(Line.from_data(line) for line in lines),
            planning=Planning.from_data(data["planning"]),
            pd=Decimal(data["pd"]),
            before=Before.from_data(data["before"]),
            discount_bp=int(data["discount_bp"]),
            fee_discount=Decimal(data["fee_discount"]),
        )


def _fee_data(fee: Fee) -> dict[str, str | None]:
    return {
        "name": fee.name,
        "timing": fee.timing,
        "sum_amount": None if fee.sum_amount is None else str(fee.sum_amount),
        "share": None if fee.share is None else str(fee.share),
    }


def _fee_of(data: Mapping[str, str | None]) -> Fee:
    total, share = data["sum_amount"], data["share"]
    return Fee(
        timing=str(data["timing"]),
        sum_amount=None if total is None else Decimal(total),
        share=None if share is None else Decimal(share),
        name=str(data["name"] or ""),
    )
