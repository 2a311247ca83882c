"""Who did what to which row: one narrow, append-only table, partitioned by month."""

from __future__ import annotations

from functools import lru_cache

import pgtrigger
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.core.events import event_label
from crm.core.roles import ROLES
from crm.core.words import Text


@lru_cache(maxsize=1)
def _table_names() -> dict[str, Text]:
    """What a row of each table is called."""
    return {model._meta.db_table: model._meta.verbose_name or "" for model in apps.get_models()}


class AuditEntry(models.Model):
    """One act: a row changed (written by the trigger), or an event (written by ``record``).

    The database keeps the key (id, at), so that the table is partitioned by month.
    """

    class Kind(models.TextChoices):
        ROW = "row", _("Row changed")
        EVENT = "event", _("Event")
        READ = "read", _("Read")

    at = models.DateTimeField(_("time"), db_default=Now())
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    event = models.CharField(_("event"), max_length=60)  # insert, update, delete, or app.event
    actor = models.ForeignKey(
        "core.User",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("who"),
    )
    role = models.CharField(_("role"), max_length=16, db_default="", default="")
    unit = models.ForeignKey(
        "core.Branch",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("unit"),
    )  # the actor's at that time
    request_id = models.CharField(max_length=32, db_default="", default="")
    table_name = models.CharField(_("table"), max_length=63, db_default="", default="")
    row_pk = models.CharField(_("row"), max_length=64, db_default="", default="")
    changed = ArrayField(
        models.CharField(max_length=63), verbose_name=_("changed columns"), null=True
    )
    details = models.JSONField(_("details"), null=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("audit entry")
        indexes = (
            models.Index(fields=("actor", "-at"), name="audit_by_actor"),
            models.Index(fields=("table_name", "row_pk", "-at"), name="audit_by_row"),
            models.Index(fields=("kind", "-at"), name="audit_by_kind"),
            models.Index(fields=("unit", "-at"), name="audit_by_unit"),
        )
        triggers = (
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.table_name}:{self.row_pk}"

    @property
    def role_label(self) -> Text:
        """The role at that time, in words."""
        role = ROLES.get(self.role)
        return role.label if role else self.role

    @property
    def event_label(self) -> Text:
        """What happened, in words."""
        return event_label(self.event)

    @property
    def table_label(self) -> Text:
        """The table in words."""
        return _table_names().get(self.table_name, self.table_name)

    @property
    def told(self) -> str:
        """The changed columns and the details in one line."""
        parts = list(self.changed or [])
        parts += [f"{name}: {value}" for name, value in (self.details or {}).items()]
        return ", ".join(parts)
