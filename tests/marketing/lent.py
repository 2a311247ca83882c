"""A small bank that lends: makers of loans, lines and list items for the tests of the goals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from crm.core.models import TradeProfile
from crm.core.services.reference import load_reference
from customers.models import CreditLine, Customer, Loan, Repayment
from marketing.models import CoordinationItem

TODAY = date(2026, 11, 22)
_no = count(1)


def rules() -> None:
    """Reference data and rule parameters are loaded."""
    if not TradeProfile.objects.exists():
        load_reference()


def make_line(customer: Customer, limit: int, *, until: date = date(2027, 12, 31)) -> CreditLine:
    """A limit in force today unless ``until`` says otherwise."""
    return CreditLine.objects.create(
        customer=customer,
        line_no=f"X{next(_no)}",
        family="working_capital_loan",
        limit_amount=limit,
        granted_on=date(2025, 1, 1),
        expires_on=until,
        guarantee_mode="credit",
    )


def make_loan(customer: Customer, balance: int, **fields: Any) -> Loan:
    """A loan drawn in March of this year for a year, at 4 %, unsecured and normal."""
    given = {
        "loan_no": f"L{next(_no)}",
        "family": "working_capital_loan",
        "principal_amount": balance,
        "balance_amount": balance,
        "rate": Decimal("0.04"),
        "drawn_on": date(2026, 3, 2),
        "matures_on": date(2027, 3, 1),
        "repayment_mode": "bullet",
        "guarantee_mode": "credit",
        "five_class": "normal",
    } | fields
    return Loan.objects.create(customer=customer, **given)


def make_repayment(loan: Loan, amount: int, on: date) -> Repayment:
    """Principal paid back on a day."""
    return Repayment.objects.create(
        customer=loan.customer,
        repayment_no=f"R{next(_no)}",
        loan=loan,
        paid_on=on,
        principal_amount=amount,
        interest_amount=0,
    )


def make_item(customer: Customer, *, received: date, **fields: Any) -> CoordinationItem:
    """An item of a recommended list, due in thirty days, to be contacted within four."""
    decided = fields.pop("decided", None)
    given = {
        "list_no": f"清单{next(_no)}",
        "kind": "recommended",
        "received_on": received,
        "contact_due_on": date.fromordinal(received.toordinal() + 4),
        "due_on": date.fromordinal(received.toordinal() + 30),
        "decided_at": decided and datetime(decided.year, decided.month, decided.day, 6, tzinfo=UTC),
    } | fields
    return CoordinationItem.objects.create(customer=customer, **given)
