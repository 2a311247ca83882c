"""What stands on the tabs of a customer beside the portrait; the caller has found the customer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from crm.core.models import User
from crm.core.months import last_closed
from customers.models import (
    Certificate,
    ChainLink,
    Consent,
    Contact,
    CounterpartyMonth,
    CreditLine,
    Customer,
    CustomerAssignment,
    CustomerIdentifier,
    Holding,
    Instalment,
    Loan,
    Relation,
    TerritoryMember,
)

MONTHS = 12
MOST_PARTNERS = 15


@dataclass
class LoanView:
    """A loan with its schedule and what is late on it."""

    loan: Loan
    instalments: list[Instalment] = field(default_factory=list)
    overdue_amount: Decimal = Decimal(0)
    overdue_days: int = 0
    next_due: Instalment | None = None


@dataclass(frozen=True)
class Partner:
    """What one counterparty invoiced, or was invoiced, in the last twelve closed months."""

    name: str
    amount: Decimal
    share: Decimal
    invoices: int


def profile_of(*, user: User, customer: Customer) -> dict[str, Any]:
    """Contacts, identifiers, relations, places, titles and consents of a customer in reach."""
    return {
        "contacts": list(Contact.objects.filter(customer=customer)),
        "identifiers": list(CustomerIdentifier.objects.filter(customer=customer)),
        "relations": relations_of(user=user, customer=customer),
        "places": list(
            TerritoryMember.objects.filter(customer=customer).select_related("territory")
        ),
        "certificates": list(Certificate.objects.filter(customer=customer)),
        "consents": list(Consent.objects.filter(customer=customer).select_related("template")),
    }


def relations_of(*, user: User, customer: Customer) -> list[dict[str, Any]]:
    """Links to other customers, both ways; one beyond the user's reach has no name."""
    rows = (
        Relation.objects.filter(Q(customer=customer) | Q(other=customer))
        .select_related("customer__manager", "other__manager", "customer__branch", "other__branch")
        .defer("customer__name_pieces", "other__name_pieces")
    )
    reach = user.reach()
    found = []
    for row in rows:
        is_outward = row.customer_id == customer.pk
        other: Customer = row.other if is_outward else row.customer
        sees = any(low <= other.scope_no <= high for low, high in reach)
        found.append({"row": row, "other": other, "is_outward": is_outward, "sees": sees})
    return found


def holdings_of(*, customer: Customer, today: date) -> dict[str, Any]:
    """Products held, credit lines, and loans with schedule and arrears, open ones first."""
    loans = list(Loan.objects.filter(customer=customer).order_by("closed_on", "-drawn_on"))
    loans.sort(key=lambda loan: (loan.closed_on is not None, -loan.drawn_on.toordinal()))
    schedule: dict[int, list[Instalment]] = defaultdict(list)
    for row in Instalment.objects.filter(customer=customer).order_by("loan", "seq"):
        schedule[row.loan_id].append(row)
    return {
        "holdings": list(Holding.objects.filter(customer=customer)),
        "lines": list(CreditLine.objects.filter(customer=customer)),
        "loans": [loan_view(loan, schedule[loan.pk], today) for loan in loans],
        "today": today,
    }


def loan_view(loan: Loan, instalments: list[Instalment], today: date) -> LoanView:
    """What is late is due before today and not paid by then."""
    view = LoanView(loan, instalments)
    if loan.closed_on is not None:
        return view
    for row in instalments:
        if row.paid_on is not None and row.paid_on <= today:
            continue
        if row.due_on < today:
            view.overdue_amount += row.principal_amount + row.interest_amount
            view.overdue_days = max(view.overdue_days, (today - row.due_on).days)
        elif view.next_due is None:
            view.next_due = row
    return view


def chain_of(*, customer: Customer, today: date) -> dict[str, Any]:
    """Suppliers and buyers as told, and as the invoices of twelve closed months show them."""
    links = ChainLink.objects.filter(customer=customer).select_related("chain")
    last = last_closed(today)
    return {
        "links": list(links),
        "buyers": partners_of(customer, "S", last),
        "suppliers": partners_of(customer, "P", last),
        "months": MONTHS,
    }


def partners_of(customer: Customer, side: str, last: int) -> list[Partner]:
    """The largest counterparties of one side, with their share of that side."""
    rows = CounterpartyMonth.objects.filter(
        customer=customer, side=side, ym__gt=last - MONTHS, ym__lte=last
    )
    sums = rows.values("counterparty").annotate(total=Sum("amount"), count=Sum("invoices"))
    largest = list(sums.order_by("-total")[:MOST_PARTNERS])
    whole = Decimal(rows.aggregate(whole=Sum("amount"))["whole"] or 0)
    return [
        Partner(
            row["counterparty"],
            Decimal(row["total"]),
            Decimal(row["total"]) / whole if whole > 0 else Decimal(0),
            row["count"],
        )
        for row in largest
    ]


def history_of(*, customer: Customer) -> list[CustomerAssignment]:
    """Who looked after the customer, the newest first."""
    rows = CustomerAssignment.objects.filter(customer=customer)
    return list(rows.select_related("manager", "branch", "decided_by").order_by("-during"))
