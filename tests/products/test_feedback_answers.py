"""What managers say of matched offers (d.4 step 4): once a day, in reach, counted by week."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.core.errors import DomainError
from products.models import CustomerMatch, MatchFeedback
from products.selectors.feedback import precision_by_product, weeks_until
from products.services.feedback import say_of_offer
from tests.factories import make_branch, make_customer, make_user
from tests.products.factories import make_version
from tests.products.matched import make_match

SUNDAY = date(2026, 11, 22)


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def match(rm):
    return make_match(make_customer(rm), make_version())


def said(match, by, answer="fits", **fields):
    return say_of_offer(
        customer_id=match.customer_id, version_id=match.top[0], answer=answer, by=by, **fields
    )


def test_a_second_answer_on_the_same_day_replaces_the_first(match, rm):
    said(match, rm)
    row = said(match, rm, "wrong", reason="price", note=" 太\x00贵 ")

    assert MatchFeedback.objects.count() == 1
    assert (row.answer, row.reason, row.note, row.on) == (
        "wrong", "price", "太贵", timezone.localdate()
    )  # fmt: skip


def test_the_same_answer_twice_is_one_row_and_another_day_another(match, rm):
    first, again = said(match, rm), said(match, rm)
    MatchFeedback.objects.update(on=timezone.localdate() - timedelta(days=1))
    said(match, rm)

    assert first.pk == again.pk
    assert MatchFeedback.objects.count() == 2


def test_the_tables_are_read_in_the_order_in_which_a_full_run_swaps_them(match, rm):
    """The other way round an answer during the swap waits for the run, and the run for it."""
    with CaptureQueriesContext(connection) as queries:
        said(match, rm)

    read = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    tables = ("products_offerfit", "products_customermatch")
    first, second = (next(no for no, sql in enumerate(read) if table in sql) for table in tables)
    assert first < second


def test_the_answer_keeps_the_score_and_the_book_it_was_given_on(match, rm):
    row = said(match, rm)

    assert row.book_number == match.book_number
    assert row.score >= 50


@pytest.mark.parametrize(
    "given", [{"answer": ""}, {"answer": "maybe"}, {"answer": "wrong"},
              {"answer": "wrong", "reason": "weather"}]
)  # fmt: skip
def test_what_makes_no_sense_is_refused(match, rm, given):
    with pytest.raises(DomainError):
        said(match, rm, **given)

    assert not MatchFeedback.objects.exists()


def test_an_offer_that_does_not_fit_cannot_be_answered_on(match, rm):
    with pytest.raises(DomainError):
        say_of_offer(
            customer_id=match.customer_id, version_id=make_version().pk, answer="fits", by=rm
        )


def test_another_managers_customer_is_not_there(match):
    with pytest.raises(CustomerMatch.DoesNotExist):
        said(match, make_user("rm"))


def make_answers(customer, version, by, on, **numbers):
    for answer, number in numbers.items():
        for back in range(number):
            MatchFeedback.objects.create(
                customer=customer, version=version, book_number=1, score=60, answer=answer,
                reason="" if answer == "fits" else "price", by=by, on=on - timedelta(days=back),
            )  # fmt: skip


def test_precision_counts_judgements_by_product_and_week(rm):
    version = make_version()
    customer = make_customer(rm)
    for number, answer in enumerate(("fits", "fits", "fits", "wrong", "not_now")):
        make_answers(make_customer(rm), version, rm, SUNDAY, **{answer: 1})
        assert number < 5
    make_answers(customer, version, rm, SUNDAY - timedelta(weeks=1), wrong=1)

    (row,) = precision_by_product(user=rm, until=SUNDAY)

    assert (row.fits, row.not_now, row.wrong) == (3, 1, 2)
    assert row.precision == pytest.approx(3 / 5)
    assert row.weeks[-2:] == [0, 3 / 4]
    assert row.weeks[:-2] == [None] * 10
    assert sum(number for _label, number in row.reasons) == 3


def test_weeks_start_on_mondays():
    mondays = weeks_until(SUNDAY)

    assert mondays[-1] == date(2026, 11, 16)
    assert all(day.weekday() == 0 for day in mondays)
    assert len(mondays) == 12


def test_answers_are_counted_within_reach_and_for_the_bank_by_who_maintains_it():
    branch = make_branch()
    near, far = make_user("rm", branch), make_user("rm")
    for user in (near, far):
        make_answers(make_customer(user), make_version(), user, SUNDAY, fits=1)

    readers = {
        "rm": near,
        "branch_head": make_user("branch_head", branch),
        "catalog_admin": make_user("catalog_admin"),
        "auditor": make_user("auditor"),
    }

    counted = {}
    for role, user in readers.items():
        found = type(user).objects.get(pk=user.pk)  # units made meanwhile may have moved it
        rows = precision_by_product(user=found, until=SUNDAY)
        counted[role] = sum(row.answers for row in rows)

    assert counted == {"rm": 1, "branch_head": 1, "catalog_admin": 2, "auditor": 2}


def test_the_precision_page_opens_and_costs_the_same(client, rm, same_queries):
    client.force_login(rm)
    today = timezone.localdate()

    def grow():
        make_answers(make_customer(rm), make_version(), rm, today, fits=1)

    grow()

    same_queries(lambda: client.get("/products/precision/matches/"), grow=grow)
