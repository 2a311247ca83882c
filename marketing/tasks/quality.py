"""Logged visits are checked; each Monday the visits of the week before are drawn for review."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can
from crm.core.task_kinds import TASK_KINDS, TaskKind
from marketing.services.reviews import SENT_BACK

TASK_KINDS.add(
    TaskKind(SENT_BACK, _("%(by)s sent back the visit to %(name)s: %(note)s"), _("Look"), "warn"),
)


@job_kind("visits.check", label=_("Check visits for fakes"), can=Can.MANAGE_JOBS, is_atomic=False)
def check(work: Work) -> None:
    """The visits carry the flags that the facts give."""
    from marketing.services.quality import check_visits

    work.advance(check_visits(visit_ids=work.params["ids"]))


@job_kind("visits.sample", label=_("Draw visits for review"), can=Can.MANAGE_JOBS)
def sample(work: Work) -> None:
    """Visits of the week before ``as_of`` are drawn."""
    from marketing.services.quality import draw_sample

    asked = work.params.get("as_of")
    as_of = date.fromisoformat(asked) if asked else timezone.localdate()
    work.advance(draw_sample(week_on=as_of - timedelta(days=7)))
