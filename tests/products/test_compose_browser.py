"""The composer in a real Chromium: figures follow the fields; the owner's page prints on one."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import IN_BROWSER, sign_in, watch
from tests.factories import make_customer, make_portrait, make_user
from tests.products.quoted import make_shop, quoted

pytestmark = IN_BROWSER
TOTAL = ".figurepair__value >> nth=0"


@pytest.fixture
def manager():
    return make_user("rm")


@pytest.fixture
def customer(manager):
    make_shop()
    found = make_customer(manager, name="嘉禾五金店")
    wanted = {"wanted_amount": Decimal(120_000), "annual_revenue": Decimal(2_000_000)}
    make_portrait(found, red_flags=[], wanted_months=12, **wanted)
    return found


@pytest.fixture
def desk(page: Page, live_server, manager) -> Page:
    sign_in(watch(page), live_server.url, manager)
    return page


def test_figures_follow_the_fields_and_the_quote_is_kept(desk, live_server, customer):
    desk.goto(f"{live_server.url}/products/compose/{customer.pk}/?bundle=B2")
    with_bundle = desk.locator(TOTAL).inner_text()

    desk.locator("input[name=b2-take]").uncheck()
    expect(desk.locator(TOTAL)).not_to_have_text(with_bundle)
    alone = desk.locator(TOTAL).inner_text()
    desk.locator("input[name=b3-take]").check()
    expect(desk.locator("#figures")).to_contain_text("96 元")  # the premium: 0.08 % of 120,000
    desk.locator("input[name=b3-take]").uncheck()
    expect(desk.locator(TOTAL)).to_have_text(alone)
    desk.locator("input[name=b1-months]").fill("99")
    expect(desk.locator("#figures .notice")).to_contain_text("期限")
    desk.locator("input[name=b1-months]").fill("12")
    expect(desk.locator(TOTAL)).to_have_text(alone)
    desk.locator("#figures button[type=submit]").click()

    expect(desk).to_have_url(re.compile(r"/products/quotes/\d+/$"))
    assert desk.evaluate("window.violations") == []
    assert desk.complaints == []


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_screen(desk, live_server, customer, manager, width):
    quote = quoted(customer, by=manager)
    desk.set_viewport_size({"width": width, "height": 844})

    for path in (
        f"/products/compose/{customer.pk}/?bundle=B2",
        quote.get_absolute_url(),
        f"{quote.get_absolute_url()}sheet/",
        "/products/bundles/",
        "/products/bundles/B2/",
    ):
        desk.goto(live_server.url + path)
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_owners_page_prints_on_one_page_of_a4(desk, live_server, customer, manager):
    quote = quoted(customer, by=manager)
    desk.goto(f"{live_server.url}{quote.get_absolute_url()}sheet/")
    desk.emulate_media(color_scheme="dark")

    printed = desk.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert [round(float(side)) for side in box.groups()] in ([595, 842], [596, 842])
    assert desk.evaluate("window.violations") == []
