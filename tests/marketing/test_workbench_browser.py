"""The workbench's dialogs in a real Chromium: by mouse, by keys alone, on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.core.services.task import add_task
from crm.core.workdays import working_day_from
from customers.models import DeclaredFact
from marketing.models import CareTask, Complaint, PlannedVisit, QueueMark, Visit, VisitPlan
from products.models import OfferFit
from tests.chromium import IN_BROWSER, sign_in, watch
from tests.factories import make_customer, make_user
from tests.marketing.cared import make_care_task, make_complaint
from tests.marketing.factories import load_rules
from tests.products.suggested import make_suggestion

pytestmark = IN_BROWSER
PATH = "/marketing/workbench/"


@pytest.fixture
def manager():
    load_rules()
    return make_user("rm")


@pytest.fixture
def care(manager):
    customer = make_customer(manager, name="嘉禾五金店")
    return make_care_task(customer, due_on=timezone.localdate())


@pytest.fixture
def bench(page: Page, live_server, manager) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(watch(page), live_server.url, manager)
    page.address = live_server.url + PATH
    return page


def row_of(bench, source, ref):
    return bench.locator(f"#queue-{source}-{ref}")


def dialog_of(bench):
    return bench.locator("#dialog-place dialog[open]")


def quiet(bench, *known):
    """No script failed and no policy was broken, but for ``known`` answers of the server."""
    told = [one for one in bench.complaints if not any(code in one for code in known)]
    return (told, bench.evaluate("window.violations")) == ([], [])


def test_a_note_says_what_was_done_and_the_item_is_done(bench, care):
    bench.goto(bench.address)
    row = row_of(bench, "care", care.pk)
    row.get_by_role("link", name="已完成").click()
    dialog_of(bench).get_by_label("处理情况").fill("电话回访，无异常")
    dialog_of(bench).get_by_role("button", name="已完成").click()

    expect(row.get_by_role("status")).to_be_visible()
    expect(dialog_of(bench)).to_have_count(0)
    assert CareTask.objects.get().outcome == "电话回访，无异常"
    assert quiet(bench)


def test_an_item_is_put_off_and_taken_back(bench, care):
    bench.goto(bench.address)
    row = row_of(bench, "care", care.pk)
    row.get_by_role("link", name="搁置或转交").click()
    dialog_of(bench).locator(".queue__days button").first.click()

    expect(row.get_by_role("status")).to_be_visible()
    mark = QueueMark.objects.get()
    assert mark.until_on == working_day_from(timezone.localdate() + timedelta(days=1))
    row.get_by_role("button", name="撤销").click()
    expect(row.get_by_role("link", name="已完成")).to_be_visible()
    assert not QueueMark.objects.exists()
    assert quiet(bench)


def test_the_remark_goes_along_with_a_day_of_ones_own(bench, care):
    bench.goto(bench.address)
    row_of(bench, "care", care.pk).get_by_role("link", name="搁置或转交").click()
    dialog_of(bench).locator("#off-note").fill("等客户回来")
    day = timezone.localdate() + timedelta(days=9)
    dialog_of(bench).locator("input[name=until]").fill(day.isoformat())
    dialog_of(bench).locator(".queue__until button").click()

    expect(row_of(bench, "care", care.pk).get_by_role("status")).to_be_visible()
    assert QueueMark.objects.get().note == "等客户回来"


def test_an_item_is_passed_on_only_with_a_note(bench, manager, care):
    leader = make_user("team_lead", manager.branch)
    bench.goto(bench.address)
    row = row_of(bench, "care", care.pk)
    row.get_by_role("link", name="搁置或转交").click()
    form = dialog_of(bench).locator("form", has=bench.locator("select[name=to]"))
    form.get_by_role("button").click()  # the browser asks for the note itself
    assert not QueueMark.objects.exists()
    form.locator("input[name=note]").fill("请一起去")
    form.get_by_role("button").click()

    expect(row.get_by_role("status")).to_contain_text(leader.full_name)
    mark = QueueMark.objects.get()
    assert (mark.delegate, mark.note) == (leader, "请一起去")
    assert quiet(bench)


def test_a_note_sent_after_the_session_ended_stands_in_the_dialog_again(bench, manager, care):
    bench.goto(bench.address)
    row = row_of(bench, "care", care.pk)
    row.get_by_role("link", name="搁置或转交").click()
    form = dialog_of(bench).locator("form", has=bench.locator(".queue__days"))
    form.locator("[name=note]").fill("老板去广州进货，周四回")

    bench.context.clear_cookies(name="crm_session")
    form.locator(".queue__days button").first.click()
    bench.locator("[name=login]").fill(manager.username)
    bench.locator("[name=password]").fill("huike-2026")
    bench.locator("form button[type=submit]").first.click()
    row.get_by_role("link", name="搁置或转交").click()

    expect(form.locator("[name=note]")).to_have_value("老板去广州进货，周四回")
    assert not QueueMark.objects.exists()


def make_gap(manager):
    suggestion = make_suggestion(make_customer(manager, name="东方机械厂"))
    OfferFit.objects.create(
        customer=suggestion.customer, version=suggestion.version, kind="u", score=70,
        rule="property_value",
    )  # fmt: skip
    return suggestion.customer


def test_a_missing_fact_is_answered_and_a_mistake_is_told_in_the_dialog(bench, manager):
    customer = make_gap(manager)
    bench.goto(f"{bench.address}?source=gap")
    row = row_of(bench, "gap", customer.pk)
    row.get_by_role("link", name="补录").click()
    field = dialog_of(bench).locator("input[name=guarantee_property]")
    field.fill("-5")
    dialog_of(bench).get_by_role("button", name="登记").click()

    expect(dialog_of(bench).get_by_role("alert")).to_be_visible()
    expect(field).to_have_value("-5")
    expect(field).to_be_focused()
    field.fill("120")
    bench.keyboard.press("Enter")
    expect(row.get_by_role("status")).to_be_visible()
    assert DeclaredFact.objects.get(customer=customer).number == 1_200_000
    assert quiet(bench, "422")


def make_stop(manager):
    today = timezone.localdate()
    plan = VisitPlan.objects.create(manager=manager, week_on=today, capacity=6)
    return PlannedVisit.objects.create(
        plan=plan, customer=make_customer(manager, name="嘉禾五金店"), manager=manager, on=today,
        place=1, purpose="care",
    )  # fmt: skip


def test_by_keys_alone_a_complaint_is_closed_and_the_focus_goes_on(bench, manager):
    complaint = make_complaint(make_customer(manager, name="嘉禾五金店"))
    task = make_care_task(make_customer(manager, name="东方机械厂"), due_on=timezone.localdate())
    bench.goto(f"{bench.address}?order=due")
    names = bench.locator(".queue__row a.item__title")
    expect(names).to_have_count(2)
    bench.keyboard.press("j")
    expect(names.first).to_be_focused()
    while bench.evaluate("document.activeElement.closest('.queue__row').id") != (
        f"queue-complaint-{complaint.pk}"
    ):
        bench.keyboard.press("j")
    bench.keyboard.press("Tab")
    bench.keyboard.press("Enter")
    expect(dialog_of(bench)).to_be_visible()
    expect(dialog_of(bench).locator("input[name=cause]")).to_be_focused()
    bench.keyboard.type("交接遗漏")
    bench.keyboard.press("Tab")
    bench.keyboard.type("已指定专人")
    bench.keyboard.press("Enter")

    expect(row_of(bench, "complaint", complaint.pk).get_by_role("status")).to_be_visible()
    assert Complaint.objects.get().state == "closed"
    expect(row_of(bench, "care", task.pk).locator("a.item__title")).to_be_focused()
    assert quiet(bench)


def test_escape_leaves_the_item_as_it_was_with_the_focus_on_its_button(bench, care):
    bench.goto(bench.address)
    opener = row_of(bench, "care", care.pk).get_by_role("link", name="已完成")
    opener.focus()
    bench.keyboard.press("Enter")
    expect(dialog_of(bench)).to_be_visible()
    bench.keyboard.press("Escape")

    expect(dialog_of(bench)).to_have_count(0)
    expect(opener).to_be_focused()
    assert CareTask.objects.get().state == "open"


def test_whoever_was_slower_reads_it_in_the_dialog_and_keeps_the_words(bench, care):
    bench.goto(bench.address)
    row_of(bench, "care", care.pk).get_by_role("link", name="已完成").click()
    dialog_of(bench).locator("input[name=note]").fill("电话回访")
    CareTask.objects.update(state="done", closed_at=timezone.now())
    dialog_of(bench).get_by_role("button", name="已完成").click()

    expect(dialog_of(bench).get_by_role("alert")).to_be_visible()
    expect(dialog_of(bench).locator("input[name=note]")).to_have_value("电话回访")
    assert quiet(bench, "404")


def test_without_a_network_the_dialog_says_so_and_keeps_the_words(bench, care):
    bench.goto(bench.address)
    row_of(bench, "care", care.pk).get_by_role("link", name="已完成").click()
    dialog_of(bench).locator("input[name=note]").fill("电话回访")
    bench.context.set_offline(True)
    dialog_of(bench).get_by_role("button", name="已完成").click()
    expect(dialog_of(bench).get_by_role("alert")).to_be_visible()
    bench.context.set_offline(False)
    dialog_of(bench).get_by_role("button", name="已完成").click()

    expect(row_of(bench, "care", care.pk).get_by_role("status")).to_be_visible()
    assert CareTask.objects.get().outcome == "电话回访"


def test_on_a_phone_a_stop_is_logged_and_nothing_is_wider_than_the_screen(bench, manager):
    stop = make_stop(manager)
    bench.set_viewport_size({"width": 390, "height": 844})
    bench.goto(bench.address)
    assert bench.evaluate("document.documentElement.scrollWidth") <= 390
    row_of(bench, "stop", stop.pk).get_by_role("link", name="记录走访").click()
    dialog = dialog_of(bench)
    dialog.locator("input[name=whom_met]").fill("王总")
    dialog.locator("textarea[name=summary]").fill("订单稳定，问了续贷")
    dialog.get_by_role("button", name="提交走访").click()
    expect(dialog.get_by_role("alert").first).to_be_visible()  # what is the next step?
    box = dialog.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    dialog.locator("input[name=next_step]").fill("送方案")
    dialog.locator("input[name=next_on]").fill(day)
    dialog.get_by_role("button", name="提交走访").click()

    expect(row_of(bench, "stop", stop.pk).get_by_role("status")).to_be_visible()
    assert Visit.objects.get().summary == "订单稳定，问了续贷"
    assert quiet(bench, "422")


def test_words_of_a_dialog_that_was_closed_come_back(bench, manager):
    stop = make_stop(manager)
    bench.goto(bench.address)
    opener = row_of(bench, "stop", stop.pk).get_by_role("link", name="记录走访")
    opener.click()
    dialog_of(bench).locator("textarea[name=summary]").fill("订单稳定")
    bench.keyboard.press("Escape")
    bench.reload()
    opener.click()

    expect(dialog_of(bench).locator("textarea[name=summary]")).to_have_value("订单稳定")


def test_a_to_do_is_one_press(bench, manager):
    task = add_task("core.reveal_quota", owner=manager, params={"name": "王", "limit": "20"})
    bench.goto(bench.address)
    row = row_of(bench, "task", task.pk)
    row.get_by_role("button").first.click()

    expect(row.get_by_role("status")).to_be_visible()
    task.refresh_from_db()
    assert task.state == "done"
    assert quiet(bench)


def test_when_the_last_row_is_done_the_next_ones_come_by_themselves(bench, manager):
    tasks = [
        add_task("core.reveal_quota", owner=manager, params={"name": "王", "limit": str(no)})
        for no in range(3)
    ]
    bench.goto(f"{bench.address}?shown=1")
    for task in tasks:
        row = row_of(bench, "task", task.pk)
        row.get_by_role("button").first.click()

    expect(row.get_by_role("status")).to_be_visible()
    task.refresh_from_db()
    assert task.state == "done"
    assert quiet(bench)
