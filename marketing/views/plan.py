"""The week of a manager: wide as columns of days, on phones one day at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page, wants_fragment
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from marketing.forms.plan import AddForm, MoveForm, VersionForm, WeekForm
from marketing.models import PlannedVisit
from marketing.selectors.plan import (
    WeekView,
    customers_to_add,
    day_of,
    manager_in_reach,
    managers_to_plan,
    read_week,
    stop_in_reach,
    week_view,
)
from marketing.services.plan import plan_anew
from marketing.services.plan_stops import add_stop, drop_stop, lock_stop, move_stop


@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """The week; ``?week=`` a day of it, ``?day=`` the day shown on phones, ``?manager=``."""
    today = timezone.localdate()
    manager = _manager(request)
    context = _context(request, manager, read_week(request.GET.get("week", ""), today=today))
    return render_page(request, "marketing/plan.html", "marketing/_plan.html", context)


def _manager(request: HttpRequest) -> User:
    """The manager asked for; for who leads others the first of them."""
    asked = request.GET.get("manager", "")
    key = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    if key is None and not request.user.can(Can.LOG_VISITS):
        key = next((pk for pk, _name in managers_to_plan(request.user)), None)
    return manager_in_reach(user=request.user, manager_id=key)


def _context(request: HttpRequest, manager: User, week_on: date) -> dict[str, Any]:
    today = timezone.localdate()
    view = week_view(
        user=request.user,
        manager=manager,
        week_on=week_on,
        capacity=parameters(today).number("plan.capacity_day"),
    )
    is_own = manager.pk == request.user.pk and request.user.can(Can.LOG_VISITS)
    return {
        "view": view,
        "chosen": day_of(view, _asked_day(request, today)),
        "is_own": is_own,
        "can_change": is_own and week_on + timedelta(days=6) >= today,
        "can_visit": request.user.can(Can.LOG_VISITS),
        "today": today,
        "days_ahead": [day for day in view.days if day.is_working and day.on >= today],
        "managers": [] if request.user.can(Can.LOG_VISITS) else managers_to_plan(request.user),
        "reviews_address": reverse("marketing:reviews"),
        "before": _address(view, -7),
        "after": _address(view, 7),
    }


def _asked_day(request: HttpRequest, today: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("day") or request.POST.get("day", ""))
    except ValueError:
        return today


def _address(view: WeekView, days: int) -> str:
    week = (view.week_on + timedelta(days=days)).isoformat()
    return f"?week={week}&manager={view.manager.pk}"


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """The own week is planned anew around what is done and locked."""
    form = _read(WeekForm(request.POST))
    today = timezone.localdate()
    plan_anew(manager=request.user, week_on=form["week"], by=request.user, as_of=today)
    return _again(request, form["week"])


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The stop stands on another day."""
    form = _read(MoveForm(request.POST))
    stop = move_stop(
        stop_id=pk, on=form["on"], by=request.user, as_of=timezone.localdate(),
        version=form["version"],
    )  # fmt: skip
    return _after(request, stop)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The stop is dropped."""
    form = _read(VersionForm(request.POST))
    return _after(request, drop_stop(stop_id=pk, by=request.user, version=form["version"]))


@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """The stop stays on its day, or no longer."""
    form = _read(VersionForm(request.POST))
    stop = stop_in_reach(user=request.user, pk=pk)
    stop = lock_stop(
        stop_id=pk, is_locked=not stop.is_locked, by=request.user, version=form["version"]
    )
    return _after(request, stop)


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Customers who may be added, by a piece of their name."""
    week_on = read_week(request.GET.get("week", ""), today=timezone.localdate())
    context = _context(request, request.user, week_on)
    view: WeekView = context["view"]
    context["found"] = customers_to_add(
        user=request.user, manager=request.user, plan=view.plan, text=request.GET.get("q", "")
    )
    return render(request, "marketing/_plan_found.html", context)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A customer stands in the own week."""
    form = _read(AddForm(request.POST))
    stop = add_stop(
        manager=request.user, week_on=form["on"], customer_id=form["customer"], on=form["on"],
        by=request.user, as_of=timezone.localdate(),
    )  # fmt: skip
    return _after(request, stop)


def _read(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        told = {"field": form.fields[name].label or name, "error": errors[0]}
        raise DomainError(_("%(field)s: %(error)s") % told, status=422)
    return form.cleaned_data


def _after(request: HttpRequest, stop: PlannedVisit) -> HttpResponse:
    return _again(request, stop.plan.week_on, stop.on)


def _again(request: HttpRequest, week_on: date, day: date | None = None) -> HttpResponse:
    """The week as it is now, in place or as a page."""
    if wants_fragment(request):
        week_on = read_week(week_on.isoformat(), today=timezone.localdate())
        return render(request, "marketing/_plan.html", _context(request, request.user, week_on))
    shown = f"&day={day.isoformat()}" if day else ""
    return redirect(f"{reverse('marketing:plan')}?week={week_on.isoformat()}{shown}")
