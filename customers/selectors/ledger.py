"""How full the seven categories of customers are, and which two to ask for first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection

from customers.ledger.categories import CATEGORIES
from customers.ledger.cover import KNOWN_UNTIL, PORTRAIT_KEPT, cover_sql
from customers.ledger.spec import CategoryCover
from customers.models import Customer

Cover = tuple[CategoryCover, ...]


def coverage(
    *, customer_ids: Collection[int], as_of: date | None = None
) -> dict[int, tuple[CategoryCover, ...]]:
    """The seven covers of each of these customers, in one query.

    ``as_of`` is a past day: facts, rows and our own data are as they were known then. The caller
    has found the customers within a user's reach.
    """
    if not customer_ids:
        return {}
    named: dict[str, Any] = {"ids": sorted(set(customer_ids)), "as_of": as_of}
    mine = "= ANY(%(ids)s::bigint[])"
    sql = cover_sql(mine, until=KNOWN_UNTIL, portrait=PORTRAIT_KEPT) if as_of else cover_sql(mine)
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["customer_id"]: covers_of(row) for row in rows}


def covers_of(row: dict[str, Any]) -> Cover:
    """The seven covers of one row of ``cover_sql``."""
    return tuple(
        CategoryCover(
            no=category.no,
            label=category.label,
            share=(row[f"share_{category.no}"] or 0) / 100,
            checked_on=row[f"on_{category.no}"],
            is_asked=row[f"share_{category.no}"] is not None,
        )
        for category in CATEGORIES
    )


def weakest(cover: Sequence[CategoryCover]) -> list[CategoryCover]:
    """The categories that are asked, emptiest first; of equals the one checked longest ago."""
    asked = [one for one in cover if one.is_asked]
    return sorted(asked, key=lambda one: (one.share, one.checked_on or date.min, one.no))


def weakest_two(cover: Sequence[CategoryCover]) -> tuple[CategoryCover, ...]:
    """The two categories to ask for first (SEV-1)."""
    return tuple(weakest(cover)[:2])


def mean_share(header: Customer) -> float | None:
    """Mean share of the categories asked, of a row of ``customer_header``; None: not counted yet.

    From the stored cover, so that the head of every page costs no query of its own.
    """
    shares = [getattr(header, f"ledger_{no}", None) for no in range(1, 8)]
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) / 100 if known else None
