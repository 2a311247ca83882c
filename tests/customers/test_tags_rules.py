"""Tags (b.7): what puts each one on, and that unknown facts put on none."""

from datetime import date, timedelta

import pytest

from customers.features.tags import KINDS, RISK_TAGS
from tests.customers.derive import TODAY, derive_one

NEAR = TODAY + timedelta(days=90)
FAR = TODAY + timedelta(days=91)
SOUND = {
    "party_type_is": "company",
    "relation_state_is": "existing",
    "registry_status": "active",
    "loans_ever": 1,
    "loans_open": 1,
    "size_override": "small",
    "years_in_business": 5,
    "revenue_change": 0.0,
}


def tags(**values):
    return set(derive_one("tags", **({"party_type_is": "company"} | values)))


def test_a_customer_nothing_is_known_of_has_no_tag():
    assert tags() == set()


@pytest.mark.parametrize(
    ("tag", "on", "off"),
    [
        ("first_loan", {"first_loans": 1}, {"first_loans": 0}),
        ("renewal_due_90", {"loan_matures_on": NEAR}, {"loan_matures_on": FAR}),
        ("chain_supplier", {"supplies_core": True}, {"supplies_core": False}),
        ("chain_dealer", {"buys_from_core": True}, {"buys_from_core": False}),
        ("park_tenant", {"territory_kinds": ["park"]}, {"territory_kinds": ["grid"]}),
        ("market_stall", {"territory_kinds": ["market"]}, {"territory_kinds": ["park"]}),
        (
            "village_credit",
            {"territory_kinds": ["village"], "lines_open": 1},
            {"territory_kinds": ["village"]},
        ),
        ("tech", {"certificates_are": ["hnte"]}, {"certificates_are": ["iso"]}),
        ("zjtx", {"certificates_are": ["zjtx"]}, {"certificates_are": ["hnte"]}),
        ("exporter", {"d_export_share": 0.05}, {"d_export_share": 0.049}),
        ("season_stocker", {"season_strength": 1.8}, {"season_strength": 1.79}),
        ("cash_heavy", {"cash_share_12m": 0.4}, {"cash_share_12m": 0.39}),
        ("platform_seller", {"families_are": ["ecommerce"]}, {"families_are": ["payroll"]}),
        ("multi_lender", {"bureau_lenders": 4}, {"bureau_lenders": 3}),
        ("high_queries", {"bureau_queries": 6}, {"bureau_queries": 5}),
        ("single_buyer", {"top1_buyer_share_12m": 0.51}, {"top1_buyer_share_12m": 0.5}),
        ("single_supplier", {"top1_supplier_share_12m": 0.51}, {"top1_supplier_share_12m": 0.5}),
        ("lease_ending", {"d_lease_ends_on": NEAR}, {"d_lease_ends_on": FAR}),
        ("payroll_here", {"payroll_heads_3m": 3.0}, {"payroll_heads_3m": None}),
        (
            "acquiring_only",
            {"families_are": ["account_card", "acquiring"]},
            {"families_are": ["acquiring", "loan"]},
        ),
        ("deposit_rich", {"deposit_3m": 500_000}, {"deposit_3m": 499_999}),
        ("churn_risk", {"inflow_trend": -0.5}, {"inflow_trend": -0.49}),
        ("churn_risk", {"deposit_trend": -0.5}, {"deposit_trend": -0.49}),
        (
            "churn_risk",
            {"acquired_last_ym": 24319, "acquired_months_12m": 3},
            {"acquired_last_ym": 24321, "acquired_months_12m": 3},
        ),
        ("do_not_contact", {"do_not_contact": True}, {"do_not_contact": False}),
        (
            "overdue",
            {"loans_ever": 1, "days_past_due_is": 1},
            {"loans_ever": 1, "days_past_due_is": 0},
        ),
        ("guarantee_ring", {"guarantees_mutual": 1}, {"guarantees_mutual": 0}),
        ("data_stale", {"freshness": 59.9}, {"freshness": 60}),
        ("woman_owned", {"tags_by_hand": ["woman_owned"]}, {"tags_by_hand": ["veteran_owned"]}),
        ("white_list", {"tags_by_hand": ["white_list"]}, {}),
    ],
)
def test_each_tag_at_its_bound(tag, on, off):
    assert tag in tags(**on)
    assert tag not in tags(**off)


def test_a_loan_that_matures_soon_may_be_renewed_without_principal_when_all_is_sound():
    due = SOUND | {"loan_matures_on": NEAR}

    assert "no_principal_renewal_ok" in tags(**due)
    for spoiled in (
        {"days_past_due_is": 1},
        {"registry_status": "revoked"},
        {"bureau_open_overdue": True},
        {"dishonest_open": 1},
        {"revenue_change": -0.4},  # decline stage
        {"size_override": "large"},
        {"loan_matures_on": FAR},
    ):
        assert "no_principal_renewal_ok" not in tags(**(due | spoiled)), spoiled


def test_medium_firms_may_be_renewed_until_the_policy_ends():  # rules.md 6: 2027-09-30
    def found(day):
        due = SOUND | {"size_override": "medium", "loan_matures_on": day + timedelta(days=30)}
        return derive_one("tags", as_of=day, **due)

    assert "no_principal_renewal_ok" in found(date(2027, 9, 29))
    assert "no_principal_renewal_ok" not in found(date(2027, 9, 30))


def test_a_person_with_merchant_receipts_is_a_hidden_owner():  # CUS-8
    person = {"party_type_is": "individual", "acquired_last_ym": 24321}

    assert "hidden_owner" in tags(**person, acquired_months_12m=3)
    assert "hidden_owner" in tags(**person, acquired_months_12m=1, acquired_payers_3m=30)
    assert "hidden_owner" not in tags(**person, acquired_months_12m=2, acquired_payers_3m=29)
    assert "hidden_owner" not in tags(acquired_last_ym=24321, acquired_months_12m=12)


def test_a_young_farmer_is_45_at_most():
    def found(birth_year):
        return tags(party_type_is="farm_household", d_controller_birth_year=birth_year)

    assert "young_farmer" in found(1981)
    assert "young_farmer" not in found(1980)


def test_dormant_after_180_days_without_activity():
    holder = {"relation_state_is": "existing", "active_months": 1}

    assert "dormant" not in tags(**holder, flow_on_is=TODAY - timedelta(days=180))
    assert "dormant" in tags(**holder, flow_on_is=TODAY - timedelta(days=181))
    assert "dormant" in tags(relation_state_is="dormant")
    assert "dormant" not in tags(relation_state_is="prospect", last_activity_on=date(2020, 1, 1))


def test_every_tag_of_the_specification_has_a_name_and_a_kind():
    named = (
        "first_loan renewal_due_90 no_principal_renewal_ok white_list coord_list chain_supplier "
        "chain_dealer park_tenant market_stall village_credit tech zjtx exporter woman_owned "
        "veteran_owned new_citizen young_farmer season_stocker cash_heavy platform_seller "
        "multi_lender high_queries hidden_owner single_buyer single_supplier lease_ending "
        "prepaid_card_seller payroll_here acquiring_only deposit_rich dormant churn_risk vip_care "
        "complaint_open do_not_contact watch_list overdue restructured guarantee_ring data_stale "
        "traditional_mfg"
    )

    assert set(named.split()) == set(KINDS)
    assert set(KINDS) >= RISK_TAGS
