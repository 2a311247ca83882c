"""The board in a real Chromium: by mouse, by keys alone, on a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from marketing.models import Opportunity
from tests.chromium import IN_BROWSER, sign_in, watch
from tests.factories import make_user
from tests.marketing.deals import make_ready_customer, opened
from tests.marketing.factories import load_rules

pytestmark = IN_BROWSER
PATH = "/marketing/pipeline/"


@pytest.fixture
def manager():
    load_rules()
    return make_user("rm")


@pytest.fixture
def deal(manager):
    return opened(make_ready_customer(manager, name="嘉禾五金店"), manager, at=timezone.now())


@pytest.fixture
def board(page: Page, live_server, manager, deal) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(watch(page), live_server.url, manager)
    page.goto(live_server.url + PATH)
    return page


def card_in(board, stage):
    return board.locator(f'[data-column="{stage}"] [data-card]')


def quiet(board):
    return (board.complaints, board.evaluate("window.violations")) == ([], [])


def test_a_card_is_dragged_to_the_next_stage(board, deal):
    card_in(board, "lead").drag_to(board.locator('[data-column="qualified"]'))

    expect(card_in(board, "qualified")).to_have_count(1)
    deal.refresh_from_db()
    assert deal.stage == "qualified"
    assert quiet(board)


def test_a_card_dropped_before_a_gate_goes_back_and_the_dialog_says_what_is_missing(board, deal):
    card_in(board, "lead").drag_to(board.locator('[data-column="submitted"]'))

    dialog = board.locator("#dialog-place dialog")
    expect(dialog).to_contain_text("交叉验证")
    expect(card_in(board, "lead")).to_have_count(1)
    deal.refresh_from_db()
    assert deal.stage == "lead"
    assert quiet(board)


def test_by_keys_alone_a_card_moves_and_keeps_the_focus(board, deal):
    name = board.get_by_role("link", name="嘉禾五金店")
    name.focus()
    board.keyboard.press("Shift+ArrowRight")

    expect(card_in(board, "qualified")).to_have_count(1)
    expect(board.locator('[data-column="qualified"] .kanban__name')).to_be_focused()
    board.keyboard.press("m")
    dialog = board.locator("#dialog-place dialog")
    expect(dialog).to_contain_text("尽职调查")
    expect(dialog.get_by_role("button", name="转入尽职调查")).to_be_focused()
    board.keyboard.press("Enter")

    expect(card_in(board, "investigated")).to_have_count(1)
    deal.refresh_from_db()
    assert deal.stage == "investigated"
    assert quiet(board)


def test_arrows_walk_the_cards_across_columns(board, live_server, manager, deal):
    other = opened(make_ready_customer(manager, name="东方机械厂"), manager, at=timezone.now())
    Opportunity.objects.filter(pk=other.pk).update(stage="approved")
    board.reload()
    board.get_by_role("link", name="嘉禾五金店").focus()

    board.keyboard.press("ArrowRight")
    expect(board.get_by_role("link", name="东方机械厂")).to_be_focused()
    board.keyboard.press("ArrowLeft")
    expect(board.get_by_role("link", name="嘉禾五金店")).to_be_focused()


def test_whoever_was_slower_reads_it_and_sees_where_the_card_is(board, deal):
    Opportunity.objects.filter(pk=deal.pk).update(stage="signed", version=2)
    board.get_by_role("link", name="嘉禾五金店").focus()
    board.keyboard.press("Shift+ArrowRight")

    expect(board.locator(".toast--bad")).to_contain_text("您的操作未保存")
    expect(card_in(board, "signed")).to_have_count(1)


def test_on_a_phone_buttons_do_it_and_nothing_is_wider_than_the_screen(board, live_server, deal):
    board.set_viewport_size({"width": 390, "height": 844})
    board.reload()
    assert board.evaluate("document.documentElement.scrollWidth") <= 390

    board.locator("[data-card] .kanban__move").click()
    board.get_by_role("button", name="转入初筛").click()

    expect(card_in(board, "qualified")).to_have_count(1)
    for path in (f"{PATH}list/", f"{PATH}calendar/", deal.get_absolute_url()):
        board.goto(live_server.url + path)
        assert board.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert quiet(board)


def test_a_team_leader_ticks_rows_and_passes_them_on_without_leaving_the_list(
    page: Page, live_server, manager
):
    page.set_viewport_size({"width": 1440, "height": 900})
    other = make_user("rm", manager.branch, full_name="赵强")
    for name in ("甲厂", "乙厂", "丙厂"):
        opened(make_ready_customer(manager, name=name), manager, at=timezone.now())
    sign_in(watch(page), live_server.url, make_user("team_lead", manager.branch))
    page.goto(f"{live_server.url}{PATH}list/")
    button = page.locator("[data-picked]")
    expect(button).to_be_disabled()

    page.get_by_label("本页全选").check()
    page.get_by_role("checkbox", name="丙厂").uncheck()
    expect(button).to_have_attribute("data-count", "2")
    button.click()
    dialog = page.locator("#dialog-place dialog")
    dialog.get_by_label("改派原因").fill("团队调整")
    expect(dialog.locator(".ts-wrapper")).to_be_visible()  # the box to choose from is ready
    page.evaluate(
        "key => document.querySelector('dialog select[name=owner]').tomselect.setValue(key)",
        str(other.pk),
    )
    dialog.get_by_role("button", name="改派", exact=True).click()

    expect(page.locator("td", has_text="赵强")).to_have_count(2)
    expect(dialog).to_have_count(0)
    assert quiet(page)
