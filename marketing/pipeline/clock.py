"""Deadlines, age and silence of an opportunity: told here once, for rows and for lists alike.

``today`` is an argument everywhere. A function of one row and a ``Q`` over many answer the same;
``tests/marketing/test_pipeline_clock.py`` compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.parameters import Parameters
from crm.core.words import Text
from marketing.models import Opportunity
from marketing.pipeline.stages import (
    BALANCE_FAMILIES,
    RECEIPT_FAMILIES,
    TRACKS,
    WAGE_FAMILIES,
)
from products.models import ProductVersion
from products.models.terms import Lane


@dataclass(frozen=True)
class Band:
    """Open opportunities of one age in whole days; ``high`` None is without end (e.7, tile 4)."""

    key: str
    label: Text
    low: int
    high: int | None


BANDS = (
    Band("0-7", _("0–7 days"), 0, 7),
    Band("8-14", _("8–14 days"), 8, 14),
    Band("15-30", _("15–30 days"), 15, 30),
    Band("31-60", _("31–60 days"), 31, 60),
    Band("60+", _("over 60 days"), 61, None),
)


def stage_days(
    *, pipeline: str, stage: str, family: str, version: ProductVersion | None, known: Parameters
) -> int | None:
    """Days a stage may take (e.6); None in the last one.

    A loan that rules decide at once has its own limit for the decision. Opening a service may take
    its days and the time its usage test needs, which cannot be passed any sooner.
    """
    if TRACKS[pipeline].stage(stage).is_last:
        return None
    if stage == "approved" and version is not None and version.decision_lane == Lane.AUTO:
        return known.number("pipeline.sla.fast.approved")
    days = known.number(f"pipeline.sla.{pipeline}.{stage}")
    if pipeline == "other" and stage == "opened":
        days += _test_days(family, known)
    return days


def _test_days(family: str, known: Parameters) -> int:
    for families, key in (
        (BALANCE_FAMILIES, "balance"),
        (RECEIPT_FAMILIES, "receipts"),
        (WAGE_FAMILIES, "wages"),
    ):
        if family in families:
            return known.number(f"pipeline.usage.{key}_days")
    return 0


def due_on(since: datetime, days: int | None) -> date | None:
    """The day on which a stage entered at ``since`` has used up its days."""
    return None if days is None else timezone.localdate(since) + timedelta(days=days)


def deadline(row: Opportunity, known: Parameters) -> date | None:
    """The day on which the stage it stands in has used up its time; None in the last one."""
    days = stage_days(
        pipeline=row.pipeline,
        stage=row.stage,
        family=row.family,
        version=row.version_chosen,
        known=known,
    )
    return due_on(row.stage_since, days)


def is_overdue(row: Opportunity, today: date) -> bool:
    """All of the stage's time is used up (OPP-3: red at 100 %)."""
    return row.state == "open" and row.stage_due_on is not None and today >= row.stage_due_on


def overdue(today: date) -> Q:
    """Open ones whose stage has used up its time."""
    return Q(state="open", stage_due_on__lte=today)


def tone(row: Opportunity, today: date, known: Parameters) -> str:
    """ "bad" at 100 % of the stage's time, "warn" from the share of the parameter on, else ""."""
    if row.state != "open" or row.stage_due_on is None:
        return ""
    since = timezone.localdate(row.stage_since)
    allowed = (row.stage_due_on - since).days
    used = (today - since).days
    if used >= allowed:
        return "bad"
    return "warn" if used >= known.share("pipeline.amber") * allowed else ""


def is_stalled(row: Opportunity, today: date, known: Parameters) -> bool:
    """Nothing was done for so many days (OPP-5)."""
    return row.state == "open" and row.last_action_on <= _silent_since(today, known)


def stalled(today: date, known: Parameters) -> Q:
    """Open ones on which nothing was done for so many days."""
    return Q(state="open", last_action_on__lte=_silent_since(today, known))


def _silent_since(today: date, known: Parameters) -> date:
    return today - timedelta(days=known.number("pipeline.stalled.days"))


def age_days(row: Opportunity, today: date) -> int:
    """Whole days since it was opened, at most until it was closed."""
    end = timezone.localdate(row.closed_at) if row.closed_at else today
    return (end - timezone.localdate(row.opened_at)).days


def band_of(days: int) -> Band:
    """The band of an age."""
    return next(band for band in reversed(BANDS) if days >= band.low or band.low == 0)


def aged(band: Band, today: date) -> Q:
    """Rows opened so long ago."""
    found = Q(opened_at__lt=_start(today - timedelta(days=band.low - 1)))
    if band.high is not None:
        found &= Q(opened_at__gte=_start(today - timedelta(days=band.high)))
    return found


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
