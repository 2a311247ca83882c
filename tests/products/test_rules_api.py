"""Eligibility rules under /api/v1/: the same rows, counts and refusals as the pages."""

import pytest
from django.test import Client

from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version

URL = "/api/v1/product-version-rules/"
JSON = "application/json"
HEADS = {"feature": "employees", "op": ">=", "value": 5}
RULE = {"code": "heads", "text_zh": "五人以上", "condition": HEADS}


def signed_in(role):
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def keeper():
    return signed_in("catalog_admin")


@pytest.fixture
def draft():
    """A draft without rules beside a version that asks for a year in business."""
    product = make_product("PY09", family="payroll")
    make_rule(make_version(product))
    return make_version(product, state="draft")


def test_a_rule_is_written_counted_and_removed(keeper, draft):
    make_portrait(make_customer(make_user("rm")), employees=6)
    url, tag = f"{URL}{draft.pk}/", {"If-Match": '"1"'}

    saved = keeper.post(f"{url}save/", RULE, JSON, headers=tag).json()
    stale = keeper.post(f"{url}save/", RULE | {"code": "more"}, JSON, headers=tag)
    read = keeper.get(url).json()
    removed = keeper.post(f"{url}remove/", {"code": "heads"}, JSON, headers={"If-Match": '"2"'})

    assert (saved["revision"], saved["rules"][0]["passed"]) == (2, 1)
    assert stale.status_code == 409
    assert read["rules"] == saved["rules"]
    assert removed.json()["rules"] == []


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (RULE | {"condition": {"all": []}}, "condition"),
        (RULE | {"condition": {"feature": "mood", "op": "known"}}, "condition"),
        (RULE | {"code": "Ü"}, "code"),
    ],
)
def test_a_rule_that_cannot_be_names_its_field(keeper, draft, rule, field):
    response = keeper.post(f"{URL}{draft.pk}/save/", rule, JSON, headers={"If-Match": '"1"'})

    assert response.status_code == 422
    assert field in response.content.decode()


def test_without_the_revision_that_was_read_nothing_is_written(keeper, draft):
    response = keeper.post(f"{URL}{draft.pk}/save/", RULE, JSON)

    assert response.status_code == 400
    assert not draft.rules.exists()


def test_a_condition_is_counted_without_being_kept(keeper, draft):
    make_portrait(make_customer(make_user("rm")), employees=6)

    told = keeper.post(f"{URL}{draft.pk}/count/", {"condition": HEADS}, JSON).json()
    bad = keeper.post(f"{URL}{draft.pk}/count/", {"condition": {"any": []}}, JSON)

    assert told == {"passed": 1, "failed": 0, "unknown": 0}
    assert bad.status_code == 400
    assert not draft.rules.exists()


def test_a_replay_says_who_enters_in_numbers(keeper, draft):
    make_portrait(make_customer(make_user("rm")), years_in_business=0.5)

    told = keeper.get(f"{URL}{draft.pk}/replay/").json()

    assert (told["base"], told["whole"]["entering"], told["whole"]["leaving"]) == (1, 1, 0)


def test_managers_read_what_is_in_force_and_write_nothing(draft):
    manager = signed_in("rm")
    in_force = draft.product.versions.get(state="effective")

    assert manager.get(f"{URL}{in_force.pk}/").status_code == 200
    assert manager.get(f"{URL}{draft.pk}/").status_code == 404
    assert manager.post(f"{URL}{in_force.pk}/save/", RULE, JSON).status_code == 403
