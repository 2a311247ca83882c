"""What the flags of a visit are told from: the manager's earlier visits, texts and photos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from marketing.models import Visit, VisitPhoto
from marketing.planning.flags import (
    COPIED,
    SAME_PHOTO,
    TOO_FAST,
    TOO_SHORT,
    CheckIn,
    Limits,
    has_same_photo,
    is_copied,
    is_too_fast,
    is_too_short,
)
from marketing.planning.route import Point

Photos = list[tuple[str, int | None]]


@dataclass(frozen=True)
class Before:
    """What came before a visit."""

    check_in: CheckIn | None
    texts: list[str]
    photos: Photos


def flags_of(visit: Visit, limits: Limits) -> list[str]:
    """The flags of a visit as the facts stand now, in a fixed order."""
    mine: Photos = list(visit.photos.order_by("pk").values_list("sha256", "likeness"))
    before = _before(visit, limits, has_photos=bool(mine))
    found = {
        SAME_PHOTO: bool(mine)
        and (_is_known_photo(visit, mine) or has_same_photo(mine, before.photos, limits)),
        TOO_FAST: is_too_fast(before.check_in, _check_in(visit), limits),
        COPIED: is_copied(visit.summary, before.texts, limits),
        TOO_SHORT: is_too_short(visit.started_at, visit.ended_at, limits),
    }
    return [code for code, is_so in found.items() if is_so]


def _check_in(visit: Visit) -> CheckIn | None:
    if visit.checked_in_at is None or visit.latitude is None or visit.longitude is None:
        return None
    return CheckIn(visit.checked_in_at, Point(visit.latitude, visit.longitude))


def _earlier(visit: Visit) -> QuerySet[Visit]:
    """Visits that began before this one; of one moment the older row."""
    began = Q(started_at__lt=visit.started_at)
    return Visit.objects.filter(began | Q(started_at=visit.started_at, pk__lt=visit.pk))


def _before(visit: Visit, limits: Limits, *, has_photos: bool) -> Before:
    """The last visits of the manager and of the customer."""
    last = limits.compare_last
    own = _earlier(visit).filter(manager=visit.manager_id).order_by("-started_at", "-pk")[:last]
    same = _earlier(visit).filter(customer=visit.customer_id).order_by("-started_at", "-pk")[:last]
    rows = {row["pk"]: row for row in own.values("pk", "summary")}
    rows |= {row["pk"]: row for row in same.values("pk", "summary")}
    photos: Photos = []
    if has_photos:
        seen = VisitPhoto.objects.filter(visit__in=list(rows))
        photos = list(seen.values_list("sha256", "likeness"))
    return Before(_check_in_before(visit), [row["summary"] for row in rows.values()], photos)


def _check_in_before(visit: Visit) -> CheckIn | None:
    """The manager's check-in before this one."""
    if visit.checked_in_at is None:
        return None
    earlier = Q(checked_in_at__lt=visit.checked_in_at)
    same = Q(checked_in_at=visit.checked_in_at, pk__lt=visit.pk)
    found = (
        Visit.objects.filter(
            earlier | same,
            manager=visit.manager_id,
            latitude__isnull=False,
            longitude__isnull=False,
            started_at__gte=visit.checked_in_at - timedelta(days=1),
        )
        .order_by("-checked_in_at", "-pk")
        .only("checked_in_at", "latitude", "longitude")
        .first()
    )
    return _check_in(found) if found else None


def _is_known_photo(visit: Visit, mine: Photos) -> bool:
    """Whether the very file belongs to an earlier visit of anybody."""
    sums = [sha256 for sha256, _hash in mine]
    return _earlier(visit).filter(photos__sha256__in=sums).exists()


def touched_by(visit: Visit) -> list[int]:
    """Later visits whose flags may change because of this one: a late visit comes between."""
    sums = list(visit.photos.values_list("sha256", flat=True))
    later = Visit.objects.filter(started_at__gte=visit.started_at).exclude(pk=visit.pk)
    of_manager = later.filter(
        manager=visit.manager_id, started_at__lte=visit.started_at + timedelta(days=1)
    )
    keys = set(of_manager.values_list("pk", flat=True))
    if sums:
        keys |= set(later.filter(photos__sha256__in=sums).values_list("pk", flat=True))
    return sorted(keys)


def keys_of_week(manager_id: int, week_on: date) -> Iterable[tuple[int, UUID, date | None]]:
    """Row, key and drawing of each visit of a manager in a week."""
    return (
        visits_of_week(week_on)
        .filter(manager=manager_id)
        .order_by("pk")
        .values_list("pk", "key", "sampled_on")
    )


def visits_of_week(week_on: date) -> QuerySet[Visit]:
    """The visits that began in the week of this Monday, local time."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(week_on, time.min, tzinfo=zone)
    return Visit.objects.filter(started_at__gte=first, started_at__lt=first + timedelta(days=7))
