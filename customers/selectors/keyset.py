"""Pages by position instead of by number: the next page starts after the last row shown.

Rows are ordered by one column and the key; unknown values come last in either direction. Each
page reads about as many index entries as it shows, however deep it lies.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

COUNT_CAP = 10_001


@dataclass(frozen=True)
class Order:
    """A column to order by, with the key as tie-break; ``field`` "" means the key alone."""

    field: str = ""
    is_descending: bool = False
    is_nullable: bool = False
    key: str = "pk"


@dataclass(frozen=True)
class Place:
    """Where a page starts: after (or, going back, before) the row with this value and key."""

    value: Any
    key: int
    is_back: bool = False
    count: int | None = None

    def written(self) -> str:
        """The place as it stands in an address."""
        row = [self.value, self.key, int(self.is_back), self.count]
        text = json.dumps(row, default=_plain, ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass
class KeysetPage:
    """The keys of one page, and the places before and after it (None at either end)."""

    keys: list[int] = field(default_factory=list)
    previous: Place | None = None
    next: Place | None = None


def read_place(text: str) -> Place | None:
    """The place in an address, or None for anything that is not one."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        value, key, is_back, count = json.loads(raw)
        known = count if isinstance(count, int) and 0 <= count <= COUNT_CAP else None
        usable = value is None or isinstance(value, str | int | float)
        return Place(value, int(key), bool(is_back), known) if usable else None
    except (ValueError, TypeError, OverflowError, binascii.Error):
        return None


def capped_count(rows: QuerySet[Any]) -> int:
    """How many rows there are, at most COUNT_CAP: beyond that nobody counts."""
    return rows.order_by()[:COUNT_CAP].count()


def keyset_page(
    rows: QuerySet[Any], order: Order, *, size: int, place: Place | None = None
) -> KeysetPage:
    """The page of keys that starts at ``place``, or the first one."""
    is_back = place is not None and place.is_back
    found: list[tuple[Any, int]] = []
    for wants_null in _segments(order, is_back):
        if place is not None and _is_passed(order, place, wants_null):
            continue
        part = _segment(rows, order, wants_null, is_back)
        if place is not None and order.is_nullable and (place.value is None) != wants_null:
            part_place = None  # the other segment is read from its edge
        else:
            part_place = place
        if part_place is not None:
            part = part.filter(_beyond(order, part_place, wants_null, is_back))
        names = (order.field or order.key, order.key)
        found.extend(part.values_list(*names)[: size + 1 - len(found)])
        if len(found) > size:
            break
    has_more = len(found) > size
    found = found[:size]
    if is_back:
        found.reverse()
    return _page(found, place, has_more)


def _page(found: list[tuple[Any, int]], place: Place | None, has_more: bool) -> KeysetPage:
    if not found:
        return KeysetPage()
    is_back = place is not None and place.is_back
    first, last = found[0], found[-1]
    page = KeysetPage([key for _value, key in found])
    if has_more if is_back else place is not None:
        page.previous = Place(first[0], first[1], is_back=True)
    if place is not None if is_back else has_more:
        page.next = Place(last[0], last[1])
    return page


def _segments(order: Order, is_back: bool) -> list[bool]:
    """Known values first, then unknown ones; the other way round when going back."""
    if not order.is_nullable:
        return [False]
    return [True, False] if is_back else [False, True]


def _is_passed(order: Order, place: Place, wants_null: bool) -> bool:
    """Whether the whole segment lies on the side that was already shown."""
    if not order.is_nullable:
        return False
    at_null = place.value is None
    return wants_null and not at_null if place.is_back else at_null and not wants_null


def _segment(rows: QuerySet[Any], order: Order, wants_null: bool, is_back: bool) -> QuerySet[Any]:
    sign = "-" if order.is_descending != is_back else ""
    if order.is_nullable:
        rows = rows.filter(**{f"{order.field}__isnull": wants_null})
    if wants_null or not order.field:
        return rows.order_by(f"{sign}{order.key}")
    return rows.order_by(f"{sign}{order.field}", f"{sign}{order.key}")


def _beyond(order: Order, place: Place, wants_null: bool, is_back: bool) -> Q:
    """Rows beyond the place; the first condition bounds the index, the second breaks ties."""
    side = "lt" if order.is_descending != is_back else "gt"
    past_key = Q(**{f"{order.key}__{side}": place.key})
    if wants_null or not order.field:
        return past_key
    return Q(**{f"{order.field}__{side}e": place.value}) & (
        Q(**{f"{order.field}__{side}": place.value}) | past_key
    )


def _plain(value: Any) -> str | int | float:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)
