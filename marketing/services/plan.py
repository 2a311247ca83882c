"""The week of a manager: planned from who is due, changed by hand, planned anew around that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Avg

from crm.core.models import User
from crm.core.parameters import parameters
from customers.models import Customer
from marketing.models import PlannedVisit, VisitPlan
from marketing.planning.route import Point, Stop, ordered
from marketing.planning.spread import spread
from marketing.selectors.plan_due import Candidate, due_customers, monday_of, week_days

PLANNED, DONE, DROPPED = (
    PlannedVisit.State.PLANNED,
    PlannedVisit.State.DONE,
    PlannedVisit.State.DROPPED,
)


@transaction.atomic
def make_plan(*, manager: User, week_on: date, as_of: date) -> VisitPlan:
    """The week is planned: the most pressing customers, balanced over its working days.

    Stops that are done, dropped or locked stay as they are, and so do days before ``as_of``;
    everything else is planned anew. Planned twice on the same facts it is the same plan.
    """
    week_on = monday_of(week_on)
    known = parameters(as_of)
    plan = _locked_plan(manager, week_on, known.number("plan.capacity_day"))
    kept = _keep(plan, as_of)
    candidates = {
        one.customer_id: one
        for one in due_customers(manager=manager, week_on=week_on, as_of=as_of, known=known)
        if one.customer_id not in kept
    }
    start = start_of(plan)
    week = spread(
        [one.due for one in candidates.values()],
        days=[day for day in week_days(week_on) if day >= as_of],
        capacity=plan.capacity,
        taken=Counter(stop.on for stop in kept.values() if stop.state != DROPPED),
        start=start,
    )
    PlannedVisit.objects.bulk_create(
        _stop(plan, day, candidates[due.customer_id]) for day, dues in week.items() for due in dues
    )
    route_days(plan, [day for day, dues in week.items() if dues])
    return plan


def _locked_plan(manager: User, week_on: date, capacity: int) -> VisitPlan:
    """The plan of the week, locked; made with the place its routes begin at when it is new."""
    plan, is_new = VisitPlan.objects.select_for_update().get_or_create(
        manager=manager, week_on=week_on, defaults={"capacity": capacity}
    )
    if is_new:
        middle = Customer.objects.filter(branch=manager.branch_id).aggregate(
            latitude=Avg("latitude"), longitude=Avg("longitude")
        )
        plan.start_latitude, plan.start_longitude = middle["latitude"], middle["longitude"]
        plan.save(update_fields=["start_latitude", "start_longitude"])
    else:
        plan.version += 1
        plan.save(update_fields=["version"])
    return plan


def start_of(plan: VisitPlan) -> Point | None:
    """Where the routes of the plan begin: the middle of the unit's customers."""
    if plan.start_latitude is None or plan.start_longitude is None:
        return None
    return Point(plan.start_latitude, plan.start_longitude)


def _keep(plan: VisitPlan, as_of: date) -> dict[int, PlannedVisit]:
    """By customer the stops that stay; the others are gone."""
    loose = plan.stops.filter(state=PLANNED, is_locked=False, on__gte=as_of)
    loose.delete()
    return {stop.customer_id: stop for stop in plan.stops.all()}


def _stop(plan: VisitPlan, day: date, candidate: Candidate) -> PlannedVisit:
    return PlannedVisit(
        plan=plan,
        manager_id=plan.manager_id,
        customer_id=candidate.customer_id,
        on=day,
        purpose=candidate.purpose,
        reasons=[reason.to_data() for reason in candidate.reasons],
    )


def route_days(plan: VisitPlan, days: Iterable[date]) -> None:
    """The stops of these days stand in the order of the shortest way found."""
    rows: list[PlannedVisit] = list(
        plan.stops.filter(on__in=list(days))
        .exclude(state=DROPPED)
        .select_related("customer")
        .only("on", "place", "customer__latitude", "customer__longitude")
        .order_by("on", "customer_id")
    )
    start = start_of(plan)
    by_day: dict[date, list[PlannedVisit]] = {}
    for row in rows:
        by_day.setdefault(row.on, []).append(row)
    for stops in by_day.values():
        route = ordered(start, [Stop(no, _place(stop)) for no, stop in enumerate(stops)])
        for place, step in enumerate(route, start=1):
            stops[step.key].place = place
    PlannedVisit.objects.bulk_update(rows, ["place"])


def _place(stop: PlannedVisit) -> Point | None:
    customer = stop.customer
    if customer.latitude is None or customer.longitude is None:
        return None
    return Point(customer.latitude, customer.longitude)
