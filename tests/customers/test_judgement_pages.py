"""What is set by hand and what is to be corrected, on the page of the customer (POR-7, b.5)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import CorrectionRequest, GroupOverride, ManualTag
from tests.customers.derive import seed_parameters
from tests.factories import make_customer, make_user


@pytest.fixture
def desk(client):
    """A manager at the page of the one customer."""
    seed_parameters()
    manager = make_user("rm")
    client.force_login(manager)
    return manager, make_customer(manager)


def url(name, customer, *more):
    return reverse(f"customers:{name}", args=[customer.pk, *more])


def soon():
    return (timezone.localdate() + timedelta(days=60)).isoformat()


def test_a_stage_is_set_and_left_to_the_rules_again(desk, client):
    _manager, customer = desk

    client.post(
        url("set_value", customer),
        {"setting": "stage:growth", "reason": "新厂房已投产", "until": soon()},
    )
    shown = client.get(url("judgement", customer)).content.decode()
    client.post(url("end_value", customer, "stage"))

    assert "新厂房已投产" in shown
    assert not GroupOverride.objects.filter(until_on__gt=timezone.localdate()).exists()


def test_an_end_too_far_is_refused_beside_the_form_and_nothing_is_set(desk, client):
    _manager, customer = desk
    far = (timezone.localdate() + timedelta(days=900)).isoformat()

    answer = client.post(
        url("set_value", customer), {"setting": "stage:growth", "reason": "已核实", "until": far}
    )

    assert answer.status_code == 422
    assert "180" in answer.content.decode()
    assert not GroupOverride.objects.exists()


def test_a_tag_goes_on_and_off(desk, client):
    _manager, customer = desk
    tag = {"code": "white_list", "reason": "园区白名单", "until": soon()}

    client.post(url("put_tag", customer), tag)
    shown = client.get(url("judgement", customer)).content.decode()
    client.post(url("take_tag", customer, "white_list"))

    assert "园区白名单" in shown
    assert not ManualTag.objects.filter(until_on__gt=timezone.localdate()).exists()


def test_a_correction_is_asked_for_and_answered_once_por_7(desk, client):
    manager, customer = desk
    asked = {"key": "employees", "held": "8", "wanted": "12", "reason": "工资表为证"}

    client.post(url("ask_correction", customer), asked)
    row = CorrectionRequest.objects.get()
    for accepted, text in (("1", "已更正"), ("0", "不同意")):
        answer = {"is_accepted": accepted, "answer": text}
        client.post(url("correction", customer, row.pk), answer)

    row.refresh_from_db()
    assert (row.due_on - row.asked_on).days == 15
    assert (row.state, row.answer, row.decided_by) == ("accepted", "已更正", manager)


def test_another_manager_neither_sees_nor_answers(desk, client):
    _manager, customer = desk
    asked = {"key": "employees", "wanted": "12", "reason": "工资表为证"}
    client.post(url("ask_correction", customer), asked)
    row = CorrectionRequest.objects.get()
    client.force_login(make_user("rm"))

    answer = {"is_accepted": "1", "answer": "已更正"}
    codes = {
        client.get(url("judgement", customer)).status_code,
        client.post(url("correction", customer, row.pk), answer).status_code,
    }

    row.refresh_from_db()
    assert codes == {404}
    assert row.state == "open"


def test_an_auditor_reads_and_finds_no_form(desk, client):
    _manager, customer = desk
    client.force_login(make_user("auditor"))

    html = client.get(url("judgement", customer)).content.decode()

    assert url("judgement", customer) in html
    assert url("set_value", customer) not in html


def test_the_page_costs_the_same_with_more_rows(desk, client, same_queries):
    _manager, customer = desk
    asked = {"key": "employees", "wanted": "12", "reason": "工资表为证"}
    client.post(url("ask_correction", customer), asked)

    same_queries(
        lambda: client.get(url("judgement", customer)),
        grow=lambda: [
            client.post(url("ask_correction", customer), asked | {"wanted": str(number)})
            for number in range(3)
        ],
    )
