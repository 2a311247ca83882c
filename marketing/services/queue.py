"""What is done with an item of the today queue: done in place, put off, passed on, taken back.

Marks belong to whose the item is, so a stand-in and the colleague see the same list. Every verb
may be said twice. An item that is neither the user's own nor passed on to them does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import Task, User
from crm.core.parameters import parameters
from crm.core.services.task import close_task
from crm.core.workdays import working_day_from
from customers.selectors.customer import customer_header
from marketing.models import Mode, Opportunity, QueueMark
from marketing.queue.sources import SOURCES
from marketing.queue.spec import How
from marketing.selectors.queue import QueueItem, colleagues_of, mark_of, queue_item
from marketing.services import queue_deeds
from marketing.services.care import close_care_task
from marketing.services.opportunities import change, open_opportunity
from products.models import Suggestion
from products.services.suggestions import answer_suggestion

NOTE_MOST, STEP_MOST = 200, 120  # signs that a mark and a next step hold
Doer = Callable[["QueueItem", User, "Said"], QueueMark | None]


@dataclass(frozen=True)
class Said:
    """What came with the press of a button."""

    note: str = ""
    next_on: date | None = None
    given: Any = None  # what a form of marketing.forms.queue_deeds gave


@transaction.atomic
def put_off(
    *, source: str, ref: int, until: date, by: User, note: str = "", today: date | None = None
) -> QueueMark:
    """The item rests until a working day: ``until`` itself, or the first one after it.

    DomainError (422) for a day that is not ahead, or too far.
    """
    today = today or timezone.localdate()
    item = queue_item(user=by, source=source, ref=ref, today=today)
    most = today + timedelta(days=parameters(today).number("queue.most_snooze_days"))
    if not today < until <= most:
        raise DomainError(
            _("Choose a day after today and up to %(most)s.") % {"most": most.isoformat()},
            status=422,
        )
    return _marked(
        item, by, QueueMark.Kind.SNOOZED, note=note, until_on=working_day_from(until), delegate=None
    )


@transaction.atomic
def pass_on(
    *, source: str, ref: int, to: User, by: User, note: str, today: date | None = None
) -> QueueMark:
    """The item stands in a colleague's list, with a note; the owner may take it back.

    Only to people of the same unit and the leader above (DomainError 422), and not without a note.
    """
    today = today or timezone.localdate()
    item = queue_item(user=by, source=source, ref=ref, today=today)
    if to.pk not in {person.pk for person in colleagues_of(user=by)}:
        raise DomainError(_("Pass it on to somebody of your unit."), status=422)
    if not note.strip():
        raise DomainError(_("Say what you ask for."), status=422)
    if item.owner_id == to.pk:
        QueueMark.objects.filter(owner=to, source=source, ref=str(ref)).delete()
        return QueueMark(owner=to, source=source, ref=str(ref), kind=QueueMark.Kind.SNOOZED)
    return _marked(item, by, QueueMark.Kind.DELEGATED, note=note, until_on=None, delegate=to)


@transaction.atomic
def take_back(*, mark_id: int, by: User, today: date | None = None) -> QueueMark:
    """What was put off, passed on or ticked off stands in its owner's list again."""
    mark = mark_of(user=by, pk=mark_id, today=today or timezone.localdate())
    record(by, "marketing.queue_taken_back", mark, source=mark.source, ref=mark.ref)
    mark_pk = mark.pk
    mark.delete()
    mark.pk = mark_pk
    return mark


@transaction.atomic
def do_item(
    *, source: str, ref: int, by: User, said: Said | None = None, today: date | None = None
) -> QueueMark | None:
    """The item's one action is done. Returns the mark that can be taken back, where there is one.

    A colleague outside whose reach the customer is reports back: the item returns to its owner
    with the note; so does whoever's role does not do such things.
    """
    said, today = said or Said(), today or timezone.localdate()
    item = queue_item(user=by, source=source, ref=ref, today=today)
    if not item.may_do:
        return _reported(item, by, said.note, today)
    if item.source.deed.how == How.FORM and said.given is None:
        raise DomainError(_("Open it to work on it."), status=409)
    mark = DOERS[source](item, by, said)
    if mark is None and not still_waits(source=source, ref=ref, by=by, today=today):
        QueueMark.objects.filter(owner=item.owner_id, source=source, ref=str(ref)).delete()
    return mark


def still_waits(*, source: str, ref: int, by: User, today: date) -> bool:
    """Whether there is more to do for an item whose next step was taken just now."""
    if SOURCES[source].deed.how != How.FORM:
        return False
    try:
        queue_item(user=by, source=source, ref=ref, today=today)
    except QueueMark.DoesNotExist:
        return False
    return True


def _reported(item: QueueItem, by: User, note: str, today: date) -> QueueMark:
    if not note.strip():
        raise DomainError(_("Say what was done."), status=422)
    who = f"{by.full_name}: "
    _must_fit(note.strip(), NOTE_MOST - len(who))
    told = who + note.strip()
    return _marked(item, by, QueueMark.Kind.SNOOZED, note=told, until_on=today, delegate=None)


def _must_fit(told: str, most: int) -> None:
    """Nothing is cut off: what is longer is refused (422), and stays where it was typed."""
    if len(told) > most:
        raise DomainError(_("At most %(most)s characters.") % {"most": most}, status=422)


def _marked(
    item: QueueItem, by: User, kind: str, *, note: str, until_on: date | None, delegate: User | None
) -> QueueMark:
    _must_fit(note.strip(), NOTE_MOST)
    mark, _is_new = QueueMark.objects.update_or_create(
        owner_id=item.owner_id,
        source=item.source.key,
        ref=str(item.ref),
        defaults={
            "kind": kind, "note": note.strip(), "until_on": until_on, "delegate": delegate,
        },
    )  # fmt: skip
    record(by, f"marketing.queue_{kind}", mark, source=mark.source, ref=mark.ref)
    return mark


def _tick_off(item: QueueItem, by: User, said: Said) -> QueueMark:
    return _marked(item, by, QueueMark.Kind.DONE, note=said.note, until_on=None, delegate=None)


def _close_task(item: QueueItem, by: User, said: Said) -> None:
    owner = User.objects.get(pk=item.owner_id)
    if owner.pk == by.pk:
        close_task(task_id=item.ref, by=by)
        return
    task = Task.objects.select_for_update().get(pk=item.ref)  # a stand-in, or it was passed on
    if task.state == Task.State.OPEN:
        task.state, task.closed_by, task.closed_at = Task.State.DONE, by, timezone.now()
        task.save(update_fields=["state", "closed_by", "closed_at"])


def _accept(item: QueueItem, by: User, said: Said) -> None:
    answer_suggestion(
        suggestion_id=item.ref, by=by, answer=Suggestion.State.ACCEPTED, note=said.note
    )


def _renew(item: QueueItem, by: User, said: Said) -> None:
    assert item.customer_id is not None  # noqa: S101  a loan's item has one
    customer = customer_header(user=by, customer_id=item.customer_id)
    amount = Decimal(str(item.inputs["balance"]))
    open_opportunity(
        customer=customer,
        family=item.inputs["family"],
        by=by,
        origin_mode=Mode.ACTIVE,
        amount=amount,
        title=str(_("Renewal")),
        expected_on=item.due_on,
    )


def _next_step(item: QueueItem, by: User, said: Said) -> None:
    if not said.note.strip() or said.next_on is None:
        raise DomainError(_("Say what comes next, and when."), status=422)
    _must_fit(said.note.strip(), STEP_MOST)
    found = Opportunity.objects.visible_to(by).get(pk=item.ref)
    change(
        opportunity_id=found.pk,
        by=by,
        values={"next_action": said.note.strip(), "next_on": said.next_on},
        version=found.version,
    )


def _care(item: QueueItem, by: User, said: Said) -> None:
    close_care_task(task_id=item.ref, by=by, outcome=said.note)


def _with(do: Callable[[QueueItem, User, Any], QueueMark | None]) -> Doer:
    """A doer that takes what its form gave."""

    def doer(item: QueueItem, by: User, said: Said) -> QueueMark | None:
        return do(item, by, said.given)

    return doer


DOERS: Mapping[str, Doer] = {
    "promise": _close_task,
    "follow_up": _tick_off,
    "suggestion": _accept,
    "opportunity": _next_step,
    "renewal": _renew,
    "churn": _care,
    "care": _care,
    "task": _close_task,
    "gap": _with(queue_deeds.tell),
    "stop": _with(queue_deeds.log_stop),
    "coordination": _with(queue_deeds.move_firm),
    "correction": _with(queue_deeds.answer_request),
    "review": _with(queue_deeds.mark_visit),
    "complaint": _with(queue_deeds.close_with),
}
