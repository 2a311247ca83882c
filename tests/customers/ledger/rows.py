"""Makers of what the ledger holds, and its addresses and words."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from customers.features.declared import FACTS, FactType
from customers.models import ChainLink, Customer, DeclaredFact, ProcureMode, SettleMode
from customers.services.declared import declare_fact


def say(customer: Customer, as_of: date | None = None, **facts: Any) -> None:
    """Facts as told at a visit."""
    for key, value in facts.items():
        declare_fact(
            customer_id=customer.pk, key=key, value=value, as_of=as_of or timezone.localdate(),
            source="visit", quality="declared", by=None,
        )  # fmt: skip


def make_link(customer: Customer, **fields: Any) -> ChainLink:
    """A buyer as told."""
    given = {
        "side": "buyer", "counterparty_name": "上海买方", "source": "visit",
        "quality": "declared", "as_of": timezone.localdate(),
    }  # fmt: skip
    return ChainLink.objects.create(customer=customer, **(given | fields))


def make_settle(customer: Customer, **fields: Any) -> SettleMode:
    """Half of the receipts by QR code through us."""
    given = {
        "direction": "in", "mode": "qr", "share": "0.5", "bank": "ours",
        "as_of": timezone.localdate(),
    }  # fmt: skip
    return SettleMode.objects.create(customer=customer, **(given | fields))


def make_procure(customer: Customer, **fields: Any) -> ProcureMode:
    """Flour bought at the price of the day."""
    given = {"item": "面粉", "mode": "spot", "as_of": timezone.localdate()}
    return ProcureMode.objects.create(customer=customer, **(given | fields))


def standing(customer: Customer, key: str) -> Any:
    """The newest value of a fact as stored."""
    row = DeclaredFact.objects.filter(customer=customer, key=key, is_withdrawn=False).latest("pk")
    return row.number if FACTS[key].type == FactType.NUMBER else row.text


def url(name, customer, *more):
    return reverse(f"customers:{name}", args=[customer.pk, *more])


def text_of(html):
    """The words of a page, blanks as one."""
    return " ".join(strip_tags(html).replace("\xa0", " ").split())
