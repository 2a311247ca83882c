"""Matches over the API: the same rows, reach and answers as the pages."""

from datetime import date

import pytest

from crm.core.conditions import Clause
from products.models import MatchFeedback
from products.services.matching import run_full
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version


@pytest.fixture
def rms():
    return make_user("rm"), make_user("rm")


@pytest.fixture
def version():
    version = make_version(make_product("AA01", family="deposit"))
    make_rule(version, Clause("years_in_business", ">=", "3"), code="years")
    return version


@pytest.fixture
def customers(rms, version):
    """Of the first manager one that fits and one that misses; of the second one that fits."""
    found = []
    rows = ((rms[0], "甲商行", 5), (rms[0], "乙商行", 1), (rms[1], "丙商行", 9))
    for manager, name, years in rows:
        found.append(make_customer(manager, name=name))
        make_portrait(found[-1], years_in_business=years, stage="growth")
    run_full(as_of=date(2026, 11, 20))
    return found


def test_one_customer_is_explained(client, rms, customers):
    client.force_login(rms[0])

    body = client.get("/api/v1/matches/", {"customer": customers[1].pk}).json()

    (offer,) = body["offers"]
    assert (offer["code"], offer["outcome"], offer["in_top"]) == ("AA01", "n", False)
    (rule,) = offer["rules"]
    assert (rule["answer"], rule["code"]) == ("no", "years")
    assert "1" in rule["actual"]


@pytest.mark.parametrize("key", ["", "x", "999999999", "9" * 30])
def test_what_is_not_there_is_not_found(client, rms, customers, key):
    client.force_login(rms[0])

    assert client.get("/api/v1/matches/", {"customer": key}).status_code == 404


def test_another_managers_customer_is_nowhere_in_the_api(client, rms, customers):
    """k.13"""
    client.force_login(rms[0])

    match = client.get("/api/v1/matches/", {"customer": customers[2].pk})
    fits = client.get("/api/v1/fits/", {"product": "AA01"}).json()
    grid = client.get("/api/v1/match-matrix/", {"by": "stage"}).json()
    told = client.post(
        f"/api/v1/matches/feedback/?customer={customers[2].pk}",
        {"version_id": fits["version"], "answer": "fits"},
        content_type="application/json",
    )

    assert match.status_code == 404
    assert [row["name"] for row in fits["results"]] == ["甲商行"]
    assert grid["customers"] == 2
    assert told.status_code == 404


def test_the_lists_of_the_api_are_those_of_the_pages(client, rms, customers):
    client.force_login(rms[0])

    almost = client.get("/api/v1/fits/", {"product": "AA01", "kind": "a", "rule": "years"}).json()
    none = client.get("/api/v1/fits/", {"product": "AA01", "stage": "mature"}).json()

    assert [(row["name"], row["rule"]) for row in almost["results"]] == [("乙商行", "years")]
    assert none["results"] == []
    assert client.get("/api/v1/fits/", {"product": "NOPE"}).status_code == 404


def test_a_catalogue_admin_reads_numbers_only(client, customers):
    client.force_login(make_user("catalog_admin"))

    grid = client.get("/api/v1/match-matrix/", {"by": "stage"}).json()

    assert grid["customers"] == 3
    assert grid["lines"][0]["total"]["fits"] == 2
    assert client.get("/api/v1/fits/", {"product": "AA01"}).status_code == 403
    assert client.get("/api/v1/matches/", {"customer": customers[0].pk}).status_code == 403


def test_a_dimension_that_is_none_is_refused(client, rms):
    client.force_login(rms[0])

    assert client.get("/api/v1/match-matrix/", {"by": "shoe_size"}).status_code == 400


def test_an_answer_over_the_api_is_the_answer_of_the_page(client, rms, customers, version):
    client.force_login(rms[0])
    where = f"/api/v1/matches/feedback/?customer={customers[0].pk}"

    def post(**body):
        return client.post(
            where, {"version_id": version.pk} | body, content_type="application/json"
        )

    first, second = post(answer="fits"), post(answer="wrong", reason="price")
    refused = post(answer="wrong")

    assert (first.status_code, second.status_code, refused.status_code) == (200, 200, 422)
    assert first.json()["id"] == second.json()["id"]
    assert MatchFeedback.objects.get().answer == "wrong"
