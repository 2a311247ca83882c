"""Working days of China: week days without the public holidays, with the days worked instead.

Past the years the calendar knows (the State Council publishes one year at a time) Monday to Friday
count.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import is_workday

DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether banks work on this day."""
    try:
        return bool(is_workday(day))
    except NotImplementedError:  # a year whose holidays are not published yet
        return day.weekday() < 5


def working_day_from(day: date) -> date:
    """``day`` itself when it is worked, else the next day that is."""
    while not is_working_day(day):
        day += DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; before it when negative; 0 gives ``day``."""
    step = DAY if count > 0 else -DAY
    for _no in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after ``first`` up to and with ``last``; 0 when none does."""
    return sum(
        is_working_day(first + timedelta(days=no)) for no in range(1, (last - first).days + 1)
    )
