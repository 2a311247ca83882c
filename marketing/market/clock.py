"""How the clock of a coordination item stands: told once for list, item, queue and board (e.10).

Contact within some working days, decision within some calendar days of receiving the list; the
colour follows the day since then. A decided item has no clock. ``today`` is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.parameters import Parameters
from crm.core.words import Text
from crm.core.workdays import add_working_days

OPEN_STATES = ("open", "visited")


@dataclass(frozen=True)
class Limits:
    """The spans in force."""

    contact_workdays: int
    decide_days: int
    amber_day: int
    red_day: int

    @classmethod
    def of(cls, values: Parameters) -> Limits:
        """From the parameters of the day."""
        return cls(
            contact_workdays=values.number("coordination.contact_workdays"),
            decide_days=values.number("coordination.decide_days"),
            amber_day=values.number("coordination.amber_day"),
            red_day=values.number("coordination.red_day"),
        )

    def contact_due(self, received_on: date) -> date:
        """The last day for the first contact."""
        return add_working_days(received_on, self.contact_workdays)

    def decide_due(self, received_on: date) -> date:
        """The last day for the decision."""
        return received_on + timedelta(days=self.decide_days)


LABELS: dict[str, Text] = {
    "green": _("In time"),
    "amber": _("Due soon"),
    "red": _("Urgent"),
    "over": _("Past due day"),
}
TONES = {"green": "good", "amber": "warn", "red": "bad", "over": "bad"}


@dataclass(frozen=True)
class Clock:
    """Where an open item stands on a day."""

    day: int  # days since the list was received; the day itself is 0
    left: int  # days until the decision is due, negative when late
    light: str  # green, amber, red, over
    is_contact_late: bool

    @property
    def label(self) -> Text:
        """The light in words."""
        return LABELS[self.light]

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return TONES[self.light]


def clock(
    *,
    received_on: date,
    due_on: date,
    contact_due_on: date | None,
    contacted_on: date | None,
    today: date,
    limits: Limits,
) -> Clock:
    """The clock of an open item: amber from one day on, red from another (k.15), over past due."""
    day = (today - received_on).days
    if today > due_on:
        light = "over"
    elif day >= limits.red_day:
        light = "red"
    else:
        light = "amber" if day >= limits.amber_day else "green"
    is_late = contacted_on is None and contact_due_on is not None and today > contact_due_on
    return Clock(day, (due_on - today).days, light, is_late)


def light_is(light: str, *, today: date, limits: Limits) -> Q:
    """The same as a filter over open items."""
    amber, red = (today - timedelta(days=day) for day in (limits.amber_day, limits.red_day))
    running = Q(state__in=OPEN_STATES)
    late, in_time = Q(due_on__lt=today), Q(due_on__gte=today)
    return (
        running
        & {
            "over": late,
            "red": in_time & Q(received_on__lte=red),
            "amber": in_time & Q(received_on__lte=amber, received_on__gt=red),
            "green": in_time & Q(received_on__gt=max(amber, red)),
        }[light]
    )


def contact_late(today: date) -> Q:
    """Items of whom nobody has heard in time."""
    return Q(state__in=OPEN_STATES, contacted_on=None, contact_due_on__lt=today)
