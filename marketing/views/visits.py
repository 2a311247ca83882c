"""Visits: the list, one visit, its photos, putting the own one right."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.audit import record_read
from crm.core.form_page import save_with
from crm.core.fragments import render_page, wants_fragment
from crm.core.models import User
from crm.core.roles import Can, Reach
from customers.selectors.keyset import COUNT_CAP, capped_count
from marketing.forms.visit import OBJECTIONS, VisitEditForm, VisitFilterForm, spans
from marketing.market.checks import ANSWERS, CHECKS
from marketing.models import Purpose
from marketing.selectors.care import mark_after_visit
from marketing.selectors.visit_photos import photo_file, photo_of
from marketing.selectors.visits import (
    VisitQuery,
    read_visit_query,
    visit_list,
    visit_of,
    visit_page,
)
from marketing.services.visits import edit_visit, may_edit
from marketing.views.visit_shown import fact_rows, photo_rows, told_rows
from products.selectors.fits import managers_in_reach
from products.selectors.suggestion_words import writer


@require_GET
def visit_table(request: HttpRequest) -> HttpResponse:
    """The visits in reach, the newest first."""
    today, query = timezone.localdate(), read_visit_query(request.GET)
    page = visit_page(user=request.user, query=query, today=today)
    context: dict[str, Any] = {
        "visits": page.rows,
        "count": _count(request.user, query),
        "previous": page.previous.address(place=page.previous.place) if page.previous else "",
        "next": page.next.address(place=page.next.place) if page.next else "",
        "chips": _chips(request.user, query),
        "has_manager": request.user.duty.reach != Reach.OWN,
        "can_log": request.user.can(Can.LOG_VISITS),
    }
    if not wants_fragment(request):
        context["filters"] = VisitFilterForm(request.GET, managers=_managers(request.user))
    response = render_page(request, "marketing/visits.html", "marketing/_visit_rows.html", context)
    response["HX-Push-Url"] = request.path + query.address(place=query.place)
    return response


def _count(user: User, query: VisitQuery) -> str:
    found = capped_count(visit_list(user=user, query=query, today=timezone.localdate()))
    return f"{COUNT_CAP - 1:,}+" if found >= COUNT_CAP else f"{found:,}"


def _managers(user: User) -> list[tuple[int, str]]:
    return [] if user.duty.reach == Reach.OWN else list(managers_in_reach(user))


def _chips(user: User, query: VisitQuery) -> list[dict[str, Any]]:
    """What narrows the list, each with the list without it."""
    found = []
    if query.purpose:
        label = Purpose(query.purpose).label
        found.append({"label": label, "url": query.address(purpose="")})
    if query.days:
        found.append({"label": dict(spans())[query.days], "url": query.address(days="")})
    if query.manager:
        name = dict(_managers(user)).get(query.manager, str(query.manager))
        found.append({"label": name, "url": query.address(manager=None)})
    if query.customer:
        found.append({"label": _("One customer"), "url": query.address(customer=None)})
    if query.flagged:
        found.append({"label": _("Flagged"), "url": query.address(flagged=False)})
    return found


@require_GET
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: what was learnt, promised and agreed, where and by whom."""
    visit = visit_of(user=request.user, pk=pk)
    record_read(request.user, "customers.viewed", visit.customer, tab="visit")
    answers = dict(ANSWERS)
    checks = visit.coordination_checks
    mark, is_asked = mark_after_visit(visit=visit)
    context = {
        "visit": visit,
        "groups": fact_rows(visit),
        "rows": told_rows(visit, write=writer(request.user)),
        "photos": photo_rows(visit),
        "mark": mark,
        "is_asked": is_asked and request.user.can(Can.HANDLE_CARE),
        "checks": [(one.label, answers[checks[one.key]]) for one in CHECKS if one.key in checks],
        "objections": [dict(OBJECTIONS)[code] for code in visit.objections],
        "can_edit": may_edit(visit=visit, by=request.user, today=timezone.localdate()),
    }
    return render_page(request, "marketing/visit.html", None, context)


@require_http_methods(["GET", "POST"])
def visit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of the own visit, on the day it came in."""
    visit = visit_of(user=request.user, pk=pk)
    if not may_edit(visit=visit, by=request.user, today=timezone.localdate()):
        return redirect(visit)
    form = VisitEditForm(request.POST or None, instance=visit)

    def save() -> HttpResponse:
        values = {**form.cleaned_data, "mood": form.cleaned_data.get("mood") or None}
        seen = values.pop("version")
        edit_visit(visit_id=pk, by=request.user, seen_version=seen, values=values)
        return redirect(visit)

    return save_with(
        request, form, save, "marketing/visit_edit.html", {"visit": visit, "form": form}
    )


@require_GET
def photo(request: HttpRequest, photo_id: int) -> FileResponse:
    """The picture, to whoever sees the customer."""
    found = photo_of(user=request.user, pk=photo_id)
    try:
        file = photo_file(found)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response
