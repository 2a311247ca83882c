"""Versions of a portrait, and any two of them side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from customers.views.portrait.figures import opened


@require_GET
def versions(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The versions, newest first."""
    context, _page = opened(request, customer_id)
    return render_page(request, "customers/portrait/versions.html", None, context)
