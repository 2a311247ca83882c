"""Customer groups and territories with their customers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from customers.selectors.territory import group_lines, territory_lines


@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """The customer groups of spec a.2 and a.3."""
    lines = group_lines(user=request.user)
    return render_page(request, "customers/groups.html", None, {"lines": lines})


@require_GET
def territories(request: HttpRequest) -> HttpResponse:
    """Parks, markets, villages and grid cells."""
    lines = territory_lines(user=request.user)
    return render_page(request, "customers/territories.html", None, {"lines": lines})
