"""One page of the customers a user may see, filtered, ordered, and counted up to a cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q, QuerySet

from crm.core.models import User
from crm.core.roles import Reach
from customers.models import Customer
from customers.selectors.feature_filter import clause_condition
from customers.selectors.keyset import COUNT_CAP, Order, Place, capped_count, keyset_page
from customers.selectors.list_columns import LIST_COLUMNS, ListColumn, list_column
from customers.selectors.list_filters import LIST_FILTERS
from customers.selectors.list_query import DEFAULT_SORT, ListQuery
from customers.selectors.search import exactly, searched

__all__ = ["COUNT_CAP", "Elsewhere", "ListPage", "customer_page", "customers_of", "elsewhere"]
PAGE_SIZE = 50
ALWAYS = ("pk", "name", "is_do_not_contact")


@dataclass
class ListPage:
    """The rows of one page as dictionaries by path, and the ways on.

    ``count`` None: the list is filtered and longer than a page; ``customer_count`` says how long.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    count: int | None = 0
    previous: ListQuery | None = None
    next: ListQuery | None = None


@dataclass(frozen=True)
class Elsewhere:
    """A customer that exists beyond the user's reach: no more than who looks after it (ROL-3)."""

    keeper: str
    branch: str
    customer: Customer  # for the log only


def customers_of(*, user: User, query: ListQuery) -> QuerySet[Customer]:
    """Every customer of this list, in no order; the start of lists, counts and exports."""
    rows = Customer.objects.visible_to(user)
    parts = [
        spec.narrow(values)
        for key, values in query.chosen.items()
        if (spec := LIST_FILTERS.get(key)) is not None
    ]
    parts += [part for clause in query.clauses if (part := clause_condition(clause)) is not None]
    if parts:
        rows = rows.filter(reduce(and_, parts, Q()))
    return searched(rows, user=user, text=query.text)


def customer_page(
    *, user: User, query: ListQuery, columns: Sequence[ListColumn], size: int = PAGE_SIZE
) -> ListPage:
    """The page of this list that the query asks for, with the values of these columns."""
    rows = customers_of(user=user, query=query)
    place = query.place
    page = keyset_page(rows, list_order(query.sort), size=size, place=place)
    count = place.count if place is not None else None
    if count is None and place is None and page.next is None:
        count = len(page.keys)  # all of them are on this page
    elif count is None and not query.is_filtered:
        count = capped_count(rows)  # the reader's own rows, counted in one narrow index
    return ListPage(
        rows=row_values(page.keys, columns),
        count=count,
        previous=_other(query, page.previous, count),
        next=_other(query, page.next, count),
    )


def customer_count(*, user: User, query: ListQuery) -> int:
    """How many customers the list holds, at most COUNT_CAP."""
    return capped_count(customers_of(user=user, query=query))


def row_values(keys: Sequence[int], columns: Sequence[ListColumn]) -> list[dict[str, Any]]:
    """The values of these columns for these customers, in the order of the keys."""
    paths = dict.fromkeys((*ALWAYS, *(column.path for column in columns)))
    found = {row["pk"]: row for row in Customer.objects.filter(pk__in=keys).values(*paths)}
    return [found[key] for key in keys if key in found]


def list_order(sort: str) -> Order:
    """The order that ``key`` or ``-key`` asks for; by name when it is not known."""
    column = list_column(sort.removeprefix("-"))
    if column is None or not column.is_sorted:
        return LIST_COLUMNS[DEFAULT_SORT].order(False)
    return column.order(sort.startswith("-"))


def elsewhere(*, user: User, text: str) -> list[Elsewhere]:
    """Who looks after the customer with exactly this code, phone or name, when it is not ours."""
    if not text or user.duty.reach == Reach.BANK or not user.reach():
        return []
    ours = Customer.objects.visible_to(user)
    rows = exactly(text).exclude(pk__in=ours.values("pk")).select_related("manager", "branch")
    found = rows.defer("name_pieces")[:3]
    return [Elsewhere(str(c.manager or c.branch), c.branch.name, c) for c in found]


def _other(query: ListQuery, place: Place | None, count: int | None) -> ListQuery | None:
    return None if place is None else query.at(replace(place, count=count))
