"""Team leaders pass opportunities to another relationship manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.roles import Can
from customers.services.assignment import assign_customers, possible_managers
from marketing.models import Opportunity
from marketing.pipeline import stage_of
from marketing.services.opportunity_errors import NotAllReassigned, Refused

MOST_AT_ONCE = 500


@transaction.atomic
def reassign(
    *,
    opportunity_ids: Sequence[int],
    owner_id: int,
    by: User,
    reason: str,
    with_customers: bool = False,
    versions: Mapping[int, int] | None = None,
) -> list[Opportunity]:
    """All of these open opportunities are with one manager of the reach, or none is moved.

    Rows are seen by whoever looks after the customer, so an opportunity of somebody else's customer
    moves only ``with_customers``. Those that are with the manager already stay as they are.
    NotAllReassigned names each row that cannot go: closed, changed since ``versions`` were read,
    out of reach, or of a customer who stays where it is.
    """
    if not by.can(Can.REASSIGN_OPPORTUNITIES):
        raise DomainError(_("Your role does not reassign opportunities."), status=403)
    owner = next((one for one in possible_managers(by) if one.pk == owner_id), None)
    if owner is None:
        why = _("Choose a relationship manager of your own unit.")
        raise DomainError(why, status=422, fields={"owner": why})
    if not reason.strip():
        why = _("Say why it changes hands.")
        raise DomainError(why, status=422, fields={"reason": why})
    rows, refused = _rows(opportunity_ids, by)
    for row in rows:
        why_not = _refusal(row, owner, with_customers, (versions or {}).get(row.pk))
        if why_not is not None:
            refused.append(why_not)
    if refused:
        raise NotAllReassigned(refused, asked=len(set(opportunity_ids)))
    strangers = sorted({row.customer_id for row in rows if row.customer.manager_id != owner.pk})
    if strangers:
        assign_customers(
            customer_ids=strangers, manager_id=owner.pk, by=by, reason=reason.strip()[:120]
        )
    return [_pass_on(row, owner, by=by, reason=reason) for row in rows if row.owner_id != owner.pk]


def _rows(opportunity_ids: Sequence[int], by: User) -> tuple[list[Opportunity], list[Refused]]:
    """The rows in reach, locked, and a refusal for each that is not there."""
    wanted = sorted(set(opportunity_ids))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise DomainError(
            _("Choose between 1 and %(most)s at a time.") % {"most": MOST_AT_ONCE}, status=422
        )
    found = Opportunity.objects.visible_to(by).filter(pk__in=wanted).order_by("pk")
    rows = list(found.select_for_update(of=("self",)).select_related("customer__manager", "owner"))
    gone = sorted(set(wanted) - {row.pk for row in rows})
    return rows, [Refused(key, None, _("It is not in your care.")) for key in gone]


def _refusal(
    row: Opportunity, owner: User, with_customers: bool, version: int | None
) -> Refused | None:
    """Why this row cannot go; None where it can, or is there already."""
    if row.state != Opportunity.State.OPEN:
        told = {"state": row.get_state_display()}
        return Refused(row.pk, row, _("It is closed by now: %(state)s.") % told)
    keeper = row.customer.manager_id
    if row.owner_id == owner.pk and keeper == owner.pk:
        return None
    if version is not None and version != row.version:
        told = {"stage": str(stage_of(row.pipeline, row.stage).label), "owner": str(row.owner)}
        return Refused(
            row.pk,
            row,
            _("It has changed since you chose it: it stands in %(stage)s now, with %(owner)s.")
            % told,
        )
    if keeper != owner.pk and not with_customers:
        told = {"name": str(row.customer.manager or "—")}
        why = _("%(name)s looks after this customer: hand it over as well, or leave it out.") % told
        return Refused(row.pk, row, why, is_stranger=True)
    return None


def _pass_on(row: Opportunity, owner: User, *, by: User, reason: str) -> Opportunity:
    row.owner = owner
    row.version += 1
    row.save(update_fields=["owner", "version"])
    record(by, "marketing.opportunity_reassigned", row, owner=owner.pk, reason=reason.strip())
    publish("opportunity.reassigned", row.pk)
    return row
