"""The charts of the portrait page: money in and out, invoices, buyers and suppliers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.months import month_label
from customers.selectors.portrait_page import Month, Party

WAN = 10_000
LEAST = 0.005  # a smaller rest is not drawn
SAME = "\u200b"  # no width: tells two nodes of one name apart


@dataclass(frozen=True)
class Scale:
    """How amounts are drawn: in ten thousand yuan, or as a share of the highest when masked."""

    unit: str
    divisor: float

    def of(self, value: float | None) -> float | None:
        """The amount on this scale."""
        return None if value is None else round(value / self.divisor, 2)


def scale_for(amounts: Iterable[float | None], *, is_masked: bool) -> Scale:
    """Amounts as they are, or only their proportions for a reader who sees bands."""
    if not is_masked:
        return Scale(_("10k yuan"), WAN)
    highest = max((amount for amount in amounts if amount), default=1)
    return Scale(_("% of the highest"), highest / 100)


def _base(months: Sequence[Month], customer_id: int, kind: str, scale: Scale) -> dict[str, Any]:
    address = reverse("customers:portrait_month", args=[customer_id, kind, "0000-00"])
    return {
        "categories": [month_label(month.ym)[2:] for month in months],
        "unit": scale.unit,
        "hrefs": [address.replace("0000-00", month_label(month.ym)) for month in months],
    }


def flow_chart(
    months: Sequence[Month], customer_id: int, *, is_masked: bool = False
) -> dict[str, Any] | None:
    """Inflow and outflow a month, the median of the peers dashed."""
    if not months:
        return None
    amounts = [amount for month in months for amount in (month.inflow, month.outflow)]
    scale = scale_for(amounts, is_masked=is_masked)
    series: list[dict[str, Any]] = [
        {"name": _("Inflow"), "data": [scale.of(month.inflow) for month in months]},
        {"name": _("Outflow"), "data": [scale.of(month.outflow) for month in months]},
    ]
    if any(month.peers is not None for month in months):
        peers = [scale.of(month.peers) for month in months]
        series.append(
            {
                "name": _("Peer median"),
                "data": peers,
                "type": "line",
                "dashed": True,
                "tone": "warn",
            }
        )
    return _base(months, customer_id, "flows", scale) | {"series": series}


def invoice_chart(
    months: Sequence[Month], customer_id: int, *, is_masked: bool = False
) -> dict[str, Any] | None:
    """Sales and purchases invoiced a month."""
    if not months:
        return None
    amounts = [amount for month in months for amount in (month.sales, month.purchases)]
    scale = scale_for(amounts, is_masked=is_masked)
    sales = [scale.of(month.sales) for month in months]
    purchases = [scale.of(month.purchases) for month in months]
    return _base(months, customer_id, "invoices", scale) | {
        "series": [
            {"name": _("Sales invoiced"), "data": sales},
            {"name": _("Purchases invoiced"), "data": purchases},
        ]
    }


def party_chart(
    buyers: Sequence[Party], suppliers: Sequence[Party], *, is_masked: bool = False
) -> dict[str, Any] | None:
    """Suppliers on the left, the customer in the middle, buyers on the right."""
    if not buyers and not suppliers:
        return None
    own = _("This customer")
    amounts = [amount for side in (buyers, suppliers) for _name, amount in _with_rest(side)]
    scale = scale_for(amounts, is_masked=is_masked)
    nodes: list[dict[str, Any]] = [{"name": own, "tone": "accent"}]
    links: list[dict[str, Any]] = []
    for is_buyer, parties in ((False, suppliers), (True, buyers)):
        for name, amount in _with_rest(parties):
            label = f"{name}{SAME}" if is_buyer else name  # a firm may stand on both sides
            nodes.append({"name": label, "tone": "good" if is_buyer else "chart-2"})
            ends = (own, label) if is_buyer else (label, own)
            links.append({"source": ends[0], "target": ends[1], "value": scale.of(amount)})
    return {"nodes": nodes, "links": links, "unit": scale.unit}


def _with_rest(parties: Sequence[Party]) -> list[tuple[str, float]]:
    """The largest ones, and all others as one."""
    found = [(party.name, party.amount) for party in parties]
    if not parties:
        return found
    total = parties[0].amount / parties[0].share
    rest = total - sum(party.amount for party in parties)
    return [*found, (_("Others"), rest)] if rest > total * LEAST else found
