"""The component page: every component in every tone, on invented figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET


class SampleForm(forms.Form):
    """One field of each kind, one of them wrong."""

    points = forms.CharField(label=gettext_lazy("Main points"), widget=forms.Textarea({"rows": 3}))
    people = forms.IntegerField(label=gettext_lazy("Employees"), min_value=0)
    visit_on = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput({"type": "date"}), required=False
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[("a", gettext_lazy("Growing")), ("b", gettext_lazy("Mature"))],
        required=False,
    )
    branch = forms.ChoiceField(
        label=gettext_lazy("Branch"),
        widget=forms.Select({"data-combobox": True}),
        choices=[("1", "城东支行"), ("2", "高新支行"), ("3", "西郊支行")],
        required=False,
    )
    next_step = forms.ChoiceField(
        label=gettext_lazy("Next step"),
        widget=forms.RadioSelect,
        choices=[("call", gettext_lazy("Call")), ("visit", gettext_lazy("Visit"))],
    )
    agrees = forms.BooleanField(label=gettext_lazy("The customer agrees"), required=False)


@require_GET
def component_page(request: HttpRequest) -> HttpResponse:
    """Every component, so that a change of look is seen in one place."""
    return render(request, "components/index.html", samples())


def samples() -> dict[str, Any]:
    """What the page shows; the figures are invented."""
    now = timezone.now()
    return {
        "amounts": [Decimal(text) for text in ("853", "-46250.5", "12864213.5", "182000000")],
        "missing": None,
        "two_hours_ago": now - timedelta(hours=2),
        "last_year": datetime(now.year - 1, 11, 21, tzinfo=now.tzinfo),
        "tones": ["plain", "accent", "good", "warn", "bad"],
        "trend": [50.1, 52.3, 49.0, 55.4, None, 58.2, 60.1, 57.7, 63.0, 61.2, 66.4, 70.3],
        "form": SampleForm(
            {"points": _("Stock for 3 months."), "people": "-3", "next_step": "call"}
        ),
        "flow": flow_chart(),
        "chain": chain_chart(),
        "heat": heat_chart(),
        "stages": funnel_stages(),
        "checks": cross_check(),
        "tab_items": tab_items(),
        "filters_on": [{"label": _("Growing"), "url": "?"}, {"label": "C33", "url": "?"}],
        "points": [(38, _("Steady sales")), (22, _("Tax class A")), (-17, _("Few buyers"))],
    }


def tab_items() -> list[dict[str, Any]]:
    """Tabs of a customer, the first one open."""
    names = ((_("Portrait"), None), (_("Visits"), 14), (_("Products"), 5), (_("Risk"), None))
    return [
        {"label": label, "url": "?", "is_current": place == 0, "count": count}
        for place, (label, count) in enumerate(names)
    ]


def flow_chart() -> dict[str, Any]:
    """24 months in and out, with the median of the trade."""
    months = [f"{24 + month // 12}-{month % 12 + 1:02d}" for month in range(11, 35)]
    inflow = [60 + month * 1.2 + (month * 37) % 23 for month in range(24)]
    return {
        "categories": months,
        "unit": _("10k yuan"),
        "series": [
            {"name": _("In"), "data": inflow},
            {"name": _("Out"), "data": [round(value * 0.86, 1) for value in inflow]},
            {
                "name": _("Median of the trade"),
                "type": "line",
                "dashed": True,
                "data": [round(66 + month * 0.6, 1) for month in range(24)],
            },
        ],
    }


def chain_chart() -> dict[str, Any]:
    """Suppliers on the left, buyers on the right."""
    here = _("This firm")
    sellers = (("宁波钢贸", 34), ("华东铝材", 22), ("鑫源刀具", 12))
    buyers = (("博世配件", 18), ("远大汽配", 13), ("鸿泰机械", 9), ("其他 22 家", 28))
    nodes = [{"name": name} for name, _value in sellers] + [{"name": here, "tone": "accent"}]
    nodes += [{"name": name, "tone": "good"} for name, _value in buyers]
    links = [{"source": name, "target": here, "value": value} for name, value in sellers]
    links += [{"source": here, "target": name, "value": value} for name, value in buyers]
    return {"nodes": nodes, "links": links, "unit": "万元"}


def heat_chart() -> dict[str, Any]:
    """Share of the market by trade and place."""
    places = ["五金园", "建材市场", "人民路商圈", "西郊村", "高新区", "物流港", "大学城"]
    trades = ["涉农", "其他服务", "餐饮服务", "生产加工", "批发零售"]
    values = [[((row * 7 + column * 5) % 12) / 25 for column in range(7)] for row in range(5)]
    return {"x": places, "y": trades, "values": values, "percent": True}


def funnel_stages() -> list[dict[str, Any]]:
    """Six stages with what left at each."""
    rows = (
        (_("Lead"), 486, 185, 2),
        (_("First contact"), 301, 113, 5),
        (_("Need confirmed"), 188, 67, 6),
        (_("Papers collected"), 121, 43, 8),
        (_("Under review"), 78, 19, 4),
        (_("Signed"), 59, 0, 3),
    )
    return [
        {"label": label, "entered": entered, "left": left, "days": days}
        for label, entered, left, days in rows
    ]


def cross_check() -> list[dict[str, Any]]:
    """One figure from three sources."""
    rows = ((_("Invoices"), 1286), (_("Flows, all banks"), 1252), (_("From electricity"), 1204))
    return [{"label": label, "value": value, "text": f"{value} 万"} for label, value in rows]
