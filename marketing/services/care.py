"""Care tasks are closed, with what came of them (CARE-1, CARE-2)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from marketing.models import CareTask


@transaction.atomic
def close_care_task(*, task_id: int, by: User, outcome: str, is_dropped: bool = False) -> CareTask:
    """The task is done, or dropped, with what came of it; a second call changes nothing."""
    found = CareTask.objects.visible_to(by).select_for_update(of=("self",))
    task: CareTask = found.select_related("customer").get(pk=task_id)
    if task.state != CareTask.State.OPEN:
        return task
    if not outcome.strip():
        raise DomainError(_("Say what was done."), status=422)
    task.state = CareTask.State.DROPPED if is_dropped else CareTask.State.DONE
    task.outcome, task.closed_at = outcome.strip()[:200], timezone.now()
    task.save(update_fields=["state", "outcome", "closed_at"])
    record(by, f"marketing.care_{task.state}", task, kind=task.kind)
    return task
