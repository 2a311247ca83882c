"""The ledger of a past day is what was known then, whatever was told, changed or computed since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.core.parameters import parameters
from customers.models import ChainLink, DeclaredFact, LedgerPast, PortraitVersion, SettleMode
from customers.selectors.ledger import coverage
from customers.selectors.ledger_page import ledger_of
from customers.services.ledger import Word, say_facts
from tests.customers.derive import seed_parameters
from tests.customers.ledger.rows import make_link, make_procure, make_settle, say
from tests.factories import make_customer, make_portrait, make_user

TODAY = timezone.localdate()


def ago(days):
    return TODAY - timedelta(days=days)


def shares(customer, **options):
    return [one.share for one in coverage(customer_ids=[customer.pk], **options)[customer.pk]]


def ledger(customer, days, portrait=None):
    return ledger_of(
        customer=customer, portrait=portrait, as_of=ago(days), limits=parameters(ago(days)),
        is_past=True,
    )  # fmt: skip


def keep(customer, days, number, **columns):
    now = timezone.now()
    PortraitVersion.objects.create(
        customer=customer, as_of=ago(days), version_no=number, computed_at=now, trigger="edit",
        parameters="", **columns,
    )  # fmt: skip


@pytest.fixture
def customer():
    seed_parameters()
    return make_customer(make_user("rm"))


def test_our_own_data_of_today_fill_no_share_of_a_past_day(customer):
    """Suppliers and buyers: 6 of 10 by invoices, known since yesterday's portrait only."""
    keep(customer, 40, 1, chain_position="unknown")
    known = {"top1_supplier_share_12m": 0.4, "top1_buyer_share_12m": 0.3}
    keep(customer, 1, 2, chain_position="unknown", **known)
    portrait = make_portrait(customer, chain_position="unknown", **known)

    assert shares(customer)[1] == pytest.approx(0.6)
    assert shares(customer, as_of=ago(30))[1] == 0
    assert ledger(customer, 30).cover[1].share == 0
    assert ledger(customer, 30, portrait).cover[1].share == pytest.approx(0.6)  # as it is given


def test_a_customer_that_came_later_was_a_prospect_then():
    """Income of the relation (3) is asked of holders only: nothing else of category 1 is then."""
    seed_parameters()
    customer = make_customer(relation_state="existing", customer_since=ago(10))
    keep(customer, 40, 1, contribution_12m=100.0)

    then = coverage(customer_ids=[customer.pk], as_of=ago(5))[customer.pk][0]
    before = coverage(customer_ids=[customer.pk], as_of=ago(20))[customer.pk][0]

    assert (then.share, before.share) == (pytest.approx(0.42), 0)  # 3 of 7; 0 of 4


def test_a_row_changed_since_stands_as_it_was(customer):
    row = make_link(customer, as_of=ago(60), term_days=30)
    row.term_days, row.as_of = 90, ago(10)
    row.save()

    assert [one.term_days for one in ledger(customer, 30).links] == [30]
    assert [one.term_days for one in ledger(customer, 5).links] == [90]
    assert ledger(customer, 70).links == []
    assert shares(customer, as_of=ago(30))[1] == shares(customer, as_of=ago(5))[1] > 0


def test_a_row_gone_since_stood_then(customer):
    row = make_link(customer, as_of=ago(60))
    row.delete()

    assert [one.counterparty_name for one in ledger(customer, 30).links] == ["上海买方"]
    assert not ChainLink.objects.exists() and shares(customer)[1] == 0
    assert shares(customer, as_of=ago(30))[1] == pytest.approx(0.3)


def test_every_state_of_a_row_stands_in_its_own_time(customer):
    row = make_settle(customer, as_of=ago(90), share="0.5")
    for days, share in ((60, "0.6"), (30, "0.7")):
        row.share, row.as_of = share, ago(days)
        row.save()

    told = {
        days: [str(one.share) for one in ledger(customer, days).settle] for days in (95, 75, 45, 15)
    }
    assert told == {95: [], 75: ["0.500000"], 45: ["0.600000"], 15: ["0.700000"]}


def test_a_row_that_ended_and_holds_again_was_gone_between(customer):
    row = make_procure(customer, as_of=ago(90), ended_on=ago(60))
    row.as_of, row.ended_on = ago(30), None
    row.save()

    held = {days: len(ledger(customer, days).procure) for days in (75, 45, 15)}
    assert held == {75: 1, 45: 0, 15: 1}


def test_a_word_taken_back_was_never_said(customer):
    """An import that is undone puts the row back under its old day: it counts once."""
    row = make_settle(customer, as_of=ago(60), share="0.5")
    SettleMode.objects.update(share="0.9", as_of=ago(10))
    SettleMode.objects.update(share="0.5", as_of=ago(60))

    assert LedgerPast.objects.count() == 1
    assert [one.pk for one in ledger(customer, 30).settle] == [row.pk]


def test_put_right_on_its_own_day_leaves_no_past(customer):
    row = make_settle(customer, as_of=ago(60), share="0.5")
    row.share = "0.4"
    row.save()

    assert not LedgerPast.objects.exists()


def test_a_customer_that_goes_is_not_held_back_by_its_past(customer):
    make_link(customer, as_of=ago(60)).delete()
    make_link(customer, as_of=ago(50))

    customer.delete()

    assert not ChainLink.objects.exists()


def withdraw(customer, *keys):
    say_facts(
        customer_id=customer.pk, values={}, word=Word(TODAY), by=customer.manager, withdrawn=keys
    )


def test_a_fact_withdrawn_since_stood_until_then(customer):
    say(customer, as_of=ago(60), inventory_days=20, payable_days=30)
    DeclaredFact.objects.update(recorded_at=timezone.now() - timedelta(days=60))

    withdraw(customer, "inventory_days")

    past, today = ledger(customer, 30), ledger(customer, 0)
    shown = {one.fact.key: one.value for one in past.sections[3].said if one.row}
    assert shown == {"inventory_days": 20, "payable_days": 30}
    assert [one.fact.key for one in today.sections[3].said if one.row] == ["payable_days"]
    assert past.cover[2].share == shares(customer, as_of=ago(30))[2] == pytest.approx(0.18)
    assert shares(customer)[2] == shares(customer, as_of=TODAY)[2] == pytest.approx(0.09)
    assert ledger(customer, 70).cover[2].share == 0


def test_a_slip_taken_back_on_the_day_it_was_written_was_never_said(customer):
    say(customer, as_of=ago(60), inventory_days=20)

    withdraw(customer, "inventory_days")

    assert not LedgerPast.objects.exists()
    assert ledger(customer, 30).cover[2].share == 0


def test_a_fact_said_again_and_withdrawn_again_stands_in_both_its_times(customer):
    say(customer, as_of=ago(60), inventory_days=20)
    DeclaredFact.objects.update(recorded_at=timezone.now() - timedelta(days=60))
    withdraw(customer, "inventory_days")
    say(customer, as_of=ago(60), inventory_days=25)
    withdraw(customer, "inventory_days")

    assert LedgerPast.objects.count() == 2
    assert ledger(customer, 30).sections[3].said[0].value == 25
