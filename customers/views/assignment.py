"""Handing customers over, one or many."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from crm.core.fragments import render_page
from customers.forms.assignment import AssignForm
from customers.selectors.customer import named_customers
from customers.services.assignment import assign_customers, possible_managers


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """The chosen customers go to another manager: a dialog first, then all of them or none."""
    data = request.POST if request.method == "POST" else request.GET
    wanted = [int(key) for key in data.getlist("c") if key.isdecimal()]
    managers = possible_managers(request.user)
    form = AssignForm(request.POST or None, managers=managers)
    if request.method == "POST" and form.is_valid():
        moved = assign_customers(
            customer_ids=wanted,
            manager_id=form.cleaned_data["manager"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
        told = ngettext("%(n)s customer handed over.", "%(n)s customers handed over.", len(moved))
        messages.success(request, told % {"n": len(moved)})
        return redirect(reverse("customers:list"))
    customers = named_customers(user=request.user, keys=wanted)
    context = {"form": form, "customers": customers, "shown": customers[:8]}
    context["more"] = max(len(customers) - 8, 0)
    status = 200 if request.method == "GET" else 422
    return render_page(
        request, "customers/assign.html", "customers/_assign.html", context, status=status
    )
