"""What stands beside portraits: figures of the whole bank, peers, tags by hand, corrections."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from customers.features.tags import MANUAL_TAGS, TAGS
from customers.models.base import CustomerOwned

MANUAL_CHOICES = tuple((code, label) for code, label in TAGS.choices if code in MANUAL_TAGS)


class RunThreshold(models.Model):
    """A bound that holds for the whole bank, as the run of a day found it (tiers)."""

    as_of = models.DateField(_("as of"))
    key = models.CharField(_("key"), max_length=40)  # as formulas write it: tier.a.contribution
    value = models.FloatField(_("value"))
    customers = models.IntegerField(_("customers"))

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-as_of", "key")
        verbose_name = _("bank-wide bound")
        constraints = (
            models.UniqueConstraint(fields=("as_of", "key"), name="run_threshold_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.as_of} {self.key} = {self.value}"


class PeerBand(models.Model):
    """99 percentiles of the firms of one trade and size, eight at least, as of a run."""

    as_of = models.DateField(_("as of"))
    trade_key = models.CharField(_("trade"), max_length=32)
    size_class = models.CharField(_("size"), max_length=8)
    firms = models.IntegerField(_("firms"))
    revenue = ArrayField(models.FloatField(), null=True, verbose_name=_("revenue"))
    margin = ArrayField(models.FloatField(), null=True, verbose_name=_("gross margin"))

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-as_of", "trade_key", "size_class")
        verbose_name = _("peer band")
        constraints = (
            models.UniqueConstraint(
                fields=("as_of", "trade_key", "size_class"), name="peer_band_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.as_of} {self.trade_key} {self.size_class}"


class PeerStatistic(models.Model):
    """Quartiles of one figure among the members of a group or of a trade and size (POR-0)."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Customer group")
        PEERS = "peers", _("Trade and size")

    as_of = models.DateField(_("as of"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    segment = models.CharField(_("segment"), max_length=48)  # a group, or trade:size
    column = models.CharField(_("figure"), max_length=40)  # a numeric column of the portrait
    members = models.IntegerField(_("members"))
    known = models.IntegerField(_("known"))
    low_quartile = models.FloatField(_("lower quartile"))
    median = models.FloatField(_("median"))
    high_quartile = models.FloatField(_("upper quartile"))

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("-as_of", "kind", "segment", "column")
        verbose_name = _("figure of a group")
        constraints = (
            models.UniqueConstraint(
                fields=("as_of", "kind", "segment", "column"), name="peer_statistic_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.as_of} {self.segment} {self.column}"


class PeerMonth(models.Model):
    """The median monthly inflow of the firms of one trade and size (24-month chart)."""

    trade_key = models.CharField(_("trade"), max_length=32)
    size_class = models.CharField(_("size"), max_length=8)
    ym = models.PositiveIntegerField(_("month"))
    firms = models.IntegerField(_("firms"))
    inflow_median = models.FloatField(_("median inflow"))

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("trade_key", "size_class", "ym")
        verbose_name = _("peer month")
        constraints = (
            models.UniqueConstraint(
                fields=("trade_key", "size_class", "ym"), name="peer_month_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.trade_key} {self.size_class} {self.ym}"


class ManualTag(CustomerOwned):
    """A tag put on by hand, with a reason, for a year at most (b.7)."""

    code = models.CharField(_("tag"), max_length=24, choices=MANUAL_CHOICES)
    reason = models.CharField(_("reason"), max_length=200)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("customer", "code")
        verbose_name = _("tag by hand")
        indexes = (models.Index(fields=("customer", "code"), name="manual_tag_customer"),)
        triggers = (audited(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on")), name="manual_tag_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.code}"


class CorrectionRequest(CustomerOwned):
    """A customer asks to correct what we hold; it is decided within 15 days (POR-7)."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    key = models.CharField(_("fact"), max_length=40)  # a declared fact or a portrait column
    held = models.CharField(_("what we hold"), max_length=200, blank=True)
    wanted = models.CharField(_("what it should be"), max_length=200)
    reason = models.CharField(_("reason"), max_length=200)
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C2"}

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name = _("request for correction")
        indexes = (models.Index(fields=("customer", "state"), name="correction_customer"),)
        triggers = (audited(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_by__isnull=False, decided_on__isnull=False),
                name="correction_decided_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.key}"
