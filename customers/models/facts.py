"""What is observed of a customer: months, invoices, tax years, records, declared facts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.base import (
    CustomerOwned,
    Imported,
    MonthlyFact,
    Quality,
    Source,
    amount,
    ratio,
)


class AccountFlow(MonthlyFact):
    """Money through our accounts in a month (core banking)."""

    inflow_amount = amount(_("inflow"))
    outflow_amount = amount(_("outflow"))
    business_inflow_amount = amount(
        _("business inflow"),
        null=True,
        help_text=_("Without own transfers, loan receipts and refunds."),
    )
    counterparties = models.PositiveIntegerField(_("counterparties"), null=True)
    payers = models.PositiveIntegerField(_("distinct payers"), null=True)
    cash_share = ratio(_("cash share"), null=True)
    active_days = models.PositiveSmallIntegerField(_("active days"), null=True)


class DepositMonth(MonthlyFact):
    """Deposits in a month (core banking)."""

    average_amount = amount(_("average daily balance"))
    end_amount = amount(_("balance at month end"))
    minimum_amount = amount(_("lowest balance"), null=True)


class LineUse(MonthlyFact):
    """How a credit line was used in a month: means and peaks of day-end figures."""

    limit_amount = amount(_("limit"))
    average_used_amount = amount(_("average drawn"))
    peak_used_amount = amount(_("highest drawn"))


class AcquiringMonth(MonthlyFact):
    """Merchant receipts in a month."""

    received_amount = amount(_("received"))
    receipts = models.PositiveIntegerField(_("receipts"))
    payers = models.PositiveIntegerField(_("distinct payers"), null=True)


class PayrollMonth(MonthlyFact):
    """Wages paid through us in a month."""

    heads = models.PositiveIntegerField(_("heads"))
    wages_amount = amount(_("wages"))
    paid_on = models.DateField(_("paid on"), null=True)


class SocialSecurityMonth(MonthlyFact):
    """Insured heads in a month (with the firm's consent)."""

    heads = models.PositiveIntegerField(_("insured heads"))


class ElectricityMonth(MonthlyFact):
    """Electricity used in a month (with the firm's authorisation)."""

    kwh = models.DecimalField(_("kWh"), max_digits=14, decimal_places=2)
    billed_amount = amount(_("billed"), null=True)
    arrears_days = models.PositiveSmallIntegerField(_("days unpaid"), null=True)


class ChannelMonth(MonthlyFact):
    """Use of our own digital channels in a month."""

    active_days = models.PositiveSmallIntegerField(_("active days"))


class Invoice(CustomerOwned, Imported):
    """One VAT invoice, of sale or of purchase. A negative amount is a red-letter (return) one.

    Range-partitioned by month of ``issued_on``. Old paper numbers repeat across invoice codes and
    dates, so the date belongs to the key.
    """

    class Side(models.TextChoices):
        SALE = "S", _("Sale")
        PURCHASE = "P", _("Purchase")

    pk = models.CompositePrimaryKey("customer_id", "issued_on", "side", "number", "code")
    # Not checked row by row by the database, which would double the cost of a million rows: an
    # import finds the customer under a lock that keeps customers from being deleted.
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    issued_on = models.DateField(_("issued on"))
    side = models.CharField(_("side"), max_length=1, choices=Side.choices)
    number = models.CharField(_("number"), max_length=20)
    code = models.CharField(_("invoice code"), max_length=12, blank=True, default="")
    ym = models.PositiveIntegerField(_("month"))
    counterparty = models.CharField(_("counterparty"), max_length=120)
    net_amount = amount(_("amount without tax"))
    tax_amount = amount(_("tax"))
    is_void = models.BooleanField(_("void"), default=False)

    class Meta:
        ordering = ("-issued_on", "number")
        verbose_name = _("invoice")
        constraints = (
            models.CheckConstraint(
                condition=Q(ym__gte=12 * 1900), name="invoice_month_is_a_month_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.number}"


class TaxYear(CustomerOwned, Imported):
    """The tax office's view of a year."""

    class Grade(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        M = "M", "M"
        C = "C", "C"
        D = "D", "D"
        NONE = "none", _("No grade")

    pk = models.CompositePrimaryKey("customer_id", "year")
    year = models.PositiveSmallIntegerField(_("year"))
    grade = models.CharField(_("tax grade"), max_length=4, choices=Grade.choices)
    taxable_sales_amount = amount(_("taxable sales"), null=True)
    paid_amount = amount(_("tax paid"), null=True)
    arrears_amount = amount(_("tax arrears"), null=True)
    published_on = models.DateField(_("published on"))

    class Meta:
        ordering = ("-year",)
        verbose_name = _("tax year")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.year} {self.grade}"


class BureauSummary(CustomerOwned, Imported):
    """The summary of a credit-bureau report, held while its term runs."""

    queried_on = models.DateField(_("queried on"))
    expires_on = models.DateField(_("expires on"))
    has_open_overdue = models.BooleanField(_("open overdue"))
    overdue_months = models.PositiveSmallIntegerField(_("months overdue in 24 months"))
    worst_delay_days = models.PositiveSmallIntegerField(_("worst delay in 24 months"), null=True)
    lenders = models.PositiveSmallIntegerField(_("lenders"))
    hard_queries_6m = models.PositiveSmallIntegerField(_("loan and guarantee queries, 6 months"))
    debt_amount = amount(_("debt at all banks"), null=True)
    outside_guarantee_amount = amount(_("guarantees given"), null=True)
    consent = models.ForeignKey("customers.Consent", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-queried_on",)
        verbose_name = _("bureau summary")
        constraints = (
            models.UniqueConstraint(fields=("customer", "queried_on"), name="bureau_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.queried_on}"


class PublicRecord(CustomerOwned, Imported):
    """A court case, listing or penalty that anybody may look up."""

    class Kind(models.TextChoices):
        LAWSUIT = "lawsuit", _("Lawsuit as defendant")
        ENFORCEMENT = "enforcement", _("Enforcement")
        DISHONEST = "dishonest", _("Dishonest-debtor list")
        ABNORMAL = "abnormal", _("Abnormal-operation list")
        PENALTY = "penalty", _("Penalty")
        TAX_ARREARS = "tax_arrears", _("Tax arrears notice")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("case number"), max_length=60)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    amount = amount(_("amount"), null=True, blank=True)
    text = models.CharField(_("text"), max_length=300, blank=True)

    class Meta:
        ordering = ("-opened_on",)
        verbose_name = _("public record")
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "kind", "number"), name="public_record_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Certificate(CustomerOwned, Imported):
    """A title held for a while: high-tech, 专精特新, tech SME, exporter, ISO."""

    class Kind(models.TextChoices):
        HNTE = "hnte", _("High and new technology enterprise")
        ZJTX = "zjtx", _("Specialised and innovative (zjtx)")
        TECH_SME = "tech_sme", _("Technology SME")
        MTYX = "mtyx", _("Innovative sole trader (mtyx)")
        ISO = "iso", _("ISO certificate")
        EXPORTER = "exporter", _("Exporter")
        FARM_LEADER = "farm_leader", _("Leading farm enterprise")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    level = models.CharField(_("level"), max_length=24, blank=True)
    number = models.CharField(_("number"), max_length=40, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ("kind", "-valid_from")
        verbose_name = _("certificate")
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "kind", "valid_from"), name="certificate_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.level}".strip()


class DeclaredFact(CustomerOwned, Imported):
    """One value somebody stated, entered or proved: registry, visit, statement, cross check.

    Append-only: a new value is a new row; the engine takes the newest valid value of the best
    quality (spec b.1). The keys and their types are in ``customers/features/declared.py``.
    """

    key = models.CharField(_("fact"), max_length=32)
    number = models.DecimalField(_("number"), max_digits=20, decimal_places=4, null=True)
    text = models.CharField(_("text"), max_length=200, blank=True)
    day = models.DateField(_("date"), null=True)
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    quality = models.CharField(_("quality"), max_length=10, choices=Quality.choices)
    said_by = models.CharField(
        _("who said it"), max_length=60, blank=True, default="", db_default=""
    )
    evidence = models.CharField(_("what proves it"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    consent = models.ForeignKey("customers.Consent", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta:
        ordering = ("customer", "key", "-as_of", "-pk")
        verbose_name = _("fact")
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "key", "as_of", "source"), name="declared_fact_once"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(day__isnull=False) | ~Q(text=""),
                name="declared_fact_has_a_value",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.as_of}"


class Touch(CustomerOwned):
    """One contact with the customer over any channel; channel preference comes from these."""

    class Channel(models.TextChoices):
        VISIT = "visit", _("Visit")
        BRANCH = "branch", _("At the branch")
        PHONE = "phone", _("Phone")
        MOBILE = "mobile", _("Mobile banking")
        WECOM = "wecom", _("WeCom")

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    at = models.DateTimeField(_("at"))
    has_reached = models.BooleanField(_("reached"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("contact made")
        constraints = (
            models.UniqueConstraint(fields=("customer", "channel", "at"), name="touch_once"),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%Y-%m-%d}"
