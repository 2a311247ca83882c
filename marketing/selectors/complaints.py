"""Complaints as pages and API read them, and whether one stops marketing (CARE-5)."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet

from crm.core.models import User
from marketing.models import Complaint


def has_open_complaint() -> Exists:
    """Whether a complaint of the row's customer is open: then nothing is offered."""
    return Exists(
        Complaint.objects.filter(customer=OuterRef("customer"), state=Complaint.State.OPEN)
    )


def complaint_list(
    *, user: User, state: str = "open", kind: str = "", is_own: bool = False,
    is_late: bool = False, today: date,
) -> QuerySet[Complaint]:  # fmt: skip
    """Complaints in reach, the first due first; closed ones newest first."""
    rows: QuerySet[Complaint] = Complaint.objects.visible_to(user).select_related(
        "customer", "owner"
    )
    if state in Complaint.State.values:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if is_own:
        rows = rows.filter(owner=user)
    if is_late:
        rows = rows.filter(state=Complaint.State.OPEN, due_on__lt=today)
    if state == Complaint.State.CLOSED:
        return rows.order_by(F("closed_at").desc(nulls_last=True), "-pk")
    return rows.order_by("due_on", "pk")


def complaint_of(*, user: User, pk: int) -> Complaint:
    """One complaint in reach; Complaint.DoesNotExist for any other."""
    found: Complaint = (
        Complaint.objects.visible_to(user)
        .select_related("customer__manager", "customer__branch", "owner")
        .get(pk=pk)
    )
    return found


def complaints_of(*, user: User, customer_id: int, most: int = 5) -> list[Complaint]:
    """Those of one customer, open ones first."""
    rows = Complaint.objects.visible_to(user).filter(customer_id=customer_id)
    return list(rows.select_related("owner").order_by("-state", "-received_on", "-pk")[:most])
