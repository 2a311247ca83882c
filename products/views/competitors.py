"""Competitors: who they are, what they offer, how old the facts are, and adding to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from crm.core.roles import Can
from products.forms.competitors import (
    CompetitorForm,
    FactsForm,
    NoteForm,
    initial_facts,
)
from products.models import CompetitorNote
from products.selectors import competitors as selectors
from products.selectors.compare_cells import appetite_text, industry_names
from products.selectors.offered import their_offer
from products.selectors.terms import five_elements
from products.services import competitors as services
from products.views.sections import section_tabs

BOTH = ["GET", "POST"]


@require_GET
def competitor_list(request: HttpRequest) -> HttpResponse:
    """Every competitor with the age of its records, and the records that must be looked at."""
    today = timezone.localdate()
    lines = selectors.competitor_lines(today)
    due = [record for line in lines for record in line.records if record.age.key != "valid"]
    context = {
        "lines": lines,
        "sections": section_tabs(request.user, "products:competitors"),
        "due": sorted(due, key=lambda record: record.product.valid_until),
        "valid_days": selectors.valid_days(today) if due else 0,
        "may_add": request.user.can(Can.ADD_COMPETITOR_FACTS),
        "may_edit": request.user.can(Can.EDIT_COMPETITORS),
    }
    return render_page(request, "products/competitors.html", "products/_competitors.html", context)


@require_GET
def competitor_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One competitor: its products, what they took the place of, four kinds of notes."""
    today = timezone.localdate()
    current, earlier = selectors.records_of(pk, today)
    notes = list(selectors.notes_of(pk))
    topics = [
        (topic, label, [note for note in notes if note.topic == topic])
        for topic, label in CompetitorNote.Topic.choices
    ]
    context = {
        "competitor": selectors.competitor(pk),
        "records": current,
        "earlier": earlier,
        "topics": topics,
        "note_form": NoteForm(initial={"topic": "product", "noted_on": today}),
        "may_add": request.user.can(Can.ADD_COMPETITOR_FACTS),
        "may_edit": request.user.can(Can.EDIT_COMPETITORS),
    }
    return render_page(request, "products/competitor.html", None, context)


@require_GET
def competitor_product(request: HttpRequest, pk: int) -> HttpResponse:
    """One record: five elements, admission, appetite, where it was seen, and what it was before."""
    record, others = selectors.record_of(pk, timezone.localdate())
    offer = their_offer(record)
    context = {
        "record": record,
        "product": record.product,
        "offer": offer,
        "elements": [it for it in five_elements(offer.version) if it.key != "rate"],
        "lines": offer.admission({}).lines,
        "appetite": appetite_text(record.product, industry_names([offer])),
        "others": others,
        "told_by": selectors.told_by(record.product, request.user),
        "may_add": request.user.can(Can.ADD_COMPETITOR_FACTS),
        "may_edit": request.user.can(Can.EDIT_COMPETITORS),
    }
    return render_page(request, "products/competitor_product.html", None, context)


@require_http_methods(BOTH)
def add_competitor(request: HttpRequest) -> HttpResponse:
    """A competitor that was not known yet."""
    form = CompetitorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(services.add_competitor(by=request.user, **form.values()))
    return _edit(request, form, _("New competitor"), {})


@require_http_methods(BOTH)
def edit_competitor(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, kind, outlets and style."""
    row = selectors.competitor(pk)
    seen = services.fingerprint(row)
    form = CompetitorForm(request.POST or None, instance=row, initial={"seen": seen})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(
                services.edit_competitor(
                    competitor_id=pk,
                    by=request.user,
                    seen=form.cleaned_data["seen"],
                    values=form.values(),
                )
            )
        except DomainError as error:
            form.add_error(None, error.message)
    return _edit(request, form, row.name, {"back": row.get_absolute_url()})


@require_http_methods(BOTH)
def add_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """What was seen of a product; ``?like=`` starts from an earlier record of it."""
    owner, like = selectors.competitor(pk), request.GET.get("like", "")
    known = (
        selectors.record_of(int(like), timezone.localdate())[0].product
        if like.isdecimal() and len(like) < 19
        else None
    )
    initial = initial_facts(known) if known else {"confidence": "medium"}
    initial |= {"source_on": timezone.localdate(), "valid_until": None, "evidence": ""}
    form = FactsForm(request.POST or None, known=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_facts(competitor_id=pk, by=request.user, facts=form.values())
        except DomainError as error:
            form.show(error.fields or {"": error.message})
        else:
            messages.success(
                request, _("The facts are kept; what was known before stays readable.")
            )
            return redirect(row)
    return _facts(request, form, owner, known)


@require_http_methods(BOTH)
def edit_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """A mistake in a record is put right."""
    row = selectors.record_of(pk, timezone.localdate())[0].product
    initial = initial_facts(row) | {"seen": services.fingerprint(row)}
    form = FactsForm(request.POST or None, known=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            seen, values = form.cleaned_data["seen"], form.values()
            services.edit_facts(product_id=pk, by=request.user, seen=seen, values=values)
        except DomainError as error:
            form.show(error.fields or {"": error.message})
        else:
            return redirect(row)
    return _facts(request, form, row.competitor, row, is_edit=True)


@require_POST
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A dated note on one side of the competitor."""
    owner, form = selectors.competitor(pk), NoteForm(request.POST)
    if not form.is_valid():
        return _edit(request, form, _("Note on %(name)s") % {"name": owner.name}, {
            "back": owner.get_absolute_url()
        })  # fmt: skip
    services.add_note(competitor_id=pk, by=request.user, **form.cleaned_data)
    messages.success(request, _("The note is kept."))
    return redirect(owner)


def _edit(request: HttpRequest, form: Any, title: str, more: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "title": title, **more}
    return render_page(request, "products/competitor_edit.html", None, context, status=status)


def _facts(
    request: HttpRequest, form: FactsForm, owner: Any, known: Any, is_edit: bool = False
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "competitor": owner, "known": known, "is_edit": is_edit}
    return render_page(request, "products/competitor_facts.html", None, context, status=status)
