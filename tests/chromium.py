"""A real Chromium for tests: where it is, how it starts, and a page that collects complaints."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from crm.core.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("REQUIRE_BROWSER") != "1",
        reason="no Chromium on this machine: install chromium, or set CHROMIUM_PATH",
    ),
]
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


def launch_arguments() -> dict[str, Any]:
    """The system's Chromium, without its sandbox only as root."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": CHROMIUM, "args": [*FLAGS, *root]}


def sign_in(page: Page, address: str, user: User) -> None:
    """The page's browser has a session of this user."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies["crm_session"].value
    page.context.add_cookies([{"name": "crm_session", "value": cookie, "url": address}])


def watch(page: Page) -> Page:
    """The page keeps what the console, scripts and the content policy complain of."""
    page.add_init_script(WATCH)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda told: (
            page.complaints.append(told.text) if told.type in ("error", "warning") else None
        ),
    )
    return page
