"""The pages of the market, for the tabs above them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from crm.core.roles import Can
from crm.core.words import Text

SECTIONS: tuple[tuple[str, Text, Can], ...] = (
    ("marketing:market", _("Penetration"), Can.VIEW_BOARD),
    ("marketing:surveys", _("Surveys"), Can.VIEW_BOARD),
    ("marketing:coordination", _("Coordination list"), Can.VIEW_BOARD),
)


def market_tabs(user: User, current: str) -> list[dict[str, Any]]:
    """The pages this user may open."""
    return [
        {"label": label, "url": reverse(name), "is_current": name == current}
        for name, label, can in SECTIONS
        if user.can(can)
    ]


def numbered(request: HttpRequest, number: int) -> str:
    """The address of another page of the same list."""
    asked = request.GET.copy()
    asked["page"] = str(number)
    return f"?{asked.urlencode()}"
