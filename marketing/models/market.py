"""The market around a branch: surveys, goals, strategy, the coordination list."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.scope import Scope, ScopedQuerySet
from customers.models import Customer
from customers.models.base import CustomerOwned, Imported


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
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    note = models.CharField(_("how it was counted"), max_length=200, blank=True, db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("branch", "scope_lo")
    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-as_of", "-pk")
        verbose_name = _("market survey")
        triggers = (audited(exclude=("version",)),)
        indexes = (
            models.Index(
                fields=("region", "-as_of"), condition=Q(state="approved"), name="survey_in_force"
            ),
        )
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

    def get_absolute_url(self) -> str:
        return reverse("marketing:survey", args=[self.pk])


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
    new_count = models.PositiveIntegerField(  # unknown where the source does not say
        _("newly registered, 12 months"), null=True, blank=True
    )

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
    focus_territories = ArrayField(models.BigIntegerField(), default=list, blank=True)
    territory_plan = models.JSONField(default=dict, blank=True)  # territory: customers to win
    product_mix = models.JSONField(default=dict, blank=True)  # family: share of what is drawn
    styles = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    avoided = models.TextField(_("what we keep out of"), blank=True)
    goals = models.JSONField(default=dict, blank=True)  # metric: yearly target
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    note = models.CharField(_("note on the decision"), max_length=200, blank=True)
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
    """A goal of a unit for a period; metrics are a catalogue in marketing/goals/ (e.9).

    The unit sets it, the unit above approves it; a change is a new row beside the one in force.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        REPLACED = "replaced", _("Replaced")

    branch = models.ForeignKey("core.Branch", models.PROTECT, related_name="goals")
    metric = models.CharField(_("metric"), max_length=32)
    caliber = models.CharField(_("caliber"), max_length=32, blank=True)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    baseline = models.DecimalField(_("baseline"), max_digits=20, decimal_places=4, null=True)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=4)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("branch", "scope_lo")
    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("branch", "metric", "-period_from")
        verbose_name = _("goal")
        triggers = (audited(exclude=("version",)),)
        constraints = (
            models.UniqueConstraint(
                fields=("branch", "metric", "caliber", "period_from"),
                condition=Q(state="approved"),
                name="goal_once_in_force",
            ),
            models.UniqueConstraint(
                fields=("branch", "metric", "caliber", "period_from"),
                condition=Q(state__in=("draft", "submitted")),
                name="goal_once_proposed",
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(made_by=F("decided_by")),
                name="goal_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=Q(period_to__gt=F("period_from")), name="goal_period_runs_forward"
            ),
        )

    def __str__(self) -> str:
        return f"{self.branch_id} {self.metric}"


class MarketCount(models.Model):
    """How many customers of one place in the tree stand in one cell of the market (e.8).

    ``place`` is a region (county, city and province alike) or a territory; ``dimension`` and
    ``value`` are those of marketing/market/cells.py. Counted in the background, all at once.
    """

    scope_no = models.PositiveIntegerField()
    dimension = models.CharField(max_length=9)
    place = models.CharField(max_length=24)
    value = models.CharField(max_length=24)
    known = models.PositiveIntegerField(_("known to us"))
    holders = models.PositiveIntegerField(_("customers"))
    borrowers = models.PositiveIntegerField(_("credit customers"))
    new_holders = models.PositiveIntegerField(_("new customers, 12 months"))
    contribution = models.FloatField(_("contribution, 12 months"))  # yuan, of the holders counted
    contributors = models.PositiveIntegerField()  # holders whose contribution is known
    as_of = models.DateField(_("as of"))
    counted_at = models.DateTimeField(_("computed at"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope("scope_no")
    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("market count")
        constraints = (
            models.UniqueConstraint(
                fields=("dimension", "scope_no", "place", "value"), name="market_count_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope_no} {self.dimension} {self.place} {self.value}"


class CoordinationItem(CustomerOwned, Imported):
    """A firm on the coordination list: declared, recommended, decided within its clock (e.10)."""

    class State(models.TextChoices):
        OPEN = "open", _("To be visited")
        VISITED = "visited", _("Visited")
        APPROVED = "approved", _("Credit approved")
        REFUSED = "refused", _("Not approved")
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

    class Kind(models.TextChoices):
        DECLARED = "declared", _("Declared list")
        RECOMMENDED = "recommended", _("Recommended list")

    list_no = models.CharField(_("list"), max_length=40)
    kind = models.CharField(_("kind of list"), max_length=12, choices=Kind.choices)
    source_team = models.CharField(_("work team"), max_length=80, blank=True, db_default="")
    town = models.CharField(_("town"), max_length=60, blank=True)
    received_on = models.DateField(_("received on"))
    contact_due_on = models.DateField(_("contact due on"), null=True, blank=True)
    contacted_on = models.DateField(_("contacted on"), null=True, blank=True)
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
    is_repairable = models.BooleanField(_("can be repaired"), null=True, blank=True)
    approved_amount = models.DecimalField(
        _("approved amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    decision_note = models.CharField(
        _("note on the decision"), max_length=200, blank=True, db_default=""
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        ordering = ("due_on",)
        verbose_name = _("coordination item")
        triggers = (audited(exclude=("version",)),)
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

    def get_absolute_url(self) -> str:
        return reverse("marketing:coordination_item", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to be made."""
        return self.state in {self.State.OPEN, self.State.VISITED}
