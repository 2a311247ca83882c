"""Many opportunities of the list change hands at once: all of them, or none."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from crm.core.errors import DomainError
from crm.core.fragments import render_page, wants_fragment
from customers.services.assignment import possible_managers
from marketing.forms.opportunity import ReassignForm
from marketing.selectors.pipeline_chosen import chosen_opportunities, open_counts
from marketing.services.opportunities import NotAllReassigned, reassign
from marketing.services.opportunity_owner import MOST_AT_ONCE
from marketing.views.opportunity import show_problem

SHOWN = 8


@require_http_methods(["GET", "POST"])
def reassign_many(request: HttpRequest) -> HttpResponse:
    """Those ticked on the list go to another manager: a dialog first, then all or none."""
    data = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(data)
    people = possible_managers(request.user)
    form = ReassignForm(people, request.POST or None, open_counts=open_counts(people))
    refused: NotAllReassigned | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            moved = reassign(
                opportunity_ids=list(chosen),
                owner_id=given["owner"],
                by=request.user,
                reason=given["reason"],
                with_customers=given["with_customers"],
                versions=chosen,
            )
            return _done(request, len(moved), len(chosen))
        except NotAllReassigned as error:
            refused = error
        except DomainError as error:
            show_problem(form, error)
    return _ask(request, form, chosen, refused)


def _chosen(data: QueryDict) -> dict[int, int]:
    """The keys ticked, each with the version it was seen in; without those to be left out."""
    left_out = set(data.getlist("skip")) if data.get("without") else set()
    found: dict[int, int] = {}
    for text in data.getlist("o")[: MOST_AT_ONCE + 1]:
        key, _dot, version = text.partition(".")
        if key.isdecimal() and version.isdecimal() and len(key + version) < 18:
            found[int(key)] = int(version)
    return {key: version for key, version in found.items() if str(key) not in left_out}


def _ask(
    request: HttpRequest,
    form: ReassignForm,
    chosen: dict[int, int],
    refused: NotAllReassigned | None,
) -> HttpResponse:
    rows = chosen_opportunities(user=request.user, keys=chosen)
    context: dict[str, Any] = {
        "form": form,
        "chosen": [f"{key}.{version}" for key, version in chosen.items()],
        "shown": rows[:SHOWN],
        "more": max(len(rows) - SHOWN, 0),
        "count": len(chosen),
        "problem": refused,
        "refused": refused.refused if refused else [],
        "others": len(chosen) - len(refused.refused) if refused else 0,
        "is_mendable": refused is None or refused.only_strangers,
    }
    full, part = "marketing/opportunities_reassign.html", "marketing/_opportunities_reassign.html"
    status = 422 if request.method == "POST" else 200
    return render_page(request, full, part, context, status=status)


def _done(request: HttpRequest, moved: int, asked: int) -> HttpResponse:
    """The list is drawn anew where it stands, and says how many changed hands."""
    told = ngettext("%(n)s opportunity reassigned.", "%(n)s opportunities reassigned.", moved)
    message = told % {"n": moved}
    if asked > moved:
        there = ngettext("%(n)s was there already.", "%(n)s were there already.", asked - moved)
        message += " " + there % {"n": asked - moved}
    if not wants_fragment(request):
        messages.success(request, message)
        return redirect(reverse("marketing:opportunities"))
    toast = {"toast": {"tone": "good", "message": message}}
    return HttpResponse(
        headers={
            "HX-Trigger": json.dumps(toast),
            "HX-Trigger-After-Settle": json.dumps({"pipeline-moved": {"pk": ""}}),
            "HX-Retarget": "#dialog-place",
            "HX-Reswap": "innerHTML",
        }
    )
