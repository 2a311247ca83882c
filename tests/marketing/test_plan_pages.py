"""The week on its page and through the API: who sees whose, in place or whole, what it costs."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.core.models import RuleParameter
from crm.core.services.reference import load_reference
from crm.core.workdays import add_working_days
from marketing.models import PlannedVisit
from marketing.selectors.plan import this_week
from marketing.services.plan import make_plan
from tests.factories import make_customer, make_portrait, make_user

HX = {"HX-Request": "true"}
URL = "/marketing/plan/"


@pytest.fixture(autouse=True)
def rules():
    if not RuleParameter.objects.filter(key="plan.capacity_day").exists():
        load_reference()


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def week():
    return this_week(timezone.localdate()) + timedelta(days=7)


def make_due(rm, *names):
    for no, name in enumerate(names):
        customer = make_customer(rm, name=name, latitude=30.7 + no / 100, longitude=120.7)
        make_portrait(customer, tier="A", last_visit_on=date(2025, 11, 1))


def planned(rm, week):
    return make_plan(manager=rm, week_on=week, as_of=timezone.localdate())


def test_the_week_shows_stops_with_reasons_and_a_route(client, rm, week):
    """VIS-1"""
    make_due(rm, "恒丰精密五金厂", "锦绣服装有限公司")
    planned(rm, week)
    client.force_login(rm)

    html = client.get(URL, {"week": week.isoformat()}).content.decode()

    assert "恒丰精密五金厂" in html
    assert "每 30 天走访一次，上次 2025-11-01" in html
    assert '<svg class="route"' in html
    assert "style=" not in html


def test_a_leader_sees_the_weeks_of_the_team_and_nobody_elses(client, rm, week):
    """k.13"""
    make_due(rm, "恒丰精密五金厂")
    planned(rm, week)
    lead = make_user("team_lead", branch=rm.branch)
    address = {"week": week.isoformat(), "manager": rm.pk}

    client.force_login(lead)
    inside = client.get(URL, address)
    client.force_login(make_user("team_lead"))
    outside = client.get(URL, address)
    client.force_login(make_user("rm"))
    colleague = client.get(URL, address)

    assert "恒丰精密五金厂" in inside.content.decode()
    assert "plan_drop" not in inside.content.decode()
    assert "/drop/" not in inside.content.decode()
    assert (outside.status_code, colleague.status_code) == (404, 404)


def test_a_customer_handed_over_is_no_longer_in_the_old_week(client, rm, week):
    make_due(rm, "恒丰精密五金厂", "锦绣服装有限公司")
    plan = planned(rm, week)
    gone = plan.stops.first().customer
    other = make_user("rm")
    gone.manager, gone.scope_no = other, other.scope_no
    gone.save()
    client.force_login(rm)

    html = client.get(URL, {"week": week.isoformat()}).content.decode()

    assert gone.name not in html


def test_a_fragment_is_the_moving_part_alone(client, rm, week):
    client.force_login(rm)

    html = client.get(URL, {"week": week.isoformat()}, headers=HX).content.decode()

    assert "<html" not in html


def test_the_page_costs_the_same_with_more_stops(client, rm, week, same_queries):
    make_due(rm, "甲", "乙")
    planned(rm, week)
    client.force_login(rm)

    same_queries(
        lambda: client.get(URL, {"week": week.isoformat()}),
        grow=lambda: (make_due(rm, *(f"厂{no}" for no in range(12))), planned(rm, week)),
    )


def test_stops_move_lock_and_drop_in_place(client, rm, week):
    make_due(rm, "恒丰精密五金厂")
    plan = planned(rm, week)
    stop = plan.stops.get()
    client.force_login(rm)
    other = add_working_days(stop.on, 1) if stop.on < week + timedelta(days=3) else week

    moved = client.post(
        f"{URL}stops/{stop.pk}/move/",
        {"on": other.isoformat(), "version": plan.version},
        headers=HX,
    )
    plan.refresh_from_db()
    client.post(f"{URL}stops/{stop.pk}/lock/", {"version": plan.version}, headers=HX)
    plan.refresh_from_db()
    client.post(f"{URL}stops/{stop.pk}/drop/", {"version": plan.version}, headers=HX)

    stop.refresh_from_db()
    assert moved.status_code == 200
    assert "<html" not in moved.content.decode()
    assert (stop.on, stop.state, stop.is_locked) == (other, "dropped", False)


def test_a_day_that_cannot_be_read_is_named(client, rm, week):
    make_due(rm, "恒丰精密五金厂")
    plan = planned(rm, week)
    client.force_login(rm)

    answer = client.post(
        f"{URL}stops/{plan.stops.get().pk}/move/", {"on": "morgen", "version": plan.version}
    )

    assert answer.status_code == 422


def test_a_customer_found_by_a_piece_of_the_name_is_added(client, rm, week):
    planned(rm, week)
    customer = make_customer(rm, name="恒丰精密五金厂")
    make_customer(make_user("rm"), name="恒丰别人家")
    client.force_login(rm)
    client.post(f"{URL}make/", {"week": week.isoformat()})
    PlannedVisit.objects.all().delete()

    found = client.get(f"{URL}find/", {"q": "恒丰", "week": week.isoformat()}).content.decode()
    client.post(f"{URL}add/", {"customer": customer.pk, "on": week.isoformat()})

    assert "恒丰精密五金厂" in found
    assert "恒丰别人家" not in found
    assert PlannedVisit.objects.get().reasons == [{"code": "added", "inputs": {}}]


def test_the_api_tells_and_changes_the_same_week(client, rm, week):
    make_due(rm, "恒丰精密五金厂")
    client.force_login(rm)

    made = client.post("/api/v1/visit-plans/", {"week": week.isoformat()}).json()
    stop = next(stop for day in made["days"] for stop in day["stops"])
    dropped = client.post(
        f"/api/v1/visit-stops/{stop['id']}/drop/", {"version": made["version"]}
    ).json()
    again = client.post(f"/api/v1/visit-stops/{stop['id']}/drop/", {"version": made["version"]})

    assert stop["customer_name"] == "恒丰精密五金厂"
    assert stop["reasons"][0]["code"] == "cycle"
    assert [one["state"] for day in dropped["days"] for one in day["stops"]] == ["dropped"]
    assert again.status_code == 409
