"""Life-cycle stage (b.5): worked cases, bounds, and what is not known."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.customers.derive import answers, derive, derive_one

FIRM = {"party_type_is": "company"}
STEADY = {"revenue_change": 0.03, "inflow_trend": 0.01, "inflow_trend_before": 0.02}


def stage(**values):
    return derive_one("stage", **(FIRM | values))


def test_a_restaurant_of_eighteen_months_is_a_start_up():  # k.3
    assert stage(years_in_business=1.5, annual_revenue=900_000) == "start_up"


@pytest.mark.parametrize(
    ("years", "expected"),
    [(1.99, "start_up"), (2.0, "unknown"), (2.99, "unknown"), (3.0, "mature")],
)
def test_years_alone_decide_the_ends_of_the_start_up_stage(years, expected):
    found = stage(years_in_business=years, annual_revenue=9e6, bound_revenue_small=3e6, **STEADY)

    assert found == expected


@pytest.mark.parametrize(("revenue", "expected"), [(2_999_999, "start_up"), (3_000_000, "unknown")])
def test_between_two_and_three_years_the_small_bound_decides(revenue, expected):
    found = stage(years_in_business=2.5, annual_revenue=revenue, bound_revenue_small=3e6, **STEADY)

    assert found == expected


def test_between_two_and_three_years_missing_revenue_is_not_taken_for_small():
    found = derive(
        ["stage", "stage_tests"],
        **FIRM,
        years_in_business=2.5,
        bound_revenue_small=3e6,
        **STEADY,
    )

    assert found["stage"] == "unknown"
    tried = answers("stage", found["stage_tests"])
    assert (tried["start_up_small"], tried["no_revenue"]) == ("?", "y")


@pytest.mark.parametrize(
    ("change", "expected"),
    [(-0.150001, "decline"), (-0.15, "decline"), (-0.149999, "mature"), (0.149999, "mature"),
     (0.15, "growth")],
)  # fmt: skip
def test_revenue_against_the_year_before_decides_with_its_bounds_included(change, expected):
    assert stage(years_in_business=5, revenue_change=change) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (-0.24, -0.21, "decline"),
        (-0.24, -0.19, "mature"),
        (-0.19, -0.24, "mature"),
        (-0.20, -0.20, "decline"),
        (0.15, 0.15, "growth"),
        (0.30, 0.10, "mature"),
    ],
)
def test_the_inflow_must_fall_or_rise_in_two_quarters_running(now, before, expected):
    assert stage(years_in_business=5, inflow_trend=now, inflow_trend_before=before) == expected


def test_one_falling_quarter_without_the_quarter_before_cannot_be_told():
    assert stage(years_in_business=5, inflow_trend=-0.4) == "unknown"


def test_one_steady_quarter_settles_both_tests_without_the_quarter_before():
    assert stage(years_in_business=5, inflow_trend=0.0) == "mature"


@pytest.mark.parametrize(
    "sign",
    [
        {"d_net_profit": -1, "d_previous_net_profit": -1},
        {"employees_change": -0.3},
        {"is_abnormal": True},
    ],
)
def test_each_other_sign_of_decline_is_enough_even_when_revenue_grows(sign):
    assert stage(years_in_business=2, revenue_change=0.4, **sign) == "decline"


@pytest.mark.parametrize(
    "no_sign",
    [
        {"d_net_profit": -1, "d_previous_net_profit": 1},
        {"d_net_profit": -1},  # the year before is not known: no loss two years running
        {"employees_change": -0.299},
        {"is_abnormal": False},
    ],
)
def test_half_a_sign_of_decline_is_none(no_sign):
    assert stage(years_in_business=5, **STEADY, **no_sign) == "mature"


def test_signs_of_decline_count_only_from_two_years_on():
    assert stage(years_in_business=1.9, revenue_change=-0.5) == "start_up"


@pytest.mark.parametrize(
    "sign",
    [{"employees_change": 0.2}, {"wanted_purpose": "equipment", "sales_growth_lunar": 0.01}],
)
def test_more_heads_or_an_investment_with_rising_sales_mean_growth(sign):
    assert stage(years_in_business=5, **STEADY, **sign) == "growth"


def test_an_investment_without_rising_sales_is_not_growth():
    found = stage(
        years_in_business=5, **STEADY, wanted_purpose="equipment", sales_growth_lunar=-0.01
    )

    assert found == "mature"


@pytest.mark.parametrize("missing", ["years_in_business", "revenue_change"])
def test_without_years_or_trend_the_stage_is_unknown(missing):
    values = {"years_in_business": 5, "revenue_change": 0.02}

    assert stage(**values) == "mature"
    assert stage(**(values | {missing: None})) == "unknown"


def test_a_stage_set_by_hand_goes_before_everything():
    found = stage(years_in_business=1, revenue_change=-0.9, stage_override="growth")

    assert found == "growth"


def test_persons_have_no_stage():
    found = derive_one("stage", party_type_is="individual", years_in_business=5, revenue_change=0.5)

    assert found == "unknown"


def test_all_tests_tried_are_kept_with_their_answer():
    found = derive(["stage", "stage_tests"], **FIRM, years_in_business=5, revenue_change=-0.3)

    tried = answers("stage", found["stage_tests"])

    assert tried["decline_revenue"] == "y"
    assert tried["decline_inflow"] == "?"
    assert tried["start_up_young"] == "n"


def test_a_changed_parameter_moves_the_bound():
    found = stage(years_in_business=5, revenue_change=-0.12, told={"stage.decline_revenue": -0.10})

    assert found == "decline"


number = st.one_of(st.none(), st.floats(-0.9, 2, allow_nan=False).map(lambda x: round(x, 3)))


@settings(max_examples=60, deadline=None)
@given(years=st.floats(2, 30).map(lambda x: round(x, 2)), change=number, now=number, before=number)
def test_the_stage_is_what_the_rule_says_step_by_step(years, change, now, before):
    found = stage(
        years_in_business=years,
        annual_revenue=5e6,
        bound_revenue_small=1e6,
        revenue_change=change,
        inflow_trend=now,
        inflow_trend_before=before,
    )

    assert found == spoken_rule(years, change, now, before)


def spoken_rule(years, change, now, before):
    """b.5 in plain Python for a firm of at least two years and above the small bound."""
    both = [value for value in (now, before) if value is not None]
    if (change is not None and change <= -0.15) or (len(both) == 2 and max(both) <= -0.2):
        return "decline"
    if (change is not None and change >= 0.15) or (len(both) == 2 and min(both) >= 0.15):
        return "growth"
    if change is None:
        falling = "no" if any(value > -0.2 for value in both) else "open"
        rising = "no" if any(value < 0.15 for value in both) else "open"
        if "open" in (falling, rising):
            return "unknown"
    return "mature" if years >= 3 else "unknown"
