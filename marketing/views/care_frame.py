"""What the pages of care share: their tabs, a count in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.selectors.keyset import COUNT_CAP


def sections(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The pages of care, the current one marked."""
    named = (
        ("care", _("Care tasks")),
        ("complaints", _("Complaints")),
        ("relief", _("Short of cash")),
        ("satisfaction", _("Satisfaction")),
    )
    return [
        {"label": label, "url": reverse(f"marketing:{key}"), "is_current": key == current}
        for key, label in named
    ]


def told_count(found: int) -> str:
    """Exact up to ten thousand."""
    return f"{COUNT_CAP - 1:,}+" if found >= COUNT_CAP else f"{found:,}"
