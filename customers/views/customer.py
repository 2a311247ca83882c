"""Customers added and changed by hand; look-alikes while typing; codes to choose from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.errors import DomainError
from crm.core.fragments import render_page
from customers.forms.clash import differences, merged
from customers.forms.customer import Contacts, CustomerForm
from customers.selectors.codes import code_options
from customers.selectors.customer import customer_header
from customers.selectors.look_alikes import look_alikes
from customers.services.customer import Clash, ContactInput, add_customer, change_customer


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new customer, in the care of whoever adds it."""
    form = CustomerForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    contacts = Contacts(request.POST or None, prefix="contacts")
    if request.method == "POST" and form.is_valid() and contacts.is_valid():
        try:
            customer = add_customer(
                values=_values(form), contacts=contact_inputs(contacts), by=request.user
            )
        except DomainError as error:
            _show(form, error)
        else:
            messages.success(request, _("The customer is added."))
            return redirect(customer)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "contacts": contacts}
    return render_page(request, "customers/edit.html", None, context, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A customer changed; when somebody else was faster, both versions side by side."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    form = CustomerForm(request.POST or None, instance=customer)
    contacts = Contacts(request.POST or None, instance=customer, prefix="contacts")
    status = 200
    context: dict[str, Any] = {"customer": customer}
    if request.method == "POST":
        status = 422
        if form.is_valid() and contacts.is_valid():
            try:
                return _change(request, customer_id, form, contacts)
            except Clash as clash:
                status = 409
                context["differences"] = differences(form, clash.current)
                form = merged(form, clash.current)
            except DomainError as error:
                _show(form, error)
    context |= {"form": form, "contacts": contacts}
    return render_page(request, "customers/edit.html", None, context, status=status)


def _change(
    request: HttpRequest, customer_id: int, form: CustomerForm, contacts: Any
) -> HttpResponse:
    customer = change_customer(
        customer_id=customer_id,
        version=form.cleaned_data["version"] or 0,
        values=_values(form),
        contacts=contact_inputs(contacts),
        by=request.user,
    )
    messages.success(request, _("Saved."))
    return redirect("customers:profile", customer.pk)


def _values(form: CustomerForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name in form.Meta.fields}


def contact_inputs(contacts: Any) -> list[ContactInput]:
    """The contacts as written; a line left empty is none."""
    found = []
    for form in contacts.forms:
        data = form.cleaned_data
        if not data or not (data.get("name") or form.instance.pk):
            continue
        found.append(
            ContactInput(
                name=data["name"],
                role=data["role"],
                is_decision_maker=data["is_decision_maker"],
                email=data["email"],
                mobile=data["mobile"],
                pk=form.instance.pk,
                is_removed=bool(data.get("DELETE")),
            )
        )
    return found


def _show(form: CustomerForm, error: DomainError) -> None:
    """The sentence of a refused save, beside its field or above the form."""
    for name, text in (error.fields or {"": error.message}).items():
        form.add_error(name if name in form.fields else None, str(text))


@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Customers that look like the one being typed, as a notice under the form's head."""
    own = request.GET.get("customer", "")
    found = look_alikes(
        user=request.user,
        name=request.GET.get("name", "")[:120],
        address=request.GET.get("address", "")[:200],
        uscc=request.GET.get("uscc", "")[:30],
        but=int(own) if own.isdecimal() else None,
    )
    return render(request, "customers/_duplicates.html", {"found": found})


@require_GET
def codes(request: HttpRequest, kind: str) -> HttpResponse:
    """Industries or regions that hold the typed words, for a combobox."""
    options = code_options(kind, request.GET.get("q", "")[:40])
    if options is None:
        raise Http404
    return JsonResponse({"results": [{"value": key, "text": text} for key, text in options]})
