"""What else stands under Products: the way from the catalogue to the other pages of this app."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from crm.core.roles import Can
from crm.core.words import Text
from products.selectors.catalogue import page_if_there

SECTIONS: tuple[tuple[str, Text, Can], ...] = (
    ("products:list", _("Product catalogue"), Can.VIEW_PRODUCTS),
    ("products:suggestions", _("Suggestions"), Can.VIEW_MATCHES),
    ("products:matrix", _("Fit by group"), Can.VIEW_PRODUCTS),
    ("products:bundles", _("Bundles"), Can.VIEW_PRODUCTS),
    ("products:calculator", _("Calculator"), Can.VIEW_PRODUCTS),
    ("products:compare", _("Compare"), Can.VIEW_PRODUCTS),
    ("products:competitors", _("Competitors"), Can.VIEW_PRODUCTS),
    ("products:weights", _("Weights"), Can.VIEW_PRODUCTS),
    ("products:precision", _("Suggestion results"), Can.VIEW_PRODUCTS),
)


def section_tabs(user: User, current: str = "products:list") -> list[dict[str, Any]]:
    """The pages this user may open, for the tabs tag; a part that is not there is left out."""
    found = [
        {"label": label, "url": page_if_there(name), "is_current": name == current}
        for name, label, can in SECTIONS
        if user.can(can)
    ]
    return [tab for tab in found if tab["url"]]
