"""To-dos: made once for the same reason, closed once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.core.models import Task, User
from crm.core.task_kinds import TASK_KINDS


def add_task(
    kind: str,
    *,
    owner: User,
    params: dict[str, Any] | None = None,
    due_on: date | None = None,
    link: str = "",
    unique_key: str = "",
) -> Task | None:
    """The to-do stands in its owner's list; None when one of the same key is still open."""
    TASK_KINDS[kind]
    task = Task(
        kind=kind,
        params=params or {},
        owner=owner,
        scope_no=owner.scope_no,
        due_on=due_on,
        link=link,
        unique_key=unique_key,
    )
    try:
        with transaction.atomic():
            task.save()
    except IntegrityError:
        return None
    return task


@transaction.atomic
def close_task(*, task_id: int, by: User, is_dropped: bool = False) -> Task:
    """The owner has done it, or drops it; a second call changes nothing."""
    task: Task = Task.objects.select_for_update().get(pk=task_id, owner=by)
    if task.state == Task.State.OPEN:
        task.state = Task.State.DROPPED if is_dropped else Task.State.DONE
        task.closed_by, task.closed_at = by, timezone.now()
        task.save(update_fields=["state", "closed_by", "closed_at"])
    return task


def close_same(kind: str, *, unique_key: str, by: User) -> None:
    """The open to-do of this reason is done, whoever's it was: the matter is settled."""
    same = Task.objects.filter(kind=kind, unique_key=unique_key, state=Task.State.OPEN)
    same.update(state=Task.State.DONE, closed_by=by, closed_at=timezone.now())
