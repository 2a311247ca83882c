"""Visits: planned for a week, logged at the counter, checked in, checked over."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.scope import Scope, ScopedQuerySet
from customers.models.base import CustomerOwned


class Purpose(models.TextChoices):
    """Why somebody goes there."""

    ACQUIRE = "acquire", _("Win the customer")
    CARE = "care", _("Care")
    INVESTIGATE = "investigate", _("Investigate")
    POST_LOAN = "post_loan", _("Post-loan check")
    COLLECT = "collect", _("Collect")
    SURVEY = "survey", _("Survey")
    COORDINATION = "coordination", _("Coordination list")


class VisitPlan(models.Model):
    """The week of one manager; ``week_on`` is its Monday (VIS-1)."""

    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="visit_plans"
    )
    week_on = models.DateField(_("week"))
    capacity = models.PositiveSmallIntegerField(_("visits a day"))
    start_latitude = models.FloatField(null=True, blank=True)  # where every route begins
    start_longitude = models.FloatField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-week_on",)
        verbose_name = _("visit plan")
        constraints = (
            models.UniqueConstraint(fields=("manager", "week_on"), name="visit_plan_once_a_week"),
        )

    def __str__(self) -> str:
        return f"{self.manager_id} {self.week_on}"


class PlannedVisit(CustomerOwned):
    """One stop of a plan: the day, its place in the route, and why this customer."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    plan = models.ForeignKey(VisitPlan, models.CASCADE, related_name="stops")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(_("day"))
    place = models.PositiveSmallIntegerField(_("place in the route"), default=0)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    reasons = models.JSONField(default=list)  # [{code, inputs}] why it is due
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    is_locked = models.BooleanField(_("stays on its day"), default=False)
    visit = models.OneToOneField(
        "marketing.Visit", models.SET_NULL, null=True, blank=True, related_name="planned"
    )

    class Meta:
        ordering = ("on", "place")
        verbose_name = _("planned visit")
        constraints = (
            models.UniqueConstraint(fields=("plan", "customer"), name="stop_once_a_plan"),
        )
        indexes = (
            models.Index(fields=("manager", "on"), name="stop_manager_day"),
            models.Index(fields=("customer", "on"), name="stop_customer"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.on}"


class Visit(CustomerOwned):
    """What happened at one visit; ``key`` is made on the device, so it is saved once (VIS-2)."""

    class Mood(models.IntegerChoices):
        COLD = 1, _("Cold")
        COOL = 2, _("Cool")
        EVEN = 3, _("Even")
        WARM = 4, _("Warm")
        KEEN = 5, _("Keen")

    class Objection(models.TextChoices):
        PRICE = "price", _("Price")
        AMOUNT = "amount", _("Amount")
        SPEED = "speed", _("Speed")
        GUARANTEE = "guarantee", _("Guarantee")
        PAPERS = "papers", _("Papers")
        NO_NEED = "no_need", _("No need")
        OTHER_BANK = "other_bank", _("Content with another bank")

    class FixSource(models.TextChoices):
        DEVICE = "device", _("Device")
        NETWORK = "network", _("Network")
        NONE = "none", _("No position")

    key = models.UUIDField(_("key"), unique=True)
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits")
    manager_scope_no = models.PositiveIntegerField(editable=False)  # where the visit counts
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"))
    whom_met = models.CharField(_("whom met"), max_length=60)
    summary = models.TextField(_("what was learnt"))
    need = models.CharField(_("need heard"), max_length=200, blank=True)
    mood = models.PositiveSmallIntegerField(_("mood"), choices=Mood.choices, null=True, blank=True)
    objections = ArrayField(
        models.CharField(max_length=12, choices=Objection.choices),
        default=list,
        blank=True,
        verbose_name=_("objections"),
    )
    promise = models.CharField(_("promise made"), max_length=200, blank=True)
    promise_on = models.DateField(_("promised for"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    closed_reason = models.CharField(_("no further step because"), max_length=200, blank=True)
    companions = models.CharField(_("together with"), max_length=120, blank=True)
    coordination_checks = models.JSONField(default=dict, blank=True)  # five answers (VIS-4)

    checked_in_at = models.DateTimeField(_("checked in"), null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(_("accuracy of the position"), null=True, blank=True)
    fix_age_s = models.PositiveIntegerField(_("age of the position"), null=True, blank=True)
    fix_source = models.CharField(
        _("source of the position"), max_length=8, choices=FixSource.choices, default=FixSource.NONE
    )
    distance_m = models.FloatField(_("distance to the address"), null=True, blank=True)
    far_reason = models.CharField(_("why so far"), max_length=200, blank=True)

    was_offline = models.BooleanField(_("written without a network"), default=False)
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)  # as it was sent
    opportunity = models.ForeignKey(  # the one the need went to, also when it was open before
        "marketing.Opportunity", models.SET_NULL, null=True, blank=True, related_name="heard_at"
    )
    received_at = models.DateTimeField(auto_now_add=True)
    facts_said = models.PositiveSmallIntegerField(_("facts"), default=0)
    rows_said = models.JSONField(default=list, db_default=[], editable=False)  # as they were told
    quality = models.PositiveSmallIntegerField(_("quality"), null=True, blank=True)  # 0 to 5
    flags = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    sampled_on = models.DateField(_("drawn for review"), null=True, blank=True)  # the week's Monday
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("-started_at",)
        verbose_name = _("visit")
        triggers = (
            audited(
                exclude=(
                    "content_sha256",
                    "facts_said",
                    "rows_said",
                    "quality",
                    "flags",
                    "sampled_on",
                )
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="visit_ends"),
            models.CheckConstraint(
                condition=Q(next_on__isnull=False) | ~Q(closed_reason=""),
                name="visit_has_a_next_step_or_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(quality__isnull=True) | Q(quality__lte=5), name="visit_quality_to_five"
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-started_at"), name="visit_customer"),
            models.Index(fields=("manager", "-started_at"), name="visit_manager"),
            models.Index(fields=("manager_scope_no", "started_at"), name="visit_scope_day"),
            models.Index(fields=("-started_at", "-id"), name="visit_newest"),
            models.Index(  # what a team leader looks at
                fields=("-started_at",),
                condition=Q(sampled_on__isnull=False) | ~Q(flags=[]),
                name="visit_to_review",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.started_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("marketing:visit", args=[self.pk])


class VisitFact(CustomerOwned):
    """One fact said at a visit, beside the fact row that the portrait reads."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="facts")
    key = models.CharField(_("fact"), max_length=32)
    category = models.PositiveSmallIntegerField(_("category"))  # 1 to 7, or 0
    value = models.CharField(_("value"), max_length=200)
    said_by = models.CharField(_("who said it"), max_length=60, blank=True)
    proof = models.CharField(_("what proves it"), max_length=200, blank=True)

    class Meta:
        ordering = ("visit", "category", "key")
        verbose_name = _("fact of a visit")
        constraints = (models.UniqueConstraint(fields=("visit", "key"), name="visit_fact_once"),)
        indexes = (models.Index(fields=("customer", "key"), name="visit_fact_customer"),)

    def __str__(self) -> str:
        return f"{self.visit_id} {self.key}"


class VisitPhoto(CustomerOwned):
    """A picture taken at a visit, with its fingerprint; the file lies in the data folder."""

    class Kind(models.TextChoices):
        DOOR = "door", _("Door")
        WORKSHOP = "workshop", _("Workshop")
        STOCK = "stock", _("Stock")
        LICENCE = "licence", _("Licence")
        PAPER = "paper", _("Paper")
        OTHER = "other", _("Other")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    key = models.UUIDField(unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    sha256 = models.CharField(max_length=64, db_index=True)
    likeness = models.BigIntegerField(null=True)  # difference hash: near copies
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    byte_count = models.PositiveIntegerField(_("size"))
    path = models.CharField(max_length=120)

    class Meta:
        ordering = ("visit", "pk")
        verbose_name = _("photo")
        indexes = (models.Index(fields=("customer",), name="visit_photo_customer"),)

    def __str__(self) -> str:
        return f"{self.visit_id} {self.kind}"


class VisitReview(models.Model):
    """What the team leader found when sampling a visit (VIS-6)."""

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="review")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("visit__customer")
    data_classes = {"*": "C1"}

    class Meta:
        verbose_name = _("visit review")
        triggers = (audited(),)
        constraints = (
            models.CheckConstraint(condition=Q(score__lte=5), name="visit_review_to_five"),
        )

    def __str__(self) -> str:
        return f"{self.visit_id} {self.score}"
