"""Visits to look over: those drawn this week and those with flags, and what was found (VIS-6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from crm.core.models import User
from customers.selectors.keyset import Order, Place, keyset_page
from marketing.models import Visit
from marketing.selectors.visits import read_moment

PAGE = 30
DAYS = 180
NEWEST_FIRST = Order("started_at", is_descending=True)
SHOWN = ("open", "reviewed", "flagged")


@dataclass(frozen=True)
class ReviewQuery:
    """One list of visits, as it stands in its address."""

    show: str = "open"
    manager: int | None = None
    place: Place | None = None

    def address(self, **changes: Any) -> str:
        """The query string of this list, or of one that differs by ``changes``."""
        other = replace(self, **{"place": None, **changes})
        query = QueryDict(mutable=True)
        if other.show != "open":
            query["show"] = other.show
        if other.manager:
            query["manager"] = str(other.manager)
        if other.place is not None:
            query["at"] = other.place.written()
        return f"?{query.urlencode()}"


@dataclass(frozen=True)
class ReviewPage:
    """The rows of one page, and the lists before and after it."""

    rows: list[Visit]
    previous: ReviewQuery | None
    next: ReviewQuery | None


def read_review_query(data: Any) -> ReviewQuery:
    """The list that an address asks for; what cannot be read is left out."""
    show, manager = str(data.get("show", "")), str(data.get("manager", ""))
    return ReviewQuery(
        show=show if show in SHOWN else "open",
        manager=int(manager) if manager.isdecimal() and len(manager) < 10 else None,
        place=read_moment(str(data.get("at", ""))),
    )


def review_list(*, user: User, query: ReviewQuery) -> QuerySet[Visit]:
    """Visits of half a year that are drawn or flagged, in the user's reach."""
    since = timezone.now() - timedelta(days=DAYS)
    found: QuerySet[Visit] = Visit.objects.visible_to(user).filter(started_at__gte=since)
    if query.show == "open":
        found = found.filter(Q(sampled_on__isnull=False) | ~Q(flags=[]), quality__isnull=True)
    elif query.show == "reviewed":
        found = found.filter(quality__isnull=False)
    else:
        found = found.exclude(flags=[])
    return found.filter(manager=query.manager) if query.manager else found


def review_page(*, user: User, query: ReviewQuery) -> ReviewPage:
    """One page, the newest first."""
    found = keyset_page(
        review_list(user=user, query=query), NEWEST_FIRST, size=PAGE, place=query.place
    )
    return ReviewPage(
        rows=with_names(found.keys),
        previous=replace(query, place=found.previous) if found.previous else None,
        next=replace(query, place=found.next) if found.next else None,
    )


def with_names(keys: list[int]) -> list[Visit]:
    """The visits of these keys in this order, with customer, manager and review."""
    rows = Visit.objects.filter(pk__in=keys).select_related("customer", "manager", "review__by")
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def review_in_reach(*, user: User, visit_id: int) -> Visit:
    """A visit with its review and photos; Visit.DoesNotExist outside the reach."""
    found: Visit = (
        Visit.objects.visible_to(user)
        .select_related("customer", "manager", "review__by")
        .prefetch_related("photos")
        .get(pk=visit_id)
    )
    return found
