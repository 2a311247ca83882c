"""Plain makers of care rows for tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from crm.core.months import ym_of
from customers.models import Customer, DeclaredRollup, Loan, MonthRollup
from marketing.models import CareTask, Complaint, Relief, Satisfaction
from tests.factories import make_customer, make_user

TODAY = date(2026, 11, 20)  # a Friday
MONTH = ym_of(TODAY) - 1  # the newest month that has ended


def make_care_task(customer: Customer | None = None, **fields: Any) -> CareTask:
    """An open task of the care cycle, due on the day."""
    customer = customer or make_customer(make_user("rm"))
    given = {
        "kind": "cycle", "due_on": TODAY, "owner": customer.manager, "made_on": TODAY,
        "reasons": [
            {"code": "cycle", "inputs": {"tier": "A", "every": 30, "last": "2026-10-20"}}
        ],
    } | fields  # fmt: skip
    return CareTask.objects.create(customer=customer, **given)


def make_complaint(customer: Customer | None = None, **fields: Any) -> Complaint:
    """An open complaint of this week."""
    customer = customer or make_customer(make_user("rm"))
    received = fields.pop("received_on", TODAY)
    given = {
        "kind": "speed", "text": "放款太慢", "received_on": received,
        "due_on": received + timedelta(days=15), "owner": customer.manager or make_user("rm"),
    } | fields  # fmt: skip
    return Complaint.objects.create(customer=customer, **given)


def make_relief(customer: Customer | None = None, **fields: Any) -> Relief:
    """A customer whose cash lasts one month and a half; nothing was proposed yet."""
    customer = customer or make_customer(make_user("rm"))
    given = {
        "found_on": TODAY, "runway_months": "1.50", "cash_amount": 150_000,
        "cost_amount": 100_000, "five_class": "normal",
    } | fields  # fmt: skip
    return Relief.objects.create(customer=customer, **given)


def make_mark(
    customer: Customer, mark: int, *, after: str = "visit", **fields: Any
) -> Satisfaction:
    """A mark of the day, of the customer's manager unless given."""
    given = {"manager": customer.manager, "on": TODAY} | fields
    return Satisfaction.objects.create(customer=customer, after=after, mark=mark, **given)


def make_loan(customer: Customer, **fields: Any) -> Loan:
    """A normal loan of ¥500,000 that matures in two years."""
    given = {
        "loan_no": f"L{customer.pk}-{Loan.objects.count()}", "family": "working_capital_loan",
        "principal_amount": 500_000, "balance_amount": 500_000, "rate": "0.0435",
        "drawn_on": TODAY - timedelta(days=200), "matures_on": TODAY + timedelta(days=700),
        "repayment_mode": "bullet", "guarantee_mode": "credit", "five_class": "normal",
    } | fields  # fmt: skip
    return Loan.objects.create(customer=customer, **given)


def make_months(customer: Customer, **columns: dict[int, Any]) -> None:
    """Months by how far they lie before the newest that ended: ``inflow={0: 1000, 12: 9000}``."""
    for back in sorted({back for values in columns.values() for back in values}):
        MonthRollup.objects.create(
            customer=customer,
            ym=MONTH - back,
            **{name: values[back] for name, values in columns.items() if back in values},
        )


def make_declared(customer: Customer, **facts: Any) -> Any:
    """What was told of the customer, as the newest valid values."""
    return DeclaredRollup.objects.create(
        customer=customer, newest_on=TODAY, facts=len(facts), verified=0, **facts
    )
