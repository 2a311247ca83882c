"""The tables of facts that figures open: how each is ordered, what is shown, what adds up."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.models import (
    AccountFlow,
    AcquiringMonth,
    BureauSummary,
    Certificate,
    ChainLink,
    ChannelMonth,
    Collateral,
    Contact,
    DeclaredFact,
    DepositMonth,
    ElectricityMonth,
    Holding,
    Instalment,
    Invoice,
    LineUse,
    Loan,
    LoanApplication,
    PayrollMonth,
    PublicRecord,
    Repayment,
    SocialSecurityMonth,
    TaxYear,
    Touch,
)

Cell = tuple[
    str, Text, str
]  # attribute, heading, kind: month, date, money, number, text, choice ...


@dataclass(frozen=True)
class Trail:
    """A table of facts: how it is ordered, what of a row is shown, and what adds up."""

    model: type[models.Model]
    order: tuple[str, ...]
    cells: tuple[Cell, ...]
    only: Q = field(default_factory=Q)
    adds: tuple[str, ...] = ()
    counts: Q = field(default_factory=Q)  # rows that are added up
    by_invoice: bool = False  # its windows end at the last month with invoices

    @property
    def when(self) -> str:
        """The field of time."""
        return self.order[0].lstrip("-")


_MONTH: Cell = ("ym", _("Month"), "month")


def _monthly(model: type[models.Model], *cells: Cell, adds: tuple[str, ...] = ()) -> Trail:
    return Trail(model, ("-ym",), (_MONTH, *cells), adds=adds)


_INVOICE_CELLS: tuple[Cell, ...] = (
    ("issued_on", _("Issued on"), "date"),
    ("side", _("Side"), "choice"),
    ("counterparty", _("Counterparty"), "text"),
    ("net_amount", _("Amount without tax"), "money"),
    ("is_void", _("Void"), "flag"),
    ("number", _("Number"), "text"),
)
_INVOICE_ORDER = ("-issued_on", "number", "code", "side")


def _invoices(only: Q) -> Trail:
    return Trail(
        Invoice,
        _INVOICE_ORDER,
        _INVOICE_CELLS,
        only,
        adds=("net_amount",),
        counts=Q(is_void=False),
        by_invoice=True,
    )


TRAILS: dict[str, Trail] = {
    "flows": _monthly(
        AccountFlow,
        ("business_inflow_amount", _("Business inflow"), "money"),
        ("inflow_amount", _("All inflow"), "money"),
        ("outflow_amount", _("Outflow"), "money"),
        ("cash_share", _("Cash share"), "percent"),
        ("active_days", _("Active days"), "number"),
        adds=("business_inflow_amount", "inflow_amount", "outflow_amount"),
    ),
    "deposits": _monthly(
        DepositMonth,
        ("average_amount", _("Average balance"), "money"),
        ("end_amount", _("Balance at month end"), "money"),
    ),
    "line_use": _monthly(
        LineUse,
        ("limit_amount", _("Limit"), "money"),
        ("average_used_amount", _("Average drawn"), "money"),
        ("peak_used_amount", _("Highest drawn"), "money"),
    ),
    "acquiring": _monthly(
        AcquiringMonth,
        ("received_amount", _("Received"), "money"),
        ("receipts", _("Receipts"), "number"),
        ("payers", _("Payers"), "number"),
        adds=("received_amount", "receipts"),
    ),
    "payroll": _monthly(
        PayrollMonth,
        ("heads", _("Heads"), "number"),
        ("wages_amount", _("Wages"), "money"),
        adds=("wages_amount",),
    ),
    "social_security": _monthly(SocialSecurityMonth, ("heads", _("Insured heads"), "number")),
    "channel": _monthly(ChannelMonth, ("active_days", _("Active days"), "number")),
    "electricity": _monthly(ElectricityMonth, ("kwh", _("kWh"), "number"), adds=("kwh",)),
    "invoices": _invoices(Q()),
    "sales": _invoices(Q(side="S")),
    "purchases": _invoices(Q(side="P")),
    "touches": Trail(
        Touch,
        ("-at", "pk"),
        (
            ("at", _("At"), "date"),
            ("channel", _("Channel"), "choice"),
            ("has_reached", _("Reached"), "flag"),
            ("note", _("Note"), "text"),
        ),
    ),
    "applications": Trail(
        LoanApplication,
        ("-applied_on", "pk"),
        (
            ("applied_on", _("Applied on"), "date"),
            ("family", _("Family"), "choice"),
            ("asked_amount", _("Amount asked"), "money"),
            ("decision", _("Decision"), "choice"),
        ),
    ),
    "loans": Trail(
        Loan,
        ("-drawn_on", "pk"),
        (
            ("drawn_on", _("Drawn on"), "date"),
            ("loan_no", _("Loan number"), "text"),
            ("principal_amount", _("Principal"), "money"),
            ("balance_amount", _("Balance"), "money"),
            ("matures_on", _("Matures on"), "date"),
            ("closed_on", _("Paid off on"), "date"),
        ),
    ),
    "instalments": Trail(
        Instalment,
        ("-due_on", "loan_id", "seq"),
        (
            ("due_on", _("Due on"), "date"),
            ("principal_amount", _("Principal due"), "money"),
            ("interest_amount", _("Interest due"), "money"),
            ("paid_on", _("Paid on"), "date"),
        ),
    ),
    "repayments": Trail(
        Repayment,
        ("-paid_on", "pk"),
        (
            ("paid_on", _("Paid on"), "date"),
            ("principal_amount", _("Principal paid"), "money"),
            ("interest_amount", _("Interest paid"), "money"),
            ("early_days", _("Days early"), "number"),
        ),
        adds=("principal_amount",),
    ),
    "holdings": Trail(
        Holding,
        ("-opened_on", "pk"),
        (
            ("opened_on", _("Opened on"), "date"),
            ("family", _("Family"), "choice"),
            ("balance_amount", _("Balance"), "money"),
            ("closed_on", _("Closed on"), "date"),
        ),
    ),
    "bureau": Trail(
        BureauSummary,
        ("-queried_on", "pk"),
        (
            ("queried_on", _("Queried on"), "date"),
            ("lenders", _("Lenders"), "number"),
            ("hard_queries_6m", _("Loan queries, 6 months"), "number"),
            ("overdue_months", _("Months overdue"), "number"),
            ("has_open_overdue", _("Open overdue"), "flag"),
            ("debt_amount", _("Debt at all banks"), "money"),
        ),
    ),
    "tax": Trail(
        TaxYear,
        ("-published_on", "year"),
        (
            ("published_on", _("Published on"), "date"),
            ("year", _("Year"), "text"),
            ("grade", _("Tax grade"), "choice"),
            ("taxable_sales_amount", _("Taxable sales"), "money"),
            ("arrears_amount", _("Tax arrears"), "money"),
        ),
    ),
    "records": Trail(
        PublicRecord,
        ("-opened_on", "pk"),
        (
            ("opened_on", _("Opened on"), "date"),
            ("kind", _("Kind"), "choice"),
            ("number", _("Number"), "text"),
            ("amount", _("Amount"), "money"),
            ("closed_on", _("Closed on"), "date"),
        ),
    ),
    "certificates": Trail(
        Certificate,
        ("-valid_from", "pk"),
        (
            ("valid_from", _("Valid from"), "date"),
            ("kind", _("Kind"), "choice"),
            ("level", _("Level"), "text"),
            ("valid_to", _("Valid to"), "date"),
        ),
    ),
    "collateral": Trail(
        Collateral,
        ("-valued_on", "pk"),
        (
            ("valued_on", _("Valued on"), "date"),
            ("kind", _("Kind"), "text"),
            ("value_amount", _("Value"), "money"),
            ("released_on", _("Released on"), "date"),
        ),
        adds=("value_amount",),
    ),
    "contacts": Trail(
        Contact,
        ("-updated_at", "pk"),
        (
            ("name", _("Name"), "text"),
            ("role", _("Role"), "choice"),
            ("is_decision_maker", _("Decides"), "flag"),
            ("mobile_masked", _("Mobile"), "text"),
        ),
    ),
    "links": Trail(
        ChainLink,
        ("-as_of", "pk"),
        (
            ("as_of", _("As of"), "date"),
            ("side", _("Side"), "choice"),
            ("counterparty_name", _("Counterparty"), "text"),
            ("is_core", _("Core enterprise"), "flag"),
            ("yearly_amount", _("Amount a year"), "money"),
        ),
    ),
    "declared": Trail(
        DeclaredFact,
        ("-as_of", "pk"),
        (
            ("as_of", _("As of"), "date"),
            ("key", _("Fact"), "fact"),
            ("value", _("Value"), "declared"),
            ("source", _("Source"), "choice"),
            ("quality", _("Quality"), "choice"),
            ("entered_by", _("Entered by"), "text"),
        ),
    ),
}
