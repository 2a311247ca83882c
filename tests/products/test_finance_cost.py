"""All-in cost, break-even rate and saving against worked examples and another library."""

from datetime import date
from decimal import Decimal

import numpy_financial
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from products.finance import (
    MODES,
    Fee,
    NoRate,
    all_in_yearly_cost,
    base_rate,
    break_even_rate,
    offer_cost,
    schedule,
    spread_bp,
    yearly_saving,
)

D = Decimal
FIRST, AMOUNT, RATE = date(2026, 12, 20), D(100000), D("0.0435")
AMOUNTS = st.decimals("10000", "50000000", places=2)
RATES = st.decimals("0.001", "0.24", places=5)


@pytest.fixture(autouse=True)
def every_test_has_the_database() -> None:
    """These tests need no rows: they run without a database."""


def cost(mode="equal_instalment", amount=AMOUNT, rate=RATE, months=12, **more):
    return offer_cost(
        mode=mode,
        amount=amount,
        yearly_rate=rate,
        months=months,
        first_due=FIRST,
        season_months=(1, 2, 10),
        **more,
    )


def test_a_loan_without_fees_costs_its_rate():
    found = cost()

    assert abs(found.all_in - D("0.0435")) < D("0.000001")


@pytest.mark.parametrize("mode", ["interest_first", "quarterly_principal", "equal_principal"])
def test_every_monthly_mode_without_fees_costs_its_rate(mode):
    assert abs(cost(mode).all_in - D("0.0435")) < D("0.000001")


def test_interest_deferred_to_the_end_costs_less_than_its_rate_when_monthly_compounded():
    assert cost("bullet").all_in == all_in_yearly_cost([D(100000), *[D(0)] * 11, D("-104350")])
    assert cost("bullet").all_in < D("0.0435")


def test_the_rate_agrees_with_another_library():
    fees = [Fee("upfront", share=D("0.01")), Fee("yearly", D(500)), Fee("monthly", D(20))]

    found = cost(months=36, fees=fees)

    expected = 12 * numpy_financial.irr([float(flow) for flow in found.flows])
    assert abs(float(found.all_in) - expected) < 1e-9


def test_fees_by_hand():
    fees = [
        Fee("upfront", share=D("0.01")),
        Fee("monthly", D(10)),
        Fee("yearly", D(300)),
        Fee("use", D(5)),
    ]

    found = cost(months=24, fees=fees)

    assert found.fees[0] == 1300
    assert found.fees[12] == 310
    assert found.fees[24] == 10
    assert found.fee == 1000 + 24 * 10 + 2 * 300
    assert found.flows[0] == 98700
    assert found.flows[24] == -found.rows[-1].payment - 10


def test_an_example_with_one_payment_by_hand():
    # 1,000 less 20 now, 1,010 in one month: 1,010 / 980 - 1 = 3.0612 % a month
    found = cost("bullet", D(1000), D("0.12"), 1, fees=[Fee("upfront", D(20))])

    assert abs(found.all_in - D(30) / D(980) * 12) < D("1e-9")


@pytest.mark.parametrize(
    "flows",
    [[], [D(100)], [D(100), D(10)], [D(-1), D(-5)], [D(0), D(0)], [D("1e-9"), D(-10) ** 9]],
)
def test_amounts_without_a_rate_are_refused_with_a_sentence(flows):
    with pytest.raises(NoRate, match=r"\w{4}"):
        all_in_yearly_cost(flows)


def test_a_subsidised_loan_may_cost_less_than_nothing():
    assert all_in_yearly_cost([D(1000), D(-500), D(-490)]) < 0


@settings(max_examples=60, deadline=None)
@given(mode=st.sampled_from(sorted(MODES)), amount=AMOUNTS, rate=RATES, months=st.integers(3, 60))
def test_fees_make_it_dearer(mode, amount, rate, months):
    free = cost(mode, amount, rate, months)
    with_fee = cost(mode, amount, rate, months, fees=[Fee("upfront", share=D("0.005"))])
    with_two = cost(
        mode,
        amount,
        rate,
        months,
        fees=[Fee("upfront", share=D("0.005")), Fee("yearly", D(200))],
    )

    assert free.all_in < with_fee.all_in < with_two.all_in


@settings(max_examples=60, deadline=None)
@given(amount=AMOUNTS, rate=RATES, months=st.integers(1, 120))
def test_equal_instalments_without_fees_cost_their_rate(amount, rate, months):
    found = cost(amount=amount, rate=rate, months=months)

    assert abs(found.all_in - rate) < D("0.00002")  # a fen on 10,000 over a month or more


@settings(max_examples=40, deadline=None)
@given(
    mode=st.sampled_from(["equal_instalment", "interest_first", "bullet", "seasonal"]),
    rate=st.decimals("0.02", "0.15", places=4),
    months=st.integers(3, 36),
    share=st.decimals("0", "0.004", places=4),
)
def test_at_the_break_even_rate_both_cost_the_same(mode, rate, months, share):
    theirs = cost("equal_principal", D(500000), rate, months, fees=[Fee("upfront", D(3000))])
    terms = {
        "mode": mode,
        "amount": D(500000),
        "months": months,
        "first_due": FIRST,
        "fees": [Fee("upfront", share=share)],
        "season_months": (1, 2, 10),
    }

    found = break_even_rate(theirs.all_in, **terms)

    assert abs(offer_cost(yearly_rate=found, **terms).all_in - theirs.all_in) < D("0.00001")


def test_fees_alone_may_cost_more_than_the_target():
    fees = [Fee("upfront", share=D("0.05"))]

    found = break_even_rate(
        D("0.03"), mode="bullet", amount=D(1000), months=12, first_due=FIRST, fees=fees
    )

    assert found is None


def test_the_saving_of_the_drawn_example():
    ours = cost("interest_first", D(800000), D("0.0442"))

    assert yearly_saving(D("0.0442"), D("0.0486"), ours.mean_balance) == 3520


def test_the_saving_counts_what_is_owed_not_what_was_lent():
    ours = cost("equal_principal", D(120000), D("0.04"))

    assert ours.mean_balance == 65000  # (120 + 110 + ... + 10) / 12 thousand
    assert yearly_saving(D("0.04"), D("0.05"), ours.mean_balance) == 650


def test_rate_and_spread_are_each_others_way_back():
    assert base_rate(D("0.03"), 85) == D("0.0385")
    assert base_rate(D("0.03"), -20) == D("0.028")
    assert spread_bp(D("0.0385"), D("0.03")) == 85


def test_the_peak_is_the_largest_payment():
    found = cost("quarterly_principal", D(400000), D("0.06"))

    assert found.peak.no == 3
    assert found.peak.payment == 102000
    assert found.cost == found.interest == 15000


def test_totals_are_those_of_the_rows():
    rows = schedule("equal_instalment", D(100000), D("0.0435"), 12, FIRST)

    assert cost().interest == sum(row.payment for row in rows) - 100000
