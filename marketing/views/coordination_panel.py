"""The coordination list on the customer page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from customers.models import Customer
from marketing.selectors import coordination as selectors


def coordination_panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The lists this firm stands on; no box at all for the others."""
    rows = selectors.items_of_customer(user=request.user, customer_id=customer.pk)
    if not rows:
        return HttpResponse()
    today = timezone.localdate()
    limits = selectors.list_limits(today)
    shown = [(row, selectors.clock_of(row, today=today, limits=limits)) for row in rows]
    return render(request, "marketing/_coordination_panel.html", {"rows": shown})
