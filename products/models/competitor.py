"""What the others offer: competitors, their products with source and date, and notes on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from customers.features.declared import REPAYMENT_MODES
from customers.models import ProductFamily
from customers.models.base import Imported
from products.models.terms import Channel, GuaranteeMode, codes, money, share


class Competitor(models.Model):
    """Another bank, a fintech or a lender in our places."""

    class Kind(models.TextChoices):
        BANK = "bank", _("Bank")
        FINTECH = "fintech", _("Fintech")
        NON_BANK = "non_bank", _("Non-bank")

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    outlets = models.PositiveIntegerField(_("outlets here"), null=True, blank=True)
    style = models.CharField(_("style"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("name",)
        verbose_name = _("competitor")
        triggers = (audited(),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("products:competitor", args=[self.pk])


class SeenIn(models.TextChoices):
    """Where somebody saw what a competitor offers."""

    FLYER = "flyer", _("Flyer")
    CUSTOMER = "customer", _("Customer told")
    VISIT = "visit", _("Visit")
    WEB = "web", _("Web page")
    BUREAU = "bureau", _("Bureau structure")


class CompetitorProduct(Imported):
    """One product of a competitor as somebody saw it on one day, with what proves it.

    What was seen later is a new row; the newest valid one counts.
    """

    Source = SeenIn

    class Confidence(models.TextChoices):
        HIGH = "high", _("High confidence")
        MEDIUM = "medium", _("Medium confidence")
        LOW = "low", _("Low confidence")

    competitor = models.ForeignKey(Competitor, models.PROTECT, related_name="products")
    name = models.CharField(_("product"), max_length=60)
    family = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    amount_min = money(_("smallest amount"))
    amount_max = money(_("largest amount"))
    term_min_months = models.PositiveSmallIntegerField(_("shortest term"), null=True, blank=True)
    term_max_months = models.PositiveSmallIntegerField(_("longest term"), null=True, blank=True)
    is_revolving = models.BooleanField(_("revolving"), default=False)
    rate_min = share(_("lowest yearly rate"))
    rate_max = share(_("highest yearly rate"))
    upfront_fee_share = share(_("fee at the start, share of the amount"))
    yearly_fee_amount = money(_("yearly fee"))
    guarantee_modes = codes(_("guarantee"), GuaranteeMode.choices)
    repayment_modes = codes(_("repayment"), REPAYMENT_MODES)
    processing_hours = models.PositiveIntegerField(
        _("decided within, hours"), null=True, blank=True
    )
    channels = codes(_("channels"), Channel.choices)
    admission = models.JSONField(_("admission"), default=list, blank=True)  # [{text, condition}]
    wanted_industries = codes(_("industries wanted"))
    limited_industries = codes(_("industries limited"))
    avoided_industries = codes(_("industries avoided"))
    min_years = share(_("years in business at least"))
    max_lenders = models.PositiveSmallIntegerField(_("lenders at most"), null=True, blank=True)
    regions = codes(_("regions"))
    collateral_kinds = codes(_("collateral taken"))
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    source_on = models.DateField(_("seen on"))
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence.choices)
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)
    valid_until = models.DateField(_("valid until"))
    customer = models.ForeignKey(  # who told us, where somebody did
        "customers.Customer", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    import_key = models.CharField(  # whom a line of a file means; nothing for what people wrote
        max_length=140, unique=True, null=True, blank=True, editable=False
    )

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("competitor", "name", "-source_on")
        verbose_name = _("competitor product")
        triggers = (audited(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("source_on")), name="competitor_valid_after_seen"
            ),
            models.CheckConstraint(
                condition=Q(rate_min__isnull=True)
                | Q(rate_max__isnull=True)
                | Q(rate_min__lte=F("rate_max")),
                name="competitor_rate_low_first",
            ),
        )
        indexes = (models.Index(fields=("family", "valid_until"), name="competitor_family_valid"),)

    def __str__(self) -> str:
        return f"{self.competitor_id} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("products:competitor_product", args=[self.pk])


class CompetitorNote(models.Model):
    """A dated note on one side of a competitor (d.6)."""

    class Topic(models.TextChoices):
        PRODUCT = "product", _("Product analysis")
        MARKETING = "marketing", _("Marketing strategy")
        RISK = "risk", _("Risk and compliance")
        COOPERATION = "cooperation", _("Cross-sector cooperation")

    competitor = models.ForeignKey(Competitor, models.PROTECT, related_name="notes")
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    text = models.TextField(_("note"))
    noted_on = models.DateField(_("noted on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("competitor", "-noted_on")
        verbose_name = _("competitor note")
        triggers = (audited(),)

    def __str__(self) -> str:
        return f"{self.competitor_id} {self.topic}"
