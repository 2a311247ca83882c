"""The fact rows behind a figure, newest first, in keyset pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from crm.core.months import last_closed, month_start, ym_of
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.features.engine import names_in
from customers.features.spec import ColumnSpec, FeatureSpec
from customers.features.steps import ORIGINS
from customers.models import (
    AccountFlow,
    AcquiringMonth,
    BureauSummary,
    Certificate,
    ChainLink,
    ChannelMonth,
    Collateral,
    Contact,
    Customer,
    DeclaredFact,
    DepositMonth,
    ElectricityMonth,
    Holding,
    Instalment,
    Invoice,
    InvoiceMonth,
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

PAGE = 25
CUT = "~"  # between the values of a place in the order
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


@dataclass(frozen=True)
class Window:
    """From the first to the last day that counts; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class RowPage:
    """One page of rows, the sums of the whole window, and where the next page begins."""

    key: str
    trail: Trail
    rows: Sequence[Any]
    sums: dict[str, Any]
    window: Window
    after: str = ""


def trails_of(column: ColumnSpec) -> list[str]:
    """The tables behind a column: that of its origin, and told facts."""
    if not isinstance(column, FeatureSpec):
        return []
    key = ORIGINS[column.origin].trail
    found = [key] if key and key != "declared" else []
    return [*found, "declared"] if column.declared_keys else found


def made_of(column: ColumnSpec) -> list[ColumnSpec]:
    """The other columns that the formula uses."""
    return [
        COLUMNS[name]
        for name in sorted(names_in(column.sql))
        if name in COLUMNS and name != column.key and COLUMNS[name].label
    ]


def window_of(column: ColumnSpec, trail: Trail, customer: Customer, as_of: date) -> Window:
    """The months of the figure: closed ones of our books, or those up to the last invoices."""
    months = getattr(column, "trail_months", 0)
    if not months:
        return Window(None, as_of)
    end = last_closed(as_of)
    if trail.by_invoice:
        known = InvoiceMonth.objects.filter(customer=customer, ym__lte=end)
        end = known.aggregate(last=Max("ym"))["last"] or end
    elif trail.when != "ym":
        return Window(month_start(ym_of(as_of) - months), as_of)
    return Window(
        month_start(end - months + 1), date.fromordinal(month_start(end + 1).toordinal() - 1)
    )


def month_window(ym: int) -> Window:
    """One month."""
    return Window(month_start(ym), date.fromordinal(month_start(ym + 1).toordinal() - 1))


def row_page(
    *,
    user: User,
    customer: Customer,
    key: str,
    window: Window,
    after: str = "",
    only: Q | None = None,
) -> RowPage:
    """A page of the rows of the window that the user may see."""
    trail = TRAILS[key]
    rows = _rows(user, customer, trail, window).filter(only or Q())
    sums = rows.aggregate(**{name: Sum(name, filter=trail.counts or None) for name in trail.adds})
    page = list(_after(rows, trail, after)[: PAGE + 1])
    following = CUT.join(_place(page[PAGE - 1], trail)) if len(page) > PAGE else ""
    return RowPage(key, trail, page[:PAGE], sums, window, following)


def _rows(user: User, customer: Customer, trail: Trail, window: Window) -> QuerySet[Any]:
    facts: Any = trail.model._default_manager
    rows: QuerySet[Any] = facts.visible_to(user).filter(trail.only, customer=customer)
    if trail.model is DeclaredFact:
        rows = rows.filter(is_withdrawn=False).select_related("entered_by")
    if trail.model is Contact:
        return rows.order_by(*trail.order)
    kind = trail.model._meta.get_field(trail.when)
    is_month = trail.when == "ym"
    if window.first:
        rows = rows.filter(
            **{f"{trail.when}__gte": ym_of(window.first) if is_month else window.first}
        )
    if window.last:
        lookup = "date__lte" if isinstance(kind, models.DateTimeField) else "lte"
        last = ym_of(window.last) if is_month else window.last
        rows = rows.filter(**{f"{trail.when}__{lookup}": last})
    return rows.order_by(*trail.order)


def _place(row: Any, trail: Trail) -> list[str]:
    values = (getattr(row, name.lstrip("-")) for name in trail.order)
    return [value.isoformat() if isinstance(value, date) else str(value) for value in values]


def _after(rows: QuerySet[Any], trail: Trail, after: str) -> QuerySet[Any]:
    """Rows behind a place in the order; the first page for a place that cannot be read."""
    values = after.split(CUT)
    if not after or len(values) != len(trail.order):
        return rows
    beyond, same = Q(pk__isnull=True), Q()
    for name, text in zip(trail.order, values, strict=True):
        attribute = name.lstrip("-")
        try:
            value = _typed(trail.model, attribute, text)
        except (ValidationError, ValueError):
            return rows
        step = Q(**{f"{attribute}__{'lt' if name.startswith('-') else 'gt'}": value})
        beyond |= same & step
        same &= Q(**{attribute: value})
    return rows.filter(beyond)


def _typed(model: type[models.Model], attribute: str, text: str) -> Any:
    """A value of a place as the column holds it."""
    if attribute == "pk" or attribute.endswith("_id"):
        return int(text)
    target = model._meta.get_field(attribute)
    return target.to_python(text) if isinstance(target, models.Field) else text
