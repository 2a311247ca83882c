"""What a figure is among the peers of a customer, else in the bank: quartiles for the brief."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import connection

from customers.features.catalogue import COLUMNS
from marketing.planning.asking import Quartiles

SAMPLE, LOOKED_AT, LEAST = 2000, 20_000, 4
KEPT = 512  # figures times months
_kept: dict[tuple[str, int], Quartiles | None] = {}
PEERS = """
SELECT kind, segment, "column", low_quartile, median, high_quartile FROM customers_peerstatistic
WHERE as_of = (SELECT max(as_of) FROM customers_peerstatistic WHERE as_of <= %(as_of)s)
    AND kind IN ('group', 'peers') AND segment = ANY(%(segments)s) AND "column" = ANY(%(columns)s)
ORDER BY kind
"""  # by its index, so that neither years nor segments make it dearer; the trade after the group


def peer_quartiles(portrait: Any, as_of: date, columns: Collection[str]) -> dict[str, Quartiles]:
    """The newest quartiles among trade and size, else in the group, by column; one query."""
    segments = {
        ("peers", f"{portrait.trade_key}:{portrait.size_class}"),
        ("group", portrait.primary_group or ""),
    }
    named: dict[str, Any] = {
        "segments": [segment for _kind, segment in segments],
        "columns": list(columns),
        "as_of": as_of,
    }
    with connection.cursor() as cursor:
        cursor.execute(PEERS, named)
        rows = cursor.fetchall()
    return {
        column: Quartiles(*quartiles)
        for kind, segment, column, *quartiles in rows
        if (kind, segment) in segments
    }


def bank_quartiles(columns: Iterable[str], month: int) -> dict[str, Quartiles | None]:
    """The quartiles of figures in a sample of the bank, for figures without peers.

    The sample is the first two thousand that know it among the first twenty thousand portraits by
    number: every process draws the same, and a larger bank costs no more. None where fewer than
    four do. Read once a month in a process, all that are not known yet in one query.
    """
    asked = [one for one in columns if one in COLUMNS and COLUMNS[one].is_number]
    unread = [one for one in dict.fromkeys(asked) if (one, month) not in _kept]
    if unread:
        if len(_kept) > KEPT:
            _kept.clear()
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(_sample_sql(column) for column in unread))
            for column, count, found in cursor.fetchall():
                _kept[column, month] = Quartiles(*found) if count >= LEAST else None
    return {column: _kept.get((column, month)) for column in asked}


def _sample_sql(column: str) -> str:
    return (
        f"(SELECT '{column}', count(*), "
        "percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY value) "
        f"FROM (SELECT {column}::float8 AS value FROM "
        f"(SELECT {column} FROM customers_portrait ORDER BY customer_id LIMIT {LOOKED_AT}) AS p "
        f"WHERE {column} IS NOT NULL LIMIT {SAMPLE}) AS known)"
    )
