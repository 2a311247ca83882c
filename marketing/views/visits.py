"""Visits: the list, one visit, putting the own one right."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from crm.core.audit import record_read
from crm.core.fragments import render_page
from marketing.selectors.visits import visit_of


@require_GET
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: what was learnt, promised and agreed, where and by whom."""
    visit = visit_of(user=request.user, pk=pk)
    record_read(request.user, "customers.viewed", visit.customer, tab="visit")
    return render_page(request, "marketing/visit.html", None, {"visit": visit})
