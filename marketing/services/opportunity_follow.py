"""What opportunities do when something else happens: a suggestion, a visit, a hand-over.

Jobs run unscoped on purpose: whoever may do the first thing has done it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from crm.core.audit import record
from marketing.models import Mode, Opportunity, Visit
from marketing.services.opportunities import fill, insert
from marketing.services.opportunity_errors import DuplicateOpportunity
from products.models import Suggestion


@transaction.atomic
def open_from_suggestion(*, suggestion_id: int) -> Opportunity | None:
    """An accepted suggestion stands as one opportunity on its product version.

    An open one of its family is linked, not doubled. A second call changes nothing; None when the
    suggestion is not accepted, or the open one came from an earlier suggestion.
    """
    found = Suggestion.objects.select_for_update(of=("self",)).select_related(
        "customer__manager", "version__product", "answered_by"
    )
    suggestion = found.filter(pk=suggestion_id, state=Suggestion.State.ACCEPTED).first()
    if suggestion is None or suggestion.answered_by is None:
        return None
    linked: Opportunity | None = Opportunity.objects.filter(suggestion=suggestion).first()
    if linked is not None:
        return linked
    by, customer = suggestion.answered_by, suggestion.customer
    values = {
        "family": suggestion.family,
        "origin_mode": Mode.DATA,
        "version_chosen": suggestion.version,
        "amount": suggestion.receipt.get("income", {}).get("amount") or None
        if suggestion.version.product.is_credit
        else None,
        "suggestion": suggestion,
    }
    try:
        at = suggestion.answered_at or timezone.now()
        return insert(customer=customer, by=by, at=at, values=values)
    except DuplicateOpportunity as duplicate:
        return _link(duplicate.existing.pk, suggestion)


def _link(opportunity_id: int, suggestion: Suggestion) -> Opportunity | None:
    rows = Opportunity.objects.select_for_update(of=("self",)).select_related(
        "version_chosen__product"
    )
    row = rows.get(pk=opportunity_id)
    if row.suggestion_id is not None or suggestion.answered_by is None:
        return None
    at = suggestion.answered_at or timezone.now()
    values = {"suggestion": suggestion, "version_chosen": suggestion.version}
    return fill(row, by=suggestion.answered_by, at=at, values=values)


def note_visits(*, visit_ids: Sequence[int]) -> int:
    """Open opportunities of the customers visited know of the action; returns how many moved."""
    moved = 0
    for visit in Visit.objects.filter(pk__in=visit_ids):
        day = timezone.localdate(visit.started_at)
        rows = Opportunity.objects.filter(
            customer=visit.customer_id, state="open", last_action_on__lt=day
        )
        moved += rows.update(last_action_on=Greatest(F("last_action_on"), day))
    return moved


@transaction.atomic
def follow_customers(*, customer_ids: Sequence[int]) -> int:
    """Open opportunities of these customers are their manager's; returns how many moved."""
    moved = 0
    rows = (
        Opportunity.objects.filter(
            customer__in=customer_ids, state="open", customer__manager__isnull=False
        )
        .exclude(owner=F("customer__manager"))
        .select_for_update(of=("self",))
        .select_related("customer__manager")
        .order_by("pk")
    )
    for row in rows:
        row.owner = row.customer.manager
        row.version += 1
        row.save(update_fields=["owner", "version"])
        record(None, "marketing.opportunity_reassigned", row, owner=row.owner_id)
        moved += 1
    return moved
