"""Which weighted features of a portrait are missing, in the order in which to ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import Parameters
from crm.core.words import Text
from customers.features.catalogue import weighted_features
from customers.features.quality import weight_key
from customers.features.spec import Dimension, FeatureSpec

BUSINESSES = frozenset({"company", "partnership_sole_prop", "sole_trader", "coop"})
FARM = "farm_household"
PUBLIC_TRADES = frozenset({"52", "61", "62"})
GATE_TOTAL, GATE_EACH = 70, 50  # POR-2

QUESTIONS: Mapping[str, Text] = {
    "B01": _("What capital is registered?"),
    "B02": _("How much of the capital is paid in?"),
    "B03": _("How many people work here now, helpers included?"),
    "B04": _("When did the business really begin?"),
    "B05": _("What does the firm live on, in one sentence?"),
    "B06": _("What were sales in the last twelve months?"),
    "B07": _("What are stock, equipment and receivables worth together?"),
    "B08": _("Are the premises owned or rented, how large, until when?"),
    "B09": _("How long has the owner been in this trade, and who of the family helps?"),
    "B10": _("What kind of party is it, and which titles does it hold?"),
    "B11": _("Where is the business run?"),
    "B12": _("Who decides, on which number, at which address?"),
    "H06": _("Was the last instalment paid in full, and when?"),
    "H03": _("Is the credit line in use?"),
    "H07": _("Which bank do the receipts go to, and why not to us?"),
    "H08": _("How do receipts compare with the same months a year ago?"),
    "H09": _("Which months are strong and which are weak?"),
    "H10": _("Where does the firm keep its cash?"),
    "H11": _("How do customers pay: cash, QR code, card, transfer?"),
    "H12": _("How are wages paid, to how many, on which day?"),
    "H13": _("Does anybody here use our mobile bank?"),
    "N01": _("How much money would be needed, if any?"),
    "N02": _("For how many months, and for what?"),
    "N03": _("How soon would the money have to be there?"),
    "N04": _("A lower rate, or money a week earlier: which one?"),
    "N05": _("What could be pledged, and who would stand surety?"),
    "N06": _("In which months is it easy to repay?"),
    "N07": _("How may we reach you best?"),
    "N08": _("When is the next large payment due?"),
    "N09": _("What else would make the daily work easier?"),
    "N10": _("Which other bank lends here, how much, at which rate, until when?"),
    "N11": _("Advice, speed, or a meeting: what matters most?"),
    "C01": _("A score needs a bureau summary and yearly figures: may we have both?"),
    "C02": _("May we query the credit bureau (signed consent)?"),
    "C03": _("May we query the credit bureau (signed consent)?"),
    "C04": _("What is owed in all, to banks, suppliers and friends?"),
    "C05": _("What is left a month after all costs, before loan payments?"),
    "C06": _("For whom does the firm or the owner stand surety?"),
    "C07": _("Which grade did the tax office give last?"),
    "C08": _("Look up court and register records today."),
    "C09": _("Sales and margin would show the place in the trade."),
    "C10": _("Which of the told figures can be proved on paper?"),
    "C11": _("What is the collateral worth by a recent valuation?"),
}


@dataclass(frozen=True)
class Missing:
    """A feature without a value that counts, and how to ask for it."""

    feature: FeatureSpec
    weight: float

    @property
    def question(self) -> Text:
        """What to ask at the next visit."""
        return QUESTIONS.get(self.feature.code, self.feature.label)


@dataclass(frozen=True)
class Gate:
    """POR-2: whether the data is complete enough for a credit application."""

    is_open: bool
    low: tuple[str, ...]  # dimensions below their bound


def weight_of(feature: FeatureSpec, snapshot: Parameters) -> float:
    """The weight in force: the parameter, else that of the feature."""
    return float(snapshot.values.get(weight_key(feature), feature.weight))


def is_asked(feature: FeatureSpec, portrait: Any, snapshot: Parameters) -> bool:
    """Whether the feature applies to this customer: what does not apply is not missing."""
    return _APPLIES[feature.applies](_Known(portrait, snapshot))


def missing_features(portrait: Any, snapshot: Parameters) -> list[Missing]:
    """Missing features that apply, the heaviest first."""
    found = [
        Missing(feature, weight_of(feature, snapshot))
        for feature in weighted_features()
        if getattr(portrait, feature.key) is None and is_asked(feature, portrait, snapshot)
    ]
    return sorted(found, key=lambda item: (-item.weight, item.feature.code))


def gate_of(portrait: Any) -> Gate:
    """Total of 70 and 50 in every dimension, or which of them are too low."""
    low = tuple(
        str(dimension)
        for dimension in Dimension
        if (getattr(portrait, f"completeness_{dimension}") or 0) < GATE_EACH
    )
    return Gate(not low and (portrait.completeness or 0) >= GATE_TOTAL, low)


@dataclass(frozen=True)
class _Known:
    portrait: Any
    snapshot: Parameters

    @property
    def party(self) -> str:
        return self.portrait.party_type or ""

    @property
    def is_business(self) -> bool:
        return self.party in BUSINESSES or self.party == FARM

    @property
    def is_holder(self) -> bool:
        return self.portrait.families_held is not None

    @property
    def has_line(self) -> bool:
        return self.portrait.line_on is not None or self.portrait.limit_amount is not None

    @property
    def has_loan(self) -> bool:
        still_due = self.portrait.loan_matures_next_on is not None
        return (self.portrait.loan_balance or 0) > 0 or still_due

    @property
    def sells_to_the_public(self) -> bool:
        return (self.portrait.industry_code or "")[:2] in PUBLIC_TRADES

    @property
    def has_heads(self) -> bool:
        bound = float(self.snapshot.values.get("portrait.payroll_heads", "inf"))
        return (self.portrait.employees or 0) >= bound


# What ``applies`` says, for a feature that has no value. Where the value is missing exactly when
# the condition is false (nothing was due, nothing was repaid), the answer is no.
_APPLIES: dict[str, Callable[[_Known], bool]] = {
    "true": lambda known: True,
    "is_business": lambda known: known.is_business,
    "is_sized": lambda known: known.party in BUSINESSES,
    "is_holder": lambda known: known.is_holder,
    "has_line": lambda known: known.has_line,
    "has_loan": lambda known: known.has_loan,
    "has_due": lambda known: known.portrait.on_time_share_24m is not None,
    "has_invoices": lambda known: known.portrait.invoices_12m is not None,
    "applied_24m > 0": lambda known: False,
    "repaid_24m > 0": lambda known: False,
    "is_holding_business AND (sells_to_the_public OR acquired_last_ym IS NOT NULL)": (
        lambda known: (
            known.is_business
            and known.is_holder
            and (known.sells_to_the_public or known.portrait.acquiring_on is not None)
        )
    ),
    "is_holding_business AND (employees >= {portrait.payroll_heads} "
    "OR payroll_last_ym IS NOT NULL)": (
        lambda known: (
            known.is_business
            and known.is_holder
            and (known.has_heads or known.portrait.payroll_on is not None)
        )
    ),
}
