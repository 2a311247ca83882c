"""What a person sets by hand (a.3, b.5, b.7) and what a customer asks to correct (POR-7)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import AuditEntry
from customers.models import CorrectionRequest, GroupOverride, ManualTag, TouchedMonth
from customers.services import correction, override
from tests.customers.derive import seed_parameters
from tests.factories import make_customer, make_user


@pytest.fixture
def desk():
    """A manager with one customer, and the rule parameters."""
    seed_parameters()
    manager = make_user("rm")
    return manager, make_customer(manager)


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


SETTERS = [
    (override.set_primary_group, "group", "sci_tech", 365),
    (override.set_stage, "stage", "growth", 180),
    (override.set_size, "size", "small", 365),
]


@pytest.mark.parametrize(("set_it", "name", "value", "longest"), SETTERS)
def test_a_setting_stands_with_reason_end_and_author(desk, set_it, name, value, longest):
    manager, customer = desk

    row = set_it(
        customer_id=customer.pk,
        reason="实地走访确认",
        until=in_days(longest),
        by=manager,
        **{name: value},
    )

    assert (row.target, row.value, row.decided_by) == (name, value, manager)
    assert TouchedMonth.objects.filter(customer=customer, ym=None).exists()
    assert AuditEntry.objects.filter(event="customers.override_set").exists()


@pytest.mark.parametrize(("set_it", "name", "value", "longest"), SETTERS)
@pytest.mark.parametrize("extra", [0, 1])
def test_the_end_is_neither_today_nor_too_far(desk, set_it, name, value, longest, extra):
    manager, customer = desk
    until = in_days(longest + 1) if extra else in_days(0)

    with pytest.raises(DomainError):
        set_it(customer_id=customer.pk, reason="x", until=until, by=manager, **{name: value})

    assert not GroupOverride.objects.exists()


def test_a_reason_is_asked_for(desk):
    manager, customer = desk

    with pytest.raises(DomainError):
        override.set_stage(
            customer_id=customer.pk, stage="growth", reason=" ", until=in_days(9), by=manager
        )


@pytest.mark.parametrize("stage", ["unknown", "happy", ""])
def test_only_real_stages_can_be_set(desk, stage):
    manager, customer = desk

    with pytest.raises(DomainError):
        override.set_stage(
            customer_id=customer.pk, stage=stage, reason="x", until=in_days(9), by=manager
        )


def test_a_second_setting_ends_the_first(desk):
    manager, customer = desk
    told = {"customer_id": customer.pk, "reason": "x", "until": in_days(30), "by": manager}
    first = override.set_stage(stage="growth", **told)
    GroupOverride.objects.filter(pk=first.pk).update(from_on=in_days(-5))

    override.set_stage(stage="mature", **told)

    today = timezone.localdate()
    rows = GroupOverride.objects.filter(until_on__gt=today).values_list("value", flat=True)
    assert list(rows) == ["mature"]
    first.refresh_from_db()
    assert first.until_on == today


def test_a_setting_can_be_ended(desk):
    manager, customer = desk
    override.set_size(
        customer_id=customer.pk, size="small", reason="x", until=in_days(30), by=manager
    )

    assert override.end_override(customer_id=customer.pk, target="size", by=manager) == 1
    assert override.end_override(customer_id=customer.pk, target="size", by=manager) == 0


def test_nobody_sets_anything_on_a_foreign_customer(desk):
    _manager, customer = desk
    stranger = make_user("rm")

    with pytest.raises(ObjectDoesNotExist):
        override.set_stage(
            customer_id=customer.pk, stage="growth", reason="x", until=in_days(9), by=stranger
        )


def test_tags_are_put_and_taken_by_hand_for_a_year_at_most(desk):
    manager, customer = desk
    told = {"customer_id": customer.pk, "reason": "营业执照", "by": manager}

    override.put_tag(code="woman_owned", until=in_days(365), **told)
    override.put_tag(code="woman_owned", until=in_days(100), **told)

    assert ManualTag.objects.get().until_on == in_days(100)
    assert override.take_tag(customer_id=customer.pk, code="woman_owned", by=manager) == 1
    with pytest.raises(DomainError):
        override.put_tag(code="woman_owned", until=in_days(366), **told)
    with pytest.raises(DomainError):
        override.put_tag(code="overdue", until=in_days(10), **told)


def test_a_correction_is_due_in_fifteen_days_and_decided_once(desk):
    manager, customer = desk
    told = {"customer_id": customer.pk, "key": "employees", "wanted": "12", "by": manager}

    request = correction.ask_correction(reason="社保记录有误", held="20", **told)
    again = correction.ask_correction(reason="社保记录有误", **told)
    decided = correction.decide_correction(
        request_id=request.pk, is_accepted=True, answer="已核实", by=manager
    )
    repeated = correction.decide_correction(
        request_id=request.pk, is_accepted=False, answer="不同意", by=manager
    )

    assert request.pk == again.pk
    assert request.due_on == in_days(15)
    assert decided.state == repeated.state == CorrectionRequest.State.ACCEPTED


def test_a_correction_names_a_figure_that_we_hold(desk):
    manager, customer = desk

    with pytest.raises(DomainError):
        correction.ask_correction(
            customer_id=customer.pk, key="shoe_size", wanted="42", reason="x", by=manager
        )
