"""Care: the list of tasks, help for customers short of cash, satisfaction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.roles import Can, Reach
from customers.models import Customer
from customers.selectors.customer import customer_header
from customers.selectors.keyset import Order, capped_count
from marketing.care.kinds import PROPOSALS
from marketing.forms.care import MarkForm, OutcomeForm, ProposeForm, ReliefOutcomeForm
from marketing.models import CareTask, Relief
from marketing.selectors.care import (
    PERIODS,
    care_counts,
    care_list,
    care_of,
    care_order,
    care_task_of,
    marks_of,
    open_relief_of,
    relief_list,
    relief_of,
    row_page,
    satisfaction,
)
from marketing.selectors.care_words import told_care, told_relief
from marketing.selectors.complaints import complaints_of
from marketing.services.care import close_care_task
from marketing.services.relief import close_relief, propose_relief
from marketing.services.satisfaction import record_mark
from marketing.views.care_frame import sections, told_count
from marketing.views.reviews import read_again


@require_GET
def care_table(request: HttpRequest) -> HttpResponse:
    """Care tasks in reach: one's own first of all, by kind, late ones, closed ones."""
    today, asked = timezone.localdate(), request.GET
    is_rm = request.user.duty.reach == Reach.OWN
    is_own = asked.get("whose", "own" if is_rm else "all") == "own"
    state = asked.get("state", "open") if asked.get("state") in CareTask.State.values else "open"
    kind = asked.get("kind", "") if asked.get("kind") in CareTask.Kind.values else ""
    rows = care_list(
        user=request.user, state=state, kind=kind, is_own=is_own,
        is_late=asked.get("late") == "1", today=today,
    )  # fmt: skip
    page = row_page(rows, care_order(state), at=asked.get("at", ""))
    counts = care_counts(user=request.user, is_own=is_own, today=today)
    context = {
        "rows": told_care(page.rows, user=request.user, today=today),
        "page": page,
        "count": told_count(capped_count(rows)),
        "kinds": [
            (key, label, *counts.get(key, (0, 0))) for key, label in CareTask.Kind.choices
        ],
        "states": CareTask.State.choices,
        "asked": {"state": state, "kind": kind, "whose": "own" if is_own else "all",
                  "late": asked.get("late") == "1"},
        "has_others": not is_rm,
        "sections": sections(request, "care"),
        "can_work": request.user.can(Can.HANDLE_CARE),
    }  # fmt: skip
    return render_page(request, "marketing/care.html", "marketing/_care_rows.html", context)


@require_http_methods(["GET", "POST"])
def care_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The task is done, or dropped, with what came of it."""
    task = care_task_of(user=request.user, pk=pk)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_closed(request, task, form):
        messages.success(request, _("What was done is on record."))
        return redirect(_back(request, reverse("marketing:care")))
    (row,) = told_care([task], user=request.user, today=timezone.localdate())
    context = {"row": row, "task": task, "form": form, "back": request.GET.get("back", "")}
    status = 422 if request.method == "POST" else 200
    return render_page(
        request, "marketing/care_close.html", "marketing/_care_close_dialog.html", context, status
    )


def _is_closed(request: HttpRequest, task: CareTask, form: OutcomeForm) -> bool:
    """Whether the task is closed with these words; else the form keeps them and says why."""
    told = form.cleaned_data["outcome"]
    if task.state != CareTask.State.OPEN and task.outcome != told:
        form.add_error(None, _("Somebody else changed this meanwhile. Look at it again."))
        return False
    try:
        close_care_task(
            task_id=task.pk, by=request.user, outcome=told,
            is_dropped=request.POST.get("drop") == "1",
        )  # fmt: skip
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    return True


@require_GET
def relief_table(request: HttpRequest) -> HttpResponse:
    """Customers short of cash with good loans: who needs a proposal, who an outcome."""
    state = request.GET.get("state", "")
    state = state if state in Relief.State.values else ""
    rows = relief_list(user=request.user, state=state)
    order = Order("outcome_on", True, True) if state == "closed" else Order("runway_months")
    page = row_page(rows, order, at=request.GET.get("at", ""))
    context = {
        "rows": told_relief(page.rows, user=request.user, today=timezone.localdate()),
        "page": page,
        "count": told_count(capped_count(rows)),
        "state": state,
        "states": [("", _("Not closed")), *Relief.State.choices],
        "sections": sections(request, "relief"),
        "can_work": request.user.can(Can.HANDLE_CARE),
    }
    return render_page(
        request, "marketing/relief.html", "marketing/_care_relief_rows.html", context
    )


@require_GET
def relief_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them with its forms."""
    return _relief(request, pk)


def _relief(request: HttpRequest, pk: int, status: int = 200, **forms: Any) -> HttpResponse:
    row = relief_of(user=request.user, pk=pk)
    today = timezone.localdate()
    given = {"version": row.version}
    (told,) = told_relief([row], user=request.user, today=today)
    context = {
        "one": told,
        "row": row,
        "propose_form": forms.get("propose")
        or ProposeForm(initial=given | {"proposals": row.proposals, "note": row.note}),
        "outcome_form": forms.get("outcome") or ReliefOutcomeForm(initial=given),
        "is_due": row.outcome_due_on is not None and row.outcome_due_on <= today,
        "can_work": request.user.can(Can.HANDLE_CARE),
    }
    return render_page(
        request, "marketing/relief_item.html", "marketing/_care_relief_dialog.html", context, status
    )


def _was_changed(request: HttpRequest, pk: int, form: ProposeForm | ReliefOutcomeForm) -> bool:
    """Whether somebody changed it since it was read; then the form says so and keeps the words."""
    row = relief_of(user=request.user, pk=pk)
    if row.state == Relief.State.CLOSED or row.version == form.cleaned_data["version"]:
        return False
    form.add_error(None, _("Somebody else changed this meanwhile. Look at it again."))
    form.data = read_again(request, row.version)
    return True


@require_POST
def relief_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """What is proposed."""
    form = ProposeForm(request.POST)
    if not form.is_valid() or _was_changed(request, pk, form):
        return _relief(request, pk, 422, propose=form)
    given = form.cleaned_data
    propose_relief(
        relief_id=pk, proposals=given["proposals"], note=given["note"], version=given["version"],
        by=request.user,
    )  # fmt: skip
    messages.success(request, _("The proposal is on record; its outcome is asked for in 90 days."))
    return redirect("marketing:relief")


@require_POST
def relief_close(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it."""
    form = ReliefOutcomeForm(request.POST)
    if not form.is_valid() or _was_changed(request, pk, form):
        return _relief(request, pk, 422, outcome=form)
    given = form.cleaned_data
    close_relief(
        relief_id=pk, outcome=given["outcome"], note=given["note"], version=given["version"],
        by=request.user,
    )  # fmt: skip
    messages.success(request, _("The outcome is on record."))
    return redirect("marketing:relief")


@require_GET
def satisfaction_table(request: HttpRequest) -> HttpResponse:
    """Marks by manager, product and occasion, the loan success rate beside them."""
    period = request.GET.get("days", "365")
    days = PERIODS.get(period, 365)
    tables = satisfaction(user=request.user, today=timezone.localdate(), days=days)
    context = {
        "whole": tables[0].lines[0],
        "tables": tables[1:],
        "periods": [
            (key, _("%(days)s days") % {"days": value}, value == days)
            for key, value in PERIODS.items()
        ],
        "sections": sections(request, "satisfaction"),
    }
    return render_page(request, "marketing/satisfaction.html", None, context)


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, customer_id: int) -> HttpResponse:
    """How content the customer is, from 1 to 5."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    asked = {name: request.GET[name] for name in ("after", "subject") if name in request.GET}
    form = MarkForm(request.POST or None, initial={"after": "visit", **asked})
    if request.method == "POST" and form.is_valid():
        try:
            record_mark(customer_id=customer.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The mark is on record."))
            return redirect(customer.get_absolute_url())
    status = 422 if request.method == "POST" else 200
    context = {"customer": customer, "form": form}
    return render_page(
        request, "marketing/care_mark.html", "marketing/_care_mark_dialog.html", context, status
    )


def panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The box on the customer page: what is due, complaints, help, the newest marks."""
    today = timezone.localdate()
    relief = open_relief_of(user=request.user, customer_id=customer.pk)
    context = {
        "customer": customer,
        "rows": told_care(care_of(user=request.user, customer_id=customer.pk), user=request.user,
                          today=today),
        "complaints": complaints_of(user=request.user, customer_id=customer.pk),
        "relief": relief,
        "marks": marks_of(user=request.user, customer_id=customer.pk),
        "proposals": [PROPOSALS[key] for key in relief.proposals] if relief else [],
        "can_work": request.user.can(Can.HANDLE_CARE),
        "today": today,
    }  # fmt: skip
    return render(request, "marketing/_care_panel.html", context)


def _back(request: HttpRequest, default: str) -> str:
    """Where the form was opened, inside this site only."""
    back = request.POST.get("back", "")
    return back if back.startswith("/") and not back.startswith("//") else default
