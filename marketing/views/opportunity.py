"""One opportunity: its page, and what is done with it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.fragments import render_page, wants_fragment
from customers.services.assignment import possible_managers
from marketing.forms.opportunity import (
    DetailsForm,
    LoseForm,
    MoveForm,
    ReassignForm,
    ReopenForm,
    TickForm,
)
from marketing.models import Opportunity
from marketing.selectors.pipeline import opportunity_of
from marketing.selectors.pipeline_chosen import open_counts
from marketing.services import opportunities as services
from marketing.views.opportunity_page import move_context, page_context
from products.selectors.competitors import competitors

PAGE = "marketing/opportunity.html"
read_or_write = require_http_methods(["GET", "POST"])


@require_GET
def opportunity(request: HttpRequest, pk: int) -> HttpResponse:
    """Head, gates, history, what is next."""
    row = opportunity_of(user=request.user, pk=pk)
    record_read(request.user, "customers.viewed", row.customer, tab="opportunity")
    return render_page(request, PAGE, None, page_context(request, row))


@require_POST
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """The details are on record, or the page says what is wrong."""
    row = opportunity_of(user=request.user, pk=pk)
    form = DetailsForm(row, request.POST)
    if not form.is_valid():
        return render(request, PAGE, page_context(request, row, details=form), status=422)
    lock = form.cleaned_data["version"]
    try:
        services.change(opportunity_id=pk, by=request.user, values=form.values(), version=lock)
    except DomainError as error:
        if error.status != 422:
            raise
        show_problem(form, error)
        return render(request, PAGE, page_context(request, row, details=form), status=422)
    return done(request, row, _("Saved."))


@read_or_write
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it may go and what is missing; POST moves it, or says what is missing."""
    row = opportunity_of(user=request.user, pk=pk)
    form = MoveForm(request.POST or request.GET)
    form.is_valid()
    to = form.cleaned_data.get("to", "")
    if request.method == "GET":
        return _ask_move(request, row, to)
    if not to or "version" in form.errors:
        raise DomainError(_("The stage could not be read."), status=422)
    try:
        row = services.move(
            opportunity_id=pk,
            to=to,
            by=request.user,
            version=form.cleaned_data.get("version"),
            reason=form.cleaned_data.get("reason", ""),
        )
    except DomainError as error:
        if error.status != 422:
            raise
        return _ask_move(request, row, to, problem=error)
    word = _("Won.") if row.state == Opportunity.State.WON else _("Moved.")
    return done(request, row, word)


def _ask_move(
    request: HttpRequest, row: Opportunity, to: str, problem: DomainError | None = None
) -> HttpResponse:
    """The dialog of a move with what is missing, each with the way to mend it."""
    context = move_context(request, row, to, problem=problem)
    status = 422 if problem is not None and not wants_fragment(request) else 200
    response = render_page(
        request,
        "marketing/opportunity_move.html",
        "marketing/_opportunity_move.html",
        context,
        status=status,
    )
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog-place", "innerHTML"
    response["HX-Push-Url"] = "false"
    return response


@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """A check holds because somebody says what proves it."""
    row = opportunity_of(user=request.user, pk=pk)
    form = TickForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("The proof could not be read."), status=422)
    given = form.cleaned_data
    services.tick(
        opportunity_id=pk,
        key=given["key"],
        note=given["note"],
        by=request.user,
        version=given["version"],
    )
    if wants_fragment(request):
        fresh = opportunity_of(user=request.user, pk=pk)
        response = _ask_move(request, fresh, given["to"])
        told = {"pipeline-saved": {"pk": fresh.pk, "version": fresh.version}}
        response["HX-Trigger"] = json.dumps(told)
        return response
    return done(request, row, _("Ticked."))


@read_or_write
def lose(request: HttpRequest, pk: int) -> HttpResponse:
    """It is lost, for a reason."""
    row = opportunity_of(user=request.user, pk=pk)
    form = LoseForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.lose(opportunity_id=pk, by=request.user, **form.cleaned_data)
            return done(request, row, _("Closed as lost."))
        except DomainError as error:
            show_problem(form, error)
    return _ask(request, row, form, "lose")


@read_or_write
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost one is open again, for a reason."""
    row = opportunity_of(user=request.user, pk=pk)
    form = ReopenForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.reopen(opportunity_id=pk, by=request.user, **form.cleaned_data)
            return done(request, row, _("Open again."))
        except DomainError as error:
            show_problem(form, error)
    return _ask(request, row, form, "reopen")


@read_or_write
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else takes it over."""
    row = opportunity_of(user=request.user, pk=pk)
    people, first = (
        possible_managers(request.user),
        {"version": row.version, "with_customers": True},
    )
    form = ReassignForm(
        people, request.POST or None, open_counts=open_counts(people), initial=first
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        lock = given.pop("version")
        try:
            services.reassign(
                opportunity_ids=[pk],
                owner_id=given.pop("owner"),
                by=request.user,
                versions={pk: lock} if lock else None,
                **given,
            )
            return done(request, row, _("Reassigned."))
        except DomainError as error:
            show_problem(form, error)
    return _ask(request, row, form, "reassign")


def show_problem(form: Any, error: DomainError) -> None:
    """The sentence stands in the form; what no form can mend is shown by itself."""
    if error.status not in (409, 422):
        raise error
    fields = {name: text for name, text in error.fields.items() if name in form.fields}
    for name, text in fields.items():
        form.add_error(name, str(text))
    if not fields:
        told = getattr(error, "refused", [])
        form.add_error(None, str(told[0].why if len(told) == 1 else error.message))


def _ask(request: HttpRequest, row: Opportunity, form: Any, what: str) -> HttpResponse:
    """The form as a dialog, or as a page of its own without scripts."""
    titles = {
        "lose": _("Close as lost"),
        "reopen": _("Open again"),
        "reassign": _("Reassign"),
    }
    url = reverse(f"marketing:opportunity_{what}", args=[row.pk])
    context = {"row": row, "form": form, "what": what, "title": titles[what], "url": url}
    if what == "lose":
        context["peers"] = [str(peer) for peer in competitors()]
    full, part = "marketing/opportunity_ask.html", "marketing/_opportunity_ask.html"
    status = 422 if form.errors else 200
    return render_page(request, full, part, context, status=status)


def done(request: HttpRequest, row: Opportunity, message: str) -> HttpResponse:
    """The board is drawn anew where it stands; elsewhere the page of the opportunity."""
    if not wants_fragment(request):
        messages.success(request, message)
        return redirect(row.get_absolute_url())
    if (
        request.headers.get("HX-Current-URL", "")
        .partition("?")[0]
        .endswith(reverse("marketing:pipeline"))
    ):
        told = {"toast": {"tone": "good", "message": message}, "pipeline-moved": {"pk": row.pk}}
        return HttpResponse(
            headers={
                "HX-Trigger": json.dumps(told),
                "HX-Retarget": "#dialog-place",
                "HX-Reswap": "innerHTML",
            }
        )
    messages.success(request, message)
    return HttpResponse(headers={"HX-Redirect": row.get_absolute_url()})
