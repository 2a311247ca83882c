"""Complaints (CARE-5): logged, worked on, closed; an open one stops marketing to its customer."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from crm.core.services.task import add_task, close_same
from crm.core.words import Text
from customers.models import Customer
from marketing.care.kinds import COMPLAINT_KINDS
from marketing.models import CareTask, Complaint
from marketing.selectors.complaints import complaint_handlers

HANDED = "marketing.complaint_handed"
OLDEST = timedelta(days=366)  # a year that was mistyped


@transaction.atomic
def log_complaint(
    *, customer_id: int, kind: str, text: str, by: User, received_on: date | None = None,
    owner: User | None = None,
) -> Complaint:  # fmt: skip
    """The complaint stands with its deadline of 15 days and its care task; said twice it is one.

    DomainError (422): an unknown kind, no text, a day ahead or more than a year back. The owner is
    the customer's manager unless somebody else is named.
    """
    today = timezone.localdate()
    on = received_on or today
    found = Customer.objects.visible_to(by).select_for_update(of=("self",))
    customer: Customer = found.select_related("manager").get(pk=customer_id)
    _must_be_told(kind, text, on, today)
    same: Complaint | None = Complaint.objects.filter(
        customer=customer, kind=kind, text=text.strip(), state=Complaint.State.OPEN
    ).first()
    if same is not None:
        return same
    days = parameters(on).number("care.complaint_days")
    complaint: Complaint = Complaint.objects.create(
        customer=customer,
        kind=kind,
        text=text.strip(),
        received_on=on,
        due_on=on + timedelta(days=days),
        owner=owner or customer.manager or by,
    )
    record(by, "marketing.complaint_logged", complaint, kind=kind)
    _care_for(complaint, today)
    publish("complaint.opened", customer.pk)
    return complaint


def _must_be_told(kind: str, text: str, on: date, today: date) -> None:
    if kind not in COMPLAINT_KINDS:
        raise DomainError(_("Choose a kind."), status=422, fields={"kind": _("Choose a kind.")})
    if not text.strip():
        said = _("Say what is complained of.")
        raise DomainError(said, status=422, fields={"text": said})
    if on > today:
        said = _("A complaint cannot come in later than today.")
        raise DomainError(said, status=422, fields={"received_on": said})
    if on < today - OLDEST:
        said = _("This day lies more than a year back.")
        raise DomainError(said, status=422, fields={"received_on": said})


def _care_for(complaint: Complaint, today: date) -> None:
    inputs = {
        "complaint": complaint.pk,
        "kind": complaint.kind,
        "on": complaint.received_on.isoformat(),
    }
    CareTask.objects.get_or_create(
        customer=complaint.customer,
        kind=CareTask.Kind.COMPLAINT,
        state=CareTask.State.OPEN,
        defaults={
            "reasons": [{"code": "complaint", "inputs": inputs}],
            "due_on": complaint.due_on,
            "owner": complaint.owner,
            "made_on": today,
        },
    )


@transaction.atomic
def close_complaint(*, complaint_id: int, by: User, cause: str, fix: str) -> Complaint:
    """Closed with its cause and what was done; with the last one its care task is done, too.

    A second call changes nothing. DomainError (422) without cause or fix.
    """
    found = Complaint.objects.visible_to(by).select_for_update(of=("self",))
    complaint: Complaint = found.select_related("customer").get(pk=complaint_id)
    if complaint.state == Complaint.State.CLOSED:
        return complaint
    missing: dict[str, Text] = {
        name: _("Fill this in.")
        for name, told in (("cause", cause), ("fix", fix))
        if not told.strip()
    }
    if missing:
        raise DomainError(_("Say what caused it and what was done."), status=422, fields=missing)
    complaint.state, complaint.closed_at = Complaint.State.CLOSED, timezone.now()
    complaint.cause, complaint.fix = cause.strip()[:200], fix.strip()[:200]
    complaint.save(update_fields=["state", "closed_at", "cause", "fix"])
    record(by, "marketing.complaint_closed", complaint, kind=complaint.kind)
    close_same(HANDED, unique_key=str(complaint.pk), by=by)
    rest = Complaint.objects.filter(customer=complaint.customer, state=Complaint.State.OPEN)
    if not rest.exists():
        CareTask.objects.filter(
            customer=complaint.customer, kind=CareTask.Kind.COMPLAINT, state=CareTask.State.OPEN
        ).update(state=CareTask.State.DONE, outcome=complaint.fix, closed_at=complaint.closed_at)
    return complaint


@transaction.atomic
def hand_complaint(*, complaint_id: int, to: User, by: User, note: str) -> Complaint:
    """Somebody else works on it and reads why; its care task goes along. Said twice it is once.

    DomainError: it is closed (409), there is no note, or this person may not handle it (422).
    """
    found = Complaint.objects.visible_to(by).select_for_update(of=("self",))
    complaint: Complaint = found.select_related("customer").get(pk=complaint_id)
    if complaint.state == Complaint.State.CLOSED:
        raise DomainError(_("The complaint is closed: there is nothing to hand on."))
    if complaint.owner_id == to.pk:
        return complaint
    if not complaint_handlers(complaint=complaint).filter(pk=to.pk).exists():
        said = _("Choose somebody who looks after this customer and may handle complaints.")
        raise DomainError(said, status=422, fields={"to": said})
    if not note.strip():
        said = _("Say what you ask for.")
        raise DomainError(said, status=422, fields={"note": said})
    complaint.owner, complaint.handed_by = to, by
    complaint.handed_note = note.strip()[:200]
    complaint.save(update_fields=["owner", "handed_by", "handed_note"])
    record(by, "marketing.complaint_handed", complaint, to=to.pk)
    _care_for(complaint, timezone.localdate())
    CareTask.objects.filter(
        customer=complaint.customer_id, kind=CareTask.Kind.COMPLAINT, state=CareTask.State.OPEN
    ).update(owner=to)
    _tell(complaint, by)
    return complaint


def _tell(complaint: Complaint, by: User) -> None:
    """Whoever has no list of items gets a to-do; the one of the owner before is settled."""
    close_same(HANDED, unique_key=str(complaint.pk), by=by)
    if complaint.owner.can(Can.USE_WORKBENCH):
        return
    add_task(
        HANDED,
        owner=complaint.owner,
        params={
            "name": complaint.customer.name, "by": by.full_name, "note": complaint.handed_note,
        },
        due_on=complaint.due_on,
        link=reverse("marketing:complaint", args=[complaint.pk]),
        unique_key=str(complaint.pk),
    )  # fmt: skip
