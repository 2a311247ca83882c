"""Economics (b.8): contribution by hand, tiers at their bounds, stickiness in its five parts."""

from datetime import date

import pytest

from tests.customers.derive import TODAY, derive, derive_one

HOLDER = {"party_type_is": "company", "relation_state_is": "existing"}
PARTS = ["spread_income", "comprehensive_income", "risk_cost", "servicing_cost", "contribution_12m"]


def test_contribution_is_the_sum_of_its_parts_calculated_by_hand():
    found = derive(
        PARTS,
        **HOLDER,
        loans_ever=1,
        loan_balance_is=1_000_000.0,
        loan_yearly_interest=43_500.0,
        d_credit_grade="B1",
        deposit_12m=200_000.0,
        acquired_3m=250_000.0,
        wages_12m=600_000.0,
        families_are=["insurance", "loan", "wealth"],
        visits_12m=4,
    )

    assert found["spread_income"] == 21_500  # 43,500 - 1,000,000 x 2.2 %
    # 200,000 x (1.8 - 0.6 %) + 300 + 400 + 1,000,000 x 0.1 % + 600,000 x 0.03 %
    assert found["comprehensive_income"] == 4_280
    assert found["risk_cost"] == 8_100  # 1.8 % x 45 % x 1,000,000
    assert found["servicing_cost"] == 800  # 4 x 150 + 200
    assert found["contribution_12m"] == 16_880


def test_risk_cost_without_a_grade_uses_the_planning_rate_and_with_bad_arrears_the_whole():
    loan = {**HOLDER, "loans_ever": 1, "loan_balance_is": 100_000.0}

    assert derive_one("risk_cost", **loan) == 1_170  # 2.6 % x 45 %
    assert derive_one("risk_cost", **loan, days_past_due_is=90, d_credit_grade="A1") == 180
    assert derive_one("risk_cost", **loan, days_past_due_is=91, d_credit_grade="A1") == 45_000


def test_a_prospect_has_no_economics():
    found = derive([*PARTS, "stickiness", "families_held"], relation_state_is="prospect")

    assert set(found.values()) == {None}


def test_a_customer_without_business_costs_its_fixed_cost():
    assert derive_one("contribution_12m", **HOLDER) == -200


def test_return_on_risk_capital():
    found = derive_one("raroc", contribution_12m=16_000.0, **HOLDER, loan_balance_is=1_000_000.0)

    assert found == 0.2  # 16,000 / 80,000
    assert derive_one("raroc", contribution_12m=16_000.0, **HOLDER) is None


def test_potential_is_chance_times_income_with_one_loan_counted_once():
    found = derive_one(
        "potential_12m",
        stage="growth",
        need_low=400_000.0,
        need_high=600_000.0,
        **HOLDER,
        loans_ever=0,
    )

    # best loan 0.45 x 500,000 x 2 % + payroll 0.40 x 600
    assert found == pytest.approx(4_500 + 240)


def tier(**values):
    bounds = {"tier.a.contribution": 100, "tier.b.contribution": 50, "tier.c.contribution": 10,
              "tier.a.potential": 90, "tier.b.potential": 40, "tier.c.potential": 5}  # fmt: skip
    return derive_one("tier", told=bounds, **values)


@pytest.mark.parametrize(
    ("contribution", "expected"),
    [(100, "A"), (99.99, "B"), (50, "B"), (49.99, "C"), (10, "C"), (9.99, "D"), (-200, "D")],
)
def test_tiers_by_contribution(contribution, expected):
    assert tier(contribution_12m=contribution) == expected


def test_high_potential_lifts_a_tier():
    assert tier(contribution_12m=-200, potential_12m=90) == "A"
    assert tier(contribution_12m=60, potential_12m=1) == "B"
    assert tier() == "unknown"


FULL = {
    **HOLDER,
    "families_are": ["a", "b", "c", "d", "e", "f", "g"],
    "wallet_share": 1.0,
    "inflow_coverage_12m": 0.6,
    "active_months_12m": 12,
    "customer_since": date(2016, 1, 1),
}


def test_full_stickiness_is_a_hundred():
    assert derive_one("stickiness", **FULL) == 100


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"families_are": ["a", "b", "c"]}, 87.5),
        ({"wallet_share": 0.4}, 85),
        ({"inflow_coverage_12m": 0.599}, 80),
        ({"active_months_12m": 4}, 90),
        ({"customer_since": TODAY}, 85),
    ],
)
def test_each_part_of_stickiness_weighs_what_the_rule_says(change, expected):
    assert derive_one("stickiness", **(FULL | change)) == expected


def test_an_unknown_part_is_left_out_and_not_counted_as_nothing():
    found = derive(["stickiness", "stickiness_known"], **(FULL | {"wallet_share": None}))

    assert found == {"stickiness": 100, "stickiness_known": 75}


def test_too_little_known_gives_no_stickiness():
    found = derive(
        ["stickiness", "stickiness_known"],
        **HOLDER,
        families_are=["a"],
        customer_since=date(2020, 1, 1),
    )

    assert found == {"stickiness": None, "stickiness_known": 40}


def test_the_counters_of_the_four_purposes():
    found = derive(
        ["own_data_kinds", "services_used_3m", "families_held"],
        **HOLDER,
        flow_last_ym=24321,
        deposit_last_ym=24321,
        acquired_last_ym=24300,
        inflow_3m=9.0,
        deposit_3m=0.0,
        digital_days_3m=4,
    )

    assert found == {"own_data_kinds": 3, "services_used_3m": 2, "families_held": 0}
