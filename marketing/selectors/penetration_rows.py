"""The customers of a cell as a list shows them, and whether a count is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.core.models import Job, User
from customers.features.catalogue import COLUMNS
from customers.models import Customer

COUNT_KIND = "market.count"
_FIELDS = (
    "pk", "name", "party_type", "is_do_not_contact", "address", "manager__full_name",
    "branch__name", "industry__name_zh", "portrait__tier", "portrait__families_held",
    "portrait__loan_balance", "portrait__deposit_average_3m", "portrait__potential_12m",
)  # fmt: skip


def customer_rows(*, user: User, keys: Sequence[int]) -> list[dict[str, Any]]:
    """These customers in this order, with what decides on a visit; codes in words."""
    rows = Customer.objects.visible_to(user).filter(pk__in=list(keys)).values(*_FIELDS)
    tiers = dict(COLUMNS["tier"].choices)
    types = dict(Customer.PartyType.choices)
    found = {row["pk"]: row for row in rows}
    for row in found.values():
        row["tier"] = tiers.get(row["portrait__tier"], "")
        row["type"] = types.get(row["party_type"], "")
    return [found[key] for key in keys if key in found]


def is_counting() -> bool:
    """Whether the cells are being counted now."""
    return Job.objects.filter(kind=COUNT_KIND, state__in=("waiting", "running")).exists()
