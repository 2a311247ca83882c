"""How much credit: the working-capital gap of rules.md 8 and the other amount rules of spec b.6.

The same formula stands here twice: ``working_capital_gap`` in exact decimals for one firm, and
SQL for the portrait, where days and margins that are not known come as the range of the trade.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from customers.features.spec import ColumnSpec, Step, Unit

DAYS_A_YEAR = Decimal(360)
LONGEST_CYCLE = Decimal(720)


@dataclass(frozen=True)
class Cycle:
    """The days that money is bound or lent."""

    inventory: Decimal
    receivable: Decimal
    payable: Decimal
    prepaid: Decimal = Decimal(0)
    advance: Decimal = Decimal(0)

    @property
    def days(self) -> Decimal:
        """From paying for goods to being paid for them."""
        return self.inventory + self.receivable - self.payable + self.prepaid - self.advance


@dataclass(frozen=True)
class Gap:
    """What the formula says: ``need`` and ``new_loan``; or ``verdict`` says why it does not."""

    days: Decimal
    need: Decimal | None
    new_loan: Decimal | None
    verdict: str  # gap, no_gap, refer


def working_capital_gap(
    *,
    revenue: Decimal,
    margin: Decimal,
    growth: Decimal,
    cycle: Cycle,
    own_funds: Decimal = Decimal(0),
    existing_loans: Decimal = Decimal(0),
    other_funds: Decimal = Decimal(0),
) -> Gap:
    """The working-capital need and the new loan it leaves room for (2024 measures, annex).

    A cycle of no days is financed by the suppliers: no gap. A cycle past 720 days is referred.
    """
    days = cycle.days
    if days <= 0:
        return Gap(days, None, None, "no_gap")
    if days > LONGEST_CYCLE:
        return Gap(days, None, None, "refer")
    need = revenue * (1 - margin) * (1 + growth) * days / DAYS_A_YEAR
    free = own_funds + existing_loans + other_funds
    return Gap(days, need, max(need - free, Decimal(0)), "gap")


def _days(end: str, other: str) -> str:
    """SQL of the cycle: declared days, else this end of the trade's range."""
    return (
        f"coalesce(d_inventory_days, profile_inventory_{end}) "
        f"+ coalesce(d_receivable_days, profile_receivable_{end}) "
        f"- coalesce(d_payable_days, profile_payable_{other}) "
        "+ coalesce(d_prepaid_days, 0) - coalesce(d_advance_days, 0)"
    )


STEPS = (
    Step("told_growth", "coalesce(revenue_change, inflow_trend)"),
    Step(
        "expected_growth",
        "CASE WHEN told_growth IS NOT NULL THEN "
        "greatest(least(told_growth, {demand.growth_high}), {demand.growth_low}) ELSE 0 END",
    ),
    Step("net_margin_low", "coalesce(d_net_profit / nullif(annual_revenue, 0), profile_net_low)"),
    Step("net_margin_high", "coalesce(d_net_profit / nullif(annual_revenue, 0), profile_net_high)"),
    Step("cycle_low", _days("low", "high")),
    Step("cycle_high", _days("high", "low")),
    Step(
        "capital_need_low",
        "CASE WHEN cycle_low <= 0 THEN 0 ELSE annual_revenue * (1 - net_margin_high) "
        "* (1 + expected_growth) * cycle_low / 360 END",
    ),
    Step(
        "capital_need_high",
        "annual_revenue * (1 - net_margin_low) * (1 + expected_growth) * cycle_high / 360",
    ),
    Step("own_funds", "coalesce(d_cash_on_hand, deposit_3m, CASE WHEN is_holder THEN 0 END)"),
    Step(
        "other_funds",
        "coalesce(d_competitor_amount, greatest(debt_everywhere - own_debt, 0), 0)",
    ),
    Step("funds_there", "own_funds + coalesce(own_debt, 0) + other_funds"),
    Step(
        "expected_revenue",
        "coalesce(annual_revenue, sales_month_12m * 12, inflow_month_12m * 12, "
        "profile_revenue_low)",
    ),
    Step(
        "quick_sum",
        "CASE WHEN expected_revenue IS NOT NULL THEN "
        "least({demand.startup_share} * expected_revenue, {demand.startup_cap}) END",
    ),
    Step("last_limit", "coalesce(limit_is, loan_principal_open)"),
    Step("next_limit", "last_limit * (1 + expected_growth)"),
    Step("is_financed_by_suppliers", "cycle_high <= 0"),
    Step("is_cycle_too_long", "cycle_high > 720"),
)

BASES = (
    ("start_up_share", _("30 % of the expected revenue, 300,000 at most")),
    ("gap", _("Working-capital gap")),
    ("gap_before_own_funds", _("Working-capital need, own funds not known")),
    ("no_gap", _("No gap by the formula: the suppliers finance it")),
    ("refer", _("Cycle longer than 720 days: look into it")),
    ("missing", _("Revenue, margin or days are missing")),
    ("limit_and_growth", _("Last limit and its growth")),
    ("balance", _("Not above the present balance")),
)

COLUMNS = (
    ColumnSpec(
        key="need_basis",
        label=_("Amount by"),
        unit=Unit.CODE,
        choices=BASES,
        sql="CASE stage WHEN 'start_up' THEN CASE WHEN quick_sum IS NULL THEN 'missing' "
        "ELSE 'start_up_share' END "
        "WHEN 'growth' THEN CASE WHEN is_financed_by_suppliers THEN 'no_gap' "
        "WHEN is_cycle_too_long THEN 'refer' WHEN capital_need_high IS NULL THEN 'missing' "
        "WHEN own_funds IS NULL THEN 'gap_before_own_funds' ELSE 'gap' END "
        "WHEN 'mature' THEN CASE WHEN last_limit IS NULL THEN 'missing' "
        "ELSE 'limit_and_growth' END "
        "WHEN 'decline' THEN CASE WHEN loan_balance IS NULL THEN 'missing' ELSE 'balance' END END",
    ),
    ColumnSpec(
        key="need_low",
        label=_("Amount needed, low"),
        unit=Unit.YUAN,
        data_class="C2",
        sql="CASE need_basis "
        "WHEN 'start_up_share' THEN least(coalesce(wanted_amount, "
        "quick_sum * {demand.low_share}), quick_sum) "
        "WHEN 'gap' THEN CASE WHEN capital_need_low IS NOT NULL "
        "THEN greatest(capital_need_low - funds_there, 0) END "
        "WHEN 'no_gap' THEN 0 "
        "WHEN 'limit_and_growth' THEN least(last_limit, next_limit) "
        "WHEN 'balance' THEN loan_balance * {demand.low_share} END",
    ),
    ColumnSpec(
        key="need_high",
        label=_("Amount needed, high"),
        unit=Unit.YUAN,
        data_class="C2",
        sql="CASE need_basis WHEN 'start_up_share' THEN quick_sum "
        "WHEN 'gap' THEN greatest(capital_need_high - funds_there, 0) "
        "WHEN 'gap_before_own_funds' THEN greatest(capital_need_high - other_funds "
        "- coalesce(own_debt, 0), 0) WHEN 'no_gap' THEN 0 "
        "WHEN 'limit_and_growth' THEN greatest(last_limit, next_limit) "
        "WHEN 'balance' THEN loan_balance END",
    ),
    ColumnSpec(
        key="capital_cycle_days",
        label=_("Days that money is bound"),
        unit=Unit.DAYS,
        sql="floor((cycle_low + cycle_high) / 2.0::float8 + 0.5)",
    ),
    ColumnSpec(
        key="equipment_sum",
        label=_("Equipment loan, 70 % of the price"),
        unit=Unit.YUAN,
        data_class="C2",
        sql="CASE WHEN wanted_purpose = 'equipment' "
        "THEN wanted_amount * {demand.equipment_share} END",
    ),
)
