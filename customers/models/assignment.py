"""Who looks after a customer, which groups and territories it belongs to, and since when."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.scope import Scope, ScopedQuerySet
from customers.models.base import CustomerOwned, Imported


class CustomerAssignment(CustomerOwned):
    """Who is in charge for a span of days; history stays with the old ones (ROL-5)."""

    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="assignments"
    )
    branch = models.ForeignKey("core.Branch", models.PROTECT, related_name="assignments")
    during = DateRangeField(_("days"))
    reason = models.CharField(_("reason"), max_length=120)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("customer", "-during")
        verbose_name = _("assignment")
        triggers = (audited(),)
        indexes = (models.Index(fields=("customer",), name="assignment_customer"),)
        constraints = (
            ExclusionConstraint(
                name="assignment_one_at_a_time",
                expressions=[
                    ("customer", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} → {self.manager_id or self.branch_id}"


class GroupOverride(CustomerOwned):
    """A primary group or stage set by hand, with a reason and an end."""

    class Target(models.TextChoices):
        GROUP = "group", _("Primary group")
        STAGE = "stage", _("Life-cycle stage")
        SIZE = "size", _("Size")

    target = models.CharField(_("what is set"), max_length=8, choices=Target.choices)
    value = models.CharField(_("value"), max_length=24)
    reason = models.CharField(_("reason"), max_length=200)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("customer", "-from_on")
        verbose_name = _("manual setting")
        indexes = (models.Index(fields=("customer", "target"), name="override_customer"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__gt=models.F("from_on")), name="override_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.target}={self.value}"


class Territory(models.Model):
    """A park, market, village, cluster or grid cell that somebody works."""

    data_classes = {"*": "C1", "address": "C0"}

    class Kind(models.TextChoices):
        PARK = "park", _("Park")
        MARKET = "market", _("Market")
        DISTRICT = "district", _("Business district")
        CLUSTER = "cluster", _("Industry cluster")
        VILLAGE = "village", _("Village")
        GRID = "grid", _("Grid cell")

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    region = models.ForeignKey("core.RegionCode", models.PROTECT, null=True, blank=True)
    branch = models.ForeignKey("core.Branch", models.PROTECT, related_name="territories")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="territories"
    )
    address = models.CharField(_("place"), max_length=200, blank=True)
    tenant_estimate = models.PositiveIntegerField(_("estimated tenants"), null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("branch", "scope_lo")

    class Meta:
        ordering = ("code",)
        verbose_name = _("territory")

    def __str__(self) -> str:
        return self.name


class TerritoryMember(CustomerOwned, Imported):
    """The customer works in this territory; at most one of them is a grid cell."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="members")
    is_grid = models.BooleanField(default=False)

    class Meta:
        ordering = ("territory", "customer")
        verbose_name = _("territory member")
        constraints = (
            models.UniqueConstraint(fields=("customer", "territory"), name="territory_member_once"),
            models.UniqueConstraint(
                fields=("customer",), condition=Q(is_grid=True), name="territory_one_grid_cell"
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} ∈ {self.territory_id}"
