"""Background work that survives the loss of the broker: PostgreSQL holds the truth."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

ATTEMPTS = 5  # after these a range is parked and shown


class Job(models.Model):
    """A piece of work, written in the transaction that wants it, cut into ranges."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        PARKED = "parked", _("Parked")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=120, blank=True)
    params = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=120, blank=True)
    priority = models.PositiveSmallIntegerField(default=5)  # 0 is first
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    parts_total = models.PositiveIntegerField(default=0)
    parts_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveBigIntegerField(null=True)
    rows_done = models.PositiveBigIntegerField(default=0)  # of the parts that are done
    error = models.TextField(_("error"), blank=True)
    result = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        "core.User", models.PROTECT, null=True, blank=True, related_name="jobs"
    )
    subject_table = models.CharField(max_length=63, blank=True)  # the row that waits for it
    subject_pk = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-id",)
        verbose_name = _("job")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "unique_key"),
                condition=Q(state="waiting") & ~Q(unique_key=""),
                name="job_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(parts_done__lte=F("parts_total")), name="job_parts_done_at_most_all"
            ),
        )
        indexes = (
            models.Index(
                fields=("priority", "id"),
                condition=Q(state__in=("waiting", "running")),
                name="job_unfinished",
            ),
            models.Index(fields=("kind", "-id"), name="job_by_kind"),
            models.Index(fields=("created_by", "-id"), name="job_by_user"),
            models.Index(fields=("subject_table", "subject_pk"), name="job_by_subject"),
        )

    def __str__(self) -> str:
        return self.title or self.kind

    def get_absolute_url(self) -> str:
        return reverse("core:job", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state in {self.State.DONE, self.State.CANCELLED, self.State.PARKED}


class JobRange(models.Model):
    """One range of a job: claimed with a lease by one worker, effect and ``done`` in one commit."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        PARKED = "parked", _("Parked")

    job = models.ForeignKey(Job, models.CASCADE, related_name="ranges")
    number = models.PositiveIntegerField()
    stage = models.PositiveSmallIntegerField(
        default=0
    )  # a stage starts when the one before is done
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    rows_total = models.PositiveBigIntegerField(null=True)
    rows_done = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)  # where a handler that commits by itself goes on
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("job", "number")
        verbose_name = _("range of work")
        constraints = (
            models.UniqueConstraint(fields=("job", "number"), name="job_range_number_once"),
        )
        indexes = (
            models.Index(
                fields=("job", "stage", "number"),
                condition=~Q(state="done"),
                name="job_range_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"
