"""The component page in a real Chromium: nothing forbidden, nothing cut off, usable by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import IN_BROWSER, sign_in, watch
from tests.factories import make_user

pytestmark = IN_BROWSER


@pytest.fixture
def components(page: Page, live_server) -> Page:
    """The component page, opened by a relationship manager; complaints are collected."""
    sign_in(watch(page), live_server.url, make_user("rm"))
    page.goto(f"{live_server.url}/components/")
    return page


def see_all(page: Page) -> None:
    """Scrolls to the end, so that every chart is drawn."""
    for figure in page.locator("[data-chart]").all():
        figure.scroll_into_view_if_needed()
        expect(figure.locator("canvas").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_breaks_no_rule_of_the_content_policy(components, theme):
    components.emulate_media(color_scheme=theme)
    see_all(components)
    components.locator("[data-chart=bar] canvas").first.hover()
    components.locator(".ts-control").click()

    assert components.evaluate("document.documentElement.dataset.bsTheme") == theme
    assert components.evaluate("window.violations") == []
    assert components.complaints == []


def test_nothing_is_wider_than_the_screen(components):
    see_all(components)
    found = {}
    for width in (360, 390, 768, 1024, 1440, 1920):
        components.set_viewport_size({"width": width, "height": 900})
        found[width] = components.evaluate("document.documentElement.scrollWidth")

    assert found == {width: width for width in found}


def test_charts_take_the_colours_of_the_theme(components):
    see_all(components)
    colours = (
        """() => echarts.getInstanceByDom(document.getElementById("flow")).getOption().color"""
    )
    components.emulate_media(color_scheme="light")
    light = components.evaluate(colours)

    components.emulate_media(color_scheme="dark")
    expect(components.locator("html")).to_have_attribute("data-bs-theme", "dark")

    assert components.evaluate(colours) != light


def test_ctrl_k_opens_the_search_and_esc_closes_it(components):
    components.keyboard.press("Control+k")
    expect(components.locator("#palette")).to_be_visible()
    expect(components.locator("#palette input")).to_be_focused()

    components.keyboard.type("x")
    components.keyboard.press("Escape")

    expect(components.locator("#palette")).to_be_hidden()


def test_j_and_k_walk_the_rows_and_the_question_mark_shows_the_keys(components):
    links = components.locator("[data-row] a.item__title, tbody a.rowlink")

    components.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    components.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    components.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()

    components.keyboard.press("?")
    expect(components.locator("#keys")).to_be_visible()


def test_focus_is_visible_on_whatever_is_focused(components):
    seen = []
    for _ in range(12):
        components.keyboard.press("Tab")
        seen.append(components.evaluate("getComputedStyle(document.activeElement).outlineStyle"))

    assert set(seen) == {"solid"}


def test_a_dangerous_button_asks_first(components):
    components.locator("[data-confirm]").click()
    expect(components.locator("#confirm")).to_be_visible()

    components.locator("#confirm").get_by_role("button", name="取消").click()

    expect(components.locator("#confirm")).to_be_hidden()
    assert "?" not in components.url
    components.locator("[data-confirm]").click()
    components.locator("#confirm").get_by_role("button", name="确定").click()
    components.wait_for_url("**/components/?")


def test_a_draft_survives_a_reload_on_the_device(components):
    components.evaluate("document.querySelector('.field--wrong').classList.remove('field--wrong')")
    components.locator("textarea[name=points]").fill("博世配件回款拖到 90 天")

    kept = components.evaluate(
        "Object.entries(localStorage).find(([key]) => key.startsWith('draft:'))"
    )

    assert "博世配件回款拖到 90 天" in kept[1]
    assert "csrf" not in kept[1]


def test_a_hidden_column_stays_hidden_after_a_reload(components):
    components.locator("summary[title=列]").click()
    components.locator("[data-columns-for] input").nth(1).uncheck()
    components.reload()

    expect(components.locator("th[data-column=stage]")).to_be_hidden()
    expect(components.locator("td[data-label=阶段]").first).to_be_hidden()


def test_the_chosen_theme_is_there_before_the_first_paint_of_the_next_page(components, live_server):
    components.locator(".topbar details.menu > summary").click()
    with components.expect_response("**/preferences/"):
        components.locator(".topbar [data-set-theme=dark]").click()

    html = components.request.get(f"{live_server.url}/components/").text()

    assert 'data-bs-theme="dark"' in html


def test_paper_is_white_whatever_the_theme(components):
    components.emulate_media(color_scheme="dark")
    expect(components.locator("html")).to_have_attribute("data-bs-theme", "dark")

    components.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    printed = components.evaluate("getComputedStyle(document.body).backgroundColor")
    components.evaluate("window.dispatchEvent(new Event('afterprint'))")

    assert printed == "rgb(245, 247, 249)"
    expect(components.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_table_with_many_columns_scrolls_in_its_own_box(components):
    components.set_viewport_size({"width": 1280, "height": 800})
    wrap = components.locator("[data-columns=sample]")
    expect(wrap).to_have_class(re.compile("table-wrap--fits"))

    components.evaluate(
        """() => document.querySelectorAll("[data-columns=sample] tr").forEach((row) => {
          for (let place = 0; place < 30; place += 1) row.insertCell().textContent = "1,286 万元";
        })"""
    )

    expect(wrap).to_have_class(re.compile("table-wrap--wide"))
    assert components.evaluate("document.documentElement.scrollWidth") == 1280


def test_words_typed_while_the_session_ended_come_back_after_the_log_in(page, live_server):
    sign_in(watch(page), live_server.url, make_user("rm", username="min"))
    page.goto(f"{live_server.url}/cover/")
    reason = page.locator("[name=reason]")
    reason.fill("年假，请代为接听")
    reason.evaluate("one => { one.form.noValidate = true }")

    page.context.clear_cookies(name="crm_session")
    page.locator("form:has([name=reason]) button.btn-primary").click()
    page.locator("[name=login]").fill("min")
    page.locator("[name=password]").fill("huike-2026")
    page.locator("form button[type=submit]").first.click()

    expect(page).to_have_url(f"{live_server.url}/cover/")
    expect(reason).to_have_value("年假，请代为接听")
