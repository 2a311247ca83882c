"""Stops of a week moved, dropped, added and locked by hand, by the manager whose week it is."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from customers.models import Customer
from marketing.models import PlannedVisit, Purpose, VisitPlan
from marketing.selectors.plan_due import week_days
from marketing.services.plan import DROPPED, PLANNED, check_week, own_plan, route_days


@transaction.atomic
def move_stop(*, stop_id: int, on: date, by: User, as_of: date, version: int) -> PlannedVisit:
    """The stop stands on another working day of its week, locked there; both days are routed."""
    stop, plan = _open_stop(stop_id, by, version)
    _check_day(plan, on, as_of)
    if stop.on == on:
        return stop
    _check_room(plan, on)
    before, stop.on, stop.is_locked = stop.on, on, True
    stop.save(update_fields=["on", "is_locked"])
    _changed(plan, by, "marketing.stop_moved", stop, [before, on])
    return stop


@transaction.atomic
def drop_stop(*, stop_id: int, by: User, version: int) -> PlannedVisit:
    """The stop is dropped: planning anew does not bring it back this week."""
    stop, plan = _open_stop(stop_id, by, version)
    stop.state, stop.is_locked = DROPPED, False
    stop.save(update_fields=["state", "is_locked"])
    _changed(plan, by, "marketing.stop_dropped", stop, [stop.on])
    return stop


@transaction.atomic
def lock_stop(*, stop_id: int, is_locked: bool, by: User, version: int) -> PlannedVisit:
    """The stop stays on its day when the rest is planned anew, or no longer."""
    stop, plan = _open_stop(stop_id, by, version)
    stop.is_locked = is_locked
    stop.save(update_fields=["is_locked"])
    _changed(plan, by, "marketing.stop_locked", stop, [])
    return stop


@transaction.atomic
def add_stop(
    *, manager: User, week_on: date, customer_id: int, on: date, by: User, as_of: date
) -> PlannedVisit:
    """The customer stands in the week, locked on the day; one that was dropped comes back.

    A customer who stands in the week already stays where it stands.
    """
    check_week(week_on, as_of)
    customer = Customer.objects.visible_to(by).get(pk=customer_id)
    plan = own_plan(
        manager=manager,
        week_on=week_on,
        by=by,
        capacity=parameters(as_of).number("plan.capacity_day"),
    )
    if customer.is_do_not_contact:
        raise DomainError(_("This customer does not want to be contacted."))
    stop: PlannedVisit | None = plan.stops.filter(customer=customer).first()
    if stop is not None and stop.state != DROPPED:
        return stop
    _check_day(plan, on, as_of)
    _check_room(plan, on)
    stop = stop or PlannedVisit(
        plan=plan,
        manager=plan.manager,
        customer=customer,
        purpose=Purpose.CARE,
        reasons=[{"code": "added", "inputs": {}}],
    )
    stop.on, stop.state, stop.is_locked = on, PLANNED, True
    stop.save()
    _changed(plan, by, "marketing.stop_added", stop, [on])
    return stop


def _open_stop(stop_id: int, by: User, version: int) -> tuple[PlannedVisit, VisitPlan]:
    """The stop with its plan, locked; DomainError when it is done or the plan has moved on."""
    stop = PlannedVisit.objects.visible_to(by).select_related("plan__manager").get(pk=stop_id)
    plan = own_plan(manager=stop.plan.manager, week_on=stop.plan.week_on, by=by, version=version)
    stop.refresh_from_db(from_queryset=PlannedVisit.objects.select_for_update())
    if stop.state != PLANNED:
        raise DomainError(_("This stop is done or dropped already."))
    return stop, plan


def _check_day(plan: VisitPlan, on: date, as_of: date) -> None:
    if on not in week_days(plan.week_on):
        raise DomainError(_("This is not a working day of the week."), status=422)
    if on < as_of:
        raise DomainError(_("This day is over."), status=422)


def _check_room(plan: VisitPlan, on: date) -> None:
    if plan.stops.filter(on=on).exclude(state=DROPPED).count() >= plan.capacity:
        raise DomainError(_("This day is full: %(capacity)d visits.") % {"capacity": plan.capacity})


def _changed(plan: VisitPlan, by: User, event: str, stop: PlannedVisit, days: list[date]) -> None:
    plan.version += 1
    plan.save(update_fields=["version"])
    route_days(plan, days)
    record(by, event, stop, customer=stop.customer_id, on=stop.on.isoformat())
