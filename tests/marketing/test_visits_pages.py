"""The list, the page, the form and the API of visits: scope, fragments, equal cost, one key."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketing.models import Visit, VisitFact
from marketing.selectors.visits import read_visit_query, visit_page
from marketing.selectors.visits_pocket import visit_briefs
from tests.factories import make_customer, make_portrait, make_user
from tests.marketing.factories import MONDAY, load_rules, make_visit

URL = "/marketing/visits/"
API = "/api/v1/visits/"


@pytest.fixture(autouse=True)
def rules() -> None:
    load_rules()


@pytest.fixture
def rm():
    return make_user("rm")


def body(customer, **fields):
    """A visit as a device sends it."""
    at = timezone.now()
    base = {
        "key": str(uuid4()),
        "customer": customer.pk,
        "purpose": "care",
        "started_at": (at - timedelta(minutes=30)).isoformat(),
        "ended_at": at.isoformat(),
        "whom_met": "王老板",
        "summary": "春节前备货",
        "next_step": "送资料",
        "next_on": (timezone.localdate(at) + timedelta(days=7)).isoformat(),
    }
    return base | fields


def post(client, told, **headers):
    return client.post(API, json.dumps(told), content_type="application/json", headers=headers)


def test_a_manager_sees_visits_to_own_customers_only(client, rm):
    make_visit(make_customer(rm, name="恒丰五金"), by=rm)
    other = make_user("rm")
    make_visit(make_customer(other, name="锦绣服饰"), by=other)
    client.force_login(rm)

    html = client.get(URL).content.decode()

    assert "恒丰五金" in html
    assert "锦绣服饰" not in html


def test_a_visit_out_of_reach_is_not_there(client, rm):
    other = make_user("rm")
    visit = make_visit(make_customer(other), by=other)
    client.force_login(rm)

    assert client.get(f"{URL}{visit.pk}/").status_code == 404
    assert client.get(f"{API}{visit.pk}/").status_code == 404
    assert client.get(f"{URL}log/{visit.customer_id}/").status_code == 404


def test_a_filter_answers_with_the_rows_only(client, rm):
    make_visit(make_customer(rm, name="恒丰五金"), by=rm, purpose="care")
    make_visit(make_customer(rm, name="锦绣服饰"), by=rm, purpose="survey")
    client.force_login(rm)

    html = client.get(f"{URL}?purpose=survey", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert "锦绣服饰" in html and "恒丰五金" not in html


def test_the_list_costs_the_same_with_more_rows(client, rm, same_queries):
    make_visit(make_customer(rm), by=rm)
    client.force_login(rm)

    same_queries(
        lambda: client.get(URL),
        grow=lambda: [make_visit(make_customer(rm), by=rm) for _ in range(8)],
    )


def test_a_managers_page_is_found_by_customer_and_not_among_the_visits_of_the_bank(rm):
    """Only an array of customers keeps the planner from reading the bank's newest visits."""
    lead = make_user("team_lead", rm.branch)
    mine = make_visit(make_customer(rm), by=rm)
    theirs = make_visit(make_customer(make_user("rm", rm.branch)))
    told = {}
    for user in (rm, lead):
        user.refresh_from_db()  # newcomers move everybody's place
        with CaptureQueriesContext(connection) as asked:
            page = visit_page(user=user, query=read_visit_query({}), today=timezone.localdate())
        (sql,) = [one["sql"] for one in asked.captured_queries if "LIMIT 51" in one["sql"]]
        told[user] = (set(page.rows), "= ANY(ARRAY(" in sql)

    assert told == {rm: ({mine}, True), lead: ({mine, theirs}, False)}


def test_pages_follow_each_other_without_gap_or_repeat(rm):
    customer = make_customer(rm)
    made = [
        make_visit(customer, by=rm, at=MONDAY - timedelta(minutes=no // 2)) for no in range(120)
    ]

    seen, query = [], read_visit_query({})
    while query:
        page = visit_page(user=rm, query=query, today=MONDAY.date())
        seen += [row.pk for row in page.rows]
        query = page.next

    assert len(seen) == len(set(seen)) == len(made)
    times = list(Visit.objects.filter(pk__in=seen).values_list("pk", "started_at"))
    assert seen == [pk for pk, _at in sorted(times, key=lambda row: (row[1], row[0]), reverse=True)]


@pytest.mark.parametrize("told", ["?at=x", "?at=WzEsMl0", "?manager=9999999999999", "?days=3"])
def test_an_address_that_cannot_be_read_is_the_whole_list(client, rm, told):
    make_visit(make_customer(rm, name="恒丰五金"), by=rm)
    client.force_login(rm)

    assert "恒丰五金" in client.get(URL + told).content.decode()


def test_the_page_says_who_said_a_fact_and_what_proves_it(client, rm):
    visit = make_visit(make_customer(rm), by=rm, facts_said=1)
    VisitFact.objects.create(
        visit=visit, customer=visit.customer, key="annual_revenue", category=4,
        value="1200000.0000", said_by="老板娘", proof="看了账本",
    )  # fmt: skip
    client.force_login(rm)

    html = client.get(f"{URL}{visit.pk}/").content.decode()

    assert "120 万元" in html
    assert "老板娘" in html and "看了账本" in html


def test_what_a_device_sends_is_made_once(client, rm):
    customer = make_customer(rm)
    told = body(customer, facts=[{"key": "cash_share", "value": "0.35"}])
    client.force_login(rm)

    first = post(client, told, **{"Idempotency-Key": told["key"]})
    again = post(client, told, **{"Idempotency-Key": told["key"]})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["facts"][0]["words"] == "35%"
    assert Visit.objects.count() == 1


def test_other_words_under_the_same_key_answer_with_what_stands(client, rm):
    told = body(make_customer(rm))
    client.force_login(rm)
    post(client, told)

    answer = post(client, told | {"summary": "另一段话"})

    assert answer.status_code == 409
    assert answer.json()["kept"]["summary"] == "春节前备货"
    assert answer["Content-Type"] == "application/problem+json"


def test_only_the_author_sends_what_a_device_kept(client, rm):
    other = make_user("rm", rm.branch)
    client.force_login(rm)

    answer = post(client, body(make_customer(rm), author=other.pk))

    assert answer.status_code == 409 and "kept" not in answer.json()
    assert not Visit.objects.exists()


def test_two_keys_that_differ_are_refused(client, rm):
    client.force_login(rm)

    answer = post(client, body(make_customer(rm)), **{"Idempotency-Key": str(uuid4())})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"summary": ""}, 422, "summary"),
        ({"facts": [{"key": "employees", "value": "十八"}]}, 422, "facts.employees"),
        ({"facts": [{"key": "moon", "value": 1}]}, 422, "facts.moon"),
        ({"facts": [{"key": "lease_ends_on", "value": "2026-13-01"}]}, 422, "facts.lease_ends_on"),
        ({"facts": [{"key": "employees", "value": "NaN"}]}, 422, "facts.employees"),
        ({"next_on": "soon"}, 400, "next_on"),
        ({"fix": {"latitude": 91, "longitude": 0}}, 400, "fix"),
        ({"customer": "x"}, 400, "customer"),
    ],
)
def test_what_cannot_be_read_is_named(client, rm, fields, code, where):
    client.force_login(rm)

    answer = post(client, body(make_customer(rm)) | fields)

    assert answer.status_code == code
    assert where in answer.json()["errors"]
    assert not Visit.objects.exists()


def test_a_customer_of_somebody_else_is_not_there_for_the_api(client, rm):
    client.force_login(rm)

    assert post(client, body(make_customer(make_user("rm")))).status_code == 404


def test_a_device_learns_who_is_signed_in_with_a_token_that_works(rm):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(rm)
    me = client.get(f"{API}device/").json()
    told = body(make_customer(rm))

    assert (me["user"], me["mayLog"]) == (rm.pk, True)
    assert post(client, told).status_code == 403
    assert post(client, told, **{"X-CSRFToken": me["csrf"]}).status_code == 201


def test_nobody_signed_in_is_no_device(client):
    assert client.get(f"{API}device/").status_code in {401, 403}


def test_the_page_that_a_device_keeps_names_no_customer(client, rm):
    customer = make_customer(rm, name="恒丰五金")
    make_visit(customer, by=rm)
    client.force_login(rm)

    html = client.get(f"{URL}log/").content.decode()

    assert "恒丰五金" not in html


def test_the_worker_serves_every_page_and_keeps_the_content_policy(client):
    answer = client.get("/service-worker.js")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert "no-cache" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_a_brief_carries_the_last_time_and_the_weakest_first(rm):
    customer = make_customer(rm, name="恒丰五金", latitude=30.0, longitude=120.0)
    make_portrait(customer, stage="growth", tier="B")
    make_visit(customer, by=rm, promise="利率表", companions="赵强", purpose="post_loan")

    [brief] = visit_briefs(user=rm, customer_ids=[customer.pk], today=MONDAY.date())

    assert brief["last"]["promise"] == "利率表"
    assert brief["purpose"] == "post_loan"
    assert set(brief["weakest"]) <= set(range(1, 8)) and brief["weakest"]
    shares = [brief["cover"][no] for no in brief["weakest"]]
    assert shares == sorted(shares)
    assert len(brief["talk"]) == 3
    assert json.dumps(brief)


def test_the_pocket_holds_customers_in_reach_at_equal_cost(rm, same_queries):
    def some(count):
        return [make_customer(rm) for _ in range(count)]

    other = make_customer(make_user("rm"))
    mine = some(2)
    keys = [one.pk for one in mine]

    briefs = visit_briefs(user=rm, customer_ids=[*keys, other.pk], today=MONDAY.date())
    assert [one["id"] for one in briefs] == keys
    same_queries(
        lambda: visit_briefs(user=rm, customer_ids=keys, today=MONDAY.date()),
        grow=lambda: keys.extend(one.pk for one in some(6)),
    )


def test_the_own_visit_is_put_right_on_a_page(client, rm):
    visit = make_visit(make_customer(rm), by=rm, at=timezone.now() - timedelta(hours=1))
    Visit.objects.update(received_at=timezone.now())
    client.force_login(rm)
    day = timezone.localdate() + timedelta(days=3)
    words = {
        "purpose": "care", "whom_met": "王老板", "summary": "更正", "next_step": "电话",
        "next_on": day.isoformat(), "mood": "", "version": 1,
    }  # fmt: skip

    assert client.get(f"{URL}{visit.pk}/edit/").status_code == 200
    answer = client.post(f"{URL}{visit.pk}/edit/", words)

    assert answer.status_code == 302
    visit.refresh_from_db()
    assert (visit.summary, visit.version) == ("更正", 2)
    stale = client.post(f"{URL}{visit.pk}/edit/", words | {"summary": "旧页面"})
    assert stale.status_code == 422
    assert "已被他人修改" in stale.content.decode()


def test_a_visit_of_yesterday_leads_back_to_its_page(client, rm):
    visit = make_visit(make_customer(rm), by=rm, at=datetime.fromisoformat("2026-01-05T02:00Z"))
    Visit.objects.update(received_at=visit.started_at)
    client.force_login(rm)

    answer = client.get(f"{URL}{visit.pk}/edit/")

    assert (answer.status_code, answer["Location"]) == (302, f"{URL}{visit.pk}/")


def test_a_customer_page_shows_its_last_visits(client, rm):
    customer = make_customer(rm)
    make_visit(customer, by=rm, summary="想添两台数控车床")
    client.force_login(rm)

    html = client.get(f"/customers/{customer.pk}/panels/marketing.visits/").content.decode()

    assert "想添两台数控车床" in html
