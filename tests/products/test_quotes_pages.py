"""The composer, quotes and the page for the owner: reach, fragments, cost, no leak."""

import json
import re
from decimal import Decimal
from html import unescape

import pytest
from django.utils.html import strip_tags

from products.models import ProductVersion, Quote
from products.selectors.quote_lines import Choice
from products.services.quotes import Composition, make_quote
from tests.factories import make_customer, make_user
from tests.products.factories import make_fee, make_product, make_rule, make_version
from tests.products.quoted import make_asking, make_shop, quoted

D = Decimal
HX = {"HX-Request": "true"}
FIGURES = HX | {"HX-Target": "figures"}
BANK_WORDS = ("RAROC", "资金成本", "预期损失", "本行年收益", "价格 FTP")


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def customer(rm):
    return make_asking(rm)


@pytest.fixture
def shop():
    return make_shop()


def words(response):
    return re.sub(r"\s+", " ", unescape(strip_tags(response.content.decode())))


def compose_url(customer):
    return f"/products/compose/{customer.pk}/"


def form_of(shop, **changed):
    """The composer as a browser sends it: loan and code taken, insurance refused."""
    _bundle, versions = shop
    marks = [f"b{no}:{versions[name].pk}" for no, name in enumerate(versions, 1)]
    given = {
        "bundle": "B2", "on": marks, "b1-take": "on", "b1-amount": "120000", "b1-months": "12",
        "b1-rate": "4.5", "b1-mode": "interest_first", "b2-take": "on", "b2-amount": "0",
        "b4-take": "on", "b4-amount": "0", "b3-amount": "100000",
    }  # fmt: skip
    return given | changed


def test_the_composer_starts_with_insurance_unticked_and_both_prices_side_by_side(
    client, rm, customer, shop
):
    client.force_login(rm)

    response = client.get(compose_url(customer) + "?bundle=B2")
    html, told = response.content.decode(), words(response)

    assert response.status_code == 200
    assert re.search(r'<input[^>]*name="b1-take"[^>]*checked', html)
    assert not re.search(r'<input[^>]*name="b3-take"[^>]*checked', html)
    assert "不办组合" in told
    assert "自愿" in told
    assert "客户综合 RAROC" in told


def test_a_change_recalculates_only_the_figures(client, rm, customer, shop):
    client.force_login(rm)

    answer = client.get(compose_url(customer), form_of(shop), headers=FIGURES)
    dearer = client.get(
        compose_url(customer), form_of(shop, **{"b1-amount": "240000"}), headers=FIGURES
    )

    assert "<form" not in answer.content.decode()
    assert "5,280 元" in words(answer)  # 120,000 at 4.40 % with the bundle
    assert "5,400 元" in words(answer)  # and at 4.50 % without
    assert "10,560 元" in words(dearer)


def test_refusing_what_counts_gives_the_loan_at_its_own_price(client, rm, customer, shop):
    client.force_login(rm)
    form = form_of(shop)
    del form["b2-take"]

    answer = client.get(compose_url(customer), form, headers=FIGURES)

    assert "5,280 元" not in words(answer)
    assert "5,400 元" in words(answer)
    assert "有计入价格的项目未办理" in words(answer)


def test_terms_out_of_bounds_are_named_and_nothing_is_kept(client, rm, customer, shop):
    client.force_login(rm)
    form = form_of(shop, **{"b1-amount": "999999"})

    figures = client.get(compose_url(customer), form, headers=FIGURES)
    refused = client.post(compose_url(customer), form | {"key": "k"})

    assert "不高于 30 万元" in words(figures)
    assert refused.status_code == 422
    assert not Quote.objects.exists()


def test_text_where_a_number_belongs_is_said_at_its_place(client, rm, customer, shop):
    client.force_login(rm)

    answer = client.get(
        compose_url(customer), form_of(shop, **{"b1-months": "十二"}), headers=FIGURES
    )

    assert answer.status_code == 200
    assert "期限" in words(answer)


@pytest.mark.parametrize(
    "query", ["?bundle=NOPE", "?add=99999999999999", "?pick-b1=x&on=b1:2", "?add=-1&bundle=free"]
)
def test_an_address_that_makes_no_sense_is_no_crash(client, rm, customer, shop, query):
    client.force_login(rm)

    assert client.get(compose_url(customer) + query).status_code == 200


def test_what_does_not_fit_is_marked_with_its_rule_and_what_is_unknown_with_the_fact(
    client, rm, customer, shop
):
    _bundle, versions = shop
    make_rule(
        versions["loan"],
        {"feature": "annual_revenue", "op": ">=", "value": "9000000"},
        text_zh="年收入满 900 万元",
        remedy_zh="收入增长后再申请",
    )
    make_rule(versions["qr"], text_zh="经营满 1 年")
    client.force_login(rm)

    told = words(client.get(compose_url(customer) + "?bundle=B2"))

    assert "年收入满 900 万元" in told
    assert "收入增长后再申请" in told
    assert "缺少资料： 经营年限" in told


def test_a_double_click_makes_one_quote(client, rm, customer, shop):
    client.force_login(rm)
    form = form_of(shop, key="0d9f7a8e-1111-4c4b-9a55-3f5f1f0f0001")

    first, second = (client.post(compose_url(customer), form) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Quote.objects.get().lines[0]["figures"]["cost"]["rate"] == "0.0440"


def test_a_form_that_was_changed_after_its_quote_is_another_quote(client, rm, customer, shop):
    """Back, another amount, keep: the page still carries the key it was opened with."""
    client.force_login(rm)
    form = form_of(shop, key="0d9f7a8e-1111-4c4b-9a55-3f5f1f0f0001")

    first = client.post(compose_url(customer), form)
    changed = client.post(compose_url(customer), form | {"b1-amount": "90000"})

    assert first["Location"] != changed["Location"]
    amounts = [quote.lines[0]["amount"] for quote in Quote.objects.order_by("pk")]
    assert amounts == ["120000", "90000"]


def test_what_came_or_went_since_the_page_was_opened_is_shown_before_it_is_kept(
    client, rm, customer, shop
):
    _bundle, versions = shop
    client.force_login(rm)
    form = form_of(shop, key="k")
    ProductVersion.objects.filter(pk=versions["loan"].pk).update(
        state="superseded", effective_to="2026-01-31"
    )
    newer = make_version(versions["loan"].product)

    refused = client.post(compose_url(customer), form)
    again = form | {"on": [f"b1:{newer.pk}", *form["on"][1:]]}
    kept = client.post(compose_url(customer), again)

    assert refused.status_code == 409
    assert "刚有变化" in words(refused)
    assert f'value="b1:{newer.pk}"' in refused.content.decode()
    assert kept.status_code == 302
    assert Quote.objects.get().lines[0]["version_id"] == newer.pk


def test_the_owners_page_says_what_can_be_refused_and_nothing_of_the_bank(
    client, rm, customer, shop
):
    quote = quoted(customer, by=rm)
    client.force_login(rm)

    inside = words(client.get(quote.get_absolute_url()))
    sheet = words(client.get(f"{quote.get_absolute_url()}sheet/"))

    assert "RAROC" in inside
    assert not [word for word in BANK_WORDS if word in sheet]
    assert "每一项您都可以不办" in sheet
    assert "不办组合" in sheet
    assert "您选择不办： 财产险" in sheet
    assert quote.valid_until.isoformat() in sheet
    assert quote.as_of.isoformat() in sheet
    assert "不是放款承诺" in sheet
    assert "嘉禾五金店" in sheet


def test_the_owners_page_tells_every_sum_to_the_fen(client, rm, customer, shop):
    """55,555 yuan are not 5.6 万元, and a payment is what falls due."""
    bundle, _versions = shop
    ProductVersion.objects.update(amount_step=None)
    choices = {"b1": Choice(amount=D(55_555), months=12, rate=D("0.04")), "b2": Choice()}
    composition = Composition(bundle, choices=choices | {"b3": Choice(False), "b4": Choice(False)})
    quote = make_quote(customer_id=customer.pk, composition=composition, key="k", by=rm)
    client.force_login(rm)

    sheet, inside = (words(client.get(quote.get_absolute_url() + path)) for path in ("sheet/", ""))

    assert "借款 55,555 元" in sheet
    assert "180.55 元" in sheet  # a month of 55,555 at 3.9 % with the bundle
    assert "最大一笔" in sheet
    assert "55,735.55 元" in sheet
    assert "55,555 元 · 12 个月" in inside


def test_what_is_paid_by_use_has_no_sum_on_the_owners_page(client, rm, customer, shop):
    _bundle, versions = shop
    make_fee(versions["qr"], name_zh="收单手续费", timing="use", share=D("0.0038"))
    make_fee(versions["deposit"], name_zh="转账手续费（免）", timing="use", share=D(0))
    quote = quoted(customer, by=rm)
    client.force_login(rm)

    sheet = client.get(f"{quote.get_absolute_url()}sheet/").content.decode()

    assert sheet.count("按使用量另计") == 1


def test_a_bound_is_told_to_the_yuan(client, rm, customer, shop):
    """A tenth of 987,650 is 98,765: "at most 9.9 万元" would be above it."""
    _bundle, versions = shop
    customer.portrait.annual_revenue = D(987_650)
    customer.portrait.save()
    ProductVersion.objects.filter(pk=versions["loan"].pk).update(
        amount_formula="revenue_multiple", amount_factor=D("0.1")
    )
    client.force_login(rm)

    answer = client.get(
        compose_url(customer), form_of(shop, **{"b1-amount": "99000"}), headers=FIGURES
    )

    assert "不高于 98,765 元" in words(answer)


def test_the_owners_page_loads_only_our_own_print_styles(client, rm, customer, shop):
    quote = quoted(customer, by=rm)
    client.force_login(rm)

    html = client.get(f"{quote.get_absolute_url()}sheet/").content.decode()

    links = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert all(link.startswith("/") for link in links)
    assert "<nav" not in html
    assert "style=" not in html


@pytest.mark.parametrize("path", ["", "sheet/", "pdf/"])
def test_a_quote_out_of_reach_is_not_there(client, rm, customer, shop, path):
    quote = quoted(customer, by=rm)
    client.force_login(make_user("rm"))

    assert client.get(f"{quote.get_absolute_url()}{path}").status_code == 404
    assert client.get(f"/products/quotes/{quote.pk + 999}/{path}").status_code == 404


def test_a_customer_out_of_reach_cannot_be_composed_for(client, customer, shop):
    client.force_login(make_user("rm"))

    assert client.get(compose_url(customer)).status_code == 404
    assert client.post(compose_url(customer), form_of(shop, key="k")).status_code == 404
    assert not Quote.objects.exists()


@pytest.mark.parametrize(
    ("role", "sees", "composes"),
    [("branch_head", 200, 403), ("auditor", 200, 403), ("catalog_admin", 403, 403)],
)
def test_who_reads_and_who_makes_quotes(client, customer, rm, shop, role, sees, composes):
    quote = quoted(customer, by=rm)
    rm.branch.refresh_from_db()
    client.force_login(make_user(role, rm.branch))

    assert client.get(quote.get_absolute_url()).status_code == sees
    assert client.get(compose_url(customer)).status_code == composes


def test_the_banks_return_is_for_the_manager_and_the_branch_only(client, customer, rm, shop):
    quote = quoted(customer, by=rm)
    rm.branch.refresh_from_db()
    seen = {}
    for role in ("branch_head", "auditor"):
        client.force_login(make_user(role, rm.branch))
        page = words(client.get(quote.get_absolute_url()))
        told = client.get(f"/api/v1/quotes/{quote.pk}/").json()
        seen[role] = ("RAROC" in page, "bank" in told["figures"], "income" in json.dumps(told))

    assert seen == {"branch_head": (True, True, True), "auditor": (False, False, False)}


def test_the_box_on_the_customers_page_shows_that_customers_quotes_only(client, rm, customer, shop):
    mine = quoted(customer, by=rm)
    other = quoted(make_customer(rm), by=rm)
    client.force_login(rm)

    html = client.get(f"/customers/{customer.pk}/panels/products.quotes/").content.decode()

    assert mine.get_absolute_url() in html
    assert other.get_absolute_url() not in html


def test_pages_cost_the_same_with_more_rows(client, rm, customer, shop, same_queries):
    quote = quoted(customer, by=rm)
    client.force_login(rm)

    def more():
        for _ in range(6):
            quoted(customer, by=rm)
            make_version(make_product(family="payroll"))

    for url in (
        f"/customers/{customer.pk}/panels/products.quotes/",
        quote.get_absolute_url(),
        compose_url(customer) + "?bundle=B2",
        "/products/bundles/",
        "/products/bundles/B2/",
        "/api/v1/quotes/",
        "/api/v1/bundles/",
    ):
        same_queries(lambda url=url: client.get(url), grow=more)
