"""Facts and entities of the ledger are written: bounds, sums, locks, who may (SEV-2, ROL-1)."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.core.errors import DomainError
from customers.models import DeclaredFact, LedgerCover, ProcureMode, SettleMode, TouchedMonth
from customers.selectors.ledger_facts import said_facts
from customers.services.declared import declare_fact
from customers.services.ledger import (
    EntityClash,
    FactClash,
    Word,
    end_entity,
    mark_of,
    save_entity,
    say_facts,
)
from customers.services.ledger_checks import COST_KEYS
from tests.customers.ledger.rows import make_link, make_settle, say, standing
from tests.factories import make_customer, make_user


@pytest.fixture
def desk():
    manager = make_user("rm")
    return manager, make_customer(manager)


def word(**more):
    return Word(timezone.localdate(), **{"said_by": "老板娘", "proof": "工资表", **more})


def cost(**changed):
    parts = dict.fromkeys(COST_KEYS, Decimal("0"))
    parts |= {"cost_material": Decimal("0.62"), "cost_labour": Decimal("0.38")}
    return parts | changed


def test_a_fact_keeps_who_said_it_and_what_proves_it(desk):
    manager, customer = desk

    say_facts(
        customer_id=customer.pk, values={"fixed_cost_month": Decimal(20_000)}, word=word(),
        by=manager,
    )  # fmt: skip

    row = DeclaredFact.objects.get(customer=customer, key="fixed_cost_month")
    assert (row.said_by, row.evidence, row.entered_by) == ("老板娘", "工资表", manager)
    assert (row.source, row.quality) == ("visit", "declared")
    assert TouchedMonth.objects.filter(customer=customer).exists()
    assert LedgerCover.objects.get(customer=customer).share_5 == 20


def test_said_twice_is_said_once(desk):
    manager, customer = desk
    for _ in range(2):
        say_facts(customer_id=customer.pk, values={"order_backlog": 5_000}, word=word(), by=manager)

    assert DeclaredFact.objects.filter(customer=customer, key="order_backlog").count() == 1


def test_the_shares_of_cost_add_up_to_a_hundred_or_nothing_is_written(desk):
    manager, customer = desk

    with pytest.raises(DomainError) as refusal:
        say_facts(
            customer_id=customer.pk, values=cost(cost_rent=Decimal("0.05")), word=word(), by=manager
        )
    with pytest.raises(DomainError):
        say_facts(
            customer_id=customer.pk, values={"cost_rent": Decimal("1")}, word=word(), by=manager
        )
    say_facts(customer_id=customer.pk, values=cost(), word=word(), by=manager)

    assert "105" in str(refusal.value.message)
    assert refusal.value.status == 422
    assert standing(customer, "cost_material") == Decimal("0.62")
    assert DeclaredFact.objects.filter(customer=customer).count() == 8


def test_one_share_of_cost_is_not_taken_back_alone(desk):
    """What is left would not be 100 %; all eight go, or one is said as 0 with the others."""
    manager, customer = desk
    by = {"customer_id": customer.pk, "word": word(), "by": manager}
    say_facts(values=cost(), **by)

    with pytest.raises(DomainError) as error:
        say_facts(values={}, withdrawn=("cost_labour",), **by)
    left = DeclaredFact.objects.filter(customer=customer, is_withdrawn=False).count()
    say_facts(values={}, withdrawn=COST_KEYS, **by)

    assert (error.value.status, list(error.value.fields)) == (422, ["cost_labour"])
    assert left == len(COST_KEYS)
    assert not DeclaredFact.objects.filter(customer=customer, is_withdrawn=False).exists()


def test_shares_of_cost_are_added_up_as_they_will_stand(desk):
    """Four decimals are kept: thirds that make one before they are cut make less afterwards."""
    manager, customer = desk
    thirds = cost(
        cost_material=Decimal("0.33333"), cost_labour=Decimal("0.33333"),
        cost_rent=Decimal("0.33334"),
    )  # fmt: skip

    with pytest.raises(DomainError) as refusal:
        say_facts(customer_id=customer.pk, values=thirds, word=word(), by=manager)

    assert "99.99" in str(refusal.value.message)
    assert not DeclaredFact.objects.exists()


class TestCostShares(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(0, 100), min_size=7, max_size=7), st.sampled_from((0, 0, 1, -1)))
    def test_only_a_whole_hundred_is_taken(self, cuts, off):
        marks = [0, *sorted(cuts), 100]
        parts = [high - low for low, high in pairwise(marks)]
        parts[parts.index(max(parts))] += off
        manager = make_user("rm")
        customer = make_customer(manager)
        values = {key: Decimal(part) / 100 for key, part in zip(COST_KEYS, parts, strict=True)}

        try:
            say_facts(customer_id=customer.pk, values=values, word=word(), by=manager)
            taken = True
        except DomainError:
            taken = False

        assert taken == (off == 0)
        assert DeclaredFact.objects.filter(customer=customer).exists() == taken


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("repeat_rate", Decimal("1.2")),
        ("soft_reputation", 6),
        ("soft_reputation", Decimal("2.5")),
        ("buyers_region", "moon"),
        ("peak_hours", "noon teatime"),
        ("basket_value", "many"),
        ("basket_value", Decimal("NaN")),
        ("nothing_like_it", 1),
        ("product_plan", ""),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_its_field(desk, key, value):
    manager, customer = desk

    with pytest.raises(DomainError) as refusal:
        say_facts(customer_id=customer.pk, values={key: value}, word=word(), by=manager)

    assert refusal.value.status == 422
    assert key in refusal.value.fields


def test_a_day_to_come_is_refused(desk):
    manager, customer = desk
    tomorrow = Word(timezone.localdate() + timedelta(days=1))

    with pytest.raises(DomainError):
        say_facts(customer_id=customer.pk, values={"repeat_rate": 0.5}, word=tomorrow, by=manager)


def test_two_who_say_different_things_do_not_overwrite_each_other(desk):
    manager, customer = desk
    say(customer, inventory_days=20)
    seen = said_facts(customer=customer, as_of=timezone.localdate(), keys=["inventory_days"])
    marks = {"inventory_days": mark_of(seen["inventory_days"])}
    say(customer, inventory_days=35)

    with pytest.raises(FactClash) as clash:
        say_facts(
            customer_id=customer.pk, values={"inventory_days": 25}, word=word(), by=manager,
            marks=marks,
        )  # fmt: skip
    say_facts(
        customer_id=customer.pk, values={"inventory_days": 35}, word=word(), by=manager, marks=marks
    )

    assert clash.value.current["inventory_days"].value == 35
    assert standing(customer, "inventory_days") == 35


def test_what_is_emptied_counts_no_more(desk):
    manager, customer = desk
    say(customer, local_demand="glut")

    say_facts(
        customer_id=customer.pk, values={}, word=word(), by=manager, withdrawn=["local_demand"]
    )

    found = said_facts(customer=customer, as_of=timezone.localdate(), keys=["local_demand"])
    assert found["local_demand"].value is None


def test_the_best_quality_of_half_a_year_stands_before_a_newer_word(desk):
    _manager, customer = desk
    today = timezone.localdate()
    for days, value, quality in ((170, 30, "verified"), (10, 50, "declared")):
        declare_fact(
            customer_id=customer.pk, key="inventory_days", value=value,
            as_of=today - timedelta(days=days), source="visit", quality=quality, by=None,
        )  # fmt: skip

    keys = ["inventory_days"]

    assert said_facts(customer=customer, as_of=today, keys=keys)["inventory_days"].value == 30
    past = today - timedelta(days=100)
    assert said_facts(customer=customer, as_of=past, keys=keys)["inventory_days"].value == 30
    say(customer, as_of=today, inventory_days=60)
    later = said_facts(customer=customer, as_of=today + timedelta(days=30), keys=keys)
    assert later["inventory_days"].value == 30  # still within 180 days of the newest
    assert said_facts(customer=customer, as_of=today, keys=["repeat_rate"])


def test_only_those_who_may_write_do(desk):
    _manager, customer = desk
    for role in ("auditor", "branch_head"):
        reader = make_user(role, customer.branch)
        with pytest.raises(DomainError) as refusal:
            say_facts(customer_id=customer.pk, values={"repeat_rate": 0.5}, word=word(), by=reader)
        assert refusal.value.status == 403
    with pytest.raises(ObjectDoesNotExist):
        say_facts(
            customer_id=customer.pk, values={"repeat_rate": 0.5}, word=word(), by=make_user("rm")
        )


def settle(**more):
    return {"direction": "in", "mode": "cash", "share": Decimal("0.4"), "term_days": 0,
            "bank": "none"} | more  # fmt: skip


def save(desk, kind, values, **more):
    manager, customer = desk
    return save_entity(
        customer_id=customer.pk, kind=kind, values=values, word=word(), by=manager, **more
    )


def test_a_direction_never_passes_a_hundred(desk):
    save(desk, "settle", settle())
    save(desk, "settle", settle(mode="qr", bank="ours", share=Decimal("0.6")))
    save(desk, "settle", settle(direction="out", share=Decimal("1")))

    with pytest.raises(DomainError) as refusal:
        save(desk, "settle", settle(mode="bill", share=Decimal("0.01")))

    assert "101" in str(refusal.value.message)
    assert SettleMode.objects.count() == 3


def test_the_same_manner_twice_is_refused_in_words(desk):
    save(desk, "settle", settle())

    with pytest.raises(DomainError) as refusal:
        save(desk, "settle", settle(share=Decimal("0.1")))

    assert refusal.value.status == 422
    assert SettleMode.objects.count() == 1


def test_a_change_takes_the_version_it_has_seen(desk):
    row = save(desk, "procure", {"item": "面粉", "mode": "spot"})
    changed = save(desk, "procure", {"every_days": 7}, pk=row.pk, version=1)
    same = save(desk, "procure", {"every_days": 7}, pk=row.pk, version=2)

    with pytest.raises(EntityClash):
        save(desk, "procure", {"every_days": 30}, pk=row.pk, version=1)

    assert (changed.version, same.version) == (2, 2)
    assert ProcureMode.objects.get().every_days == 7


def test_a_change_sent_twice_is_made_once_and_no_clash(desk):
    row = save(desk, "procure", {"item": "面粉", "mode": "spot"})

    once, twice = (save(desk, "procure", {"every_days": 7}, pk=row.pk, version=1) for _ in range(2))

    assert (once.version, twice.version) == (2, 2)


def test_an_ended_manner_makes_room_and_may_hold_again(desk):
    manager, customer = desk
    row = save(desk, "settle", settle(share=Decimal("1")))

    ended = end_entity(customer_id=customer.pk, kind="settle", pk=row.pk, version=1, by=manager)
    again = end_entity(customer_id=customer.pk, kind="settle", pk=row.pk, version=2, by=manager)
    save(desk, "settle", settle(mode="qr", share=Decimal("0.6")))
    again_so = save(desk, "settle", settle(share=Decimal("0.4")))

    assert (ended, again) == (True, False)
    assert again_so.pk == row.pk
    assert (again_so.ended_on, again_so.version) == (None, 3)
    assert SettleMode.objects.count() == 2


def test_a_row_of_another_customer_is_not_there(desk):
    other = make_settle(make_customer())

    with pytest.raises(ObjectDoesNotExist):
        save(desk, "settle", settle(), pk=other.pk, version=1)


def test_a_partner_as_told_takes_share_years_and_contract(desk):
    _manager, customer = desk
    link = make_link(customer)

    save(
        desk, "links",
        {"share": Decimal("0.35"), "years": 4, "has_contract": True, "replaceable": 2},
        pk=link.pk, version=1,
    )  # fmt: skip

    link.refresh_from_db()
    assert (link.share, link.years, link.has_contract) == (Decimal("0.35"), 4, True)
    assert (link.version, link.said_by, link.proof) == (2, "老板娘", "工资表")


def test_a_side_of_the_chain_never_passes_a_hundred(desk):
    """As settlement: the form and the API save through the same service."""
    manager, customer = desk
    make_link(customer, side="supplier", counterparty_name="甲", share="0.7")
    told = {"side": "supplier", "counterparty_name": "乙", "share": Decimal("0.4")}

    with pytest.raises(DomainError) as error:
        save_entity(customer_id=customer.pk, kind="links", values=told, word=word(), by=manager)

    assert "110" in error.value.fields["share"]
    save_entity(
        customer_id=customer.pk, kind="links", values=told | {"side": "buyer"}, word=word(),
        by=manager,
    )  # fmt: skip
