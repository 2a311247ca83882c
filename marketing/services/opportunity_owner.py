"""Team leaders pass opportunities to another relationship manager."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.roles import Can
from customers.services.assignment import assign_customers, possible_managers
from marketing.models import Opportunity

MOST_AT_ONCE = 500


@transaction.atomic
def reassign(
    *,
    opportunity_ids: Sequence[int],
    owner_id: int,
    by: User,
    reason: str,
    with_customers: bool = False,
) -> list[Opportunity]:
    """All of these open opportunities are with one manager of the reach, or none is moved.

    Rows are seen by whoever looks after the customer, so an opportunity of somebody else's customer
    moves only ``with_customers``. Those that are with the manager already stay as they are.
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
    rows = _rows(opportunity_ids, by)
    strangers = sorted({row.customer_id for row in rows if row.customer.manager_id != owner.pk})
    if strangers and not with_customers:
        told = {"name": str(owner), "count": len(strangers)}
        raise DomainError(
            _("%(name)s does not look after %(count)s of the customers: hand them over as well.")
            % told,
            status=422,
        )
    if strangers:
        assign_customers(
            customer_ids=strangers, manager_id=owner.pk, by=by, reason=reason.strip()[:120]
        )
    return [_pass_on(row, owner, by=by, reason=reason) for row in rows if row.owner_id != owner.pk]


def _rows(opportunity_ids: Sequence[int], by: User) -> list[Opportunity]:
    wanted = sorted(set(opportunity_ids))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise DomainError(
            _("Choose between 1 and %(most)s at a time.") % {"most": MOST_AT_ONCE}, status=422
        )
    found = Opportunity.objects.visible_to(by).filter(pk__in=wanted, state="open")
    rows = list(found.select_for_update(of=("self",)).select_related("customer").order_by("pk"))
    if len(rows) != len(wanted):
        raise DomainError(
            _("Some of these are closed or not in your care. Nothing was changed."), status=404
        )
    return rows


def _pass_on(row: Opportunity, owner: User, *, by: User, reason: str) -> Opportunity:
    row.owner = owner
    row.version += 1
    row.save(update_fields=["owner", "version"])
    record(by, "marketing.opportunity_reassigned", row, owner=owner.pk, reason=reason.strip())
    publish("opportunity.reassigned", row.pk)
    return row
