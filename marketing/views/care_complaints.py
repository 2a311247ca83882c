"""Complaints: the list, logging one, working on it, closing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.errors import DomainError
from crm.core.form_page import save_with
from crm.core.fragments import render_page
from crm.core.roles import Can
from customers.selectors.customer import customer_header
from customers.selectors.keyset import Order, capped_count
from marketing.care.kinds import COMPLAINT_KINDS
from marketing.forms.care import CloseComplaintForm, ComplaintForm, HandComplaintForm
from marketing.models import Complaint
from marketing.selectors.care import row_page
from marketing.selectors.complaints import complaint_handlers, complaint_list, complaint_of
from marketing.services.complaints import close_complaint, hand_complaint, log_complaint
from marketing.services.satisfaction import record_mark
from marketing.views.care_frame import sections, told_count


@require_GET
def complaint_table(request: HttpRequest) -> HttpResponse:
    """Complaints in reach, the first due first."""
    today, asked = timezone.localdate(), request.GET
    state = asked.get("state", "open") if asked.get("state") in Complaint.State.values else "open"
    kind = asked.get("kind", "") if asked.get("kind") in COMPLAINT_KINDS else ""
    rows = complaint_list(
        user=request.user, state=state, kind=kind, is_own=asked.get("own") == "1",
        is_late=asked.get("late") == "1", today=today,
    )  # fmt: skip
    is_closed = state == Complaint.State.CLOSED
    order = Order("closed_at", True, True) if is_closed else Order("due_on")
    page = row_page(rows, order, at=asked.get("at", ""))
    context = {
        "rows": [_row(row) for row in page.rows],
        "page": page,
        "count": told_count(capped_count(rows)),
        "kinds": list(COMPLAINT_KINDS.items()),
        "states": Complaint.State.choices,
        "asked": {"state": state, "kind": kind, "own": asked.get("own") == "1",
                  "late": asked.get("late") == "1"},
        "today": today,
        "sections": sections(request, "complaints"),
    }  # fmt: skip
    return render_page(
        request, "marketing/complaints.html", "marketing/_complaints_rows.html", context
    )


def _row(row: Complaint) -> dict[str, Any]:
    return {"row": row, "kind": COMPLAINT_KINDS.get(row.kind, row.kind)}


@require_http_methods(["GET", "POST"])
def complaint_new(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A complaint of this customer comes in."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    form = ComplaintForm(request.POST or None, initial={"received_on": timezone.localdate()})

    def save() -> HttpResponse:
        complaint = log_complaint(customer_id=customer.pk, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("The complaint is on record. Nothing is offered until it is closed.")
        )
        return redirect("marketing:complaint", complaint.pk)

    context = {"customer": customer, "form": form}
    return save_with(request, form, save, "marketing/complaint_new.html", context)


@require_GET
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint, with the forms that close it and hand it on."""
    return _complaint(request, complaint_of(user=request.user, pk=pk))


def _complaint(request: HttpRequest, found: Complaint, **forms: BaseForm) -> HttpResponse:
    """The page; with a form that was wrong it answers 422."""
    today = timezone.localdate()
    may_work = found.state == Complaint.State.OPEN and request.user.can(Can.HANDLE_CARE)
    people = list(complaint_handlers(complaint=found)) if may_work else []
    others = [one for one in people if one.pk != found.owner_id]
    context = {
        "complaint": found,
        "kind": COMPLAINT_KINDS.get(found.kind, found.kind),
        "form": forms.get("close") or CloseComplaintForm(),
        "hand_form": forms.get("hand") or HandComplaintForm(others),
        "has_others": bool(others),
        "is_late": found.state == Complaint.State.OPEN and found.due_on < today,
        "can_close": may_work,
    }
    status = 422 if forms else 200
    return render_page(request, "marketing/complaint.html", None, context, status)


@require_POST
def complaint_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else works on it, with a note."""
    found = complaint_of(user=request.user, pk=pk)
    people = {one.pk: one for one in complaint_handlers(complaint=found)}
    form = HandComplaintForm(people.values(), request.POST)
    if form.is_valid():
        to = people[form.cleaned_data["to"]]
        try:
            hand_complaint(complaint_id=pk, to=to, by=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            if error.status == 403:
                raise
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("%(name)s works on it now.") % {"name": to.full_name})
            return redirect("marketing:complaint", pk)
    return _complaint(request, found, hand=form)


@require_POST
def complaint_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Cause and cure are on record, with the mark where one was given."""
    form = CloseComplaintForm(request.POST)
    if not form.is_valid():
        return _complaint(request, complaint_of(user=request.user, pk=pk), close=form)
    given = form.cleaned_data
    found = close_complaint(
        complaint_id=pk, by=request.user, cause=given["cause"], fix=given["fix"]
    )
    if (found.cause, found.fix) != (given["cause"], given["fix"]):
        messages.error(request, _("Somebody else changed this meanwhile. Look at it again."))
        return redirect("marketing:complaint", pk)
    if given["mark"]:
        record_mark(
            customer_id=found.customer_id, after="complaint", mark=given["mark"], by=request.user,
            subject=f"complaint-{found.pk}",
        )  # fmt: skip
    messages.success(request, _("The complaint is closed."))
    return redirect(reverse("marketing:complaints"))
