"""Something a person should do by a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.scope import Scope, ScopedQuerySet


class Task(models.Model):
    """One to-do: made by a rule or a person, owned by one person, done or dropped once."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(default=dict)  # placeholders of the kind's sentence
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks")
    scope_no = models.PositiveIntegerField(db_index=True, default=0, editable=False)
    due_on = models.DateField(_("due"), null=True, blank=True)
    link = models.CharField(max_length=200, blank=True)  # a path inside this site
    unique_key = models.CharField(max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope("scope_no")
    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name = _("to-do")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "unique_key"),
                condition=Q(state="open") & ~Q(unique_key=""),
                name="task_open_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("owner", "due_on"), condition=Q(state="open"), name="task_open_by_owner"
            ),
        )

    def __str__(self) -> str:
        return self.kind
