"""What visits leave to do, and who does it after a hand-over."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.task_kinds import TASK_KINDS, TaskKind
from marketing.queue.sources import CONTACT_TAKEN_OVER, PROMISED, STEP_TAKEN_OVER
from marketing.services.visits_follow import follow_customers

TASK_KINDS.add(
    TaskKind(PROMISED, _("Promised to %(name)s: %(promise)s"), _("Look"), "accent"),
    TaskKind(
        STEP_TAKEN_OVER,
        _("%(name)s, noted by %(who)s as the next step: %(what)s"),
        _("Look"),
        "accent",
    ),
    TaskKind(
        CONTACT_TAKEN_OVER,
        _("%(name)s: get in touch again after the visit of %(who)s"),
        _("Look"),
        "accent",
    ),
)


@job_kind("visits.handed_over", label=_("Hand promises and next steps over with their customers"))
def handed_over(work: Work) -> None:
    """What visits left open goes with the customer to the new manager."""
    ids = work.params["ids"]
    follow_customers(customer_ids=ids, today=timezone.localdate())
    work.advance(len(ids))
