"""The API's manners: deny by default, the same abilities as pages, cursor pages, problem+json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import PermissionDenied as DjangoDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core.audit import record_refusal
from crm.core.errors import DomainError
from crm.core.roles import Can

if TYPE_CHECKING:  # rest_framework.views reads this module while it is being loaded
    from rest_framework.routers import BaseRouter
    from rest_framework.views import APIView

READS = {"GET", "HEAD", "OPTIONS"}
NO_BODY = {status.HTTP_204_NO_CONTENT, status.HTTP_304_NOT_MODIFIED}


class Deny(BasePermission):
    """Nobody: a view that says nothing is closed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class SignedIn(BasePermission):
    """Whoever is signed in; for views that page() guards already."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated)


class CanPermission(BasePermission):
    """Signed in, with the ability the view asks for."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        action = getattr(view, "action", None) or (request.method or "").lower()
        asked = view.ability_for(request.method or "", action)
        return asked is not None and request.user.can(asked)


class CanView:
    """Mix into a viewset: ``can`` to read, ``can_write`` to change, ``abilities`` by action."""

    can: Can | None = None
    can_write: Can | None = None
    abilities: Mapping[str, Can] = {}
    permission_classes = (CanPermission,)

    @classmethod
    def ability_for(cls, method: str, action: str) -> Can | None:
        """What a request asks of the role; None closes the method."""
        if action in cls.abilities:
            return cls.abilities[action]
        return cls.can if method.upper() in READS else cls.can_write


class CursorPages(CursorPagination):
    """Keyset pages, newest first unless the view says otherwise; ``?page_size=`` up to 200."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Any refusal as application/problem+json (RFC 9457)."""
    from rest_framework.views import exception_handler

    if isinstance(error, DomainError):
        body: dict[str, Any] = {"title": str(error.message), "status": error.status}
        if error.fields:
            body["errors"] = {name: [str(text)] for name, text in error.fields.items()}
        return _answer(body, error.status)
    if isinstance(error, ObjectDoesNotExist):
        error = Http404()
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, DjangoDenied | exceptions.PermissionDenied):
        record_refusal(context["request"], "")
    headers = {
        name: response[name]
        for name in ("WWW-Authenticate", "Retry-After", "Allow")
        if response.has_header(name)
    }
    return _answer(_body(error, response), response.status_code, headers)


def _body(error: Exception, response: Response) -> dict[str, Any]:
    body: dict[str, Any] = {"title": _title(response.status_code), "status": response.status_code}
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = response.data
    elif isinstance(response.data, dict) and "detail" in response.data:
        body["detail"] = str(response.data["detail"])
    return body


def _title(code: int) -> str:
    return {
        400: _("The request could not be read."),
        401: _("Sign in first."),
        403: _("Your role does not include this."),
        404: _("There is nothing here, or it is not in your care."),
        405: _("This method is not offered here."),
    }.get(code, _("The request failed."))


def _answer(body: dict[str, Any], code: int, headers: dict[str, str] | None = None) -> Response:
    return Response(
        {"type": "about:blank", **body},
        status=code,
        headers=headers,
        content_type="application/problem+json",
    )


def register(router: BaseRouter) -> None:
    """The ground floor's own resources."""
    from crm.core import rest

    rest.register(router)
