"""A count of the boards is asked for, at most every few minutes; with it what a tree outdated."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.jobs import enqueue
from crm.core.models import Job, User
from crm.core.parameters import parameters
from marketing.models import BoardRun, GoalRun, MarketCount
from marketing.selectors.goals_units import people_changed_since, units_changed_since
from marketing.services import goals, market_counts

KIND = "boards.count"
NIGHT = "boards.full"


@transaction.atomic
def ask_count(*, by: User) -> str:
    """A short count waits or runs, or the last one is young enough; the sentence says which."""
    now = timezone.now()
    least = parameters(timezone.localdate(now)).number("board.refresh_minutes")
    newest = BoardRun.objects.first()
    if newest is not None and newest.computed_at > now - timedelta(minutes=least):
        return _("Counted less than %(minutes)s minutes ago: nothing is counted again yet.") % {
            "minutes": least
        }
    if not is_counting():
        enqueue(KIND, by=by, unique_key=KIND, priority=3)
    return _("The figures are being counted again.")


def ask_moved_counts() -> None:
    """Goals and market are counted again when the tree changed since: numbers may be others."""
    goals_at = GoalRun.objects.aggregate(at=Max("computed_at"))["at"]
    if goals_at is not None and _has_changed(goals_at):
        goals.ask_count(as_of=timezone.localdate())
    market_at = MarketCount.objects.aggregate(at=Max("counted_at"))["at"]
    if market_at is not None and _has_changed(market_at):
        market_counts.ask_count()


def _has_changed(at: datetime) -> bool:
    return units_changed_since(at) or people_changed_since(at)


def is_counting() -> bool:
    """Whether a count waits or runs."""
    return Job.objects.filter(kind__in=(KIND, NIGHT), state__in=("waiting", "running")).exists()
