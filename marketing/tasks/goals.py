"""The goals in the background."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can
from marketing.services.goals import KIND, count_goals


@job_kind(KIND, label=_("Count of the goals"), can=Can.VIEW_BOARD)
def count(work: Work) -> None:
    """Rows and sums are those of the day asked for, else of today."""
    asked = work.params.get("as_of")
    day = date.fromisoformat(asked) if asked else timezone.localdate()
    work.advance(rows=count_goals(as_of=day))
