"""The calculator: what it shows, what it refuses, and that its address holds everything."""

from decimal import Decimal

import pytest

from tests.factories import make_user
from tests.products.competing import make_market
from tests.products.factories import make_fee, make_product, make_version

URL = "/products/calculator/"


@pytest.fixture
def rm(client):
    make_market()
    user = make_user("rm")
    client.force_login(user)
    return user


def shown(client, **query):
    answer = client.get(URL, query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_worked_example_of_k7_stands_on_the_page(client, rm):
    html = shown(client, amount="10", months="12", rate="4.35", mode="equal_instalment")

    assert "8,530.99" in html
    assert "0.00" in html
    assert "4.35%" in html


def test_without_entries_a_usual_case_is_calculated(client, rm):
    page = client.get(URL)

    assert page.status_code == 200
    html = page.content.decode()
    assert 'name="rate" value="4"' in html  # LPR 3 % and a point
    assert "26,000" in html  # equal principal of 300,000: 25,000 and 1,000 of interest


def test_a_fragment_has_the_result_and_not_the_page(client, rm):
    page, fragment = client.get(URL).content.decode(), shown(client)

    assert "<html" in page
    assert "<html" not in fragment
    assert "<form" not in fragment


def test_a_product_brings_its_rate_its_mode_and_its_fees(client, rm):
    version = make_version(
        make_product("TT01"), repayment_modes=["quarterly_principal", "equal_principal"]
    )
    make_fee(version)

    entries = {"version": version.pk, "rate": "9", "fresh": "1"}
    answer = client.get(URL, entries, headers={"HX-Request": "true"})
    html = answer.content.decode()

    assert 'name="rate" value="3.6"' in html  # LPR 3 % + 60 bp, not the 9 of before
    assert '<option value="quarterly_principal" selected>' in html
    assert "rate=3.6" in answer["HX-Push-Url"]
    assert "fresh" not in answer["HX-Push-Url"]
    assert "1,500" in html  # half a percent of 300,000


@pytest.mark.parametrize(
    ("entries", "remark"),
    [
        ({"amount": "31"}, "高于产品上限"),
        ({"amount": "0.5"}, "低于产品下限"),
        ({"months": "13"}, "期限超过"),
        ({"rate": "5.5"}, "利率超出"),
        ({"mode": "bullet"}, "不支持此还款方式"),
    ],
)
def test_what_does_not_agree_with_the_product_is_said(client, rm, entries, remark):
    version = make_version()

    given = {"amount": "20", "months": "12", "rate": "3.6", "mode": "interest_first"}
    html = shown(client, version=version.pk, **(given | entries))

    assert remark in html


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"amount": "0"}, "金额"),
        ({"amount": "ten"}, "金额"),
        ({"months": "0"}, "期限"),
        ({"months": "601"}, "期限"),
        ({"rate": "37"}, "年利率"),
        ({"rate": ""}, "年利率"),
        ({"mode": "daily"}, "还款方式"),
        ({"mode": "seasonal"}, "回款"),
        ({"version": "99999999"}, "产品"),
        ({"first": "2026-02-30"}, "首次还款日"),
        ({"first": "9999-12-31"}, "首次还款日"),
        ({"first": "0001-01-01", "mode": "revolving"}, "首次还款日"),
    ],
)
def test_entries_that_cannot_be_are_named(client, rm, entries, told):
    given = {"amount": "20", "months": "12", "rate": "4", "mode": "interest_first"}

    html = shown(client, **(given | entries))

    assert "无法测算" in html
    assert told in html


def test_fees_raise_the_cost_above_the_nominal_rate(client, rm):
    plain = shown(client, amount="50", months="12", rate="4", mode="interest_first")
    dear = shown(client, amount="50", months="12", rate="4", mode="interest_first", upfront="1")

    assert "6.0" not in plain
    # 500,000 less 5,000 now, 1,666.67 a month, 500,000 at the end: 12 x IRR = 5.03 %
    assert "5.03%" in dear
    assert "名义利率 4%" in dear


def test_a_season_is_read_from_the_product(client, rm):
    version = make_version(repayment_modes=["seasonal"], season_months=[10])

    html = shown(client, version=version.pk, amount="10", months="12", mode="seasonal")

    assert "100,000.00" in html
    assert "无法测算" not in html


@pytest.mark.parametrize("role", ["catalog_admin", "branch_head", "auditor", "risk_officer"])
def test_everybody_who_reads_products_may_calculate(client, role):
    make_market()
    client.force_login(make_user(role))

    assert client.get(URL).status_code == 200


def test_others_are_refused(client):
    client.force_login(make_user("sys_admin"))

    assert client.get(URL).status_code == 403


def test_a_long_schedule_asks_no_more_of_the_database(client, rm, same_queries):
    make_fee(make_version())
    months = {"count": 6}

    def grow():
        months["count"] = 240
        for _ in range(5):
            make_version()

    same_queries(lambda: client.get(URL, {"months": months["count"]}), grow=grow)


def test_the_api_gives_the_schedule_to_the_fen(client, rm):
    body = {
        "amount": "100000.00",
        "months": 12,
        "mode": "equal_instalment",
        "yearly_rate": "0.0435",
        "first_due": "2026-01-31",
        "fees": [{"timing": "upfront", "share": "0.01"}],
    }

    answer = client.post("/api/v1/calculator/", body, content_type="application/json")

    assert answer.status_code == 200
    found = answer.json()
    assert found["rows"][0] == {
        "no": 1,
        "due_on": "2026-01-31",
        "principal": "8168.49",
        "interest": "362.50",
        "payment": "8530.99",
        "balance": "91831.51",
    }
    assert found["rows"][1]["due_on"] == "2026-02-28"
    assert found["rows"][-1]["balance"] == "0.00"
    assert found["fee"] == "1000.00"
    assert Decimal(found["all_in"]) > Decimal("0.06")


def test_the_api_prices_a_version_of_ours(client, rm):
    version = make_version()
    body = {"amount": 120000, "months": 6, "mode": "interest_first", "version": version.pk}

    found = client.post("/api/v1/calculator/", body, content_type="application/json").json()

    assert Decimal(found["yearly_rate"]) == Decimal("0.036")
    assert found["interest"] == "2160.00"


@pytest.mark.parametrize(
    "change",
    [
        {"amount": -5},
        {"amount": "1.005"},
        {"months": 0},
        {"mode": "daily"},
        {"mode": "seasonal"},
        {"yearly_rate": None},
        {"first_due": "9999-12-31"},
        {"version": 99999999},
        {"fees": [{"timing": "upfront"}]},
        {"fees": [{"timing": "upfront", "share": "0.1", "sum_amount": "5"}]},
    ],
)
def test_the_api_refuses_what_cannot_be_calculated(client, rm, change):
    body = {"amount": 1000, "months": 6, "mode": "bullet", "yearly_rate": "0.04"} | change
    if body["yearly_rate"] is None:
        del body["yearly_rate"]

    answer = client.post("/api/v1/calculator/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
