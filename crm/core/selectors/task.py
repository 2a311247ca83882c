"""To-dos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, QuerySet

from crm.core.models import Task, User
from crm.core.task_kinds import TASK_KINDS


def open_tasks(*, user: User) -> QuerySet[Task]:
    """The user's own open to-dos, the most urgent first."""
    tasks = Task.objects.filter(owner=user, state=Task.State.OPEN)
    return tasks.order_by(F("due_on").asc(nulls_last=True), "pk")


def task_row(task: Task) -> Mapping[str, Any]:
    """The to-do in words."""
    kind = TASK_KINDS.get(task.kind)
    sentence = str(kind.sentence) % task.params if kind else task.kind
    return {
        "task": task,
        "sentence": sentence,
        "action": kind.action if kind else "",
        "tone": kind.tone if kind else "plain",
    }
