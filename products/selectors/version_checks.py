"""What stands in the way of a version: impossible terms, missing elements, and who must agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.core.parameters import parameters
from crm.core.words import Text
from customers.models import ProductFamily
from products.models import ProductVersion, VersionDecision
from products.models.terms import AmountFormula, GuaranteeMode, RateBase
from products.selectors.terms import COLLATERAL, bp_text, joined, lpr_on
from products.selectors.version_words import CODED

Role = VersionDecision.Role
FLOOR = "products.rate_floor_bp"
PAIRS = (
    ("amount_min", "amount_max"),
    ("term_min_months", "term_max_months"),
    ("spread_min_bp", "spread_max_bp"),
)
FACTORED = {AmountFormula.REVENUE, AmountFormula.COLLATERAL, AmountFormula.ORDER}
NEVER_NEGATIVE = (
    "amount_min", "amount_max", "amount_factor", "fixed_rate", "yearly_principal_share",
    "risk_weight",
)  # fmt: skip
FARTHEST_BP = 10_000
LONGEST_MONTHS = 600
LARGEST_FACTOR = 100


@dataclass(frozen=True)
class Missing:
    """Something a version needs before it can be submitted; ``field`` is where to write it."""

    element: str  # amount, term, rate, guarantee, repayment, content, change
    field: str
    text: str


@dataclass(frozen=True)
class Approvals:
    """Which checkers a submitted version still needs, and why a risk officer is one of them."""

    needed: tuple[str, ...]
    given: tuple[VersionDecision, ...]
    risk_reasons: tuple[str, ...]

    @property
    def open(self) -> tuple[str, ...]:
        """Roles that have not agreed yet."""
        agreed = {decision.role for decision in self.given}
        return tuple(role for role in self.needed if role not in agreed)


def term_problems(values: Mapping[str, Any]) -> dict[str, Text]:
    """What cannot be, by field: bounds the wrong way round, shares above one, months of no year."""
    found: dict[str, Text] = {}
    for low, high in PAIRS:
        if _given(values, low) and _given(values, high) and values[low] > values[high]:
            found[high] = _("The upper bound lies below the lower one.")
    for name in NEVER_NEGATIVE:
        if _given(values, name) and values[name] < 0:
            found[name] = _("This is not negative.")
    if _given(values, "amount_step") and values["amount_step"] <= 0:
        found["amount_step"] = _("A step is more than nothing.")
    if _given(values, "fixed_rate") and values["fixed_rate"] > 1:
        found["fixed_rate"] = _("A yearly rate is at most 100%.")
    if _given(values, "yearly_principal_share") and values["yearly_principal_share"] > 1:
        found["yearly_principal_share"] = _("A rate or share is at most 100%.")
    if _given(values, "amount_factor") and values["amount_factor"] > LARGEST_FACTOR:
        found["amount_factor"] = _("This factor is too large.")
    for name in ("term_min_months", "term_max_months", "draw_max_months"):
        if _given(values, name) and not 0 < values[name] <= LONGEST_MONTHS:
            found[name] = _("A term is 1 to 600 months.")
    for name in ("spread_min_bp", "spread_max_bp"):
        if _given(values, name) and abs(values[name]) > FARTHEST_BP:
            found[name] = _("A spread is within 10,000 basis points.")
    return found | _list_problems(values)


def code_problems(values: Mapping[str, Any], stored: ProductVersion) -> dict[str, Text]:
    """Industries and regions that no published code begins with; those stored already are left."""
    found: dict[str, Text] = {}
    for name, model in CODED.items():
        new = [str(code) for code in values.get(name) or () if code not in getattr(stored, name)]
        strange = [code for code in new if not model.objects.filter(pk__startswith=code).exists()]
        if strange:
            codes = joined(strange)
            found[name] = _("Not known in the reference data: %(codes)s.") % {"codes": codes}
    return found


def _list_problems(values: Mapping[str, Any]) -> dict[str, Text]:
    found: dict[str, Text] = {}
    if any(month not in range(1, 13) for month in values.get("season_months") or ()):
        found["season_months"] = _("Months are 1 to 12.")
    shares = values.get("loan_to_value") or {}
    if not isinstance(shares, dict) or set(shares) - set(COLLATERAL):
        found["loan_to_value"] = _("This kind of collateral is not known.")
    elif any(not _is_share(part) for part in shares.values()):
        found["loan_to_value"] = _("A loan to value is between 0% and 100%.")
    longest, draw = values.get("term_max_months"), values.get("draw_max_months")
    if longest and draw and draw > longest:
        found["draw_max_months"] = _("A draw does not outlast the line.")
    return found


def missing_elements(version: ProductVersion, *, has_fees: bool) -> list[Missing]:
    """What a version lacks before it can be submitted (d.2): five elements for every credit."""
    found = _missing_of_credit(version) if version.product.is_credit else []
    if not version.product.is_credit and not (
        version.tariff or has_fees or version.fixed_rate is not None
    ):
        found.append(Missing("rate", "tariff", _("A rate, a tariff or at least one fee")))
    if version.product.family == ProductFamily.WEALTH and not version.risk_level:
        found.append(Missing("content", "risk_level", _("The risk level, R1 to R5")))
    if version.no > 1 and not version.change_note:
        found.append(Missing("change", "change_note", _("What changed and why")))
    return found


def _missing_of_credit(version: ProductVersion) -> list[Missing]:
    tests = (
        (_has_amount(version), "amount", "amount_max", _("The largest amount, or a rule for it")),
        (
            bool(version.term_max_months) or version.is_revolving,
            "term",
            "term_max_months",
            _("The longest term, or that it revolves"),
        ),
        (
            _has_rate(version),
            "rate",
            "spread_min_bp",
            _("The rate: a base with both spreads, a yearly rate, or a tariff"),
        ),
        (bool(version.guarantee_modes), "guarantee", "guarantee_modes", _("A kind of guarantee")),
        (bool(version.repayment_modes), "repayment", "repayment_modes", _("A way of repayment")),
        (
            "seasonal" not in version.repayment_modes or bool(version.season_months),
            "repayment",
            "season_months",
            _("The due months of seasonal repayment"),
        ),
    )
    return [
        Missing(element, field, text) for is_there, element, field, text in tests if not is_there
    ]


def risk_reasons(
    version: ProductVersion, before: ProductVersion | None, *, on: date
) -> tuple[str, ...]:
    """Why a risk officer must agree too (PRO-2); empty when one catalogue admin is enough.

    The lowest rate is below the floor of spreads over its LPR base, or a guarantee mode is new for
    the product: not in ``before``, the effective version, or the last that was.
    """
    if not version.product.is_credit:
        return ()
    found = []
    floor = parameters(on).number(FLOOR)
    spread = _lowest_spread(version, on)
    if spread is not None and spread < floor:
        found.append(
            _("The lowest rate is %(spread)s bp over LPR, below the floor of %(floor)s bp.")
            % {"spread": bp_text(spread), "floor": bp_text(floor)}
        )
    known = set(before.guarantee_modes) if before else set()
    new = [mode for mode in version.guarantee_modes if mode not in known]
    if new:
        modes = joined(GuaranteeMode(mode).label for mode in new)
        found.append(_("New guarantee for this product: %(modes)s.") % {"modes": modes})
    return tuple(found)


def approvals(version: ProductVersion, before: ProductVersion | None, *, on: date) -> Approvals:
    """Who must agree and who did, in the present round."""
    reasons = risk_reasons(version, before, on=on)
    needed = (Role.CATALOGUE, Role.RISK) if reasons else (Role.CATALOGUE,)
    decisions = list(version.decisions.all())
    current = current_round(decisions)
    given = tuple(it for it in decisions if it.round == current and it.is_approved)
    return Approvals(tuple(str(role) for role in needed), given, reasons)


def current_round(decisions: list[VersionDecision]) -> int:
    """The number of the submission at hand: a rejection ends a round."""
    return 1 + sum(not decision.is_approved for decision in decisions)


def _has_amount(version: ProductVersion) -> bool:
    if version.amount_formula in FACTORED and version.amount_factor is None:
        return False
    return version.amount_max is not None or version.amount_formula != AmountFormula.RANGE


def _has_rate(version: ProductVersion) -> bool:
    if version.rate_base == RateBase.NONE:
        return version.fixed_rate is not None or bool(version.tariff)
    return version.spread_min_bp is not None and version.spread_max_bp is not None


def _lowest_spread(version: ProductVersion, on: date) -> int | None:
    """Basis points over LPR; a yearly rate without a base is held against LPR 1 year."""
    if version.rate_base != RateBase.NONE:
        return version.spread_min_bp
    lpr = lpr_on(on)
    if version.fixed_rate is None or lpr is None:
        return None
    return int((version.fixed_rate - lpr.lpr_1y) * 10_000)


def _given(values: Mapping[str, Any], name: str) -> bool:
    return values.get(name) not in (None, "")


def _is_share(part: object) -> bool:
    try:
        return 0 <= Decimal(str(part)) <= 1
    except ArithmeticError:
        return False
