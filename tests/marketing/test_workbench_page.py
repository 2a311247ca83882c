"""The workbench: one ranked list, its orders and counts, one action each done in place."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.core.models import Task
from crm.core.services.task import add_task
from crm.core.workdays import add_working_days
from marketing.models import CareTask, Opportunity, PlannedVisit, VisitPlan
from marketing.queue.sources import SOURCES
from marketing.selectors.queue import (
    QueueQuery,
    queue_page,
    read_queue_query,
)
from marketing.selectors.queue_words import told_items
from marketing.services.queue import DOERS, Said, do_item
from marketing.views.workbench_deeds import DIALOGS
from products.models import OfferFit, Suggestion
from tests.factories import make_customer, make_portrait, make_user
from tests.marketing.cared import make_care_task, make_complaint, make_loan
from tests.marketing.factories import load_rules, make_opportunity, make_visit
from tests.marketing.queued import keys
from tests.products.suggested import make_suggestion

URL = "/marketing/workbench/"
MINE = [one for one in SOURCES if one.can is None]  # sources that a manager has


@pytest.fixture(autouse=True)
def rules():
    load_rules()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def rm():
    return make_user("rm")


def sentences(user, today):
    page = queue_page(user=user, query=QueueQuery(shown=100), today=today)
    told = told_items(page.items, user=user, today=today)
    return {one.item.source.key: one.sentence for one in told}


def one_of_each(rm, today):
    """An item of every source."""
    from customers.services.correction import ask_correction
    from marketing.models import CoordinationItem

    customer = make_customer(rm, name="嘉禾五金", latitude=30.7, longitude=120.7)
    make_portrait(customer, contribution_12m=900, potential_12m=100)
    start = timezone.now() - timedelta(days=5)
    visit = make_visit(
        customer, at=start, promise="带利率方案", promise_on=today, next_step="送资料",
        next_on=today,
    )  # fmt: skip
    add_task(
        "marketing.promise", owner=rm, params={"name": customer.name, "promise": visit.promise},
        due_on=today, unique_key=str(visit.pk),
    )  # fmt: skip
    add_task("core.reveal_quota", owner=rm, params={"name": "王", "limit": "20"}, due_on=today)
    plan = VisitPlan.objects.create(manager=rm, week_on=today, capacity=6)
    PlannedVisit.objects.create(
        plan=plan, customer=customer, manager=rm, on=today, place=1, purpose="care"
    )
    suggestion = make_suggestion(customer)
    make_opportunity(
        customer, family="payroll", pipeline="other", at=start,
        stage_due_on=today - timedelta(days=2), last_action_on=today - timedelta(days=4),
    )  # fmt: skip
    make_loan(customer, family="farm_production_loan", matures_on=today + timedelta(days=20))
    OfferFit.objects.create(
        customer=customer, version=suggestion.version, kind="u", score=70, rule="employees"
    )
    CoordinationItem.objects.create(
        customer=customer, list_no="第三批", kind="declared", received_on=today,
        due_on=today + timedelta(days=10), wanted_amount=300_000, owner=rm,
    )  # fmt: skip
    make_complaint(make_customer(rm, name="东方机械厂"))
    make_care_task(customer, due_on=today)
    make_care_task(
        customer, kind="churn", due_on=today,
        reasons=[{"code": "acquiring_stopped", "inputs": {"days": 31}}],
    )  # fmt: skip
    ask_correction(customer_id=customer.pk, key="employees", wanted="12", reason="新招两人", by=rm)
    return customer


def test_every_source_puts_its_item_into_the_one_list_with_its_reason(rm, today):
    one_of_each(rm, today)

    told = sentences(rm, today)

    assert set(told) == {one.key for one in MINE}
    assert all(told.values()), told
    assert "带利率方案" in told["promise"]
    assert "送资料" in told["follow_up"]
    assert "31" in told["churn"]


def test_the_list_says_how_many_more_wait(rm, today, client):
    for no in range(25):
        add_task("core.reveal_quota", owner=rm, params={"name": "王", "limit": str(no)})
    client.force_login(rm)

    page = queue_page(user=rm, query=QueueQuery(), today=today)
    html = client.get(URL).content.decode()

    assert (len(page.items), page.total, page.waiting) == (20, 25, 5)
    assert "shown=40" in html


def test_an_rm_sees_the_own_customers_items_only(rm, today):
    other = make_user("rm", rm.branch)
    one_of_each(other, today)

    assert keys(rm, today) == []
    assert len(keys(other, today)) == len(MINE)


def test_a_stand_in_works_on_the_absent_colleagues_list_too(rm, today):
    from crm.core.models import Cover

    absent = make_user("rm", rm.branch)
    one_of_each(absent, today)
    Cover.objects.create(
        absent=absent, stand_in=rm, during=(today, today + timedelta(days=5)), reason="leave",
        requested_by=absent, approved_by=make_user("branch_head", rm.branch),
    )  # fmt: skip

    assert len(keys(rm, today)) == len(MINE)


def test_it_is_the_start_page_of_managers_and_leaders(client):
    for role, starts in (("rm", True), ("team_lead", True), ("risk_officer", False)):
        client.force_login(make_user(role))

        assert ('id="queue"' in client.get("/").content.decode()) is starts


def test_a_fragment_is_the_list_alone(rm, client, today):
    one_of_each(rm, today)
    client.force_login(rm)

    html = client.get(f"{URL}?order=due", headers={"HX-Request": "true"}).content.decode()

    assert "嘉禾五金" in html
    assert "<html" not in html


def test_the_page_costs_the_same_with_more_items_and_few_queries(rm, client, same_queries, today):
    one_of_each(rm, today)
    client.force_login(rm)

    def grow():
        for _no in range(5):
            one_of_each_again(rm, today)

    same_queries(lambda: client.get(URL), grow=grow)
    with CaptureQueriesContext(connection) as queries:
        client.get(URL)
    assert len(queries) <= 15


def one_of_each_again(rm, today):
    customer = make_customer(rm)
    make_care_task(customer, due_on=today)
    make_suggestion(customer)
    make_loan(customer, matures_on=today + timedelta(days=9))
    make_opportunity(customer, stage_due_on=today, last_action_on=today - timedelta(days=20))


def test_the_orders_by_value_deadline_and_distance(rm, today):
    near = make_customer(rm, latitude=30.0, longitude=120.0)
    far = make_customer(rm, latitude=31.0, longitude=120.0)
    make_care_task(near, due_on=today + timedelta(days=9), kind="lease")
    make_portrait(near, contribution_12m=50)
    make_care_task(far, due_on=today, kind="lease")
    make_portrait(far, contribution_12m=5)

    def first(**query):
        page = queue_page(user=rm, query=QueueQuery(**query), today=today)
        return page.items[0].customer_id

    assert first(order="value") == near.pk
    assert first(order="due") == far.pk
    assert first(order="near", place=(30.01, 120.0)) == near.pk
    assert first(order="near", place=(30.99, 120.0)) == far.pk


def test_an_address_that_cannot_be_read_is_the_plain_list():
    query = read_queue_query({"order": "x", "source": "y", "shown": "-3", "lat": "91", "lon": "a"})

    assert query == QueueQuery()


def test_every_button_of_the_catalogue_has_a_doer():
    assert {one.key for one in SOURCES} == set(DOERS)
    assert {one.key for one in SOURCES if one.deed.how == "form"} == set(DIALOGS)


def test_what_is_done_in_place_is_done_for_good(rm, today):
    customer = one_of_each(rm, today)
    page = queue_page(user=rm, query=QueueQuery(shown=100), today=today)
    items = {item.source.key: item for item in page.items}
    said = Said("送去方案", today + timedelta(days=5))

    in_place = [one.key for one in MINE if one.deed.how != "form"]
    for key in in_place:
        do_item(source=key, ref=items[key].ref, by=rm, said=said)

    left = set(keys(rm, today, shown=100))
    assert left.isdisjoint({*in_place} - {"opportunity"})
    assert Task.objects.filter(owner=rm, state="done").count() == 2
    assert CareTask.objects.filter(customer=customer, state="done", outcome="送去方案").count() == 2
    assert Suggestion.objects.get(customer=customer).state == "accepted"
    renewal = Opportunity.objects.get(customer=customer, family="farm_production_loan")
    assert renewal.amount == 500_000
    step = Opportunity.objects.get(customer=customer, family="payroll")
    assert (step.next_action, step.next_on) == ("送去方案", today + timedelta(days=5))


def test_a_button_answers_with_the_row_and_without_script_with_the_list(rm, client, today):
    task = add_task("core.reveal_quota", owner=rm, params={"name": "王", "limit": "20"})
    other = add_task("core.reveal_quota", owner=rm, params={"name": "李", "limit": "20"})
    client.force_login(rm)

    row = client.post(f"{URL}task/{task.pk}/do/", headers={"HX-Request": "true"})
    page = client.post(f"{URL}task/{other.pk}/do/")

    assert f'id="queue-task-{task.pk}"' in row.content.decode()
    assert (page.status_code, page["Location"]) == (302, URL)
    assert Task.objects.filter(state="done").count() == 2


def test_an_open_complaint_silences_marketing_and_nothing_else(rm, today):
    """CARE-5."""
    customer = one_of_each(rm, today)
    make_complaint(customer)

    left = set(keys(rm, today, shown=100))

    assert left.isdisjoint({one.key for one in SOURCES if one.is_marketing})
    assert left == {one.key for one in MINE if not one.is_marketing}


def test_a_leader_sees_how_much_waits_at_each_member(rm, client, today):
    leader = make_user("team_lead", rm.branch)
    one_of_each(rm, today)
    client.force_login(leader)

    html = client.get("/home/marketing.team/").content.decode()

    assert rm.full_name in html
    assert f">{len(MINE)}<" in html


def test_the_next_step_of_an_opportunity_rests_until_its_day(rm, today):
    row = make_opportunity(
        make_customer(rm), stage_due_on=today - timedelta(days=3), last_action_on=today,
        next_on=today + timedelta(days=4),
    )  # fmt: skip

    assert keys(rm, today) == []
    assert keys(rm, today + timedelta(days=4)) == ["opportunity"]
    assert row.state == "open"


def test_the_api_shows_does_and_takes_back(rm, client, today):
    task = add_task("core.reveal_quota", owner=rm, params={"name": "王", "limit": "20"})
    client.force_login(rm)
    until = add_working_days(today, 2).isoformat()

    body = client.get("/api/v1/queue/").json()
    act = {"source": "task", "ref": task.pk, "act": "put_off", "until": until}
    mark = client.post("/api/v1/queue/", act, content_type="application/json").json()
    gone = client.get("/api/v1/queue/").json()
    back = client.delete(f"/api/v1/queue/{mark['mark']}/")

    assert [one["ref"] for one in body["items"]] == [task.pk]
    assert mark["until_on"] == until
    assert gone["total"] == 0
    assert back.status_code == 204
    assert client.get("/api/v1/queue/").json()["total"] == 1


def test_a_task_of_a_day_far_ahead_waits(rm):
    day = date(2026, 11, 20)
    add_task(
        "core.reveal_quota", owner=rm, params={"name": "王", "limit": "1"},
        due_on=day + timedelta(days=31),
    )  # fmt: skip

    assert keys(rm, day) == []
    assert keys(rm, day + timedelta(days=1)) == ["task"]
