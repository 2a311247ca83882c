"""The sentences of to-dos: what each kind says, filled from its parameters."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text


@dataclass(frozen=True)
class TaskKind:
    """One kind of to-do: its sentence with named placeholders, and the words on its button."""

    key: str
    sentence: Text
    action: Text
    tone: str = "plain"


TASK_KINDS: Catalogue[TaskKind] = Catalogue("kinds of to-do")
TASK_KINDS.add(
    TaskKind(
        "core.reveal_quota",
        _("%(name)s asked for more than %(limit)s sensitive values on one day."),
        _("Look"),
        "warn",
    ),
    TaskKind(
        "core.cover_requested",
        _("%(stand_in)s is to stand in for %(absent)s: please decide."),
        _("Decide"),
        "accent",
    ),
)
