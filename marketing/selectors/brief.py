"""What to know before the door opens: one customer on one phone screen (VIS-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.core.models import User
from customers.models import Customer
from customers.selectors.customer import customer_header


@dataclass(frozen=True)
class Brief:
    """One customer before a visit."""

    customer: Customer
    as_of: date
    portrait: Any | None = None


def brief_of(*, user: User, customer_id: int, as_of: date) -> Brief:
    """The brief of a customer in reach; Customer.DoesNotExist for any other."""
    customer = customer_header(user=user, customer_id=customer_id)
    return Brief(customer, as_of)
