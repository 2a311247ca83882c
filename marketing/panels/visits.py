"""Visits on the customer page: the last ones, and the button that logs one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.panels import customer_action, customer_panel
from crm.core.roles import Can
from customers.models import Customer
from marketing.selectors.visits import visits_of


def visits_panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The last visits, the newest first."""
    rows = visits_of(user=request.user, customer_id=customer.pk)
    context = {
        "visits": rows,
        "customer": customer,
        "can_log": request.user.can(Can.LOG_VISITS),
    }
    return render(request, "marketing/_visits_panel.html", context)


customer_panel(
    "marketing.visits", label=_("Visits"), can=Can.VIEW_FIELD_WORK, view=visits_panel,
    order=20, column="side",
)  # fmt: skip
customer_action(
    "marketing.visit", label=_("Log a visit"), can=Can.LOG_VISITS, url_name="marketing:visit_new",
    icon="map-pin", order=10,
)  # fmt: skip
name_events(
    {
        "marketing.visit_logged": _("visit logged"),
        "marketing.visit_edited": _("visit put right"),
        "marketing.photo_added": _("photo added to a visit"),
        "marketing.pocket_packed": _("briefs taken into the field"),
    }
)
