"""Ours and theirs side by side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core.fragments import render_page
from crm.core.roles import Can
from products.forms.calculator import WAN
from products.forms.compare import CompareForm
from products.selectors.admission import facts_of
from products.selectors.against import against as selected
from products.selectors.compare import comparison
from products.selectors.compare_choice import offers_of
from products.selectors.gap import gaps
from products.selectors.terms import money_words
from products.views.sections import section_tabs


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four products for one case; with a customer also whether that one gets in."""
    today = timezone.localdate()
    form = CompareForm(request.GET, today=today)
    sections = section_tabs(request.user, "products:compare")
    context: dict[str, Any] = {"form": form, "today": today, "sections": sections}
    if form.is_valid():
        facts = _facts(request, form.cleaned_data.get("customer"))
        offers = offers_of(form.keys(), today)
        case, mode = form.case(), form.cleaned_data["mode"]
        context["found"] = comparison(offers, case, mode=mode, facts=facts)
        context["title"] = _("%(amount)s for %(months)s months: who is better?") % {
            "amount": money_words(case.amount),
            "months": case.months,
        }
    return render_page(request, "products/compare.html", "products/_compare.html", context)


def _facts(request: HttpRequest, customer_id: int | None) -> Any:
    """The portrait of a customer in reach; None where nobody is asked for or may be seen."""
    if customer_id is None or not request.user.can(Can.VIEW_CUSTOMERS):
        return None
    return facts_of(user=request.user, customer_id=customer_id) or None


@require_GET
def against(request: HttpRequest, customer_id: int, version_id: int) -> HttpResponse:
    """Ours beside theirs for one customer: who would take it, and from which rate we win."""
    today = timezone.localdate()
    found = selected(user=request.user, customer_id=customer_id, version_id=version_id, as_of=today)
    if found is None:
        raise Http404
    title = _("The same %(amount)s for %(months)s months: against whom?") % {
        "amount": money_words(found.case.amount),
        "months": found.case.months,
    }
    address = urlencode(
        {
            "amount": found.case.amount / WAN,
            "months": found.case.months,
            "customer": customer_id,
            **{f"c{no}": one.offer.key for no, one in enumerate(found.table.columns, 1)},
        }
    )
    context = {"against": found, "found": found.table, "title": title, "address": address}
    return render_page(request, "products/against.html", "products/_against.html", context)


@require_GET
def gap(request: HttpRequest) -> HttpResponse:
    """The gap score of every credit product of ours, for product review."""
    return render_page(
        request, "products/compare_gap.html", None, {"gaps": gaps(timezone.localdate())}
    )
