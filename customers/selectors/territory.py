"""Groups and territories, each with how many of the user's customers it holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from crm.core.models import User
from crm.core.words import Text
from customers.features.groups import BROAD, LABELS, ORDER
from customers.models import Customer, Territory, TerritoryMember


@dataclass(frozen=True)
class GroupLine:
    """A group with the customers that belong to it, and those for whom it comes first."""

    key: str
    label: Text
    is_broad: bool
    members: int
    primary: int


def group_lines(*, user: User) -> list[GroupLine]:
    """Every group, with counts over the user's customers."""
    rows = Customer.objects.visible_to(user)
    primary = dict(
        rows.order_by().values_list("portrait__primary_group").annotate(count=Count("pk"))
    )
    members = _members(user)
    return [
        GroupLine(key, LABELS[key], key in BROAD, members.get(key, 0), primary.get(key, 0))
        for key in ORDER
    ]


def _members(user: User) -> dict[str, int]:
    """Customers by group; one customer counts in each of its groups."""
    reach = user.reach()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, count(*) FROM customers_customer c "
            "JOIN customers_portrait p ON p.customer_id = c.id, unnest(p.groups) AS code "
            "WHERE EXISTS (SELECT FROM unnest(%s::int[], %s::int[]) r(low, high) "
            "WHERE c.scope_no BETWEEN r.low AND r.high) GROUP BY code",
            [[low for low, _high in reach], [high for _low, high in reach]],
        )
        return dict(cursor.fetchall())


def territory_lines(*, user: User) -> list[tuple[Territory, int]]:
    """Territories of the user's units, with how many of the user's customers work there."""
    members = TerritoryMember.objects.visible_to(user).values_list("territory")
    counts = dict(members.order_by().annotate(count=Count("pk")))
    held = Territory.objects.filter(pk__in=counts) | Territory.objects.visible_to(user)
    rows = held.select_related("branch", "manager", "region").order_by("kind", "code")
    return [(place, counts.get(place.pk, 0)) for place in rows[:500]]
