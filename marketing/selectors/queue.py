"""The today queue as pages and API read it: one ranked list, shelves, sizes of a team.

One statement (``marketing.queue.statement``) over every source, limited to what is shown; counts
come with it. Row access: arms join the customers in reach; an item that was passed on shows a
colleague outside its reach the customer's name and the note, nothing else (ROL-3).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Avg, Q
from django.http import QueryDict

from crm.core.models import Cover, User
from crm.core.parameters import Parameters, parameters
from crm.core.roles import ROLES, Can, Reach
from customers.models import Customer
from marketing.models import QueueMark, VisitPlan
from marketing.queue.sources import SOURCES, needed
from marketing.queue.spec import QueueSource
from marketing.queue.statement import ORDERS, queue_sql, sizes_sql
from products.matching.vocabulary import RULE_COLUMNS
from products.selectors.asking import can_be_told

SHOWN, MOST_SHOWN = 20, 200
MARKS_READ = 500
SHELVES = {"": "", "put_off": QueueMark.Kind.SNOOZED, "passed_on": QueueMark.Kind.DELEGATED}
REVIEWERS = [
    role.key for role in ROLES.values() if {Can.REVIEW_VISITS, Can.USE_WORKBENCH} <= role.can
]
Ref = tuple[str, int]


@dataclass(frozen=True)
class QueueQuery:
    """One view of the queue, as it stands in its address."""

    order: str = "points"
    source: str = ""
    shelf: str = ""
    shown: int = SHOWN
    place: tuple[float, float] | None = None  # where the device is: latitude, longitude

    def address(self, **changes: Any) -> str:
        """The query string of this view, or of one that differs by ``changes``."""
        other = replace(self, **{"shown": SHOWN, **changes})
        query = QueryDict(mutable=True)
        if other.order != "points":
            query["order"] = other.order
        for name in ("source", "shelf"):
            if value := getattr(other, name):
                query[name] = value
        if other.shown != SHOWN:
            query["shown"] = str(other.shown)
        if other.place:
            query["lat"], query["lon"] = (f"{value:.5f}" for value in other.place)
        return f"?{query.urlencode()}"


@dataclass(frozen=True)
class QueueItem:
    """One item: what it is, why it stands there, and what was said of it when it was passed on."""

    source: QueueSource
    ref: int
    customer_id: int | None
    customer_name: str
    owner_id: int
    value: float | None
    due_on: date | None
    points: float
    km: float | None
    inputs: Mapping[str, Any]
    is_in_reach: bool
    may_do: bool  # whether the reader's role does such things; others report back
    mark: QueueMark | None = None

    @property
    def key(self) -> str:
        """Names the item for good."""
        return f"{self.source.key}-{self.ref}"


@dataclass(frozen=True)
class SourceCount:
    """How many items of a source wait, and how many of them are due today or late."""

    source: QueueSource
    total: int
    due: int


@dataclass(frozen=True)
class QueuePage:
    """What is shown, how many there are, and how many stand on the shelves."""

    items: Sequence[QueueItem]
    counts: Sequence[SourceCount]
    total: int
    due: int
    shelves: Mapping[str, int] = field(default_factory=dict)
    whole: int = 0  # every source together, whatever is chosen

    @property
    def waiting(self) -> int:
        """How many more there are than shown."""
        return self.total - len(self.items)


def read_queue_query(data: Mapping[str, Any]) -> QueueQuery:
    """The view that an address asks for; what cannot be read is left out."""
    order, source = str(data.get("order", "")), str(data.get("source", ""))
    shelf, shown = str(data.get("shelf", "")), str(data.get("shown", ""))
    return QueueQuery(
        order=order if order in ORDERS else "points",
        source=source if source in SOURCES else "",
        shelf=shelf if shelf in SHELVES else "",
        shown=min(int(shown), MOST_SHOWN) if shown.isdecimal() and 0 < len(shown) < 5 else SHOWN,
        place=_place(str(data.get("lat", "")), str(data.get("lon", ""))),
    )


def _place(lat: str, lon: str) -> tuple[float, float] | None:
    """A position on earth, or None."""
    try:
        found = float(lat[:12]), float(lon[:12])
    except ValueError:
        return None
    return found if abs(found[0]) <= 90 and abs(found[1]) <= 180 else None


def owners_of(*, user: User, today: date) -> list[int]:
    """Whose items the user works on: the own ones and those of colleagues stood in for."""
    covers = Cover.objects.filter(
        stand_in=user, during__contains=today, approved_by__isnull=False
    ).values_list("absent_id", flat=True)
    return [user.pk, *covers]


def base_of(*, user: User) -> tuple[float, float] | None:
    """Where distances start without a device: the start of the newest plan, else the middle of
    the customers in reach."""
    plan = VisitPlan.objects.filter(manager=user, start_latitude__isnull=False).first()
    if plan is not None and plan.start_latitude is not None and plan.start_longitude is not None:
        return plan.start_latitude, plan.start_longitude
    middle = Customer.objects.visible_to(user).aggregate(lat=Avg("latitude"), lon=Avg("longitude"))
    return None if middle["lat"] is None else (middle["lat"], middle["lon"])


def queue_page(*, user: User, query: QueueQuery, today: date) -> QueuePage:
    """The items of a view in its order, with exact counts."""
    owners = owners_of(user=user, today=today)
    marks = _marks(user=user, owners=owners, today=today)
    shelved = [mark for mark in marks if mark.owner_id in owners]
    shelves = {
        shelf: sum(1 for mark in shelved if mark.kind == kind)
        for shelf, kind in SHELVES.items()
        if kind
    }
    if query.shelf:
        return _shelf(user, query, today, shelves, owners, shelved)
    taken = [mark for mark in marks if mark.delegate_id == user.pk and mark.owner_id not in owners]
    rows = _rows(
        user=user, owners=owners, today=today, query=query, sources=_sources(user), given=taken
    )
    totals, dues = _counts(rows, query)
    shown = [row for row in rows if not query.source or row["source"] == query.source]
    counts = [
        SourceCount(one, totals[one.key], dues[one.key]) for one in SOURCES if totals.get(one.key)
    ]
    chosen = [one for one in counts if not query.source or one.source.key == query.source]
    said = {(mark.source, int(mark.ref)): mark for mark in taken}
    items = [_item(user, row, said) for row in shown[: query.shown]]
    return QueuePage(
        items=_with_notes(items),
        counts=counts,
        total=sum(one.total for one in chosen),
        due=sum(one.due for one in counts),
        whole=sum(one.total for one in counts),
        shelves=shelves,
    )


def _sources(user: User) -> list[QueueSource]:
    """Those that this role can have items of."""
    return [source for source in SOURCES if _has(user, source.can)]


def _shelf(
    user: User, query: QueueQuery, today: date, shelves: Mapping[str, int], owners: list[int],
    marks: Sequence[QueueMark],
) -> QueuePage:  # fmt: skip
    """What was put off or passed on, each with its note and a way back."""
    wanted = [mark for mark in marks if mark.kind == SHELVES[query.shelf]]
    rows = _rows(user=user, owners=owners, today=today, query=query, sources=(), given=wanted)
    said = {(mark.source, int(mark.ref)): mark for mark in wanted}
    items = [_item(user, row, said) for row in rows[: query.shown]]
    totals, _dues = _counts(rows, query)
    return QueuePage(items=items, counts=(), total=sum(totals.values()), due=0, shelves=shelves)


def queue_item(*, user: User, source: str, ref: int, today: date) -> QueueItem:
    """One item that is the user's own or was passed on to them; DoesNotExist for any other."""
    spec = SOURCES.get(source)
    if spec is None:
        raise QueueMark.DoesNotExist
    owners = owners_of(user=user, today=today)
    mark = QueueMark(source=source, ref=str(ref))
    query = QueueQuery()
    rows = _rows(user=user, owners=owners, today=today, query=query, sources=(), given=[mark])
    held = QueueMark.objects.filter(source=source, ref=str(ref)).select_related("owner", "delegate")
    for row in rows:
        marks = [one for one in held if one.owner_id == row["owner_id"]]
        is_mine = row["owner_id"] in owners
        if is_mine or any(one.delegate_id == user.pk for one in marks):
            return _item(user, row, {(one.source, int(one.ref)): one for one in marks})
    raise QueueMark.DoesNotExist


def team_sizes(
    *, user: User, today: date, members: Sequence[User]
) -> dict[int, dict[str, tuple[int, int]]]:
    """By member and source: how many items wait, and how many are due. For leaders."""
    if not members:
        return {}
    known = parameters(today)
    reach, at = _reach(user)
    given = at | _params(known, today) | {"owners": [member.pk for member in members]}
    found: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        sources = [one for one in SOURCES if any(_has(member, one.can) for member in members)]
        cursor.execute(sizes_sql(sources, reach=reach), given)
        for owner, source, total, due in cursor.fetchall():
            found[owner][source] = (total, due)
    return dict(found)


def colleagues_of(*, user: User) -> list[User]:
    """Whom an item may be passed on to: people of the same unit and the leader above, of roles
    that have a list for it to stand in."""
    with_list = [role for role in ROLES.values() if Can.USE_WORKBENCH in role.can]
    same = Q(branch=user.branch_id, role__in=[role.key for role in with_list])
    leaders = [role.key for role in with_list if role.reach == Reach.UNIT]
    above = Q(branch__children=user.branch_id, role__in=leaders)
    people = User.objects.filter(same | above, is_active=True).exclude(pk=user.pk).distinct()
    return list(people.only("full_name", "username", "role", "scope_no").order_by("scope_no", "pk"))


def mark_of(*, user: User, pk: int, today: date) -> QueueMark:
    """A mark on an item of the user's own, or one passed on to them."""
    owners = owners_of(user=user, today=today)
    mine = Q(owner__in=owners) | Q(delegate=user)
    found: QueueMark = QueueMark.objects.filter(mine).get(pk=pk)
    return found


def _marks(*, user: User, owners: Sequence[int], today: date) -> list[QueueMark]:
    """Items put off or passed on, and those passed on to the user."""
    off = Q(owner__in=owners, kind=QueueMark.Kind.SNOOZED, until_on__gt=today)
    on = Q(owner__in=owners, kind=QueueMark.Kind.DELEGATED)
    mine = Q(delegate=user, kind=QueueMark.Kind.DELEGATED)
    rows = QueueMark.objects.filter(off | on | mine).select_related("owner", "delegate")
    return list(rows.order_by("-at", "pk")[:MARKS_READ])


def _rows(
    *, user: User, owners: Sequence[int], today: date, query: QueueQuery,
    sources: Collection[QueueSource], given: Sequence[QueueMark],
) -> list[dict[str, Any]]:  # fmt: skip
    """The statement's rows; those of ``given`` marks come by their references."""
    refs: dict[str, list[int]] = defaultdict(list)
    for mark in given:
        if mark.source in SOURCES and mark.ref.isdecimal():
            refs[mark.source].append(int(mark.ref))
    if not refs and not sources:
        return []
    known = parameters(today)
    reach, at = _reach(user)
    sql = queue_sql(
        list(sources), order=query.order, reach=reach, given=[SOURCES[key] for key in refs]
    )
    place = query.place
    if place is None and query.order == "near":
        place = base_of(user=user)
    lat, lon = place or (None, None)
    params = (
        _params(known, today)
        | at
        | {"owners": list(owners), "lat": lat, "lon": lon, "most": query.shown}
        | {f"refs_{key}": found for key, found in refs.items()}
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _params(known: Parameters, today: date) -> dict[str, Any]:
    """What every arm reads."""
    found: dict[str, Any] = {"today": today, "askable": askable(), "reviewers": REVIEWERS}
    for source in SOURCES:
        found[f"points_{source.key}"] = known.decimal(f"queue.points.{source.key}")
        found[f"ahead_{source.key}"] = known.number(f"queue.ahead.{source.key}")
    for key in needed():
        value = known.decimal(key)
        found[key] = int(value) if value == int(value) else value
    return found


@cache
def askable() -> list[str]:
    """Facts that a customer can tell."""
    return [key for key in RULE_COLUMNS if can_be_told(key)]


def _reach(user: User) -> tuple[str, dict[str, int]]:
    """``visible_to`` as a condition on ``c.scope_no``, with its parameters."""
    pairs = user.reach()
    given: dict[str, int] = {}
    parts = []
    for no, (low, high) in enumerate(pairs):
        parts.append(f"c.scope_no BETWEEN %(low_{no})s AND %(high_{no})s")
        given |= {f"low_{no}": low, f"high_{no}": high}
    return (f"({' OR '.join(parts)})" if parts else "false"), given


def _counts(
    rows: Sequence[Mapping[str, Any]], query: QueueQuery
) -> tuple[dict[str, int], dict[str, int]]:
    """By source, own and given arms together."""
    totals: dict[tuple[str, bool], int] = {}
    dues: dict[tuple[str, bool], int] = {}
    for row in rows:
        arm = (row["source"], row["is_given"])
        totals[arm], dues[arm] = row["total"], row["due"]
    found: dict[str, int] = defaultdict(int)
    late: dict[str, int] = defaultdict(int)
    for (source, is_given), total in totals.items():
        found[source] += total
        late[source] += dues[source, is_given]
    return found, late


def _item(user: User, row: Mapping[str, Any], said: Mapping[Ref, QueueMark]) -> QueueItem:
    """A row as an item; outside the reader's reach it keeps the customer's name only."""
    number, row_source = row["scope_no"], SOURCES[row["source"]]
    sees = number is None or any(low <= number <= high for low, high in user.reach())
    return QueueItem(
        source=row_source,
        ref=row["ref"],
        customer_id=row["customer_id"],
        customer_name=row["name"] or "",
        owner_id=row["owner_id"],
        value=row["value"] if sees else None,
        due_on=row["due_on"],
        points=row["points"],
        km=row["km"] if sees else None,
        inputs=json.loads(row["inputs"]) if sees else {},
        is_in_reach=sees,
        may_do=sees and _has(user, row_source.deed.can),
        mark=said.get((row["source"], row["ref"])),
    )


def _has(user: User, can: Can | None) -> bool:
    return can is None or user.can(can)


def _with_notes(items: Sequence[QueueItem]) -> list[QueueItem]:
    """Items whose time on the shelf is over keep the note that was written then."""
    rest = [item for item in items if item.mark is None]
    if not rest:
        return list(items)
    marks = QueueMark.objects.filter(
        owner__in={item.owner_id for item in rest}, ref__in={str(item.ref) for item in rest}
    )
    noted = marks.exclude(note="").select_related("owner", "delegate")
    held = {(mark.owner_id, mark.source, mark.ref): mark for mark in noted}
    return [
        item
        if item.mark
        else replace(item, mark=held.get((item.owner_id, item.source.key, str(item.ref))))
        for item in items
    ]
