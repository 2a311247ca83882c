"""After a visit somebody is to ask how content the customer was (CARE-4)."""

from datetime import date, timedelta

import pytest

from crm.core.errors import DomainError
from marketing.models import CareTask, Satisfaction
from marketing.services.care import close_care_task
from marketing.services.satisfaction import ask_after_visit, record_mark
from marketing.services.visits import log_visit
from tests.factories import make_customer, make_user
from tests.marketing.factories import load_rules
from tests.marketing.test_visits_service import AT, DAY, entry


@pytest.fixture(autouse=True)
def rules():
    load_rules()


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def customer(rm):
    return make_customer(rm)


def visit(rm, customer, days=0):
    shift = timedelta(days=days)
    told = entry(
        customer, started_at=AT + shift - timedelta(minutes=30), ended_at=AT + shift,
        next_on=DAY + shift + timedelta(days=7),
    )  # fmt: skip
    return log_visit(entry=told, by=rm, at=AT + shift)


def asks(customer):
    return CareTask.objects.filter(customer=customer, kind="satisfaction")


def test_a_saved_visit_asks_for_a_mark_within_five_working_days(rm, customer):
    """Five working days after Monday 16 November 2026 are Monday the 23rd."""
    made = visit(rm, customer)

    ask = asks(customer).get()
    assert (ask.state, ask.owner, ask.due_on) == ("open", rm, date(2026, 11, 23))
    assert ask.reasons[0]["inputs"] == {"visit": made.pk, "on": "2026-11-16"}


def test_a_visit_sent_twice_and_a_call_twice_ask_once(rm, customer, rules_of_the_day):
    told = entry(customer)
    made = log_visit(entry=told, by=rm, at=AT)

    log_visit(entry=told, by=rm, at=AT)
    ask_after_visit(made, rules=rules_of_the_day)

    assert asks(customer).count() == 1


@pytest.fixture
def rules_of_the_day(rules):
    from crm.core.parameters import parameters

    return parameters(DAY)


def test_a_later_visit_moves_the_open_question_to_itself(rm, customer):
    visit(rm, customer)
    later = visit(rm, customer, days=2)

    ask = asks(customer).get()
    assert ask.reasons[0]["inputs"]["visit"] == later.pk
    assert ask.due_on == date(2026, 11, 23)


def test_the_mark_answers_the_question(rm, customer):
    made = visit(rm, customer)

    record_mark(
        customer_id=customer.pk, after="visit", mark=4, by=rm, subject=f"visit-{made.pk}",
        note="很周到", on=DAY,
    )  # fmt: skip

    ask = asks(customer).get()
    assert (ask.state, ask.outcome) == ("done", "4/5 很周到")
    assert Satisfaction.objects.get().subject == f"visit-{made.pk}"


def test_nobody_is_asked_again_within_thirty_days_of_a_mark(rm, customer):
    made = visit(rm, customer)
    record_mark(
        customer_id=customer.pk, after="visit", mark=5, by=rm, subject=f"visit-{made.pk}", on=DAY
    )

    visit(rm, customer, days=1)
    assert asks(customer).filter(state="open").count() == 0

    ask = CareTask.objects.get()
    Satisfaction.objects.update(on=DAY - timedelta(days=40))
    visit(rm, customer, days=3)
    assert asks(customer).exclude(pk=ask.pk).get().state == "open"


def test_a_question_that_was_dropped_is_not_asked_again_of_the_same_visit(
    rm, customer, rules_of_the_day
):
    made = visit(rm, customer)
    close_care_task(task_id=asks(customer).get().pk, by=rm, outcome="联系不上", is_dropped=True)

    assert ask_after_visit(made, rules=rules_of_the_day) is None
    assert asks(customer).count() == 1


@pytest.mark.parametrize(
    ("told", "mark", "note"),
    [
        ("4", 4, ""),
        ("5分，很周到", 5, "很周到"),
        ("3/5 等太久", 3, "等太久"),
        ("2 嫌慢", 2, "嫌慢"),
    ],
)
def test_done_on_the_workbench_with_the_mark_first(rm, customer, told, mark, note):
    visit(rm, customer)

    task = close_care_task(task_id=asks(customer).get().pk, by=rm, outcome=told)

    row = Satisfaction.objects.get()
    assert (row.mark, row.note, task.state) == (mark, note, "done")
    close_care_task(task_id=task.pk, by=rm, outcome="1")
    assert Satisfaction.objects.get().mark == mark


@pytest.mark.parametrize("told", ["满意", "45", "4.5", "0", "6 分"])
def test_done_without_a_mark_is_refused_with_a_sentence(rm, customer, told):
    visit(rm, customer)

    with pytest.raises(DomainError, match="评分") as error:
        close_care_task(task_id=asks(customer).get().pk, by=rm, outcome=told)

    assert error.value.status == 422
    assert asks(customer).get().state == "open"


def test_a_customer_not_to_be_contacted_is_not_asked(rm):
    customer = make_customer(rm, is_do_not_contact=True)

    visit(rm, customer)

    assert not asks(customer).exists()


def test_the_page_of_the_visit_asks_for_the_mark_and_then_shows_it(client, rm, customer):
    made = visit(rm, customer)
    client.force_login(rm)

    html = client.get(made.get_absolute_url()).content.decode()
    link = f"/marketing/care/customers/{customer.pk}/mark/?subject=visit-{made.pk}"
    assert link in html
    assert f'value="visit-{made.pk}"' in client.get(link).content.decode()

    client.post(
        link,
        {"mark": "4", "after": "visit", "family": "", "note": "", "subject": f"visit-{made.pk}"},
    )
    assert Satisfaction.objects.get().mark == 4
    html = client.get(made.get_absolute_url()).content.decode()
    assert link not in html and "4/5" in html
