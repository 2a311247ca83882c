"""Customers written by hand: new ones, changes with an optimistic lock, contacts, identifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.identifiers import is_bank_card, is_citizen_number, is_uscc, tidy
from crm.core.models import User
from crm.core.roles import Can, Reach
from customers.models import Contact, Customer, CustomerIdentifier, Quality, Source
from customers.models.portrait import Trigger
from customers.naming import name_columns
from customers.sealed import identifier_columns, mobile_columns, next_keys
from customers.services.assignment import scope_number, start_assignment
from customers.services.declared import declare_fact
from customers.services.portrait import ask_refresh
from customers.services.rollups import touch_customers

# Columns that a portrait reads as dated facts: column -> key of customers.features.declared.
DATED = {
    "registered_capital_amount": "registered_capital",
    "founded_on": "start_on",
    "industry": "industry_code",
}


@dataclass(frozen=True)
class ContactInput:
    """A contact as written; ``mobile`` "" keeps the number on record."""

    name: str
    role: str
    is_decision_maker: bool = False
    email: str = ""
    mobile: str = ""
    pk: int | None = None
    is_removed: bool = False


class Clash(DomainError):
    """Somebody else saved the customer since the page was opened; nothing was written."""

    def __init__(self, current: Customer) -> None:
        super().__init__(_("Somebody else changed this customer meanwhile."), status=409)
        self.current = current


@transaction.atomic
def add_customer(
    *, values: Mapping[str, Any], contacts: Sequence[ContactInput] = (), by: User
) -> Customer:
    """A new prospect, looked after by whoever wrote it, with its history begun."""
    if not by.can(Can.EDIT_CUSTOMERS):
        raise DomainError(_("Your role does not write customers."), status=403)
    _refuse_equal_code(values.get("uscc", ""), but=None)
    manager = by if by.duty.reach == Reach.OWN else None
    (key,) = next_keys(Customer, 1)
    customer = Customer(
        pk=key,
        customer_no=f"N{key:09d}",
        manager=manager,
        branch=by.branch,
        scope_no=scope_number(manager, by.branch),
        created_by=by,
        updated_by=by,
    )
    _write(customer, values)
    _save(customer, force_insert=True)
    today = timezone.localdate()
    start_assignment(customer, by=by, on=today, reason=str(_("New customer")))
    save_contacts(customer, contacts)
    _declare(customer, [name for name in DATED if values.get(name)], by=by, on=today)
    record(by, "customers.added", customer)
    refresh_portrait(customer)
    return customer


@transaction.atomic
def change_customer(
    *,
    customer_id: int,
    version: int,
    values: Mapping[str, Any],
    contacts: Sequence[ContactInput] | None = None,
    by: User,
) -> Customer:
    """The customer has these values; Clash when it was saved by somebody else since ``version``."""
    if not by.can(Can.EDIT_CUSTOMERS):
        raise DomainError(_("Your role does not write customers."), status=403)
    rows = Customer.objects.visible_to(by).select_for_update(of=("self",))
    customer: Customer = rows.get(pk=customer_id)
    if customer.version != version:
        raise Clash(customer)
    _refuse_equal_code(values.get("uscc", customer.uscc), but=customer.pk)
    changed = [name for name in values if getattr(customer, name) != values[name]]
    has_new_contacts = contacts is not None and save_contacts(customer, contacts)
    if not changed and not has_new_contacts:
        return customer
    _write(customer, values)
    customer.version += 1
    customer.updated_by = by
    _save(customer)
    dated = [name for name in changed if name in DATED and values[name] not in (None, "")]
    _declare(customer, dated, by=by, on=timezone.localdate())
    refresh_portrait(customer)
    return customer


def save_contacts(customer: Customer, contacts: Sequence[ContactInput]) -> bool:
    """The customer has these contacts; True when anything was written."""
    has_changed = False
    kept = {contact.pk: contact for contact in Contact.objects.filter(customer=customer)}
    for given in contacts:
        contact = kept.get(given.pk) if given.pk else None
        if given.is_removed:
            if contact is not None:
                contact.delete()
                has_changed = True
            continue
        has_changed |= _save_contact(customer, contact, given)
    return has_changed


@transaction.atomic
def add_identifier(*, customer_id: int, kind: str, number: str, by: User) -> CustomerIdentifier:
    """The number is on record, sealed; the same one again changes nothing."""
    if not by.can(Can.EDIT_CUSTOMERS):
        raise DomainError(_("Your role does not write customers."), status=403)
    customer: Customer = Customer.objects.visible_to(by).get(pk=customer_id)
    _check_number(kind, number)
    (key,) = next_keys(CustomerIdentifier, 1)
    columns = identifier_columns(kind, number, pk=key)
    known: CustomerIdentifier | None = CustomerIdentifier.objects.filter(
        customer=customer, kind=kind, digest=columns["digest"]
    ).first()
    if known is not None:
        return known
    row = CustomerIdentifier(pk=key, customer=customer, kind=kind, **columns)
    row.save(force_insert=True)
    record(by, "customers.identifier_added", customer, identifier=kind)
    return row


def refresh_portrait(customer: Customer) -> None:
    """The portrait is computed anew right after the caller's commit."""
    touch_customers([customer.pk], trigger=Trigger.EDIT)
    ask_refresh()


def _write(customer: Customer, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(customer, name, value)
    for name, value in name_columns(customer.name).items():
        setattr(customer, name, value)
    customer.is_uscc_odd = bool(customer.uscc) and not is_uscc(customer.uscc)


def _save(customer: Customer, *, force_insert: bool = False) -> None:
    """Saved; a code that somebody else wrote a moment ago is refused in words."""
    try:
        with transaction.atomic():
            customer.save(force_insert=force_insert)
    except IntegrityError:
        _refuse_equal_code(customer.uscc, but=customer.pk)
        raise


def _refuse_equal_code(uscc: str, *, but: int | None) -> None:
    """One customer a credit code; the sentence names who looks after the other one (ROL-3)."""
    if not uscc:
        return
    other = Customer.objects.filter(uscc=uscc).exclude(pk=but).select_related("manager", "branch")
    for found in other:
        keeper = found.manager or found.branch
        message = _("This credit code is already with us; %(keeper)s looks after the customer.")
        told = str(message) % {"keeper": keeper}
        raise DomainError(told, status=422, fields={"uscc": told})


def _declare(customer: Customer, names: Sequence[str], *, by: User, on: date) -> None:
    for name in names:
        value = getattr(customer, name)
        declare_fact(
            customer_id=customer.pk,
            key=DATED[name],
            value=value.pk if name == "industry" else value,
            as_of=on,
            source=Source.REGISTRY,
            quality=Quality.DECLARED,
            by=by,
        )


def _save_contact(customer: Customer, contact: Contact | None, given: ContactInput) -> bool:
    """The contact is written; False when it stands so already."""
    if contact is None:
        (key,) = next_keys(Contact, 1)
        contact = Contact(pk=key, customer=customer)
    plain = {
        "name": given.name,
        "role": given.role,
        "is_decision_maker": given.is_decision_maker,
        "email": given.email,
    }
    if given.mobile:
        plain |= mobile_columns(given.mobile, pk=contact.pk)
    elif not contact._state.adding and all(getattr(contact, n) == v for n, v in plain.items()):
        return False
    for name, value in plain.items():
        setattr(contact, name, value)
    contact.save()
    return True


def _check_number(kind: str, number: str) -> None:
    checks = {
        CustomerIdentifier.Kind.CITIZEN_NO: (
            is_citizen_number,
            _("This is not a citizen number: the last character does not fit."),
        ),
        CustomerIdentifier.Kind.CARD_NO: (
            is_bank_card,
            _("This is not a card number: the last digit does not fit."),
        ),
    }
    if kind not in CustomerIdentifier.Kind.values or not 4 <= len(tidy(number)) <= 40:
        raise DomainError(_("Write the number and its kind."), status=422)
    check = checks.get(CustomerIdentifier.Kind(kind))
    if check and not check[0](number):
        raise DomainError(check[1], status=422, fields={"number": check[1]})
