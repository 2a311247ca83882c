"""What to know before the door opens, on one phone screen and one printed page (VIS-7)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.audit import record_read
from crm.core.fragments import render_page
from crm.core.roles import Can
from marketing.selectors.brief import brief_of


@require_GET
def brief(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The brief of a customer in reach."""
    found = brief_of(user=request.user, customer_id=customer_id, as_of=timezone.localdate())
    record_read(request.user, "customers.viewed", found.customer, tab="brief")
    context = {
        "brief": found,
        "customer": found.customer,
        "visit_url": _visit_url(request, customer_id),
        "can_tell": request.user.can(Can.EDIT_CUSTOMERS),
        "can_match": request.user.can(Can.VIEW_MATCHES),
    }
    return render_page(request, "marketing/brief.html", "marketing/_brief.html", context)


def _visit_url(request: HttpRequest, customer_id: int) -> str:
    """Where the visit is logged, for who logs visits."""
    if not request.user.can(Can.LOG_VISITS):
        return ""
    return reverse("marketing:visit_new", args=[customer_id])
