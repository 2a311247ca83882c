"""The vocabulary of terms, and the column shapes that versions and competitors share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.words import Text
from customers.models.base import amount, ratio


class OwnerLine(models.TextChoices):
    """The business line that answers for a product."""

    INCLUSIVE = "inclusive", _("Inclusive finance")
    CORPORATE = "corporate", _("Corporate banking")
    RETAIL = "retail", _("Retail banking")
    CARDS = "cards", _("Cards")
    RURAL = "rural", _("Rural finance")
    TRANSACTION = "transaction", _("Transaction banking")
    DIGITAL = "digital", _("Digital banking")
    WEALTH = "wealth", _("Wealth management")


class AmountFormula(models.TextChoices):
    """How the amount is found, beside its bounds."""

    RANGE = "range", _("Within the bounds")
    REVENUE = "revenue_multiple", _("Factor of verified revenue")
    COLLATERAL = "collateral_share", _("Share of the collateral")
    ORDER = "order_share", _("Share of the order or receivable")
    GAP = "gap", _("The funding gap")
    OLD_BALANCE = "old_balance", _("Not above the old balance")


class RateBase(models.TextChoices):
    """What the spread is added to."""

    LPR_1Y = "lpr_1y", _("LPR 1 year")
    LPR_5Y = "lpr_5y", _("LPR over 5 years")
    NONE = "none", _("Tariff")


class RateKind(models.TextChoices):
    """Whether the rate moves with its base."""

    FIXED = "fixed", _("Fixed")
    FLOATING = "floating", _("Floating")


class GuaranteeMode(models.TextChoices):
    """How a credit is secured; the keys of ``Loan.guarantee_mode``."""

    CREDIT = "credit", _("Unsecured")
    MORTGAGE = "mortgage", _("Mortgage")
    PLEDGE = "pledge", _("Pledge")
    GUARANTEE = "guarantee", _("Guarantor")
    GUARANTEE_COMPANY = "guarantee_company", _("Guarantee company")
    RECEIVABLES = "receivables", _("Receivables")
    STOCK = "stock", pgettext_lazy("security", "Stock")
    IP = "ip", _("Intellectual property")
    EQUIPMENT = "equipment", pgettext_lazy("security", "Equipment")
    JOINT = "joint", _("Joint liability")
    RISK_FUND = "risk_fund", _("Risk-sharing fund")
    PUBLIC_FUND = "public_fund", _("Public guarantee fund")
    CORE_FIRM = "core_firm", _("Core enterprise's undertaking")
    AS_OLD = "as_old", _("As before")


class Lane(models.TextChoices):
    """Who decides."""

    AUTO = "auto", _("By rules, at once")
    MANUAL = "manual", _("By people")


class Channel(models.TextChoices):
    """Where it can be had."""

    BRANCH = "branch", _("At the branch")
    RM = "rm", _("Relationship manager")
    MOBILE = "mobile", _("Mobile banking")
    ONLINE = "online", _("Online banking")
    PARTNER = "partner", _("Partner")


class RiskLevel(models.TextChoices):
    """Risk level of a wealth product; a customer's rating must reach it."""

    R1 = "R1", "R1"
    R2 = "R2", "R2"
    R3 = "R3", "R3"
    R4 = "R4", "R4"
    R5 = "R5", "R5"


def money(label: Text) -> models.DecimalField[Any, Any]:
    """Yuan; empty where it does not apply."""
    return amount(label, null=True, blank=True)


def share(label: Text, **options: Any) -> models.DecimalField[Any, Any]:
    """A share or rate; empty where it does not apply."""
    return ratio(label, null=True, blank=True, **options)


def codes(label: Text, choices: Iterable[tuple[str, Text]] | None = None) -> ArrayField:
    """A list of codes; empty is no bound."""
    column: Any = models.CharField(max_length=24, choices=list(choices) if choices else None)
    return ArrayField(column, default=list, blank=True, verbose_name=label)


def words(label: Text) -> ArrayField:
    """A list of short texts in Chinese."""
    return ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=label)
