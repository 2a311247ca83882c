"""Parts of the demo bank that need no bank: schedules, check characters, seasons, the process."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from crm.core.identifiers import is_citizen_number, is_mobile, is_uscc
from crm.core.models import TradeProfile
from crm.core.services.reference import load_reference
from customers.demo import codes
from customers.demo.lending import MODES, PROGRAMMES, Drawdowns
from customers.demo.needs import FAMILIES, PROCESS
from customers.demo.plan import Plan, month_days
from customers.demo.reference import load_reference_arrays, season_by_month
from customers.demo.schedule import make_schedules
from customers.models import CREDIT_FAMILIES, ProductFamily


def one_loan(mode: str, *, yuan: float, months: int, rate: float, cut: str = "NaT"):
    """The schedule of one loan drawn on 2025-01-15, for a trade that sells in autumn."""
    day = np.array(["2025-01-15"], dtype="datetime64[D]")
    loan = Drawdowns(
        facility=np.array([0]),
        customer=np.array([0]),
        number=np.array([0]),
        drawn=day,
        matures=day + 365,
        term=np.array([months]),
        cut=np.array([cut], dtype="datetime64[D]"),
        principal=np.array([yuan]),
    )
    season = np.array([[3, 3, 5, 5, 6, 8, 9, 10, 16, 18, 11, 6]]) / 100
    return make_schedules(loan, np.array([MODES.index(mode)]), np.array([rate]), season)


@given(
    st.sampled_from(MODES),
    st.integers(1_000, 5_000_000),
    st.integers(2, 60),
    st.floats(0.02, 0.12),
)
def test_principal_sums_to_the_loan_to_the_fen(mode, yuan, months, rate):
    made = one_loan(mode, yuan=yuan, months=months, rate=rate)

    assert made.principal.sum() == yuan * 100
    assert (made.principal >= 0).all()
    assert (made.interest >= 0).all()


def test_equal_instalments_are_equal_but_for_the_last():
    made = one_loan("equal_instalment", yuan=120_000, months=12, rate=0.06)

    paid = (made.principal + made.interest)[0]
    assert len(set(paid[:-1].tolist())) == 1
    assert paid[0] == 1_032_797  # 10,327.97 yuan: the annuity of 120,000 at 0.5 % over 12 months
    assert abs(int(paid[-1]) - int(paid[0])) < 100


def test_a_seasonal_schedule_pays_nothing_before_the_harvest():
    """Scenario 5: farm household."""
    made = one_loan("seasonal", yuan=100_000, months=12, rate=0.05)

    by_month = dict(zip(made.due[0].tolist(), made.principal[0].tolist(), strict=True))
    before = [value for day, value in by_month.items() if day < date(2025, 8, 1)]
    assert set(before) == {0}
    assert sum(by_month.values()) == 10_000_000


def test_a_loan_paid_off_early_ends_on_that_day():
    made = one_loan("equal_principal", yuan=90_000, months=12, rate=0.05, cut="2025-06-20")

    rows = made.due[made.is_row]
    assert rows.max() == np.datetime64("2025-06-20")
    assert made.is_row.sum() == 6
    assert made.principal.sum() == 9_000_000


def test_made_up_numbers_have_true_check_characters_and_do_not_repeat():
    serials = np.arange(3_000)
    places = ["330402"] * len(serials)
    born = np.datetime64("1960-01-01") + serials

    credit = codes.credit_codes(["91"] * len(serials), places, serials)
    citizens = codes.citizen_numbers(places, born, serials, serials % 2 == 0)
    phones = codes.mobiles(serials)
    cards = codes.card_numbers(serials)

    assert all(map(is_uscc, credit)) and len(set(credit)) == len(serials)
    assert all(map(is_citizen_number, citizens))
    assert all(map(is_mobile, phones)) and len(set(phones)) == len(serials)
    assert all(map(luhn.is_valid, cards))


def test_a_citizen_number_of_a_county_younger_than_its_holder_is_a_number():
    assert is_citizen_number("330411196607247080")


def test_a_late_spring_festival_moves_the_season():
    """2026: 17 February. 2025: 29 January. Each year keeps about its sum."""
    load_reference()
    trades = load_reference_arrays().trades
    row = trades.keys.index("garment_factory")
    years = {year: np.arange(year * 12, year * 12 + 12) for year in (2025, 2026)}

    early, late = (season_by_month(trades, months)[row] for months in years.values())
    profile = trades.season[row] * 12

    assert late[0] > profile[0] > early[0]  # January is a working month when the festival is late
    assert late[2] < profile[2]
    for weights in (early, late):
        assert weights[3:] == pytest.approx(profile[3:])
        assert weights.sum() == pytest.approx(12, abs=0.6)


def test_season_weights_of_many_years_are_the_profile():
    load_reference()
    trades = load_reference_arrays().trades
    months = np.arange(2008 * 12, 2027 * 12)

    weights = season_by_month(trades, months).reshape(len(trades.keys), -1, 12).mean(axis=1)

    assert np.abs(weights - trades.season * 12).max() < 0.2
    assert TradeProfile.objects.count() == 30


def test_every_family_has_a_process_and_every_loan_a_programme():
    lent = set(PROGRAMMES)

    assert set(FAMILIES) == set(ProductFamily.values)
    assert lent | {"credit_card"} == set(CREDIT_FAMILIES)
    assert all(family in PROCESS for family in lent)


def test_the_window_ends_with_the_last_closed_month():
    plan = Plan(10, 1, date(2026, 3, 1))

    assert month_days(np.array([plan.last_ym]))[0] == np.datetime64("2026-02-01")
    assert plan.last_ym - plan.first_ym == 23
