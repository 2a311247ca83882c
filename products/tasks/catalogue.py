"""The catalogue's calendar: what was approved for a day begins on it."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can
from crm.core.task_kinds import TASK_KINDS, TaskKind

TASK_KINDS.add(
    TaskKind("products.review", _("%(version)s waits for your decision."), _("Decide"), "accent"),
    TaskKind("products.sent_back", _("%(who)s sent %(version)s back: %(note)s"), _("Mend"), "warn"),
)


@job_kind("products.take_effect", label=_("Versions begin on their day"), can=Can.EDIT_PRODUCTS)
def begin_versions(work: Work) -> None:
    """Every approved version whose day has come is in force; a second run changes nothing."""
    from products.services.review import take_effect

    work.advance(len(take_effect(as_of=timezone.localdate())))
