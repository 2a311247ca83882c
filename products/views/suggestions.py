"""Suggestions: the box on the customer page, the list, the home box, the answer, the receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.fragments import render_page, wants_fragment
from crm.core.models import User
from crm.core.roles import Reach
from customers.models import Customer, ProductFamily
from customers.selectors.keyset import COUNT_CAP, capped_count
from products.forms.suggestions import AnswerForm
from products.models import Suggestion
from products.selectors.fits import managers_in_reach
from products.selectors.suggestions import (
    SuggestionQuery,
    answers_of,
    best_suggestions,
    products_on_offer,
    read_suggestion_query,
    stop_of_customer,
    suggestion_list,
    suggestion_of,
    suggestion_page,
    suggestions_of,
)
from products.services.suggestions import answer_suggestion, mark_seen
from products.views.suggestion_words import receipt_rows, shown


def panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The box on the customer page: what to offer next, and what was answered lately."""
    today = timezone.localdate()
    rows = suggestions_of(user=request.user, customer=customer, today=today)
    answers = answers_of(user=request.user, customer=customer, today=today)
    context = {
        "customer": customer,
        "suggestions": [shown(request.user, row, today=today) for row in rows],
        "answers": [shown(request.user, row, today=today) for row in answers],
        "stop": "" if rows else stop_of_customer(user=request.user, customer=customer, today=today),
    }
    mark_seen(suggestions=rows, by=request.user)
    return render(request, "products/_suggestions_panel.html", context)


def home(request: HttpRequest, user: User) -> HttpResponse:
    """The box on the home page: the most valuable five."""
    today = timezone.localdate()
    rows = best_suggestions(user=user, today=today)
    context = {
        "suggestions": [shown(user, row, today=today) for row in rows],
        "is_own": user.duty.reach == Reach.OWN,
    }
    mark_seen(suggestions=rows, by=user)
    return render(request, "products/_suggestions_home.html", context)


@require_GET
def suggestion_table(request: HttpRequest) -> HttpResponse:
    """The open suggestions in reach, the highest expected value first."""
    today, query = timezone.localdate(), read_suggestion_query(request.GET)
    page = suggestion_page(user=request.user, query=query, today=today)
    context: dict[str, Any] = {
        "query": query,
        "suggestions": [shown(request.user, row, today=today) for row in page.rows],
        "count": _count(request.user, query),
        "previous": page.previous.address(place=page.previous.place) if page.previous else "",
        "next": page.next.address(place=page.next.place) if page.next else "",
        "chips": _chips(request.user, query),
        "has_manager": request.user.duty.reach != Reach.OWN,
    }
    if not wants_fragment(request):
        context |= _bar(request.user)
    mark_seen(suggestions=page.rows, by=request.user)
    response = render_page(
        request, "products/suggestions.html", "products/_suggestions_rows.html", context
    )
    response["HX-Push-Url"] = request.path + query.address(place=query.place)
    return response


def _count(user: User, query: SuggestionQuery) -> str:
    found = capped_count(suggestion_list(user=user, query=query, today=timezone.localdate()))
    return f"{COUNT_CAP - 1:,}+" if found >= COUNT_CAP else f"{found:,}"


def _bar(user: User) -> dict[str, Any]:
    """The options of the filters; nobody but oneself is no choice."""
    managers = [] if user.duty.reach == Reach.OWN else managers_in_reach(user)
    return {
        "families": ProductFamily.choices,
        "products": products_on_offer(),
        "managers": managers,
    }


def _chips(user: User, query: SuggestionQuery) -> list[dict[str, Any]]:
    """What narrows the list, each with the list without it."""
    found = []
    if query.family:
        label = ProductFamily(query.family).label
        found.append({"label": label, "url": query.address(family="")})
    if query.product:
        label = dict(products_on_offer()).get(query.product, query.product)
        found.append({"label": label, "url": query.address(product="")})
    if query.manager:
        names = dict(managers_in_reach(user))
        label = names.get(query.manager, str(query.manager))
        found.append({"label": label, "url": query.address(manager=None)})
    if query.expiring:
        found.append({"label": _("Expiring"), "url": query.address(expiring=False)})
    return found


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What a suggestion was made of."""
    suggestion = suggestion_of(user=request.user, pk=pk)
    record_read(request.user, "customers.viewed", suggestion.customer, tab="suggestion")
    context = receipt_rows(request.user, suggestion) | {
        "one": shown(request.user, suggestion, today=timezone.localdate())
    }
    return render_page(
        request, "products/suggestion_receipt.html", "products/_suggestion_receipt.html", context
    )


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """It will be offered."""
    return _answered(request, pk, Suggestion.State.ACCEPTED)


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be offered, for a reason."""
    return _answered(request, pk, Suggestion.State.DECLINED)


def _answered(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        suggestion_of(user=request.user, pk=pk)
        raise DomainError(_("The answer could not be read."), status=422)
    given = form.cleaned_data
    reason = given["reason"] if answer == Suggestion.State.DECLINED else ""
    answer_suggestion(
        suggestion_id=pk, by=request.user, answer=answer, reason=reason,
        note=given["note"], token=given["token"],
    )  # fmt: skip
    suggestion = suggestion_of(user=request.user, pk=pk)
    if not wants_fragment(request):
        return redirect(reverse("customers:detail", args=[suggestion.customer_id]))
    context = {
        "one": shown(request.user, suggestion, today=timezone.localdate()),
        "named": given["named"],
    }
    return render(request, "products/_suggestion_answered.html", context)
