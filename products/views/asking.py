"""A missing fact, asked for and recorded where it was missed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.core.fragments import render_page
from customers.selectors.customer import customer_header
from products.forms.match import FactForm
from products.selectors.asking import asked
from products.services.asking import tell_facts


@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, customer_id: int, feature: str) -> HttpResponse:
    """The question with its fields; what is answered stands on record."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    question = asked(feature)
    if question is None:
        raise Http404
    form = FactForm(question.facts, request.POST or None)
    context = {"customer": customer, "question": question, "form": form}
    if request.method == "POST" and question.facts and form.is_valid():
        tell_facts(customer_id=customer.pk, values=form.values(), by=request.user)
        messages.success(request, _("On record. The match is computed again within seconds."))
        return redirect("products:match", customer.pk)
    status = 422 if request.method == "POST" else 200
    return render_page(
        request, "products/match_fact.html", "products/_match_fact.html", context, status
    )
