"""A customer changes hands: promises and next steps of visits go along, and are said once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.models import JobRange, Task
from crm.core.services.task import add_task
from customers.services.assignment import assign_customers
from marketing.models import QueueMark
from marketing.queue.sources import FOLLOW_UP, PROMISED
from marketing.selectors.queue import QueueQuery, queue_page
from marketing.selectors.queue_words import told_items
from marketing.services.visits_follow import follow_customers, settle
from tests.factories import make_customer, make_user
from tests.marketing.factories import load_rules, make_visit


@pytest.fixture(autouse=True)
def rules():
    load_rules()


@pytest.fixture
def rm():
    return make_user("rm", full_name="李娜")


@pytest.fixture
def other(rm):
    return make_user("rm", rm.branch)


@pytest.fixture
def lead(rm):
    return make_user("team_lead", rm.branch)


def visited(customer, *, days=3, **fields):
    """A visit some days ago, with the to-do its promise leaves."""
    at = timezone.now() - timedelta(days=days)
    visit = make_visit(customer, at=at, **fields)
    if visit.promise:
        add_task(
            PROMISED, owner=visit.manager, params={"name": customer.name, "promise": visit.promise},
            due_on=visit.promise_on, link=reverse("marketing:visit", args=[visit.pk]),
            unique_key=str(visit.pk),
        )  # fmt: skip
    return visit


def hand_over(customer, to, lead, run_jobs):
    assign_customers(customer_ids=[customer.pk], manager_id=to.pk, by=lead, reason="调岗")
    run_jobs()
    assert not JobRange.objects.exclude(state="done").exists()


def listed(user):
    """The sentences of the user's queue, by source."""
    today = timezone.localdate()
    page = queue_page(user=user, query=QueueQuery(), today=today)
    told = told_items(page.items, user=user, today=today)
    return [(one.item.source.key, one.sentence) for one in told]


def test_a_promise_and_the_next_step_stand_in_the_next_managers_list(rm, other, lead, run_jobs):
    customer = make_customer(rm, name="恒丰五金")
    soon = timezone.localdate() + timedelta(days=1)
    visited(customer, promise="带利率方案", promise_on=soon, next_step="送开户资料", next_on=soon)
    assert [source for source, _said in listed(rm)] == ["promise", "follow_up"]

    hand_over(customer, other, lead, run_jobs)

    promise, step = listed(other)
    assert promise[0] == "promise" and "李娜" in promise[1] and "带利率方案" in promise[1]
    assert step[0] == "task"
    assert all(word in step[1] for word in ("恒丰五金", "李娜", "送开户资料"))
    assert listed(rm) == []


def test_a_second_run_and_a_second_hand_over_double_nothing(rm, other, lead, run_jobs):
    customer = make_customer(rm)
    visited(customer, next_step="", promise="报价", promise_on=timezone.localdate())
    hand_over(customer, other, lead, run_jobs)

    again = follow_customers(customer_ids=[customer.pk], today=timezone.localdate())
    third = make_user("rm", rm.branch)
    hand_over(customer, third, lead, run_jobs)

    assert again == 0
    assert listed(other) == []
    assert sorted(source for source, _said in listed(third)) == ["promise", "task"]
    assert Task.objects.filter(state="open").count() == 2


def test_handed_back_the_next_step_is_the_visits_own_again(rm, other, lead, run_jobs):
    customer = make_customer(rm)
    visited(customer)
    hand_over(customer, other, lead, run_jobs)
    hand_over(customer, rm, lead, run_jobs)

    assert [source for source, _said in listed(rm)] == ["follow_up"]
    assert listed(other) == []


def test_what_was_done_or_lies_long_back_is_not_handed_over(rm, other, lead, run_jobs):
    done, old = make_customer(rm), make_customer(rm)
    visit = visited(done)
    QueueMark.objects.create(
        owner=rm, source=FOLLOW_UP.key, ref=str(visit.pk), kind=QueueMark.Kind.DONE
    )
    visited(old, days=121)  # queue.look_back_days is 120

    for customer in (done, old):
        hand_over(customer, other, lead, run_jobs)

    assert listed(other) == []


def test_a_new_visit_does_what_was_taken_over(rm, other, lead, run_jobs):
    customer = make_customer(rm)
    visited(customer)
    hand_over(customer, other, lead, run_jobs)
    customer.refresh_from_db()

    settle(visit=visited(customer, days=0, by=other))

    assert list(Task.objects.values_list("state", "closed_by")) == [("done", other.pk)]
