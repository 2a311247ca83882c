"""What a customer brings and how firmly it is tied: contribution, tier, stickiness (spec b.8).

Incomes are those of a year at the present balances and habits, at planning prices that are rule
parameters. Tier bounds are bank-wide figures of the last run, stored in ``RunThreshold``: one
customer computed on demand is measured against the same bounds as the whole bank.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from customers.features.demand import NEEDS
from customers.features.spec import ColumnSpec, Ladder, Reason, SourceSpec, Spec, Step, Test, Unit

FEE_FAMILIES = (
    "insurance",
    "wealth",
    "credit_card",
    "guarantee_letter",
    "bill_discount",
    "online_payment",
    "ecommerce",
)
GRADES = ("A1", "A2", "B1", "B2", "C", "D")
TIERS = (
    ("A", _("Tier A")),
    ("B", _("Tier B")),
    ("C", _("Tier C")),
    ("D", _("Tier D")),
)
SHARES = {"a": 0.90, "b": 0.70, "c": 0.30}  # A: the top 10 %, B: the next 20, C: the next 40


def _fees() -> str:
    return " + ".join(
        f"CASE WHEN '{family}' = ANY(families_are) THEN {{econ.fee.{family}}} ELSE 0 END"
        for family in FEE_FAMILIES
    )


def _planning_pd() -> str:
    arms = " ".join(f"WHEN '{grade}' THEN {{econ.pd.{grade.lower()}}}" for grade in GRADES)
    return (
        "CASE WHEN days_past_due > 90 THEN 1 ELSE "
        f"CASE credit_grade {arms} ELSE {{econ.pd.none}} END END"
    )


def _income(key: str, *, is_credit: bool) -> str:
    """SQL of the yearly income one need would bring."""
    if is_credit and key == "equipment_loan":
        amount = "coalesce(equipment_sum, need_middle, 0)"
    elif is_credit:
        amount = "coalesce(need_middle, 0)"
    else:
        return f"{{econ.income.{key}}}"
    return f"{amount} * {{econ.loan_margin}}"


def _potential() -> str:
    """SQL of the sum of chance times income; one loan is earned once, by the likeliest need."""
    credit = [f"offer_{need.key}" for need in NEEDS if need.is_credit]
    other = [need for need in NEEDS if not need.is_credit]
    best = f"coalesce(greatest({', '.join(credit)}), 0) * ({_income('loan', is_credit=True)})"
    rest = " + ".join(
        f"coalesce(offer_{need.key}, 0) * {_income(need.key, is_credit=False)}" for need in other
    )
    return f"CASE WHEN stage <> 'unknown' THEN {best} + {rest} END"


def _capped(share: str, known: str) -> str:
    """SQL of a share that counts up to one, NULL where it is not known (``least`` skips NULL)."""
    return f"CASE WHEN {known} IS NOT NULL THEN least({share}, 1) END"


STEPS = (
    Step("loans_are", "coalesce(loan_balance_is, 0)"),
    Step("fee_income", f"({_fees()})::float8"),
    Step("planning_pd", f"({_planning_pd()})::float8"),
    Step("need_middle", "(coalesce(need_low, need_high) + need_high) / 2"),
    Step("relation_years", "({as_of} - customer_since) / 365.25"),
    Step("tie_products", _capped("families_held / 6.0::float8", "families_held")),
    Step("tie_wallet", "CASE WHEN is_holder THEN wallet_share END"),
    Step(
        "tie_account",
        "CASE WHEN inflow_coverage_12m >= {econ.main_account} THEN 1.0::float8 "
        "WHEN inflow_coverage_12m IS NOT NULL THEN 0 END",
    ),
    Step("tie_activity", _capped("active_months_12m / 12.0::float8", "active_months_12m")),
    Step("tie_years", _capped("relationship_years / 5", "relationship_years")),
    Step(
        "tie_known",
        " + ".join(
            f"CASE WHEN {part} IS NULL THEN 0 ELSE {points} END"
            for part, points in (
                ("tie_products", 25),
                ("tie_wallet", 25),
                ("tie_account", 20),
                ("tie_activity", 15),
                ("tie_years", 15),
            )
        ),
    ),
    Step(
        "tie_points",
        "coalesce(tie_products, 0) * 25 + coalesce(tie_wallet, 0) * 25 "
        "+ coalesce(tie_account, 0) * 20 + coalesce(tie_activity, 0) * 15 "
        "+ coalesce(tie_years, 0) * 15",
    ),
)


def _yuan(key: str, label: object, sql: str, reason: Reason) -> ColumnSpec:
    return ColumnSpec(
        key=key,
        label=label,  # type: ignore[arg-type]
        unit=Unit.YUAN,
        data_class="C2",
        sql=f"CASE WHEN is_holder THEN {sql} END",
        reasons=(reason,),
    )


MONEY = (
    _yuan(
        "spread_income",
        _("Spread income"),
        "coalesce(loan_yearly_interest, 0) - loans_are * {econ.ftp_loan}",
        Reason(
            "spread",
            _("Interest of a year on %(loan_balance)s, less the price of funds %(econ.ftp_loan)s."),
            ("loan_balance",),
        ),
    ),
    _yuan(
        "comprehensive_income",
        _("Comprehensive income"),
        "coalesce(deposit_12m, 0) * ({econ.ftp_deposit} - {econ.deposit_rate}) + fee_income "
        "+ coalesce(acquired_3m, 0) * 4 * {econ.acquiring_fee} "
        "+ coalesce(wages_12m, 0) * {econ.payroll_fee}",
        Reason(
            "comprehensive",
            _(
                "Deposits of %(deposit_average_3m)s at their margin, and fees of "
                "%(families_held)s product families."
            ),
            ("deposit_average_3m", "families_held"),
        ),
    ),
    _yuan(
        "risk_cost",
        _("Risk cost"),
        "planning_pd * {econ.lgd} * loans_are",
        Reason(
            "risk",
            _("Planned default rate of the grade, loss %(econ.lgd)s, on %(loan_balance)s."),
            ("credit_grade", "loan_balance"),
        ),
    ),
    _yuan(
        "servicing_cost",
        _("Servicing cost"),
        "coalesce(visits_12m, 0) * {econ.visit_cost} + {econ.fixed_cost}",
        Reason(
            "servicing",
            _("%(visits_count_12m)s visits in a year and the fixed cost of a customer."),
            ("visits_count_12m",),
        ),
    ),
    _yuan(
        "contribution_12m",
        _("Contribution, 12 months"),
        "spread_income + comprehensive_income - risk_cost - servicing_cost",
        Reason(
            "contribution",
            _(
                "Spread %(spread_income)s + comprehensive %(comprehensive_income)s - risk "
                "%(risk_cost)s - servicing %(servicing_cost)s."
            ),
            ("spread_income", "comprehensive_income", "risk_cost", "servicing_cost"),
        ),
    ),
)
COLUMNS = (
    ColumnSpec(
        key="families",
        label=_("Products held"),
        unit=Unit.CODES,
        sql="CASE WHEN is_holder THEN families_are END",
    ),
    ColumnSpec(
        key="families_held",
        label=_("Families held"),
        unit=Unit.COUNT,
        sql="CASE WHEN is_holder THEN coalesce(cardinality(families_are), 0) END",
    ),
    ColumnSpec(
        key="visits_count_12m",
        label=_("Visits, 12 months"),
        unit=Unit.COUNT,
        sql="coalesce(visits_12m, 0)",
        ages=True,
    ),
    *MONEY,
    ColumnSpec(
        key="raroc",
        label=_("Return on risk capital"),
        unit=Unit.RATIO,
        sql="contribution_12m / nullif(loans_are * {econ.capital_share}, 0)",
        reasons=(
            Reason(
                "raroc",
                _("Contribution %(contribution_12m)s / capital for %(loan_balance)s of loans."),
                ("contribution_12m", "loan_balance"),
            ),
        ),
    ),
    ColumnSpec(
        key="potential_12m",
        label=_("Potential, 12 months"),
        unit=Unit.YUAN,
        data_class="C2",
        sql=_potential(),
        ages=True,
        reasons=(
            Reason(
                "potential",
                _("Chance of each need times the income it would bring; likeliest: %(top_need)s."),
                ("top_need", "top_need_chance", "need_high"),
            ),
        ),
    ),
    ColumnSpec(
        key="stickiness",
        label=_("Stickiness"),
        unit=Unit.SCORE,
        sql="CASE WHEN is_holder AND tie_known >= {econ.tie_known} "
        "THEN 100 * tie_points / tie_known END",
        ages=True,
        reasons_from="stickiness",
    ),
    ColumnSpec(
        key="stickiness_known",
        label=_("Stickiness points that could be told"),
        unit=Unit.SCORE,
        sql="CASE WHEN is_holder THEN tie_known END",
        ages=True,
    ),
    ColumnSpec(
        key="relationship_years",
        label=_("Years with us"),
        unit=Unit.YEARS,
        sql="CASE WHEN is_holder AND relation_years IS NOT NULL "
        "THEN greatest(relation_years, 0) END",
        ages=True,
    ),
    ColumnSpec(
        key="own_data_kinds",
        label=_("Kinds of own data"),
        unit=Unit.COUNT,
        sql="CASE WHEN is_holder THEN "
        + " + ".join(
            f"({name} IS NOT NULL)::int"
            for name in (
                "flow_last_ym",
                "deposit_last_ym",
                "line_last_ym",
                "acquired_last_ym",
                "payroll_last_ym",
                "channel_last_ym",
                "loans_ever",
                "invoice_last_ym",
            )
        )
        + " END",
        ages=True,
    ),
    ColumnSpec(
        key="services_used_3m",
        label=_("Services used in 3 months"),
        unit=Unit.COUNT,
        sql="CASE WHEN is_holder THEN "
        + " + ".join(
            f"coalesce({name} > 0, false)::int"
            for name in (
                "inflow_3m",
                "deposit_3m",
                "acquired_3m",
                "payroll_heads_3m",
                "digital_days_3m",
                "loan_3m",
            )
        )
        + " END",
        ages=True,
    ),
)


def _at_least(tier: str) -> str:
    """SQL: among the best by what it brings, or by what it could bring."""
    return (
        f"contribution_12m >= {{tier.{tier}.contribution}} "
        f"OR potential_12m >= {{tier.{tier}.potential}}"
    )


_SENTENCE = _("Contribution %(contribution_12m)s and potential %(potential_12m)s reach this tier.")
_QUOTED = ("contribution_12m", "potential_12m")
TIER = Ladder(
    key="tier",
    label=_("Value tier"),
    tests=(
        Test("a", _at_least("a"), _SENTENCE, _QUOTED, gives="A", label=_("Tier A: the best tenth")),
        Test(
            "b",
            _at_least("b"),
            _SENTENCE,
            _QUOTED,
            gives="B",
            label=_("Tier B: the best three tenths"),
        ),
        Test(
            "c",
            _at_least("c"),
            _SENTENCE,
            _QUOTED,
            gives="C",
            label=_("Tier C: the best seven tenths"),
        ),
        Test(
            "d",
            "contribution_12m IS NOT NULL OR potential_12m IS NOT NULL",
            _("Contribution %(contribution_12m)s and potential %(potential_12m)s: the rest."),
            _QUOTED,
            gives="D",
        ),
    ),
    choices=(*TIERS, ("unknown", _("Unknown"))),
    otherwise="unknown",
)

# The five parts of stickiness: points, the column behind them, and how to say it.
TIES = (
    (25, "families_held", _("%(families_held)s product families held (6 are full points).")),
    (25, "wallet_share", _("Share of wallet %(wallet_share)s.")),
    (20, "inflow_coverage_12m", _("%(inflow_coverage_12m)s of the revenue runs through us.")),
    (15, "active_months_12m", _("Active in %(active_months_12m)s of 12 months.")),
    (15, "relationship_years", _("With us for %(relationship_years)s (5 years are full points).")),
)
# The four purposes of comprehensive service and the column that counts each (b.8).
PURPOSES = (
    ("own_data_kinds", _("More valid data across products")),
    ("stickiness", _("Ever stronger ties")),
    ("services_used_3m", _("The habit of using bundled service")),
    ("revenue_change", _("The customer's own earning power")),
)

SOURCES: tuple[SourceSpec, ...] = ()
SPECS: tuple[Spec, ...] = (*STEPS, *COLUMNS, TIER)
