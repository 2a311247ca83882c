"""Care as pages and API read it: tasks, the relief list, satisfaction with the success rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.core.models import User
from customers.models import ProductFamily
from customers.selectors.keyset import Order, Place, keyset_page, read_place
from marketing.models import CareTask, Relief, Satisfaction, StageEvent, Visit

PAGE = 50
PERIODS = {"90": 90, "365": 365, "730": 730}


@dataclass(frozen=True)
class MarkLine:
    """Marks of one manager, product or occasion, with how many loans came of those asked for.

    ``rate`` is drawn / submitted of the period; None where nothing was submitted, and for groups
    that have no applications of their own.
    """

    key: str
    label: Any
    marks: int
    average: float | None
    low: int  # marks of 1 and 2
    submitted: int = 0
    drawn: int = 0

    @property
    def rate(self) -> float | None:
        """Loans drawn for each one submitted."""
        return self.drawn / self.submitted if self.submitted else None


@dataclass(frozen=True)
class MarkTable:
    """One way to split the marks, and all of them together."""

    key: str
    lines: Sequence[MarkLine]
    has_rate: bool


def care_list(
    *, user: User, state: str = "open", kind: str = "", is_own: bool = False,
    is_late: bool = False, today: date,
) -> QuerySet[CareTask]:  # fmt: skip
    """Care tasks in reach, the first due first; closed ones newest first."""
    rows: QuerySet[CareTask] = CareTask.objects.visible_to(user).select_related("customer", "owner")
    if state in CareTask.State.values:
        rows = rows.filter(state=state)
    if kind in CareTask.Kind.values:
        rows = rows.filter(kind=kind)
    if is_own:
        rows = rows.filter(owner=user)
    if is_late:
        rows = rows.filter(state=CareTask.State.OPEN, due_on__lt=today)
    if state in (CareTask.State.DONE, CareTask.State.DROPPED):
        return rows.order_by(F("closed_at").desc(nulls_last=True), "-pk")
    return rows.order_by("due_on", "pk")


@dataclass(frozen=True)
class RowPage:
    """One page of a list, and how its neighbours are addressed (empty at either end)."""

    rows: Sequence[Any]
    previous: str
    next: str


def row_page(rows: QuerySet[Any], order: Order, *, at: str = "") -> RowPage:
    """The page of ``rows`` that starts at the place ``at``, in ``order``."""
    found = keyset_page(rows, order, size=PAGE, place=_place(rows, order, at))
    by_key = {row.pk: row for row in rows.filter(pk__in=found.keys)}
    return RowPage(
        [by_key[key] for key in found.keys if key in by_key],
        found.previous.written() if found.previous else "",
        found.next.written() if found.next else "",
    )


def _place(rows: QuerySet[Any], order: Order, text: str) -> Place | None:
    """The place in an address; None where its value is not one of the column of the order."""
    place = read_place(text)
    if place is None or place.value is None:
        return place if order.is_nullable else None
    column: Any = rows.model._meta.get_field(order.field)
    try:
        return replace(place, value=column.to_python(str(place.value)))
    except ValidationError:
        return None


def care_order(state: str) -> Order:
    """As ``care_list`` stands."""
    if state in (CareTask.State.DONE, CareTask.State.DROPPED):
        return Order("closed_at", is_descending=True, is_nullable=True)
    return Order("due_on")


def care_counts(*, user: User, is_own: bool, today: date) -> Mapping[str, tuple[int, int]]:
    """By kind: how many are open, and how many of them are late."""
    rows = CareTask.objects.visible_to(user).filter(state=CareTask.State.OPEN).order_by()
    if is_own:
        rows = rows.filter(owner=user)
    found = rows.values("kind").annotate(
        total=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return {row["kind"]: (row["total"], row["late"]) for row in found}


def care_of(*, user: User, customer_id: int) -> list[CareTask]:
    """The open tasks of one customer, and the three closed last."""
    rows = CareTask.objects.visible_to(user).filter(customer_id=customer_id)
    rows = rows.select_related("owner")
    waiting = list(rows.filter(state=CareTask.State.OPEN).order_by("due_on", "pk"))
    return waiting + list(rows.exclude(state=CareTask.State.OPEN).order_by("-closed_at", "-pk")[:3])


def care_task_of(*, user: User, pk: int) -> CareTask:
    """One task in reach; CareTask.DoesNotExist for any other."""
    found: CareTask = (
        CareTask.objects.visible_to(user).select_related("customer__manager", "owner").get(pk=pk)
    )
    return found


def relief_list(*, user: User, state: str = "") -> QuerySet[Relief]:
    """Customers short of cash in reach: open ones by how long the cash lasts, or the closed."""
    rows: QuerySet[Relief] = Relief.objects.visible_to(user).select_related(
        "customer__manager", "proposed_by"
    )
    if state == Relief.State.CLOSED:
        return rows.filter(state=state).order_by("-outcome_on", "-pk")
    rows = rows.filter(state=state) if state else rows.exclude(state=Relief.State.CLOSED)
    return rows.order_by("runway_months", "pk")


def relief_of(*, user: User, pk: int) -> Relief:
    """One row in reach; Relief.DoesNotExist for any other."""
    found: Relief = (
        Relief.objects.visible_to(user)
        .select_related("customer__manager", "proposed_by")
        .get(pk=pk)
    )
    return found


def open_relief_of(*, user: User, customer_id: int) -> Relief | None:
    """The open row of one customer."""
    rows = Relief.objects.visible_to(user).filter(customer_id=customer_id)
    found: Relief | None = rows.exclude(state=Relief.State.CLOSED).first()
    return found


def marks_of(*, user: User, customer_id: int, most: int = 3) -> list[Satisfaction]:
    """The newest marks of one customer."""
    rows = Satisfaction.objects.visible_to(user).filter(customer_id=customer_id)
    return list(rows.order_by("-on", "-pk")[:most])


def mark_after_visit(*, visit: Visit) -> tuple[Satisfaction | None, bool]:
    """The mark about a visit in reach, and whether the question for it stands open."""
    rows = Satisfaction.objects.filter(customer_id=visit.customer_id, subject=f"visit-{visit.pk}")
    mark: Satisfaction | None = rows.filter(after=Satisfaction.After.VISIT).first()
    asked = CareTask.objects.filter(
        customer_id=visit.customer_id,
        kind=CareTask.Kind.SATISFACTION,
        state=CareTask.State.OPEN,
        reasons__contains=[{"inputs": {"visit": visit.pk}}],
    )
    return mark, mark is None and asked.exists()


def satisfaction(*, user: User, today: date, days: int = 365) -> list[MarkTable]:
    """Marks by manager, product and occasion (CARE-4), the loan success rate beside them.

    A mark counts for the manager of its day, an application for whoever owns its opportunity.
    Submitted and drawn are the first times a credit opportunity reached these stages in the period.
    """
    since = today - timedelta(days=days)
    marks = Satisfaction.objects.visible_to(user).filter(on__gt=since, on__lte=today).order_by()
    start = timezone.make_aware(datetime.combine(since + timedelta(days=1), time.min))
    end = timezone.make_aware(datetime.combine(today + timedelta(days=1), time.min))
    moves = StageEvent.objects.visible_to(user).filter(
        at__gte=start, at__lt=end, opportunity__pipeline="credit"
    )
    moves = moves.filter(to_stage__in=("submitted", "drawn")).order_by()
    by_manager = _rates(moves, "opportunity__owner")
    by_family = _rates(moves, "opportunity__family")
    marked = _sums(marks, "manager")
    known = {key for key in {*by_manager, *marked} if key}
    people = dict(User.objects.filter(pk__in=known).values_list("pk", "full_name"))
    return [
        MarkTable("all", [_whole(marks, moves)], has_rate=True),
        MarkTable("manager", _lines(marked, by_manager, people), has_rate=True),
        MarkTable(
            "family", _lines(_sums(marks, "family"), by_family, dict(ProductFamily.choices)), True
        ),
        MarkTable(
            "after", _lines(_sums(marks, "after"), {}, dict(Satisfaction.After.choices)), False
        ),
    ]


_MARKS: dict[str, Any] = {
    "marks": Count("pk"),
    "average": Avg("mark"),
    "low": Count("pk", filter=Q(mark__lte=2)),
}


def _sums(marks: QuerySet[Satisfaction], by: str) -> dict[Any, dict[str, Any]]:
    rows = marks.annotate(whose=Coalesce("manager", "customer__manager"))
    name = "whose" if by == "manager" else by
    return {row[name]: row for row in rows.values(name).annotate(**_MARKS)}


def _rates(moves: QuerySet[StageEvent], by: str) -> dict[Any, tuple[int, int]]:
    rows = moves.values(by).annotate(
        submitted=Count("opportunity", distinct=True, filter=Q(to_stage="submitted")),
        drawn=Count("opportunity", distinct=True, filter=Q(to_stage="drawn")),
    )
    return {row[by]: (row["submitted"], row["drawn"]) for row in rows}


def _whole(marks: QuerySet[Satisfaction], moves: QuerySet[StageEvent]) -> MarkLine:
    told = marks.aggregate(**_MARKS)
    rate = moves.aggregate(
        submitted=Count("opportunity", distinct=True, filter=Q(to_stage="submitted")),
        drawn=Count("opportunity", distinct=True, filter=Q(to_stage="drawn")),
    )
    return MarkLine("all", "", told["marks"], told["average"], told["low"], **rate)


def _lines(
    marks: Mapping[Any, Mapping[str, Any]],
    rates: Mapping[Any, tuple[int, int]],
    labels: Mapping[Any, Any],
) -> list[MarkLine]:
    """The lowest average first, then those without marks."""
    lines = []
    for key in {*marks, *rates} - {None, ""}:
        told = marks.get(key, {})
        submitted, drawn = rates.get(key, (0, 0))
        lines.append(
            MarkLine(
                str(key), labels.get(key, key), told.get("marks", 0),
                told.get("average"), told.get("low", 0), submitted, drawn,
            )
        )  # fmt: skip
    unmarked = 9.0
    return sorted(lines, key=lambda one: (one.average or unmarked, str(one.label), one.key))
