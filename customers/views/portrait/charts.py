"""The charts of the portrait page: money in and out, invoices, buyers and suppliers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.months import month_label
from customers.selectors.portrait_page import Month, Party

WAN = 10_000
LEAST = 0.005  # a smaller rest is not drawn
SAME = "\u200b"  # no width: tells two nodes of one name apart


def wan(value: float | None) -> float | None:
    """Yuan in ten thousands, as the axis counts."""
    return None if value is None else round(value / WAN, 2)


def _base(months: Sequence[Month], customer_id: int, kind: str) -> dict[str, Any]:
    address = reverse("customers:portrait_month", args=[customer_id, kind, "0000-00"])
    return {
        "categories": [month_label(month.ym)[2:] for month in months],
        "unit": _("10k yuan"),
        "hrefs": [address.replace("0000-00", month_label(month.ym)) for month in months],
    }


def flow_chart(months: Sequence[Month], customer_id: int) -> dict[str, Any] | None:
    """Inflow and outflow a month, the median of the peers dashed."""
    if not months:
        return None
    series: list[dict[str, Any]] = [
        {"name": _("Inflow"), "data": [wan(month.inflow) for month in months]},
        {"name": _("Outflow"), "data": [wan(month.outflow) for month in months]},
    ]
    if any(month.peers is not None for month in months):
        peers = [wan(month.peers) for month in months]
        series.append(
            {
                "name": _("Peer median"),
                "data": peers,
                "type": "line",
                "dashed": True,
                "tone": "warn",
            }
        )
    return _base(months, customer_id, "flows") | {"series": series}


def invoice_chart(months: Sequence[Month], customer_id: int) -> dict[str, Any] | None:
    """Sales and purchases invoiced a month."""
    if not months:
        return None
    return _base(months, customer_id, "invoices") | {
        "series": [
            {"name": _("Sales invoiced"), "data": [wan(month.sales) for month in months]},
            {"name": _("Purchases invoiced"), "data": [wan(month.purchases) for month in months]},
        ]
    }


def party_chart(buyers: Sequence[Party], suppliers: Sequence[Party]) -> dict[str, Any] | None:
    """Suppliers on the left, the customer in the middle, buyers on the right."""
    if not buyers and not suppliers:
        return None
    own = _("This customer")
    nodes: list[dict[str, Any]] = [{"name": own, "tone": "accent"}]
    links: list[dict[str, Any]] = []
    for is_buyer, parties in ((False, suppliers), (True, buyers)):
        for name, amount in _with_rest(parties):
            label = f"{name}{SAME}" if is_buyer else name  # a firm may stand on both sides
            nodes.append({"name": label, "tone": "good" if is_buyer else "chart-2"})
            ends = (own, label) if is_buyer else (label, own)
            links.append({"source": ends[0], "target": ends[1], "value": wan(amount)})
    return {"nodes": nodes, "links": links, "unit": _("10k yuan")}


def _with_rest(parties: Sequence[Party]) -> list[tuple[str, float]]:
    """The largest ones, and all others as one."""
    found = [(party.name, party.amount) for party in parties]
    if not parties:
        return found
    total = parties[0].amount / parties[0].share
    rest = total - sum(party.amount for party in parties)
    return [*found, (_("Others"), rest)] if rest > total * LEAST else found
