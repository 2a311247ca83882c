"""What business is worth to the bank: planning prices, lowest paying rate, RAROC (b.8, price rule).

Pure arithmetic over ``Planning``, the planning prices of one day; ``planning(as_of)`` reads them in
one query. All amounts are yuan a year, all rates yearly shares, everything Decimal. Others call:

- ``planning(as_of) -> Planning``: the prices in force; ``to_data``/``from_data`` freeze them;
- ``planned_pd(planning, grade, days_past_due)``: the planned chance of default in a year;
- ``lowest_rate(pd, planning)``: the rate at which a loan just pays;
- ``loan_raroc(...)``: what a loan returns on its capital, after tax;
- ``service_income(family, ...)`` and ``loan_income(...)``: one year of business of one family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from crm.core.parameters import parameters
from customers.features.economics import GRADES
from customers.models import ProductFamily
from products.finance import fen
from products.finance.terms import EXACT

ZERO = Decimal("0.00")
ONE = Decimal(1)
PLACES = Decimal("0.000001")  # of rates and returns
BAD_DAYS = 90  # past due for longer is in default


@dataclass(frozen=True)
class FamilyPlan:
    """Planning figures of one product family (parameters ``income.<family>.*``)."""

    share: Decimal  # of the basis that passes through us
    margin: Decimal  # of the volume a year, where the family is no credit
    fee: Decimal  # fixed income a year
    deposit: Decimal  # deposits kept with us, share of the volume
    loss: Decimal  # share of a loss that is ours
    serve: Decimal  # servicing cost a year


@dataclass(frozen=True)
class Planning:
    """Planning prices of one day."""

    ftp_loan: Decimal
    ftp_deposit: Decimal
    deposit_rate: Decimal
    opex: Decimal
    lgd: Decimal
    roe: Decimal
    tax: Decimal
    car: Decimal
    risk_weight: Decimal
    hurdle: Decimal
    capital_share: Decimal  # of b.8: contribution / (exposure x this share)
    fixed_cost: Decimal
    insurance_commission: Decimal
    wage_month: Decimal
    pd: Mapping[str, Decimal]
    families: Mapping[str, FamilyPlan]
    version: str

    def to_data(self) -> dict[str, Any]:
        """The prices as plain JSON: every Decimal as text, so that nothing is lost."""
        data = {one.name: str(getattr(self, one.name)) for one in fields(self)}
        return data | {
            "pd": {grade: str(pd) for grade, pd in self.pd.items()},
            "families": {
                family: {key: str(value) for key, value in asdict(plan).items()}
                for family, plan in self.families.items()
            },
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Planning:
        """What ``to_data`` wrote."""
        plain = {key: Decimal(data[key]) for key in PRICES}
        return cls(
            **plain,
            pd={grade: Decimal(pd) for grade, pd in data["pd"].items()},
            families={
                family: FamilyPlan(**{key: Decimal(value) for key, value in plan.items()})
                for family, plan in data["families"].items()
            },
            version=str(data["version"]),
        )


PRICES: Mapping[str, str] = {  # field of Planning: parameter
    "ftp_loan": "econ.ftp_loan",
    "ftp_deposit": "econ.ftp_deposit",
    "deposit_rate": "econ.deposit_rate",
    "opex": "price.opex",
    "lgd": "econ.lgd",
    "roe": "price.roe",
    "tax": "price.tax",
    "car": "price.car",
    "risk_weight": "price.risk_weight",
    "hurdle": "price.hurdle",
    "capital_share": "econ.capital_share",
    "fixed_cost": "econ.fixed_cost",
    "insurance_commission": "quote.insurance_commission",
    "wage_month": "income.wage_month",
}


def planning(as_of: date) -> Planning:
    """The planning prices in force on a day, in one query."""
    known = parameters(as_of)
    return Planning(
        **{name: known.decimal(key) for name, key in PRICES.items()},
        pd={grade: known.decimal(f"econ.pd.{grade.lower()}") for grade in (*GRADES, "none")},
        families={
            str(family): FamilyPlan(
                *(known.decimal(f"income.{family}.{part.name}") for part in fields(FamilyPlan))
            )
            for family in ProductFamily.values
        },
        version=known.version,
    )


def planned_pd(plan: Planning, grade: str | None, days_past_due: int | None = None) -> Decimal:
    """The planned chance of default within a year; without a grade that of the ungraded."""
    if (days_past_due or 0) > BAD_DAYS:
        return ONE
    return plan.pd.get(grade or "none", plan.pd["none"])


def capital_rate(plan: Planning, risk_weight: Decimal | None = None) -> Decimal:
    """Capital that a yuan of loan binds: k = risk weight x capital adequacy."""
    return (plan.risk_weight if risk_weight is None else risk_weight) * plan.car


def lowest_rate(
    pd: Decimal,
    plan: Planning,
    *,
    risk_weight: Decimal | None = None,
    loss_share: Decimal = ONE,
) -> Decimal:
    """r = FTP (1 - k) + opex + PD x LGD + k x ROE / (1 - tax), to six decimals.

    At the delivered prices a PD of 0.5 / 2 / 5 % gives 4.71 / 5.39 / 6.74 %.
    """
    with localcontext(EXACT):
        k = capital_rate(plan, risk_weight)
        rate = plan.ftp_loan * (1 - k) + plan.opex + pd * plan.lgd * loss_share
        return (rate + k * plan.roe / (1 - plan.tax)).quantize(PLACES)


def loan_raroc(
    rate: Decimal,
    fee_rate: Decimal,
    pd: Decimal,
    plan: Planning,
    *,
    risk_weight: Decimal | None = None,
    loss_share: Decimal = ONE,
) -> Decimal | None:
    """(r + fees - FTP (1 - k) - opex - PD x LGD)(1 - tax) / k; None where no capital is bound."""
    with localcontext(EXACT):
        k = capital_rate(plan, risk_weight)
        if not k:
            return None
        gain = rate + fee_rate - plan.ftp_loan * (1 - k) - plan.opex - pd * plan.lgd * loss_share
        return (gain * (1 - plan.tax) / k).quantize(PLACES)


def relation_raroc(contribution: Decimal, exposure: Decimal, plan: Planning) -> Decimal | None:
    """RAROC of the whole relation: contribution / (exposure x 8 %); None without exposure."""
    with localcontext(EXACT):
        capital = exposure * plan.capital_share
        return (contribution / capital).quantize(PLACES) if capital > 0 else None


@dataclass(frozen=True)
class Income:
    """One year of one line, to the fen; ``profit`` is what the parts add up to, before tax."""

    interest: Decimal = ZERO
    funding: Decimal = ZERO
    fees: Decimal = ZERO
    deposit_value: Decimal = ZERO
    expected_loss: Decimal = ZERO
    servicing: Decimal = ZERO

    @property
    def profit(self) -> Decimal:
        """Interest - funding + fees + deposit value - expected loss - servicing."""
        earned = self.interest - self.funding + self.fees + self.deposit_value
        return earned - self.expected_loss - self.servicing

    def __add__(self, other: Income) -> Income:
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Income(*(mine + theirs for mine, theirs in pairs))

    def to_data(self) -> dict[str, str]:
        """The parts and the profit as text."""
        return {one.name: str(getattr(self, one.name)) for one in fields(self)} | {
            "profit": str(self.profit)
        }


def deposit_value(balance: Decimal, plan: Planning) -> Decimal:
    """What deposits earn in a year: their price inside the bank less the interest paid."""
    return fen(balance * (plan.ftp_deposit - plan.deposit_rate))


def loan_income(
    family: str,
    *,
    balance: Decimal,
    interest: Decimal,
    fees: Decimal,
    pd: Decimal,
    plan: Planning,
) -> Income:
    """A year of a loan at its average balance; interest and fees are those of a year."""
    of = plan.families[family]
    with localcontext(EXACT):
        return Income(
            interest=fen(interest),
            funding=fen(balance * plan.ftp_loan),
            fees=fen(fees),
            deposit_value=deposit_value(balance * of.deposit, plan),
            expected_loss=fen(balance * pd * plan.lgd * of.loss),
            servicing=fen(balance * plan.opex),
        )


def service_income(
    family: str,
    *,
    volume: Decimal,
    plan: Planning,
    fees: Decimal | None = None,
    pd: Decimal = ZERO,
) -> Income:
    """A year of a family without a schedule; ``fees`` where a tariff tells them, else as planned.

    ``pd`` counts for cards, whose volume is lent: PD x LGD x our share of the loss.
    """
    of = plan.families[family]
    with localcontext(EXACT):
        planned = volume * of.margin + of.fee
        return Income(
            fees=fen(planned if fees is None else fees),
            deposit_value=deposit_value(volume * of.deposit, plan),
            expected_loss=fen(volume * pd * plan.lgd * of.loss),
            servicing=fen(of.serve),
        )
