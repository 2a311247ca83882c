"""Weights over the API: proposed by one, put in force by another, 100 points (d.4 step 2)."""

import pytest
from django.test import Client

from products.models import MatchWeights
from tests.factories import make_user

URL = "/api/v1/match-weights/"
JSON = "application/json"
POINTS = {
    "need": 20, "segment": 20, "repayment": 15, "guarantee": 10, "price": 10, "speed": 15,
    "channel": 5, "strategy": 5, "limited_industry": 15, "amber_warning": 10,
}  # fmt: skip
SENT = POINTS | {"note": "要快"}


def signed_in(role):
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def in_force():
    return MatchWeights.objects.create(version=1, state="active")


@pytest.fixture
def admins():
    return [signed_in("catalog_admin") for _ in range(2)]


def test_a_set_is_proposed_once_and_put_in_force_by_somebody_else(in_force, admins):
    maker, checker = admins

    made, again = (maker.post(URL, SENT, JSON) for _ in range(2))
    url = f"{URL}{made.json()['id']}/decide/"
    own = maker.post(url, {"is_accepted": True}, JSON)
    waiting = maker.get(URL, {"state": "proposed"}).json()["results"]
    decided = checker.post(url, {"is_accepted": True}, JSON)
    late = checker.post(url, {"is_accepted": False}, JSON)

    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    assert made.json()["id"] == again.json()["id"]
    assert own.status_code == 409
    assert own.json()["title"]
    assert [row["version"] for row in waiting] == [2]
    assert (decided.json()["state"], late.json()["state"]) == ("active", "active")
    assert {name: decided.json()[name] for name in POINTS} == POINTS
    in_force.refresh_from_db()
    assert in_force.state == "retired"


def test_a_rejected_set_leaves_the_one_in_force(in_force, admins):
    made = admins[0].post(URL, SENT, JSON).json()

    told = admins[1].post(f"{URL}{made['id']}/decide/", {"is_accepted": False}, JSON).json()

    assert told["state"] == "rejected"
    in_force.refresh_from_db()
    assert in_force.state == "active"


@pytest.mark.parametrize(
    ("values", "code", "fields"),
    [
        (SENT | {"need": 21}, 422, set()),
        (SENT | {"amber_warning": 101}, 422, {"amber_warning"}),
        (SENT | {"need": -1, "segment": 41}, 400, {"need"}),
        (SENT | {"need": "many"}, 400, {"need"}),
        (SENT | {"need": None}, 400, {"need"}),
        (SENT | {"note": " "}, 400, {"note"}),
        ({"note": "x"}, 400, set(POINTS)),
    ],
)
def test_points_that_cannot_be_are_refused(in_force, admins, values, code, fields):
    answer = admins[0].post(URL, values, JSON)

    assert answer.status_code == code
    assert set(answer.json().get("errors", {})) == fields
    assert MatchWeights.objects.count() == 1


def test_a_decision_says_what_it_is(in_force, admins):
    made = admins[0].post(URL, SENT, JSON).json()

    answer = admins[1].post(f"{URL}{made['id']}/decide/", {}, JSON)

    assert answer.status_code == 400
    assert "is_accepted" in answer.json()["errors"]
    assert MatchWeights.objects.get(pk=made["id"]).state == "proposed"


@pytest.mark.parametrize("role", ["rm", "team_lead", "branch_head", "risk_officer", "auditor"])
def test_other_roles_read_and_change_nothing(in_force, admins, role):
    made, client = admins[0].post(URL, SENT, JSON).json(), signed_in(role)

    answers = [
        client.post(URL, SENT, JSON),
        client.post(f"{URL}{made['id']}/decide/", {"is_accepted": True}, JSON),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert client.get(f"{URL}{in_force.pk}/").json()["need"] == 30
    assert [row["version"] for row in client.get(URL).json()["results"]] == [2, 1]


def test_the_list_costs_the_same_with_more_sets(in_force, admins, same_queries):
    people = [make_user("catalog_admin") for _ in range(2)]

    def grow():
        for no in range(2, 8):
            MatchWeights.objects.create(
                version=no, state="retired", proposed_by=people[0], decided_by=people[1]
            )

    same_queries(lambda: admins[0].get(URL), grow=grow)
