"""The form of a visit on a device, and the worker that keeps it working without a network."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from crm.core.audit import record_read
from crm.core.parameters import parameters
from customers.selectors.customer import customer_header
from marketing.forms.visit import asked_groups, choices_of_form
from marketing.market.checks import ANSWERS, CHECKS
from marketing.selectors.visits_pocket import visit_briefs
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
        "groups": asked_groups(),
        "checks": list(CHECKS),
        "answers": ANSWERS,
        "competitors": [(one.pk, one.name) for one in competitors()],
        "rules": {
            "farM": rules.number("visits.far_m"),
            "nextDaysMost": rules.number("visits.next_days_most"),
            "photoBytes": rules.number("visits.photo_max_mb") * 1024 * 1024,
            "photoMost": rules.number("visits.photo_most"),
        },
        "words": _browser_words(),
    }
    return render(request, "marketing/visit_log.html", context)


@require_GET
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, from the root so that it serves every page; it holds nothing about anybody."""
    response = render(
        request, "marketing/visit_worker.js", content_type="text/javascript; charset=utf-8"
    )
    response["Service-Worker-Allowed"] = "/"
    return response


def _browser_words() -> dict[str, str]:
    """What the scripts of the form say; %s is filled in there."""
    return {
        "kept": _("Draft kept on this device %s"),
        "restored": _("Your draft is back."),
        "offline": _("No network: the visit is kept on this device and sent later."),
        "waits": _("Kept on this device. It is sent as soon as the network is back."),
        "saved": _("Visit saved."),
        "login": _("Sign in again to send what waits."),
        "waiting": _("Waits for the network"),
        "sending": _("Being sent"),
        "refused": _("Not accepted"),
        "conflict": _("Saved before with other words"),
        "photos": _("Photos still wait"),
        "open": _("Open"),
        "drop": _("Throw away"),
        "dropSure": _("Throw this away? It cannot be brought back."),
        "again": _("Save mine as a visit of its own"),
        "keepTheirs": _("Keep the saved one"),
        "mine": _("On this device"),
        "theirs": _("Saved"),
        "nothingWaits": _("Everything has been sent."),
        "draft": _("Draft"),
        "last": _("Last time"),
        "promised": _("Promised"),
        "talk": _("Ask about"),
        "planned": _("Planned for %s"),
        "noBrief": _("Nothing about this customer is on this device."),
        "checkedIn": _("Checked in %s"),
        "fromAddress": _("%s m from the address"),
        "exact": _("exact to %s m"),
        "noAddress": _("no address to compare with"),
        "denied": _("The device gave no position. You can go on without."),
        "locating": _("Asking the device…"),
        "whom": _("Whom did you meet?"),
        "summary": _("What did you learn? One sentence is enough."),
        "nextStep": _("What is the next step? Or say why there is none."),
        "nextOn": _("On which day?"),
        "promiseOn": _("Until when did you promise it?"),
        "tooFar": _("At most %s days ahead."),
        "tooLarge": _("This photo is too large."),
        "tooMany": _("No more photos fit on this visit."),
        "noCustomer": _("No customer of this name is on this device."),
        "today": _("Today"),
        "recent": _("Opened lately"),
        "remove": _("Remove"),
    }
