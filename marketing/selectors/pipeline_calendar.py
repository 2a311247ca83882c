"""A month of next actions and expected dates, with the days that China rests or works instead."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from chinese_calendar import get_holiday_detail
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from crm.core.parameters import Parameters
from crm.core.words import Text
from crm.core.workdays import is_working_day
from marketing.models import Opportunity
from marketing.selectors.pipeline import named
from marketing.selectors.pipeline_query import PipelineQuery, opportunity_list

SHOWN = 3  # of each kind on one day
HOLIDAYS: dict[str, Text] = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
    "Anti-Fascist 70th Day": _("Holiday"),
}


@dataclass
class Day:
    """One square: what is next, what is expected, and whether it is worked."""

    on: date
    is_outside: bool  # of the month
    is_working: bool
    holiday: Text = ""
    next_total: int = 0
    expected_total: int = 0
    next: list[Opportunity] = field(default_factory=list)
    expected: list[Opportunity] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many entries are not shown."""
        return self.next_total + self.expected_total - len(self.next) - len(self.expected)

    @property
    def is_made_up(self) -> bool:
        """A weekend day worked for a holiday elsewhere."""
        return self.is_working and self.on.weekday() >= 5


def holiday_on(day: date) -> Text:
    """The public holiday of the day; "" on any other, and for years not published yet."""
    try:
        is_free, name = get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return HOLIDAYS.get(name, _("Holiday")) if is_free and name else ""


def pipeline_weeks(
    *, user: User, query: PipelineQuery, month: date, known: Parameters
) -> list[list[Day]]:
    """The weeks of a month from Monday to Sunday; three statements whatever it holds."""
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    days = {
        on: Day(on, on.month != month.month, is_working_day(on), holiday_on(on))
        for week in weeks
        for on in week
    }
    first, last = weeks[0][0], weeks[-1][-1]
    rows = opportunity_list(user=user, query=query, known=known)
    entries: dict[str, list[tuple[int, date, int]]] = {
        name: _entries(rows, name, first, last) for name in ("next_on", "expected_on")
    }
    by_key = {row.pk: row for row in named(key for part in entries.values() for key, *_ in part)}
    for name, part in entries.items():
        for key, on, total in part:
            if name == "next_on":
                days[on].next.append(by_key[key])
                days[on].next_total = total
            else:
                days[on].expected.append(by_key[key])
                days[on].expected_total = total
    return [[days[on] for on in week] for week in weeks]


def _entries(rows: Any, name: str, first: date, last: date) -> list[tuple[int, date, int]]:
    """Key, day and how many there are on that day, of the first few of each day."""
    day = F(name)
    ranked = (
        rows.filter(**{f"{name}__range": (first, last)})
        .order_by()
        .values("pk", name)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[day],
                order_by=[F("amount").desc(nulls_last=True), F("pk").asc()],
            ),
            total=Window(Count("pk"), partition_by=[day]),
        )
        .filter(place__lte=SHOWN)
        .order_by(name, "place")
    )
    return list(ranked.values_list("pk", name, "total"))


def month_beside(month: date, step: int) -> date:
    """The first day of the month before (-1) or after (1)."""
    middle = month.replace(day=15) + timedelta(days=31 * step)
    return middle.replace(day=1)
