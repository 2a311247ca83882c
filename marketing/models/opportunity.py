"""Opportunities: one product, one customer, through gated stages to won or lost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from customers.models import ProductFamily
from customers.models.base import CustomerOwned, amount
from products.models import ProductVersion, Suggestion


class Mode(models.TextChoices):
    """The six marketing modes (e.1)."""

    PASSIVE = "passive", _("Passive marketing")
    ACTIVE = "active", _("Active marketing")
    VALUE = "value", _("Value marketing")
    DATA = "data", _("Data marketing")
    BATCH = "batch", _("Batch marketing")
    COMBINATION = "combination", _("Combination marketing")


SUMMED = ("customer", "state", "amount", "probability")  # what sums of the pipeline read


class Opportunity(CustomerOwned):
    """A need that may become business; stages and their gates are in marketing/pipeline/."""

    class Pipeline(models.TextChoices):
        CREDIT = "credit", _("Loan business")
        OTHER = "other", _("Other business")

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    class Lost(models.TextChoices):
        PRICE = "price", _("Price too high")
        AMOUNT = "amount", _("Amount too small")
        SPEED = "speed", _("Too slow")
        GUARANTEE = "guarantee", _("Guarantee not to be had")
        NOT_ELIGIBLE = "not_eligible", _("Not eligible")
        NO_NEED = "no_need", _("No need")
        COMPETITOR = "competitor", _("Went to a competitor")
        RISK = "risk", _("Refused for risk")
        NO_CONTACT = "no_contact", _("No contact")

    pipeline = models.CharField(_("pipeline"), max_length=8, choices=Pipeline.choices)
    family = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    version_chosen = models.ForeignKey(
        ProductVersion, models.PROTECT, null=True, blank=True, related_name="opportunities"
    )
    title = models.CharField(_("title"), max_length=80, blank=True)
    amount = amount(_("amount"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    origin_mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices)
    suggestion = models.OneToOneField(
        Suggestion, models.SET_NULL, null=True, blank=True, related_name="opportunity"
    )
    visit = models.ForeignKey(
        "marketing.Visit", models.SET_NULL, null=True, blank=True, related_name="opportunities"
    )
    stage = models.CharField(_("stage"), max_length=16)
    stage_since = models.DateTimeField(_("in this stage since"))
    stage_due_on = models.DateField(_("stage due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    probability = models.FloatField(_("probability"))
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="opportunities"
    )
    next_action = models.CharField(_("next action"), max_length=120, blank=True)
    next_on = models.DateField(_("next action on"), null=True, blank=True)
    last_action_on = models.DateField(_("last action"))
    lost_reason = models.CharField(
        _("lost because"), max_length=12, choices=Lost.choices, blank=True
    )
    lost_to = models.CharField(_("lost to"), max_length=60, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    evidence = models.JSONField(default=dict, blank=True)  # ticks and values of gates by key
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("-opened_at",)
        verbose_name = _("opportunity")
        triggers = (audited(exclude=("version", "probability")),)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "family"),
                condition=Q(state="open"),
                name="opportunity_one_open_a_family",
            ),
            models.CheckConstraint(
                condition=~Q(state="lost") | ~Q(lost_reason=""), name="opportunity_lost_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(closed_at__isnull=False),
                name="opportunity_closed_has_a_time",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-opened_at"), name="opportunity_customer"),
            models.Index(
                fields=("owner", "stage"), condition=Q(state="open"), name="opportunity_owner_open"
            ),
            models.Index(fields=("closed_at", "id"), name="opportunity_closed"),
            models.Index(  # the columns of the kanban: their sums, and their first cards
                fields=("pipeline", "stage", "stage_due_on", "id"),
                condition=Q(state="open"),
                include=SUMMED,
                name="opp_stage",
            ),
            models.Index(
                fields=("pipeline", "closed_at", "id"),
                condition=Q(state="won"),
                include=("stage", "stage_due_on", *SUMMED),
                name="opp_won",
            ),
            *(
                models.Index(fields=(*order, "id"), condition=Q(state="open"), name=f"opp_{name}")
                for name, order in {  # the orders of the list and the days of the calendar
                    "due": ("stage_due_on",),
                    "value": ("amount",),
                    "newest": ("opened_at",),
                    "next": ("next_on",),
                    "expected": ("expected_on",),
                    "silent": ("last_action_on",),
                }.items()
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.family} {self.stage}"

    def get_absolute_url(self) -> str:
        return reverse("marketing:opportunity", args=[self.pk])


class StageEvent(CustomerOwned):
    """One move of an opportunity, with what was shown for it (OPP-2); never changed."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="events")
    from_stage = models.CharField(_("from"), max_length=16, blank=True)
    to_stage = models.CharField(_("to"), max_length=16)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    scope_no = models.PositiveIntegerField(editable=False)  # where the move counts, for good
    days_in_stage = models.FloatField(_("days in the stage before"), null=True)
    amount = amount(_("amount"), null=True, blank=True)
    evidence = models.JSONField(default=dict)
    skip_reason = models.CharField(_("why a stage was skipped"), max_length=200, blank=True)

    class Meta:
        ordering = ("opportunity", "at")
        verbose_name = _("stage change")
        indexes = (
            models.Index(fields=("opportunity", "at"), name="stage_event_opportunity"),
            models.Index(fields=("at",), name="stage_event_at"),  # the rows behind a board
        )

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.from_stage} → {self.to_stage}"


class StageRate(models.Model):
    """How often those who stood in a stage were won within the last twelve months (OPP-1)."""

    pipeline = models.CharField(_("pipeline"), max_length=8, choices=Opportunity.Pipeline.choices)
    stage = models.CharField(_("stage"), max_length=16)
    closed = models.PositiveIntegerField(_("closed"))
    won = models.PositiveIntegerField(_("won"))
    as_of = models.DateField(_("as of"))

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("pipeline", "stage")
        verbose_name = _("stage rate")
        constraints = (
            models.UniqueConstraint(fields=("pipeline", "stage"), name="stage_rate_once"),
            models.CheckConstraint(
                condition=Q(won__lte=models.F("closed")), name="stage_rate_won_of_closed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.pipeline} {self.stage} {self.won}/{self.closed}"
