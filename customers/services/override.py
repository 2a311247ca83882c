"""What a person sets by hand, with a reason and an end: group, stage, size, tags."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from customers.features.groups import PRIMARY_GROUP
from customers.features.size import CLASSES
from customers.features.stage import STAGE
from customers.features.tags import MANUAL_TAGS
from customers.models import Customer, GroupOverride, ManualTag
from customers.services.portrait import ask_refresh
from customers.services.rollups import touch

ALLOWED = {
    GroupOverride.Target.GROUP: frozenset(key for key, _label in PRIMARY_GROUP.choices),
    GroupOverride.Target.STAGE: frozenset(key for key, _label in STAGE.choices) - {"unknown"},
    GroupOverride.Target.SIZE: frozenset(CLASSES),
}
LONGEST = {
    GroupOverride.Target.GROUP: "override.manual_days",
    GroupOverride.Target.STAGE: "stage.manual_days",
    GroupOverride.Target.SIZE: "override.manual_days",
}


def set_primary_group(
    *, customer_id: int, group: str, reason: str, until: date, by: User
) -> GroupOverride:
    """The group is primary until the day, at most a year ahead."""
    target = GroupOverride.Target.GROUP
    return _set(target, customer_id, value=group, reason=reason, until=until, by=by)


def set_stage(*, customer_id: int, stage: str, reason: str, until: date, by: User) -> GroupOverride:
    """The stage stands until the day, at most 180 days ahead."""
    target = GroupOverride.Target.STAGE
    return _set(target, customer_id, value=stage, reason=reason, until=until, by=by)


def set_size(*, customer_id: int, size: str, reason: str, until: date, by: User) -> GroupOverride:
    """The provisional size stands until the day, at most twelve months ahead."""
    target = GroupOverride.Target.SIZE
    return _set(target, customer_id, value=size, reason=reason, until=until, by=by)


@transaction.atomic
def end_override(*, customer_id: int, target: str, by: User) -> int:
    """What was set by hand ends today; returns how many settings ended."""
    customer = _customer(customer_id, by)
    ended = _end(customer, target, timezone.localdate())
    if ended:
        record(by, "customers.override_ended", customer, target=target)
        _ask(customer)
    return ended


@transaction.atomic
def put_tag(*, customer_id: int, code: str, reason: str, until: date, by: User) -> ManualTag:
    """The customer carries the tag until the day, a year ahead at most; a second call renews it."""
    customer = _customer(customer_id, by)
    if code not in MANUAL_TAGS:
        raise DomainError(_("This tag is not set by hand."), status=422)
    today = timezone.localdate()
    _check(reason, until, today, "tag.manual_days")
    _end_tag(customer, code, today)
    tag = ManualTag.objects.create(
        customer=customer,
        code=code,
        reason=reason.strip(),
        from_on=today,
        until_on=until,
        decided_by=by,
    )
    record(by, "customers.tag_put", customer, tag=code, until=until.isoformat())
    _ask(customer)
    return tag


@transaction.atomic
def take_tag(*, customer_id: int, code: str, by: User) -> int:
    """The customer no longer carries the tag; returns how many rows ended."""
    customer = _customer(customer_id, by)
    ended = _end_tag(customer, code, timezone.localdate())
    if ended:
        record(by, "customers.tag_taken", customer, tag=code)
        _ask(customer)
    return ended


@transaction.atomic
def _set(
    target: GroupOverride.Target,
    customer_id: int,
    *,
    value: str,
    reason: str,
    until: date,
    by: User,
) -> GroupOverride:
    customer = _customer(customer_id, by)
    if value not in ALLOWED[target]:
        raise DomainError(_("This value cannot be set."), status=422)
    today = timezone.localdate()
    _check(reason, until, today, LONGEST[target])
    _end(customer, target, today)
    row = GroupOverride.objects.create(
        customer=customer,
        target=target,
        value=value,
        reason=reason.strip(),
        from_on=today,
        until_on=until,
        decided_by=by,
    )
    record(by, "customers.override_set", customer, target=target, value=value)
    _ask(customer)
    return row


def _customer(customer_id: int, by: User) -> Customer:
    """The customer in the user's care, locked; 404 for any other."""
    if not by.can(Can.EDIT_CUSTOMERS):
        raise DomainError(_("Your role does not change customers."), status=403)
    rows = Customer.objects.visible_to(by).select_for_update(of=("self",))
    customer: Customer = rows.get(pk=customer_id)
    return customer


def _check(reason: str, until: date, today: date, longest_key: str) -> None:
    """A reason is given, and the end is neither past nor too far."""
    if not reason.strip():
        raise DomainError(_("Give the reason."), status=422)
    longest = parameters(today).number(longest_key)
    if not today < until <= today + timedelta(days=longest):
        raise DomainError(
            _("The end must lie between tomorrow and %(days)s days from now.") % {"days": longest},
            status=422,
        )


def _end(customer: Customer, target: str, today: date) -> int:
    """Settings in force end today; one that began today is taken back."""
    rows = GroupOverride.objects.filter(customer=customer, target=target, until_on__gt=today)
    gone = rows.filter(from_on__gte=today).delete()[0]
    return gone + rows.filter(from_on__lt=today).update(until_on=today)


def _end_tag(customer: Customer, code: str, today: date) -> int:
    rows = ManualTag.objects.filter(customer=customer, code=code, until_on__gt=today)
    gone = rows.filter(from_on__gte=today).delete()[0]
    return gone + rows.filter(from_on__lt=today).update(until_on=today)


def _ask(customer: Customer) -> None:
    """The portrait is computed anew after the commit."""
    touch([(customer.pk, None)])
    ask_refresh()
