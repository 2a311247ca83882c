"""The months a board is about: whole months of the calendar in China, the running one included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from crm.core.months import month_start, ym_of
from crm.core.words import Text
from marketing.boards.spec import MONTHS_KEPT, ZONE


@dataclass(frozen=True)
class Period:
    """Months ``first`` to ``last``, both counted (``crm.core.months``)."""

    key: str
    first: int
    last: int

    @property
    def from_on(self) -> date:
        """The first day."""
        return month_start(self.first)

    @property
    def until_on(self) -> date:
        """The day after the last."""
        return month_start(self.last + 1)

    @property
    def from_at(self) -> datetime:
        """The moment it begins in China."""
        return moment(self.from_on)

    @property
    def until_at(self) -> datetime:
        """The moment it is over in China."""
        return moment(self.until_on)

    def days_until(self, as_of: date) -> tuple[date, date]:
        """Its first day, and its last or ``as_of`` if that comes first."""
        return self.from_on, min(self.until_on - timedelta(days=1), as_of)


def moment(day: date) -> datetime:
    """Midnight in China at the beginning of the day."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))


def _quarter(ym: int) -> int:
    return ym - ym % 3


PERIODS: dict[str, tuple[Text, Callable[[int], tuple[int, int]]]] = {
    "month": (_("This month"), lambda ym: (ym, ym)),
    "last_month": (_("Last month"), lambda ym: (ym - 1, ym - 1)),
    "quarter": (_("This quarter"), lambda ym: (_quarter(ym), ym)),
    "last_quarter": (_("Last quarter"), lambda ym: (_quarter(ym) - 3, _quarter(ym) - 1)),
    "year": (_("This year"), lambda ym: (ym - ym % 12, ym)),
    "last_year": (_("Last year"), lambda ym: (ym - ym % 12 - 12, ym - ym % 12 - 1)),
    "12m": (_("Last 12 months"), lambda ym: (ym - 11, ym)),
}
FIRST = "quarter"


def period_of(key: str, as_of: date) -> Period:
    """The period of this key, or ``2026-01..2026-06``; anything else is the first of the list.

    ``as_of`` is a day in China. Only of the last MONTHS_KEPT months, the running one included.
    """
    today = ym_of(as_of)
    if key in PERIODS:
        return Period(key, *PERIODS[key][1](today))
    first, dots, last = key.partition("..")
    try:
        low, high = (ym_of(date.fromisoformat(f"{month}-01")) for month in (first, last or first))
    except ValueError:
        return Period(FIRST, *PERIODS[FIRST][1](today))
    high = min(high, today)
    if not today - MONTHS_KEPT < low <= high or (dots and not last):
        return Period(FIRST, *PERIODS[FIRST][1](today))
    return Period(key, low, high)
