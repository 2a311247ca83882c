"""Opportunities move from stage to stage, are won, lost and reopened (OPP-2).

A gate is checked with the facts of the day, under a lock on the row. Every move leaves a
``StageEvent`` with who, when, what was shown, and where it counted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from marketing.models import Opportunity, StageEvent
from marketing.pipeline import LOST, TRACKS
from marketing.pipeline.clock import deadline
from marketing.selectors.opportunity_chances import chances
from marketing.selectors.opportunity_gates import GateLine, all_gates, blocking, gate_lines
from marketing.services.opportunity_errors import (
    DuplicateOpportunity,
    GateNotMet,
    MovedMeanwhile,
)
from marketing.services.opportunity_tasks import settle_breach
from products.services.suggestions import rest_after_loss

SECONDS_A_DAY = 86_400


@transaction.atomic
def move(
    *,
    opportunity_id: int,
    to: str,
    by: User,
    version: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Opportunity:
    """It stands in stage ``to``; in the last stage it is won. Moving it there again does nothing.

    One stage on: its gate must hold (GateNotMet). Further on: ``reason`` is needed, the gate of the
    stage before ``to`` must hold, and no hard check on the way may say no; what was passed over is
    kept as not shown. Back: ``reason`` is needed. MovedMeanwhile when ``version`` is not the row's.
    """
    row = locked(opportunity_id, by)
    track = TRACKS[row.pipeline]
    if to not in track:
        raise DomainError(_("%(stage)s is not a stage.") % {"stage": to or "“”"}, status=422)
    if row.stage == to and row.state != Opportunity.State.LOST:
        return row
    must_be_current(row, version)
    must_be_open(row)
    now, reason = at or timezone.now(), reason.strip()[:200]
    known = parameters(timezone.localdate(now))
    passed = track.between(row.stage, to)
    lines = gate_lines(row, passed, known=known)
    if missing := blocking(lines, passed):
        raise GateNotMet(missing)
    if len(passed) == 1:
        reason = ""
    elif not reason:
        raise _needs_a_reason(
            _("Say why a stage is skipped.") if passed else _("Say why it goes back.")
        )
    _arrive(row, to, by=by, at=now, known=known, lines=lines, reason=reason)
    return row


def _needs_a_reason(message: Any) -> DomainError:
    return DomainError(message, status=422, fields={"reason": message})


def _arrive(
    row: Opportunity,
    to: str,
    *,
    by: User,
    at: datetime,
    known: Parameters,
    lines: list[GateLine],
    reason: str,
) -> None:
    """The row stands in the stage, with its event and whatever follows."""
    track = TRACKS[row.pipeline]
    settle_breach(row, by=by)
    stay(row, to, by=by, at=at, evidence={one.check.key: one.told() for one in lines}, why=reason)
    row.stage, row.stage_since = to, at
    row.stage_due_on = deadline(row, known)
    row.probability = chances(known).of(row.pipeline, to).value
    if track.stage(to).is_last:
        row.state, row.closed_at = Opportunity.State.WON, at
    _save(row, at)
    record(by, "marketing.opportunity_moved", row, to=to, skipped=bool(reason))
    publish("opportunity.won" if track.stage(to).is_last else "opportunity.moved", row.pk)


def stay(
    row: Opportunity, to: str, *, by: User, at: datetime, evidence: dict[str, Any], why: str = ""
) -> StageEvent:
    """The event of leaving the stage it stands in, with how long it stood there."""
    spent = (at - row.stage_since).total_seconds() / SECONDS_A_DAY
    return StageEvent.objects.create(
        customer=row.customer,
        opportunity=row,
        from_stage=row.stage,
        to_stage=to,
        at=at,
        by=by,
        scope_no=row.customer.scope_no,
        days_in_stage=max(round(spent, 3), 0),
        amount=row.amount,
        evidence=evidence,
        skip_reason=why,
    )


@transaction.atomic
def tick(
    *,
    opportunity_id: int,
    key: str,
    note: str,
    by: User,
    version: int | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """``by`` says that a check holds, and what proves it; the same said again changes nothing.

    DomainError for a check that only facts can answer, one that facts refuse, or no proof.
    """
    row = locked(opportunity_id, by)
    now, note = at or timezone.now(), note.strip()[:200]
    known = parameters(timezone.localdate(now))
    line = next((one for one in all_gates(row, known=known) if one.check.key == key), None)
    if line is None:
        raise DomainError(_("%(key)s is not a check of this.") % {"key": key or "“”"}, status=422)
    if not note:
        why = _("Say what proves it.")
        raise DomainError(why, status=422, fields={"note": why})
    if line.note == note:
        return row
    must_be_current(row, version)
    must_be_open(row)
    if line.check.is_computed and not line.can_tick:
        raise DomainError(
            _("%(check)s: only facts can show this.") % {"check": line.check.label}, status=422
        )
    row.evidence = {
        **row.evidence,
        key: {"note": note, "by": by.pk, "at": now.isoformat(timespec="seconds")},
    }
    _save(row, now)
    record(by, "marketing.opportunity_ticked", row, check=key)
    return row


@transaction.atomic
def lose(
    *,
    opportunity_id: int,
    reason: str,
    by: User,
    lost_to: str = "",
    note: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """It is lost, for one of ``Opportunity.Lost``; to a competitor only with its name.

    Lost again for the same reason, nothing changes.
    """
    row = locked(opportunity_id, by)
    lost_to = lost_to.strip()[:60]
    if reason not in Opportunity.Lost.values:
        why = _("Choose why it was lost.")
        raise DomainError(why, status=422, fields={"reason": why})
    if reason == Opportunity.Lost.COMPETITOR and not lost_to:
        why = _("Name the competitor.")
        raise DomainError(why, status=422, fields={"lost_to": why})
    if row.state == Opportunity.State.LOST and row.lost_reason == reason:
        return row
    must_be_current(row, version)
    must_be_open(row)
    now = at or timezone.now()
    settle_breach(row, by=by)
    told = {"reason": reason, "lost_to": lost_to, "note": note.strip()[:200]}
    stay(row, LOST, by=by, at=now, evidence=told)
    row.state, row.closed_at = Opportunity.State.LOST, now
    row.lost_reason, row.lost_to, row.probability = reason, lost_to, 0.0
    _save(row, now)
    if row.suggestion_id:
        rest_after_loss(suggestion_id=row.suggestion_id, lost_on=timezone.localdate(now))
    record(by, "marketing.opportunity_lost", row, reason=reason)
    publish("opportunity.lost", row.pk)
    return row


@transaction.atomic
def reopen(
    *,
    opportunity_id: int,
    reason: str,
    by: User,
    version: int | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """A lost one is open again in the stage it was lost from, with a fresh deadline.

    Only for a reason, within ``pipeline.reopen.days``, and while no other of its family is open.
    What was won stays won: a further need is a new opportunity.
    """
    row = locked(opportunity_id, by)
    if row.state == Opportunity.State.OPEN:
        return row
    must_be_current(row, version)
    now, reason = at or timezone.now(), reason.strip()[:200]
    known = parameters(timezone.localdate(now))
    _must_be_reopenable(row, now, reason, known)
    StageEvent.objects.create(
        customer=row.customer,
        opportunity=row,
        from_stage=LOST,
        to_stage=row.stage,
        at=now,
        by=by,
        scope_no=row.customer.scope_no,
        amount=row.amount,
        skip_reason=reason,
    )
    row.state, row.closed_at, row.lost_reason, row.lost_to = "open", None, "", ""
    row.stage_since = now
    row.stage_due_on = deadline(row, known)
    row.probability = chances(known).of(row.pipeline, row.stage).value
    try:
        with transaction.atomic():
            _save(row, now)
    except IntegrityError:  # another session opened one of its family meanwhile
        existing = _other_open(row)
        if existing is None:
            raise
        raise DuplicateOpportunity(existing) from None
    if row.suggestion_id:
        rest_after_loss(suggestion_id=row.suggestion_id, lost_on=None)
    record(by, "marketing.opportunity_reopened", row)
    publish("opportunity.opened", row.pk)
    return row


def _must_be_reopenable(row: Opportunity, now: datetime, reason: str, known: Parameters) -> None:
    if row.state == Opportunity.State.WON:
        raise DomainError(_("What was won stays won; open a new opportunity for a further need."))
    if not reason:
        raise _needs_a_reason(_("Say why it is opened again."))
    days = known.number("pipeline.reopen.days")
    if row.closed_at is not None and now > row.closed_at + timedelta(days=days):
        raise DomainError(
            _("It was lost more than %(days)s days ago: open a new one.") % {"days": days}
        )
    existing = _other_open(row)
    if existing is not None:
        raise DuplicateOpportunity(existing)


def _other_open(row: Opportunity) -> Opportunity | None:
    """The open one of the same customer and family, if there is one."""
    rows = Opportunity.objects.filter(customer=row.customer_id, family=row.family, state="open")
    found: Opportunity | None = rows.select_related("owner").first()
    return found


def locked(opportunity_id: int, by: User) -> Opportunity:
    """The row, locked, within the reach of ``by``; DoesNotExist for any other."""
    rows = Opportunity.objects.visible_to(by).select_for_update(of=("self",))
    found: Opportunity = rows.select_related("customer", "version_chosen__product", "visit").get(
        pk=opportunity_id
    )
    return found


def must_be_current(row: Opportunity, version: int | None) -> None:
    """MovedMeanwhile when the change was made on an older version; None does not ask."""
    if version is not None and version != row.version:
        raise MovedMeanwhile(row)


def must_be_open(row: Opportunity) -> None:
    """DomainError for what was won or lost."""
    if row.state != Opportunity.State.OPEN:
        raise DomainError(_("This opportunity is closed."))


def _save(row: Opportunity, at: datetime) -> None:
    row.last_action_on = max(row.last_action_on, timezone.localdate(at))
    row.version += 1
    row.save()
