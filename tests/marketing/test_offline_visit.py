"""A visit written without a network survives a killed browser and arrives exactly once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from customers.models import ChainLink, DeclaredFact, Portrait, SettleMode
from marketing.models import Visit, VisitPhoto
from tests.chromium import IN_BROWSER, launch_arguments, sign_in, watch
from tests.factories import make_customer, make_portrait, make_user
from tests.marketing.factories import load_rules, make_visit
from tests.marketing.relay import Relay
from tests.worker import awaited

pytestmark = [*IN_BROWSER, pytest.mark.django_db(transaction=True)]
FORM = "/marketing/visits/log/"


class Phone:
    """A phone with a profile that outlives its browser, on a wire that can be cut."""

    def __init__(self, playwright: Any, folder: Path, relay: Relay) -> None:
        self.playwright, self.folder, self.relay = playwright, folder, relay
        self.context: BrowserContext | None = None
        self.start()

    def start(self) -> None:
        arguments = launch_arguments()
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder),
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **arguments,
        )
        self.page: Page = watch(self.context.pages[0])

    def kill(self) -> None:
        """The browser dies at once: nothing is flushed, nothing says goodbye."""
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(self.folder) in line:
                os.kill(int(entry.name), signal.SIGKILL)
        self.context = None

    def cut(self) -> None:
        self.relay.cut()
        if self.context:
            self.context.set_offline(True)

    def mend(self) -> None:
        self.relay.mend()
        if self.context:
            self.context.set_offline(False)

    def goto(self, path: str) -> None:
        self.page.goto(self.relay.url + path)

    def kept(self, store: str) -> list[dict[str, Any]]:
        """The rows of a store on the device, whoever's they are."""
        return self.page.evaluate(
            """(store) => new Promise((done) => {
                const request = indexedDB.open("huike-visits", 1);
                request.onsuccess = () => {
                    const rows = request.result.transaction(store).objectStore(store).getAll();
                    rows.onsuccess = () => { request.result.close(); done(rows.result); };
                };
            })""",
            store,
        )

    def shells(self) -> list[str]:
        """The addresses the worker keeps."""
        return self.page.evaluate(
            """async () => {
                const found = [];
                for (const name of await caches.keys())
                    for (const one of await (await caches.open(name)).keys())
                        found.push(new URL(one.url).pathname);
                return found;
            }"""
        )

    def packed(self) -> None:
        """The form and the briefs are on the device."""
        awaited(lambda: FORM in self.shells() and self.kept("pocket"))


@pytest.fixture
def phone(playwright: Any, live_server: Any, tmp_path: Path) -> Iterator[Phone]:
    load_rules()
    relay = Relay(live_server.thread.host, live_server.thread.port)
    made = Phone(playwright, tmp_path / "profile", relay)
    yield made
    if made.context:
        made.context.close()
    relay.cut()


@pytest.fixture
def rm():
    return make_user("rm")


@pytest.fixture
def customer(rm):
    found = make_customer(rm, name="恒丰五金", latitude=30.0, longitude=120.0)
    make_portrait(found)
    return found


def ready(phone: Phone, user: Any, customer: Any) -> None:
    """Signed in, the customer opened once, everything packed for the field."""
    sign_in(phone.page, phone.relay.url, user)
    phone.goto(f"{FORM}{customer.pk}/")
    phone.goto("/")
    phone.page.evaluate("localStorage.clear()")
    phone.goto(FORM)
    phone.packed()


def write(phone: Phone) -> None:
    """The three required fields and one fact."""
    phone.page.fill("[name=whom_met]", "王老板")
    phone.page.fill("[name=summary]", "想添两台数控车床")
    phone.page.click("[data-puts=next_step] >> nth=0")
    tab = phone.page.locator("[data-tab='5']")
    if tab.get_attribute("aria-expanded") != "true":
        tab.click()
    if not phone.page.is_visible("[name='fact:employees']"):
        phone.page.click("[data-group='5'] [data-group-more]")
    phone.page.fill("[name='fact:employees']", "18")


def tell_rows(phone: Phone) -> None:
    """A supplier, and how buyers pay (SEV-1)."""
    for no in ("2", "3"):
        tab = phone.page.locator(f"[data-tab='{no}']")
        if tab.get_attribute("aria-expanded") != "true":
            tab.click()
    phone.page.click("[data-row-add='links:side=supplier']")
    phone.page.fill("[name='row:0:counterparty_name']", "华东钢材")
    phone.page.fill("[name='row:0:share']", "45")
    phone.page.fill("[name='row:0:yearly_amount']", "320")
    phone.page.click("[data-row-add='settle:direction=in']")
    phone.page.select_option("[name='row:1:mode']", "transfer")
    phone.page.fill("[name='row:1:share']", "80")
    phone.page.select_option("[name='row:1:bank']", "ours")


def save(phone: Phone) -> None:
    phone.page.click("[data-visit-save]")
    phone.page.wait_for_url(f"**{FORM}")


def test_written_offline_killed_reopened_saved_and_sent_once(phone, rm, customer, run_jobs):
    """VIS-2 and the offline acceptance of the visit form, from end to end."""
    ready(phone, rm, customer)
    phone.cut()
    phone.goto(f"{FORM}{customer.pk}/")
    expect(phone.page.locator("[data-visit-name]")).to_have_text("恒丰五金")
    write(phone)
    tell_rows(phone)
    awaited(lambda: phone.kept("drafts") and "18" in str(phone.kept("drafts")))
    awaited(lambda: "row:1:bank" in str(phone.kept("drafts")))

    phone.kill()
    phone.start()
    phone.context.set_offline(True)
    phone.goto(f"{FORM}{customer.pk}/")

    expect(phone.page.locator("[name=summary]")).to_have_value("想添两台数控车床")
    expect(phone.page.locator("[name='fact:employees']")).to_have_value("18")
    expect(phone.page.locator("[name='row:0:counterparty_name']")).to_have_value("华东钢材")
    phone.page.fill("[name='row:1:share']", "120")
    phone.page.click("[data-visit-save]")
    wrong = phone.page.locator("[data-field='row.1.share'] .field__error")
    expect(wrong).to_have_text("合计 120%，不能超过 100%。")
    phone.page.fill("[name='row:1:share']", "80")
    save(phone)
    assert phone.kept("drafts") == []
    expect(phone.page.locator("[data-state=waiting]")).to_contain_text("恒丰五金")
    expect(phone.page.locator(".outbox")).to_contain_text("1")
    assert not Visit.objects.exists()

    sign_in(phone.page, phone.relay.url, rm)  # a killed browser forgets its session
    phone.relay.swallowed = b"POST /api/v1/visits/ "  # it arrives, and the answer is lost
    phone.mend()
    awaited(lambda: Visit.objects.exists() and phone.relay.eaten)
    awaited(lambda: phone.kept("outbox")[0]["state"] == "waiting")
    phone.relay.swallowed = b""
    phone.goto("/")

    awaited(lambda: phone.kept("outbox") == [])
    visit = Visit.objects.get()
    assert (visit.summary, visit.was_offline, visit.manager) == ("想添两台数控车床", True, rm)
    assert DeclaredFact.objects.get().number == 18
    supplier, settled = ChainLink.objects.get(), SettleMode.objects.get()
    assert (supplier.side, supplier.counterparty_name) == ("supplier", "华东钢材")
    assert (supplier.share, supplier.yearly_amount) == (Decimal("0.45"), 3_200_000)
    assert (supplier.source, supplier.quality, supplier.said_by) == ("visit", "declared", "王老板")
    assert (settled.direction, settled.mode, settled.share) == ("in", "transfer", Decimal("0.8"))
    run_jobs()
    assert Portrait.objects.get(customer=customer).employees == 18
    assert phone.page.evaluate("window.violations") == []


def test_a_session_that_ended_meanwhile_loses_nothing(phone, rm, customer):
    ready(phone, rm, customer)
    phone.cut()
    phone.goto(f"{FORM}{customer.pk}/")
    write(phone)
    save(phone)
    Session.objects.all().delete()

    phone.mend()
    phone.goto(FORM)
    expect(phone.page).to_have_url(f"{phone.relay.url}/accounts/login/?next={FORM}")
    assert len(phone.kept("outbox")) == 1 and not Visit.objects.exists()
    phone.page.fill("[name=login]", rm.username)
    phone.page.fill("[name=password]", "huike-2026")
    phone.page.click("form button[type=submit]")

    awaited(lambda: Visit.objects.count() == 1)
    awaited(lambda: phone.kept("outbox") == [])


def test_signing_out_empties_the_pocket_and_nobody_else_sees_the_drafts(phone, rm, customer):
    ready(phone, rm, customer)
    phone.goto(f"{FORM}{customer.pk}/")
    phone.page.fill("[name=summary]", "半句话")
    awaited(lambda: phone.kept("drafts"))
    assert f"{FORM}{customer.pk}/" not in phone.shells()

    phone.page.click(".topbar__end details.menu > summary")
    phone.page.click("form[action='/accounts/logout/'] button")
    phone.page.wait_for_load_state("networkidle")

    awaited(lambda: phone.shells() == [] and phone.kept("pocket") == [])
    other = make_user("rm", rm.branch)
    sign_in(phone.page, phone.relay.url, other)
    phone.goto(FORM)
    expect(phone.page.locator("[data-visit-home]")).to_be_visible()
    assert phone.page.locator("[data-draft]").count() == 0
    sign_in(phone.page, phone.relay.url, rm)
    phone.goto(FORM)
    expect(phone.page.locator("[data-draft]")).to_contain_text("恒丰五金")


def test_a_conflict_shows_both_versions_and_overwrites_nothing(phone, rm, customer):
    ready(phone, rm, customer)
    phone.cut()
    phone.goto(f"{FORM}{customer.pk}/")
    write(phone)
    save(phone)
    key = phone.kept("outbox")[0]["key"]
    make_visit(customer, by=rm, key=key, summary="先存下的话")

    phone.mend()
    phone.goto(FORM)

    row = phone.page.locator("[data-state=conflict]")
    expect(row).to_contain_text("先存下的话")
    expect(row).to_contain_text("想添两台数控车床")
    assert Visit.objects.get().summary == "先存下的话"
    row.locator("button >> nth=0").click()
    phone.page.wait_for_url("**?draft=*")
    phone.page.click("[data-visit-save]")
    awaited(lambda: Visit.objects.count() == 2)


def test_what_the_server_refuses_can_be_opened_and_put_right(phone, rm, customer):
    ready(phone, rm, customer)
    phone.cut()
    phone.goto(f"{FORM}{customer.pk}/")
    write(phone)
    phone.page.fill("[name='fact:employees']", "-18")
    save(phone)

    phone.mend()
    phone.goto(FORM)

    row = phone.page.locator("[data-state=refused]")
    expect(row).to_contain_text("想添两台数控车床")  # the words can be read where they lie
    row.locator("button >> nth=0").click()
    expect(phone.page.locator("[name='fact:employees']")).to_have_value("-18")
    phone.page.fill("[name='fact:employees']", "18")
    phone.page.click("[data-visit-save]")
    awaited(lambda: Visit.objects.count() == 1)


def test_a_check_in_far_away_asks_why_and_a_photo_travels_with_the_visit(phone, rm, customer):
    phone.context.grant_permissions(["geolocation"], origin=phone.relay.url)
    phone.context.set_geolocation({"latitude": 30.01, "longitude": 120.0, "accuracy": 20})
    sign_in(phone.page, phone.relay.url, rm)
    phone.goto(f"{FORM}{customer.pk}/")

    phone.page.click("[data-visit-checkin]")
    expect(phone.page.locator("[data-visit-far]")).to_be_visible()
    write(phone)
    phone.page.set_input_files("[data-photo-kind=door]", "static/img/icon-512.png")
    expect(phone.page.locator("[data-photo] img")).to_be_visible()
    phone.page.click("[data-visit-save]")

    phone.page.wait_for_url("**/marketing/visits/*/")
    visit = Visit.objects.get()
    assert 1_100 < visit.distance_m < 1_125  # 0.01 degree of latitude is 1,112 m
    assert (visit.fix_source, visit.accuracy_m, visit.far_reason) == ("device", 20, "")
    assert VisitPhoto.objects.get(visit=visit).kind == "door"
    expect(phone.page.locator(".visitphoto img")).to_be_visible()
