"""One branch, one policy: written by the branch, approved by the unit above (a.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import Branch, User
from crm.core.roles import Can
from marketing.models import BranchStrategy
from marketing.selectors.goals_units import is_within
from marketing.services.goals import must_approve
from marketing.services.strategy_checks import check_strategy
from products.services.focus import set_focus

State = BranchStrategy.State
WRITTEN = frozenset(
    {
        "positioning",
        "focus_industries",
        "focus_groups",
        "focus_families",
        "focus_territories",
        "territory_plan",
        "product_mix",
        "styles",
        "avoided",
        "goals",
    }
)


@transaction.atomic
def write_strategy(
    *, unit: Branch, year: int, values: Mapping[str, Any], version: int | None, by: User
) -> BranchStrategy:
    """The strategy is a draft with these values. ``version`` is the one that was read.

    DomainError 409 when somebody else was faster or it waits for the unit above, 422 for what a
    strategy cannot say; a change to an approved one is a draft again, and matching goes on with
    what was approved.
    """
    _must_edit(unit, by)
    Branch.objects.select_for_update(no_key=True).get(pk=unit.pk)  # one writer a unit
    unknown = values.keys() - WRITTEN
    if unknown:
        raise ValueError(f"not a part of a strategy: {sorted(unknown)}")
    check_strategy(unit=unit, values=values)
    row = BranchStrategy.objects.select_for_update().filter(branch=unit, year=year).first()
    if row is None:
        row = BranchStrategy(branch=unit, year=year, version=0)
    elif version != row.version:
        raise DomainError(_("Somebody changed it meanwhile: read it again."), status=409)
    elif row.state == State.SUBMITTED:
        raise DomainError(_("It waits for the unit above."), status=409)
    for name, value in values.items():
        setattr(row, name, value)
    row.state, row.made_by, row.decided_by, row.decided_at = State.DRAFT, by, None, None
    row.note = ""
    row.version += 1
    row.save()
    record(by, "marketing.strategy_written", row)
    return row


@transaction.atomic
def submit_strategy(*, strategy_id: int, by: User) -> BranchStrategy:
    """It waits for the unit above. A second call changes nothing."""
    row = _locked(strategy_id, by)
    _must_edit(row.branch, by)
    if row.state != State.DRAFT:
        return row
    whom = row.focus_industries or row.focus_groups or row.focus_territories
    if not row.positioning.strip() or not whom:
        told = _("Say what the branch stands for, and at least one industry, group or territory.")
        raise DomainError(told, status=422)
    row.state, row.made_by = State.SUBMITTED, by
    row.save(update_fields=["state", "made_by"])
    record(by, "marketing.strategy_submitted", row)
    return row


@transaction.atomic
def decide_strategy(
    *, strategy_id: int, is_approved: bool, by: User, note: str = ""
) -> BranchStrategy:
    """Approved by somebody of a unit above who did not submit it, or a draft again with a note.

    What was approved is in force in matching at once. A second call changes nothing.
    """
    row = _locked(strategy_id, by)
    must_approve(row.branch, by)
    if row.state != State.SUBMITTED:
        return row
    if row.made_by_id == by.pk:
        raise DomainError(_("Somebody else must decide: you submitted it."), status=403)
    row.state = State.APPROVED if is_approved else State.DRAFT
    row.decided_by, row.decided_at = (by, timezone.now()) if is_approved else (None, None)
    row.note = note.strip()[:200]
    row.save(update_fields=["state", "decided_by", "decided_at", "note"])
    told = "marketing.strategy_approved" if is_approved else "marketing.strategy_returned"
    record(by, told, row)
    if is_approved:
        set_focus(
            unit=row.branch,
            year=row.year,
            industries=row.focus_industries,
            groups=row.focus_groups,
            families=row.focus_families,
            territories=row.focus_territories,
        )
    return row


def _locked(strategy_id: int, by: User) -> BranchStrategy:
    rows = BranchStrategy.objects.visible_to(by).select_for_update(of=("self",))
    row: BranchStrategy = rows.select_related("branch").get(pk=strategy_id)
    return row


def _must_edit(unit: Branch, by: User) -> None:
    if not by.can(Can.EDIT_GOALS):
        raise DomainError(_("Your role does not write strategies."), status=403)
    if not is_within(unit, by):
        raise Branch.DoesNotExist
