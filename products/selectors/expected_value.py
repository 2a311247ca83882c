"""What a product would bring in a year with one customer: spec b.8 for something not yet held.

Each family says what its volume is measured by (``BASES``), and each effective version gets one
row of terms from rule parameters and its own price. Then, in yuan, each part rounded to the cent:

    volume  = amount x share            amount: the basis, for credit within the version's bounds
    spread  = volume x margin           LPR + middle spread - price of funds; else a rate
    fees    = fixed income + amount x fee share    (credit: from the version's fees)
    deposit = volume x deposits kept x (price of deposits - interest paid)
    loss    = volume x our share of it x PD of the grade x LGD          (credit only)
    total   = spread + fees + deposit - loss - servicing

``expected_income`` does it exactly for one customer, ``income_sql`` for many; both agree to the
cent. An unknown basis is the smallest credit on offer, and no volume for anything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crm.core.parameters import Parameters
from crm.core.selectors.reference import lpr_quotes
from customers.features.economics import GRADES
from customers.models import CREDIT_FAMILIES, ProductFamily
from products.models import FeeItem, ProductVersion
from products.selectors.catalogue import effective_versions

CENT = Decimal("0.01")
BASIS_POINT = Decimal("0.0001")
RISK_FAMILIES = frozenset({*map(str, CREDIT_FAMILIES), str(ProductFamily.GUARANTEE_LETTER)})
TIMES_A_YEAR = {FeeItem.Timing.UPFRONT: 1, FeeItem.Timing.MONTHLY: 12, FeeItem.Timing.YEARLY: 1}

# family -> what its volume is measured by
BASES: Mapping[str, str] = {
    "fixed_asset_loan": "equipment",
    "deposit": "turnover_month",
    "wealth": "deposits",
    "payment_settlement": "turnover_year",
    "account_card": "turnover_year",
    "online_payment": "turnover_year",
    "insurance": "none",
    "ecommerce": "turnover_year",
    "payroll": "wages_year",
    "acquiring": "turnover_year",
}
OTHERWISE = "need"  # every other family is credit

_NEED = "coalesce(p.wanted_amount, (coalesce(p.need_low, p.need_high) + p.need_high) / 2)"
_TURNOVER = "coalesce(p.sales_month_12m, p.annual_revenue / 12, p.inflow_month_12m)"
BASIS_SQL: Mapping[str, str] = {
    "need": f"round({_NEED}::numeric, 2)",
    "equipment": f"round(coalesce(p.equipment_sum, {_NEED})::numeric, 2)",
    "deposits": "round(p.deposit_average_3m::numeric, 2)",
    "turnover_month": f"round({_TURNOVER}::numeric, 2)",
    "turnover_year": f"12 * round({_TURNOVER}::numeric, 2)",
    "wages_year": "12 * p.employees * "
    "coalesce(round(p.mean_wage_3m::numeric, 2), %(income.wage_month)s::numeric)",
    "none": "0::numeric",
}


@dataclass(frozen=True)
class Terms:
    """What one version earns by; amounts in yuan, the rest shares of a year's volume."""

    version_id: int
    family: str
    basis: str
    is_credit: bool
    amount_min: Decimal | None
    amount_max: Decimal | None
    share: Decimal
    margin: Decimal
    fee: Decimal
    fee_share: Decimal
    deposit: Decimal  # of the volume, already times the margin of deposits
    loss: Decimal  # of the volume, already times LGD; times PD it is the expected loss
    serve: Decimal


@dataclass(frozen=True)
class Income:
    """The parts of a year's value, in yuan."""

    amount: Decimal
    spread: Decimal
    fees: Decimal
    deposit: Decimal
    loss: Decimal
    serve: Decimal

    @property
    def total(self) -> Decimal:
        """What is left of them."""
        return self.spread + self.fees + self.deposit - self.loss - self.serve


def terms_in_force(*, known: Parameters) -> list[Terms]:
    """The terms of every version in force on the day of the parameters, by version."""
    day = known.as_of
    found = list(effective_versions(day).order_by("pk"))
    fees = _fees(version.pk for version in found)
    quote = lpr_quotes().filter(quoted_on__lte=day).first()
    bases = {"lpr_1y": quote.lpr_1y, "lpr_5y": quote.lpr_5y} if quote else {}
    return [_terms(version, known, fees[version.pk], bases) for version in found]


def _fees(version_ids: Iterable[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """Sum and share of the amount that a version's fees bring in the first year."""
    found: dict[int, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    rows = FeeItem.objects.filter(version__in=list(version_ids), timing__in=TIMES_A_YEAR)
    for item in rows:
        times = TIMES_A_YEAR[FeeItem.Timing(item.timing)]
        sums, shares = found[item.version_id]
        found[item.version_id] = (
            sums + times * (item.sum_amount or 0),
            shares + times * (item.share or 0),
        )
    return found


def _terms(
    version: ProductVersion,
    known: Parameters,
    fees: tuple[Decimal, Decimal],
    bases: Mapping[str, Decimal],
) -> Terms:
    family = version.product.family

    def of_family(name: str) -> Decimal:
        return known.decimal(f"income.{family}.{name}")

    is_credit = family in RISK_FAMILIES
    price_of_deposits = known.decimal("econ.ftp_deposit") - known.decimal("econ.deposit_rate")
    margin = _margin(version, known, bases) if is_credit else None
    return Terms(
        version_id=version.pk,
        family=family,
        basis=BASES.get(family, OTHERWISE),
        is_credit=is_credit,
        amount_min=version.amount_min,
        amount_max=version.amount_max,
        share=of_family("share"),
        margin=of_family("margin") if margin is None else margin,
        fee=of_family("fee") + (fees[0] if is_credit else 0),
        fee_share=fees[1] if is_credit else Decimal(0),
        deposit=of_family("deposit") * price_of_deposits,
        loss=of_family("loss") * known.decimal("econ.lgd") if is_credit else Decimal(0),
        serve=of_family("serve"),
    )


def _margin(
    version: ProductVersion, known: Parameters, bases: Mapping[str, Decimal]
) -> Decimal | None:
    """LPR and the middle spread, less the price of funds; None for what is sold by tariff."""
    base = bases.get(version.rate_base)
    if base is None or version.spread_min_bp is None or version.spread_max_bp is None:
        return None
    rate = base + (version.spread_min_bp + version.spread_max_bp) * BASIS_POINT / 2
    return rate - known.decimal("econ.ftp_loan")


def expected_income(portrait: Any, terms: Terms, *, known: Parameters) -> Income:
    """What these terms would bring in a year with the customer of this portrait (formula above)."""
    basis = basis_of(portrait, terms.basis, known=known)
    amount = _within(basis, terms) if terms.is_credit else basis or Decimal(0)
    volume = _cents(amount * terms.share)
    return Income(
        amount=amount,
        spread=_cents(volume * terms.margin),
        fees=_cents(terms.fee + amount * terms.fee_share),
        deposit=_cents(volume * terms.deposit),
        loss=_cents(volume * terms.loss * planned_default_rate(portrait, known=known)),
        serve=_cents(terms.serve),
    )


def _within(basis: Decimal | None, terms: Terms) -> Decimal:
    amount = terms.amount_min if basis is None else basis
    if amount is None:
        return Decimal(0)
    if terms.amount_min is not None:
        amount = max(amount, terms.amount_min)
    return amount if terms.amount_max is None else min(amount, terms.amount_max)


def basis_of(portrait: Any, basis: str, *, known: Parameters) -> Decimal | None:
    """The figure of the portrait that the volume is measured by; None where it is unknown."""
    if basis == "none":
        return Decimal(0)
    if basis == "deposits":
        return _yuan(portrait.deposit_average_3m)
    if basis == "wages_year":
        if portrait.employees is None:
            return None
        people: int = portrait.employees
        wage = _yuan(portrait.mean_wage_3m)
        return 12 * people * (known.decimal("income.wage_month") if wage is None else wage)
    if basis in ("turnover_month", "turnover_year"):
        month = _yuan(_turnover(portrait))
        return month if month is None or basis == "turnover_month" else 12 * month
    is_priced = basis == "equipment" and portrait.equipment_sum is not None
    return _yuan(portrait.equipment_sum if is_priced else _need(portrait))


def _need(portrait: Any) -> float | None:
    if portrait.wanted_amount is not None:
        return float(portrait.wanted_amount)
    if portrait.need_high is None:
        return None
    low = portrait.need_high if portrait.need_low is None else portrait.need_low
    return float((low + portrait.need_high) / 2)


def _turnover(portrait: Any) -> float | None:
    if portrait.sales_month_12m is not None:
        return float(portrait.sales_month_12m)
    if portrait.annual_revenue is not None:
        return float(portrait.annual_revenue / 12)
    return None if portrait.inflow_month_12m is None else float(portrait.inflow_month_12m)


def planned_default_rate(portrait: Any, *, known: Parameters) -> Decimal:
    """PD of a year by the grade (b.8), certain past ninety days overdue."""
    if portrait.days_past_due is not None and portrait.days_past_due > 90:
        return Decimal(1)
    grade = portrait.credit_grade if portrait.credit_grade in GRADES else "none"
    return known.decimal(f"econ.pd.{grade.lower()}")


def _yuan(value: float | None) -> Decimal | None:
    """The figure with two decimals, as PostgreSQL casts a double: fifteen digits first."""
    return None if value is None else _cents(Decimal(f"{value:.15g}"))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def basis_sql() -> str:
    """SQL of the basis of terms ``t`` for portrait ``p``, NULL where unknown."""
    arms = " ".join(f"WHEN '{basis}' THEN {sql}" for basis, sql in BASIS_SQL.items())
    return f"CASE t.basis {arms} END"


def default_rate_sql() -> str:
    """SQL of the planned default rate of portrait ``p``."""
    arms = " ".join(f"WHEN '{grade}' THEN %(econ.pd.{grade.lower()})s" for grade in GRADES)
    return (
        "CASE WHEN p.days_past_due > 90 THEN 1::numeric "
        f"ELSE CASE p.credit_grade {arms} ELSE %(econ.pd.none)s END::numeric END"
    )


def income_sql() -> str:
    """LATERAL joins after terms ``t`` and portrait ``p``: ``b.amount`` and the parts in ``i``."""
    return f"""
    CROSS JOIN LATERAL (SELECT {basis_sql()} AS basis, {default_rate_sql()} AS pd OFFSET 0) x
    CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(x.basis, t.amount_min) IS NULL THEN 0
        WHEN t.is_credit THEN least(greatest(x.basis, t.amount_min), t.amount_max)
        ELSE coalesce(x.basis, 0) END AS amount OFFSET 0) b
    CROSS JOIN LATERAL (SELECT round(b.amount * t.share, 2) AS volume OFFSET 0) v
    CROSS JOIN LATERAL (SELECT round(v.volume * t.margin, 2) AS spread,
        round(t.fee + b.amount * t.fee_share, 2) AS fees,
        round(v.volume * t.deposit, 2) AS deposit,
        round(v.volume * t.loss * x.pd, 2) AS loss,
        round(t.serve, 2) AS serve OFFSET 0) i"""


def income_parameters(known: Parameters) -> dict[str, Decimal]:
    """What ``income_sql`` has to be told."""
    keys = ["income.wage_month", "econ.pd.none", *(f"econ.pd.{grade.lower()}" for grade in GRADES)]
    return {key: known.decimal(key) for key in keys}
