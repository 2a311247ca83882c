"""Visits drawn or flagged, and the mark of a team leader (VIS-6)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.models import User
from crm.core.roles import Can
from marketing.forms.review import ReviewForm
from marketing.models import Visit
from marketing.planning.flags import FLAGS
from marketing.selectors.plan import managers_to_plan
from marketing.selectors.reviews import (
    ReviewQuery,
    read_review_query,
    review_in_reach,
    review_page,
)
from marketing.services.reviews import review_visit


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """Visits to look over; managers see what was found about their own."""
    query = read_review_query(request.GET)
    page = review_page(user=request.user, query=query)
    context = {
        "rows": [shown(request.user, visit) for visit in page.rows],
        "query": query,
        "tabs": _tabs(query),
        "managers": _managers(request.user, query),
        "chips": _chips(request.user, query),
        "previous": page.previous.address(place=page.previous.place) if page.previous else "",
        "next": page.next.address(place=page.next.place) if page.next else "",
    }
    return render_page(request, "marketing/reviews.html", "marketing/_reviews.html", context)


def shown(user: User, visit: Visit) -> dict[str, Any]:
    """One visit for its template."""
    review = getattr(visit, "review", None)
    return {
        "visit": visit,
        "flags": [{"label": FLAGS[code], "tone": "bad"} for code in visit.flags if code in FLAGS],
        "minutes": round((visit.ended_at - visit.started_at).total_seconds() / 60),
        "review": review,
        "can_review": user.can(Can.REVIEW_VISITS) and visit.manager_id != user.pk and not review,
    }


def _tabs(query: ReviewQuery) -> list[dict[str, Any]]:
    labels = (("open", _("To review")), ("flagged", _("Flagged")), ("reviewed", _("Reviewed")))
    return [
        {"label": label, "url": query.address(show=key), "is_current": query.show == key}
        for key, label in labels
    ]


def _managers(user: User, query: ReviewQuery) -> list[dict[str, Any]]:
    if not user.can(Can.REVIEW_VISITS):
        return []
    rows = managers_to_plan(user)
    return [{"name": name, "url": query.address(manager=key)} for key, name in rows]


def _chips(user: User, query: ReviewQuery) -> list[dict[str, Any]]:
    if not query.manager:
        return []
    name = dict(managers_to_plan(user)).get(query.manager, str(query.manager))
    return [{"label": name, "url": query.address(manager=None)}]


def read_again(request: HttpRequest, version: int) -> QueryDict:
    """What was sent, with the version that is shown now."""
    data = request.POST.copy()
    data["version"] = str(version)
    return data


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit with what speaks for and against it, and the mark."""
    visit = review_in_reach(user=request.user, visit_id=pk)
    form = ReviewForm(request.POST or None, initial={"version": visit.version})
    if request.method == "POST" and form.is_valid():
        try:
            review_visit(visit_id=pk, by=request.user, **form.given())
        except DomainError as error:
            visit = review_in_reach(user=request.user, visit_id=pk)  # as it stands now
            if not shown(request.user, visit)["can_review"]:
                raise
            form.add_error("note" if "note" in error.fields else None, str(error.message))
            form.data = read_again(request, visit.version)
        else:
            return redirect("marketing:reviews")
    record_read(request.user, "customers.viewed", visit.customer, tab="review")
    context = {"one": shown(request.user, visit), "form": form, "customer": visit.customer}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "marketing/review.html", "marketing/_review.html", context, status)
