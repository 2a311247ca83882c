"""What stands of each fact of the ledger, with its row; and single rows of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from crm.core.models import User
from customers.features.declared import FACTS, Declared, FactType
from customers.features.declared_source import BETTER_FOR_DAYS, QUALITY_NUMBERS
from customers.ledger.categories import CATEGORIES
from customers.ledger.soft import GAMBLING
from customers.models import (
    ChainLink,
    Customer,
    DeclaredFact,
    LedgerPast,
)

# Facts read beside those the categories ask for.
ALSO = ("annual_revenue", "prepaid_days", "advance_days", "family_in_business", "hukou_local")


KEYS = tuple(
    dict.fromkeys([*(key for one in CATEGORIES for key in one.fact_keys), GAMBLING, *ALSO])
)


@dataclass(frozen=True)
class Said:
    """One fact: what stands, and the row that says who said it and what proves it."""

    fact: Declared
    row: DeclaredFact | None = None

    @property
    def value(self) -> Any:
        """The value in its own type, None when nobody said it."""
        if self.row is None:
            return None
        if self.fact.type == FactType.NUMBER:
            return self.row.number
        return self.row.day if self.fact.type == FactType.DAY else self.row.text or None


def said_facts(
    *, customer: Customer, as_of: date, keys: Iterable[str] = KEYS, is_past: bool = False
) -> dict[str, Said]:
    """What stands of each fact on the day, by the rule of the portrait (b.1), with its row.

    Of the rows not older than 180 days before the newest: best quality, then newest. On a past day
    (``is_past``) what was withdrawn later stands as well.
    """
    wanted = tuple(keys)
    stands = Q(is_withdrawn=False)
    if is_past:
        stands |= Q(withdrawn_later(as_of))
    rows = (
        DeclaredFact.objects.filter(stands, customer=customer, key__in=wanted, as_of__lte=as_of)
        .select_related("entered_by")
        .order_by("key", "-as_of", "-pk")
    )
    best: dict[str, DeclaredFact] = {}
    newest: dict[str, date] = {}
    for row in rows:
        first = newest.setdefault(row.key, row.as_of)
        if row.as_of < first - timedelta(days=BETTER_FOR_DAYS):
            continue
        held = best.get(row.key)
        if held is None or QUALITY_NUMBERS[row.quality] < QUALITY_NUMBERS[held.quality]:
            best[row.key] = row
    return {key: Said(FACTS[key], best.get(key)) for key in wanted}


def withdrawn_later(as_of: date) -> Exists:
    """Whether a fact, withdrawn by now, stood on the day."""
    return Exists(
        LedgerPast.objects.filter(
            customer=OuterRef("customer"),
            table=DeclaredFact._meta.db_table,
            row_id=OuterRef("pk"),
            until__gt=as_of,
        )
    )


def entity_of(*, customer: Customer, model: type[Model], pk: int) -> Any:
    """One row of chain or settlement of the customer, DoesNotExist otherwise."""
    return entity_rows(customer=customer, model=model).get(pk=pk)


def entity_rows(*, customer: Customer, model: type[Model]) -> QuerySet[Any]:
    """The rows of one kind of a customer in reach that have not ended."""
    rows = model._default_manager.filter(customer=customer)
    return rows if model is ChainLink else rows.filter(ended_on=None)


def sealed_fact(*, user: User, pk: int) -> DeclaredFact:
    """A fact in reach whose value is shown masked, DoesNotExist otherwise."""
    keys = [key for key, fact in FACTS.items() if fact.is_sealed]
    row: DeclaredFact = DeclaredFact.objects.visible_to(user).get(pk=pk, key__in=keys)
    return row
