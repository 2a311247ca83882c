"""A new opportunity: with whom, of what; a duplicate is offered to be merged (OPP-6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.parameters import parameters
from crm.core.roles import Can
from customers.models import Customer
from marketing.forms.opportunity import OpenForm
from marketing.selectors.pipeline import customer_in_reach, customers_found, opportunities_of
from marketing.services.opportunities import DuplicateOpportunity, merge, open_opportunity
from marketing.views.opportunity import show_problem
from marketing.views.pipeline_words import shown


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """With whom: customers found by name, code or number."""
    text = request.GET.get("q", "")[:60]
    found = customers_found(request.user, text)
    context = {"text": text, "customers": found}
    return render_page(
        request, "marketing/opportunity_choose.html", "marketing/_opportunity_choose.html", context
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The form; POST opens it, or shows the open one of the same family and offers to merge."""
    customer = customer_in_reach(user=request.user, pk=customer_id)
    form = OpenForm(request.POST or None, initial={"family": request.GET.get("family", "")})
    context: dict[str, Any] = {"customer": customer, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, customer, form)
        except DuplicateOpportunity as duplicate:
            known = parameters(timezone.localdate())
            context["existing"] = shown(request.user, duplicate.existing, known=known)
            context["problem"] = duplicate
        except DomainError as error:
            show_problem(form, error)
    if "existing" not in context:  # one customer's draft is no other's; a refused form is no draft
        context["draft"] = f"opportunity-{customer.pk}"
    status = 422 if request.method == "POST" else 200
    return render(request, "marketing/opportunity_new.html", context, status=status)


def _saved(request: HttpRequest, customer: Customer, form: OpenForm) -> HttpResponse:
    """Merged where that was chosen, else opened; then its page."""
    given = form.cleaned_data
    if given["merge_into"]:
        row = merge(
            into_id=given["merge_into"],
            customer_id=customer.pk,
            family=given["family"],
            by=request.user,
            **form.details(),
        )
        messages.success(request, _("Merged into the open one."))
    else:
        row = open_opportunity(
            customer=customer,
            family=given["family"],
            origin_mode=given["origin_mode"],
            by=request.user,
            **form.details(),
        )
        messages.success(request, _("Opened."))
    return redirect(row.get_absolute_url())


def panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The box on the customer page: what is open, what was closed last."""
    known = parameters(timezone.localdate())
    rows = opportunities_of(user=request.user, customer=customer)
    context = {
        "customer": customer,
        "rows": [shown(request.user, row, known=known) for row in rows],
        "can_edit": request.user.can(Can.EDIT_OPPORTUNITIES),
    }
    return render(request, "marketing/_opportunities_panel.html", context)
