"""Products and versions under /api/v1/: the same rows, four eyes and refusals as the pages."""

import pytest
from django.test import Client

from products.models import Product, ProductVersion
from products.services.catalogue import draft_from
from tests.factories import make_user
from tests.products.factories import (
    make_admins,
    make_fee,
    make_product,
    make_rule,
    make_version,
)

PRODUCTS = "/api/v1/products/"
VERSIONS = "/api/v1/product-versions/"
JSON = "application/json"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admins():
    return [signed_in(user) for user in make_admins(2)]


@pytest.fixture
def rm():
    return signed_in(make_user("rm"))


def test_a_manager_reads_what_is_in_force(rm):
    version = make_version(make_product("WC01"))
    make_rule(version)
    make_fee(version)
    make_version(make_product("WC02"), state="draft")

    products = rm.get(PRODUCTS).json()["results"]
    versions = rm.get(VERSIONS).json()["results"]

    assert [row["code"] for row in products] == ["WC01"]
    (row,) = versions
    assert (row["product"], row["state"], row["amount_max"]) == ("WC01", "effective", "300000.00")
    assert row["rules"][0]["condition"]["feature"] == "years_in_business"
    assert row["fees"][0]["share"] == "0.005000"


def test_a_hidden_draft_answers_like_one_that_is_not_there(rm):
    draft = make_version(make_product("WC02"), state="draft")

    hidden = rm.get(f"{VERSIONS}{draft.pk}/")
    missing = rm.get(f"{VERSIONS}{2**31 - 7}/")
    product = rm.get(f"{PRODUCTS}WC02/")

    assert hidden.status_code == missing.status_code == product.status_code == 404
    assert hidden.json() == missing.json()
    assert hidden["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("url", "query", "found"),
    [
        (PRODUCTS, {"q": "快速"}, 1),
        (PRODUCTS, {"family": "deposit"}, 1),
        (PRODUCTS, {"owner_line": "rural"}, 0),
        (VERSIONS, {"product": "WC01"}, 2),
        (VERSIONS, {"state": "superseded"}, 1),
        (VERSIONS, {"group": "zjtx"}, 1),
        (VERSIONS, {"family": "deposit"}, 1),
    ],
)
def test_filters_narrow(rm, url, query, found):
    product = make_product("WC01", name_zh="快速贷")
    make_version(product, state="superseded")
    make_version(product, target_groups=["zjtx"])
    make_version(make_product("DP01", family="deposit"), tariff="挂牌")

    assert len(rm.get(url, query).json()["results"]) == found


def test_cursor_pages_show_every_version_once(rm):
    made = {make_version().pk for _ in range(5)}
    url, seen = f"{VERSIONS}?page_size=2", []

    while url:
        body = rm.get(url).json()
        seen += [row["id"] for row in body["results"]]
        url = body["next"]

    assert sorted(seen) == sorted(made)


def test_the_list_costs_the_same_with_more_versions(rm, same_queries):
    make_version()

    same_queries(lambda: rm.get(VERSIONS), grow=lambda: [make_version() for _ in range(8)])


def test_a_product_goes_its_whole_way_over_the_api(admins):
    maker, checker = admins
    officer = signed_in(make_user("risk_officer"))
    values = {"code": "WC10", "name_zh": "新贷", "family": "loan", "owner_line": "retail"}
    terms = {
        "amount_max": "500000", "term_max_months": 12, "rate_base": "lpr_1y", "spread_min_bp": 60,
        "spread_max_bp": 90, "guarantee_modes": ["credit"], "repayment_modes": ["bullet"],
        "fees": [{"name_zh": "评估费", "timing": "upfront", "share": "0.001"}],
    }  # fmt: skip

    made = maker.post(PRODUCTS, values, content_type=JSON)
    url = f"{VERSIONS}{ProductVersion.objects.get().pk}/"
    tag = maker.get(url)["ETag"]
    early = maker.post(f"{url}submit/")
    written = maker.patch(url, terms, content_type=JSON, headers={"If-Match": tag})
    sent = maker.post(f"{url}submit/")
    own = maker.post(f"{url}decide/", {"is_approved": True}, content_type=JSON)
    first = checker.post(f"{url}decide/", {"is_approved": True}, content_type=JSON)
    second = officer.post(f"{url}decide/", {"is_approved": True}, content_type=JSON)

    assert made.status_code == 201
    assert early.status_code == 422
    assert set(early.json()["errors"]) >= {"amount_max", "guarantee_modes"}
    assert (written.status_code, written.json()["fees"][0]["name_zh"]) == (200, "评估费")
    assert (sent.status_code, own.status_code) == (200, 403)
    assert own["Content-Type"] == "application/problem+json"
    assert (first.json()["state"], second.json()["state"]) == ("submitted", "effective")
    assert {row["role"] for row in second.json()["decisions"]} == {"catalogue", "risk"}


def test_a_change_needs_the_tag_that_was_read(admins):
    maker, other = admins
    draft = make_version(state="draft")
    url = f"{VERSIONS}{draft.pk}/"
    tag = maker.get(url)["ETag"]
    change = {"script": "甲"}

    without = maker.patch(url, change, content_type=JSON)
    first = maker.patch(url, change, content_type=JSON, headers={"If-Match": tag})
    stale = other.patch(url, {"script": "乙"}, content_type=JSON, headers={"If-Match": tag})

    assert (without.status_code, first.status_code, stale.status_code) == (400, 200, 409)
    draft.refresh_from_db()
    assert draft.script == "甲"


def test_a_frozen_version_is_refused_over_the_api(admins):
    """PRO-1."""
    for state in ("submitted", "approved", "effective", "superseded", "withdrawn"):
        version = make_version(state=state)
        answer = admins[0].patch(
            f"{VERSIONS}{version.pk}/", {"spread_max_bp": 1}, content_type=JSON,
            headers={"If-Match": '"1"'},
        )  # fmt: skip

        version.refresh_from_db()
        assert (answer.status_code, version.spread_max_bp) == (409, 150), state


def test_the_state_is_not_written_over_the_api(admins):
    draft = make_version(state="draft")

    answer = admins[0].patch(
        f"{VERSIONS}{draft.pk}/", {"state": "effective", "no": 9}, content_type=JSON,
        headers={"If-Match": '"1"'},
    )  # fmt: skip

    draft.refresh_from_db()
    assert (answer.status_code, draft.state, draft.no) == (200, "draft", 1)


@pytest.mark.parametrize(
    "values",
    [
        {"amount_min": "500000"},
        {"term_min_months": -1},
        {"guarantee_modes": ["moonlight"]},
        {"loan_to_value": {"home": 2}},
        {"loan_to_value": [1]},
        {"fees": [{"name_zh": "费", "timing": "upfront"}]},
        {"fees": [{"name_zh": "费", "timing": "upfront", "sum_amount": "1", "share": "0.1"}]},
    ],
)
def test_terms_that_cannot_be_are_told_by_field(admins, values):
    draft = make_version(state="draft")

    answer = admins[0].patch(
        f"{VERSIONS}{draft.pk}/", values, content_type=JSON, headers={"If-Match": '"1"'}
    )

    assert answer.status_code in (400, 422)
    assert set(answer.json()["errors"]) & ({*values} | {"amount_max"})
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_draft_is_made_once_and_withdrawn_with_a_reason(admins):
    version = make_version(make_product("WC01"))
    url = f"{VERSIONS}{version.pk}/draft/"

    first, again = admins[0].post(url), admins[0].post(url)
    drafted = f"{VERSIONS}{first.json()['id']}/withdraw/"
    without = admins[0].post(drafted)
    gone = admins[0].post(drafted, {"note": "不做了"}, content_type=JSON)

    assert first.json()["id"] == again.json()["id"]
    assert (without.status_code, gone.json()["state"]) == (400, "withdrawn")


@pytest.mark.parametrize("role", ["rm", "team_lead", "branch_head", "risk_officer", "auditor"])
def test_other_roles_change_nothing(role):
    client = signed_in(make_user(role))
    version = make_version()
    url = f"{VERSIONS}{version.pk}/"

    answers = [
        client.post(PRODUCTS, {"code": "WC10"}, content_type=JSON),
        client.patch(url, {"script": "x"}, content_type=JSON, headers={"If-Match": '"1"'}),
        client.post(f"{url}draft/"),
        client.post(f"{url}submit/"),
        client.post(f"{url}withdraw/", {"note": "x"}, content_type=JSON),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert Product.objects.count() == 1


def test_a_code_that_exists_is_refused(admins):
    make_product("WC10")
    values = {"code": "WC10", "name_zh": "新贷", "family": "loan", "owner_line": "retail"}

    answer = admins[0].post(PRODUCTS, values, content_type=JSON)

    assert answer.status_code == 409
    assert "code" in answer.json()["errors"]


def test_whoever_wrote_over_the_api_is_a_maker(admins):
    maker, helper = admins
    draft = draft_from(by=make_user("catalog_admin"), version_id=make_version().pk)
    url = f"{VERSIONS}{draft.pk}/"
    helper.patch(url, {"change_note": "改"}, content_type=JSON, headers={"If-Match": '"1"'})
    maker.post(f"{url}submit/")

    answers = [
        client.post(f"{url}decide/", {"is_approved": True}, content_type=JSON).status_code
        for client in (maker, helper)
    ]

    assert answers == [403, 403]


@pytest.mark.parametrize("code", ["a/b", "matrix", "new", "WC 1", "WC", "WC1\n2"])
def test_a_code_that_breaks_addresses_is_refused(admins, code):
    """The catalogue's list links to every product by its code."""
    body = {"code": code, "name_zh": "新贷", "family": "loan", "owner_line": "retail"}

    answer = admins[0].post(PRODUCTS, body, content_type=JSON)

    assert answer.status_code == 422
    assert "code" in answer.json()["errors"]
    assert not Product.objects.exists()


def test_a_product_is_renamed_with_the_tag_that_was_read(admins):
    make_version(make_product("WC10", name_zh="旧名"))
    url = f"{PRODUCTS}WC10/"
    tag = {"If-Match": admins[0].get(url)["ETag"]}
    named = {"name_zh": "新名", "tags": ["快"], "code": "WC11", "family": "deposit"}

    without = admins[0].patch(url, named, content_type=JSON)
    first = admins[0].patch(url, named, content_type=JSON, headers=tag)
    again = admins[0].patch(url, named, content_type=JSON, headers=tag)
    stale = admins[1].patch(url, {"name_zh": "别名"}, content_type=JSON, headers=tag)

    answers = (without, first, again, stale)
    assert [it.status_code for it in answers] == [400, 200, 200, 409]
    assert stale["Content-Type"] == "application/problem+json"
    product = Product.objects.get()
    assert (product.code, product.family) == ("WC10", "working_capital_loan")
    assert (product.name_zh, product.tags) == ("新名", ["快"])
    assert admins[0].get(url)["ETag"] == first["ETag"] != tag["If-Match"]


@pytest.mark.parametrize(
    "values", [{"owner_line": "moon"}, {"name_zh": ""}, {"name_zh": "长" * 200}, {"tags": "快"}]
)
def test_a_name_that_cannot_be_is_told_by_field(admins, values):
    product = make_version(make_product("WC10", name_zh="旧名")).product
    url = f"{PRODUCTS}WC10/"

    answer = admins[0].patch(
        url, values, content_type=JSON, headers={"If-Match": admins[0].get(url)["ETag"]}
    )

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(values)
    product.refresh_from_db()
    assert product.name_zh == "旧名"


def test_a_product_is_paused_and_sold_again(admins, rm):
    make_version(make_product("WC10"))
    url = f"{PRODUCTS}WC10/status/"

    paused, bad = (
        admins[0].post(url, {"status": value}, content_type=JSON) for value in ("paused", "lost")
    )
    refused = rm.post(url, {"status": "closed"}, content_type=JSON)
    named = rm.patch(f"{PRODUCTS}WC10/", {"name_zh": "x"}, content_type=JSON)

    assert (paused.json()["status"], bad.status_code) == ("paused", 400)
    assert (refused.status_code, named.status_code) == (403, 403)
    assert Product.objects.get().status == "paused"


@pytest.mark.parametrize("fee", [{"sum_amount": "1"}, {"name_zh": "费", "sum_amount": "1"}])
def test_a_fee_without_its_name_or_day_is_told_by_field(admins, fee):
    draft = make_version(state="draft")

    answer = admins[0].patch(
        f"{VERSIONS}{draft.pk}/", {"fees": [fee]}, content_type=JSON, headers={"If-Match": '"1"'}
    )

    assert answer.status_code == 400
    assert "fees" in answer.json()["errors"]
