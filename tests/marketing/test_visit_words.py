"""No word of a visit is lost: two tabs, odd answers, no room, figures that are none."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marketing.models import Opportunity, Visit
from tests.chromium import IN_BROWSER, sign_in, watch
from tests.factories import make_customer, make_portrait, make_user
from tests.marketing.factories import load_rules
from tests.worker import awaited

pytestmark = [*IN_BROWSER, pytest.mark.django_db(transaction=True)]
FORM = "/marketing/visits/log/"
SENT = "**/api/v1/visits/"
SAVED = re.compile(r"/marketing/visits/\d+/$")
PLAIN_ADDRESS = """
delete Crypto.prototype.randomUUID;
for (const name of ["locks", "serviceWorker"]) delete Navigator.prototype[name];
"""
NO_ROOM = """
window.room = { put: IDBObjectStore.prototype.put, add: IDBObjectStore.prototype.add };
IDBObjectStore.prototype.put = IDBObjectStore.prototype.add = () => {
  throw new DOMException("full", "QuotaExceededError");
};
"""


@pytest.fixture
def rm():
    load_rules()
    return make_user("rm")


@pytest.fixture
def customer(rm):
    return make_one(rm, "恒丰五金")


@pytest.fixture
def phone(browser: Any, browser_context_args: dict, live_server: Any, rm: Any) -> Iterator[Page]:
    """A phone whose requests all come from its pages, so that a test can answer them."""
    size = {"width": 390, "height": 844}
    context = browser.new_context(**browser_context_args, viewport=size, service_workers="block")
    page = watch(context.new_page())
    sign_in(page, live_server.url, rm)
    page.address = live_server.url
    yield page
    context.close()


def make_one(rm: Any, name: str) -> Any:
    found = make_customer(rm, name=name)
    make_portrait(found)
    return found


def write(page: Page, customer: Any, summary: str) -> None:
    """The three required fields."""
    page.goto(f"{page.address}{FORM}{customer.pk}/")
    page.fill("[name=whom_met]", "王老板")
    page.fill("[name=summary]", summary)
    page.click("[data-puts=next_step] >> nth=0")


def save(page: Page) -> None:
    page.click("[data-visit-save]")


def kept(page: Page, store: str) -> list[dict[str, Any]]:
    """The rows of a store on the device."""
    return page.evaluate(
        "(store) => visitStore.all(visitStore[store], Number(document.body.dataset.user))", store
    )


def test_a_draft_is_written_in_one_tab_and_another_says_so(phone, customer):
    write(phone, customer, "第一页的话")
    awaited(lambda: "第一页的话" in str(kept(phone, "DRAFTS")))
    other = watch(phone.context.new_page())

    other.goto(f"{phone.address}{FORM}{customer.pk}/")

    expect(other.locator(".toast")).to_contain_text("另一个标签页")
    expect(other.locator("[data-visit-form]")).to_be_hidden()
    expect(other.locator("[data-draft]")).to_contain_text("第一页的话")
    phone.close()
    other.reload()
    expect(other.locator("[name=summary]")).to_have_value("第一页的话")


def test_only_an_answer_about_the_visit_counts_as_saved(phone, customer):
    """A gateway in between may answer any request with a page of its own."""
    write(phone, customer, "想添两台数控车床")
    phone.route(SENT, lambda route: route.fulfill(status=200, body="<p>请登录安全网关</p>"))
    save(phone)
    phone.wait_for_url(f"**{FORM}")

    expect(phone.locator("[data-state=waiting]")).to_contain_text("恒丰五金")
    assert not Visit.objects.exists()
    phone.unroute(SENT)
    phone.goto(f"{phone.address}/")
    awaited(lambda: Visit.objects.count() == 1 and kept(phone, "OUTBOX") == [])


def test_what_waits_is_tried_again_by_itself(phone, customer):
    """The browser says it is online before anything gets through."""
    write(phone, customer, "想添两台数控车床")
    phone.route("**/api/v1/visits/**", lambda route: route.abort())
    save(phone)
    phone.wait_for_url(f"**{FORM}")
    expect(phone.locator("[data-state=waiting]")).to_contain_text("恒丰五金")

    phone.unroute("**/api/v1/visits/**")

    expect(phone.locator("[data-state=waiting]")).to_have_count(0, timeout=20_000)
    assert Visit.objects.count() == 1


def test_a_visit_at_which_the_server_fails_holds_up_no_other(phone, rm, customer):
    def answer(route: Any) -> None:
        if "第一家" in (route.request.post_data or ""):
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    phone.route(SENT, answer)
    write(phone, customer, "第一家")
    save(phone)
    phone.wait_for_url(f"**{FORM}")
    write(phone, make_one(rm, "嘉禾五金"), "第二家")
    save(phone)

    phone.wait_for_url(SAVED)
    assert Visit.objects.get().summary == "第二家"
    (waits,) = kept(phone, "OUTBOX")
    assert (waits["name"], waits["state"]) == ("恒丰五金", "waiting")


def test_nobody_waits_for_a_server_that_does_not_answer(phone, customer):
    write(phone, customer, "想添两台数控车床")
    phone.route(SENT, lambda route: None)

    save(phone)

    phone.wait_for_url(f"**{FORM}")
    expect(phone.locator("[data-state=waiting]")).to_contain_text("恒丰五金")


def test_what_is_no_figure_or_lacks_its_other_half_is_told_at_once(phone, customer):
    """100万 was once cut to 10 yuan; an offer without its bank was once left out."""
    write(phone, customer, "想添两台数控车床")
    phone.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    phone.fill("[name=heard_amount]", "100万")
    phone.fill("[name=seen_name]", "抵押贷")
    phone.fill("[name=closed_reason]", "已搬走")

    save(phone)

    for field, told in (
        ("heard_amount", "不是数字"),
        ("heard_family", "此项必填"),
        ("seen_competitor", "此项必填"),
        ("closed_reason", "只能填一项"),
    ):
        wrong = phone.locator(f"[data-field={field}] .field__error")
        expect(wrong).to_contain_text(told)
    phone.fill("[name=heard_amount]", "１００")  # as a Chinese keyboard writes it
    phone.select_option("[name=heard_family]", index=1)
    phone.fill("[name=seen_name]", "")
    phone.fill("[name=closed_reason]", "")
    save(phone)
    awaited(lambda: Visit.objects.exists())
    assert Opportunity.objects.get().amount == 1_000_000


def test_days_count_from_the_day_of_the_visit(phone, customer):
    """VIS-5: a visit of last week has its next step after that day, thirty days at most."""
    write(phone, customer, "上周走访，今天补记")
    phone.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    day = phone.evaluate("(days) => visitChecks.ahead(days)", -10)
    phone.fill("[name=ended_at]", f"{day}T10:00")
    wrong = phone.locator("[data-field=next_on] .field__error")

    phone.fill("[name=next_on]", phone.evaluate("visitChecks.ahead(21)"))
    save(phone)
    expect(wrong).to_have_text("最晚 30 天内。")
    phone.fill("[name=next_on]", phone.evaluate("visitChecks.ahead(-11)"))
    save(phone)
    expect(wrong).to_have_text("不能早于走访当天。")
    phone.fill("[name=next_on]", phone.evaluate("visitChecks.ahead(20)"))
    save(phone)
    awaited(lambda: Visit.objects.exists())


def test_over_a_plain_address_the_form_works_with_a_network(phone, customer):
    """Locks, workers and randomUUID exist on secure addresses only."""
    phone.add_init_script(PLAIN_ADDRESS)
    write(phone, customer, "想添两台数控车床")

    save(phone)

    phone.wait_for_url(SAVED)
    assert Visit.objects.count() == 1
    assert phone.complaints == []


def test_a_device_without_room_says_so_and_the_words_stay(phone, customer):
    phone.add_init_script(NO_ROOM)
    write(phone, customer, "想添两台数控车床")
    expect(phone.locator("[data-visit-note]")).to_contain_text("无法保存")

    save(phone)

    expect(phone.locator(".toast")).to_contain_text("无法保存")
    expect(phone.locator("[name=summary]")).to_have_value("想添两台数控车床")
    phone.evaluate("Object.assign(IDBObjectStore.prototype, window.room)")
    save(phone)
    awaited(lambda: Visit.objects.count() == 1)


def test_a_photo_that_is_removed_leaves_the_device(phone, customer):
    write(phone, customer, "想添两台数控车床")
    phone.set_input_files("[data-photo-kind=door]", "static/img/icon-512.png")
    awaited(lambda: len(kept(phone, "PHOTOS")) == 1)

    phone.click("[data-photo] button")

    expect(phone.locator("[data-photo]")).to_have_count(0)
    awaited(lambda: kept(phone, "PHOTOS") == [])


def test_a_picture_that_the_server_cannot_read_is_told_at_the_counter(phone, customer):
    """Hours later nobody can take it again."""
    write(phone, customer, "想添两台数控车床")

    heic = {"name": "door.heic", "mimeType": "image/heic", "buffer": b"ftypheic"}
    phone.set_input_files("[data-photo-kind=door]", files=[heic])

    expect(phone.locator("[data-photo-error]")).to_have_text("该文件不是可识别的图片。")
    assert kept(phone, "PHOTOS") == []
