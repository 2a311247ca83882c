"""What every request carries: an id, the acting user for the audit trigger, the user's language."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from crm.core.audit import acting, request_named

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
PROBES = frozenset({"/healthz", "/readyz"})


class RequestMiddleware:
    """Names the request, speaks the user's language, and tells the database who acts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        if request.path in PROBES:
            return self.get_response(request)
        with request_named(request.request_id):  # type: ignore[attr-defined]
            response = self._answer(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
        if user.must_change_password and not request.path.startswith("/accounts/"):
            return _leave_for(request, reverse("account_change_password"))
        if request.method in SAFE:
            return self.get_response(request)
        with acting(user, request.request_id):  # type: ignore[attr-defined]
            return self.get_response(request)


def _leave_for(request: HttpRequest, url: str) -> HttpResponse:
    """To another page, from a fragment too."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
