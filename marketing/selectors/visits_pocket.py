"""What a device carries into the field: a little of each customer that may be visited today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from crm.core.models import User
from crm.core.parameters import parameters
from customers.models import Contact, Customer, SettleMode, TerritoryMember
from customers.selectors.customer_home import recently_opened
from customers.selectors.ledger import coverage
from customers.selectors.portrait_page_missing import missing_features
from marketing.models import CoordinationItem, PlannedVisit, Visit
from marketing.selectors.visits_facts import known_facts, weakest_first

MOST = 30
TALK = 3
WORDS = 160
AHEAD_DAYS = 1  # tomorrow's stops too: the network may be gone before the morning


def pocket(*, user: User, today: date) -> list[dict[str, Any]]:
    """The planned stops of today and tomorrow, then whom the user opened lately; small briefs."""
    stops = _planned(user, today)
    opened = [one.customer.pk for one in recently_opened(user)]
    keys = list(dict.fromkeys((*stops, *opened)))[:MOST]
    return visit_briefs(user=user, customer_ids=keys, today=today)


def _planned(user: User, today: date) -> dict[int, PlannedVisit]:
    rows = PlannedVisit.objects.visible_to(user).filter(
        manager=user, state=PlannedVisit.State.PLANNED, on__gte=today
    )
    near = list(rows.order_by("on", "place")[:MOST])
    return {row.customer_id: row for row in reversed(near) if (row.on - today).days <= AHEAD_DAYS}


def visit_briefs(*, user: User, customer_ids: Collection[int], today: date) -> list[dict[str, Any]]:
    """What the form needs of each of these customers in reach, in this order; plain values."""
    customers = _customers(user, customer_ids)
    stops = _planned(user, today)
    contacts, last = _contacts(customers), _last_visits(customers)
    covers = coverage(customer_ids=customers)
    known = known_facts(customer_ids=list(customers), as_of=today)
    listed, settled = _on_the_list(customers), _settled(customers)
    rules = parameters(today)
    found = []
    for key in customer_ids:
        customer = customers.get(key)
        if customer is None:
            continue
        cover = covers.get(key, ())
        stop = stops.get(key)
        found.append(
            {
                "id": key,
                "name": customer.name,
                "line": [part for part in _line(customer) if part],
                "latitude": customer.latitude,
                "longitude": customer.longitude,
                "contacts": contacts[key],
                "last": _told(last.get(key)),
                "talk": _talk(customer, rules),
                "weakest": weakest_first(cover),
                "cover": {one.no: round(one.share * 100) for one in cover if one.is_asked},
                "settled": settled.get(key, []),
                "known": sorted(known.get(key, {})),
                "purpose": _purpose(customer, stop, last.get(key)),
                "planned": stop.on.isoformat() if stop else None,
                "listed": key in listed,
            }
        )
    return found


def _customers(user: User, keys: Collection[int]) -> dict[int, Customer]:
    grid = TerritoryMember.objects.filter(customer=OuterRef("pk"), is_grid=True)
    rows = (
        Customer.objects.visible_to(user)
        .filter(pk__in=keys)
        .select_related("portrait", "industry")
        .defer("name_pieces", "name_pinyin", "name_initials")
        .annotate(grid_name=Subquery(grid.values("territory__name")[:1]))
    )
    return {row.pk: row for row in rows}


def _line(customer: Any) -> Iterable[str]:
    """Place, trade, stage and tier, as far as they are known."""
    portrait = getattr(customer, "portrait", None)
    yield customer.grid_name or ""
    yield str(customer.industry) if customer.industry else ""
    yield _words(portrait, "stage")
    yield _words(portrait, "tier")


def _words(portrait: Any, key: str) -> str:
    from customers.features.catalogue import COLUMNS
    from customers.selectors.portrait_words import say

    value = getattr(portrait, key, None) if portrait else None
    return "" if value in (None, "", "unknown") else say(COLUMNS[key], value)


def _contacts(customers: Collection[int]) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in Contact.objects.filter(customer_id__in=list(customers)):
        role = row.get_role_display()
        found[row.customer_id].append({"name": row.name, "role": str(role)})
    return found


def _last_visits(customers: Collection[int]) -> dict[int, Visit]:
    rows = (
        Visit.objects.filter(customer_id__in=list(customers))
        .order_by("customer_id", "-started_at", "-pk")
        .distinct("customer_id")
    )
    return {row.customer_id: row for row in rows}


def _told(visit: Visit | None) -> dict[str, Any] | None:
    if visit is None:
        return None
    return {
        "on": timezone.localdate(visit.started_at).isoformat(),
        "whom": visit.whom_met,
        "summary": visit.summary[:WORDS],
        "next_step": visit.next_step,
        "promise": visit.promise,
        "companions": visit.companions,
    }


def _talk(customer: Any, rules: Any) -> list[str]:
    """What to ask: the questions of the heaviest features that are missing."""
    portrait = getattr(customer, "portrait", None)
    if portrait is None:
        return []
    return [str(one.question) for one in missing_features(portrait, rules)[:TALK]]


def _purpose(customer: Customer, stop: PlannedVisit | None, last: Visit | None) -> str:
    """Why one goes there: as planned, as last time, else to win or to care."""
    if stop is not None:
        return stop.purpose
    if last is not None:
        return last.purpose
    is_new = customer.relation_state == Customer.RelationState.PROSPECT
    return "acquire" if is_new else "care"


def _settled(customers: Collection[int]) -> dict[int, list[dict[str, str]]]:
    """The shares of settlement that stand: with what is told they are 100 % at most."""
    rows = SettleMode.objects.filter(customer_id__in=list(customers), ended_on=None)
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for key, *told in rows.values_list("customer_id", "direction", "mode", "bank", "share"):
        direction, mode, bank, share = told
        found[key].append({"direction": direction, "mode": mode, "bank": bank, "share": str(share)})
    return found


def _on_the_list(customers: Collection[int]) -> set[int]:
    """Whom the coordination list still waits for."""
    waits = (CoordinationItem.State.OPEN, CoordinationItem.State.VISITED)
    rows = CoordinationItem.objects.filter(customer_id__in=list(customers), state__in=waits)
    return set(rows.values_list("customer_id", flat=True))
