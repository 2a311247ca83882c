"""Every page there is, opened in a real Chromium by somebody whose role has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from crm.core.access import Route, routes
from crm.core.models import User
from crm.core.roles import ROLES
from customers.models import Customer
from tests.architecture.samples import values
from tests.architecture.test_access import keywords
from tests.chromium import IN_BROWSER, sign_in, watch

pytestmark = IN_BROWSER
NOT_PAGES = ("/api/", "/healthz", "/readyz", "/accounts/")
FILES = ("_template", "_errors", "_file", "_download")
LOOKS = {
    "wide-light-zh": (1440, "light", "zh-hans"),
    "phone-dark-en": (390, "dark", "en"),
}


def pages_of(role: str) -> Iterator[Route]:
    """Home, and the pages that no role before this one opens: each page is seen once."""
    order = list(ROLES)
    for route in routes():
        can = route.rights.get("GET")
        if route.kind != "page" or can is None or route.path.startswith(NOT_PAGES):
            continue
        if route.name.endswith(FILES):
            continue
        holders = [key for key in order if can in ROLES[key].can]
        if role in holders and (role == holders[0] or route.name == "core:home"):
            yield route


def place(route: Route, user: User) -> str:
    """The address of the route, with a customer of this user where it needs one."""
    from django.urls import reverse

    found: dict[str, Any] = values(route.name, keywords(route), user)
    mine = Customer.objects.visible_to(user).order_by("pk").first()
    if "customer_id" in found and mine is not None:
        found["customer_id"] = mine.pk
    return reverse(route.name, kwargs=found)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", ROLES)
def test_no_page_complains_or_is_wider_than_the_screen(role, look, page: Page, request):
    bank = request.getfixturevalue("demo_bank")
    server = request.getfixturevalue("live_server")
    width, theme, language = LOOKS[look]
    user = bank.user(role)
    user.language = language
    user.save(update_fields=["language"])
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    sign_in(watch(page), server.url, user)
    found = {}

    for route in pages_of(role):
        page.complaints.clear()
        answer = page.goto(server.url + place(route, user))
        page.wait_for_load_state("networkidle")
        if answer.status == 404:  # a sample that is not there says so in a page of its own
            page.complaints.clear()
        wide = page.evaluate("document.documentElement.scrollWidth") - width
        violations = page.evaluate("window.violations")
        if answer.status >= 500 or page.complaints or violations or wide > 0:
            found[route.name] = (answer.status, page.complaints[:], violations, wide)

    assert found == {}
