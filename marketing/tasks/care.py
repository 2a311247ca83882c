"""Care in the background: every night, and when somebody asks."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can
from crm.core.task_kinds import TASK_KINDS, TaskKind
from marketing.services.care import run_care
from marketing.services.complaints import HANDED

TASK_KINDS.add(
    TaskKind(HANDED, _("%(by)s hands on a complaint of %(name)s: %(note)s"), _("Look"), "bad"),
)


@job_kind(
    "care.nightly", label=_("Care tasks, signals of leaving, relief list"), can=Can.HANDLE_CARE
)
def nightly(work: Work) -> None:
    """The care of one day; the same day again changes nothing."""
    told = work.params.get("as_of")
    made = run_care(as_of=date.fromisoformat(told) if told else timezone.localdate())
    work.result.update(made)
    work.advance(sum(made.values()))
