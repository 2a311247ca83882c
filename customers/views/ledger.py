"""The ledger tab: seven categories, what to ask next, the pattern card, and their forms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.parameters import parameters
from crm.core.roles import Can
from customers.forms.ledger import ENTITY_FORMS, EntityForm, FactsForm
from customers.ledger.categories import BY_NO, sealed_keys
from customers.models import Customer
from customers.selectors.customer import customer_header
from customers.selectors.ledger import coverage, weakest_two
from customers.selectors.ledger_facts import entity_of, said_facts
from customers.selectors.ledger_page import ledger_of
from customers.selectors.ledger_shape import Ledger
from customers.selectors.portrait_page import current_portrait
from customers.services.ledger import (
    EntityClash,
    FactClash,
    end_entity,
    save_entity,
    say_facts,
)
from customers.services.ledger_rows import KINDS
from customers.views.frame import frame_of, open_customer
from customers.views.ledger_blocks import card_of, pattern_of, rings
from customers.views.ledger_words import LedgerReader
from customers.views.portrait.page import day_asked, portrait_as_of

CATEGORY_OF_KIND = {"links": 2, "procure": 3, "settle": 3}
QUESTIONS = 6


@require_GET
def ledger(request: HttpRequest, customer_id: int) -> HttpResponse:
    """All seven, emptiest first; ``?as_of=`` a past day shows what was known then."""
    context = open_customer(request, customer_id, tab="ledger")
    day, refusal = day_asked(request.GET.get("as_of", ""))
    context |= _page(request, context["customer"], day)
    context |= {"as_of": day, "refusal": refusal, "today": timezone.localdate()}
    return render_page(request, "customers/ledger.html", None, context)


def _known(request: HttpRequest, customer: Customer, day: date | None) -> Ledger:
    """The ledger of today, or of a past day."""
    as_of = day or timezone.localdate()
    portrait = (
        portrait_as_of(customer, day)
        if day
        else current_portrait(user=request.user, customer=customer)
    )
    limits = parameters(as_of)
    return ledger_of(
        customer=customer, portrait=portrait, as_of=as_of, limits=limits, is_past=bool(day)
    )


def _page(request: HttpRequest, customer: Customer, day: date | None) -> dict[str, Any]:
    found, reader = _known(request, customer, day), LedgerReader(request.user)
    stale = parameters(found.as_of).number("ledger.stale_days")
    can_edit = request.user.can(Can.EDIT_CUSTOMERS) and day is None
    cards = [card_of(found, section, reader, stale) for section in found.weakest_first]
    asks = [
        {"question": ask.question, "label": section.category.label, "no": section.category.no}
        for section in found.weakest_first
        if section.cover.is_asked
        for ask in section.open_asks
    ]
    return {
        "cards": cards,
        "rings": rings(found.cover),
        "share": found.share,
        "asks": asks[:QUESTIONS],
        "asks_count": len(asks),
        "pattern": pattern_of(found, reader),
        "can_write": can_edit,
    }


@require_GET
def pattern(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The pattern card 经营特点和规律 alone, made for paper."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    record_read(request.user, "customers.viewed", customer, tab="pattern")
    found, reader = _known(request, customer, None), LedgerReader(request.user)
    context = {
        "customer": customer,
        "pattern": pattern_of(found, reader),
        "cards": [card_of(found, found.sections[no], reader, 10_000) for no in (3, 4, 5)],
        "today": timezone.localdate(),
        "user": request.user,
    }
    return render(request, "customers/ledger_pattern.html", context)


@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, customer_id: int, no: int) -> HttpResponse:
    """The facts of one category are said: a form first, then the ledger with what was written."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    if no not in BY_NO:
        raise Http404
    category, today = BY_NO[no], timezone.localdate()
    keys = (*category.fact_keys, *sealed_keys(category))
    said = list(said_facts(customer=customer, as_of=today, keys=keys).values())
    form = FactsForm(said, today, request.POST or None)
    if request.method == "POST" and form.is_valid() and _say(request, customer, form):
        return _back(customer, no)
    context = {"form": form, "category": category}
    return _form_page(request, customer, "customers/_ledger_facts.html", context)


def _say(request: HttpRequest, customer: Customer, form: FactsForm) -> bool:
    """Whether the facts are on record; else the form says why not."""
    try:
        written = say_facts(
            customer_id=customer.pk,
            values=form.values(),
            word=form.word(),
            by=request.user,
            marks=form.cleaned_data["marks"],
            withdrawn=form.withdrawn(),
        )
    except FactClash as clash:
        form.show_theirs(clash)
    except DomainError as error:
        _show(form, error)
    else:
        for told in _told(len(written), len(form.withdrawn())):
            messages.success(request, told)
        return True
    return False


def _told(said: int, withdrawn: int) -> list[str]:
    """How many facts were put on record, and how many taken back."""
    told = []
    if said:
        put = ngettext("%(n)s fact on record.", "%(n)s facts on record.", said)
        told.append(put % {"n": said})
    if withdrawn:
        back = ngettext("%(n)s fact taken back.", "%(n)s facts taken back.", withdrawn)
        told.append(back % {"n": withdrawn})
    return told or [_("Nothing has changed.")]


@require_http_methods(["GET", "POST"])
def entity(
    request: HttpRequest, customer_id: int, kind: str, row_id: int | None = None
) -> HttpResponse:
    """A supplier, purchase or settlement is added or changed."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    if kind not in KINDS:
        raise Http404
    row = entity_of(customer=customer, model=KINDS[kind].model, pk=row_id) if row_id else None
    form = ENTITY_FORMS[kind](row, timezone.localdate(), request.POST or None)
    clash = None
    if request.method == "POST" and form.is_valid():
        try:
            _save_entity(request, customer, kind, row_id, form)
        except EntityClash as error:
            clash, form = error.message, ENTITY_FORMS[kind](error.current, timezone.localdate())
        except DomainError as error:
            _show(form, error)
        else:
            messages.success(request, _("On record."))
            return _back(customer, CATEGORY_OF_KIND[kind])
    context = {"form": form, "kind": KINDS[kind], "row": row, "clash": clash}
    return _form_page(request, customer, "customers/_ledger_entity.html", context)


def _save_entity(
    request: HttpRequest, customer: Customer, kind: str, row_id: int | None, form: EntityForm
) -> None:
    save_entity(
        customer_id=customer.pk,
        kind=kind,
        values=form.values(),
        word=form.word(),
        by=request.user,
        pk=row_id,
        version=form.cleaned_data["version"],
    )


def _form_page(
    request: HttpRequest, customer: Customer, fragment: str, context: dict[str, Any]
) -> HttpResponse:
    """The form as a dialog, or as a page of its own; 422 when it was sent and refused."""
    context = frame_of(request, customer, tab="ledger") | context
    status = 422 if request.method == "POST" else 200
    return render_page(request, "customers/ledger_form.html", fragment, context, status)


@require_POST
def end(request: HttpRequest, customer_id: int, kind: str, row_id: int) -> HttpResponse:
    """The row holds no more."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    version = request.POST.get("version", "")
    if kind not in KINDS or not version.isdecimal() or len(version) > 9:
        raise Http404
    is_gone = end_entity(
        customer_id=customer.pk, kind=kind, pk=row_id, version=int(version), by=request.user
    )
    if is_gone:
        messages.success(request, _("It holds no more."))
    return _back(customer, CATEGORY_OF_KIND[kind])


def _show(form: Any, error: DomainError) -> None:
    """The sentences of the service at their fields."""
    if error.status == 403:
        raise error
    fields = {name: text for name, text in error.fields.items() if name in form.fields}
    for name, text in fields.items():
        form.add_error(name, str(text))
    if not fields:
        form.add_error(None, str(error.message))


def _back(customer: Customer, no: int) -> HttpResponse:
    return redirect(reverse("customers:ledger", args=[customer.pk]) + f"#ledger-{no}")


def cover_panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The box on the portrait: how full each category is, and which two to ask for first."""
    cover = coverage(customer_ids=[customer.pk]).get(customer.pk, ())
    asked = [one for one in cover if one.is_asked]
    context = {
        "customer": customer,
        "rings": rings(cover),
        "share": sum(one.share for one in asked) / len(asked) if asked else 0,
        "weakest": weakest_two(cover),
    }
    return render(request, "customers/_ledger_cover.html", context)
