"""What many fact tables share: whose row it is, which import wrote it, how far to trust it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.scope import Scope, ScopedQuerySet
from crm.core.words import Text


class Source(models.TextChoices):
    """Where a fact comes from; shown beside it."""

    REGISTRY = "registry", _("Business registry")
    CORE = "core", _("Core banking")
    VISIT = "visit", _("Visit")
    STATEMENT = "statement", _("Statement made on site")
    CROSS_CHECK = "cross_check", _("Cross check")
    INVOICE = "invoice", _("Invoices")
    TAX = "tax", _("Tax office")
    SOCIAL_SECURITY = "social_security", _("Social security")
    PAYROLL = "payroll", _("Payroll files")
    ACQUIRING = "acquiring", _("Merchant receipts")
    BUREAU = "bureau", _("Credit bureau")
    PUBLIC_RECORD = "public_record", _("Public records")
    UTILITY = "utility", _("Electricity supplier")
    CHANNEL = "channel", _("Own channels")
    DERIVED = "derived", _("Derived")
    IMPORT = "import", _("Imported list")


class Quality(models.TextChoices):
    """How far a fact can be trusted, best first."""

    VERIFIED = "verified", _("Verified")
    DECLARED = "declared", _("Declared")
    ESTIMATED = "estimated", _("Estimated")


class Imported(models.Model):
    """The import and row that last wrote this fact, so that it can be traced and undone."""

    # Not checked by the database: batches are never deleted, and the check would cost a large
    # import more than writing its rows.
    batch = models.ForeignKey(
        "customers.ImportBatch",
        models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    batch_row = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True


class CustomerOwned(models.Model):
    """A row that belongs to one customer and is seen by whoever sees that customer."""

    data_classes = {"*": "C2"}

    # Every such table has an index or key that starts with the customer, so none is added here.
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, db_index=False, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("customer")

    class Meta:
        abstract = True


class MonthlyFact(CustomerOwned, Imported):
    """One row a customer and month; ``ym`` counts months (crm.core.months)."""

    pk = models.CompositePrimaryKey("customer_id", "ym")
    ym = models.PositiveIntegerField(_("month"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.customer_id} {self.ym}"


def amount(label: Text, **options: Any) -> models.DecimalField[Any, Any]:
    """A column of yuan with two decimals."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **options)


def ratio(label: Text, **options: Any) -> models.DecimalField[Any, Any]:
    """A column of shares: 0.125 is 12.5 %."""
    return models.DecimalField(label, max_digits=9, decimal_places=6, **options)
