"""One sensitive value in full: for the right role, with a reason, recorded, and not too often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record, record_read
from crm.core.catalogue import Catalogue
from crm.core.errors import DomainError
from crm.core.masking import MASKS, may_reveal
from crm.core.models import AuditEntry, User
from crm.core.parameters import parameters
from crm.core.services.task import add_task

LEAST_REASON = 4


@dataclass(frozen=True)
class Revealable:
    """Where a value is found: ``load(user, pk)`` gives the row in scope and its full value.

    ``load`` raises ObjectDoesNotExist for rows out of scope, so that they look like missing ones.
    """

    key: str
    mask: Callable[[models.Model], str]
    load: Callable[[User, int], tuple[models.Model, str]]


REVEALABLES: Catalogue[Revealable] = Catalogue("values that can be revealed")


def revealable(
    key: str,
    *,
    mask: str | Callable[[models.Model], str],
    load: Callable[[User, int], tuple[models.Model, str]],
) -> None:
    """A value that the reveal dialog can show; ``mask`` is a key of MASKS, or tells it by row."""
    if isinstance(mask, str):
        MASKS[mask]
        kind = mask
        REVEALABLES.add(Revealable(key, lambda row: kind, load))
    else:
        REVEALABLES.add(Revealable(key, mask, load))


@transaction.atomic
def reveal(*, key: str, pk: int, by: User, reason: str) -> str:
    """The full value; who saw it and why is recorded, the value itself is not."""
    row = _row(key, pk, by)
    reason = reason.strip()
    if len(reason) < LEAST_REASON:
        raise DomainError(
            _("Say why you need it, in a few words."), status=422, fields={"reason": _("Too short")}
        )
    record_read(by, "core.revealed", row, field=key, reason=reason[:200])
    return REVEALABLES[key].load(by, pk)[1]


def ask(*, key: str, pk: int, by: User) -> str:
    """The kind of value behind the dialog, once it is clear that ``by`` may ask for it."""
    row = _row(key, pk, by)
    return REVEALABLES[key].mask(row)


def spend_quota(*, by: User, today: date) -> None:
    """Refused when the day's reveals are used up; the auditors are told once."""
    limit = parameters(today).number("mask.reveals_per_day")
    if reveals_on(by, today) < limit:
        return
    with transaction.atomic():
        if not _alerted(by, today):
            record(by, "core.reveal_quota_used", by, limit=limit)
            _tell_auditors(by, limit, today)
    raise DomainError(_("You have seen as many values today as one may. The auditor is told."))


def reveals_on(user: User, day: date) -> int:
    """How many values the user saw in full on this day."""
    start = timezone.make_aware(datetime(day.year, day.month, day.day))
    return AuditEntry.objects.filter(
        actor=user, at__gte=start, kind=AuditEntry.Kind.READ, event="core.revealed"
    ).count()


def _row(key: str, pk: int, by: User) -> models.Model:
    source = REVEALABLES.get(key)
    if source is None:
        raise AuditEntry.DoesNotExist
    row, _value = source.load(by, pk)
    if not may_reveal(by, source.mask(row)):
        raise DomainError(_("Your role does not see this in full."), status=403)
    return row


def _alerted(by: User, today: date) -> bool:
    start = timezone.make_aware(datetime(today.year, today.month, today.day))
    used = AuditEntry.objects.filter(actor=by, at__gte=start, event="core.reveal_quota_used")
    return used.exists()


def _tell_auditors(by: User, limit: int, today: date) -> None:
    link = f"{reverse('core:audit')}?actor={by.pk}"
    for auditor in User.objects.filter(role="auditor", is_active=True):
        add_task(
            "core.reveal_quota",
            owner=auditor,
            params={"name": str(by), "limit": limit},
            due_on=today,
            link=link,
            unique_key=f"{auditor.pk}:{by.pk}:{today}",
        )
