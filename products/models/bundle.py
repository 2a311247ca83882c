"""Product combinations: what goes together, what it brings, and what was quoted to a customer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from customers.models import ProductFamily
from customers.models.base import CustomerOwned
from products.models.product import Product
from products.models.terms import codes


def _at_hand(chinese: str, english: str) -> str:
    """The text in the language at hand; Chinese where there is no other."""
    return (english or chinese) if (get_language() or "").startswith("en") else chinese


class Bundle(models.Model):
    """A combination under one name; its items stand in its versions."""

    code = models.CharField(_("code"), max_length=16, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("code",)
        verbose_name = _("bundle")
        triggers = (audited(),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("products:bundle", args=[self.code])

    @property
    def name(self) -> str:
        """The name in the language at hand."""
        return _at_hand(self.name_zh, self.name_en)


class BundleVersion(models.Model):
    """What a bundle holds from one day on; maker and checker are two people."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        EFFECTIVE = "effective", _("Effective")
        SUPERSEDED = "superseded", _("Superseded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="versions")
    no = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    effective_from = models.DateField(_("effective from"), null=True, blank=True)
    benefit_zh = models.TextField(_("what it brings"), blank=True)
    benefit_en = models.TextField(_("what it brings, English"), blank=True)
    target_groups = codes(_("customer groups"))
    target_stages = codes(_("stages"))
    target_party_types = codes(_("party types"))
    rate_discount_bp = models.PositiveSmallIntegerField(_("rate discount"), default=0)
    fee_discount = models.DecimalField(
        _("fee discount"), max_digits=5, decimal_places=4, default=0
    )  # a share of the fees
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("what the checker said"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1, editable=False)  # of a draft: optimistic lock

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("bundle", "-no")
        verbose_name = _("bundle version")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(fields=("bundle", "no"), name="bundle_version_no_once"),
            models.UniqueConstraint(
                fields=("bundle",),
                condition=Q(state="effective"),
                name="bundle_one_effective_version",
            ),
            models.UniqueConstraint(
                fields=("bundle",),
                condition=Q(state__in=("draft", "submitted")),
                name="bundle_one_version_in_the_making",
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(made_by=F("decided_by")),
                name="bundle_maker_is_not_checker",
            ),
        )

    def __str__(self) -> str:
        return f"{self.bundle.code} v{self.no}"

    @property
    def benefit(self) -> str:
        """What it brings, in the language at hand."""
        return _at_hand(self.benefit_zh, self.benefit_en)


class BundleItem(models.Model):
    """One place in a bundle: a product, or one of several. Every item can be refused."""

    class Role(models.TextChoices):
        ANCHOR = "anchor", _("Anchor")
        SUPPORT = "support", _("Support")

    version = models.ForeignKey(BundleVersion, models.CASCADE, related_name="items")
    seq = models.PositiveSmallIntegerField()
    choices = models.ManyToManyField(Product, related_name="+")  # the first that fits is taken
    service_zh = models.CharField(_("service"), max_length=60, blank=True)  # not of the catalogue
    service_en = models.CharField(_("service, English"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    condition_zh = models.CharField(_("condition"), max_length=160, blank=True)
    condition_en = models.CharField(_("condition, English"), max_length=200, blank=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("version", "seq")
        verbose_name = _("bundle item")
        triggers = (audited(),)
        constraints = (models.UniqueConstraint(fields=("version", "seq"), name="bundle_item_seq"),)

    def __str__(self) -> str:
        return f"{self.version_id} #{self.seq}"

    @property
    def service(self) -> str:
        """The service, in the language at hand."""
        return _at_hand(self.service_zh, self.service_en)

    @property
    def condition(self) -> str:
        """The condition, in the language at hand."""
        return _at_hand(self.condition_zh, self.condition_en)


class ForbiddenPair(models.Model):
    """Two families that a quote must not tie together, with the rule that says so."""

    first = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    second = models.CharField(_("with"), max_length=24, choices=ProductFamily.choices)
    reason_zh = models.CharField(_("why"), max_length=160)
    reason_en = models.CharField(_("why, English"), max_length=200, blank=True)

    data_classes = {"*": "C0"}

    class Meta:
        verbose_name = _("forbidden pair")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="forbidden_pair_once"),
        )

    def __str__(self) -> str:
        return f"{self.first} + {self.second}"


class Quote(CustomerOwned):
    """What was composed for a customer: the versions, terms and both sides' figures, frozen."""

    bundle_version = models.ForeignKey(
        BundleVersion, models.PROTECT, null=True, blank=True, related_name="quotes"
    )
    as_of = models.DateField(_("as of"))
    valid_until = models.DateField(_("valid until"))
    lines = models.JSONField(default=list)  # version, amount, months, rate, fees, is_taken
    figures = models.JSONField(default=dict)  # customer's cost, bank's return, price without bundle
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    key = models.CharField(max_length=36, editable=False)  # of the form: a second click finds it

    class Meta:
        ordering = ("-made_at",)
        verbose_name = _("quote")
        triggers = (audited(),)
        constraints = (models.UniqueConstraint(fields=("made_by", "key"), name="quote_key_once"),)
        indexes = (models.Index(fields=("customer", "-made_at"), name="quote_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.as_of}"

    def get_absolute_url(self) -> str:
        return reverse("products:quote", args=[self.pk])
