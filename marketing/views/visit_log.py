"""The form of a visit on a device, and the worker that keeps it working without a network."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from crm.core.audit import record_read
from crm.core.parameters import parameters
from customers.ledger.categories import CATEGORIES
from customers.selectors.customer import customer_header
from marketing.forms.visit import PROOFS, asked_groups, choices_of_form
from marketing.forms.visit_browser import BROWSER_WORDS
from marketing.market.checks import ANSWERS, CHECKS
from marketing.selectors.visits_facts import NEEDS
from marketing.selectors.visits_pocket import visit_briefs
from marketing.services.visits_entry import CLOCK_AHEAD, LONGEST
from products.selectors.competitors import competitors


@require_GET
@never_cache
def visit_log(request: HttpRequest, customer_id: int | None = None) -> HttpResponse:
    """The form, which fills itself on the device; without a customer it asks for one.

    Only the page without a customer is kept on the device: it names nobody.
    """
    today = timezone.localdate()
    brief: dict[str, Any] | None = None
    if customer_id is not None:
        customer = customer_header(user=request.user, customer_id=customer_id)
        record_read(request.user, "customers.viewed", customer, tab="visit_log")
        brief = visit_briefs(user=request.user, customer_ids=[customer_id], today=today)[0]
    rules = parameters(today)
    context = choices_of_form() | {
        "brief": brief,
        "facts": _drawn(get_language() or "", NEEDS, False),
        "needs": _drawn(get_language() or "", NEEDS, True),
        "checks": list(CHECKS),
        "answers": ANSWERS,
        "tabs": CATEGORIES,
        "competitors": [(one.pk, one.name) for one in competitors()],
        "rules": {
            "farM": rules.number("visits.far_m"),
            "nextDaysMost": rules.number("visits.next_days_most"),
            "longestS": LONGEST.total_seconds(),
            "aheadS": CLOCK_AHEAD.total_seconds(),
            "photoBytes": rules.number("visits.photo_max_mb") * 1024 * 1024,
            "photoMost": rules.number("visits.photo_most"),
        },
        "words": BROWSER_WORDS,
    }
    return render(request, "marketing/visit_log.html", context)


@lru_cache(maxsize=8)
def _drawn(language: str, no: int, is_it: bool) -> SafeString:
    """The controls of the facts of this group, or of all the others: the same for everybody."""
    groups = [group for group in asked_groups() if (group.no == no) == is_it]
    return render_to_string("marketing/_visit_groups.html", {"groups": groups, "proofs": PROOFS})


@require_GET
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, from the root so that it serves every page; it holds nothing about anybody."""
    response = render(
        request, "marketing/visit_worker.js", content_type="text/javascript; charset=utf-8"
    )
    response["Service-Worker-Allowed"] = "/"
    return response
