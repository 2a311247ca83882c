"""What every request carries: an id, the acting user for the audit trigger, the user's language."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from crm.core.audit import acting

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class RequestMiddleware:
    """Names the request, speaks the user's language, and tells the database who acts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        user = request.user
        if not user.is_authenticated:
            response = self.get_response(request)
        else:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
            if request.method in SAFE:
                response = self.get_response(request)
            else:
                with acting(user, request.request_id):  # type: ignore[attr-defined]
                    response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response
