"""The frame that every page of one customer shares: head, tabs, panels, and the read log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.core.audit import record_read
from crm.core.panels import CUSTOMER_PANELS, actions_for, panels_for
from crm.core.roles import Can
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.models import Customer
from customers.selectors.customer import customer_header
from customers.selectors.ledger import mean_share


@dataclass(frozen=True)
class Tab:
    """One page of a customer."""

    key: str
    label: Text
    url_name: str


FILTERS = {"size_class": "size", "stage": "stage", "tier": "tier"}
TABS = (
    Tab("portrait", _("Portrait"), "customers:detail"),
    Tab("profile", _("Profile"), "customers:profile"),
    Tab("holdings", _("Holdings and loans"), "customers:holdings"),
    Tab("chain", _("Suppliers and buyers"), "customers:chain"),
    Tab("ledger", _("Seven categories"), "customers:ledger"),
    Tab("judgement", _("Judgement"), "customers:judgement"),
    Tab("history", _("History"), "customers:history"),
)


def open_customer(request: HttpRequest, customer_id: int, *, tab: str) -> dict[str, Any]:
    """The context of ``customers/_frame.html``; the view is logged (ROL-4)."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    record_read(request.user, "customers.viewed", customer, tab=tab)
    return frame_of(request, customer, tab=tab)


def frame_of(request: HttpRequest, customer: Customer, *, tab: str) -> dict[str, Any]:
    """The same for a customer at hand, without a log entry."""
    return {
        "customer": customer,
        "chips": _chips(customer),
        **_ledger_chip(customer),
        "actions": [
            {
                "label": action.label,
                "icon": action.icon,
                "url": reverse(action.url_name, args=[customer.pk]),
            }
            for action in actions_for(request.user)
        ],
        "can_edit": request.user.can(Can.EDIT_CUSTOMERS),
        "can_assign": request.user.can(Can.ASSIGN_CUSTOMERS),
        "tab": tab,
        "tabs": [
            {
                "label": item.label,
                "url": reverse(item.url_name, args=[customer.pk]),
                "is_current": item.key == tab,
            }
            for item in TABS
        ],
        "main_panels": panels_for(CUSTOMER_PANELS, request.user, tab=tab, column="main"),
        "side_panels": panels_for(CUSTOMER_PANELS, request.user, tab=tab, column="side"),
    }


def _chips(customer: Customer) -> list[dict[str, Any]]:
    """Size, stage and tier as the portrait has them; nothing for what is not known."""
    found = []
    for key, value, tone in (
        ("size_class", customer.portrait_size, "accent"),  # type: ignore[attr-defined]
        ("stage", customer.portrait_stage, "plain"),  # type: ignore[attr-defined]
        ("tier", customer.portrait_tier, "plain"),  # type: ignore[attr-defined]
    ):
        if value and value != "unknown":
            label = dict(COLUMNS[key].choices).get(value, value)
            found.append(
                {"label": label, "tone": tone, "href": f"/customers/?{FILTERS[key]}={value}"}
            )
    return found


def _ledger_chip(customer: Customer) -> dict[str, Any]:
    """How full the seven categories are, as a chip of the head."""
    share = mean_share(customer)
    told = _("Seven categories %(share)s%%") % {"share": round((share or 0) * 100)}
    tone = "good" if (share or 0) >= 0.6 else "warn"
    return {"ledger_share": share, "ledger_chip": told, "ledger_tone": tone}


@require_GET
def panel(request: HttpRequest, customer_id: int, key: str) -> HttpResponse:
    """The inside of one box that another floor hangs on the page of this customer."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    found = CUSTOMER_PANELS.get(key)
    if found is None or not request.user.can(found.can):
        raise Http404
    return found.view(request, customer)
