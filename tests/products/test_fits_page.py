"""Who a product fits: who sees whom, the three lists, filters, paging, and what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.selectors.keyset import Place
from products.models import Product
from products.selectors.fits import obstacles
from products.services.matching import run_full
from tests.demo_bank import AS_OF
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version
from tests.products.matched import make_fit

HX = {"HX-Request": "true"}


@pytest.fixture
def version():
    return make_version(make_product("WC99", name_zh="快速贷"))


def shown(client, version, **query):
    url = f"/products/{version.product.code}/fits/"
    return client.get(url, query, headers=HX).content.decode()


def test_an_rm_never_sees_the_customers_of_another(client, version):
    """k.13"""
    mine, other = make_user("rm"), make_user("rm")
    make_fit(make_customer(mine, name="恒丰精密五金厂"), version)
    make_fit(make_customer(other, name="锦绣服装有限公司"), version)
    client.force_login(mine)

    html = client.get("/products/WC99/fits/").content.decode()

    assert "恒丰精密五金厂" in html
    assert "锦绣服装有限公司" not in html
    assert re.search(r"tabs__count\">1<", html)


def test_a_branch_head_sees_the_branch_and_an_auditor_the_bank(client, version):
    branch, elsewhere = make_branch(), make_branch()
    team = make_branch(parent=branch, level="team")
    make_fit(make_customer(make_user("rm", team), name="甲商行"), version)
    make_fit(make_customer(make_user("rm", elsewhere), name="丙商行"), version)

    client.force_login(make_user("branch_head", branch))
    branch_html = shown(client, version)
    client.force_login(make_user("auditor"))
    bank_html = shown(client, version)

    assert "甲商行" in branch_html
    assert "丙商行" not in branch_html
    assert "丙商行" in bank_html


def test_a_catalogue_admin_sees_numbers_and_no_customer(client, version):
    rule = make_rule(version, text_zh="经营满三年")
    make_fit(make_customer(make_user("rm"), name="恒丰精密五金厂"), version)
    make_fit(make_customer(make_user("rm"), name="锦绣服装有限公司"), version, "a", rule=rule.code)
    client.force_login(make_user("catalog_admin"))

    html = client.get("/products/WC99/fits/?kind=a").content.decode()

    assert "恒丰" not in html
    assert "锦绣" not in html
    assert "经营满三年" in html  # the rule in the way, with its count


def test_the_best_score_stands_first_and_each_list_holds_its_own(client, version):
    rm = make_user("rm")
    rule = make_rule(version, text_zh="经营满三年")
    for name, kind, score, way in (
        ("甲商行", "y", 61.0, ""),
        ("乙商行", "y", 88.0, ""),
        ("丙商行", "a", 70.0, rule.code),
        ("丁商行", "u", 50.0, "years_in_business"),
    ):
        make_fit(make_customer(rm, name=name), version, kind, score=score, rule=way)
    client.force_login(rm)

    best, almost, unknown = (shown(client, version, kind=kind) for kind in "yau")

    assert best.index("乙商行") < best.index("甲商行")
    assert "丙商行" not in best
    assert "丙商行" in almost
    assert "经营满三年" in almost
    assert "丁商行" in unknown
    assert "经营年限" in unknown  # the fact by its name


def test_filters_narrow_by_unit_manager_rule_and_group(client, version):
    branch = make_branch()
    first, second = make_branch(parent=branch), make_branch(parent=branch)
    anna, bo = make_user("rm", first), make_user("rm", second)
    rules = [make_rule(version, code=code, text_zh=code) for code in ("years", "grade")]
    for manager, name, rule, stage in (
        (anna, "甲商行", rules[0], "growth"),
        (bo, "乙商行", rules[1], "mature"),
    ):
        customer = make_customer(manager, name=name)
        make_portrait(customer, stage=stage)
        make_fit(customer, version, "a", rule=rule.code)
    client.force_login(make_user("branch_head", branch))

    for narrowed in (
        {"branch": first.pk}, {"manager": anna.pk}, {"rule": "years"}, {"stage": "growth"}
    ):  # fmt: skip
        html = shown(client, version, kind="a", **narrowed)
        assert "甲商行" in html, narrowed
        assert "乙商行" not in html, narrowed


def test_a_unit_outside_the_reach_opens_nothing(client, version):
    mine, other = make_user("branch_head"), make_branch()
    make_fit(make_customer(branch=other, name="锦绣服装有限公司"), version)
    client.force_login(mine)

    assert "锦绣" not in shown(client, version, branch=other.pk)


def test_paging_walks_every_customer_once_even_with_equal_scores(client, version):
    rm = make_user("rm")
    names = set()
    for number in range(120):
        customer = make_customer(rm)
        names.add(customer.name)
        make_fit(customer, version, score=70.0 if number % 3 else 80.0)
    client.force_login(rm)

    seen, url, pages = [], "/products/WC99/fits/", 0
    while url:
        html = client.get(url, headers=HX).content.decode()
        seen += re.findall(r'rowlink" href="[^"]+">([^<]+)<', html)
        found = re.search(r'href="(\?[^"]*at=[^"]+)"[^>]*rel="next"', html) or re.search(
            r'rel="next"[^>]*href="(\?[^"]*at=[^"]+)"', html
        )
        url = "/products/WC99/fits/" + found[1].replace("&amp;", "&") if found else ""
        pages += 1

    assert pages == 3
    assert len(seen) == 120
    assert set(seen) == names


def test_nonsense_in_the_address_never_fails(client, version):
    client.force_login(make_user("branch_head"))

    for query in ({"kind": "x"}, {"branch": "x"}, {"manager": "9" * 30}, {"at": "%%%"},
                  {"at": Place("x", 1).written()}, {"at": Place(10**400, 1).written()},
                  {"stage": "nope"}, {"industry": "'"}, {"asset_style": "unknown"}):  # fmt: skip
        assert client.get("/products/WC99/fits/", query).status_code == 200, query


def test_the_fragment_has_rows_and_no_page(client, version):
    rm = make_user("rm")
    make_fit(make_customer(rm, name="恒丰精密五金厂"), version)
    client.force_login(rm)

    fragment = shown(client, version)

    assert "<html" not in fragment
    assert "恒丰精密五金厂" in fragment


def test_a_newer_version_in_force_is_told_and_the_matched_one_shown(client):
    product = make_product("WC98")
    old = make_version(product, state="superseded")
    make_version(product)
    rm = make_user("rm")
    make_fit(make_customer(rm, name="恒丰精密五金厂"), old)
    client.force_login(rm)

    html = client.get("/products/WC98/fits/").content.decode()

    assert "恒丰精密五金厂" in html
    assert "版本 2" in html or "Version 2" in html


def test_what_the_bank_asks_is_named_of_a_product_that_came_back_on_sale():
    version = make_version(make_product("WC96"))
    make_portrait(make_customer(make_user("rm")), red_flags=[])
    for status in ("on_sale", "paused", "on_sale"):
        Product.objects.filter(pk=version.product_id).update(status=status)
        run_full(as_of=AS_OF)

    assert "red_flag" in obstacles(version)["a"]


def test_a_product_never_in_force_says_so(client):
    make_version(make_product("WC97"), state="draft")
    client.force_login(make_user("rm"))

    assert client.get("/products/WC97/fits/").status_code == 200
    assert client.get("/products/NOPE/fits/").status_code == 404
    assert client.get("/products/%00/fits/").status_code == 404


def test_the_page_costs_the_same_with_more_rows(client, version, same_queries):
    head = make_user("branch_head")
    make_rule(version)

    def grow(number=20):
        for _ in range(number):
            make_fit(make_customer(branch=head.branch), version)

    grow(60)
    client.force_login(head)

    same_queries(lambda: client.get("/products/WC99/fits/"), grow=grow)
    with CaptureQueriesContext(connection) as queries:
        client.get("/products/WC99/fits/", {"stage": "growth", "branch": head.branch.pk})
    assert len(queries) <= 20, "\n".join(query["sql"][:150] for query in queries)
