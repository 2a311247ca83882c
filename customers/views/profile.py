"""The tabs of a customer beside the portrait: profile, holdings, chain, history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.fragments import render_page
from crm.core.masking import mask, may_reveal
from crm.core.roles import Can
from crm.core.selectors.audit import audit_entries
from customers.forms.identifier import IdentifierForm
from customers.models import Customer
from customers.selectors.customer_profile import chain_of, history_of, holdings_of, profile_of
from customers.services.customer import add_identifier
from customers.views.frame import open_customer

MOST_CHANGES = 40


@require_GET
def profile(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Contacts, identifiers, relations, territories, certificates and consents."""
    context = open_customer(request, customer_id, tab="profile")
    user = request.user
    context |= profile_of(user=user, customer=context["customer"])
    context["contacts"] = [
        {
            "row": contact,
            "email": contact.email if user.role == "rm" else mask("email", contact.email),
            "can_reveal": bool(contact.mobile_masked) and may_reveal(user, "mobile"),
        }
        for contact in context["contacts"]
    ]
    context["identifiers"] = [
        {
            "row": number,
            "masked": f"****{number.last4}",
            "can_reveal": may_reveal(user, number.kind),
        }
        for number in context["identifiers"]
    ]
    can_edit = user.can(Can.EDIT_CUSTOMERS)
    context["identifier_form"] = IdentifierForm() if can_edit else None
    return render_page(request, "customers/profile.html", None, context)


@require_POST
def identifier(request: HttpRequest, customer_id: int) -> HttpResponse:
    """One more identifier on record, sealed."""
    form = IdentifierForm(request.POST)
    if form.is_valid():
        add_identifier(customer_id=customer_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("The number is on record, encrypted."))
    else:
        messages.error(request, _("Write the number and its kind."))
    return redirect("customers:profile", customer_id)


@require_GET
def holdings(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Products, credit lines, loans with their schedules and arrears."""
    context = open_customer(request, customer_id, tab="holdings")
    context |= holdings_of(customer=context["customer"], today=timezone.localdate())
    return render_page(request, "customers/holdings.html", None, context)


@require_GET
def chain(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Suppliers and buyers, as told and as the invoices show."""
    context = open_customer(request, customer_id, tab="chain")
    context |= chain_of(customer=context["customer"], today=timezone.localdate())
    return render_page(request, "customers/chain.html", None, context)


@require_GET
def history(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Who looked after the customer, and who changed or read what, as far as the role may read."""
    context = open_customer(request, customer_id, tab="history")
    customer: Customer = context["customer"]
    entries = audit_entries(
        user=request.user, table_name=Customer._meta.db_table, row_pk=str(customer.pk)
    )
    context["assignments"] = history_of(customer=customer)
    context["entries"] = entries[:MOST_CHANGES]
    context["reads_whole_trail"] = request.user.can(Can.VIEW_AUDIT)
    return render_page(request, "customers/history.html", None, context)
