"""A person asks for the portrait of one customer to be computed again."""

from __future__ import annotations

from django.db import transaction

from crm.core.audit import record
from crm.core.jobs import enqueue
from crm.core.models import Job, User
from customers.models import Customer
from customers.services.rollups import touch_customers

KIND = "portraits.refresh"


@transaction.atomic
def ask_recompute(*, customer: Customer, by: User) -> Job:
    """The portrait will be fresh in seconds: the customer is touched and the refresh is rung."""
    touch_customers([customer.pk])
    record(by, "customers.portrait_recompute", customer)
    return enqueue(KIND, by=by, unique_key="all", priority=2)
