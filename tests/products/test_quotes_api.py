"""Quotes over the API: reach, one quote a key, refusals with their reason."""

import json
from decimal import Decimal

import pytest

from tests.factories import make_branch, make_customer, make_user
from tests.products.quoted import make_asking, make_shop, quoted

D = Decimal


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def customer(rm):
    return make_asking(rm)


@pytest.fixture
def shop():
    return make_shop()


def test_the_api_lists_quotes_in_reach_only(client, rm, customer, shop):
    mine = quoted(customer, by=rm)
    stranger = make_user("rm")
    quoted(make_customer(stranger), by=stranger)
    head = make_user("branch_head", make_branch())
    client.force_login(rm)

    own = client.get("/api/v1/quotes/").json()["results"]
    client.force_login(head)
    none = client.get("/api/v1/quotes/").json()["results"]

    assert [row["id"] for row in own] == [mine.pk]
    assert none == []
    assert client.get(f"/api/v1/quotes/{mine.pk}/").status_code == 404


def post(client, body):
    return client.post("/api/v1/quotes/", json.dumps(body), content_type="application/json")


def test_the_api_makes_one_quote_a_key(client, rm, customer, shop):
    _bundle, versions = shop
    client.force_login(rm)
    body = {
        "customer": customer.pk,
        "bundle": "B2",
        "key": "api-1",
        "lines": [
            {"version": versions["loan"].pk, "amount": "100000", "rate": "0.045"},
            {"version": versions["qr"].pk},
        ],
    }

    first, second = post(client, body), post(client, body)

    assert first.status_code == second.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert D(first.json()["lines"][0]["figures"]["cost"]["rate"]) == D("0.0440")


def test_the_api_says_what_cannot_be_quoted(client, rm, customer, shop):
    _bundle, versions = shop
    client.force_login(rm)
    body = {
        "customer": customer.pk,
        "key": "api-1",
        "lines": [{"version": versions["loan"].pk, "amount": "999999"}],
    }

    answer = post(client, body)

    assert answer.status_code == 422
    assert "30" in answer.json()["title"]
    assert post(client, body | {"lines": []}).status_code == 400
    assert post(client, body | {"bundle": "NOPE"}).status_code == 422
    assert post(client, body | {"customer": 2**40}).status_code == 404
