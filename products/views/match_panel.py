"""The box on the customer page: the best five products, one sentence each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from customers.models import Customer
from products.selectors.match_page import match_page
from products.views.match_words import list_row


def match_panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What fits this customer best, with its age and the book it was matched by."""
    page = match_page(user=request.user, customer=customer)
    context = {
        "customer": customer,
        "page": page,
        "counts": page.counts,
        "rows": [list_row(offer) for offer in page.top],
    }
    return render(request, "products/_match_panel.html", context)
