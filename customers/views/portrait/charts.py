"""The charts of the portrait page: money in and out, invoices, buyers and suppliers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.months import month_label
from customers.selectors.portrait_page import Month, Party

WAN = 10_000


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
            {"name": _("Peer median"), "data": peers, "type": "line", "dashed": True, "tone": "warn"}
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


def party_chart(
    buyers: Sequence[Party], suppliers: Sequence[Party], totals: dict[str, float]
) -> dict[str, Any] | None:
    """Suppliers on the left, the customer in the middle, buyers on the right."""
    if not buyers and not suppliers:
        return None
    own = _("This customer")
    nodes: list[dict[str, Any]] = [{"name": own, "tone": "accent"}]
    links: list[dict[str, Any]] = []
    for prefix, parties, total in (
        ("↑ ", suppliers, totals["suppliers"]),
        ("↓ ", buyers, totals["buyers"]),
    ):
        flows = [(prefix + party.name, party.amount) for party in parties]
        rest = total - sum(party.amount for party in parties)
        if rest > max(total * 0.005, 1):
            flows.append((prefix + _("Others"), rest))
        for name, amount in flows:
            nodes.append({"name": name, "tone": "good" if prefix == "↓ " else "chart-2"})
            ends = (own, name) if prefix == "↓ " else (name, own)
            links.append({"source": ends[0], "target": ends[1], "value": wan(amount)})
    return {"nodes": nodes, "links": links, "unit": _("10k yuan")}
