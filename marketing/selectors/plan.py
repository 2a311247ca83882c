"""The week of a manager as pages and API show it: days, stops in route order, distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from crm.core.models import User
from crm.core.workdays import add_working_days, is_working_day
from customers.models import Customer
from marketing.models import PlannedVisit, VisitPlan
from marketing.planning.route import Point, distance_m, length_m
from marketing.planning.schematic import Sheet, sheet_of
from marketing.selectors.plan_due import monday_of, week_days
from marketing.selectors.plan_words import Sentence, sentences

PLANNED, DONE, DROPPED = (
    PlannedVisit.State.PLANNED,
    PlannedVisit.State.DONE,
    PlannedVisit.State.DROPPED,
)
WEEKS_BACK, WEEKS_AHEAD = 52, 8
FOUND = 12  # customers offered when one is added by hand


@dataclass(frozen=True)
class StopView:
    """One stop: its number in the route, why, and how far it is from the stop before."""

    stop: PlannedVisit
    number: int
    reasons: Sequence[Sentence]
    leg_m: float | None  # None: nobody knows the place

    @property
    def customer(self) -> Customer:
        """Who is visited."""
        found: Customer = self.stop.customer
        return found

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return bool(self.stop.state == PLANNED)

    @property
    def leg_km(self) -> float | None:
        """Kilometres from the stop before."""
        return None if self.leg_m is None else self.leg_m / 1000


@dataclass(frozen=True)
class DayView:
    """One day of the week; ``is_working`` False: a holiday or a weekend that is not worked."""

    on: date
    is_working: bool
    capacity: int
    stops: Sequence[StopView] = ()
    dropped: Sequence[StopView] = ()
    length_m: float = 0.0  # from the start through the placed stops and back
    sheet: Sheet | None = None

    @property
    def length_km(self) -> float:
        """Kilometres of the route."""
        return self.length_m / 1000

    @property
    def done(self) -> int:
        """Stops that were visited."""
        return sum(view.stop.state == DONE for view in self.stops)

    @property
    def unplaced(self) -> int:
        """Stops whose place nobody knows."""
        return sum(view.leg_m is None for view in self.stops)

    @property
    def has_room(self) -> bool:
        """Whether another stop fits."""
        return self.is_working and len(self.stops) < self.capacity


@dataclass(frozen=True)
class WeekView:
    """The week; ``plan`` None: it was not planned yet."""

    manager: User
    week_on: date
    plan: VisitPlan | None
    days: Sequence[DayView]

    @property
    def stops(self) -> int:
        """Stops of the week that stand."""
        return sum(len(day.stops) for day in self.days)

    @property
    def done(self) -> int:
        """Stops that were visited."""
        return sum(day.done for day in self.days)

    @property
    def length_km(self) -> float:
        """Kilometres of all routes."""
        return sum(day.length_km for day in self.days)

    @property
    def capacity(self) -> int:
        """Visits that fit into the week."""
        return sum(day.capacity for day in self.days if day.is_working)


def planned_managers() -> list[int]:
    """Relationship managers at work, for whom weeks are planned. Unscoped: a job reads it."""
    return list(
        User.objects.filter(role="rm", is_active=True).order_by("pk").values_list("pk", flat=True)
    )


def manager_in_reach(*, user: User, manager_id: int | None) -> User:
    """The manager of this key whom the user sees; oneself without a key; else User.DoesNotExist."""
    if manager_id is None or manager_id == user.pk:
        return user
    found: User = User.objects.select_related("branch").filter(_within(user)).get(pk=manager_id)
    return found


def managers_to_plan(user: User) -> list[tuple[int, str]]:
    """Relationship managers whom the user sees, by their place."""
    rows = User.objects.filter(_within(user), role="rm", is_active=True).order_by("scope_no")
    return list(rows.values_list("pk", "full_name"))


def _within(user: User) -> Q:
    found = Q(pk__in=[])
    for low, high in user.reach():
        found |= Q(scope_no__range=(low, high))
    return found


def read_week(text: str, *, today: date) -> date:
    """The Monday an address names; the week at hand, or the next on its last days off, else."""
    try:
        asked = monday_of(date.fromisoformat(text))
    except ValueError:
        return this_week(today)
    first = monday_of(today) - timedelta(weeks=WEEKS_BACK)
    return max(first, min(asked, monday_of(today) + timedelta(weeks=WEEKS_AHEAD)))


def this_week(today: date) -> date:
    """The week that has work left: past its last working day it is the next one."""
    nearest = today if is_working_day(today) else add_working_days(today, 1)
    return monday_of(nearest)


def week_view(*, user: User, manager: User, week_on: date, capacity: int) -> WeekView:
    """The manager's week in the user's reach, in three queries."""
    plan = VisitPlan.objects.filter(manager=manager, week_on=week_on).first()
    stops = list(_stops(user, plan)) if plan else []
    codes = sentences(stops, user=user)
    working = set(week_days(week_on))
    start = start_of(plan)
    days = []
    for no in range(7):
        day = week_on + timedelta(days=no)
        mine = [stop for stop in stops if stop.on == day]
        if day in working or any(stop.state != DROPPED for stop in mine):
            room = plan.capacity if plan else capacity
            days.append(_day(day, mine, codes, start, room, day in working))
    return WeekView(manager, week_on, plan, days)


def day_of(view: WeekView, on: date) -> DayView | None:
    """The day of the week that is asked for, else the first."""
    found = next((day for day in view.days if day.on == on), None)
    return found or next(iter(view.days), None)


def start_of(plan: VisitPlan | None) -> Point | None:
    """Where the routes of the plan begin."""
    if plan is None or plan.start_latitude is None or plan.start_longitude is None:
        return None
    return Point(plan.start_latitude, plan.start_longitude)


def place_of(customer: Customer) -> Point | None:
    """Where the customer is, as far as it is known."""
    if customer.latitude is None or customer.longitude is None:
        return None
    return Point(customer.latitude, customer.longitude)


def _stops(user: User, plan: VisitPlan) -> Any:
    return (
        PlannedVisit.objects.visible_to(user)
        .filter(plan=plan)
        .select_related("customer", "visit")
        .only(
            "plan_id", "manager_id", "on", "place", "purpose", "reasons", "state", "is_locked",
            "customer__name", "customer__latitude", "customer__longitude", "customer__address",
            "visit__started_at",
        )
        .order_by("on", "place", "pk")
    )  # fmt: skip


def _day(
    day: date,
    stops: Sequence[PlannedVisit],
    codes: dict[int, list[Sentence]],
    start: Point | None,
    capacity: int,
    is_working: bool,
) -> DayView:
    standing = [stop for stop in stops if stop.state != DROPPED]
    views, here = [], start
    for number, stop in enumerate(standing, start=1):
        place = place_of(stop.customer)
        leg = None
        if place is not None:
            leg = distance_m(here, place) if here is not None else 0.0
            here = place
        views.append(StopView(stop, number, codes[stop.pk], leg))
    placed = [(view.number, place_of(view.customer)) for view in views if view.leg_m is not None]
    points = [(number, point) for number, point in placed if point is not None]
    return DayView(
        on=day,
        is_working=is_working,
        capacity=capacity,
        stops=views,
        dropped=[
            StopView(stop, 0, codes[stop.pk], None) for stop in stops if stop.state == DROPPED
        ],
        length_m=length_m(start, [point for _no, point in points]),
        sheet=sheet_of(start, points),
    )


def stop_in_reach(*, user: User, pk: int) -> PlannedVisit:
    """One stop of a customer in reach; PlannedVisit.DoesNotExist for any other."""
    found: PlannedVisit = (
        PlannedVisit.objects.visible_to(user).select_related("plan__manager", "customer").get(pk=pk)
    )
    return found


def customers_to_add(
    *, user: User, manager: User, plan: VisitPlan | None, text: str
) -> list[Customer]:
    """Customers of the manager whose name holds the text and who are not in the week yet."""
    rows = Customer.objects.visible_to(user).filter(
        manager=manager, name__icontains=text.strip()[:40]
    )
    if plan is not None:
        standing = PlannedVisit.objects.filter(plan=plan).exclude(state=DROPPED)
        rows = rows.exclude(pk__in=standing.values("customer_id"))
    return list(rows.only("name", "address").order_by("name_pinyin", "pk")[:FOUND])
