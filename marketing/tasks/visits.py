"""What visits leave to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.task_kinds import TASK_KINDS, TaskKind

TASK_KINDS.add(
    TaskKind("marketing.promise", _("Promised to %(name)s: %(promise)s"), _("Look"), "accent"),
)
