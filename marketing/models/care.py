"""Care of customers: tasks by cycle and event, complaints, satisfaction (e.11)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from customers.models import FiveClass, ProductFamily
from customers.models.base import CustomerOwned, amount


class CareTask(CustomerOwned):
    """Something due for a customer by its tier's cycle or by an event; once while it is open."""

    class Kind(models.TextChoices):
        CYCLE = "cycle", _("Care cycle")
        MATURITY = "maturity", _("Loan matures")
        CERTIFICATE = "certificate", _("New certificate")
        LEASE = "lease", _("Lease ends")
        COMPLAINT = "complaint", _("Complaint")
        CHURN = "churn", _("Churn signal")
        RELIEF = "relief", _("Short of cash")
        SATISFACTION = "satisfaction", _("Ask how content they are")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    reasons = models.JSONField(default=list)  # [{code, inputs}]
    due_on = models.DateField(_("due"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="care_tasks"
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    made_on = models.DateField(_("made on"))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on",)
        verbose_name = _("care task")
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "kind"), condition=Q(state="open"), name="care_open_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("owner", "due_on"), condition=Q(state="open"), name="care_owner_open"
            ),
            models.Index(fields=("customer", "kind", "closed_at"), name="care_customer"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}"


class Relief(CustomerOwned):
    """A customer short of cash: what was proposed, and what came of it after 90 days (CARE-3)."""

    class State(models.TextChoices):
        FOUND = "found", _("Found")
        PROPOSED = "proposed", _("Help proposed")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        RECOVERED = "recovered", _("Recovered")
        STABLE = "stable", _("Stable")
        WORSE = "worse", _("Worse")
        LEFT = "left", _("Left us or closed")

    found_on = models.DateField(_("found on"))
    runway_months = models.DecimalField(_("months the cash lasts"), max_digits=10, decimal_places=2)
    cash_amount = amount(_("cash and unused line"))
    cost_amount = amount(_("fixed cost a month"))
    five_class = models.CharField(_("class"), max_length=16, choices=FiveClass.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.FOUND)
    proposals = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    outcome_due_on = models.DateField(_("outcome due"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField(_("what came of it"), max_length=200, blank=True)
    outcome_on = models.DateField(_("outcome on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("runway_months",)
        verbose_name = _("relief")
        triggers = (audited(exclude=("version",)),)
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=~Q(state="closed"), name="relief_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="found") | Q(proposed_on__isnull=False),
                name="relief_proposed_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(outcome=""), name="relief_closed_with_outcome"
            ),
        )
        indexes = (models.Index(fields=("customer", "-found_on"), name="relief_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.found_on}"


class Complaint(CustomerOwned):
    """A complaint; an open one stops marketing (CARE-5)."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    kind = models.CharField(_("kind"), max_length=24)
    text = models.TextField(_("complaint"))
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("due"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_by = models.ForeignKey(  # the last who handed it on, and what was asked for
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_note = models.CharField(_("note"), max_length=200, blank=True, db_default="")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    cause = models.CharField(_("cause"), max_length=200, blank=True)
    fix = models.CharField(_("what was done"), max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on",)
        verbose_name = _("complaint")
        triggers = (audited(),)
        indexes = (models.Index(fields=("customer", "state"), name="complaint_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}"


class Satisfaction(CustomerOwned):
    """A mark from 1 to 5 after a visit, a decision or a closed complaint (CARE-4)."""

    class After(models.TextChoices):
        VISIT = "visit", _("Visit")
        DECISION = "decision", _("Decision")
        COMPLAINT = "complaint", _("Complaint")

    after = models.CharField(_("after"), max_length=10, choices=After.choices)
    mark = models.PositiveSmallIntegerField(_("mark"))
    on = models.DateField(_("on"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    manager = models.ForeignKey(  # of that day: a later hand-over moves no mark
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    family = models.CharField(
        _("family"), max_length=24, choices=ProductFamily.choices, blank=True, db_default=""
    )
    subject = models.CharField(
        max_length=40, blank=True, db_default=""
    )  # visit-12: asked once each

    class Meta:
        ordering = ("-on",)
        verbose_name = _("satisfaction")
        constraints = (
            models.CheckConstraint(
                condition=Q(mark__gte=1, mark__lte=5), name="satisfaction_1_to_5"
            ),
            models.UniqueConstraint(
                fields=("customer", "after", "subject"),
                condition=~Q(subject=""),
                name="satisfaction_asked_once",
            ),
        )
        indexes = (models.Index(fields=("customer", "-on"), name="satisfaction_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.mark}"
