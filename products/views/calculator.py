"""The calculator: schedule, all-in cost and modes of repayment side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page, wants_fragment
from crm.core.money import grouped
from customers.features.declared import REPAYMENT_MODES
from products.finance import OfferCost, Side, one_side, side_by_side
from products.forms.calculator import Asked, CalculatorForm
from products.views.sections import section_tabs

LABELS = dict(REPAYMENT_MODES)
ADVANCED = ("season", "upfront", "upfront_sum", "monthly_sum", "yearly_sum", "use", "yearly")


@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """What a credit costs; the entries stand in the address."""
    form = CalculatorForm(request.GET, today=timezone.localdate())
    is_complete = form.is_valid()
    context = {
        "form": form,
        "quote": form.quote,
        "sections": section_tabs(request.user, "products:calculator"),
        "advanced": any(request.GET.get(name) for name in ADVANCED),
        **(shown(form.asked()) if is_complete else {}),
    }
    moving = "_calculator_page" if "fresh" in request.GET else "_calculator"
    response = render_page(request, "products/calculator.html", f"products/{moving}.html", context)
    if "fresh" in request.GET and wants_fragment(request):
        response["HX-Push-Url"] = f"{request.path}?{form.address}"
    return response


def shown(asked: Asked) -> dict[str, Any]:
    """The chosen mode in full, and every mode beside it."""
    chosen = one_side(asked.case, asked.mode, asked.yearly_rate, asked.fees)
    modes = [
        key for key, _label in REPAYMENT_MODES if key != "seasonal" or asked.case.season_months
    ]
    sides = side_by_side(asked.case, asked.yearly_rate, asked.fees, modes)
    rows = [(LABELS[side.mode], side, side.mode == asked.mode) for side in sides if side.cost]
    return {
        "asked": asked,
        "mode_label": LABELS[asked.mode],
        "result": chosen,
        "nominal": _("Nominal rate %(rate)s %%")
        % {"rate": grouped(asked.yearly_rate * 100, 4, trim=True)},
        "rows": rows,
        "chart": payments_chart(chosen.cost) if chosen.cost else None,
        "least": min((side.cost.cost for _label, side, _is in rows), default=None),
        "remarks": remarks(asked, chosen),
    }


def payments_chart(cost: OfferCost) -> dict[str, Any]:
    """Principal, interest and fees of each month, stacked, in yuan."""
    months = [row.due_on.strftime("%Y-%m") for row in cost.rows]
    series = [
        {"name": _("Principal"), "data": [float(r.principal) for r in cost.rows], "stack": "p"},
        {"name": _("Interest"), "data": [float(r.interest) for r in cost.rows], "stack": "p"},
    ]
    if any(cost.fees[1:]):
        fees = [float(fee) for fee in cost.fees[1:]]
        series.append({"name": _("Fees"), "data": fees, "stack": "p"})
    return {"categories": months, "series": series, "unit": _("yuan")}


def remarks(asked: Asked, chosen: Side) -> list[str]:
    """What does not agree with the product that was chosen."""
    found = [chosen.problem] if chosen.problem else []
    if asked.terms is None:
        return found
    version, amount = asked.terms.version, asked.case.amount
    if version.amount_max is not None and amount > version.amount_max:
        found.append(_("The amount is above the product's largest."))
    if version.amount_min is not None and amount < version.amount_min:
        found.append(_("The amount is below the product's smallest."))
    longest = version.draw_max_months or version.term_max_months
    if longest is not None and asked.case.months > longest:
        found.append(_("The term is longer than the product allows."))
    if asked.mode not in asked.terms.modes:
        found.append(_("The product does not offer this mode of repayment."))
    low, high = asked.terms.rate_low, asked.terms.rate_high
    if low is not None and high is not None and not low <= asked.yearly_rate <= high:
        found.append(_("The rate is outside the product's range."))
    return found
