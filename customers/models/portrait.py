"""The portrait: one wide row a customer, its columns generated from the feature catalogue."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.scope import Scope, ScopedQuerySet
from customers.features.catalogue import COLUMNS
from customers.features.spec import FLOATS, INTEGERS, ColumnSpec, Unit
from customers.models.rollups import YuanField


def field_of(column: ColumnSpec) -> models.Field[Any, Any]:
    """The model field that holds a column; NULL is unknown."""
    label = column.label or column.key
    if column.unit == Unit.YUAN:
        return YuanField(label, null=True)
    if column.unit in FLOATS:
        return models.FloatField(label, null=True)
    if column.unit in INTEGERS:
        return models.IntegerField(label, null=True)
    if column.unit == Unit.DATE:
        return models.DateField(label, null=True)
    if column.unit == Unit.FLAG:
        return models.BooleanField(label, null=True)
    text = models.CharField(label, max_length=column.width, null=True)
    return ArrayField(text, null=True) if column.unit == Unit.CODES else text


def _columns() -> dict[str, models.Field[Any, Any]]:
    return {column.key: field_of(column) for column in COLUMNS}


class Trigger(models.TextChoices):
    """What made a portrait be computed (POR-3)."""

    NIGHTLY = "nightly", _("Nightly run")
    IMPORT = "import", _("Import")
    VISIT = "visit", _("Visit")
    LOAN = "loan", _("Loan event")
    EDIT = "edit", _("Edit by hand")


class PortraitBase(models.Model):
    """What portrait and version share beside the generated columns."""

    customer_id: int
    as_of = models.DateField(_("as of"))
    computed_at = models.DateTimeField(_("computed at"))
    trigger = models.CharField(_("trigger"), max_length=12, choices=Trigger.choices)
    parameters = models.CharField(_("parameters"), max_length=12)  # version of the snapshot used
    version_no = models.IntegerField(_("version"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("customer")
    data_classes = {"*": "C2"}

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return reverse("customers:detail", args=[self.customer_id])


class PortraitRow(PortraitBase):
    """The current portrait; the nightly run replaces the whole table."""

    customer = models.OneToOneField(
        "customers.Customer",
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="portrait",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.customer_id} {self.as_of}"


class VersionRow(PortraitBase):
    """A portrait as it was computed when a fact had moved it; never changed (POR-3)."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        "customers.Customer",
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="portrait_versions",
    )
    is_material = models.BooleanField(_("material change"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.customer_id} v{self.version_no}"


# What lists filter and sort on most stands in one narrow index: a row has some two hundred columns.
LISTED = (
    "stage",
    "tier",
    "size_class",
    "primary_group",
    "groups",
    "tags",
    "completeness",
    "freshness",
    "inflow_month_12m",
    "inflow_trend",
    "loan_balance",
    "deposit_average_3m",
    "annual_revenue",
    "days_past_due",
    "last_visit_on",
    "next_funding_on",
    "stickiness",
    "contribution_12m",
)


class _PortraitMeta:
    verbose_name = _("portrait")
    indexes = (
        models.Index(fields=("customer",), include=LISTED, name="portrait_list"),
        models.Index(fields=("inflow_month_12m", "customer"), name="portrait_by_inflow"),
        models.Index(fields=("loan_balance", "customer"), name="portrait_by_loan"),
        models.Index(
            fields=("completeness", "customer"), include=("tags",), name="portrait_by_completeness"
        ),
        GinIndex(fields=("groups",), name="portrait_groups"),
        GinIndex(fields=("tags",), name="portrait_tags"),
        models.Index(fields=("size_class",), name="portrait_size"),
        GinIndex(fields=("certificates",), name="portrait_certificates"),
    )


class _VersionMeta:
    verbose_name = _("portrait version")
    ordering = ("customer", "-version_no")
    indexes = (models.Index(fields=("customer", "version_no"), name="portrait_version_no"),)


Portrait: Any = type(
    "Portrait",
    (PortraitRow,),
    {"__module__": __name__, "__doc__": PortraitRow.__doc__, "Meta": _PortraitMeta} | _columns(),
)
PortraitVersion: Any = type(
    "PortraitVersion",
    (VersionRow,),
    {"__module__": __name__, "__doc__": VersionRow.__doc__, "Meta": _VersionMeta} | _columns(),
)
