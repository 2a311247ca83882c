"""Work on the coordination list: first contact, five checks, the decision, who does it (e.10).

The list asks for contact and an answer in time; what the answer is stays with the credit decision.
Every move is on record, survives being called twice, and is refused when somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.roles import Can
from crm.core.words import Text
from marketing.market.checks import clean_checks, failed, unanswered
from marketing.models import CoordinationItem, Visit

State = CoordinationItem.State


@dataclass(frozen=True)
class Decision:
    """What was decided: the amount of an approval, or why not and what would repair it.

    ``state`` is approved, refused, or helped: refused for now, with steps and a day to try again.
    """

    state: str
    amount: Decimal | None = None
    refusal: str = ""
    is_repairable: bool | None = None
    steps: str = ""
    retry_on: date | None = None
    note: str = ""


@transaction.atomic
def note_contact(*, item_id: int, by: User, on: date) -> CoordinationItem:
    """The firm was spoken to on this day, unless it was before; a second call changes nothing."""
    item = _mine(item_id, by)
    if on < item.received_on or on > timezone.localdate():
        raise DomainError(_("The contact lies between receipt and today."), status=422)
    if item.contacted_on is not None and item.contacted_on <= on:
        return item
    item.contacted_on = on
    _save(item, "contacted_on")
    record(by, "marketing.coordination_contacted", item, on=on.isoformat())
    return item


@transaction.atomic
def answer_checks(
    *, item_id: int, version: int, answers: Mapping[str, str], by: User
) -> CoordinationItem:
    """The five checks say this (VIS-4); unknown keys and answers are left out. 409 on a clash."""
    item = _mine(item_id, by)
    checks = {**item.checks, **clean_checks(answers)}
    if checks == item.checks:
        return item
    _refuse_clash(item, version)
    _refuse_decided(item)
    item.checks = checks
    _save(item, "checks")
    record(by, "marketing.coordination_checked", item, **checks)
    return item


@transaction.atomic
def decide(
    *, item_id: int, version: int, decision: Decision, by: User, at: datetime | None = None
) -> CoordinationItem:
    """The item is decided; DomainError (422) names what is missing. The same again is a no-op.

    An approval needs five checks answered and none of them "no"; a refusal its reason and whether
    it can be repaired; a repairable one steps and a day to try again. One that is being helped may
    be decided again; the day of the first decision stays.
    """
    item = _mine(item_id, by)
    at = at or timezone.now()
    if _says_the_same(item, decision):
        return item
    _refuse_clash(item, version)
    if item.state in {State.APPROVED, State.REFUSED}:
        raise DomainError(_("This item was decided; the list keeps its answer."))
    _check_decision(item, decision, timezone.localdate(at))
    item.state = decision.state
    item.approved_amount = decision.amount if decision.state == State.APPROVED else None
    item.refusal, item.is_repairable = decision.refusal, decision.is_repairable
    item.help_steps, item.retry_on = decision.steps, decision.retry_on
    item.decision_note, item.decided_by = decision.note, by
    item.decided_at = item.decided_at or at
    item.contacted_on = item.contacted_on or timezone.localdate(at)
    item.version += 1
    item.save()
    record(by, "marketing.coordination_decided", item, state=item.state, refusal=item.refusal)
    return item


@transaction.atomic
def give_item(*, item_id: int, owner_id: int, by: User) -> CoordinationItem:
    """Somebody else of the unit works on the item; to the same person changes nothing."""
    if not by.can(Can.ASSIGN_CUSTOMERS):
        raise DomainError(_("Your role does not hand over items."), status=403)
    item = _locked(item_id, by)
    owner = User.objects.filter(pk=owner_id, is_active=True).first()
    sees = owner is not None and any(
        low <= item.customer.scope_no <= high for low, high in owner.reach()
    )
    if owner is None or not owner.can(Can.WORK_COORDINATION) or not sees:
        told = _("Choose somebody who looks after this firm.")
        raise DomainError(told, status=422, fields={"owner": told})
    if item.owner_id == owner.pk:
        return item
    item.owner = owner
    _save(item, "owner")
    record(by, "marketing.coordination_given", item, owner=owner.pk)
    return item


@transaction.atomic
def take_visits(*, visit_ids: list[int]) -> int:
    """Open items of the firms of these visits were contacted; returns how many changed."""
    changed = 0
    for visit in Visit.objects.filter(pk__in=visit_ids).order_by("started_at"):
        on = timezone.localdate(visit.started_at)
        rows = CoordinationItem.objects.select_for_update().filter(
            customer=visit.customer_id,
            state__in=(State.OPEN, State.VISITED),
            received_on__lte=on,
        )
        for item in rows:
            changed += _take_visit(item, visit, on)
    return changed


def _take_visit(item: CoordinationItem, visit: Visit, on: date) -> int:
    checks = {**item.checks, **clean_checks(visit.coordination_checks)}
    first = min(filter(None, (item.contacted_on, on)))
    told = (State.VISITED, first, checks)
    if told == (item.state, item.contacted_on, item.checks):
        return 0
    item.state, item.contacted_on, item.checks = told
    _save(item, "state", "contacted_on", "checks")
    return 1


def _check_decision(item: CoordinationItem, decision: Decision, today: date) -> None:
    wrong: dict[str, Text] = {}
    if decision.state not in {State.APPROVED, State.REFUSED, State.HELPED}:
        wrong["state"] = _("Choose what was decided.")
    elif decision.state == State.APPROVED:
        wrong |= _approval(item, decision)
    else:
        wrong |= _refusal(decision, today)
    if wrong:
        told = " ".join(dict.fromkeys(str(text) for text in wrong.values()))
        raise DomainError(told, status=422, fields=wrong)


def _approval(item: CoordinationItem, decision: Decision) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if decision.amount is None or decision.amount <= 0:
        wrong["amount"] = _("Write the approved amount.")
    if decision.refusal or decision.steps or decision.retry_on:
        wrong["refusal"] = _("An approval has no reason of refusal.")
    open_checks = [str(check.label) for check in unanswered(item.checks)]
    bad = [str(check.label) for check in failed(item.checks)]
    if bad:
        wrong["state"] = _("A check does not hold: %(checks)s.") % {"checks": "、".join(bad)}
    elif open_checks:
        told = {"checks": "、".join(open_checks)}
        wrong["state"] = _("Checks without an answer: %(checks)s.") % told
    return wrong


def _refusal(decision: Decision, today: date) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if decision.refusal not in CoordinationItem.Refusal.values:
        wrong["refusal"] = _("Choose the reason.")
    if decision.refusal == CoordinationItem.Refusal.OTHER and not decision.note:
        wrong["note"] = _("Say what the other reason is.")
    if decision.amount is not None:
        wrong["amount"] = _("Only an approval has an amount.")
    is_helped = decision.state == State.HELPED
    if decision.is_repairable is not is_helped:
        wrong["is_repairable"] = _(
            "Say whether it can be repaired; then there are steps and a day."
        )
    if is_helped and not decision.steps.strip():
        wrong["steps"] = _("Write the steps that would repair it.")
    if is_helped and (decision.retry_on is None or decision.retry_on <= today):
        wrong["retry_on"] = _("Choose a day after today to try again.")
    if not is_helped and (decision.steps or decision.retry_on):
        wrong["steps"] = _("Steps belong to what can be repaired.")
    return wrong


def _says_the_same(item: CoordinationItem, decision: Decision) -> bool:
    told = Decision(
        item.state, item.approved_amount, item.refusal, item.is_repairable, item.help_steps,
        item.retry_on, item.decision_note,
    )  # fmt: skip
    return item.decided_at is not None and told == decision


def _refuse_clash(item: CoordinationItem, version: int) -> None:
    if item.version != version:
        raise DomainError(_("Somebody else worked on this item meanwhile; open it again."))


def _refuse_decided(item: CoordinationItem) -> None:
    if item.state in {State.APPROVED, State.REFUSED}:
        raise DomainError(_("This item was decided; the list keeps its answer."))


def _mine(item_id: int, by: User) -> CoordinationItem:
    if not by.can(Can.WORK_COORDINATION):
        raise DomainError(_("Your role does not work on the coordination list."), status=403)
    return _locked(item_id, by)


def _locked(item_id: int, by: User) -> CoordinationItem:
    """The item, held until commit; DoesNotExist when it is not in reach."""
    rows = CoordinationItem.objects.visible_to(by).select_for_update(of=("self",))
    item: CoordinationItem = rows.select_related("customer").get(pk=item_id)
    return item


def _save(item: CoordinationItem, *names: str) -> None:
    item.version += 1
    item.save(update_fields=[*names, "version"])
