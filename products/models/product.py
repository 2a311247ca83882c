"""One catalogue across business lines: products, their versions with the five elements, fees."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited
from crm.core.words import Text
from customers.features.declared import REPAYMENT_MODES
from customers.models import CREDIT_FAMILIES, ProductFamily
from products.models.guards import CheckerIsNotMaker, FrozenContent, FrozenPart
from products.models.terms import (
    AmountFormula,
    Channel,
    GuaranteeMode,
    Lane,
    OwnerLine,
    RateBase,
    RateKind,
    RiskLevel,
    codes,
    money,
    share,
    words,
)

__all__ = ["REPAYMENT_MODES", "FeeItem", "Product", "ProductVersion", "VersionDecision"]


class Product(models.Model):
    """Something the bank offers; what it offers exactly stands in its versions."""

    class Status(models.TextChoices):
        ON_SALE = "on_sale", _("On sale")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")

    code = models.CharField(_("code"), max_length=16, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    family = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    owner_line = models.CharField(_("owner line"), max_length=16, choices=OwnerLine.choices)
    tags = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ON_SALE)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("code",)
        verbose_name = _("product")
        triggers = (audited(),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("products:detail", args=[self.code])

    @property
    def name(self) -> str:
        """The name in the language at hand."""
        is_english = (get_language() or "").startswith("en")
        return (self.name_en or self.name_zh) if is_english else self.name_zh

    @property
    def is_credit(self) -> bool:
        """Whether it is a form of credit, so that it needs all five elements."""
        return self.family in CREDIT_FAMILIES


class ProductVersion(models.Model):
    """What a product is from one day on: frozen once submitted (PRO-1), never deleted (PRO-4)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        EFFECTIVE = "effective", _("Effective")
        SUPERSEDED = "superseded", _("Superseded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    no = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    effective_from = models.DateField(_("effective from"), null=True, blank=True)
    effective_to = models.DateField(_("last day"), null=True, blank=True)  # inclusive
    change_note = models.CharField(_("what changed and why"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    makers = ArrayField(  # the keys of all who wrote on it: none of them decides (PRO-2)
        models.BigIntegerField(), default=list, editable=False
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)  # of a draft: optimistic lock

    # 1 amount
    amount_min = money(_("smallest amount"))
    amount_max = money(_("largest amount"))
    amount_step = money(_("amount step"))
    amount_formula = models.CharField(
        _("amount rule"), max_length=24, choices=AmountFormula.choices, default=AmountFormula.RANGE
    )
    amount_factor = share(_("factor of the amount rule"))
    # 2 term
    term_min_months = models.PositiveSmallIntegerField(_("shortest term"), null=True, blank=True)
    term_max_months = models.PositiveSmallIntegerField(_("longest term"), null=True, blank=True)
    draw_max_months = models.PositiveSmallIntegerField(
        _("longest single draw"), null=True, blank=True
    )
    is_revolving = models.BooleanField(_("revolving"), default=False)
    # 3 rate
    rate_base = models.CharField(
        _("base rate"), max_length=8, choices=RateBase.choices, default=RateBase.NONE
    )
    spread_min_bp = models.IntegerField(_("lowest spread"), null=True, blank=True)
    spread_max_bp = models.IntegerField(_("highest spread"), null=True, blank=True)
    rate_kind = models.CharField(
        _("fixed or floating"), max_length=8, choices=RateKind.choices, blank=True
    )
    fixed_rate = share(_("yearly rate without a base"))  # deposits, instalments by tariff
    discount_rules = models.TextField(_("discounts"), blank=True)
    # 4 guarantee
    guarantee_modes = codes(_("guarantee"), GuaranteeMode.choices)
    loan_to_value = models.JSONField(_("loan to value by collateral"), default=dict, blank=True)
    # 5 repayment
    repayment_modes = codes(_("repayment"), REPAYMENT_MODES)
    season_months = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("due months")
    )
    yearly_principal_share = share(_("principal repaid at each year end"))  # of interest-first

    # for whom it is meant; empty is everybody. Hard rules stand in EligibilityRule.
    target_groups = codes(_("customer groups"))
    target_stages = codes(_("stages"))
    target_sizes = codes(_("sizes"))
    target_party_types = codes(_("party types"))
    target_asset_styles = codes(_("asset styles"))
    target_chain_positions = codes(_("chain positions"))
    target_industries = codes(_("industries wanted"))  # heads of GB/T 4754 codes
    avoided_industries = codes(_("industries avoided"))
    target_regions = codes(_("regions"))  # heads of division codes

    # how it is sold and done
    channels = codes(_("channels"), Channel.choices)
    processing_hours = models.PositiveIntegerField(
        _("decided within, hours"), null=True, blank=True
    )
    decision_lane = models.CharField(
        _("decision"), max_length=8, choices=Lane.choices, default=Lane.MANUAL
    )
    materials = words(_("papers to bring"))
    uses = codes(_("use of funds"))
    renewal_rule = models.TextField(_("renewal"), blank=True)
    risk_weight = share(_("risk weight"))
    risk_level = models.CharField(
        _("risk level"), max_length=2, choices=RiskLevel.choices, blank=True
    )
    subsidy = models.TextField(_("subsidies"), blank=True)
    tariff = models.TextField(_("tariff"), blank=True)
    benefits = models.TextField(_("benefits"), blank=True)
    script = models.TextField(_("what to say"), blank=True)
    risk_warning = models.TextField(_("risk warning"), blank=True)
    competitor_note = models.TextField(_("against competitors"), blank=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("product", "-no")
        verbose_name = _("product version")
        triggers = (audited(), FrozenContent())
        constraints = (
            models.UniqueConstraint(fields=("product", "no"), name="product_version_no_once"),
            models.UniqueConstraint(
                fields=("product",),
                condition=Q(state="effective"),
                name="product_one_effective_version",
            ),
            models.UniqueConstraint(
                fields=("product",),
                condition=Q(state__in=("draft", "submitted", "approved")),
                name="product_one_version_in_the_making",
            ),
            models.CheckConstraint(
                condition=Q(amount_min__isnull=True)
                | Q(amount_max__isnull=True)
                | Q(amount_min__lte=F("amount_max")),
                name="product_amount_low_first",
            ),
            models.CheckConstraint(
                condition=Q(term_min_months__isnull=True)
                | Q(term_max_months__isnull=True)
                | Q(term_min_months__lte=F("term_max_months")),
                name="product_term_low_first",
            ),
            models.CheckConstraint(
                condition=Q(spread_min_bp__isnull=True)
                | Q(spread_max_bp__isnull=True)
                | Q(spread_min_bp__lte=F("spread_max_bp")),
                name="product_spread_low_first",
            ),
        )

    def __str__(self) -> str:
        return f"{self.product.code} v{self.no}"

    def get_absolute_url(self) -> str:
        return reverse("products:version", args=[self.product.code, self.no])


class VersionDecision(models.Model):
    """What one checker said of a submitted version; the maker is never one (PRO-2)."""

    class Role(models.TextChoices):
        CATALOGUE = "catalogue", _("Catalogue")
        RISK = "risk", _("Risk terms")

    version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField(_("round"), default=1)  # counts submissions
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(_("as"), max_length=10, choices=Role.choices)
    is_approved = models.BooleanField(_("approved"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("version", "at")
        verbose_name = _("decision on a version")
        triggers = (audited(), CheckerIsNotMaker())
        constraints = (
            models.UniqueConstraint(
                fields=("version", "round", "by"), name="version_decided_once_by_each"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.role} {self.is_approved}"


class FeeItem(models.Model):
    """One fee of a version: a sum, or a share of the amount, once, monthly or yearly."""

    class Timing(models.TextChoices):
        UPFRONT = "upfront", _("Once, at the start")
        MONTHLY = "monthly", _("Every month")
        YEARLY = "yearly", _("Every year")
        USE = "use", _("Per use")

    version = models.ForeignKey(ProductVersion, models.CASCADE, related_name="fees")
    seq = models.PositiveSmallIntegerField()
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    timing = models.CharField(_("when"), max_length=8, choices=Timing.choices)
    sum_amount = money(_("sum"))
    share = share(_("share of the amount"), validators=[MaxValueValidator(1)])

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("version", "seq")
        verbose_name = _("fee")
        triggers = (audited(), FrozenPart())
        constraints = (
            models.UniqueConstraint(fields=("version", "seq"), name="fee_seq_once"),
            models.CheckConstraint(
                condition=Q(sum_amount__isnull=False) ^ Q(share__isnull=False),
                name="fee_is_a_sum_or_a_share",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.name_zh}"

    @property
    def name(self) -> Text:
        """The name in the language at hand."""
        is_english = (get_language() or "").startswith("en")
        return (self.name_en or self.name_zh) if is_english else self.name_zh
