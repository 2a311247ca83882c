"""One phone screen before the door opens: what stands on it, who may see it, what it costs."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.core.models import RuleParameter
from crm.core.services.reference import load_reference
from customers.models import Holding
from marketing.models import Complaint, CoordinationItem
from marketing.selectors import brief_peers
from marketing.selectors.brief import brief_of
from tests.factories import make_customer, make_portrait, make_user
from tests.marketing.factories import make_opportunity, make_visit
from tests.products.suggested import make_suggestion


@pytest.fixture(autouse=True)
def rules():
    if not RuleParameter.objects.filter(key="plan.capacity_day").exists():
        load_reference()


@pytest.fixture
def customer():
    found = make_customer(make_user("rm"), name="恒丰精密五金厂")
    make_portrait(
        found, stage="growth", tier="B", completeness=48.0, competitor_lender="江海村镇银行",
        competitor_amount=300_000.0, competitor_rate=0.039,
    )  # fmt: skip
    return found


def url(customer):
    return f"/marketing/brief/{customer.pk}/"


def test_the_brief_tells_who_what_was_promised_and_what_is_open(client, customer):
    """VIS-7"""
    today = timezone.localdate()
    make_visit(customer, promise="送利率单", promise_on=today - timedelta(days=1))
    make_opportunity(customer, next_action="收资料")
    make_suggestion(customer)
    Holding.objects.create(
        customer=customer, contract_no="D1", family="deposit", opened_on=date(2024, 1, 1),
        balance_amount=42_000,
    )  # fmt: skip
    CoordinationItem.objects.create(
        customer=customer, list_no="2026-11", kind="declared", received_on=today, due_on=today
    )
    client.force_login(customer.manager)

    html = client.get(url(customer)).content.decode()

    for told in ("成长期", "送利率单", "门店客流稳定", "收资料", "存款", "4.2 万元", "江海村镇银行",
                 "2026-11", "七大数据中最薄弱", "完整度"):  # fmt: skip
        assert told in html, told
    assert "bad-text" in html  # the promise is late


def test_the_two_weakest_categories_are_those_of_the_ledger(customer):
    brief = brief_of(user=customer.manager, customer_id=customer.pk, as_of=timezone.localdate())

    assert len(brief.weakest) == 2
    assert brief.weakest[0].share <= brief.weakest[1].share


def test_an_open_complaint_stands_above_all_else(client, customer):
    """CARE-5: an open complaint stops marketing."""
    today = timezone.localdate()
    Complaint.objects.create(
        customer=customer, kind="service", text="等了两个小时", received_on=today, due_on=today,
        owner=customer.manager,
    )  # fmt: skip
    client.force_login(customer.manager)

    html = client.get(url(customer)).content.decode()

    assert html.index("等了两个小时") < html.index("先问")


def test_a_customer_without_a_portrait_has_a_brief_too(client):
    customer = make_customer(make_user("rm"))
    client.force_login(customer.manager)

    answer = client.get(url(customer))

    assert answer.status_code == 200
    assert "画像尚未生成" in answer.content.decode()


def test_another_managers_customer_is_not_there(client, customer):
    """k.13"""
    client.force_login(make_user("rm"))

    assert client.get(url(customer)).status_code == 404
    assert client.get(f"/api/v1/visit-briefs/{customer.pk}/").status_code == 404


def test_an_auditor_reads_bands(client, customer):
    client.force_login(make_user("auditor"))

    html = client.get(url(customer)).content.decode()

    assert "江海村镇银行" in html
    assert "30 万元 · 3.9%" not in html


def test_more_of_everything_costs_the_same_queries(client, customer, same_queries):
    make_visit(customer)
    make_opportunity(customer)
    client.force_login(customer.manager)

    def grow():
        for no in range(6):
            make_visit(customer, at=timezone.now() - timedelta(days=no + 3), promise="再来")
        make_opportunity(customer, family="deposit")
        make_suggestion(customer)

    same_queries(lambda: client.get(url(customer)), grow=grow)


def test_the_api_tells_the_same(client, customer):
    client.force_login(customer.manager)

    brief = client.get(f"/api/v1/visit-briefs/{customer.pk}/").json()

    assert brief["name"] == "恒丰精密五金厂"
    assert len(brief["weakest"]) == 2
    assert brief["questions"][0]["text"]
    assert brief["rivals"] == ["在江海村镇银行有贷款 · 30 万元 · 3.9%"]


def test_the_customer_page_leads_to_the_brief(client, customer):
    client.force_login(customer.manager)

    assert url(customer) in client.get(customer.get_absolute_url()).content.decode()


def test_the_page_costs_at_most_twenty_queries(client, customer, django_assert_max_num_queries):
    """Field pages stay within their budget, the first time in a process too."""
    make_visit(customer, promise="送利率单", promise_on=timezone.localdate())
    make_opportunity(customer)
    make_suggestion(customer)
    brief_peers._kept.clear()
    client.force_login(customer.manager)

    with django_assert_max_num_queries(20):
        answer = client.get(url(customer))

    assert answer.status_code == 200
