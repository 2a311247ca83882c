"""Cross-sell suggestions: the model behind them, each with its reasons, state and receipt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from customers.models import ProductFamily
from customers.models.base import CustomerOwned, amount
from products.models.product import ProductVersion


class PropensityModel(models.Model):
    """A fitted model as data: what it reads, its figures, how it did. Scored without a solver."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("Candidate")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    trained_to = models.DateField(_("no input is later than"))
    horizon_days = models.PositiveSmallIntegerField(_("horizon"))
    content = models.JSONField()  # features, scaling, coefficients, lifts
    metrics = models.JSONField(default=dict)
    data_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("-version",)
        verbose_name = _("propensity model")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(
                fields=("state",), condition=Q(state="active"), name="propensity_one_active"
            ),
        )

    def __str__(self) -> str:
        return f"v{self.version}"


class Suggestion(CustomerOwned):
    """One product to talk about with one customer: why, what it is worth, until when.

    Written by the hundred thousand each night, so it has no row trigger: answers are recorded by
    the service that takes them.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        SEEN = "seen", _("Seen")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")

    class Decline(models.TextChoices):
        HAS_ELSEWHERE = "has_elsewhere", _("Has it at another bank")
        TOO_DEAR = "too_dear", _("Too dear")
        NO_NEED = "no_need", _("No need now")
        NOT_SUITABLE = "not_suitable", _("Does not suit")
        BAD_TIMING = "bad_timing", _("Bad timing")
        RISK = "risk", _("Risk concern")
        OTHER = "other", _("Other")

    family = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="suggestions")
    rank = models.PositiveSmallIntegerField(_("rank"))
    chance = models.FloatField(_("chance within the horizon"))
    match_score = models.FloatField(_("match score"))
    expected_amount = amount(_("expected value in a year"))
    reasons = models.JSONField(default=list)  # [{code, inputs, weight}], strongest first
    receipt = models.JSONField(default=dict)  # inputs, book, model and parameter versions
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    as_of = models.DateField(_("as of"))
    made_at = models.DateTimeField(_("made at"))
    refreshed_at = models.DateTimeField(_("refreshed at"))
    expires_on = models.DateField(_("expires on"))
    seen_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decline_reason = models.CharField(
        _("why not"), max_length=16, choices=Decline.choices, blank=True
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    cool_until = models.DateField(_("not again before"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)  # the outcome

    class Meta:
        ordering = ("customer", "rank")
        verbose_name = _("suggestion")
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "family"),
                condition=Q(state__in=("new", "seen")),
                name="suggestion_one_open_a_family",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decline_reason=""),
                name="suggestion_declined_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "state", "rank"), name="suggestion_customer"),
            models.Index(
                fields=("owner", "-expected_amount"),
                condition=Q(state__in=("new", "seen")),
                name="suggestion_owner_open",
            ),
            models.Index(
                fields=("-expected_amount", "id"),
                condition=Q(state__in=("new", "seen")),
                name="suggestion_by_value",
            ),
            models.Index(
                fields=("expires_on",),
                condition=Q(state__in=("new", "seen")),
                name="suggestion_expiry",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.family} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in (self.State.NEW, self.State.SEEN)

    @property
    def token(self) -> str:
        """What an answer must show: it changes with the version and the figures on offer."""
        return f"{self.version_id}.{self.refreshed_at.timestamp():.6f}"
