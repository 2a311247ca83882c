"""What the customer holds with us: products, lines, loans with their schedules and repayments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.scope import Scope, ScopedQuerySet
from customers.models.base import CustomerOwned, Imported, amount, ratio


class ProductFamily(models.TextChoices):
    """The product families of spec d.1; the catalogue in ``products`` uses the same keys."""

    LOAN = "loan", _("Loan")
    WORKING_CAPITAL = "working_capital_loan", _("Working-capital loan")
    FIXED_ASSET = "fixed_asset_loan", _("Fixed-asset loan")
    STARTUP = "startup_guaranteed_loan", _("Start-up guaranteed loan")
    STUDENT = "student_loan", _("Student loan")
    FARM = "farm_production_loan", _("Farm production loan")
    SUPPLY_CHAIN = "supply_chain_loan", _("Supply-chain loan")
    BILL_DISCOUNT = "bill_discount", _("Bill discount")
    CREDIT_CARD = "credit_card", _("Credit card")
    INSTALMENT = "instalment", _("Instalment purchase")
    DEPOSIT = "deposit", _("Deposit")
    WEALTH = "wealth", _("Wealth product")
    PAYMENT = "payment_settlement", _("Payments and settlement")
    ACCOUNT_CARD = "account_card", _("Account and card")
    ONLINE_PAYMENT = "online_payment", _("Online payment")
    INSURANCE = "insurance", _("Insurance")
    ECOMMERCE = "ecommerce", _("E-commerce service")
    PAYROLL = "payroll", _("Payroll service")
    ACQUIRING = "acquiring", _("Merchant acquiring")
    GUARANTEE_LETTER = "guarantee_letter", _("Letter of guarantee")


CREDIT_FAMILIES = frozenset(
    {
        ProductFamily.LOAN,
        ProductFamily.WORKING_CAPITAL,
        ProductFamily.FIXED_ASSET,
        ProductFamily.STARTUP,
        ProductFamily.STUDENT,
        ProductFamily.FARM,
        ProductFamily.SUPPLY_CHAIN,
        ProductFamily.BILL_DISCOUNT,
        ProductFamily.CREDIT_CARD,
        ProductFamily.INSTALMENT,
    }
)


class FiveClass(models.TextChoices):
    """Five-category classification, best first."""

    NORMAL = "normal", _("Normal")
    SPECIAL_MENTION = "special_mention", _("Special mention")
    SUBSTANDARD = "substandard", _("Substandard")
    DOUBTFUL = "doubtful", _("Doubtful")
    LOSS = "loss", _("Loss")


class Holding(CustomerOwned, Imported):
    """One product held, with its contract number as key."""

    contract_no = models.CharField(_("contract number"), max_length=40, unique=True)
    family = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    product_code = models.CharField(_("product"), max_length=16, blank=True)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    balance_amount = amount(_("balance"), null=True, blank=True)
    balance_on = models.DateField(_("balance as of"), null=True, blank=True)

    class Meta:
        ordering = ("customer", "family", "opened_on")
        verbose_name = _("holding")
        indexes = (models.Index(fields=("customer", "family"), name="holding_customer_family"),)

    def __str__(self) -> str:
        return f"{self.product_code or self.family} {self.contract_no}"


class LoanApplication(CustomerOwned, Imported):
    """One request for credit and what was decided."""

    class Decision(models.TextChoices):
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    application_no = models.CharField(_("application number"), max_length=40, unique=True)
    applied_on = models.DateField(_("applied on"))
    family = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    asked_amount = amount(_("amount asked"))
    asked_months = models.PositiveSmallIntegerField(_("months asked"), null=True)
    purpose = models.CharField(_("purpose"), max_length=24, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    decided_on = models.DateField(_("decided on"), null=True)

    class Meta:
        ordering = ("-applied_on",)
        verbose_name = _("loan application")
        indexes = (models.Index(fields=("customer", "applied_on"), name="application_customer"),)

    def __str__(self) -> str:
        return self.application_no


class CreditLine(CustomerOwned, Imported):
    """A granted limit."""

    line_no = models.CharField(_("line number"), max_length=40, unique=True)
    family = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    limit_amount = amount(_("limit"))
    granted_on = models.DateField(_("granted on"))
    expires_on = models.DateField(_("expires on"))
    guarantee_mode = models.CharField(_("guarantee"), max_length=16)

    class Meta:
        ordering = ("customer", "-granted_on")
        verbose_name = _("credit line")
        indexes = (models.Index(fields=("customer",), name="line_customer"),)

    def __str__(self) -> str:
        return self.line_no


class Loan(CustomerOwned, Imported):
    """One drawdown, with the class last recognised."""

    loan_no = models.CharField(_("loan number"), max_length=40, unique=True)
    line = models.ForeignKey(CreditLine, models.PROTECT, null=True, related_name="loans")
    family = models.CharField(_("family"), max_length=24, choices=ProductFamily.choices)
    product_code = models.CharField(_("product"), max_length=16, blank=True)
    principal_amount = amount(_("principal"))
    balance_amount = amount(_("balance"))
    rate = ratio(_("yearly rate"))
    drawn_on = models.DateField(_("drawn on"))
    matures_on = models.DateField(_("matures on"))
    closed_on = models.DateField(_("paid off on"), null=True)
    repayment_mode = models.CharField(_("repayment"), max_length=24)
    guarantee_mode = models.CharField(_("guarantee"), max_length=16)
    five_class = models.CharField(_("class"), max_length=16, choices=FiveClass.choices)
    is_first_loan = models.BooleanField(_("first loan"), default=False)
    is_renewal = models.BooleanField(_("renewal"), default=False)

    class Meta:
        ordering = ("customer", "-drawn_on")
        verbose_name = _("loan")
        indexes = (
            models.Index(fields=("customer", "matures_on"), name="loan_customer_maturity"),
            models.Index(fields=("drawn_on",), name="loan_drawn"),  # the rows behind a board
        )

    def __str__(self) -> str:
        return self.loan_no


class Instalment(Imported):
    """One row of a repayment schedule, with what has been paid on it."""

    data_classes = {"*": "C2"}

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="instalments")
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, db_index=False, related_name="+"
    )
    pk = models.CompositePrimaryKey("customer_id", "loan_id", "seq")
    seq = models.PositiveSmallIntegerField(_("number"))
    due_on = models.DateField(_("due on"))
    principal_amount = amount(_("principal due"))
    interest_amount = amount(_("interest due"))
    paid_on = models.DateField(_("fully paid on"), null=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope.via("customer")

    class Meta:
        ordering = ("loan", "seq")
        verbose_name = _("instalment")

    def __str__(self) -> str:
        return f"{self.loan_id} #{self.seq}"


class Repayment(CustomerOwned, Imported):
    """Money received on a loan."""

    repayment_no = models.CharField(_("repayment number"), max_length=40, unique=True)
    loan = models.ForeignKey(Loan, models.CASCADE, related_name="repayments")
    paid_on = models.DateField(_("paid on"))
    principal_amount = amount(_("principal paid"))
    interest_amount = amount(_("interest paid"))
    early_days = models.PositiveSmallIntegerField(
        _("days early"), default=0, help_text=_("How long before its due date principal came back.")
    )

    class Meta:
        ordering = ("-paid_on",)
        verbose_name = _("repayment")
        indexes = (models.Index(fields=("customer", "paid_on"), name="repayment_customer"),)

    def __str__(self) -> str:
        return self.repayment_no


class Collateral(CustomerOwned, Imported):
    """Something pledged, with its value and the share of it we lend on."""

    collateral_no = models.CharField(_("collateral number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=16)
    value_amount = amount(_("value"))
    loan_to_value = ratio(_("allowed loan to value"))
    valued_on = models.DateField(_("valued on"))
    released_on = models.DateField(_("released on"), null=True)

    class Meta:
        ordering = ("customer", "kind")
        verbose_name = _("collateral")
        constraints = (
            models.CheckConstraint(
                condition=Q(loan_to_value__gte=0, loan_to_value__lte=1),
                name="collateral_ltv_is_a_share",
            ),
        )
        indexes = (models.Index(fields=("customer",), name="collateral_customer"),)

    def __str__(self) -> str:
        return self.collateral_no
