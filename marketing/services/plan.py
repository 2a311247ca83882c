"""The week of a manager: planned from who is due, changed by hand, planned anew around that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Avg
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from customers.models import Customer
from marketing.models import PlannedVisit, VisitPlan
from marketing.planning.route import Stop, ordered
from marketing.planning.spread import spread
from marketing.selectors.plan import WEEKS_AHEAD, place_of, start_of
from marketing.selectors.plan_due import Candidate, due_customers, monday_of, week_days

PLANNED, DONE, DROPPED = (
    PlannedVisit.State.PLANNED,
    PlannedVisit.State.DONE,
    PlannedVisit.State.DROPPED,
)


@transaction.atomic
def make_plan(*, manager: User, week_on: date, as_of: date) -> VisitPlan:
    """The week is planned: the most pressing customers, balanced over its working days.

    Stops that are done, dropped or locked stay as they are; everything else is planned anew on
    the days from ``as_of`` on. Planned twice on the same facts it is the same plan.
    """
    week_on = monday_of(week_on)
    known = parameters(as_of)
    plan = _locked_plan(manager, week_on, known.number("plan.capacity_day"))
    plan.version += 1
    plan.save(update_fields=["version"])
    kept, missed = _clear(plan, as_of)
    candidates = {
        one.customer_id: one
        for one in due_customers(manager=manager, week_on=week_on, as_of=as_of, known=known)
        if one.customer_id not in kept
    }
    week = spread(
        [one.due for one in candidates.values()],
        days=[day for day in week_days(week_on) if day >= as_of],
        capacity=plan.capacity,
        taken=Counter(stop.on for stop in kept.values() if stop.state != DROPPED),
        start=start_of(plan),
    )
    for day, dues in week.items():
        for due in dues:
            stop = _stop(plan, candidates[due.customer_id], missed.get(due.customer_id))
            stop.on = day
            stop.save()
    route_days(plan, [day for day, dues in week.items() if dues])
    return plan


def plan_next_week(*, manager_id: int, as_of: date) -> VisitPlan:
    """The week after the one of ``as_of`` is planned for this manager."""
    manager = User.objects.select_related("branch").get(pk=manager_id)
    next_week = monday_of(as_of) + timedelta(days=7)
    return make_plan(manager=manager, week_on=next_week, as_of=as_of)


@transaction.atomic
def plan_anew(*, manager: User, week_on: date, by: User, as_of: date) -> VisitPlan:
    """``make_plan`` asked for by the manager whose week it is; a week that is over stays."""
    if by.pk != manager.pk or not by.can(Can.LOG_VISITS):
        raise DomainError(_("A week is planned by the manager whose week it is."), status=403)
    check_week(week_on, as_of)
    plan = make_plan(manager=manager, week_on=week_on, as_of=as_of)
    record(by, "marketing.week_planned", plan, week=plan.week_on.isoformat())
    return plan


def check_week(week_on: date, as_of: date) -> None:
    """The week is not over and not too far ahead; DomainError otherwise."""
    if monday_of(week_on) < monday_of(as_of):
        raise DomainError(_("This week is over."), status=422)
    if monday_of(week_on) > monday_of(as_of) + timedelta(weeks=WEEKS_AHEAD):
        told = _("Weeks are planned at most %(weeks)s weeks ahead.")
        raise DomainError(told % {"weeks": WEEKS_AHEAD}, status=422)


def own_plan(
    *,
    manager: User,
    week_on: date,
    by: User,
    version: int | None = None,
    capacity: int | None = None,
) -> VisitPlan:
    """The locked plan of a week that ``by`` may change; made when ``capacity`` is given.

    DomainError for somebody else's week, and (409) when it moved on since ``version`` was read.
    """
    if by.pk != manager.pk or not by.can(Can.LOG_VISITS):
        raise DomainError(_("A week is planned by the manager whose week it is."), status=403)
    if capacity is not None:
        return _locked_plan(manager, monday_of(week_on), capacity)
    plan = VisitPlan.objects.select_for_update().get(manager=manager, week_on=week_on)
    if version is not None and plan.version != version:
        raise DomainError(_("The week was changed meanwhile. Look at it again."))
    return plan


def _locked_plan(manager: User, week_on: date, capacity: int) -> VisitPlan:
    """The plan of the week, locked; a new one knows where its routes begin."""
    plan, is_new = VisitPlan.objects.select_for_update().get_or_create(
        manager=manager, week_on=week_on, defaults={"capacity": capacity}
    )
    if is_new:
        middle = Customer.objects.filter(branch=manager.branch_id).aggregate(
            latitude=Avg("latitude"), longitude=Avg("longitude")
        )
        plan.start_latitude, plan.start_longitude = middle["latitude"], middle["longitude"]
        plan.save(update_fields=["start_latitude", "start_longitude"])
    return plan


def _clear(plan: VisitPlan, as_of: date) -> tuple[dict[int, PlannedVisit], dict[int, PlannedVisit]]:
    """By customer the stops that stay, and those missed on days that are over; the rest is gone.

    A missed stop moves to a day to come or stays on record as missed.
    """
    loose = plan.stops.filter(state=PLANNED, is_locked=False)
    loose.filter(on__gte=as_of).delete()
    missed = {stop.customer_id: stop for stop in loose.select_for_update()}  # not one just visited
    kept = {stop.customer_id: stop for stop in plan.stops.all() if stop.customer_id not in missed}
    return kept, missed


def _stop(plan: VisitPlan, candidate: Candidate, missed: PlannedVisit | None) -> PlannedVisit:
    stop = missed or PlannedVisit(
        plan=plan, manager_id=plan.manager_id, customer_id=candidate.customer_id
    )
    stop.purpose = candidate.purpose
    stop.reasons = [reason.to_data() for reason in candidate.reasons]
    return stop


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
        route = ordered(start, [Stop(no, place_of(stop.customer)) for no, stop in enumerate(stops)])
        for place, step in enumerate(route, start=1):
            stops[step.key].place = place
    PlannedVisit.objects.bulk_update(rows, ["place"])
