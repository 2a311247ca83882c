"""How much of a year's business a family would see with one customer, from its portrait."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from products.selectors.economics import Planning

THOUSAND = Decimal(1000)
TURNOVER = frozenset(
    {"payment_settlement", "account_card", "online_payment", "ecommerce", "acquiring"}
)


def usual_volume(family: str, facts: Mapping[str, Any], plan: Planning) -> Decimal:
    """Yuan a year (a balance of deposits and wealth), to whole thousands; 0 where nobody knows.

    Turnover families: a year's turnover x the planned share; payroll: heads x wage x 12; deposits:
    a month's turnover; wealth: the average balance; insurance and cards: what is needed.
    """
    if family not in plan.families:
        return Decimal(0)
    share = plan.families[family].share
    month = _turnover(facts)
    if family in TURNOVER:
        basis = month * 12 * share
    elif family == "payroll":
        wage = facts.get("mean_wage_3m") or plan.wage_month
        basis = Decimal(facts.get("employees") or 0) * _exact(wage) * 12 * share
    elif family == "deposit":
        basis = month * share
    elif family == "wealth":
        basis = _exact(facts.get("deposit_average_3m")) * share
    else:
        basis = _exact(facts.get("wanted_amount") or facts.get("need_high"))
    return (basis / THOUSAND).quantize(Decimal(1), ROUND_HALF_UP) * THOUSAND


def _turnover(facts: Mapping[str, Any]) -> Decimal:
    """Turnover of a month: sales, revenue / 12 or inflow, whichever is known first."""
    if facts.get("sales_month_12m") is not None:
        return _exact(facts["sales_month_12m"])
    if facts.get("annual_revenue") is not None:
        return _exact(facts["annual_revenue"]) / 12
    return _exact(facts.get("inflow_month_12m"))


def _exact(value: Any) -> Decimal:
    return Decimal(str(value or 0))
