"""Reference tables: published codes and the bank's planning figures, loaded from files."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.audit import audited


class IndustryCode(models.Model):
    """GB/T 4754-2017, section to class: ``C``, ``33``, ``331``, ``3311``."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    level = models.PositiveSmallIntegerField(_("level"))  # 1 section .. 4 class
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    section = models.CharField(max_length=1, db_index=True)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    size_group = models.CharField(_("size group"), max_length=5, blank=True)  # or NA, FIN, SPLIT

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("code",)
        verbose_name = _("industry")

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class RegionCode(models.Model):
    """GB/T 2260-style division codes, province to county."""

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    level = models.PositiveSmallIntegerField(_("level"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(_("kind"), max_length=24)
    name_zh = models.CharField(_("name"), max_length=40)
    full_name_zh = models.CharField(_("full name"), max_length=80)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("code",)
        verbose_name = _("region")

    def __str__(self) -> str:
        return self.full_name_zh


class SizeStandard(models.Model):
    """One bound set of the 2011 sizing rule: size group x indicator, lower bounds inclusive."""

    class Indicator(models.TextChoices):
        EMPLOYEES = "employees", _("employees")
        REVENUE = "revenue", _("revenue")
        ASSETS = "assets", _("total assets")

    group = models.CharField(_("size group"), max_length=3)
    group_zh = models.CharField(max_length=40)
    group_en = models.CharField(max_length=120)
    indicator = models.CharField(_("indicator"), max_length=10, choices=Indicator.choices)
    unit = models.CharField(_("unit"), max_length=10)
    large_min = models.DecimalField(max_digits=12, decimal_places=2)
    medium_min = models.DecimalField(max_digits=12, decimal_places=2)
    small_min = models.DecimalField(max_digits=12, decimal_places=2)
    effective_from = models.DateField()

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("group", "indicator")
        verbose_name = _("size standard")
        constraints = (
            models.UniqueConstraint(
                fields=("group", "indicator", "effective_from"), name="size_standard_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.group} {self.indicator}"


class SizeMapping(models.Model):
    """Which size group an industry code belongs to; the longest code that fits wins."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    size_group = models.CharField(_("size group"), max_length=3)
    basis = models.CharField(_("basis"), max_length=16)  # rule, statistical, internal
    note = models.CharField(max_length=200, blank=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("code",)
        verbose_name = _("size mapping")

    def __str__(self) -> str:
        return f"{self.code} → {self.size_group}"


class TradeProfile(models.Model):
    """Planning figures of one trade: season, margins, days. Ranges in the units of their names."""

    key = models.CharField(_("key"), max_length=32, primary_key=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    industry_codes = ArrayField(models.CharField(max_length=4), verbose_name=_("industries"))
    size_group = models.CharField(_("size group"), max_length=3)
    customer_group = models.CharField(_("customer group"), max_length=40)
    chain_position = models.CharField(_("typical chain position"), max_length=24)
    gross_margin_low = models.DecimalField(max_digits=6, decimal_places=4)
    gross_margin_high = models.DecimalField(max_digits=6, decimal_places=4)
    net_margin_low = models.DecimalField(max_digits=6, decimal_places=4)
    net_margin_high = models.DecimalField(max_digits=6, decimal_places=4)
    inventory_days_low = models.PositiveSmallIntegerField()
    inventory_days_high = models.PositiveSmallIntegerField()
    receivable_days_low = models.PositiveSmallIntegerField()
    receivable_days_high = models.PositiveSmallIntegerField()
    payable_days_low = models.PositiveSmallIntegerField()
    payable_days_high = models.PositiveSmallIntegerField()
    cash_share_low = models.DecimalField(max_digits=6, decimal_places=4)
    cash_share_high = models.DecimalField(max_digits=6, decimal_places=4)
    headcount_low = models.PositiveIntegerField()
    headcount_high = models.PositiveIntegerField()
    revenue_low_amount = models.DecimalField(max_digits=18, decimal_places=2)  # yuan
    revenue_high_amount = models.DecimalField(max_digits=18, decimal_places=2)
    is_asset_light = models.BooleanField()
    season = ArrayField(models.FloatField(), size=12)  # share of the year, January first, sum 1
    season_note = models.CharField(max_length=200)
    financing_needs = models.CharField(max_length=300)
    suitable_products = models.CharField(max_length=300)
    verification_driver = models.CharField(max_length=300)
    source_note = models.CharField(max_length=300)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("key",)
        verbose_name = _("trade profile")

    def __str__(self) -> str:
        return self.name_zh


class LprQuote(models.Model):
    """The loan prime rate of one day, as a share: 0.0300 is 3 %."""

    quoted_on = models.DateField(_("date"), primary_key=True)
    lpr_1y = models.DecimalField(_("1 year"), max_digits=7, decimal_places=5)
    lpr_5y = models.DecimalField(_("over 5 years"), max_digits=7, decimal_places=5)
    source = models.CharField(_("source"), max_length=80)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("-quoted_on",)
        verbose_name = _("LPR quote")
        triggers = (audited(),)

    def __str__(self) -> str:
        return f"{self.quoted_on}"


class IndustryPolicy(models.Model):
    """The bank's stance towards an industry for a while, and its risk level 1-5."""

    class Stance(models.TextChoices):
        ENCOURAGE = "encourage", _("Encourage")
        NEUTRAL = "neutral", _("Neutral")
        LIMIT = "limit", _("Restrict")
        EXIT = "exit", _("Withdraw")

    industry = models.ForeignKey(IndustryCode, models.PROTECT, related_name="policies")
    stance = models.CharField(_("stance"), max_length=10, choices=Stance.choices)
    risk_level = models.PositiveSmallIntegerField(_("risk level"), default=3)
    reason = models.CharField(_("reason"), max_length=200)
    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("to"), null=True, blank=True)

    data_classes = {"*": "C0"}

    class Meta:
        ordering = ("industry", "-effective_from")
        verbose_name = _("industry policy")
        triggers = (audited(),)
        constraints = (
            models.UniqueConstraint(
                fields=("industry", "effective_from"), name="industry_policy_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.industry_id} {self.stance}"
