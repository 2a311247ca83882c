"""Help for customers short of cash (CARE-3): proposed by the manager, looked at after 90 days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from marketing.care.kinds import PROPOSALS
from marketing.models import CareTask, Relief


@transaction.atomic
def propose_relief(
    *, relief_id: int, proposals: Sequence[str], by: User, note: str = "",
    version: int | None = None, today: date | None = None,
) -> Relief:  # fmt: skip
    """What is proposed is on record, its outcome due after 90 days, the care task done.

    Proposed again, the proposals are replaced and the day stays. DomainError: nothing or something
    unknown proposed (422), closed, or changed meanwhile (409).
    """
    today = today or timezone.localdate()
    row = _locked(relief_id, by, version)
    if row.state == Relief.State.CLOSED:
        raise DomainError(_("This help is closed."))
    chosen = [key for key in PROPOSALS if key in proposals]
    if not chosen or set(proposals) - set(PROPOSALS):
        raise DomainError(_("Choose what you propose."), status=422)
    if row.state == Relief.State.FOUND:
        days = parameters(today).number("care.relief.outcome_days")
        row.state, row.proposed_by, row.proposed_on = Relief.State.PROPOSED, by, today
        row.outcome_due_on = today + timedelta(days=days)
    row.proposals, row.note = chosen, note.strip()[:200]
    _save(row)
    record(by, "marketing.relief_proposed", row, proposals=chosen)
    CareTask.objects.filter(
        customer=row.customer_id, kind=CareTask.Kind.RELIEF, state=CareTask.State.OPEN
    ).update(
        state=CareTask.State.DONE,
        outcome=", ".join(str(PROPOSALS[key]) for key in chosen)[:200],
        closed_at=timezone.now(),
    )
    return row


@transaction.atomic
def close_relief(
    *, relief_id: int, outcome: str, by: User, note: str = "", version: int | None = None,
    today: date | None = None,
) -> Relief:  # fmt: skip
    """What came of the help is on record; a second call changes nothing.

    DomainError: nothing was proposed yet, the 90 days are not over (409; a customer who left may
    be closed any time), an unknown outcome (422).
    """
    today = today or timezone.localdate()
    row = _locked(relief_id, by, version)
    if row.state == Relief.State.CLOSED:
        return row
    if outcome not in Relief.Outcome.values:
        raise DomainError(_("Choose what came of it."), status=422)
    if row.state == Relief.State.FOUND or row.outcome_due_on is None:
        raise DomainError(_("Propose help first."))
    if today < row.outcome_due_on and outcome != Relief.Outcome.LEFT:
        raise DomainError(
            _("The outcome is told from %(on)s on.") % {"on": row.outcome_due_on.isoformat()}
        )
    row.state, row.outcome, row.outcome_on = Relief.State.CLOSED, outcome, today
    row.outcome_note = note.strip()[:200]
    _save(row)
    record(by, "marketing.relief_closed", row, outcome=outcome)
    return row


def _locked(relief_id: int, by: User, version: int | None) -> Relief:
    found = Relief.objects.visible_to(by).select_for_update(of=("self",))
    row: Relief = found.get(pk=relief_id)
    if version is not None and version != row.version:
        raise DomainError(_("Somebody else changed this meanwhile. Look at it again."))
    return row


def _save(row: Relief) -> None:
    row.version += 1
    row.save()
