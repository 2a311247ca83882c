"""The customers of one user at a glance: counts, incomplete, new, and just opened ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from crm.core.models import AuditEntry, User
from crm.core.searching import Hit
from customers.models import Customer
from customers.selectors.customer_list import customers_of, elsewhere
from customers.selectors.list_query import ListQuery

POOR = 60
SHOWN = 6
OPENED_LOOKED_AT = 60


@dataclass(frozen=True)
class Opened:
    """A customer and when its page was last opened by the user."""

    customer: Customer
    at: datetime


def customer_hits(user: User, words: str, limit: int) -> Iterable[Hit]:
    """The first customers that the words may mean, and who looks after one that is not ours."""
    rows = customers_of(user=user, query=ListQuery(text=words)).order_by("name_pinyin", "pk")
    named = rows.values_list("pk", "name", "manager__full_name", "branch__name")[:limit]
    hits = [Hit(name, f"/customers/{pk}/", keeper or unit) for pk, name, keeper, unit in named]
    for other in elsewhere(user=user, text=words):
        note = _("%(keeper)s looks after it") % {"keeper": other.keeper}
        hits.append(Hit(words, f"/customers/?q={words}", note))
    return hits


def numbers_of(user: User) -> dict[str, Any]:
    """How many customers there are by relation, stage and tier, and how many are incomplete."""
    rows = Customer.objects.visible_to(user)
    numbers = rows.aggregate(
        total=Count("pk"),
        existing=Count("pk", filter=Q(relation_state="existing")),
        prospect=Count("pk", filter=Q(relation_state="prospect")),
        tier_a=Count("pk", filter=Q(portrait__tier="A")),
        decline=Count("pk", filter=Q(portrait__stage="decline")),
        poor=Count("pk", filter=Q(portrait__completeness__lt=POOR)),
    )
    return dict(numbers)


def stale_customers(user: User) -> QuerySet[Customer]:
    """Customers with the least complete portraits, the valuable ones first."""
    rows = Customer.objects.visible_to(user).exclude(relation_state=Customer.RelationState.LOST)
    rows = rows.filter(portrait__completeness__lt=POOR)
    told: QuerySet[Customer] = rows.annotate(
        completeness=F("portrait__completeness"),
        freshness=F("portrait__freshness"),
        tier=F("portrait__tier"),
    )
    told = told.only("name", "is_do_not_contact")
    return told.order_by("portrait__tier", "portrait__completeness")


def newest_customers(user: User) -> QuerySet[Customer]:
    """Customers in the order in which they came."""
    rows: QuerySet[Customer] = Customer.objects.visible_to(user).select_related("manager")
    return rows.only("name", "created_at", "relation_state", "manager__full_name").order_by(
        "-created_at", "-pk"
    )


def recently_opened(user: User) -> list[Opened]:
    """The customers whose pages this user opened last, each once, still in reach."""
    entries = AuditEntry.objects.filter(
        actor=user, event="customers.viewed", table_name=Customer._meta.db_table
    )
    seen: dict[int, datetime] = {}
    for key, at in entries.order_by("-at").values_list("row_pk", "at")[:OPENED_LOOKED_AT]:
        seen.setdefault(int(key), at)
    rows = Customer.objects.visible_to(user).filter(pk__in=seen).only("name")
    found = [Opened(customer, seen[customer.pk]) for customer in rows]
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]
