"""Suggestions on their pages: scope on every surface, words, filters, pages, constant queries."""

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.selectors.keyset import Place
from products.models import Suggestion
from products.selectors import suggestions as selectors
from products.selectors.suggestion_words import SENTENCES, said
from tests.factories import make_branch, make_customer, make_user
from tests.products.factories import make_product, make_version
from tests.products.suggested import make_rules, make_suggestion

URL = "/products/suggestions/"
FRAGMENT = {"HX-Request": "true"}
READERS = ("rm", "team_lead", "branch_head", "risk_officer", "auditor")


@pytest.fixture
def rm():
    make_rules()
    return make_user("rm")


def panel(client, customer):
    return client.get(reverse("customers:panel", args=[customer.pk, "products.suggestions"]))


def surfaces(client, suggestion):
    """Every place that may name the customer of a suggestion."""
    yield client.get(URL).content.decode()
    yield client.get("/home/products.suggestions/").content.decode()
    yield client.get("/api/v1/suggestions/").content.decode()
    yield client.get(f"/api/v1/suggestions/{suggestion.pk}/").content.decode()
    yield client.get(reverse("products:suggestion_receipt", args=[suggestion.pk])).content.decode()
    yield panel(client, suggestion.customer).content.decode()
    yield client.get("/products/precision/").content.decode()


def test_no_surface_shows_a_manager_those_of_others(client, rm):
    other = make_user("rm", make_branch())
    mine = make_suggestion(make_customer(rm, name="我的机械厂"))
    theirs = make_suggestion(make_customer(other, name="别家食品厂"))
    client.force_login(rm)

    own = list(surfaces(client, mine))
    foreign = list(surfaces(client, theirs))

    assert sum("我的机械厂" in html for html in own) >= 5
    assert not any("别家食品厂" in html for html in own + foreign)


@pytest.mark.parametrize("role", [*READERS, "catalog_admin", "sys_admin"])
def test_who_may_look_sees_the_list_and_only_the_manager_may_answer(client, rm, role):
    suggestion = make_suggestion(make_customer(rm, name="测试机械厂"))
    reader = rm if role == "rm" else make_user(role, rm.branch)
    client.force_login(reader)

    response = client.get(URL)
    box = panel(client, suggestion.customer)

    assert response.status_code == (200 if role in READERS else 403)
    assert ("测试机械厂" in response.content.decode()) == (role in READERS)
    if role in READERS:
        accept = reverse("products:suggestion_accept", args=[suggestion.pk])
        assert (accept in box.content.decode()) == (role == "rm")


def test_looking_as_auditor_changes_nothing_and_shows_bands(client, rm):
    suggestion = make_suggestion(make_customer(rm), expected_amount=12_345)
    client.force_login(make_user("auditor"))

    html = client.get(URL).content.decode() + panel(client, suggestion.customer).content.decode()

    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.seen_at) == ("new", None)
    assert "1-5万" in html
    assert "12,345" not in html and "1.2 万" not in html


def test_what_is_shown_to_its_manager_is_seen(client, rm):
    customer = make_customer(rm)
    suggestion = make_suggestion(customer)
    client.force_login(rm)

    panel(client, customer)

    suggestion.refresh_from_db()
    assert suggestion.state == "seen"


def test_the_panel_says_why_what_it_is_worth_and_until_when(client, rm):
    customer = make_customer(rm)
    version = make_version(make_product(family="payroll", name_zh="代发工资"))
    why = {"code": "push_inflow_up", "inputs": {"inflow_trend": 0.24}, "weight": 0.1}
    make_suggestion(customer, version=version, reasons=[why], chance=0.31, expected_amount=881)
    client.force_login(rm)

    html = panel(client, customer).content.decode()

    for words in ("代发工资", "31%", "回款较上年同期上升 24%。", "881 元", "转商机", "价格高"):
        assert words in html


def test_the_receipt_unfolds_with_parts_and_versions(client, rm):
    suggestion = make_suggestion(make_customer(rm), model=3)
    client.force_login(rm)
    url = reverse("products:suggestion_receipt", args=[suggestion.pk])

    html = client.get(url, headers=FRAGMENT).content.decode()
    page = client.get(url).content.decode()

    for words in ("900 元", "570 元", "倾向模型 v3", "预期损失"):
        assert words in html
    assert "<html" not in html and "<html" in page


def test_the_fragment_is_the_moving_part_of_the_same_address(client, rm):
    make_suggestion(make_customer(rm, name="测试机械厂"))
    client.force_login(rm)

    html = client.get(URL, headers=FRAGMENT).content.decode()

    assert "测试机械厂" in html
    assert "<html" not in html


def test_filters_by_family_product_manager_and_expiry(client, rm):
    second = make_user("rm", rm.branch)
    head = make_user("branch_head", rm.branch)
    rm.refresh_from_db()
    soon = timezone.localdate() + timedelta(days=3)
    loan = make_suggestion(make_customer(rm, name="甲厂"), family="working_capital_loan")
    make_suggestion(make_customer(second, name="乙厂"), family="payroll", expires_on=soon)
    client.force_login(head)

    def names(query):
        html = client.get(URL + query).content.decode()
        return {name for name in ("甲厂", "乙厂") if name in html}

    assert names("") == {"甲厂", "乙厂"}
    assert names("?family=payroll") == {"乙厂"}
    assert names(f"?product={loan.version.product.code}") == {"甲厂"}
    assert names(f"?manager={second.pk}") == {"乙厂"}
    assert names("?expiring=1") == {"乙厂"}
    assert names("?family=nonsense&manager=x&at=%%%") == {"甲厂", "乙厂"}


@pytest.mark.parametrize("value", ["x", None, "NaN", "1e999999", True])
def test_a_place_that_is_no_amount_opens_the_first_page(client, rm, value):
    make_suggestion(make_customer(rm, name="甲厂"))
    client.force_login(rm)
    at = {"at": Place(value, 1).written()}

    page, api = client.get(URL, at), client.get("/api/v1/suggestions/", at)

    assert "甲厂" in page.content.decode()
    assert len(api.json()["results"]) == 1


def test_pages_walk_through_all_rows_once_and_back(client, rm):
    version = make_version(make_product(family="payroll"))
    for number in range(120):
        make_suggestion(
            make_customer(rm, name=f"第{number:03d}厂"), version=version,
            expected_amount=100 + number // 2,
        )  # fmt: skip
    client.force_login(rm)

    first = client.get("/api/v1/suggestions/").json()
    second = client.get("/api/v1/suggestions/" + first["next"]).json()
    third = client.get("/api/v1/suggestions/" + second["next"]).json()
    back = client.get("/api/v1/suggestions/" + third["previous"]).json()

    seen = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert len(seen) == len(set(seen)) == 120
    assert third["next"] is None
    assert [row["id"] for row in back["results"]] == [row["id"] for row in second["results"]]


def test_expired_and_answered_ones_are_not_listed(client, rm):
    yesterday = timezone.localdate() - timedelta(days=1)
    make_suggestion(make_customer(rm, name="过期厂"), expires_on=yesterday)
    make_suggestion(make_customer(rm, name="拒绝厂"), state="accepted")
    client.force_login(rm)

    html = client.get(URL).content.decode()

    assert "过期厂" not in html and "拒绝厂" not in html


@pytest.mark.parametrize("where", ["list", "home", "panel"])
def test_pages_cost_the_same_with_more_rows(client, rm, same_queries, where):
    customer = make_customer(rm)
    version = make_version(make_product(family="payroll"))
    families = iter(["payroll", "deposit", "wealth", "insurance", "acquiring"])
    address = {
        "list": URL,
        "home": "/home/products.suggestions/",
        "panel": reverse("customers:panel", args=[customer.pk, "products.suggestions"]),
    }[where]
    client.force_login(rm)

    def grow(number=2):
        for _ in range(number):
            owner = customer if where == "panel" else make_customer(rm)
            make_suggestion(owner, family=next(families), version=version, state="seen")

    grow(1)
    same_queries(lambda: client.get(address), grow=grow)


def test_a_customer_who_wants_no_contact_has_a_panel_that_says_so(client, rm):
    customer = make_customer(rm, is_do_not_contact=True)
    client.force_login(rm)

    assert "谢绝联系" in panel(client, customer).content.decode()


def test_a_panel_says_what_keeps_its_suggestions_back(client, rm, monkeypatch):
    waiting, nothing = make_customer(rm), make_customer(rm)
    make_suggestion(waiting)
    theirs = Customer.objects.filter(pk=OuterRef("customer"))
    stop = selectors.SalesStop(lambda: Exists(theirs), "先把这件事办完")
    monkeypatch.setattr(selectors, "SALES_STOPS", [stop])
    client.force_login(rm)

    kept_back, empty = (panel(client, one).content.decode() for one in (waiting, nothing))

    assert "先把这件事办完" in kept_back
    assert "先把这件事办完" not in empty


def test_every_reason_has_a_sentence_in_both_languages(settings):
    from django.utils import translation

    inputs = {
        "need": "payroll", "stage": "growth", "on": "2026-12-03", "line_utilisation_6m": 0.91,
        "inflow_trend": -0.1, "wanted_amount": 230_000, "competitor_rate": 0.0385,
        "basis": 1_286_000, "employees": 18, "score": 71.5, "feature": "employees",
        "last_visit_on": "2026-11-10",
    }  # fmt: skip
    spoken = ("held", "past", "opened", "held_count", "segment", "following", "column")
    codes = [code for code in SENTENCES if code not in (*spoken, "foreseen", "trade")]
    model = [
        ("held:payroll", 1.0), ("past:wealth", 1.0), ("opened:90", 2.0), ("held:count", 3.0),
        ("segment", 0.2), ("following", 0.1), ("employees", 18.0), ("last_visit_on", -12.0),
        ("tags", "renewal first_loan"), ("is_dishonest", 0.0), ("annual_revenue", 2e6),
        ("p_payroll", 0.4), ("size_group_key", "S02"),
    ]  # fmt: skip
    rows = [{"code": code, "inputs": inputs, "weight": 0.1} for code in codes]
    rows += [{"code": "model", "inputs": {"column": c, "value": v}, "weight": 0} for c, v in model]

    for language in ("zh-hans", "en"):
        with translation.override(language):
            told = [one.text for one in said(rows)]

        assert len(told) == len(rows)
        assert all(text and "%(" not in text and "None" not in text for text in told)


def test_a_reason_that_lost_its_figure_says_nothing():
    rows = [{"code": "push_asked_60", "inputs": {"wanted_amount": None}, "weight": 0.2}]

    assert said(rows) == []


def test_a_suggestion_knows_whether_it_is_open(rm):
    states = {
        state: make_suggestion(make_customer(rm), state=state).is_open
        for state in ("new", "seen", "accepted", "expired")
    }

    assert states == {"new": True, "seen": True, "accepted": False, "expired": False}
    assert Suggestion.objects.count() == 4
