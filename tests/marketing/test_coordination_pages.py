"""Pages and API of the market: who sees what, what a number opens, what it costs."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from crm.core.models import AuditEntry
from marketing.models import CoordinationItem, MarketSurvey
from marketing.services.market_counts import count_market
from tests.factories import head_office, make_branch, make_customer, make_user
from tests.marketing.factories import load_rules
from tests.marketing.market_rows import (
    YES,
    lines,
    make_firm,
    make_industries,
    make_item,
    make_region,
    make_survey,
)

BOARD, ITEMS, MARKET = (
    "/marketing/coordination/", "/marketing/coordination/items/", "/marketing/market/"
)  # fmt: skip
SURVEYS = "/marketing/market/surveys/"


@pytest.fixture(autouse=True)
def rules(db) -> None:
    load_rules()
    make_industries()


@pytest.fixture
def rm():
    return make_user("rm")


def today():
    return timezone.localdate()


def item_of(manager, name: str = "", **fields) -> CoordinationItem:
    """An item received three days ago."""
    fields = {"received_on": today() - timedelta(days=3)} | fields
    return make_item(make_customer(manager, name=name), **fields)


def test_a_manager_sees_own_items_only(client, rm):
    item_of(rm, "甲公司")
    other = item_of(make_user("rm"), "乙公司")
    client.force_login(rm)

    html = client.get(ITEMS).content.decode()

    assert "甲公司" in html
    assert "乙公司" not in html
    assert client.get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("url", [BOARD, ITEMS, MARKET, SURVEYS])
def test_the_moving_part_alone_answers_htmx(client, rm, url):
    client.force_login(rm)

    whole = client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in whole
    assert "<html" not in part


@pytest.mark.parametrize("url", [BOARD, ITEMS])
def test_lists_and_board_cost_the_same_with_more_rows(client, rm, same_queries, url):
    item_of(rm)
    client.force_login(rm)

    same_queries(lambda: client.get(url), grow=lambda: [item_of(rm) for _no in range(12)])


def test_the_market_page_reads_a_few_rows_whatever_the_number_of_customers(
    client, rm, same_queries
):
    region = make_region()
    make_survey(rm.branch, region, lines("kind", catering=100, other_services=50))
    make_firm(rm, region, "catering")
    count_market(as_of=today())
    client.force_login(rm)

    def grow():
        for _no in range(10):
            make_firm(rm, region, "other_services", holds=False)
        count_market(as_of=today())

    same_queries(lambda: client.get(MARKET), grow=grow)
    same_queries(
        lambda: client.get(f"{MARKET}customers/?by=kind&place=330402&value=catering&which=known"),
        grow=lambda: [make_firm(rm, region, "catering") for _no in range(10)],
    )


def test_surveys_cost_the_same_with_more_of_them(client, same_queries):
    head, region = make_user("branch_head"), make_region()
    make_survey(head.branch, region, lines("kind", catering=1))
    client.force_login(head)

    same_queries(
        lambda: client.get(SURVEYS),
        grow=lambda: [
            make_survey(head.branch, region, lines("kind", catering=n)) for n in range(2, 7)
        ],
    )


def test_each_number_of_the_board_opens_as_many_rows_as_it_says(client, rm):
    lead = make_user("team_lead", rm.branch)
    for town, state in (
        ("甲镇", "open"),
        ("甲镇", "visited"),
        ("乙镇", "approved"),
        ("", "helped"),
    ):
        decided = timezone.now() if state in {"approved", "helped"} else None
        item_of(
            rm, town=town, state=state, decided_at=decided,
            refusal="papers" if state == "helped" else "", contacted_on=today(),
            received_on=today(),
        )  # fmt: skip
    client.force_login(lead)

    html = client.get(BOARD).content.decode()
    links = re.findall(
        r'<a(?: class="[^"]*")? href="(/marketing/coordination/items/[^"]*)">([\d,]+)<', html
    )
    bare = re.compile(r'<a href="(/marketing/coordination/items/[^"]*)"><span[^>]*>([\d,]+)<')
    links += bare.findall(html)

    assert len(links) >= 8
    for url, shown in links:
        rows = client.get(unescape(url), headers={"HX-Request": "true"}).content.decode()
        assert rows.count('class="rowlink"') == int(shown), url


def test_each_cell_of_the_heat_map_opens_as_many_customers_as_it_says(client, rm):
    region = make_region()
    make_survey(rm.branch, region, lines("kind", catering=100, other_services=50))
    for _no in range(3):
        make_firm(rm, region, "catering")
    make_firm(make_user("rm", rm.branch), region, "catering")  # a colleague's
    count_market(as_of=today())
    client.force_login(rm)

    html = client.get(MARKET).content.decode()
    cells = re.findall(r'<td class="heat[^>]*>(.*?)</td>', html, re.S)
    shown = [re.search(r"(\d+) / (\d+)", re.sub(r"<[^>]+>", "", one)).groups() for one in cells]
    urls = [re.search(r'href="([^"]*which=holders)"', one).group(1) for one in cells]

    assert sorted(shown) == [("0", "50"), ("3", "100")]
    for (count, _market), url in zip(shown, urls, strict=True):
        rows = client.get(unescape(url)).content.decode()
        assert rows.count('class="rowlink"') == int(count), url


def test_an_item_is_worked_on_from_its_page(client, rm):
    item = item_of(rm, "甲公司")
    client.force_login(rm)
    url = item.get_absolute_url()

    contact = client.post(f"{url}contact/", {"on": today().isoformat()})
    checks = client.post(f"{url}checks/", {"version": 2, **YES})
    decision = client.post(f"{url}decide/", {"version": 3, "state": "approved", "amount": "300000"})

    item.refresh_from_db()
    assert (contact.status_code, checks.status_code, decision.status_code) == (302, 302, 302)
    assert (item.state, item.contacted_on, item.checks) == ("approved", today(), YES)
    assert item.approved_amount == 300_000


def test_the_customer_page_has_the_box_of_a_listed_firm_and_none_for_others(client, rm):
    item, other = item_of(rm), make_customer(rm)
    client.force_login(rm)

    def box(customer):
        url = f"/customers/{customer.pk}/panels/marketing.coordination/"
        return client.get(url, headers={"HX-Request": "true"})

    assert item.get_absolute_url() in box(item.customer).content.decode()
    assert box(other).content == b""


def test_what_a_decision_lacks_stands_beside_its_field_and_nothing_is_written(client, rm):
    item = item_of(rm)
    client.force_login(rm)

    answer = client.post(
        f"{item.get_absolute_url()}decide/", {"version": 1, "state": "helped", "refusal": "papers"}
    )

    item.refresh_from_db()
    assert answer.status_code == 422
    assert answer.content.decode().count("field--wrong") >= 2
    assert item.state == "open"


def test_a_stale_form_is_told_and_changes_nothing(client, rm):
    item = item_of(rm, checks=YES, version=4)
    client.force_login(rm)

    answer = client.post(
        f"{item.get_absolute_url()}decide/", {"version": 3, "state": "approved", "amount": "1"}
    )

    item.refresh_from_db()
    assert answer.status_code == 422
    assert item.state == "open"


def test_a_branch_head_decides_items_of_its_units_and_is_given_them(client, rm):
    head, item = make_user("branch_head", rm.branch), item_of(rm)
    elsewhere = item_of(make_user("rm"))
    client.force_login(head)

    page = client.get(item.get_absolute_url()).content.decode()
    decided = client.post(
        f"{item.get_absolute_url()}decide/",
        {"version": item.version, "state": "refused", "refusal": "no_need", "is_repairable": "no"},
    )
    given = client.post(f"{item_of(rm).get_absolute_url()}give/", {"owner": head.pk})

    item.refresh_from_db()
    assert f"{item.get_absolute_url()}decide/" in page
    assert (decided.status_code, given.status_code) == (302, 302)
    assert (item.state, item.decided_by) == ("refused", head)
    assert CoordinationItem.objects.filter(owner=head).count() == 1
    assert client.get(elsewhere.get_absolute_url()).status_code == 404
    assert client.post(f"{elsewhere.get_absolute_url()}decide/", {}).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "risk_officer"])
def test_who_only_reads_decides_no_item(client, rm, role):
    reader, item = make_user(role, rm.branch), item_of(rm)
    client.force_login(reader)

    assert client.get(item.get_absolute_url()).status_code == 200
    assert client.post(f"{item.get_absolute_url()}decide/", {}).status_code == 403


def test_the_totals_go_out_as_a_workbook_with_numbers_and_are_on_record(client, rm):
    item_of(rm, town="=甲镇", state="approved", decided_at=timezone.now(), approved_amount=500_000,
            contacted_on=today(), received_on=today())  # fmt: skip
    item_of(rm, town="乙镇", received_on=today())
    client.force_login(rm)

    answer = client.get("/marketing/coordination/export/")
    book = load_workbook(io.BytesIO(answer.content))

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    towns = {row[0]: row for row in book.worksheets[1].iter_rows(min_row=3, values_only=True)}
    assert towns["'=甲镇"][1:9] == (1, 1, 1, 1, 1, 1, 1, 50)
    assert towns["乙镇"][1:5] == (1, 0, 0, 0)
    assert book.worksheets[1].max_row == 5  # two towns and their total
    assert AuditEntry.objects.filter(event="marketing.coordination_exported").exists()


def test_what_the_bar_chose_is_what_goes_out_and_every_period_is_every_period(client, rm):
    item_of(rm, town="旧镇", received_on=today() - timedelta(days=800))
    item_of(rm, town="新镇")
    client.force_login(rm)

    part = client.get(f"{BOARD}?first=&last=", headers={"HX-Request": "true"}).content.decode()
    (address,) = re.findall(r'href="(/marketing/coordination/export/[^"]*)"', part)
    book = load_workbook(io.BytesIO(client.get(unescape(address)).content))

    towns = {row[0] for row in book.worksheets[1].iter_rows(min_row=3, values_only=True)}
    assert {"旧镇", "新镇"} <= towns


def test_a_survey_is_written_on_its_form_and_a_wrong_share_stands_at_its_line(client):
    head, region = make_user("branch_head"), make_region()
    client.force_login(head)
    form = {
        "branch": head.branch_id, "region": region.pk, "as_of": today().isoformat(),
        "source": "registry", "confidence": "4",
        "count-kind-catering": "300", "count-kind-other_services": "700",
    }  # fmt: skip
    url = f"{SURVEYS}new/firms/"

    wrong = client.post(url, form | {"share-kind-catering": "31"})
    kept = client.post(url, form | {"share-kind-catering": "30.4"})

    assert wrong.status_code == 422
    assert "30.00%" in wrong.content.decode()
    assert kept.status_code == 302
    assert MarketSurvey.objects.get().lines.count() == 2


def test_a_survey_file_is_checked_without_a_trace_and_then_kept(client):
    head, region = make_user("branch_head"), make_region()
    client.force_login(head)
    form = {
        "branch": head.branch_id, "region": region.pk, "as_of": today().isoformat(),
        "source": "tax", "confidence": "4",
    }  # fmt: skip
    data = "主体类型,经营类别,户数,占比\n小微企业,餐饮服务,300,{}\n小微企业,其他服务,700,\n"

    def send(share: str, **more):
        file = io.BytesIO(data.format(share).encode())
        file.name = "survey.csv"
        return client.post(f"{SURVEYS}file/", form | {"file": file} | more)

    checked = send("30%", only_check="on")
    wrong = send("35%")
    assert not MarketSurvey.objects.exists()
    kept = send("30%")

    assert checked.status_code == 200
    assert wrong.status_code == 422
    assert "35.00%" in wrong.content.decode()
    assert kept.status_code == 302
    assert MarketSurvey.objects.get().lines.count() == 2


def test_a_draft_is_approved_by_somebody_else_on_its_page(client):
    branch = make_branch()
    survey = make_survey(branch, make_region(), lines("kind", catering=9), approved=False)
    url = survey.get_absolute_url()
    other = make_user("branch_head", head_office())
    client.force_login(survey.made_by)
    mine = client.post(f"{url}approve/", {"version": 1})
    client.force_login(other)

    answer = client.post(f"{url}approve/", {"version": 1})

    survey.refresh_from_db()
    assert mine.status_code == 403
    assert answer.status_code == 302
    assert (survey.state, survey.approved_by) == ("approved", other)


def test_the_api_reads_and_works_within_the_same_bounds(client, rm):
    item, other = item_of(rm, checks=YES), item_of(make_user("rm"))
    client.force_login(rm)
    url = "/api/v1/coordination-items/"

    rows = client.get(url).json()["results"]
    hidden = client.post(f"{url}{other.pk}/decide/", {"version": 1, "state": "approved"})
    decided = client.post(
        f"{url}{item.pk}/decide/",
        {"version": 1, "state": "refused", "refusal": "no_need"},
        content_type="application/json",
    )

    assert [(row["id"], row["light"]) for row in rows] == [(item.pk, "green")]
    assert hidden.status_code == 404
    assert (decided.status_code, decided.json()["state"]) == (200, "refused")


def test_the_api_writes_a_survey_reads_its_shares_and_refuses_a_wrong_one(client):
    head, region = make_user("branch_head"), make_region()
    client.force_login(head)
    given = {
        "branch": head.branch.code, "region": region.pk, "as_of": today().isoformat(),
        "source": "park", "confidence": 3,
        "lines": [
            {"table": "kind", "value": "catering", "count": 300, "share": "0.3"},
            {"table": "kind", "value": "other_services", "count": 700},
        ],
    }  # fmt: skip
    url, json = "/api/v1/market-surveys/", "application/json"

    made = client.post(url, given, content_type=json)
    given["lines"][0]["share"] = "0.4"
    wrong = client.post(url, given, content_type=json)
    one = client.get(f"{url}{made.json()['id']}/").json()

    assert (made.status_code, wrong.status_code) == (201, 422)
    assert [line["share"] for line in one["lines"]] == [0.3, 0.7]


def test_the_api_tells_penetration_cell_by_cell(client, rm):
    region = make_region()
    make_survey(rm.branch, region, lines("kind", catering=50))
    make_firm(rm, region, "catering")
    count_market(as_of=today())
    client.force_login(rm)

    (cell,) = client.get("/api/v1/penetration/?by=kind").json()["cells"]

    assert (cell["ours"], cell["market"], cell["penetration"]) == (1, 50, 0.02)
    assert client.get("/api/v1/penetration/?by=colour").status_code == 400
