"""The cards beside the queue, each fetched after the page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.core.models import User
from crm.core.roles import Reach
from crm.core.workdays import working_day_from
from marketing.selectors.plan import day_of, this_week, week_view
from marketing.selectors.workbench import month_figures, my_pipeline, team_lines

ROUTE_SHOWN = 8


def figures(request: HttpRequest, user: User) -> HttpResponse:
    """What the month has brought so far."""
    today = timezone.localdate()
    context = {"figures": month_figures(user=user, today=today), "month_on": today.replace(day=1)}
    return render(request, "marketing/_workbench_figures.html", context)


def route(request: HttpRequest, user: User) -> HttpResponse:
    """Today's stops in their order; on a day off those of the next working day."""
    today = timezone.localdate()
    on = working_day_from(today)
    week = week_view(user=user, manager=user, week_on=this_week(today), capacity=0)
    day = day_of(week, on)
    stops = day.stops if day is not None and day.on == on else ()
    context = {
        "on": on,
        "is_today": on == today,
        "stops": stops[:ROUTE_SHOWN],
        "length_km": day.length_km if day is not None and stops else None,
        "has_plan": week.plan is not None,
    }
    return render(request, "marketing/_workbench_route.html", context)


def opportunities(request: HttpRequest, user: User) -> HttpResponse:
    """The own open opportunities by stage."""
    mine = my_pipeline(user=user, today=timezone.localdate())
    return render(request, "marketing/_workbench_pipeline.html", {"mine": mine, "owner": user.pk})


def team(request: HttpRequest, user: User) -> HttpResponse:
    """How much waits at each member of the team; nothing for those who lead nobody."""
    if user.duty.reach == Reach.OWN:
        return HttpResponse("")
    lines = team_lines(user=user, today=timezone.localdate())
    return render(request, "marketing/_workbench_team.html", {"lines": lines})
