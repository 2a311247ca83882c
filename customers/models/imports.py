"""Imports: the file, its mapping, its counts, its errors, and what is needed to undo it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ImportMapping(models.Model):
    """Which column of a file feeds which field of a kind; remembered by its header."""

    data_classes = {"*": "C1"}

    kind = models.CharField(_("kind"), max_length=24)
    name = models.CharField(_("name"), max_length=60)
    header_sha256 = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("kind", "name")
        verbose_name = _("column mapping")
        constraints = (
            models.UniqueConstraint(fields=("kind", "name"), name="import_mapping_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class ImportBatch(models.Model):
    """One file read once. read = created + updated + unchanged + rejected, always."""

    data_classes = {"*": "C1"}

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Checking")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    kind = models.CharField(_("kind"), max_length=24)
    file_name = models.CharField(_("file"), max_length=200)
    file_path = models.CharField(max_length=300, blank=True)  # empty once the file is purged
    file_sha256 = models.CharField(max_length=64)
    file_bytes = models.BigIntegerField(_("size"))
    encoding = models.CharField(_("encoding"), max_length=16, blank=True)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    read_rows = models.PositiveIntegerField(_("read"), default=0)
    created_rows = models.PositiveIntegerField(_("created"), default=0)
    updated_rows = models.PositiveIntegerField(_("updated"), default=0)
    unchanged_rows = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected_rows = models.PositiveIntegerField(_("rejected"), default=0)
    warned_rows = models.PositiveIntegerField(_("with a remark"), default=0)
    blocks_done = models.PositiveIntegerField(default=0)  # where a restarted worker goes on
    fraction = models.FloatField(default=0)  # of the file
    checked = models.JSONField(null=True)  # the counts of the last dry run
    problem = models.JSONField(default=dict)  # code and details of the sentence, in no language
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("import")
        indexes = (
            models.Index(fields=("kind", "-id"), name="import_by_kind"),
            models.Index(fields=("file_sha256",), name="import_by_file"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    read_rows=F("created_rows")
                    + F("updated_rows")
                    + F("unchanged_rows")
                    + F("rejected_rows")
                ),
                name="import_counts_add_up",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("customers:import", args=[self.pk])

    @property
    def is_working(self) -> bool:
        """A worker has it, or soon will."""
        return self.state in {self.State.CHECKING, self.State.RUNNING, self.State.UNDOING}

    @property
    def is_settled(self) -> bool:
        """Rows were loaded, and nothing more happens by itself."""
        return self.state in {self.State.DONE, self.State.CANCELLED}


class ImportRowError(models.Model):
    """A row that was not loaded, or loaded with a remark: where, what, and why in a sentence."""

    data_classes = {"*": "C2"}

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="errors")
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=80)
    value = models.CharField(_("value"), max_length=200)
    code = models.CharField(max_length=40)
    details = models.JSONField(default=dict)  # placeholders of the sentence, in no language
    is_remark = models.BooleanField(default=False)  # the row was loaded all the same

    class Meta:
        ordering = ("batch", "line", "pk")
        verbose_name = _("rejected row")
        indexes = (models.Index(fields=("batch", "line"), name="import_error_place"),)

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"


class ImportChange(models.Model):
    """What a row looked like before an import updated it."""

    data_classes = {"*": "C2"}

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes")
    table = models.CharField(max_length=63)
    key = models.JSONField()  # the values of the kind's key columns
    before = models.JSONField()  # the whole row
    row = models.PositiveIntegerField(null=True)  # of the file, that changed it

    class Meta:
        ordering = ("batch", "pk")
        verbose_name = _("changed row")
        indexes = (models.Index(fields=("table", "key"), name="import_change_row"),)

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
