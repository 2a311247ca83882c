"""The audit trail, as each role may read it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.core.models import AuditEntry, Branch, User
from crm.core.roles import Can, Reach


def audit_entries(
    *,
    user: User,
    first: date | None = None,
    last: date | None = None,
    actor: int | None = None,
    who: str = "",
    kind: str = "",
    event: str = "",
    table_name: str = "",
    row_pk: str = "",
    before: int | None = None,
) -> QuerySet[AuditEntry]:
    """Entries this user may read, the newest first."""
    entries = readable_entries(user).select_related("actor")
    given = {"actor": actor, "kind": kind, "table_name": table_name, "row_pk": row_pk}
    entries = entries.filter(**{name: value for name, value in given.items() if value})
    if event:
        entries = entries.filter(event__startswith=event)
    if who:
        people = User.objects.filter(Q(full_name__icontains=who) | Q(username__istartswith=who))
        entries = entries.filter(actor__in=people.values("pk"))
    if first:
        entries = entries.filter(at__gte=_start(first))
    if last:
        entries = entries.filter(at__lt=_start(last + timedelta(days=1)))
    if before:
        entries = entries.filter(pk__lt=before)
    return entries.order_by("-pk")


def readable_entries(user: User) -> QuerySet[AuditEntry]:
    """The bank for auditors, the subtree's acts for a branch head, one's own acts for others."""
    if user.can(Can.VIEW_AUDIT) and user.duty.reach == Reach.BANK:
        return AuditEntry.objects.all()
    mine = Q(actor=user)
    if user.can(Can.VIEW_AUDIT):
        for low, high in user.reach():
            mine |= Q(unit__in=Branch.objects.filter(scope_lo__range=(low, high)).values("pk"))
    return AuditEntry.objects.filter(mine)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
