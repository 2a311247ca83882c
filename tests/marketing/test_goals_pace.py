"""Lights, gaps and the run rate of a working day (e.9)."""

from datetime import date, timedelta
from decimal import Decimal

from chinese_calendar import is_workday
from hypothesis import given
from hypothesis import strategies as st

from marketing.goals import METRICS
from marketing.goals.pace import Goal, Light, expected_by, pace, share_gone

AMBER = Decimal("0.9")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
FLOW, LEVEL, DOWN = (
    METRICS["first_borrowers"],
    METRICS["inclusive_balance"],
    METRICS["npl_ratio"],
)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
amounts = st.decimals(1, 10_000, places=2)


def working_days(first: date, last: date) -> int:
    """Counted one by one with the published calendar, both ends included."""
    span = (last - first).days + 1
    return sum(is_workday(first + timedelta(days=n)) for n in range(max(span, 0)))


def goal(target, baseline=None, period=YEAR):
    given_ = None if baseline is None else Decimal(baseline)
    return Goal(Decimal(target), given_, *period)


@given(days)
def test_the_share_gone_follows_working_days_with_holidays_and_days_worked_instead(day):
    got = share_gone(goal(1), day)

    assert got == Decimal(working_days(YEAR[0], day)) / working_days(*YEAR)


def test_the_october_holiday_is_no_working_time_and_the_saturday_worked_instead_is():
    """Make-up workday: 2026-10-10 is a Saturday that is worked."""
    before, after = share_gone(goal(1), date(2026, 9, 30)), share_gone(goal(1), date(2026, 10, 7))

    assert before == after
    assert share_gone(goal(1), date(2026, 10, 10)) > share_gone(goal(1), date(2026, 10, 9))


@given(amounts, days)
def test_a_flow_needs_the_rest_in_the_days_that_are_left(target, day):
    told = pace(FLOW, goal(target), Decimal(0), today=day, amber=AMBER)

    left = working_days(day + timedelta(days=1), YEAR[1])
    assert told.days_left == left
    assert told.gap == target
    assert told.a_day == (target / left if left else None)


@given(amounts, amounts, days)
def test_a_level_goes_in_a_straight_line_from_its_baseline(target, baseline, day):
    got = expected_by(LEVEL, goal(target, baseline), day)

    low, high = sorted((target, baseline))
    assert low <= got <= high
    assert expected_by(LEVEL, goal(target, baseline), YEAR[1]) == target


@given(amounts, st.decimals(0, 20_000, places=2), days)
def test_more_is_never_a_worse_light(target, actual, day):
    order = [Light.RED, Light.AMBER, Light.GREEN]

    less = pace(LEVEL, goal(target), actual, today=day, amber=AMBER).light
    more = pace(LEVEL, goal(target), actual + 1, today=day, amber=AMBER).light

    assert order.index(more) >= order.index(less)


def test_green_at_the_proportional_target_amber_from_ninety_percent_red_below():
    def light(actual):
        return pace(LEVEL, goal(100), Decimal(actual), today=YEAR[1], amber=AMBER).light

    assert [light(100), light("99.99"), light(90), light("89.99")] == [
        Light.GREEN, Light.AMBER, Light.AMBER, Light.RED,
    ]  # fmt: skip


def test_fewer_bad_loans_are_better():
    def told(actual):
        return pace(DOWN, goal("0.018"), Decimal(actual), today=YEAR[1], amber=AMBER)

    assert [told(one).light for one in ("0.018", "0.02", "0.021")] == [
        Light.GREEN, Light.AMBER, Light.RED,
    ]  # fmt: skip
    assert told("0.021").gap == Decimal("0.003")
    assert told("0.01").gap == 0


def test_without_a_figure_there_is_no_light():
    told = pace(LEVEL, goal(100), None, today=date(2026, 6, 1), amber=AMBER)

    assert told.light == Light.NONE
    assert told.gap == 100


def test_after_the_period_nothing_can_be_made_up_any_more():
    told = pace(FLOW, goal(10), Decimal(4), today=date(2027, 2, 1), amber=AMBER)

    assert (told.days_left, told.a_day, told.gap) == (0, None, Decimal(6))


def test_in_a_year_whose_holidays_are_not_published_monday_to_friday_are_worked():
    period = (date(2098, 12, 1), date(2099, 1, 9))
    told = pace(FLOW, goal(100, period=period), Decimal(0), today=date(2098, 12, 31), amber=AMBER)

    assert told.days_left == 7  # 1 January is a Thursday: two days, then a week of five
    assert told.a_day == Decimal(100) / 7
    assert share_gone(goal(1, period=period), date(2098, 12, 31)) == Decimal(23) / 30
