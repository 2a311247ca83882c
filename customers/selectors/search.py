"""What somebody typed into a search: name, pinyin, credit code, customer number, phone."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, QuerySet, TextField, Value

from crm.core.identifiers import is_citizen_number, is_mobile, is_uscc, tidy
from crm.core.models import User
from customers.models import Contact, Customer, CustomerIdentifier
from customers.models.customer import NamePieces
from customers.naming import clean_name, pieces_of, squeezed
from customers.sealed import identifier_digest, mobile_digest

LONGEST = 60
MOST_BY_PHONE = 1_000  # a tail shared by more customers than this is no search
_TEXTS: ArrayField[Any, Any] = ArrayField(TextField())
_LETTERS = re.compile(r"[a-z]{1,40}")
_CODE = re.compile(r"[0-9A-Z]{3,32}")
_NUMBERED = (
    CustomerIdentifier.Kind.CITIZEN_NO,
    CustomerIdentifier.Kind.ACCOUNT_NO,
    CustomerIdentifier.Kind.CARD_NO,
)


def tidy_query(text: str) -> str:
    """The typed text in one form: half-width, single blanks, not too long, no NUL."""
    plain = unicodedata.normalize("NFKC", text).replace("\x00", "")
    return " ".join(plain.split())[:LONGEST]


def searched(rows: QuerySet[Any], *, user: User, text: str) -> QuerySet[Any]:
    """Customers that ``text`` may mean, in any of the ways people look for one."""
    text = tidy_query(text)
    if not text:
        return rows
    plain = squeezed(text)
    rows = rows.alias(
        squeezed_name=_squeezed_name(),
        initial_pieces=NamePieces("name_initials", output_field=_TEXTS),
    )
    means = _by_name(plain)
    if _LETTERS.fullmatch(plain):
        means |= _by_pinyin(plain)
    code = tidy(text)
    if _CODE.fullmatch(code) and any(sign.isdigit() for sign in code):
        means |= Q(uscc__startswith=code) | Q(customer_no__startswith=code)
        found = _by_number(user, code)
        if found:
            means |= Q(pk__in=found)
    return rows.filter(means)


def exactly(text: str) -> QuerySet[Customer]:
    """Customers of the whole bank with exactly this code, number, mobile or name; unscoped."""
    text = tidy_query(text)
    code = tidy(text)
    rows = Customer.objects.all()
    if is_uscc(code) or (len(code) == 18 and _CODE.fullmatch(code) and not is_citizen_number(code)):
        return rows.filter(uscc=code)
    if is_mobile(code):
        contacts = Contact.objects.filter(mobile_digest=mobile_digest(code))
        return rows.filter(pk__in=contacts.values("customer"))
    if is_citizen_number(code):
        kind = CustomerIdentifier.Kind.CITIZEN_NO
        numbers = CustomerIdentifier.objects.filter(digest=identifier_digest(kind, code))
        return rows.filter(pk__in=numbers.values("customer"))
    name = clean_name(text)
    if len(name) < 4:
        return rows.none()
    return rows.filter(name_pieces__contains=pieces_of(name), name=name)


def _squeezed_name() -> Func:
    blank = Value(r"[[:space:]]")
    return Func(
        Func(F("name"), function="lower"), blank, Value(""), Value("g"), function="regexp_replace"
    )


def _by_name(plain: str) -> Q:
    """One or two characters are pieces themselves; a longer word must stand as it is typed."""
    holds = Q(name_pieces__contains=pieces_of(plain))
    return holds if len(plain) < 3 else holds & Q(squeezed_name__contains=plain)


def _by_pinyin(plain: str) -> Q:
    """The start of the full pinyin or of the initials; three initials are found anywhere."""
    means = Q(name_pinyin__startswith=plain) | Q(name_initials__startswith=plain)
    if len(plain) >= 3:
        inside = Q(initial_pieces__contains=pieces_of(plain)) & Q(name_initials__contains=plain)
        means |= inside
    return means


def _by_number(user: User, code: str) -> list[int]:
    """Customers of this user whose contact or identifier has this tail or whole number."""
    if len(code) == 4 and code.isdigit():
        contacts = Contact.objects.visible_to(user).filter(mobile_last4=code)
        return list(contacts.values_list("customer", flat=True)[:MOST_BY_PHONE])
    if is_mobile(code):
        contacts = Contact.objects.visible_to(user).filter(mobile_digest=mobile_digest(code))
        return list(contacts.values_list("customer", flat=True)[:MOST_BY_PHONE])
    if len(code) >= 12 and code[:-1].isdigit():
        digests = [identifier_digest(kind, code) for kind in _NUMBERED]
        numbers = CustomerIdentifier.objects.visible_to(user).filter(digest__in=digests)
        return list(numbers.values_list("customer", flat=True)[:MOST_BY_PHONE])
    return []
