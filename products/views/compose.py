"""The bundle composer of one customer: recalculated on every change, saved as a quote."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.fragments import render_page
from customers.selectors.customer import customer_header
from products.forms.compose import FREE, Composer
from products.selectors.compose import subject_of
from products.selectors.terms import share_text
from products.services.quotes import LONGEST_KEY, make_quote
from products.views.quote_words import compose_words

FIGURES = "figures"  # the part of the page that changes with every number


@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What could be put together for this customer; POST keeps it as a quote."""
    composer = _composer(request, customer_id)
    if request.method == "POST" and composer.draft is not None:
        return _keep(request, composer)
    context = _context(request, composer)
    if request.headers.get("HX-Target") == FIGURES:
        return render(request, "products/_compose_figures.html", context)
    if not request.headers.get("HX-Request"):
        record_read(request.user, "products.composed", composer.subject.customer)
    status = 422 if request.method == "POST" else 200
    composer.show_problems()
    return render_page(
        request, "products/compose.html", "products/_compose.html", context, status=status
    )


def _composer(request: HttpRequest, customer_id: int) -> Composer:
    customer = customer_header(user=request.user, customer_id=customer_id)
    today = timezone.localdate()
    subject = subject_of(user=request.user, customer=customer, as_of=today)
    return Composer(subject, request.POST if request.method == "POST" else request.GET)


def _keep(request: HttpRequest, composer: Composer) -> HttpResponse:
    """The quote is kept; a form that comes twice leads to the first one."""
    if not composer.is_as_shown:
        return _refused(
            request,
            composer,
            _("What is on offer changed meanwhile: look at the figures, then keep the quote."),
            409,
        )
    try:
        quote = make_quote(
            customer_id=composer.subject.customer.pk,
            composition=composer.composition,
            key=_key(request.POST),
            by=request.user,
        )
    except DomainError as error:
        if error.status == 403:
            raise
        return _refused(request, composer, str(error.message), error.status)
    messages.success(request, _("The quote is kept."))
    return redirect(quote)


def _key(data: QueryDict) -> str:
    """The key of the form and all it holds: sent twice it is one quote, changed it is another."""
    if not data.get("key"):
        return ""
    told = sorted(pair for pair in data.lists() if pair[0] != "csrfmiddlewaretoken")
    return sha256(json.dumps(told).encode()).hexdigest()[:LONGEST_KEY]


def _refused(request: HttpRequest, composer: Composer, problem: str, status: int) -> HttpResponse:
    """The page again, with the sentence that says why nothing was kept."""
    composer.problems = {"": problem}
    context = _context(request, composer)
    return render_page(request, "products/compose.html", None, context, status=status)


def _context(request: HttpRequest, composer: Composer) -> dict[str, Any]:
    draft = composer.draft
    return {
        "composer": composer,
        "customer": composer.subject.customer,
        "portrait": composer.subject.portrait,
        "free": FREE,
        "rows": compose_words(composer, draft),
        "figures": draft.figures if draft else None,
        "problems": composer.problems,
        "hurdle": composer.subject.planning.hurdle,
        "hurdle_text": share_text(composer.subject.planning.hurdle),
        "key": request.POST.get("key") or str(uuid4()),
    }
