"""The tabs of a customer beside the portrait: profile, holdings, chain, history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from customers.views.frame import open_customer


@require_GET
def profile(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Contacts, identifiers, relations, territories, certificates and consents."""
    context = open_customer(request, customer_id, tab="profile")
    return render_page(request, "customers/profile.html", None, context)
