"""Opportunities are opened, changed and merged (e.6); moves are in ``opportunity_moves``.

Row access goes by the customer. Every change names the ``version`` it was made on; when somebody
else was faster it is refused with a sentence, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.parameters import parameters
from customers.models import Customer, ProductFamily
from marketing.models import Mode, Opportunity, StageEvent, Visit
from marketing.pipeline import track_of
from marketing.pipeline.clock import deadline
from marketing.selectors.opportunity_chances import chances
from marketing.services.opportunity_errors import (
    DuplicateOpportunity,
    GateNotMet,
    MovedMeanwhile,
    NotAllReassigned,
)
from marketing.services.opportunity_moves import (
    locked,
    lose,
    move,
    must_be_current,
    must_be_open,
    reopen,
    tick,
)
from marketing.services.opportunity_owner import reassign
from products.models import ProductVersion, Suggestion

__all__ = [
    "DuplicateOpportunity",
    "GateNotMet",
    "MovedMeanwhile",
    "NotAllReassigned",
    "change",
    "lose",
    "merge",
    "move",
    "open_opportunity",
    "reassign",
    "reopen",
    "tick",
]

DETAILS = frozenset(
    {"title", "amount", "months", "expected_on", "version_chosen", "next_action", "next_on"}
)


@transaction.atomic
def open_opportunity(
    *,
    customer: Customer,
    family: str,
    by: User,
    origin_mode: str,
    version: ProductVersion | None = None,
    amount: Decimal | None = None,
    months: int | None = None,
    suggestion: Suggestion | None = None,
    visit: Visit | None = None,
    title: str = "",
    expected_on: date | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """A new opportunity stands in the first stage of its pipeline, with the customer's manager.

    ``amount`` is in yuan. DuplicateOpportunity when one of this family is open; DomainError for a
    family, mode, version or amount that cannot be.
    """
    found: Customer = Customer.objects.visible_to(by).select_related("manager").get(pk=customer.pk)
    return insert(
        customer=found,
        by=by,
        at=at or timezone.now(),
        values={
            "family": family,
            "origin_mode": origin_mode,
            "version_chosen": version,
            "amount": amount,
            "months": months,
            "suggestion": suggestion,
            "visit": visit,
            "title": title.strip()[:80],
            "expected_on": expected_on,
        },
    )


def insert(*, customer: Customer, by: User, at: datetime, values: dict[str, Any]) -> Opportunity:
    """The row with its first event; for services that have checked who may."""
    _must_make_sense(values["family"], values)
    if values["origin_mode"] not in Mode.values:
        raise DomainError(
            _("%(mode)s is not one of the six modes.") % {"mode": values["origin_mode"] or "“”"},
            status=422,
        )
    existing = open_one(customer.pk, values["family"])
    if existing is not None:
        raise DuplicateOpportunity(existing)
    track, known = track_of(values["family"]), parameters(timezone.localdate(at))
    row = Opportunity(
        customer=customer,
        pipeline=track.key,
        stage=track.first.key,
        stage_since=at,
        probability=chances(known).of(track.key, track.first.key).value,
        owner=customer.manager or by,
        last_action_on=timezone.localdate(at),
        opened_at=at,
        **values,
    )
    row.stage_due_on = deadline(row, known)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another session was faster
        existing = open_one(customer.pk, values["family"])
        if existing is None:
            raise
        raise DuplicateOpportunity(existing) from None
    StageEvent.objects.create(
        customer=customer,
        opportunity=row,
        to_stage=row.stage,
        at=at,
        by=by,
        scope_no=customer.scope_no,
        amount=row.amount,
    )
    record(by, "marketing.opportunity_opened", row, family=row.family, mode=row.origin_mode)
    publish("opportunity.opened", row.pk)
    return row


def open_one(customer_id: int, family: str) -> Opportunity | None:
    """The open one of this family, if there is one."""
    found: Opportunity | None = (
        Opportunity.objects.filter(customer=customer_id, family=family, state="open")
        .select_related("owner")
        .first()
    )
    return found


def _must_make_sense(family: str, values: Mapping[str, Any]) -> None:
    if family not in ProductFamily.values:
        raise DomainError(
            _("%(family)s is not a product family.") % {"family": family or "“”"}, status=422
        )
    version = values.get("version_chosen")
    if version is not None and version.product.family != family:
        raise DomainError(
            _("%(product)s is not of this family.") % {"product": version.product},
            status=422,
            fields={"version_chosen": _("Choose a product of this family.")},
        )
    amount = values.get("amount")
    if amount is not None and amount <= 0:
        raise DomainError(
            _("The amount must be more than zero."),
            status=422,
            fields={"amount": _("More than zero.")},
        )


@transaction.atomic
def change(
    *,
    opportunity_id: int,
    by: User,
    values: Mapping[str, Any],
    version: int | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """These details (of DETAILS) are on record; saying the same again changes nothing.

    A change counts as an action. MovedMeanwhile when ``version`` is no longer the row's.
    """
    row = locked(opportunity_id, by)
    strange = set(values) - DETAILS
    if strange:
        raise DomainError(
            _("%(names)s cannot be changed here.") % {"names": ", ".join(sorted(strange))},
            status=422,
        )
    moved = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not moved:
        return row
    must_be_current(row, version)
    must_be_open(row)
    _must_make_sense(row.family, moved)
    _must_have_its_day(row, moved)
    for name, value in moved.items():
        setattr(row, name, value)
    now = at or timezone.now()
    row.stage_due_on = deadline(row, parameters(timezone.localdate(now)))
    row.last_action_on = max(row.last_action_on, timezone.localdate(now))
    row.version += 1
    row.save()
    record(by, "marketing.opportunity_changed", row, names=sorted(moved))
    return row


def _must_have_its_day(row: Opportunity, moved: Mapping[str, Any]) -> None:
    """A next action has its day, and a day its action, where one of them changes."""
    if not {"next_action", "next_on"} & moved.keys():
        return
    step, day = (moved.get(name, getattr(row, name)) for name in ("next_action", "next_on"))
    if step and not day:
        why = _("Say by when.")
        raise DomainError(why, status=422, fields={"next_on": why})
    if day and not step:
        why = _("Say what will be done.")
        raise DomainError(why, status=422, fields={"next_action": why})


@transaction.atomic
def merge(
    *,
    into_id: int,
    customer_id: int,
    family: str,
    by: User,
    amount: Decimal | None = None,
    months: int | None = None,
    version: ProductVersion | None = None,
    title: str = "",
    expected_on: date | None = None,
    suggestion: Suggestion | None = None,
    visit: Visit | None = None,
    at: datetime | None = None,
) -> Opportunity:
    """What a refused duplicate knew is in the open one (OPP-6): its stage and history stay.

    The larger amount and the earlier day win; words, version, suggestion and visit fill gaps.
    Merging the same again changes nothing. DomainError when the open one is of another customer
    or family than what was refused.
    """
    row = locked(into_id, by)
    if (row.customer_id, row.family) != (customer_id, family):
        why = _("The open opportunity is of another family: nothing was merged.")
        raise DomainError(why, status=422)
    must_be_open(row)
    return fill(
        row,
        by=by,
        at=at or timezone.now(),
        values={
            "amount": amount,
            "months": months,
            "version_chosen": version,
            "title": title.strip()[:80],
            "expected_on": expected_on,
            "suggestion": suggestion,
            "visit": visit,
        },
    )


def fill(row: Opportunity, *, by: User, at: datetime, values: dict[str, Any]) -> Opportunity:
    """Gaps of a locked open row are filled; for services that have checked who may."""
    _must_make_sense(row.family, values)
    amounts = [one for one in (row.amount, values.get("amount")) if one is not None]
    days = [one for one in (row.expected_on, values.get("expected_on")) if one is not None]
    told = {
        "amount": max(amounts, default=None),
        "expected_on": min(days, default=None),
        **{
            name: getattr(row, name) or values.get(name) or getattr(row, name)
            for name in ("months", "version_chosen", "title", "suggestion", "visit")
        },
    }
    moved = [name for name, value in told.items() if getattr(row, name) != value]
    if not moved:
        return row
    for name in moved:
        setattr(row, name, told[name])
    row.stage_due_on = deadline(row, parameters(timezone.localdate(at)))
    row.last_action_on = max(row.last_action_on, timezone.localdate(at))
    row.version += 1
    row.save()
    record(by, "marketing.opportunity_merged", row, names=sorted(moved))
    return row
