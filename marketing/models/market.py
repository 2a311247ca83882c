"""The market around a branch: surveys, goals, strategy, the coordination list."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.scope import Scope, ScopedQuerySet
from customers.models import Customer
from customers.models.base import CustomerOwned


class MarketSurvey(models.Model):
    """How many operators there are in a region or territory, by whom and when counted (a.6)."""

    class Source(models.TextChoices):
        REGISTRY = "registry", _("Business registry")
        TAX = "tax", _("Tax office")
        PARK = "park", _("Park office")
        COUNT = "count", _("Own count")
        ESTIMATE = "estimate", _("Estimate")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")

    branch = models.ForeignKey("core.Branch", models.PROTECT, related_name="surveys")
    region = models.ForeignKey("core.RegionCode", models.PROTECT, related_name="+")
    territory = models.ForeignKey(
        "customers.Territory", models.PROTECT, null=True, blank=True, related_name="surveys"
    )
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    confidence = models.PositiveSmallIntegerField(_("confidence 1-5"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("branch", "scope_lo")
    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-as_of",)
        verbose_name = _("market survey")
        triggers = (audited(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(confidence__gte=1, confidence__lte=5), name="survey_confidence_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(made_by__isnull=True)
                | ~Q(approved_by=F("made_by")),
                name="survey_maker_is_not_checker",
            ),
        )

    def __str__(self) -> str:
        return f"{self.region_id} {self.as_of}"


class SurveyLine(models.Model):
    """One count of a survey; the share is computed from the counts (CUS-5)."""

    survey = models.ForeignKey(MarketSurvey, models.CASCADE, related_name="lines")
    party_type = models.CharField(
        _("party type"), max_length=24, choices=Customer.PartyType.choices, blank=True
    )
    survey_kind = models.CharField(_("kind"), max_length=24, blank=True)
    industry = models.ForeignKey(
        "core.IndustryCode", models.PROTECT, null=True, blank=True, related_name="+"
    )
    size_class = models.CharField(_("size"), max_length=8, blank=True)
    age_band = models.CharField(_("operator's age"), max_length=8, blank=True)
    count = models.PositiveIntegerField(_("count"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("survey__branch", "scope_lo")
    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("survey", "party_type", "survey_kind")
        verbose_name = _("survey line")
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "survey", "party_type", "survey_kind", "industry", "size_class", "age_band"
                ),
                name="survey_line_once",
                nulls_distinct=False,
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.survey_id} {self.survey_kind} {self.count}"


class BranchStrategy(models.Model):
    """One branch, one policy, for a year; approved by the unit above (a.8)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")

    branch = models.ForeignKey("core.Branch", models.PROTECT, related_name="strategies")
    year = models.PositiveSmallIntegerField(_("year"))
    positioning = models.TextField(_("positioning"), blank=True)
    focus_industries = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    focus_groups = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    focus_families = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    styles = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    avoided = models.TextField(_("what we keep out of"), blank=True)
    goals = models.JSONField(default=dict, blank=True)  # metric: yearly target
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("branch", "scope_lo")
    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-year", "branch")
        verbose_name = _("branch strategy")
        triggers = (audited(exclude=("version",)),)
        constraints = (
            models.UniqueConstraint(fields=("branch", "year"), name="strategy_once_a_year"),
            models.CheckConstraint(
                condition=Q(made_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(made_by=F("decided_by")),
                name="strategy_maker_is_not_checker",
            ),
        )

    def __str__(self) -> str:
        return f"{self.branch_id} {self.year}"


class RegTarget(models.Model):
    """A goal of a unit for a period; metrics are a catalogue in marketing/goals/ (e.9)."""

    branch = models.ForeignKey("core.Branch", models.PROTECT, related_name="goals")
    metric = models.CharField(_("metric"), max_length=32)
    caliber = models.CharField(_("caliber"), max_length=32, blank=True)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    baseline = models.DecimalField(_("baseline"), max_digits=20, decimal_places=4, null=True)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=4)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, default=1)

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("branch", "scope_lo")
    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("branch", "metric", "-period_from")
        verbose_name = _("goal")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(
                fields=("branch", "metric", "caliber", "period_from"), name="goal_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gt=F("period_from")), name="goal_period_runs_forward"
            ),
        )

    def __str__(self) -> str:
        return f"{self.branch_id} {self.metric}"


class CoordinationItem(CustomerOwned):
    """A firm on the coordination list: declared, recommended, decided within its clock (e.10)."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        VISITED = "visited", _("Visited")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        HELPED = "helped", _("Being helped")

    class Refusal(models.TextChoices):
        NO_NEED = "no_need", _("No real need")
        STOPPED = "stopped", _("Operation stopped")
        CREDIT_RECORD = "credit_record", _("Credit record")
        DEBTS = "debts", _("Debts too high")
        NO_CASH = "no_cash", _("No cash source")
        USE_UNCLEAR = "use_unclear", _("Use unclear")
        INDUSTRY = "industry", _("Industry limit")
        PAPERS = "papers", _("Missing materials")
        OTHER = "other", _("Other")

    list_no = models.CharField(_("list"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12)  # declared or recommended
    town = models.CharField(_("town"), max_length=60, blank=True)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("due on"))
    wanted_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    checks = models.JSONField(default=dict, blank=True)  # five standards: yes, no, or not yet
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal = models.CharField(_("why refused"), max_length=14, choices=Refusal.choices, blank=True)
    help_steps = models.TextField(_("steps to repair"), blank=True)
    retry_on = models.DateField(_("try again on"), null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on",)
        verbose_name = _("coordination item")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "list_no"), name="coordination_once_a_list"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal=""),
                name="coordination_refused_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=("customer",), name="coordination_customer"),
            models.Index(
                fields=("owner", "due_on"),
                condition=Q(state__in=("open", "visited")),
                name="coordination_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.list_no} {self.customer_id}"
