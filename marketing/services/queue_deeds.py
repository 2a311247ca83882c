"""Items of the queue that are done with the form of their page: the same services, in place.

Each takes what its form gave; the rules (who may, what is needed, who was faster) are those of the
service behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from crm.core.models import User
from customers.models import CorrectionRequest
from customers.services.correction import decide_correction
from customers.services.declared import FactValue
from marketing.models import PlannedVisit, QueueMark
from marketing.services.complaints import close_complaint
from marketing.services.coordination import Decision, answer_checks, decide, note_contact
from marketing.services.reviews import review_visit
from marketing.services.satisfaction import record_mark
from marketing.services.visits import log_visit
from products.services.asking import tell_facts

if TYPE_CHECKING:
    from marketing.selectors.queue import QueueItem


@dataclass(frozen=True)
class Answer:
    """The answer to a request for correction; ``values`` are right facts to put on record."""

    is_accepted: bool
    answer: str
    values: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Closing:
    """Cause and cure of a complaint, and how content the customer is now."""

    cause: str
    fix: str
    mark: int | None = None


@dataclass(frozen=True)
class Move:
    """One step with a firm of a list: first contact, checks or the decision."""

    on: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    decision: Decision | None = None
    version: int = 0


def tell(item: QueueItem, by: User, given: Mapping[str, FactValue]) -> QueueMark:
    """What was told is on record; the next question of this customer waits for another day.

    The match follows within seconds, and until it has, the same question must not stand again.
    """
    assert item.customer_id is not None  # noqa: S101  a gap is a customer's
    tell_facts(customer_id=item.customer_id, values=given, by=by)
    mark, _is_new = QueueMark.objects.update_or_create(
        owner_id=item.owner_id,
        source=item.source.key,
        ref=str(item.ref),
        defaults={
            "kind": QueueMark.Kind.DONE,
            "note": "",
            "until_on": timezone.localdate() + timedelta(days=1),
            "delegate": None,
        },
    )
    return mark


def log_stop(item: QueueItem, by: User, given: Any) -> None:
    """The visit is on record, and the stop is done also when somebody else went there."""
    logged = log_visit(entry=given, by=by)
    stop = PlannedVisit.objects.select_for_update(of=("self",)).get(pk=item.ref)
    is_free = not PlannedVisit.objects.filter(visit=logged).exists()
    if stop.state == PlannedVisit.State.PLANNED and is_free:
        stop.state, stop.visit = PlannedVisit.State.DONE, logged
        stop.save(update_fields=["state", "visit"])


def move_firm(item: QueueItem, by: User, given: Move) -> None:
    """The next step with the firm is on record."""
    if given.decision is not None:
        decide(item_id=item.ref, version=given.version, decision=given.decision, by=by)
    elif given.on is not None:
        note_contact(item_id=item.ref, by=by, on=given.on)
    else:
        answer_checks(item_id=item.ref, version=given.version, answers=given.answers, by=by)


def answer_request(item: QueueItem, by: User, given: Answer) -> None:
    """The request is answered; what is right now stands as told by the customer."""
    request: CorrectionRequest = CorrectionRequest.objects.visible_to(by).get(pk=item.ref)
    if given.values:
        tell_facts(customer_id=request.customer_id, values=given.values, by=by)
    decide_correction(
        request_id=request.pk, is_accepted=given.is_accepted, answer=given.answer, by=by
    )


def mark_visit(item: QueueItem, by: User, given: Mapping[str, Any]) -> None:
    """The visit has its mark; a low one sends it back with the reason."""
    review_visit(visit_id=item.ref, by=by, **given)


def close_with(item: QueueItem, by: User, given: Closing) -> None:
    """The complaint is closed, with the mark where one was given."""
    found = close_complaint(complaint_id=item.ref, by=by, cause=given.cause, fix=given.fix)
    if given.mark:
        record_mark(
            customer_id=found.customer_id, after="complaint", mark=given.mark, by=by,
            subject=f"complaint-{found.pk}",
        )  # fmt: skip
