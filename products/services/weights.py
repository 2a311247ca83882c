"""A changed weight is a new set: one person proposes it, another puts it in force."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from products.models import MatchWeights
from products.selectors.weights import DEDUCTIONS, PARTS

WHOLE = 100


@transaction.atomic
def propose_weights(*, values: Mapping[str, int], note: str, by: User) -> MatchWeights:
    """A proposed set; nothing is ranked by it before a second person puts it in force.

    ``values`` has a whole number of points for each of PARTS, 100 in all, and for each of
    DEDUCTIONS. The same proposal twice by the same person is one row.
    """
    given = {name: int(values[name]) for name in (*PARTS, *DEDUCTIONS)}
    _must_be_points(given)
    _one_at_a_time()
    waiting = MatchWeights.objects.filter(
        state=MatchWeights.State.PROPOSED, proposed_by=by, note=note.strip(), **given
    ).first()
    if waiting is not None:
        return waiting
    newest = MatchWeights.objects.aggregate(newest=Max("version"))["newest"] or 0
    row = MatchWeights.objects.create(
        version=newest + 1,
        state=MatchWeights.State.PROPOSED,
        note=note.strip(),
        proposed_by=by,
        **given,
    )
    record(by, "products.weights_proposed", row, version=row.version)
    return row


def _one_at_a_time() -> None:
    """Nobody else proposes or decides until the end of the transaction."""
    MatchWeights.objects.select_for_update(of=("self",)).order_by("version").first()


def _must_be_points(given: Mapping[str, int]) -> None:
    low = [name for name, points in given.items() if not 0 <= points <= WHOLE]
    if low:
        raise DomainError(
            _("Points are whole numbers from 0 to 100."),
            status=422,
            fields={name: _("0 to 100") for name in low},
        )
    total = sum(given[name] for name in PARTS)
    if total != WHOLE:
        raise DomainError(
            _("The parts must sum to 100; these sum to %(total)d.") % {"total": total}, status=422
        )


@transaction.atomic
def decide_weights(*, weights_id: int, is_accepted: bool, by: User) -> MatchWeights:
    """The proposed set is in force and the one before retired, or it is rejected.

    With a new set in force all customers are matched again. Never by who proposed it; a set that
    was decided on stays as it is.
    """
    _one_at_a_time()
    row = MatchWeights.objects.select_for_update(of=("self",)).get(pk=weights_id)
    if row.state != MatchWeights.State.PROPOSED:
        return row
    if row.proposed_by_id == by.pk:
        raise DomainError(_("Somebody else must decide on what you proposed."))
    if is_accepted:
        in_force = MatchWeights.objects.filter(state=MatchWeights.State.ACTIVE)
        in_force.update(state=MatchWeights.State.RETIRED)
    row.state = MatchWeights.State.ACTIVE if is_accepted else MatchWeights.State.REJECTED
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    name = "products.weights_activated" if is_accepted else "products.weights_rejected"
    record(by, name, row, version=row.version)
    if is_accepted:
        publish("products.weights_changed", row.pk)
    return row
