"""Demand by stage (spec b.6): the chance of each need in 90 days, how much, when, and why.

Needs, chances and adjustments are the tables below; every number is a rule parameter. Facts that
are not known adjust nothing. When a red flag stands, chances are shown and no credit is pushed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.gap import COLUMNS as GAP_COLUMNS
from customers.features.gap import STEPS as GAP_STEPS
from customers.features.spec import ColumnSpec, Marks, SourceSpec, Spec, Step, Test, Unit

MODEL_VERSION = "b6.1"


@dataclass(frozen=True)
class Need:
    """One thing a customer may need; ``only`` is SQL of who can need it at all."""

    key: str
    label: Text
    families: tuple[str, ...]
    is_credit: bool = False
    only: str = ""
    answer: Text = ""


NEEDS = (
    Need(
        "quick_loan",
        _("Small quick loan"),
        ("working_capital_loan", "loan"),
        is_credit=True,
        answer=_("Fast loan decided in 24 hours"),
    ),
    Need(
        "qr_receipts",
        _("QR receipts"),
        ("acquiring",),
        only="NOT holds_acquiring",
        answer=_("Merchant acquiring by QR code"),
    ),
    Need(
        "account_card",
        _("Account and card"),
        ("account_card",),
        only="NOT holds_account",
        answer=_("Account with card"),
    ),
    Need(
        "startup_loan",
        _("Start-up guaranteed loan"),
        ("startup_guaranteed_loan",),
        is_credit=True,
        answer=_("Start-up guaranteed loan with subsidy"),
    ),
    Need(
        "insurance",
        _("Accident and property insurance"),
        ("insurance",),
        answer=_("Insurance through our partner"),
    ),
    Need(
        "working_capital",
        _("Working capital"),
        ("working_capital_loan",),
        is_credit=True,
        answer=_("Revolving line"),
    ),
    Need(
        "equipment_loan",
        _("Equipment loan"),
        ("fixed_asset_loan",),
        is_credit=True,
        answer=_("Equipment loan for 70 % of the price"),
    ),
    Need(
        "payroll",
        _("Payroll service"),
        ("payroll",),
        only="NOT holds_payroll",
        answer=_("Wages paid through us"),
    ),
    Need(
        "chain_finance",
        _("Supply-chain finance"),
        ("supply_chain_loan",),
        is_credit=True,
        answer=_("Receivables or order finance with the core enterprise"),
    ),
    Need(
        "credit_card",
        _("Credit card"),
        ("credit_card",),
        is_credit=True,
        only="NOT holds_credit_card",
        answer=_("Business credit card"),
    ),
    Need(
        "renewal",
        _("Renewal"),
        ("loan", "working_capital_loan"),
        is_credit=True,
        only="has_loan OR lines_open > 0",
        answer=_("Priced line, renewed in time"),
    ),
    Need(
        "cheaper_line",
        _("Cheaper line"),
        ("working_capital_loan",),
        is_credit=True,
        answer=_("Priced line"),
    ),
    Need(
        "cash_management",
        _("Cash management"),
        ("payment_settlement",),
        answer=_("Bundle of payments and cash management"),
    ),
    Need(
        "deposit_wealth",
        _("Deposits and wealth"),
        ("deposit", "wealth"),
        answer=_("Deposits, and wealth for the owner"),
    ),
    Need(
        "renewal_plan",
        _("Renewal with a new plan"),
        ("loan", "working_capital_loan"),
        is_credit=True,
        only="has_loan OR lines_open > 0",
        answer=_("Renewal, seasonal plan, or exit"),
    ),
    Need(
        "restructuring",
        _("Restructuring"),
        ("loan",),
        is_credit=True,
        only="has_loan OR lines_open > 0",
        answer=_("A plan that can be kept"),
    ),
    Need("cost_advice", _("Cost advice"), (), answer=_("Advice on cost; no offer is pushed")),
)
NEED = {need.key: need for need in NEEDS}

STAGE_NEEDS: dict[str, tuple[str, ...]] = {
    "start_up": ("quick_loan", "qr_receipts", "account_card", "startup_loan", "insurance"),
    "growth": ("working_capital", "equipment_loan", "payroll", "chain_finance", "credit_card"),
    "mature": ("renewal", "cheaper_line", "cash_management", "deposit_wealth", "insurance"),
    "decline": ("renewal_plan", "restructuring", "cost_advice"),
}

PUSHES = (
    Test(
        "matures_90",
        "least(loan_matures_on, competitor_next) - {as_of} <= {demand.matures_days}",
        _("A loan here or elsewhere matures within 90 days."),
        ("loan_matures_next_on", "competitor_matures_on"),
        label=_("Loan matures"),
    ),
    Test(
        "season_60",
        "greatest(season[mod(extract(month FROM {as_of}::date)::int, 12) + 1], "
        "season[extract(month FROM {as_of}::date + 60)::int]) * 12 >= {portrait.season_peak}",
        _("A month that sells well above the mean of the trade begins within 60 days."),
        ("trade_key",),
        label=_("Season stock-up"),
    ),
    Test(
        "tight_line",
        "months_tight_2m >= 2",
        _("The line was drawn above %(portrait.tight_line)s in both of the last two months."),
        ("months_tight_2m",),
        label=_("Line nearly full"),
    ),
    Test(
        "inflow_up",
        "inflow_trend > {demand.inflow_up}",
        _("Inflow is %(inflow_trend)s on a year ago."),
        ("inflow_trend",),
        label=_("Inflow rising"),
    ),
    Test(
        "asked_60",
        "{as_of} - greatest(asked_on, wanted_told_on) <= {demand.asked_days}",
        _("Asked about a loan within the last 60 days."),
        ("wanted_amount",),
        label=_("Asked for a loan"),
    ),
    Test(
        "price_cut",
        "{as_of} - d_competitor_rate_on <= {demand.price_days} AND d_competitor_rate < own_rate",
        _("Another bank offers %(competitor_rate)s, below our rate."),
        ("competitor_rate", "competitor_lender"),
        label=_("Price cut elsewhere"),
    ),
    Test(
        "refused_60",
        "{as_of} - declined_on <= {demand.refused_days}",
        _("Turned an offer down within the last 60 days."),
        label=_("Offer turned down"),
    ),
)
FOR_ALL_NEEDS = frozenset({"inflow_up"})  # the others speak of credit only

RED_FLAGS = Marks(
    key="red_flags",
    label=_("Red flags"),
    tests=(
        Test(
            "overdue",
            "days_past_due > {demand.red_days}",
            _("Overdue for %(days_past_due)s."),
            ("days_past_due", "overdue_amount"),
            label=_("Overdue"),
        ),
        Test(
            "dishonest",
            "is_dishonest",
            _("On the dishonest-debtor list."),
            ("is_dishonest",),
            label=_("Dishonest-debtor list"),
        ),
        Test(
            "enforcement",
            "open_enforcements > 0",
            _("%(open_enforcements)s open enforcement cases."),
            ("open_enforcements",),
            label=_("Open enforcement"),
        ),
        Test(
            "bureau",
            "bureau_has_overdue",
            _("Open overdue at the credit bureau."),
            ("bureau_has_overdue",),
            label=_("Overdue elsewhere"),
        ),
    ),
)


def _holds(family: str) -> str:
    """Whether the family is held; no holding at all is no."""
    return f"coalesce('{family}' = ANY(families_are), false)"


def _shift(only: frozenset[str] | None = None) -> str:
    """SQL of the sum of the adjustments whose test says yes."""
    return " + ".join(
        f"CASE WHEN push_{test.code} THEN {{demand.add.{test.code}}} ELSE 0 END"
        for test in PUSHES
        if only is None or test.code in only
    )


def chance_sql(need: Need) -> str:
    """SQL of the clamped chance of one need, NULL where the stage or holdings rule it out."""
    shift = "credit_shift" if need.is_credit else "other_shift"
    gate = f" AND ({need.only})" if need.only else ""
    arms = " ".join(
        f"WHEN stage = '{stage}'{gate} THEN greatest(least("
        f"{{demand.{stage}.{need.key}}}::float8 + {shift}, {{demand.p_max}}), {{demand.p_min}})"
        for stage, needs in STAGE_NEEDS.items()
        if need.key in needs
    )
    return f"CASE {arms} END"


def _chance(need: Need) -> ColumnSpec:
    return ColumnSpec(
        key=f"p_{need.key}",
        label=need.label,
        unit=Unit.RATIO,
        sql=chance_sql(need),
        ages=True,
        reasons_from="demand",
    )


def _pushed(need: Need) -> str:
    """The chance as it counts for offers: nothing for credit while a red flag stands."""
    key = f"p_{need.key}"
    return f"CASE WHEN NOT is_credit_suppressed THEN {key} END" if need.is_credit else key


STEPS = (
    Step("holds_acquiring", f"{_holds('acquiring')} OR coalesce(acquired_3m > 0, false)"),
    Step("holds_account", f"{_holds('account_card')} OR {_holds('payment_settlement')}"),
    Step("holds_payroll", f"{_holds('payroll')} OR coalesce(payroll_heads_3m > 0, false)"),
    Step("holds_credit_card", _holds("credit_card")),
    Step(
        "own_rate",
        "loan_yearly_interest / nullif(loan_balance_is, 0) - {demand.price_gap}",
    ),
    Step("wanted_told_on", "greatest(d_wanted_amount_on, d_wanted_purpose_on)"),
    *(Step(f"push_{test.code}", test.when) for test in PUSHES),
    Step("credit_shift", _shift()),
    Step("other_shift", _shift(FOR_ALL_NEEDS)),
    *(Step(f"offer_{need.key}", _pushed(need)) for need in NEEDS),
)
REASONS = Marks(
    key="demand_reasons",
    label=_("What moves demand"),
    tests=tuple(
        Test(test.code, f"push_{test.code}", test.text, test.inputs, label=test.label)
        for test in PUSHES
    ),
)
COLUMNS = (
    ColumnSpec(
        key="is_credit_suppressed",
        label=_("No credit is offered"),
        unit=Unit.FLAG,
        sql="cardinality(red_flags) > 0",
        ages=True,
    ),
    *(_chance(need) for need in NEEDS),
    ColumnSpec(
        key="top_need_chance",
        label=_("Chance of the likeliest need"),
        unit=Unit.RATIO,
        sql=f"greatest({', '.join(f'offer_{need.key}' for need in NEEDS)})",
        ages=True,
    ),
    ColumnSpec(
        key="top_need",
        label=_("Likeliest need"),
        unit=Unit.CODE,
        choices=tuple((need.key, need.label) for need in NEEDS),
        sql="CASE "
        + " ".join(
            f"WHEN offer_{need.key}::float8 = top_need_chance THEN '{need.key}'" for need in NEEDS
        )
        + " END",
        ages=True,
        reasons_from="demand",
    ),
    ColumnSpec(
        key="need_on",
        label=_("When it will be needed"),
        unit=Unit.DATE,
        sql="CASE WHEN stage = 'unknown' THEN NULL "
        "WHEN push_matures_90 THEN least(loan_matures_on, competitor_next) "
        "WHEN push_asked_60 THEN {as_of}::date "
        "WHEN push_season_60 THEN coalesce(season_stock_on, {as_of}::date + 30) "
        "WHEN next_funding_on <= {as_of}::date + 90 THEN next_funding_on END",
        ages=True,
    ),
)

SOURCES: tuple[SourceSpec, ...] = ()
SPECS: tuple[Spec, ...] = (*STEPS, *GAP_STEPS, *GAP_COLUMNS, RED_FLAGS, REASONS, *COLUMNS)
