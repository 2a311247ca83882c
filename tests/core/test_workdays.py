"""Working days of China, with holidays and make-up days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.workdays import (
    add_working_days,
    is_working_day,
    working_day_from,
    working_days_between,
)

DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 10), True),  # a Saturday worked instead
        (date(2026, 11, 21), False),  # a plain Saturday
        (date(2026, 11, 20), True),
        (date(2031, 10, 1), True),  # holidays not published yet: Monday to Friday
        (date(2031, 10, 4), False),
    ],
)
def test_holidays_and_make_up_days_are_known(day, works):
    assert is_working_day(day) is works


def test_five_working_days_over_a_long_holiday():
    """From Wednesday 30 September 2026: the holiday lasts to 7 October, the 10th is worked."""
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert add_working_days(date(2026, 10, 10), -3) == date(2026, 9, 30)


@given(DAYS, st.integers(0, 40))
def test_a_deadline_is_a_working_day_with_as_many_working_days_on_the_way(day, count):
    end = add_working_days(day, count)

    assert working_days_between(day, end) == count
    assert count == 0 or is_working_day(end)


@given(DAYS)
def test_the_next_working_day_is_the_day_itself_or_nothing_lies_between(day):
    found = working_day_from(day)

    between = [day + timedelta(days=no) for no in range((found - day).days)]
    assert is_working_day(found)
    assert not any(is_working_day(one) for one in between)


@given(DAYS, st.integers(1, 30), st.integers(1, 30))
def test_two_deadlines_one_after_the_other_are_one_long_one(day, first, second):
    assert add_working_days(add_working_days(day, first), second) == add_working_days(
        day, first + second
    )
