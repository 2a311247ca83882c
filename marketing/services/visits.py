"""A visit is logged once, whatever the network does, and everything said at it takes effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from crm.core.roles import Can
from crm.core.services.task import add_task
from customers.models import Customer, Quality, Source, Touch
from customers.services.declared import declare_fact
from customers.services.ledger import Word, tell_rows
from customers.services.ledger_rows import RowSaid
from customers.services.portrait import ask_refresh
from customers.services.rollups import touch_customers
from marketing.models import (
    CoordinationItem,
    Mode,
    Opportunity,
    PlannedVisit,
    Visit,
    VisitFact,
)
from marketing.planning.route import Point, distance_m
from marketing.queue.sources import PROMISED
from marketing.selectors.visits_facts import category_of
from marketing.services.opportunities import open_opportunity
from marketing.services.opportunity_errors import DuplicateOpportunity
from marketing.services.satisfaction import ask_after_visit
from marketing.services.visits_entry import (
    VisitEntry,
    check_entry,
    visit_day,
)
from marketing.services.visits_follow import settle
from products.services.competitors import add_facts

PLAIN = (
    "purpose", "started_at", "ended_at", "whom_met", "summary", "need", "mood", "promise",
    "promise_on", "next_step", "next_on", "closed_reason", "companions", "far_reason",
    "was_offline",
)  # fmt: skip
EDITABLE = (
    "purpose", "whom_met", "summary", "need", "mood", "objections", "companions", "next_step",
    "next_on", "closed_reason",
)  # fmt: skip


class VisitConflict(DomainError):
    """The key is taken by other words: ``kept`` is what stands, and nothing was changed."""

    def __init__(self, kept: Visit | None) -> None:
        super().__init__(_("This visit was saved before with other words. Nothing was changed."))
        self.kept = kept


@transaction.atomic
def log_visit(*, entry: VisitEntry, by: User, at: datetime | None = None) -> Visit:
    """The visit stands on record once, with its facts, tasks and need; the portrait follows.

    The same key with the same words is the same visit; with other words it is a VisitConflict.
    DomainError (422) names what is missing. Publishes ``visit.logged`` with the id (VIS-2..VIS-5).
    """
    if not by.can(Can.LOG_VISITS):
        raise DomainError(_("Your role does not log visits."), status=403)
    at = at or timezone.now()
    found = Customer.objects.visible_to(by)
    # Without the key: whoever plans a week adds stops of this customer meanwhile.
    customer = found.select_for_update(of=("self",), no_key=True).get(pk=entry.customer_id)
    kept = Visit.objects.filter(key=entry.key).first()
    if kept is not None:
        return _same(kept, entry, by)
    rules = parameters(timezone.localdate(at))
    check_entry(entry, at=at, rules=rules)
    try:
        with transaction.atomic():
            visit = _new_visit(entry, customer, by)
    except IntegrityError:  # the same key for another customer, a moment ago
        return _same(Visit.objects.get(key=entry.key), entry, by)
    _take_facts(visit, entry, by)
    _take_rows(visit, entry, by)
    _take_competitor(entry, by)
    _take_promise(visit, customer)
    _take_need(visit, entry, by, at)
    _take_checks(visit)
    _take_stop(visit)
    settle(visit=visit)
    ask_after_visit(visit, rules=rules)
    record(by, "marketing.visit_logged", visit, customer=customer.pk)
    publish("visit.logged", visit.pk)
    return visit


def _same(kept: Visit, entry: VisitEntry, by: User) -> Visit:
    """What stands under the key, when it says the same."""
    if kept.manager_id != by.pk or kept.content_sha256 != entry.content_sha256():
        raise VisitConflict(kept if kept.manager_id == by.pk else None)
    return kept


def _new_visit(entry: VisitEntry, customer: Customer, by: User) -> Visit:
    visit = Visit(
        key=entry.key,
        customer=customer,
        manager=by,
        manager_scope_no=by.scope_no,
        objections=list(entry.objections),
        coordination_checks=dict(entry.coordination_checks),
        facts_said=len(entry.facts) + len(entry.rows),
        rows_said=[_plain_row(row) for row in entry.rows],
        content_sha256=entry.content_sha256(),
        **{name: getattr(entry, name) for name in PLAIN},
    )
    _check_in(visit, entry, customer)
    visit.save(force_insert=True)
    return visit


def _check_in(visit: Visit, entry: VisitEntry, customer: Customer) -> None:
    """VIS-2: where the device was, how it knew and how far that is from the address."""
    fix = entry.fix
    if fix is None:
        return
    visit.checked_in_at = fix.at or entry.started_at
    visit.latitude, visit.longitude = fix.latitude, fix.longitude
    visit.accuracy_m, visit.fix_age_s, visit.fix_source = fix.accuracy_m, fix.age_s, fix.source
    if customer.latitude is not None and customer.longitude is not None:
        here = Point(fix.latitude, fix.longitude)
        visit.distance_m = distance_m(here, Point(customer.latitude, customer.longitude))


def _take_facts(visit: Visit, entry: VisitEntry, by: User) -> None:
    """The facts stand beside the visit and on record; the portrait is computed within seconds."""
    day, customer_id = visit_day(entry), visit.customer_id
    for fact in entry.facts:
        declare_fact(
            customer_id=customer_id,
            key=fact.key,
            value=fact.value,
            as_of=day,
            source=Source.VISIT,
            quality=Quality.DECLARED,
            by=by,
            evidence=fact.proof,
            said_by=fact.said_by,
        )
    VisitFact.objects.bulk_create(
        VisitFact(
            visit=visit,
            customer_id=customer_id,
            key=fact.key,
            category=category_of(fact.key),
            value=str(fact.value),
            said_by=fact.said_by,
            proof=fact.proof,
        )
        for fact in entry.facts
    )
    Touch.objects.get_or_create(
        customer_id=customer_id,
        channel=Touch.Channel.VISIT,
        at=visit.started_at,
        defaults={"has_reached": True, "by": by, "note": visit.summary[:200]},
    )
    touch_customers([customer_id])
    ask_refresh()


def _take_rows(visit: Visit, entry: VisitEntry, by: User) -> None:
    """Suppliers, buyers, purchases and settlements stand in the ledger as told at the visit."""
    word = Word(visit_day(entry), source=Source.VISIT, quality=Quality.DECLARED)
    tell_rows(customer=visit.customer, rows=entry.rows, word=word, by=by)


def _plain_row(row: RowSaid) -> dict[str, Any]:
    """The row as the visit keeps it: amounts exactly as they were said, as text."""
    values = {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in row.values.items()
    }
    return {"kind": row.kind, "values": values, "said_by": row.said_by, "proof": row.proof}


def _take_competitor(entry: VisitEntry, by: User) -> None:
    """What another bank offers joins its price list, with this customer as the source."""
    seen = entry.competitor
    if seen is None:
        return
    facts = {"source": "visit", "source_on": visit_day(entry), "confidence": "medium"}
    add_facts(
        competitor_id=seen.competitor_id,
        by=by,
        facts={**facts, **seen.facts},
        customer_id=entry.customer_id,
    )


def _take_promise(visit: Visit, customer: Customer) -> None:
    """A promise is a to-do of whoever gave it."""
    if not visit.promise:
        return
    add_task(
        PROMISED,
        owner=visit.manager,
        params={"name": customer.name, "promise": visit.promise},
        due_on=visit.promise_on,
        link=reverse("marketing:visit", args=[visit.pk]),
        unique_key=str(visit.pk),
    )


def _take_need(visit: Visit, entry: VisitEntry, by: User, at: datetime) -> None:
    """A need is an opportunity; one that is open already gets the visit instead (OPP-6)."""
    heard = entry.heard
    if heard is None:
        return
    try:
        opportunity: Opportunity = open_opportunity(
            customer=visit.customer,
            family=heard.family,
            by=by,
            origin_mode=Mode.ACTIVE,
            amount=heard.amount,
            months=heard.months,
            visit=visit,
            title=visit.need[:80],
            at=at,
        )
    except DuplicateOpportunity as known:
        opportunity = known.existing
    visit.opportunity = opportunity
    visit.save(update_fields=["opportunity"])


def _take_checks(visit: Visit) -> None:
    """VIS-4: the answers stand on the open items of the coordination list, which was visited."""
    if not visit.coordination_checks:
        return
    open_states = (CoordinationItem.State.OPEN, CoordinationItem.State.VISITED)
    items = CoordinationItem.objects.select_for_update().filter(
        customer_id=visit.customer_id, state__in=open_states
    )
    for item in items:
        item.checks = {**item.checks, **visit.coordination_checks}
        item.state = CoordinationItem.State.VISITED
        item.save(update_fields=["checks", "state"])


def _take_stop(visit: Visit) -> None:
    """The stop of the plan that this visit was is done: that of the day, else the nearest one."""
    day = timezone.localdate(visit.started_at)
    stops = PlannedVisit.objects.select_for_update().filter(
        manager_id=visit.manager_id,
        customer_id=visit.customer_id,
        state=PlannedVisit.State.PLANNED,
        plan__week_on__lte=day,
    )
    stop = min(
        (one for one in stops if abs((one.on - day).days) < 7),
        key=lambda one: (abs((one.on - day).days), one.pk),
        default=None,
    )
    if stop is not None:
        stop.state, stop.visit = PlannedVisit.State.DONE, visit
        stop.save(update_fields=["state", "visit"])


def may_edit(*, visit: Visit, by: User, today: Any) -> bool:
    """Whether this user may still put the words right: the own visit, on the day it came in."""
    return (
        visit.manager_id == by.pk
        and by.can(Can.LOG_VISITS)
        and timezone.localdate(visit.received_at) == today
    )


@transaction.atomic
def edit_visit(*, visit_id: int, by: User, seen_version: int, values: Mapping[str, Any]) -> Visit:
    """The words of the own visit are put right on the day it came in; facts stay as they are.

    DomainError (409) when it was changed since ``seen_version`` or the day is over.
    """
    visit: Visit = Visit.objects.visible_to(by).select_for_update(of=("self",)).get(pk=visit_id)
    today = timezone.localdate()
    if not may_edit(visit=visit, by=by, today=today):
        raise DomainError(_("A visit is put right by whoever made it, on the day it came in."))
    if visit.version != seen_version:
        raise DomainError(_("Somebody changed this visit meanwhile. Look at it again."))
    changed = {name: values[name] for name in EDITABLE if name in values}
    for name, value in changed.items():
        setattr(visit, name, value)
    _check_words(visit, parameters(today))
    visit.version += 1
    visit.save(update_fields=[*changed, "version"])
    record(by, "marketing.visit_edited", visit, fields=sorted(changed))
    return visit


def _check_words(visit: Visit, rules: Parameters) -> None:
    """An edited visit holds to the same rules as a new one."""
    entry = VisitEntry(
        key=visit.key,
        customer_id=visit.customer_id,
        objections=tuple(visit.objections),
        **{name: getattr(visit, name) for name in PLAIN},
    )
    check_entry(entry, at=max(timezone.now(), visit.ended_at), rules=rules)
