"""Visits in reach: one, a page of them, the last ones of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, QuerySet
from django.utils import timezone

from crm.core.models import User
from crm.core.roles import Reach
from customers.models import Customer
from customers.selectors.keyset import Order, Place, keyset_page, read_place
from marketing.models import Purpose, Visit

NEWEST = Order("started_at", is_descending=True)
PAGE = 50
MOST_DIGITS = 10
SPANS = {"7": 7, "30": 30, "90": 90, "365": 365}


@dataclass(frozen=True)
class VisitQuery:
    """What the list is narrowed to; ``days`` back from today, "" is everything."""

    purpose: str = ""
    days: str = ""
    manager: int | None = None
    customer: int | None = None
    flagged: bool = False
    place: Place | None = None

    def address(self, **changes: Any) -> str:
        """The list with these changes, as what follows the path."""
        query = replace(self, **{"place": None, **changes})
        told = {
            "purpose": query.purpose,
            "days": query.days,
            "manager": query.manager,
            "customer": query.customer,
            "flagged": int(query.flagged),
            "at": query.place.written() if query.place else "",
        }
        return "?" + urlencode({key: value for key, value in told.items() if value})


@dataclass(frozen=True)
class VisitPage:
    """The rows of one page, and the lists before and after it."""

    rows: list[Visit]
    previous: VisitQuery | None
    next: VisitQuery | None


def read_visit_query(data: Mapping[str, Any]) -> VisitQuery:
    """The list that an address asks for; what cannot be read is left out."""
    purpose, days = str(data.get("purpose", "")), str(data.get("days", ""))
    return VisitQuery(
        purpose=purpose if purpose in Purpose.values else "",
        days=days if days in SPANS else "",
        manager=_number(data.get("manager")),
        customer=_number(data.get("customer")),
        flagged=str(data.get("flagged", "")) == "1",
        place=read_moment(str(data.get("at", ""))),
    )


def _number(told: Any) -> int | None:
    text = str(told or "")
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else None


def read_moment(text: str) -> Place | None:
    """The place in an address, where its value is a time of a zone; None for any other."""
    place = read_place(text)
    try:
        moment = datetime.fromisoformat(str(place.value) if place else "")
    except ValueError:
        return None
    return place if moment.tzinfo else None


def visit_list(*, user: User, query: VisitQuery, today: date) -> QuerySet[Visit]:
    """The visits in reach that fit the filters."""
    found: QuerySet[Visit] = Visit.objects.visible_to(user)
    if query.purpose:
        found = found.filter(purpose=query.purpose)
    if query.days:
        since = today - timedelta(days=SPANS[query.days] - 1)
        found = found.filter(started_at__gte=_midnight(since))
    if query.manager is not None:
        found = found.filter(manager=query.manager)
    if query.customer is not None:
        found = found.filter(customer=query.customer)
    return found.exclude(flags=[]) if query.flagged else found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def visit_page(*, user: User, query: VisitQuery, today: date) -> VisitPage:
    """One page, the newest first."""
    rows = visit_list(user=user, query=query, today=today)
    if user.duty.reach == Reach.OWN:
        rows = _by_customer(rows, user)
    found = keyset_page(rows, NEWEST, size=PAGE, place=query.place)
    return VisitPage(
        rows=_with_names(found.keys),
        previous=replace(query, place=found.previous) if found.previous else None,
        next=replace(query, place=found.next) if found.next else None,
    )


class _IsAny(Func):
    """Whether a number is one of an array: an array, unlike a subquery, is read by its index."""

    arg_joiner, template = " = ANY(", "%(expressions)s)"
    output_field = BooleanField()


def _by_customer(rows: QuerySet[Visit], user: User) -> QuerySet[Visit]:
    """The same rows, found by customer: a manager's are rare among the newest of the bank."""
    keys = ArraySubquery(Customer.objects.visible_to(user).order_by().values("pk"))
    return rows.filter(_IsAny("customer_id", keys))


def _with_names(keys: list[int]) -> list[Visit]:
    rows = Visit.objects.filter(pk__in=keys).select_related("customer", "manager")
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def visit_of(*, user: User, pk: int) -> Visit:
    """One visit in reach with what its page shows; Visit.DoesNotExist for any other."""
    found: Visit = (
        Visit.objects.visible_to(user)
        .select_related("customer__manager", "customer__branch", "manager", "opportunity")
        .prefetch_related("facts", "photos")
        .get(pk=pk)
    )
    return found


def visit_by_key(*, user: User, key: str) -> Visit | None:
    """The own visit that was saved under this key, if there is one."""
    return Visit.objects.visible_to(user).filter(key=key, manager=user).first()


def visits_of(*, user: User, customer_id: int, most: int = 5) -> list[Visit]:
    """The last visits to one customer, the newest first."""
    rows = Visit.objects.visible_to(user).filter(customer_id=customer_id)
    return list(rows.select_related("manager").order_by("-started_at", "-pk")[:most])
