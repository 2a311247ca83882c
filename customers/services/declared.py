"""Facts somebody states about a customer, as dated rows that portraits read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from crm.core.models import User
from customers.features.declared import FACTS, FactType
from customers.models import DeclaredFact, Quality, Source

FactValue = Decimal | int | float | str | date


def declare_fact(
    *,
    customer_id: int,
    key: str,
    value: FactValue,
    as_of: date,
    source: Source,
    quality: Quality,
    by: User | None,
    evidence: str = "",
    said_by: str = "",
) -> DeclaredFact:
    """The fact is on record for this day; said again on the same day it replaces itself.

    ``said_by``: who at the customer (or which neighbour) said it; ``evidence``: what proves it.
    """
    columns = {"number": None, "text": "", "day": None, _column(key): value}
    fact, _is_new = DeclaredFact.objects.update_or_create(
        customer_id=customer_id,
        key=key,
        as_of=as_of,
        source=source,
        defaults={
            **columns,
            "quality": quality,
            "entered_by": by,
            "evidence": evidence,
            "said_by": said_by,
            "is_withdrawn": False,
        },
    )
    return fact


def _column(key: str) -> str:
    """The column of ``DeclaredFact`` that holds this fact's value."""
    names = {FactType.NUMBER: "number", FactType.DAY: "day"}
    return names.get(FACTS[key].type, "text")
