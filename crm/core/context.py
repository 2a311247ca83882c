"""What every page's shell needs: menu, theme, language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from crm.core.access import menu_entries


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu, theme and language for the base template; nothing is computed before it is used."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "menu": SimpleLazyObject(lambda: menu(request, "main")),
        "manage_menu": SimpleLazyObject(lambda: menu(request, "manage")),
        "theme": user.theme if signed_in else "system",
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "languages": settings.LANGUAGES,
        "demo": settings.DEMO,
        "has_mfa": bool(settings.MFA_SUPPORTED_TYPES),
        "request_id": getattr(request, "request_id", ""),
    }


def menu(request: HttpRequest, section: str) -> list[dict[str, Any]]:
    """The entries this user's role may open, the current one marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = []
    for route in menu_entries():
        entry = route.menu
        if entry is None or entry.section != section or not user.can(route.rights["GET"]):
            continue
        url = reverse(route.name)
        here = request.path == url or (url != "/" and request.path.startswith(url))
        entries.append({"label": entry.label, "url": url, "icon": entry.icon, "is_current": here})
    return entries
