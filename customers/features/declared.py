"""The facts somebody can state or prove about a customer: key, type, unit, choices, data class.

A ``DeclaredFact`` row holds one value of one of these keys. Visits, statements, registry imports
and cross checks all write through them; features read them by key.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.declared_ledger import LEDGER_FACTS
from customers.features.declared_spec import Declared, FactType

__all__ = [
    "CHANNELS",
    "FACTS",
    "PORTRAIT_FACTS",
    "PURPOSES",
    "REPAYMENT_MODES",
    "Declared",
    "FactType",
]


def _yuan(key: str, label: Text, low: float | None = 0) -> Declared:
    return Declared(key, label, unit="yuan", low=low, data_class="C2")


def _scale(key: str, label: Text) -> Declared:
    return Declared(key, label, unit="scale", low=1, high=5)


PURPOSES = (
    ("stock", _("Stock")),
    ("wages", _("Wages")),
    ("equipment", _("Equipment")),
    ("fit_out", _("Fit-out")),
    ("expansion", _("Expansion")),
    ("debt_swap", _("Replacing other debt")),
    ("farm_season", _("Farming season")),
    ("other", _("Other")),
)
REPAYMENT_MODES = (
    ("equal_instalment", _("Equal instalments")),
    ("equal_principal", _("Equal principal")),
    ("interest_first", _("Interest first, principal at the end")),
    ("quarterly_principal", _("Principal every quarter")),
    ("seasonal", _("After the season")),
    ("revolving", _("Draw and repay at will")),
    ("bullet", _("All at maturity")),
)
CHANNELS = (
    ("visit", _("Visit")),
    ("branch", _("At the branch")),
    ("phone", _("Phone")),
    ("mobile", _("Mobile banking")),
    ("wecom", _("WeCom")),
)

FACTS: dict[str, Declared] = {
    fact.key: fact
    for fact in (
        # registry and standing
        _yuan("registered_capital", _("Registered capital")),
        _yuan("paid_in_capital", _("Paid-in capital")),
        Declared("employees", _("Employees"), unit="persons", low=0, high=10_000_000),
        Declared("start_on", _("In business since"), FactType.DAY),
        Declared("industry_code", _("Industry code"), FactType.TEXT),
        # size and money
        _yuan("annual_revenue", _("Yearly revenue")),
        _yuan("previous_revenue", _("Revenue of the year before")),
        _yuan("total_assets", _("Total assets")),
        _yuan("fixed_assets", _("Fixed assets")),
        _yuan("total_liabilities", _("Total liabilities")),
        _yuan("net_profit", _("Net profit"), low=None),
        _yuan("previous_net_profit", _("Net profit of the year before"), low=None),
        _yuan("owner_pay", _("Owner's pay kept in the business")),
        _yuan("depreciation", _("Depreciation")),
        _yuan("interest_due_12m", _("Interest due in 12 months")),
        _yuan("principal_due_12m", _("Principal due in 12 months")),
        _yuan("cash_on_hand", _("Cash at hand")),
        _yuan("fixed_cost_month", _("Fixed cost a month")),
        Declared("gross_margin", _("Gross margin"), unit="ratio", low=-1, high=1, data_class="C2"),
        Declared("rd_share", _("R&D share of revenue"), unit="ratio", low=0, high=1),
        Declared("export_share", _("Export share of revenue"), unit="ratio", low=0, high=1),
        Declared("equipment_age", _("Median age of equipment"), unit="years", low=0, high=80),
        Declared("patents", _("Patents and software copyrights"), unit="count", low=0),
        # premises and land
        Declared(
            "premises",
            _("Premises"),
            FactType.TEXT,
            choices=(("own", _("Owned")), ("rent", _("Rented")), ("shared", _("Shared"))),
        ),
        Declared("premises_area", _("Area of the premises"), unit="m2", low=0, high=10_000_000),
        Declared("lease_ends_on", _("Lease ends on"), FactType.DAY),
        Declared("land_mu", _("Open field"), unit="mu", low=0, high=1_000_000),
        Declared("facility_mu", _("Greenhouses"), unit="mu", low=0, high=1_000_000),
        Declared("large_livestock", _("Large livestock"), unit="heads", low=0),
        Declared("small_livestock", _("Small livestock"), unit="heads", low=0),
        # the person in charge
        Declared(
            "controller_birth_year",
            _("Controller's year of birth"),
            unit="year",
            low=1900,
            high=2100,
            data_class="C2",
        ),
        Declared(
            "controller_industry_years",
            _("Controller's years in the industry"),
            unit="years",
            low=0,
            high=80,
        ),
        Declared(
            "controller_education",
            _("Controller's education"),
            FactType.TEXT,
            choices=(
                ("basic", _("Up to middle school")),
                ("secondary", _("High or vocational school")),
                ("college", _("College")),
                ("degree", _("Degree or higher")),
            ),
            data_class="C2",
        ),
        Declared(
            "family_in_business",
            _("Family in the business"),
            FactType.TEXT,
            choices=(
                ("none", _("None")),
                ("spouse", _("Spouse")),
                ("children", _("Children")),
                ("relatives", _("Relatives")),
            ),
            data_class="C2",
        ),
        Declared(
            "local_property",
            _("Local property"),
            unit="count",
            low=0,
            high=2,
            data_class="C2",
        ),
        # needs
        _yuan("wanted_amount", _("Amount wanted")),
        Declared("wanted_months", _("Months wanted"), unit="months", low=1, high=360),
        Declared("wanted_purpose", _("Purpose"), FactType.TEXT, choices=PURPOSES),
        _scale("speed_need", _("Need for speed")),
        _scale("price_sensitivity", _("Price sensitivity")),
        _yuan("guarantee_property", _("Property to pledge")),
        _yuan("guarantee_movables", _("Movables to pledge")),
        _yuan("guarantee_receivables", _("Receivables to pledge")),
        _yuan("guarantee_guarantors", _("Means of guarantors")),
        Declared(
            "repayment_preference",
            _("Repayment wished"),
            FactType.CODES,
            choices=REPAYMENT_MODES,
        ),
        Declared("channel_preference", _("Channel wished"), FactType.TEXT, choices=CHANNELS),
        Declared("noncredit_needs", _("Other services wished"), FactType.CODES),
        Declared(
            "service_manner",
            _("Manner of service"),
            FactType.TEXT,
            choices=(
                ("advice", _("Wants advice")),
                ("speed", _("Wants speed")),
                ("face_to_face", _("Wants to meet")),
            ),
        ),
        # other banks
        Declared("competitor_lender", _("Other lender"), FactType.TEXT, data_class="C2"),
        _yuan("competitor_amount", _("Loan at the other lender")),
        Declared("competitor_rate", _("Rate at the other lender"), unit="ratio", low=0, high=1),
        Declared("competitor_matures_on", _("Loan elsewhere matures on"), FactType.DAY),
        _yuan("bank_debt_total", _("Debt at all banks")),
        _yuan("outside_guarantees", _("Guarantees given for others")),
        # chain, sales and settlement, cost
        Declared("cash_share", _("Share of cash in sales"), unit="ratio", low=0, high=1),
        Declared("receivable_days", _("Receivable days"), unit="days", low=0, high=3650),
        Declared("payable_days", _("Payable days"), unit="days", low=0, high=3650),
        Declared("inventory_days", _("Inventory days"), unit="days", low=0, high=3650),
        Declared("prepaid_days", _("Prepayment days"), unit="days", low=0, high=3650),
        Declared("advance_days", _("Advance-receipt days"), unit="days", low=0, high=3650),
        Declared(
            "sells_to",
            _("Sells mainly to"),
            FactType.TEXT,
            choices=(
                ("makers", _("Makers")),
                ("firms", _("Other firms")),
                ("end_users", _("End users")),
            ),
        ),
        # results of checks and scores (written by the risk floor when it is there)
        _yuan("verified_revenue", _("Verified revenue")),
        Declared(
            "cross_check_verdict",
            _("Cross-check verdict"),
            FactType.TEXT,
            choices=(
                ("pass", _("Pass")),
                ("conditional", _("Conditional")),
                ("fail", _("Fail")),
            ),
        ),
        Declared("credit_score", _("Credit score"), unit="score", low=300, high=850),
        Declared("credit_grade", _("Credit grade"), FactType.TEXT),
        # labels that came with a list: what another lender thought, and how it ended
        Declared(
            "bank_rating",
            _("Rating by the lender"),
            FactType.TEXT,
            choices=(("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")),
            data_class="C2",
        ),
        Declared("has_defaulted", _("Has defaulted"), unit="flag", low=0, high=1, data_class="C2"),
        Declared("hukou_local", _("Local household registration"), unit="flag", low=0, high=1),
        Declared("residence_since", _("Resident since"), FactType.DAY, data_class="C2"),
        Declared("hukou_since", _("Registered here since"), FactType.DAY, data_class="C2"),
        *LEDGER_FACTS,
    )
}
PORTRAIT_FACTS = {key: fact for key, fact in FACTS.items() if fact.in_portrait}
