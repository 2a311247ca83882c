"""What the portrait reads: facts summed by month, in customer order, and the touched ones.

Rollups are never edited: ``services.rollups`` recomputes the touched (customer, month) pairs from
the facts, and ``manage.py rebuild_rollups`` writes them all anew, sorted by customer. Amounts are
yuan in double precision, which aggregates twice as fast as numeric and is exact far past any sum.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.scope import Scope, ScopedQuerySet
from customers.features.declared import PORTRAIT_FACTS, FactType


class YuanField(models.FloatField):
    """Yuan with two decimals: ``Decimal`` in Python, double precision in the database."""

    def from_db_value(self, value: float | None, *args: Any) -> Decimal | None:
        return None if value is None else Decimal(f"{value:.2f}")

    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        return value if isinstance(value, Decimal) else Decimal(str(value))

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else float(value)


class Rollup(models.Model):
    """One row a customer and month."""

    pk = models.CompositePrimaryKey("customer_id", "ym")
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    ym = models.PositiveIntegerField(_("month"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("customer")
    data_classes = {"*": "C2"}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.customer_id} {self.ym}"


class MonthRollup(Rollup):
    """A month of core banking and of the feeds that come by month."""

    inflow = YuanField(null=True)
    outflow = YuanField(null=True)
    business_inflow = YuanField(null=True)  # without own transfers; the whole inflow if not told
    cash_inflow = YuanField(null=True)
    payers = models.IntegerField(null=True)
    active_days = models.IntegerField(null=True)
    deposit_average = YuanField(null=True)
    deposit_end = YuanField(null=True)
    line_limit = YuanField(null=True)
    line_used = YuanField(null=True)
    line_peak = YuanField(null=True)
    acquired = YuanField(null=True)
    receipts = models.IntegerField(null=True)
    receipt_payers = models.IntegerField(null=True)
    payroll_heads = models.IntegerField(null=True)
    wages = YuanField(null=True)
    insured_heads = models.IntegerField(null=True)
    kwh = models.FloatField(null=True)
    channel_days = models.IntegerField(null=True)
    repaid_principal = YuanField(null=True)
    repaid_early = YuanField(null=True)  # of it, more than 30 days before it was due

    class Meta:
        verbose_name = _("month of a customer")


class InvoiceMonth(Rollup):
    """A month of invoices, both sides. Void ones are only counted; red-letter ones are negative."""

    sales = YuanField(default=0)
    sales_plus = YuanField(default=0)
    sales_red = YuanField(default=0)  # as a positive amount
    sale_count = models.IntegerField(default=0)
    sale_voids = models.IntegerField(default=0)
    buyers = models.IntegerField(default=0)
    first_sale_on = models.DateField(null=True)
    last_sale_on = models.DateField(null=True)
    sale_gap_inside = models.IntegerField(null=True)  # most days between two sales of the month
    sale_gap_before = models.IntegerField(null=True)  # from the last sale before to the first one
    purchases = YuanField(default=0)
    purchases_plus = YuanField(default=0)
    purchases_red = YuanField(default=0)
    purchase_count = models.IntegerField(default=0)
    purchase_voids = models.IntegerField(default=0)
    suppliers = models.IntegerField(default=0)
    last_purchase_on = models.DateField(null=True)
    # Of the year that ends with this month; held for the newest two months of a customer.
    first_ym = models.IntegerField(null=True)  # of all months with invoices
    buyer_total = YuanField(null=True)
    buyer_squares = models.FloatField(null=True)
    buyer_top1 = YuanField(null=True)
    buyer_top5 = YuanField(null=True)
    buyer_count = models.IntegerField(null=True)
    buyer_new = models.IntegerField(null=True)
    buyer_lost = models.IntegerField(null=True)
    supplier_total = YuanField(null=True)
    supplier_squares = models.FloatField(null=True)
    supplier_top1 = YuanField(null=True)
    supplier_top5 = YuanField(null=True)
    supplier_count = models.IntegerField(null=True)
    supplier_new = models.IntegerField(null=True)
    supplier_lost = models.IntegerField(null=True)

    class Meta:
        verbose_name = _("month of invoices")


class CounterpartyMonth(models.Model):
    """What one customer and one counterparty invoiced each other in a month, void ones aside."""

    pk = models.CompositePrimaryKey("customer_id", "side", "counterparty", "ym")
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    side = models.CharField(max_length=1)
    counterparty = models.CharField(max_length=120)
    ym = models.PositiveIntegerField(_("month"))
    amount = YuanField()
    invoices = models.IntegerField()

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("customer")
    data_classes = {"*": "C2"}

    class Meta:
        verbose_name = _("month with a counterparty")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.side} {self.counterparty} {self.ym}"


def _declared_columns() -> dict[str, models.Field[Any, Any]]:
    """Value, day and ``how`` (source and quality) of every fact that can be declared."""
    kinds = {
        FactType.NUMBER: models.FloatField,
        FactType.DAY: models.DateField,
        FactType.TEXT: models.TextField,
        FactType.CODES: models.TextField,
    }
    found: dict[str, models.Field[Any, Any]] = {}
    for key, fact in PORTRAIT_FACTS.items():
        found[key] = kinds[fact.type](null=True)
        found[f"{key}_on"] = models.DateField(null=True)
        found[f"{key}_how"] = models.SmallIntegerField(null=True)
    return found


class DeclaredBase(models.Model):
    """The newest valid value of the best quality of every declared fact, all facts considered."""

    customer = models.OneToOneField(
        "customers.Customer",
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="declared",
    )
    newest_on = models.DateField()
    facts = models.IntegerField()
    verified = models.IntegerField()

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("customer")
    data_classes = {"*": "C2"}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.customer_id}"


DeclaredRollup = type(
    "DeclaredRollup",
    (DeclaredBase,),
    {
        "__module__": __name__,
        "__doc__": "Declared facts, one wide row a customer; columns come from ``PORTRAIT_FACTS``.",
        "Meta": type("Meta", (), {"verbose_name": _("declared facts")}),
    }
    | _declared_columns(),
)


class TouchedMonth(models.Model):
    """Facts of this customer (and month) changed; rollups and portrait do not show it yet.

    Written by whoever writes facts, in the same transaction. ``ym`` NULL means facts without a
    month: declared ones, loans, records, the customer's own row.
    """

    seq = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, db_constraint=False, related_name="+"
    )
    ym = models.PositiveIntegerField(null=True)
    trigger = models.CharField(max_length=12, default="edit")
    touched_at = models.DateTimeField(auto_now_add=True)

    data_classes = {"*": "C1"}

    class Meta:
        ordering = ("seq",)
        verbose_name = _("touched month")

    def __str__(self) -> str:
        return f"{self.seq}: {self.customer_id} {self.ym}"
