"""The whole page, or only its moving part when htmx asks: one URL for both."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for the moving part only (not a boosted link, not a restored page)."""
    asked = request.headers
    return asked.get("HX-Request") == "true" and not (
        asked.get("HX-Boosted") or asked.get("HX-History-Restore-Request")
    )


def render_page(
    request: HttpRequest,
    full: str,
    fragment: str | None,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """``fragment`` for htmx, else ``full``; caches keep the two apart."""
    template = fragment if fragment and wants_fragment(request) else full
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request", "Cookie"))
    return response
