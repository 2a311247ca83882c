"""What a manager does with an item of the today queue beside doing it: snooze or delegate."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class QueueMark(models.Model):
    """One item put off, passed on or done; items are named by source and reference."""

    class Kind(models.TextChoices):
        SNOOZED = "snoozed", _("Put off")
        DELEGATED = "delegated", _("Passed on")
        DONE = "done", _("Done")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="queue_marks")
    source = models.CharField(_("source"), max_length=24)
    ref = models.CharField(_("reference"), max_length=64)
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    until_on = models.DateField(_("until"), null=True, blank=True)
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(auto_now=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-at",)
        verbose_name = _("queue mark")
        constraints = (
            models.UniqueConstraint(fields=("owner", "source", "ref"), name="queue_mark_once"),
            models.CheckConstraint(
                condition=~Q(kind="delegated") | Q(delegate__isnull=False),
                name="queue_mark_delegated_to_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("delegate",), condition=Q(kind="delegated"), name="queue_mark_delegate"
            ),
        )

    def __str__(self) -> str:
        return f"{self.owner_id} {self.source} {self.ref}"
