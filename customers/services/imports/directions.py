"""Shares of settlement: no direction of a customer passes 100 % by a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection

from customers.services.imports.context import ImportContext
from customers.services.imports.rows import Rows

Way = tuple[str, str]  # manner and bank
STANDING = """
SELECT customer_id, direction, mode, bank, share FROM customers_settlemode
WHERE customer_id = ANY(%s) AND ended_on IS NULL
"""


def whole_directions(rows: Rows, context: ImportContext) -> None:
    """Rows of a direction that would add up to more than 100 % are rejected, all of them.

    What stands already and is not named again counts; of one manner the last row counts, and none
    that has ended.
    """
    names = ("customer_id", "direction", "mode", "bank", "share", "ended_on")
    columns = [_listed(rows, name) for name in names]
    told: dict[tuple[int, str], dict[Way, tuple[int, Decimal]]] = {}
    places: dict[tuple[int, str], list[int]] = {}
    for place, (customer, direction, mode, bank, share, ended) in enumerate(
        zip(*columns, strict=True)
    ):
        if not rows.good[place] or None in (customer, direction, mode, bank, share):
            continue
        ways = told.setdefault((customer, direction), {})
        ways[mode, bank] = (place, Decimal(0) if ended else Decimal(share))
        places.setdefault((customer, direction), []).append(place)
    standing = _standing([customer for customer, _direction in told])
    for key, ways in told.items():
        kept = (share for way, share in standing.get(key, {}).items() if way not in ways)
        whole = sum(kept, Decimal(0)) + sum((share for _p, share in ways.values()), Decimal(0))
        if whole > 1:
            for place in places[key]:
                rows.refuse(place, "share", "over_whole", whole=f"{(whole * 100).normalize():f}")


def _listed(rows: Rows, name: str) -> list[Any]:
    column = rows.columns.get(name)
    if column is None:
        return [rows.kind.defaults.get(name)] * len(rows.lines)
    values: list[Any] = column.to_pylist()
    return values


def _standing(customers: list[int]) -> dict[tuple[int, str], dict[Way, Decimal]]:
    found: dict[tuple[int, str], dict[Way, Decimal]] = {}
    if customers:
        with connection.cursor() as cursor:
            cursor.execute(STANDING, [sorted(set(customers))])
            for customer, direction, mode, bank, share in cursor.fetchall():
                found.setdefault((customer, direction), {})[mode, bank] = share
    return found
