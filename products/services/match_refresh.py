"""A person asks for one customer to be matched again."""

from __future__ import annotations

from django.db import transaction

from crm.core.audit import record
from crm.core.jobs import enqueue
from crm.core.models import Job, User
from customers.models import Customer
from products.selectors.match_page import REFRESH


@transaction.atomic
def ask_match(*, customer_id: int, by: User) -> Job:
    """The match will be fresh in seconds; one that waits for this customer already is returned."""
    customer = Customer.objects.visible_to(by).get(pk=customer_id)
    record(by, "products.match_asked", customer)
    params = {"ids": [customer.pk]}
    return enqueue(REFRESH, params, by=by, unique_key=f"customer:{customer.pk}", priority=2)
