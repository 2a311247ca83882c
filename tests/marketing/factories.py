"""Plain makers of visits and opportunities: one keyword for each difference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from crm.core.models import RuleParameter, User
from crm.core.services.reference import read_seed
from customers.models import Customer
from marketing.models import Opportunity, Visit
from tests.factories import make_customer, make_user

SEEDS = ("crm/core", "products", "marketing")
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # ten in the morning in China


def make_visit(
    customer: Customer | None = None,
    *,
    by: User | None = None,
    at: datetime = MONDAY,
    **fields: Any,
) -> Visit:
    """A visit of half an hour by the customer's manager, with a next step a week later."""
    customer = customer or make_customer(by or make_user("rm"))
    manager = by or customer.manager
    given = {
        "key": uuid4(),
        "purpose": "care",
        "started_at": at,
        "ended_at": at + timedelta(minutes=30),
        "received_at": at,
        "whom_met": "王老板",
        "summary": "门店客流稳定，春节前要备货。",
        "next_step": "送资料",
        "next_on": at.date() + timedelta(days=7),
        "manager_scope_no": manager.scope_no,
    } | fields
    return Visit.objects.create(customer=customer, manager=manager, **given)


def make_opportunity(
    customer: Customer | None = None,
    *,
    by: User | None = None,
    at: datetime = MONDAY,
    **fields: Any,
) -> Opportunity:
    """An open credit opportunity of ¥300,000 in its first stage."""
    customer = customer or make_customer()
    given = {
        "pipeline": "credit",
        "family": "working_capital_loan",
        "amount": 300_000,
        "origin_mode": "active",
        "stage": "lead",
        "stage_since": at,
        "probability": 0.1,
        "owner": by or customer.manager,
        "last_action_on": at.date(),
        "opened_at": at,
    } | fields
    return Opportunity.objects.create(customer=customer, **given)


def load_rules() -> None:
    """The rule parameters of every floor are rows, without the larger reference tables."""
    RuleParameter.objects.all().delete()
    RuleParameter.objects.bulk_create(
        RuleParameter(
            key=row["key"],
            value=row["value"],
            unit=row["unit"],
            effective_from=row["effective_from"],
            state=RuleParameter.State.ACTIVE,
            version=1,
            source=row["source"],
            mark=row["mark"],
        )
        for app in SEEDS
        for row in read_seed(Path(app) / "seeds" / "parameters.csv")
    )
