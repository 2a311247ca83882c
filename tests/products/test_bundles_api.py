"""Bundles made over the API: the same drafts, four eyes and refusals as the pages (PRO-2)."""

import pytest
from django.test import Client

from products.models import Bundle, BundleVersion
from tests.factories import make_user
from tests.products.factories import make_admins, make_product, make_version
from tests.products.quoted import make_bundle, make_shop, prices

BUNDLES = "/api/v1/bundles/"
VERSIONS = "/api/v1/bundle-versions/"
JSON = "application/json"
FIRST = {"If-Match": '"1"'}
NEW = {"code": "B9", "name_zh": "开店包"}
CONTENT = {
    "benefit_zh": "一次办好",
    "target_groups": ["self_employed"],
    "rate_discount_bp": 10,
    "fee_discount": "0.1",
    "items": [
        {"role": "anchor", "products": ["LN09"]},
        {"role": "support", "products": ["QR09", "QR08"], "condition_zh": "自愿"},
        {"role": "support", "service_zh": "上门辅导"},
    ],
}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def people():
    return make_admins(2)


@pytest.fixture
def admins(people):
    return [signed_in(user) for user in people]


@pytest.fixture
def goods():
    """A loan and two ways to be paid, on sale, and prices of the day."""
    prices()
    return [
        make_version(make_product(code, family=family)).product
        for code, family in (
            ("LN09", "working_capital_loan"), ("QR09", "acquiring"), ("QR08", "acquiring"),
        )
    ]  # fmt: skip


def places(goods):
    return [("anchor", goods[:1]), ("support", goods[1:2])]


def test_a_bundle_goes_its_whole_way_over_the_api(admins, goods):
    maker, checker = admins

    made = maker.post(BUNDLES, NEW, JSON)
    url = f"{VERSIONS}{made.json()['id']}/"
    early = maker.post(f"{url}submit/")
    written = maker.patch(url, CONTENT, JSON, headers={"If-Match": made["ETag"]})
    sent, again = maker.post(f"{url}submit/"), maker.post(f"{url}submit/")
    frozen = maker.patch(url, {"benefit_zh": "改"}, JSON, headers={"If-Match": written["ETag"]})
    own = maker.post(f"{url}decide/", {"is_approved": True}, JSON)
    decided = checker.post(f"{url}decide/", {"is_approved": True}, JSON)
    late = checker.post(f"{url}decide/", {"is_approved": False, "note": "晚了"}, JSON)
    read = signed_in(make_user("rm")).get(f"{BUNDLES}B9/").json()

    assert (made.status_code, made.json()["state"], made.json()["no"]) == (201, "draft", 1)
    assert early.status_code == 422
    assert (written.status_code, written["ETag"]) == (200, '"2"')
    assert [item["products"] for item in written.json()["items"]] == [
        ["LN09"],
        ["QR09", "QR08"],
        [],
    ]
    assert (sent.json()["state"], again.json()["state"]) == ("submitted", "submitted")
    assert (frozen.status_code, own.status_code) == (409, 403)
    assert own["Content-Type"] == "application/problem+json"
    assert (decided.json()["state"], late.json()["state"]) == ("effective", "effective")
    assert (read["fee_discount"], read["rate_discount_bp"]) == ("0.1000", 10)
    assert [item["service_zh"] for item in read["items"]] == ["", "", "上门辅导"]


def test_a_refusal_needs_a_word_and_gives_the_draft_back(people, admins, goods):
    version = make_bundle("B9", places(goods), state="submitted", made_by=people[0])
    url = f"{VERSIONS}{version.pk}/decide/"

    silent = admins[1].post(url, {"is_approved": False}, JSON)
    told = admins[1].post(url, {"is_approved": False, "note": "优惠说明不清"}, JSON).json()

    assert silent.status_code == 422
    assert (told["state"], told["decision_note"], told["revision"]) == ("draft", "优惠说明不清", 2)


def test_the_next_version_is_drafted_once_and_dropped(admins, goods):
    old = make_bundle("B9", places(goods))

    first, again = (admins[0].post(f"{BUNDLES}B9/draft/") for _ in range(2))
    url = f"{VERSIONS}{first.json()['id']}/"
    gone, gone_again = admins[0].post(f"{url}drop/"), admins[0].post(f"{url}drop/")
    kept = admins[0].post(f"{VERSIONS}{old.pk}/drop/")

    assert (first.status_code, first.json()["no"]) == (201, 2)
    assert first.json()["id"] == again.json()["id"]
    assert [item["products"] for item in first.json()["items"]] == [["LN09"], ["QR09"]]
    assert (gone.status_code, gone_again.status_code, kept.status_code) == (204, 404, 409)
    assert list(BundleVersion.objects.all()) == [old]


def test_a_change_needs_the_tag_that_was_read_and_keeps_what_it_does_not_name(
    people, admins, goods
):
    draft = make_bundle("B9", places(goods), state="draft", made_by=people[0], rate_discount_bp=5)
    url = f"{VERSIONS}{draft.pk}/"

    without = admins[0].patch(url, {"benefit_zh": "甲"}, JSON)
    saved = admins[0].patch(url, {"benefit_zh": "乙"}, JSON, headers=FIRST)
    stale = admins[0].patch(url, {"benefit_zh": "丙"}, JSON, headers=FIRST)
    others = admins[1].patch(url, {"benefit_zh": "丁"}, JSON, headers={"If-Match": '"2"'})

    assert [one.status_code for one in (without, saved, stale, others)] == [400, 200, 409, 409]
    body = admins[0].get(url).json()
    assert (body["benefit_zh"], body["rate_discount_bp"], body["revision"]) == ("乙", 5, 2)
    assert [item["products"] for item in body["items"]] == [["LN09"], ["QR09"]]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"target_groups": ["moonlight"]}, 422),
        ({"target_stages": ["unknown"]}, 422),
        ({"rate_discount_bp": 201}, 422),
        ({"fee_discount": "1.5"}, 422),
        ({"items": [{"role": "anchor", "products": ["NONE1"]}]}, 422),
        ({"items": [{"role": "anchor", "products": ["GONE1"]}]}, 422),
        ({"items": [{"role": "king", "products": ["LN09"]}]}, 400),
        ({"items": [{"products": ["LN09"]}]}, 400),
        ({"items": "LN09"}, 400),
        ({"fee_discount": "NaN"}, 400),
        ({"benefit_zh": None}, 400),
    ],
)
def test_what_a_draft_cannot_say_is_told_by_field(people, admins, goods, values, code):
    make_product("GONE1", status="closed")
    draft = make_bundle("B9", places(goods), state="draft", made_by=people[0])

    answer = admins[0].patch(f"{VERSIONS}{draft.pk}/", values, JSON, headers=FIRST)

    assert answer.status_code == code
    assert set(answer.json()["errors"]) == set(values)
    draft.refresh_from_db()
    assert (draft.revision, draft.items.count()) == (1, 2)


def test_the_state_is_not_written_over_the_api(people, admins, goods):
    draft = make_bundle("B9", places(goods), state="draft", made_by=people[0])
    values = {"state": "effective", "no": 9, "effective_from": "2020-01-01"}

    admins[0].patch(f"{VERSIONS}{draft.pk}/", values, JSON, headers=FIRST)

    draft.refresh_from_db()
    assert (draft.state, draft.no, draft.effective_from) == ("draft", 1, None)


@pytest.mark.parametrize("code", ["b9", "9B", "B", "B 9", "B/9", "new"])
def test_a_code_that_breaks_addresses_is_refused(admins, code):
    answer = admins[0].post(BUNDLES, NEW | {"code": code}, JSON)

    assert answer.status_code == 422
    assert "code" in answer.json()["errors"]
    assert not Bundle.objects.exists()


def test_a_code_is_given_once(admins):
    first, again = (admins[0].post(BUNDLES, NEW, JSON) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 422)
    assert "code" in again.json()["errors"]
    assert BundleVersion.objects.count() == 1


@pytest.mark.parametrize("role", ["rm", "team_lead", "branch_head", "risk_officer", "auditor"])
def test_other_roles_change_nothing_and_see_no_draft(people, goods, role):
    client = signed_in(make_user(role))
    draft = make_bundle("B9", places(goods), state="draft", made_by=people[0])
    url = f"{VERSIONS}{draft.pk}/"

    answers = [
        client.post(BUNDLES, NEW | {"code": "B10"}, JSON),
        client.post(f"{BUNDLES}B9/draft/"),
        client.patch(url, {"benefit_zh": "x"}, JSON, headers=FIRST),
        client.post(f"{url}submit/"),
        client.post(f"{url}drop/"),
        client.post(f"{url}decide/", {"is_approved": True}, JSON),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert client.get(url).status_code == 404
    assert client.get(VERSIONS).json()["results"] == []


def test_versions_are_listed_by_bundle_and_state_at_the_same_cost(
    people, admins, goods, same_queries
):
    make_bundle("B8", places(goods))
    make_bundle("B9", places(goods), state="draft", made_by=people[0])

    found = admins[0].get(VERSIONS, {"bundle": "B9"}).json()["results"]
    drafts = admins[0].get(VERSIONS, {"state": "draft"}).json()["results"]

    assert [row["code"] for row in found] == [row["code"] for row in drafts] == ["B9"]
    same_queries(
        lambda: admins[0].get(VERSIONS),
        grow=lambda: [make_bundle(f"C{no}", places(goods), made_by=people[0]) for no in range(5)],
    )


def test_bundles_are_read_over_the_api_by_code(client):
    make_shop()
    client.force_login(make_user("rm"))

    listed = client.get("/api/v1/bundles/").json()["results"]
    one = client.get("/api/v1/bundles/B2/").json()

    assert [row["code"] for row in listed] == ["B2"]
    assert one["rate_discount_bp"] == 10
    assert [item["products"] for item in one["items"]] == [["LN01"], ["QR01"], ["IS01"], ["DP01"]]
    assert client.get("/api/v1/bundles/NOPE/").status_code == 404
