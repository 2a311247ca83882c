"""How full the categories are: by hand, and for many at once (SEV-1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.ledger.categories import BY_NO, CATEGORIES
from customers.models import DeclaredFact, GradeReturn, LedgerCover
from customers.selectors.ledger import coverage, weakest, weakest_two
from customers.services.ledger_cover import (
    cover_parts,
    store_covers,
    store_grade_returns,
    store_range,
)
from tests.customers.ledger.rows import make_link, make_procure, make_settle, say
from tests.factories import make_customer, make_portrait


def shares(customer, **options):
    return [one.share for one in coverage(customer_ids=[customer.pk], **options)[customer.pk]]


def test_nothing_known_is_nothing_full():
    customer = make_customer()

    cover = coverage(customer_ids=[customer.pk])[customer.pk]

    assert [one.no for one in cover] == [1, 2, 3, 4, 5, 6, 7]
    assert {one.share for one in cover} == {0}
    assert {one.checked_on for one in cover} == {None}


def test_shares_are_weights_known_of_weights_asked():
    """Category 2 weighs 3+3+1+1+1+1, category 3 weighs 3+2+2+1+1+1+1."""
    customer = make_customer()
    make_link(customer, term_days=30)
    make_procure(customer)
    make_settle(customer)
    say(customer, inventory_days=20)

    found = shares(customer)

    assert found[1] == pytest.approx(0.4)  # buyers 3 and terms 1 of 10
    assert found[2] == pytest.approx(0.54)  # 3 + 2 + 1 of 11, rounded down to a percent


def test_the_cost_shares_count_only_together():
    customer = make_customer()
    keys = CATEGORIES[4].asks[0].facts
    say(customer, **dict.fromkeys(keys[:7], 0.125))
    before = shares(customer)[4]

    say(customer, **{keys[7]: 0.125})

    assert (before, shares(customer)[4]) == (0, pytest.approx(0.4))  # 4 of 10


def test_our_own_data_answer_too():
    customer = make_customer(relation_state="existing")
    make_portrait(
        customer, contribution_12m=1_000, sales_month_12m=10_000, return_rate_12m=0.01,
        top1_buyer_share_12m=0.4, last_activity_on=timezone.localdate(),
    )  # fmt: skip

    found = coverage(customer_ids=[customer.pk])[customer.pk]

    assert found[0].share == pytest.approx(0.42)  # 3 of 3 + 2 + 2: no loan, no grade asked
    assert found[1].share == pytest.approx(0.3)
    assert found[3].share == pytest.approx(0.4)  # months 3 and returns 1 of 10
    assert found[3].checked_on == timezone.localdate()


def test_consumers_are_not_asked_of_those_who_sell_to_makers():
    customer = make_customer()
    make_portrait(customer, chain_position="upstream")

    cover = coverage(customer_ids=[customer.pk])[customer.pk]

    assert not cover[6].is_asked
    assert 7 not in [one.no for one in weakest(cover)]


def test_what_was_withdrawn_or_ended_does_not_count():
    customer = make_customer()
    make_settle(customer, ended_on=timezone.localdate())
    say(customer, inventory_days=20)
    DeclaredFact.objects.filter(customer=customer).update(is_withdrawn=True)

    assert shares(customer)[2] == 0


def test_a_past_day_knows_what_was_told_by_then():
    customer, today = make_customer(), timezone.localdate()
    say(customer, as_of=today - timedelta(days=40), inventory_days=20)
    say(customer, as_of=today, payable_days=20)
    make_settle(customer, as_of=today - timedelta(days=60), ended_on=today - timedelta(days=10))

    assert shares(customer)[2] == pytest.approx(0.18)
    assert shares(customer, as_of=today - timedelta(days=30))[2] == pytest.approx(0.27)
    assert shares(customer, as_of=today - timedelta(days=50))[2] == pytest.approx(0.18)


def test_the_two_weakest_come_first_and_of_equals_the_one_checked_longest_ago():
    customer, today = make_customer(), timezone.localdate()
    make_link(customer)
    make_procure(customer)
    say(customer, as_of=today, basket_value=30, product_plan="收款码")
    say(customer, as_of=today - timedelta(days=90), repeat_buyer_share=0.5)

    cover = coverage(customer_ids=[customer.pk])[customer.pk]

    assert [one.no for one in weakest_two(cover)] == [5, 6]
    assert [one.no for one in weakest(cover)][2:4] == [7, 4]  # 2 of 11, then 2 of 10


def test_many_customers_cost_one_query(django_assert_num_queries):
    customers = [make_customer() for _ in range(6)]
    for customer in customers:
        say(customer, inventory_days=20)

    with django_assert_num_queries(1):
        found = coverage(customer_ids=[one.pk for one in customers])

    assert set(found) == {one.pk for one in customers}


def test_the_stored_cover_says_what_the_facts_say():
    customer, other = make_customer(), make_customer()
    make_link(customer, replaceable=2)
    say(other, fixed_cost_month=10_000)

    first = store_covers(customer_ids=[customer.pk])
    again = store_covers(customer_ids=[customer.pk])
    for part in cover_parts():
        store_range(**part)

    row = LedgerCover.objects.get(pk=customer.pk)
    assert (first, again) == (1, 0)
    assert row.share_2 == 40
    assert row.on_2 == timezone.localdate()
    assert LedgerCover.objects.get(pk=other.pk).share_5 == 20


def test_a_grade_returns_what_its_borrowers_brought_for_what_they_owe():
    today = timezone.localdate()
    for grade, balance, brought in (("A1", 100_000, 2_000), ("A1", 300_000, 2_000), (None, 0, 50)):
        make_portrait(
            make_customer(), credit_grade=grade, loan_balance=balance, contribution_12m=brought
        )

    store_grade_returns(as_of=today)
    store_grade_returns(as_of=today)

    row = GradeReturn.objects.get()
    assert (row.grade, row.customers, row.rate) == ("A1", 2, pytest.approx(0.01))


def test_every_fact_belongs_to_the_category_that_asks_for_it():
    assert "inventory_days" in BY_NO[3].fact_keys
    assert "soft_reputation" in BY_NO[6].fact_keys
    assert all(category.fact_keys for category in CATEGORIES)
