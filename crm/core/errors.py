"""Sentences a user may read, and where they are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.core.access import READS, came_from
from crm.core.fragments import wants_fragment
from crm.core.words import Text


class DomainError(Exception):
    """Something a user may not or cannot do, as a translated sentence; nothing was changed."""

    def __init__(
        self, message: Text, *, status: int = 409, fields: dict[str, Text] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.fields = fields or {}


class ErrorMiddleware:
    """A DomainError as a toast or a page, a missing row as 404, an unreadable address as 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)  # no text of the database holds it: any filter would crash
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A sentence instead of a crash, for the errors that are meant for users."""
        if isinstance(error, DomainError):
            return problem_page(request, error.status, str(error.message))
        if isinstance(error, ObjectDoesNotExist):
            raise Http404 from error
        if isinstance(error, ValueError) and "NUL (0x00)" in str(error):
            return bad_request(request)  # sent past the form: psycopg2 refuses the text
        return None


def problem_page(
    request: HttpRequest, status: int, message: str, headers: dict[str, str] | None = None
) -> HttpResponse:
    """The problem as JSON for the API, as a toast for htmx, as a page otherwise."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": message, "status": status}
        kind = "application/problem+json"
        return JsonResponse(body, status=status, content_type=kind, headers=headers)
    if wants_fragment(request):
        toast = json.dumps({"toast": {"tone": "bad", "message": message}})
        return HttpResponse(
            message,
            status=status,
            content_type="text/plain; charset=utf-8",
            headers={"HX-Trigger": toast, "HX-Reswap": "none", **(headers or {})},
        )
    back = "" if request.method in READS else came_from(request)
    context = {"status": status, "message": message, "back": back}
    html = render_to_string("errors/problem.html", context, request=request)
    return HttpResponse(html, status=status, headers=headers)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return problem_page(request, 400, _("The request could not be read."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: the role does not include this page."""
    from crm.core.audit import record_refusal

    record_refusal(request, str(exception or ""))
    return problem_page(
        request, 403, _("Your role does not include this page. Ask your system administrator.")
    )


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: missing, or not yours; both look alike."""
    return problem_page(request, 404, _("There is nothing here, or it is not in your care."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is stale."""
    return problem_page(
        request, 403, _("This form is no longer valid. Reload the page and try again.")
    )


def crashed(request: HttpRequest) -> HttpResponse:
    """500, without the database: the page must work when nothing else does."""
    return HttpResponse(
        render_to_string("errors/crash.html", {"request_id": getattr(request, "request_id", "")}),
        status=500,
    )
