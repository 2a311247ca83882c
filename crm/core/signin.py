"""Signing in: nobody signs up, every log-in and failure leaves an entry."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from crm.core.audit import record_event


class AccountAdapter(DefaultAccountAdapter):
    """django-allauth's rules for this bank."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the system administrator makes users."""
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Signed in, and recorded."""
        record_event("core.signed_in", actor=user, request=request)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Refused, and recorded without the password."""
        record_event(
            "core.sign_in_failed",
            actor=None,
            request=request,
            username=str(credentials.get("username", ""))[:40],
        )
        super().authentication_failed(request, **credentials)

    def set_password(self, user: Any, password: str) -> None:
        """The user's own choice: a password that was handed over is replaced."""
        user.must_change_password = False
        super().set_password(user, password)
