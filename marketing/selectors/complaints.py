"""Complaints as pages and API read them, and whether one stops marketing (CARE-5)."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from crm.core.models import Cover, User
from crm.core.roles import ROLES, Can, Reach
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
        "customer", "owner", "handed_by"
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
        .select_related("customer__manager", "customer__branch", "owner", "handed_by")
        .get(pk=pk)
    )
    return found


def complaint_handlers(*, complaint: Complaint) -> QuerySet[User]:
    """Who may handle it: their role does, and they see the customer, by themselves or stood in."""
    number, today = complaint.customer.scope_no, timezone.localdate()
    own, unit = (
        [role.key for role in ROLES.values() if Can.HANDLE_CARE in role.can and role.reach == reach]
        for reach in (Reach.OWN, Reach.UNIT)
    )
    sees = Q(role__in=own, scope_no=number) | Q(
        role__in=unit, branch__scope_lo__lte=number, branch__scope_hi__gte=number
    )
    covers = Cover.objects.filter(
        during__contains=today,
        approved_by__isnull=False,
        absent__in=User.objects.filter(sees),
        stand_in__role__in=own + unit,
    )
    people = User.objects.filter(sees | Q(pk__in=covers.values("stand_in")), is_active=True)
    nearest = F("branch__scope_hi") - F("branch__scope_lo")
    return people.select_related("branch").order_by(nearest, "pk")


def complaints_of(*, user: User, customer_id: int, most: int = 5) -> list[Complaint]:
    """Those of one customer, open ones first."""
    rows = Complaint.objects.visible_to(user).filter(customer_id=customer_id)
    return list(rows.select_related("owner").order_by("-state", "-received_on", "-pk")[:most])
