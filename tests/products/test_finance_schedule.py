"""Schedules against worked examples, another library, and what must hold for all of them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy_financial
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from customers.features.declared import REPAYMENT_MODES
from products.finance import MODES, BadTerms, schedule

D = Decimal
FIRST = date(2026, 1, 31)
FEN = D("0.01")


@pytest.fixture(autouse=True)
def every_test_has_the_database() -> None:
    """These tests need no rows: they run without a database."""


def test_equal_instalments_of_k7():
    rows = schedule("equal_instalment", D(100000), D("0.0435"), 12, FIRST)

    assert {row.payment for row in rows[:-1]} == {D("8530.99")}
    assert abs(rows[-1].payment - D("8530.99")) <= 12 * FEN / 2
    assert rows[-1].balance == D("0.00")
    assert sum(row.principal for row in rows) == 100000


def test_equal_instalments_agree_with_another_library():
    rows = schedule("equal_instalment", D(500000), D("0.0485"), 36, FIRST)

    months = range(1, 37)
    payment = numpy_financial.pmt(0.0485 / 12, 36, -500000)
    interests = numpy_financial.ipmt(0.0485 / 12, list(months), 36, -500000)
    assert rows[0].payment == D(payment).quantize(FEN, ROUND_HALF_UP)
    for row, interest in zip(rows, interests, strict=True):
        assert abs(float(row.interest) - interest) < 0.01


def test_equal_principal_by_hand():
    rows = schedule("equal_principal", D(120000), D("0.06"), 12, FIRST)

    assert [row.principal for row in rows] == [D(10000)] * 12
    assert rows[0].interest == 600
    assert rows[1].interest == 550
    assert rows[-1].interest == 50
    assert sum(row.interest for row in rows) == 3900  # 600 x 13 / 2


def test_equal_principal_leaves_what_rounding_left_to_the_last_row():
    rows = schedule("equal_principal", D(100000), D("0.05"), 12, FIRST)

    assert {row.principal for row in rows[:-1]} == {D("8333.33")}
    assert rows[-1].principal == D("8333.37")
    assert rows[-1].balance == 0


def test_interest_first_pays_principal_at_the_end():
    rows = schedule("interest_first", D(300000), D("0.04"), 12, FIRST)

    assert [row.payment for row in rows] == [D(1000)] * 11 + [D(301000)]


def test_the_technology_loan_repays_a_tenth_at_each_year_end():
    rows = schedule(
        "interest_first", D(1000000), D("0.036"), 36, FIRST, yearly_principal_share=D("0.1")
    )

    paid = {row.no: row.principal for row in rows if row.principal}
    assert paid == {12: D(100000), 24: D(100000), 36: D(800000)}
    assert rows[12].interest == D("2700.00")  # 900,000 x 3.6 % / 12


def test_quarterly_principal_by_hand():
    rows = schedule("quarterly_principal", D(400000), D("0.06"), 12, FIRST)

    assert [row.principal for row in rows] == [0, 0, D(100000)] * 4
    assert [row.interest for row in rows] == [D(2000)] * 3 + [D(1500)] * 3 + [D(1000)] * 3 + [
        D(500)
    ] * 3


def test_a_term_that_is_no_number_of_quarters_closes_at_maturity():
    rows = schedule("quarterly_principal", D(90000), D("0.05"), 8, FIRST)

    assert {row.no: row.principal for row in rows if row.principal} == {
        3: D(30000),
        6: D(30000),
        8: D(30000),
    }


def test_a_farm_household_pays_nothing_before_the_harvest_k5():
    rows = schedule("seasonal", D(50000), D("0.048"), 12, date(2026, 2, 28), season_months=(10,))

    before = [row for row in rows if row.due_on < date(2026, 10, 1)]
    harvest = next(row for row in rows if row.due_on.month == 10)
    assert len(before) == 8
    assert all(row.payment == 0 for row in before)
    assert harvest.principal == 50000
    assert harvest.interest == 1800  # nine months at 0.4 %
    assert sum(row.principal for row in rows) == 50000
    assert rows[-1].balance == 0


def test_season_weights_share_the_principal_k5():
    rows = schedule(
        "seasonal",
        D(100000),
        D("0.05"),
        12,
        date(2026, 3, 15),
        season_months={9: D(1), 10: D(2), 11: D(0)},
        monthly_interest=True,
    )

    by_month = {row.due_on.month: row.principal for row in rows if row.principal}
    assert by_month == {9: D("33333.33"), 10: D("66666.67")}
    assert rows[0].interest == D("416.67")
    assert rows[-1].payment == 0


def test_three_harvests_share_a_loan_of_three_years():
    rows = schedule("seasonal", D(90000), D("0.05"), 36, date(2026, 4, 20), season_months=[10])

    assert [row.due_on for row in rows if row.principal] == [
        date(2026, 10, 20),
        date(2027, 10, 20),
        date(2028, 10, 20),
    ]
    assert {row.principal for row in rows if row.principal} == {D(30000)}


def test_a_revolving_line_counts_days_over_360():
    rows = schedule("revolving", D(360000), D("0.05"), 3, date(2026, 3, 1), use_share=D("0.5"))

    assert [row.interest for row in rows] == [D(700), D(775), D(750)]  # 28, 31 and 30 days x 25
    assert rows[-1].principal == 180000


def test_a_bullet_pays_simple_interest_at_maturity():
    rows = schedule("bullet", D(100000), D("0.06"), 6, FIRST)

    assert [row.payment for row in rows] == [0] * 5 + [D(103000)]


def test_due_days_keep_to_month_ends():
    rows = schedule("equal_principal", D(1200), D("0"), 14, date(2027, 12, 31))

    assert rows[1].due_on == date(2028, 1, 31)
    assert rows[2].due_on == date(2028, 2, 29)
    assert rows[3].due_on == date(2028, 3, 31)
    assert rows[13].due_on == date(2029, 1, 31)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"mode": "daily"}, "daily"),
        ({"principal": D(0)}, "0"),
        ({"principal": D("1.005")}, "1.005"),
        ({"principal": D("NaN")}, "NaN"),
        ({"yearly_rate": D("-0.01")}, "-0.01"),
        ({"months": 0}, "0"),
        ({"months": 601}, "601"),
        ({"mode": "seasonal"}, ""),
        ({"mode": "seasonal", "season_months": (13,)}, ""),
        ({"mode": "seasonal", "season_months": (7,), "months": 3}, ""),
        ({"mode": "revolving", "use_share": D(2)}, ""),
    ],
)
def test_terms_that_make_no_sense_are_refused_with_their_value(change, told):
    terms = {
        "mode": "bullet",
        "principal": D(1000),
        "yearly_rate": D("0.05"),
        "months": 12,
        "first_due": FIRST,
    }

    with pytest.raises(BadTerms, match=told or None):
        schedule(**(terms | change))


@pytest.mark.parametrize("first_due", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("mode", MODES)
def test_a_first_payment_beyond_the_calendar_is_refused(mode, first_due):
    with pytest.raises(BadTerms, match=str(first_due)):
        schedule(mode, D(1000), D("0.05"), 12, first_due, season_months=(10,))


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        schedule("bullet", 1000.0, D("0.05"), 12, FIRST)


def test_every_mode_that_can_be_declared_can_be_calculated():
    assert set(MODES) == {key for key, _label in REPAYMENT_MODES}


@settings(deadline=None)
@given(
    mode=st.sampled_from(sorted(MODES)),
    amount=st.decimals("0.01", "90000000", places=2),
    rate=st.decimals("0", "0.36", places=6),
    months=st.integers(1, 240),
    first=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    season=st.dictionaries(st.integers(1, 12), st.decimals("0", "3", places=2), min_size=1),
    yearly=st.decimals("0", "1", places=2),
)
def test_every_schedule_repays_the_amount_exactly(
    mode, amount, rate, months, first, season, yearly
):
    try:
        rows = schedule(
            mode,
            amount,
            rate,
            months,
            first,
            season_months=season,
            yearly_principal_share=yearly,
        )
    except BadTerms:
        assume(mode != "seasonal")
        raise

    assert len(rows) == months
    assert sum(row.principal for row in rows) == amount
    assert rows[-1].balance == 0
    balance = amount
    for row in rows:
        balance -= row.principal
        assert row.balance == balance >= 0
        assert row.interest >= 0
        assert row.principal >= 0
        assert row.payment == row.principal + row.interest
        assert row.payment == row.payment.quantize(FEN)
    assert [row.due_on for row in rows] == sorted({row.due_on for row in rows})
