"""A count of the boards is asked for, at most every few minutes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.jobs import enqueue
from crm.core.models import Job, User
from crm.core.parameters import parameters
from marketing.models import BoardRun

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


def is_counting() -> bool:
    """Whether a count waits or runs."""
    return Job.objects.filter(kind__in=(KIND, NIGHT), state__in=("waiting", "running")).exists()
