"""A manager logs visits on a phone: three required fields and one fact, by a scripted browser.

Counted on a screen of 390 px: taps, keystrokes, the bytes of the page, and what the server needs
(from request to answer, the form and all that saving sends). Typing and reading take a person's
time and are not in it; the text is what somebody would tap in at the counter.
"""

from __future__ import annotations

import os
import random
import statistics
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from benchmarks import harness, web
from benchmarks.harness import AS_OF, say

SUMMARY = "客流稳定，年前要备货"
VISITS = 12
PHONE = {"width": 390, "height": 844}


@dataclass
class Hand:
    """The manager's thumb: every tap and key is counted."""

    page: Any
    taps: int = 0
    keys: int = 0
    server_ms: list[float] = field(default_factory=list)

    def tap(self, place: Any) -> None:
        """One tap where it can be seen."""
        place.tap()
        self.taps += 1

    def type(self, place: Any, text: str) -> None:
        """A tap into the field, then its text."""
        self.tap(place)
        place.press_sequentially(text)
        self.keys += len(text)


def main() -> None:
    """Figures of some visits, then one JSON line."""
    options = harness.start(2_000, __doc__ or "")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop is beside us
    make_bank(options.customers, seed=options.seed)
    with web.web_workers() as (port, _master):
        hands = log_visits(f"http://localhost:{port}", seed=options.seed)
    server = [sum(hand.server_ms) for hand in hands]
    harness.finish(
        {
            "benchmark": "visit_seconds",
            "customers": options.customers,
            "visits": len(hands),
            "taps": round(statistics.median(hand.taps for hand in hands)),
            "keystrokes": round(statistics.median(hand.keys for hand in hands)),
            "server_ms": round(statistics.median(server), 1),
            "server_ms_worst": round(max(server), 1),
        }
    )


def make_bank(customers: int, *, seed: int) -> None:
    """Customers with portraits and matches; field work, so that forms know the last visit."""
    from django.core.management import call_command

    from customers.services import portrait_run
    from products.services import matching
    from products.services.seeds import load_products

    harness.make_bank(customers, seed=seed)
    portrait_run.run_twice_if_first(as_of=AS_OF)
    load_products(effective_from=AS_OF)
    matching.run_full(as_of=AS_OF)
    call_command("make_field_work", as_of=AS_OF, seed=seed, reset=True, stdout=StringIO())


def log_visits(base: str, *, seed: int) -> list[Hand]:
    """Each visit on a page of its own; that all of them are stored is checked."""
    from playwright.sync_api import sync_playwright

    from customers.models import Customer
    from marketing.models import Visit
    from tests.chromium import launch_arguments

    manager = web.fullest("rm")
    own = list(Customer.objects.filter(manager=manager).order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(seed).sample(own, VISITS)
    before = Visit.objects.filter(customer__in=chosen).count()
    name, _, value = web.cookie_of(manager).partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())
        context = browser.new_context(
            viewport=PHONE, has_touch=True, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.add_cookies([{"name": name, "value": value, "url": base}])
        hands = [log_one(context, base, customer) for customer in chosen]
        browser.close()
    stored = Visit.objects.filter(customer__in=chosen).count() - before
    assert stored == VISITS, f"{stored} of {VISITS} visits were stored"
    return hands


def log_one(context: Any, base: str, customer: int) -> Hand:
    """Whom met, in short, one fact, the next step, saved."""
    page = context.new_page()
    hand = Hand(page)
    page.on("requestfinished", lambda request: _counted(hand, request))
    page.goto(f"{base}/marketing/visits/log/{customer}/")
    page.locator("[data-visit-form]").wait_for()
    if not page.locator("#whom_met").input_value():
        known = page.locator("[data-visit-contacts] button")
        if known.count():
            hand.tap(known.first)
        else:
            hand.type(page.locator("#whom_met"), "老板")
    hand.type(page.locator("#summary"), SUMMARY)
    _say_a_fact(hand)
    hand.tap(page.locator("[data-puts=next_step]").first)
    if not page.locator("[name=next_on]").input_value():
        hand.tap(page.locator("[data-days]").first)
    hand.tap(page.locator("[data-visit-save]"))
    page.wait_for_url(lambda url: not url.endswith(f"/log/{customer}/"))
    say(f"  {hand.taps} taps, {hand.keys} keys, server {sum(hand.server_ms):.0f} ms")
    page.close()
    return hand


def _say_a_fact(hand: Hand) -> None:
    """The first fact that the form asks for: a choice if there is one, else a number."""
    open_group = hand.page.locator("[data-group]:visible")
    choices = open_group.locator(".visitfact:visible .choice")
    if choices.count():
        hand.tap(choices.first)
        return
    hand.type(open_group.locator("input.num:visible").first, "3")


def _counted(hand: Hand, request: Any) -> None:
    """Pages and answers of the server, not its files."""
    if "/static/" in request.url:
        return
    timing = request.timing
    hand.server_ms.append(max(timing["responseEnd"] - timing["requestStart"], 0.0))


if __name__ == "__main__":
    main()
