"""The catalogue's pages: who sees what, the queue, the difference, the printed sheet."""

import re
from datetime import date

import pytest
from django.utils import timezone

from crm.core.searching import search_everything
from products.models import ProductVersion, VersionDecision
from products.services.catalogue import draft_from, edit_draft, submit_version
from tests.factories import make_user
from tests.products.factories import (
    make_fee,
    make_product,
    make_rule,
    make_version,
)

LIST = "/products/"
REVIEW = "/products/review/"


def page(client, url, user, **options):
    client.force_login(user)
    return client.get(url, **options)


def submitted(maker, code="WC01", **fields):
    draft = draft_from(by=maker, version_id=make_version(make_product(code)).pk)
    values = {"change_note": "下调利率上限", "spread_max_bp": 120} | fields
    edit_draft(by=maker, version_id=draft.pk, revision=1, values=values)
    return submit_version(by=maker, version_id=draft.pk)


def sent_back_form(html):
    """What the browser would send: every control of the page's form as it stands."""
    found = {}
    body = html[html.index("data-guard") :]
    for tag in re.findall(r"<input[^>]*>", body):
        values = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if values.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        if "name" in values and values.get("type") != "submit":
            default = "on" if values.get("type") == "checkbox" else ""
            found.setdefault(values["name"], []).append(values.get("value", default))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', body, re.S):
        found[name] = [text]
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', body, re.S):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        found[name] = chosen or [""]
    return found


# ---- the list ----


def test_everybody_sees_what_is_in_force_and_only_the_catalogue_sees_drafts(client, admins):
    make_version(make_product("WC01", name_zh="快速贷"))
    make_version(make_product("WC02", name_zh="未发布贷"), state="draft")

    as_rm = page(client, LIST, make_user("rm")).content.decode()
    as_admin = page(client, LIST, admins[0]).content.decode()

    assert "快速贷" in as_rm
    assert "未发布贷" not in as_rm
    assert "未发布贷" in as_admin


@pytest.mark.parametrize("url", ["/products/WC02/", "/products/WC02/1/", "/products/WC02/1/sheet/",
                                 "/products/WC02/difference/"])  # fmt: skip
def test_a_product_that_is_only_a_draft_is_not_there_for_a_manager(client, url):
    make_version(make_product("WC02"), state="draft")

    assert page(client, url, make_user("rm")).status_code == 404
    assert page(client, url, make_user("catalog_admin")).status_code == 200


def test_the_moving_part_comes_alone(client):
    make_version(make_product("WC01"))

    html = page(client, LIST, make_user("rm"), headers={"HX-Request": "true"}).content.decode()

    assert "WC01" in html
    assert "<html" not in html


def test_the_list_costs_the_same_with_more_products(client, same_queries):
    client.force_login(make_user("catalog_admin"))
    make_version()

    same_queries(lambda: client.get(LIST), grow=lambda: [make_version() for _ in range(10)])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("family=deposit", {"DP01"}),
        ("owner_line=rural", {"FP01"}),
        ("search=fp0", {"FP01"}),
        ("search=存款", {"DP01"}),
        ("group=sannong", {"FP01", "DP01"}),  # no target is everybody
        ("group=zjtx", {"WC08", "DP01"}),
        ("state=draft", {"WC08"}),
        ("state=none", set()),
        ("family=rubbish&page=x", {"FP01", "DP01", "WC08"}),
    ],
)
def test_filters_narrow_the_list(client, admins, query, expected):
    make_version(
        make_product("FP01", family="farm_production_loan", owner_line="rural"),
        target_groups=["sannong"],
    )
    make_version(make_product("DP01", family="deposit", name_zh="活期存款"), tariff="挂牌")
    tech = make_version(make_product("WC08"), target_groups=["zjtx"])
    draft_from(by=admins[0], version_id=tech.pk)

    html = page(client, f"{LIST}?{query}", admins[0]).content.decode()

    assert set(re.findall(r"(?:FP01|DP01|WC08)(?= )", html)) == expected


def test_ctrl_k_finds_products_by_code_and_name():
    make_version(make_product("WC01", name_zh="快速贷"))
    make_version(make_product("WC02", name_zh="未发布贷"), state="draft")
    rm = make_user("rm")

    hits = [hit.label for _label, found in search_everything(rm, "贷") for hit in found]

    assert hits == ["WC01 快速贷"]


# ---- a product ----


def test_a_product_shows_its_elements_rules_fees_and_history(client):
    product = make_product("WC01", name_zh="快速贷")
    make_version(product, state="superseded", change_note="首版")
    version = make_version(
        product, script="24 小时答复", risk_warning="逾期记入征信", materials=["营业执照"]
    )
    make_rule(version, text_zh="经营满 1 年")
    make_fee(version, name_zh="评估费")

    html = page(client, "/products/WC01/", make_user("rm")).content.decode()

    for text in ("1–30 万元", "1–12 个月", "+60 至 +150 bp", "信用", "先息后本", "经营满 1 年",
                 "评估费", "0.5%", "24 小时答复", "逾期记入征信", "营业执照", "首版"):  # fmt: skip
        assert text in html, text
    assert "新建版本" not in html


def test_a_superseded_version_stays_at_its_address(client):
    """PRO-4."""
    product = make_product("WC01")
    make_version(product, state="superseded", spread_max_bp=180)
    make_version(product, spread_max_bp=150)

    html = page(client, "/products/WC01/1/", make_user("rm")).content.decode()

    assert "+180 bp" in html
    assert "已不再提供" in html


@pytest.mark.parametrize("role", ["catalog_admin", "risk_officer", "rm", "auditor"])
@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "effective", "withdrawn"])
def test_a_version_opens_in_every_state_for_whoever_may_see_it(client, role, state):
    version = make_version(make_product("WC01"), state=state)
    if state == "withdrawn":  # it was in force once
        ProductVersion.objects.filter(pk=version.pk).update(effective_to="2026-02-01")

    status = page(client, "/products/WC01/1/", make_user(role)).status_code

    hidden = role == "rm" and state in ("draft", "submitted", "approved")
    assert status == (404 if hidden else 200)


def test_a_product_page_costs_the_same_with_more_versions(client, same_queries):
    product = make_product("WC01")
    make_version(product)
    client.force_login(make_user("catalog_admin"))

    def grow():
        for _ in range(5):
            old = make_version(product, state="superseded")
            make_rule(old)

    same_queries(lambda: client.get("/products/WC01/"), grow=grow)


def test_the_sheet_holds_what_a_customer_may_read(client):
    version = make_version(
        make_product("WC01"),
        script="话术内部使用",
        competitor_note="他行更慢",
        risk_warning="按时还款",
    )
    make_rule(version, text_zh="经营满 1 年")

    html = page(client, "/products/WC01/1/sheet/", make_user("rm")).content.decode()

    assert "css/sheet" in html
    for text in ("1–30 万元", "经营满 1 年", "按时还款"):
        assert text in html
    assert "话术内部使用" not in html
    assert "他行更慢" not in html


# ---- drafts ----


def test_the_queue_shows_the_difference_first_and_takes_the_word_in_place(client, admins):
    version = submitted(admins[0])

    html = page(client, REVIEW, admins[1]).content.decode()
    response = client.post("/products/WC01/2/decide/", {"decision": "approve", "note": "同意"})

    version.refresh_from_db()
    for text in ("+150 bp", "+120 bp", "下调利率上限", 'value="approve"'):
        assert text in html, text
    assert response.url == REVIEW
    assert version.state == "effective"


def test_the_queue_says_when_a_version_is_meant_to_begin(client, admins):
    submitted(admins[0], effective_from=date(2031, 5, 6))

    html = page(client, REVIEW, admins[1]).content.decode()

    assert re.search(r"拟生效日\s*(?:<[^>]+>)?2031-05-06", html)


def test_the_maker_sees_no_buttons_and_is_refused_without_them(client, admins):
    submitted(admins[0])

    html = page(client, REVIEW, admins[0]).content.decode()
    response = client.post("/products/WC01/2/decide/", {"decision": "approve"})

    assert 'value="approve"' not in html
    assert "由他人审批" in html
    assert response.status_code == 403
    assert not VersionDecision.objects.exists()


def test_a_risk_officer_is_asked_only_where_the_rule_says_so(client, admins):
    officer = make_user("risk_officer")
    submitted(admins[0], "WC01")
    submitted(admins[0], "WC02", spread_min_bp=-30)

    html = page(client, REVIEW, officer).content.decode()

    assert html.count('value="approve"') == 1
    assert "/products/WC02/2/decide/" in html


def test_a_manager_sees_no_queue_and_decides_nothing(client, admins):
    submitted(admins[0])
    rm = make_user("rm")

    html = page(client, REVIEW, rm).content.decode()
    response = client.post("/products/WC01/2/decide/", {"decision": "approve"})

    assert "WC01" not in html
    assert response.status_code == 403


def test_the_queue_moves_alone_and_costs_the_same_for_its_length_of_rules(client, admins):
    submitted(admins[0])

    html = page(client, REVIEW, admins[1], headers={"HX-Request": "true"}).content.decode()

    assert "WC01" in html
    assert "<html" not in html


def test_an_admin_who_only_writes_may_not_use_a_note_of_novel_length(client, admins):
    submitted(admins[0])
    client.force_login(admins[1])

    response = client.post("/products/WC01/2/decide/", {"decision": "reject", "note": "长" * 201})

    assert response.status_code == 422


# ---- difference, status, withdrawal ----


def test_two_versions_are_compared_by_number(client):
    product = make_product("WC01")
    make_version(product, state="superseded", spread_max_bp=180)
    make_version(product, state="superseded", spread_max_bp=160)
    make_version(product, spread_max_bp=150)
    client.force_login(make_user("rm"))

    newest = client.get("/products/WC01/difference/").content.decode()
    asked = client.get("/products/WC01/difference/?from=1&to=3").content.decode()
    moving = client.get(
        "/products/WC01/difference/?from=1&to=2", headers={"HX-Request": "true"}
    ).content.decode()
    strange = client.get("/products/WC01/difference/?from=1&to=99").status_code

    assert "v2 → v3" in newest
    assert "+180 bp" in asked
    assert "+150 bp" in asked
    assert "<html" not in moving
    assert strange == 404


def test_a_product_is_paused_and_a_version_withdrawn_by_admins_only(client, admins):
    version = make_version(make_product("WC01"))
    client.force_login(make_user("rm"))
    refused = [
        client.post("/products/WC01/status/", {"status": "paused"}).status_code,
        client.post("/products/WC01/1/withdraw/", {"note": "x"}).status_code,
    ]
    client.force_login(admins[0])

    client.post("/products/WC01/status/", {"status": "paused"})
    client.post("/products/WC01/1/withdraw/", {"note": "停办"})

    version.refresh_from_db()
    assert refused == [403, 403]
    assert (version.product.status, version.state) == ("paused", "withdrawn")
    assert version.effective_to < timezone.localdate()


def test_a_product_is_renamed_but_keeps_its_code_and_family(client, admins):
    make_version(make_product("WC01", name_zh="快速贷"))
    client.force_login(admins[0])
    values = {"name_zh": "极速贷", "owner_line": "retail", "tags": "小额", "code": "XX99",
              "family": "deposit"}  # fmt: skip

    shown = client.get("/products/WC01/name/").content.decode()
    seen = {"seen": re.search(r'name="seen" value="(\w+)"', shown)[1]}
    response = client.post("/products/WC01/name/", values | seen)
    stale = client.post("/products/WC01/name/", values | seen | {"name_zh": "旧页面的名字"})

    assert stale.status_code == 422
    assert "其他人刚改过" in stale.content.decode()
    assert 'name="code"' not in shown
    assert response.url == "/products/WC01/"
    product = ProductVersion.objects.get().product
    assert (product.code, product.family, product.name_zh, product.tags) == (
        "WC01", "working_capital_loan", "极速贷", ["小额"],
    )  # fmt: skip


def test_an_industry_that_is_not_published_is_named_beside_its_field(client, admins):
    make_version(make_product("WC01"), state="draft")
    html = page(client, "/products/WC01/1/edit/", admins[0]).content.decode()

    response = client.post(
        "/products/WC01/1/edit/", sent_back_form(html) | {"target_industries": "33，Q99"}
    )

    assert response.status_code == 422
    assert "Q99" in response.content.decode()
    assert ProductVersion.objects.get().revision == 1
