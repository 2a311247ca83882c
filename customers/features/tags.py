"""Tags (spec b.7): every tag that facts can tell in this release, and the names of the others.

``FACT`` tags repeat a fact, ``RULE`` tags follow from several, ``MANUAL`` ones are set by a person
and end within a year, ``LATER`` ones are set by hand until the part of the product is there that
knows them.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.spec import Marks, SourceSpec, Spec, Step, Test


class Kind(StrEnum):
    """Who puts a tag on."""

    FACT = "fact"
    RULE = "rule"
    MANUAL = "manual"
    LATER = "later"


_NON_CREDIT_ACCOUNTS = (
    "ARRAY['acquiring', 'account_card', 'payment_settlement', 'online_payment']::varchar[]"
)

STEPS = (
    Step(
        "stands_well",
        "days_past_due = 0 AND registry_status = 'active' AND NOT is_dishonest "
        "AND open_enforcements = 0 AND NOT coalesce(bureau_has_overdue, false) "
        "AND stage IN ('start_up', 'growth', 'mature')",
    ),
    Step("is_idle", "relation_state_is = 'dormant' OR ({as_of} - active_on_is) > {dormant.days}"),
    Step(
        "active_on_is",
        "CASE WHEN is_holder THEN greatest(flow_moved_on, acquired_on_is, last_drawn_on, "
        "last_activity_on) END",
    ),
    Step("flow_moved_on", "CASE WHEN active_months > 0 THEN flow_on_is END"),
)

# code, kind, condition, label, sentence, columns the sentence or the page quotes
_COMPUTED: tuple[tuple[str, Kind, str, Text, Text, tuple[str, ...]], ...] = (
    (
        "first_loan",
        Kind.FACT,
        "first_loans > 0",
        _("First-time borrower"),
        _("The first loan on record came from us."),
        (),
    ),
    (
        "renewal_due_90",
        Kind.RULE,
        "loan_matures_next_on - {as_of} <= {tag.renewal_days}",
        _("Loan matures soon"),
        _("A loan matures on %(loan_matures_next_on)s."),
        ("loan_matures_next_on", "loan_balance"),
    ),
    (
        "no_principal_renewal_ok",
        Kind.RULE,
        "loan_matures_next_on - {as_of} <= {tag.renewal_days} AND stands_well "
        "AND (size_class IN ('small', 'micro') OR NOT is_sized OR party_type = 'sole_trader' "
        "OR (size_class = 'medium' AND {as_of} < {renew.medium_until}::date))",
        _("Renewal without principal possible"),
        _("Matures on %(loan_matures_next_on)s; no arrears, operating, no open record."),
        ("loan_matures_next_on", "days_past_due", "stage", "size_class"),
    ),
    (
        "chain_supplier",
        Kind.FACT,
        "supplies_core",
        _("Supplier of a core enterprise"),
        _("Supplies a core enterprise."),
        ("core_relation",),
    ),
    (
        "chain_dealer",
        Kind.FACT,
        "buys_from_core",
        _("Dealer of a core enterprise"),
        _("Sells the goods of a core enterprise."),
        ("core_relation",),
    ),
    (
        "park_tenant",
        Kind.FACT,
        "'park' = ANY(territory_kinds)",
        _("Park tenant"),
        _("Works in a park we look after."),
        (),
    ),
    (
        "market_stall",
        Kind.FACT,
        "'market' = ANY(territory_kinds)",
        _("Market stall"),
        _("Has a stall in a market we look after."),
        (),
    ),
    (
        "village_credit",
        Kind.RULE,
        "'village' = ANY(territory_kinds) AND (lines_open > 0 OR has_loan)",
        _("Village credit"),
        _("Lives or works in a village and has a credit line or loan."),
        ("limit_amount", "loan_balance"),
    ),
    (
        "tech",
        Kind.FACT,
        "has_tech_title",
        _("Technology firm"),
        _("Holds a technology certificate."),
        ("certificates",),
    ),
    (
        "zjtx",
        Kind.FACT,
        "in_zjtx",
        _("Specialised and innovative"),
        _("Holds a valid certificate as specialised and innovative."),
        ("certificates",),
    ),
    (
        "exporter",
        Kind.FACT,
        "'exporter' = ANY(certificates) OR d_export_share >= {tag.export_share}",
        _("Exporter"),
        _("Registered as exporter, or exports a good part of its revenue."),
        ("certificates",),
    ),
    (
        "traditional_mfg",
        Kind.RULE,
        "is_maker AND NOT in_adv_manufacturing",
        _("Traditional maker"),
        _("A maker (%(industry_code)s) with fewer than two signs of advanced manufacturing."),
        ("industry_code",),
    ),
    (
        "new_citizen",
        Kind.FACT,
        "in_new_citizen",
        _("New citizen"),
        _("Lives here without local household registration, or with it for under three years."),
        (),
    ),
    (
        "young_farmer",
        Kind.RULE,
        "(party_type = 'farm_household' OR is_farming) "
        "AND controller_age <= {tag.young_farmer_age}",
        _("Young farmer"),
        _("Farms at the age of %(controller_age)s."),
        ("controller_age",),
    ),
    (
        "season_stocker",
        Kind.RULE,
        "season_strength >= {tag.season_strength}",
        _("Stocks up for the season"),
        _("The best month (%(sales_peak_month)s) sells %(season_strength)s times the mean."),
        ("sales_peak_month", "season_strength"),
    ),
    (
        "cash_heavy",
        Kind.RULE,
        "cash_share_12m >= {tag.cash_share}",
        _("Much cash"),
        _("Cash is %(cash_share_12m)s of what comes in."),
        ("cash_share_12m",),
    ),
    (
        "platform_seller",
        Kind.RULE,
        "'ecommerce' = ANY(families_are) OR industry_full = '5292'",
        _("Sells on platforms"),
        _("Sells on the internet."),
        ("industry_code", "families"),
    ),
    (
        "multi_lender",
        Kind.FACT,
        "lenders >= {tag.multi_lender}",
        _("Many lenders"),
        _("Owes to %(lenders)s lenders."),
        ("lenders",),
    ),
    (
        "high_queries",
        Kind.FACT,
        "hard_queries_6m >= {tag.high_queries}",
        _("Many credit queries"),
        _("Was queried for credit %(hard_queries_6m)s times in six months."),
        ("hard_queries_6m",),
    ),
    (
        "hidden_owner",
        Kind.RULE,
        "party_type = 'individual' AND (acquiring_months_12m >= {tag.hidden_months} "
        "OR (acquiring_payers_3m >= {tag.hidden_payers} AND acquiring_months_12m >= 1))",
        _("Hidden business owner"),
        _("A person with merchant receipts in %(acquiring_months_12m)s months."),
        ("acquiring_months_12m", "acquiring_payers_3m"),
    ),
    (
        "single_buyer",
        Kind.RULE,
        "top1_buyer_share_12m > {tag.single_share}",
        _("One buyer dominates"),
        _("One buyer takes %(top1_buyer_share_12m)s of the sales."),
        ("top1_buyer_share_12m", "buyers_12m"),
    ),
    (
        "single_supplier",
        Kind.RULE,
        "top1_supplier_share_12m > {tag.single_share}",
        _("One supplier dominates"),
        _("One supplier delivers %(top1_supplier_share_12m)s of the purchases."),
        ("top1_supplier_share_12m", "suppliers_12m"),
    ),
    (
        "lease_ending",
        Kind.RULE,
        "d_lease_ends_on BETWEEN {as_of} AND {as_of}::date + {tag.lease_days}::int",
        _("Lease ends soon"),
        _("The lease has %(lease_months_left)s left."),
        ("lease_months_left",),
    ),
    (
        "payroll_here",
        Kind.FACT,
        "payroll_heads_3m > 0",
        _("Pays wages through us"),
        _("Pays %(payroll_heads_3m)s heads through us."),
        ("payroll_heads_3m", "mean_wage_3m"),
    ),
    (
        "acquiring_only",
        Kind.RULE,
        f"'acquiring' = ANY(families_are) AND families_are <@ {_NON_CREDIT_ACCOUNTS}",
        _("Merchant receipts only"),
        _("Uses us for receipts and payments only."),
        ("families",),
    ),
    (
        "deposit_rich",
        Kind.RULE,
        "deposit_average_3m >= {tag.deposit_rich}",
        _("Rich in deposits"),
        _("Keeps %(deposit_average_3m)s on deposit."),
        ("deposit_average_3m",),
    ),
    (
        "dormant",
        Kind.RULE,
        "is_idle",
        _("Dormant"),
        _("No business with us for a long time."),
        ("active_months_12m",),
    ),
    (
        "churn_risk",
        Kind.RULE,
        "inflow_trend <= {tag.churn_inflow} OR deposit_trend <= {tag.churn_deposit} "
        "OR (acquired_last_ym < {last} AND acquired_months_12m >= 3) "
        "OR (early_repayment_share_24m >= {tag.churn_early} AND competitor_lender IS NOT NULL)",
        _("May leave us"),
        _(
            "Inflow %(inflow_trend)s or deposits %(deposit_trend)s on a year ago, receipts "
            "stopped, or a loan was repaid early while another bank is courting."
        ),
        ("inflow_trend", "deposit_trend", "acquiring_months_12m", "competitor_lender"),
    ),
    (
        "vip_care",
        Kind.RULE,
        "on_time_share_24m = 1 AND longest_delay_days_24m <= {tag.care_delay} "
        "AND line_utilisation_6m BETWEEN {tag.care_use_low} AND {tag.care_use_high} "
        "AND inflow_trend >= 0 AND ({as_of} - customer_since) >= 365 "
        "AND coalesce(credit_grade IN ('A1', 'A2', 'B1'), true)",
        _("Deserves special care"),
        _("Always repaid on time, uses the line well, and the inflow is %(inflow_trend)s."),
        ("on_time_share_24m", "line_utilisation_6m", "inflow_trend", "credit_grade"),
    ),
    (
        "do_not_contact",
        Kind.FACT,
        "do_not_contact",
        _("Do not contact"),
        _("Asked not to be contacted."),
        (),
    ),
    (
        "overdue",
        Kind.FACT,
        "days_past_due > 0",
        _("Overdue"),
        _("Overdue for %(days_past_due)s: %(overdue_amount)s."),
        ("days_past_due", "overdue_amount"),
    ),
    (
        "guarantee_ring",
        Kind.RULE,
        "guarantees_mutual > 0",
        _("Guarantee ring"),
        _("Guarantees for somebody who guarantees in return."),
        ("outside_guarantee_ratio",),
    ),
    (
        "data_stale",
        Kind.RULE,
        "freshness < {tag.fresh_enough}",
        _("Stale data"),
        _("Freshness is %(freshness)s: much of the data is old."),
        ("freshness",),
    ),
)

# Set by hand, for a year at most.
_MANUAL: tuple[tuple[str, Text], ...] = (
    ("woman_owned", _("Owned by a woman")),
    ("veteran_owned", _("Owned by a veteran")),
    ("prepaid_card_seller", _("Sells prepaid cards")),
)
# Told by parts of the product that are still to come; until then set by hand as well.
_LATER: tuple[tuple[str, Text], ...] = (
    ("white_list", _("White list")),
    ("coord_list", _("Coordination list")),
    ("complaint_open", _("Open complaint")),
    ("watch_list", _("Watch list")),
    ("restructured", _("Restructured")),
)

KINDS: dict[str, Kind] = (
    {row[0]: row[1] for row in _COMPUTED}
    | {code: Kind.MANUAL for code, _label in _MANUAL}
    | {code: Kind.LATER for code, _label in _LATER}
)
RISK_TAGS = frozenset(  # a change of one of them is a material change (POR-5)
    {
        "multi_lender",
        "high_queries",
        "overdue",
        "guarantee_ring",
        "restructured",
        "watch_list",
        "churn_risk",
    }
)
SET_BY_HAND = (*_MANUAL, *_LATER)
MANUAL_TAGS = tuple(code for code, _label in SET_BY_HAND)
_BY_HAND = _("Set by hand, with a reason and an end.")

TAGS = Marks(
    key="tags",
    label=_("Tags"),
    tests=(
        *(
            Test(code, when, text, inputs, label=label)
            for code, _kind, when, label, text, inputs in _COMPUTED
        ),
        *(
            Test(code, f"'{code}' = ANY(tags_by_hand)", _BY_HAND, label=label)
            for code, label in SET_BY_HAND
        ),
    ),
)

HAND = SourceSpec(
    key="hand_tags",
    from_sql="customers_manualtag mt",
    keyed_by="mt.customer_id",
    where="mt.from_on <= {as_of} AND mt.until_on > {as_of}",
    outputs={"tags_by_hand": "array_agg(mt.code)"},
)

SOURCES: tuple[SourceSpec, ...] = (HAND,)
SPECS: tuple[Spec, ...] = (*STEPS, TAGS)
