"""Goals of a unit: where each stands, the rows that count, and who may leave the count."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.form_page import save_with
from crm.core.fragments import render_page
from crm.core.masking import reads_bands
from crm.core.roles import Can
from marketing.forms.goals import GoalsForm
from marketing.goals import METRICS
from marketing.goals.inclusive import CALIBERS
from marketing.selectors.goals import (
    PAGE,
    Sheet,
    counted_rows,
    goal_sheet,
    goals_of,
    newest_run,
    unfinished_count,
)
from marketing.selectors.goals_risk import at_risk
from marketing.selectors.goals_units import is_above, place_of, rest_of, units_in_reach
from marketing.services.goals import ask_count, decide_goals, propose_goals, submit_goals
from marketing.services.goals_export import goals_workbook
from marketing.views.amounts import amounts_for

AMOUNTS = ("balance", "amount", "credit")  # of the rows of a figure
REST = "-rest"  # after the key of a unit: what it holds beside its parts
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def goals(request: HttpRequest) -> HttpResponse:
    """Every goal of a unit with its light, and the same figures of its parts."""
    place = place_of(request.user, request.GET.get("unit", ""))
    unit = place.unit
    sheet = goal_sheet(user=request.user, place=place, today=timezone.localdate())
    waiting = [line for line in sheet.lines if line.waiting]
    context = {
        "sheet": sheet,
        "matrix": _matrix(sheet),
        "units": list(units_in_reach(request.user)),
        "is_counting": unfinished_count(),
        "drafts": [line for line in waiting if line.waiting.state == "draft"],
        "submitted": [line for line in waiting if line.waiting.state == "submitted"],
        "may_edit": unit is not None and request.user.can(Can.EDIT_GOALS),
        "may_decide": unit is not None
        and request.user.can(Can.APPROVE_GOALS)
        and is_above(request.user, unit),
    }
    return render_page(request, "marketing/goals.html", "marketing/_goals.html", context)


def _matrix(sheet: Sheet) -> list[dict[str, Any]]:
    """A row a metric: the figure of each part, and of the whole."""
    return [
        {
            "line": line,
            "cells": [(place, lines[number]) for place, lines in sheet.parts],
            "rest": sheet.rest[number] if sheet.rest else None,
        }
        for number, line in enumerate(sheet.lines)
    ]


@require_GET
def goals_export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    place = place_of(request.user, request.GET.get("unit", ""))
    sheet = goal_sheet(user=request.user, place=place, today=timezone.localdate())
    response = HttpResponse(goals_workbook(sheet=sheet, by=request.user), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="goals-{sheet.as_of or ""}.xlsx"'
    return response


@require_POST
def goals_count(request: HttpRequest) -> HttpResponse:
    """A new count is asked for."""
    ask_count(as_of=timezone.localdate(), by=request.user)
    messages.success(request, _("The goals are being counted; look again in a moment."))
    return redirect(_address(request.POST.get("unit", "")))


def _address(unit: str) -> str:
    return reverse("marketing:goals") + (f"?unit={unit}" if unit.isdecimal() else "")


@require_GET
def goal_rows(request: HttpRequest, metric: str) -> HttpResponse:
    """The rows that make one figure: as many as it says."""
    spec = METRICS.get(metric)
    caliber = request.GET.get("caliber", spec.caliber if spec else "")
    if spec is None or caliber not in spec.calibers:
        raise Http404
    asked = request.GET.get("unit", "")
    place = place_of(request.user, asked.removesuffix(REST))
    place = rest_of(place) if asked.endswith(REST) else place
    run, page = newest_run(), page_of(request)
    start = _day(request.GET.get("from", ""), run.as_of if run else timezone.localdate())
    rows, count = counted_rows(
        user=request.user, place=place, metric=spec, caliber=caliber, period_from=start, page=page
    )
    write = amounts_for(request.user)
    context = {
        "metric": spec,
        "caliber": CALIBERS[caliber] if caliber else None,
        "place": place,
        "rows": [(one, {key: write(one.row.get(key)) for key in AMOUNTS}) for one in rows],
        "count": count,
        "run": run,
        **pages_of(request, page, count),
    }
    return render_page(request, "marketing/goal_rows.html", "marketing/_goal_rows.html", context)


@require_GET
def goals_at_risk(request: HttpRequest) -> HttpResponse:
    """Customers that may leave the inclusive count."""
    place, page = place_of(request.user, request.GET.get("unit", "")), page_of(request)
    rows, count = at_risk(user=request.user, place=place, page=page)
    write = amounts_for(request.user)
    context = {
        "place": place,
        "rows": [
            (one, {"credit": write(one.credit), "balance": write(one.balance)}) for one in rows
        ],
        "is_masked": reads_bands(request.user),
        "count": count,
        "run": newest_run(),
        **pages_of(request, page, count),
    }
    return render_page(request, "marketing/goal_risk.html", "marketing/_goal_risk.html", context)


def page_of(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1


def pages_of(request: HttpRequest, page: int, count: int) -> dict[str, str]:
    """The addresses of the pages around this one."""
    kept = {name: value for name, value in request.GET.items() if name != "page"}
    before = f"?{urlencode(kept | {'page': page - 1})}" if page > 1 else ""
    after = f"?{urlencode(kept | {'page': page + 1})}" if page * PAGE < count else ""
    return {"previous": before, "next": after}


def _day(text: str, as_of: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date(as_of.year, 1, 1)


@require_http_methods(["GET", "POST"])
def goals_edit(request: HttpRequest, branch_id: int) -> HttpResponse:
    """The goals of a unit for the year, typed by the unit."""
    place = place_of(request.user, str(branch_id))
    year = timezone.localdate().year
    start, end = date(year, 1, 1), date(year, 12, 31)
    form = GoalsForm(request.POST or None, rows=list(goals_of(unit=place.unit, period_from=start)))

    def save() -> HttpResponse:
        made = propose_goals(
            unit=place.unit,
            period_from=start,
            period_to=end,
            targets=form.targets(),
            by=request.user,
            seen=form.cleaned_data["seen"],
        )
        told = ngettext(
            "%(count)d goal is a draft now.", "%(count)d goals are drafts now.", len(made)
        )
        messages.success(request, told % {"count": len(made)})
        return redirect(_address(str(branch_id)))

    context: dict[str, Any] = {"form": form, "place": place, "year": year}
    return save_with(request, form, save, "marketing/goals_edit.html", context)


@require_POST
def goals_submit(request: HttpRequest, branch_id: int) -> HttpResponse:
    """The drafts wait for the unit above."""
    place = place_of(request.user, str(branch_id))
    count = submit_goals(unit=place.unit, by=request.user)
    told = ngettext(
        "%(count)d goal waits for the unit above.",
        "%(count)d goals wait for the unit above.",
        count,
    )
    messages.success(request, told % {"count": count})
    return redirect(_address(str(branch_id)))


@require_POST
def goals_decide(request: HttpRequest, branch_id: int) -> HttpResponse:
    """The unit above puts them in force or sends them back."""
    place = place_of(request.user, str(branch_id))
    is_approved = request.POST.get("decision") == "approve"
    count = decide_goals(unit=place.unit, is_approved=is_approved, by=request.user)
    if is_approved:
        told = ngettext("%(count)d goal is in force.", "%(count)d goals are in force.", count)
    else:
        told = ngettext("%(count)d goal went back.", "%(count)d goals went back.", count)
    messages.success(request, told % {"count": count})
    return redirect(_address(str(branch_id)))
