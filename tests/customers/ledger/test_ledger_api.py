"""The ledger over the API: facts with clashes, rows with versions, reach."""

from decimal import Decimal

import pytest
from django.utils import timezone

from crm.core.models import AuditEntry
from tests.customers.derive import seed_parameters
from tests.customers.ledger.rows import make_settle, say, standing
from tests.factories import make_branch, make_customer, make_user


@pytest.fixture
def desk(client):
    """A manager at the ledger of a customer."""
    seed_parameters()
    manager = make_user("rm")
    client.force_login(manager)
    return manager, make_customer(manager, name="禾城面粉行")


def post_json(client, address, body, **headers):
    return client.post(address, body, content_type="application/json", headers=headers)


def fact_of(client, address, key, no=7):
    """The fact as the API tells it."""
    facts = client.get(address).json()["categories"][no - 1]["facts"]
    return next(one for one in facts if one["key"] == key)


def take_back(client, address, **marks):
    return post_json(client, f"{address}withdraw/", {"facts": marks})


def test_facts_are_written_over_the_api_and_clashes_refused(desk, client):
    _manager, customer = desk
    address = f"/api/v1/customers/{customer.pk}/ledger/"
    today = timezone.localdate().isoformat()
    body = {"values": {"repeat_rate": "0.4", "peak_hours": "noon evening"}, "as_of": today,
            "said_by": "店长"}  # fmt: skip

    saved = post_json(client, address, body)
    fact = next(
        one for one in client.get(address).json()["categories"][6]["facts"]
        if one["key"] == "repeat_rate"
    )  # fmt: skip
    say(customer, repeat_rate="0.5")
    clash = post_json(
        client, address,
        {"values": {"repeat_rate": 0.6}, "as_of": today, "marks": {"repeat_rate": fact["mark"]}},
    )  # fmt: skip
    odd = post_json(client, address, {"values": {"repeat_rate": "viel"}, "as_of": today})

    assert saved.status_code == 201
    assert saved.json() == {"facts": ["peak_hours", "repeat_rate"]}
    assert (fact["value"], fact["said_by"]) == (0.4, "店长")
    assert clash.status_code == 409
    assert odd.status_code == 400
    assert "repeat_rate" in str(odd.json()["errors"])


def test_a_fact_is_taken_back_over_the_api_as_it_was_read(desk, client):
    _manager, customer = desk
    address = f"/api/v1/customers/{customer.pk}/ledger/"
    say(customer, repeat_rate="0.4")
    fact = fact_of(client, address, "repeat_rate")
    say(customer, repeat_rate="0.5")
    newer = fact_of(client, address, "repeat_rate")

    stale = take_back(client, address, repeat_rate=fact["mark"])
    kept = fact_of(client, address, "repeat_rate")
    first = take_back(client, address, repeat_rate=newer["mark"])
    second = take_back(client, address, repeat_rate=newer["mark"])

    assert (stale.status_code, bool(stale.json()["title"])) == (409, True)
    assert kept["value"] == 0.5
    assert (first.status_code, second.status_code) == (204, 204)
    assert fact_of(client, address, "repeat_rate")["value"] is None
    assert AuditEntry.objects.filter(event="customers.ledger_facts").count() == 1


def test_what_cannot_be_taken_back_is_named_and_nothing_goes(desk, client):
    _manager, customer = desk
    address = f"/api/v1/customers/{customer.pk}/ledger/"
    say(customer, repeat_rate="0.4", cost_material="0.6", cost_labour="0.4")
    marks = {
        key: fact_of(client, address, key, no=no)["mark"]
        for key, no in (("repeat_rate", 7), ("cost_material", 5), ("cost_labour", 5))
    }

    strange = take_back(client, address, repeat_rate=marks["repeat_rate"], nothing="")
    part = take_back(client, address, cost_material=marks["cost_material"])
    empty = take_back(client, address)
    blind = take_back(client, address, repeat_rate="")

    codes = [answer.status_code for answer in (strange, part, empty, blind)]
    assert codes == [422, 422, 400, 409]
    assert list(strange.json()["errors"]) == ["nothing"]
    assert list(part.json()["errors"]) == ["cost_material"]
    assert list(empty.json()["errors"]) == ["facts"]
    assert fact_of(client, address, "repeat_rate")["value"] == 0.4
    assert take_back(client, address, **marks).status_code == 204


@pytest.mark.parametrize(("role", "code"), [("rm", 404), ("auditor", 403)])
def test_whoever_does_not_write_the_ledger_takes_nothing_back(desk, client, role, code):
    manager, customer = desk
    say(customer, repeat_rate="0.4")
    unit = make_branch() if role == "rm" else manager.branch
    client.force_login(make_user(role, unit))

    answer = take_back(client, f"/api/v1/customers/{customer.pk}/ledger/", repeat_rate="")

    assert answer.status_code == code
    assert standing(customer, "repeat_rate") == Decimal("0.4")


def test_rows_are_written_over_the_api_with_their_version(desk, client):
    _manager, customer = desk
    address = f"/api/v1/customers/{customer.pk}/settle-modes/"
    row = {"direction": "in", "mode": "cash", "share": "0.7", "bank": "none"}

    made = post_json(client, address, row)
    one = f"{address}{made.json()['id']}/"
    patch = {"content_type": "application/json"}
    blind = client.patch(one, {"share": "0.8"}, **patch)
    changed = client.patch(one, {"share": "0.8"}, headers={"If-Match": '"1"'}, **patch)
    stale = client.patch(one, {"share": "0.9"}, headers={"If-Match": '"1"'}, **patch)
    much = post_json(client, address, row | {"mode": "qr", "share": "0.3"})
    gone = client.delete(one, headers={"If-Match": '"2"'})

    codes = [answer.status_code for answer in (made, blind, changed, stale, much, gone)]
    assert codes == [201, 400, 200, 409, 422, 204]
    assert changed.json()["share"] == "0.800000"
    assert client.get(address).json() == []


@pytest.mark.parametrize("tag", ["", '"x"', '"²"', '"' + "9" * 5000 + '"'])
def test_a_version_that_cannot_be_read_is_a_mistake_of_the_caller(desk, client, tag):
    _manager, customer = desk
    row = make_settle(customer)

    answer = client.delete(
        f"/api/v1/customers/{customer.pk}/settle-modes/{row.pk}/", headers={"If-Match": tag}
    )

    assert answer.status_code == 400
    row.refresh_from_db()
    assert row.ended_on is None


def test_a_unit_apart_sees_no_row_in_the_lists_of_facts(desk, client):
    _manager, customer = desk
    make_settle(customer)
    mine = client.get("/api/v1/facts/settle-modes/").json()["results"]
    client.force_login(make_user("branch_head", make_branch()))

    assert len(mine) == 1
    assert client.get("/api/v1/facts/settle-modes/").json()["results"] == []
