"""Which opportunities a page shows, as it stands in its address: the same for all three views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from crm.core.models import Branch, User
from crm.core.parameters import Parameters
from customers.models import ProductFamily
from customers.selectors.keyset import Place, read_place
from marketing.models import Mode, Opportunity
from marketing.pipeline import TRACKS, track_of
from marketing.pipeline.clock import BANDS, aged, overdue, stalled

STATES = ("open", "won", "lost")
SORTS = ("due", "amount", "opened", "expected", "next", "silent", "closed")
TEXTS = ("pipeline", "family", "mode", "stage", "band")
NUMBERS = ("unit", "owner")
FLAGS = ("stalled", "overdue", "recent")
RECENT_DAYS = 30  # how long what was won stays on the board


@dataclass(frozen=True)
class PipelineQuery:
    """The filters, the order and the place; ``day`` and ``month`` belong to the calendar."""

    pipeline: str = ""
    family: str = ""
    mode: str = ""
    stage: str = ""
    band: str = ""
    state: str = "open"
    unit: int | None = None
    owner: int | None = None
    stalled: bool = False
    overdue: bool = False
    recent: bool = False  # closed within RECENT_DAYS
    day: date | None = None
    month: date | None = None  # its first day
    sort: str = ""
    place: Place | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list beside its pipeline and state."""
        texts = any(getattr(self, name) for name in TEXTS[1:])
        flags = any(getattr(self, name) for name in FLAGS)
        return bool(texts or self.unit or self.owner or flags or self.day)

    @property
    def track(self) -> str:
        """The pipeline to draw: the one asked for, that of the family, else credit."""
        if self.family:
            return track_of(self.family).key
        return self.pipeline or "credit"

    @property
    def order(self) -> str:
        """The order asked for; deadlines first, or what was closed last."""
        return self.sort or ("due" if self.state == "open" else "-closed")

    def address(self, **changes: Any) -> str:
        """The query string of this list, or of one that differs by ``changes``."""
        other = replace(self, **{"place": None, **changes})
        query = QueryDict(mutable=True)
        for name in (*TEXTS, *NUMBERS, "sort"):
            if value := getattr(other, name):
                query[name] = str(value)
        for name in FLAGS:
            if getattr(other, name):
                query[name] = "1"
        if other.state != "open":
            query["state"] = other.state
        if other.day:
            query["day"] = other.day.isoformat()
        if other.month:
            query["month"] = f"{other.month:%Y-%m}"
        if other.place is not None:
            query["after"] = other.place.written()
        return f"?{query.urlencode()}"


def read_pipeline_query(data: Mapping[str, Any]) -> PipelineQuery:
    """The list that an address asks for; what cannot be read is left out."""

    def told(name: str) -> str:
        return str(data.get(name, "") or "")

    def one_of(name: str, allowed: Any) -> str:
        return told(name) if told(name) in allowed else ""

    sort, family, pipeline = told("sort"), one_of("family", ProductFamily.values), ""
    if told("pipeline") in TRACKS:  # that of the family, where both are told
        pipeline = track_of(family).key if family else told("pipeline")
    stages = {stage.key for track in TRACKS.values() for stage in track.stages}
    state = one_of("state", STATES) or "open"
    query = PipelineQuery(
        pipeline=pipeline,
        family=family,
        mode=one_of("mode", Mode.values),
        stage=one_of("stage", stages),
        band=one_of("band", [band.key for band in BANDS]),
        state=state,
        unit=_number(told("unit")),
        owner=_number(told("owner")),
        stalled=told("stalled") == "1",
        overdue=told("overdue") == "1",
        recent=told("recent") == "1" and state != "open",
        day=_day(told("day")),
        month=_day(f"{told('month')}-01"),
        sort=sort if sort.removeprefix("-") in SORTS else "",
    )
    return replace(query, place=_place(told("after"), query.order.removeprefix("-")))


def _place(text: str, sort: str) -> Place | None:
    """The place in an address; None where its value is not one of this order."""
    place = read_place(text)
    if place is None or place.value is None:
        return place
    read: dict[str, Callable[[str], Any]] = {
        "amount": Decimal,
        "opened": datetime.fromisoformat,
        "closed": datetime.fromisoformat,
    }
    try:
        value = read.get(sort, date.fromisoformat)(str(place.value))
    except (ValueError, InvalidOperation):
        return None
    return replace(place, value=value)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def opportunity_list(
    *, user: User, query: PipelineQuery, known: Parameters
) -> QuerySet[Opportunity]:
    """The opportunities in reach that fit the filters, on the day of ``known``."""
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(user).filter(state=query.state)
    for name in ("pipeline", "family", "stage"):
        if value := getattr(query, name):
            rows = rows.filter(**{name: value})
    if query.mode:
        rows = rows.filter(origin_mode=query.mode)
    if query.owner:
        rows = rows.filter(owner=query.owner)
    if query.unit:
        rows = rows.filter(_in_unit(query.unit))
    if query.band:
        band = next(band for band in BANDS if band.key == query.band)
        rows = rows.filter(aged(band, known.as_of))
    if query.stalled:
        rows = rows.filter(stalled(known.as_of, known))
    if query.overdue:
        rows = rows.filter(overdue(known.as_of))
    if query.recent:
        rows = rows.filter(closed_at__gte=_days_ago(known.as_of, RECENT_DAYS))
    if query.day:
        rows = rows.filter(Q(next_on=query.day) | Q(expected_on=query.day))
    return rows


def _days_ago(today: date, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(today - timedelta(days=days), time.min))


def _in_unit(unit_id: int) -> Q:
    """Customers of a unit and all below it; nobody for a unit that does not exist."""
    unit = Branch.objects.filter(pk=unit_id).values_list("scope_lo", "scope_hi").first()
    return Q(customer__scope_no__range=unit) if unit else Q(pk__in=[])
