"""What fits one customer and why: the ranked offers, and one of them with rules and score."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from crm.core.audit import record_read
from crm.core.fragments import render_page, wants_fragment
from crm.core.roles import Can
from customers.models import Customer
from customers.selectors.customer import customer_header
from products.models import MatchFeedback
from products.selectors.asking import can_be_told
from products.selectors.explain import OfferView
from products.selectors.feedback import REASONS
from products.selectors.match_page import PASSES, MatchPage, match_page
from products.services.feedback import say_of_offer
from products.services.match_refresh import ask_match
from products.views.match_words import detail, list_rows


@require_GET
def match(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The page; with ``?offer=`` that offer beside the list, on phones in place of it."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    page = match_page(user=request.user, customer=customer)
    record_read(request.user, "customers.viewed", customer, tab="match")
    context = page_context(request, customer, page)
    return render_page(request, "products/match.html", "products/_match.html", context)


def page_context(request: HttpRequest, customer: Customer, page: MatchPage) -> dict[str, Any]:
    """All that the page shows."""
    code = request.GET.get("offer", "")
    chosen = page.chosen(code)
    context = frame(request, customer, page) | {
        "is_detail": bool(code),
        "groups": list_rows(page, chosen),
        "question_told": bool(page.question) and can_be_told(page.question.fact.feature),
        "chosen": chosen,
    }
    return context | (offer_context(request, page, chosen) if chosen else {})


def frame(request: HttpRequest, customer: Customer, page: MatchPage) -> dict[str, Any]:
    """The head: counts, versions, ages, and what may be done."""
    return {
        "customer": customer,
        "page": page,
        "view": page.view,
        "counts": page.counts,
        "can_compute": request.user.can(Can.RECOMPUTE_PORTRAITS),
        "can_edit": request.user.can(Can.EDIT_CUSTOMERS),
        "can_quote": request.user.can(Can.MAKE_QUOTES),
    }


def offer_context(request: HttpRequest, page: MatchPage, offer: OfferView) -> dict[str, Any]:
    """One offer: rules, score, reasons, what to ask, and what was said of it."""
    may_say = request.user.can(Can.ANSWER_SUGGESTIONS) and offer.outcome == PASSES
    newest = page.answers.get(offer.version_id)
    is_own = newest is not None and newest.by_id == request.user.pk
    said = {
        "version_id": offer.version_id,
        "may_say": may_say,
        "answer": newest if is_own else None,  # stands in the form
        "said": None if may_say and is_own else newest,  # stands as a line
        "said_why": REASONS.get(newest.reason, "") if newest else "",
    }
    return detail(page, offer) | said | said_options()


@require_GET
def state(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The note on the age of the match; when the work is done it swaps the page in."""
    return _note(request, customer_id)


@require_POST
def refresh(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A new match is under way; the note says so."""
    ask_match(customer_id=customer_id, by=request.user)
    if not wants_fragment(request):
        return redirect("products:match", customer_id)
    return _note(request, customer_id)


def _note(request: HttpRequest, customer_id: int) -> HttpResponse:
    customer = customer_header(user=request.user, customer_id=customer_id)
    page = match_page(user=request.user, customer=customer)
    context = frame(request, customer, page) | {"has_waited": True}
    return render(request, "products/_match_note.html", context)


@require_POST
def feedback(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What the manager says of one offer, answered in place."""
    version = request.POST.get("version", "")
    if not version.isdecimal() or len(version) > 18:
        raise Http404
    given = {name: request.POST.get(name, "") for name in ("answer", "reason", "note")}
    row = say_of_offer(customer_id=customer_id, version_id=int(version), by=request.user, **given)
    if not wants_fragment(request):
        return redirect("products:match", customer_id)
    context = {"customer": row.customer, "version_id": row.version_id, "answer": row}
    return render(request, "products/_match_feedback.html", context | said_options())


def said_options() -> dict[str, Any]:
    """What may be said of an offer, and why."""
    return {"answers": MatchFeedback.Answer.choices, "reasons_why": REASONS.items()}
