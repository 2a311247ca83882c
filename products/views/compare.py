"""Ours and theirs side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four products for one case."""
    return render_page(request, "products/compare.html", None, {})
