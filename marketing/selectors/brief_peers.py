"""What a figure is among the peers of a customer, else in the bank: quartiles for the brief."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from customers.features.catalogue import COLUMNS
from marketing.planning.asking import Quartiles

SAMPLE, LEAST = 2000, 4
PEERS = """
SELECT kind, segment, "column", low_quartile, median, high_quartile FROM customers_peerstatistic
WHERE segment = ANY(%(segments)s) AND "column" = ANY(%(columns)s) AND as_of <= %(as_of)s
ORDER BY kind, as_of
"""  # the trade comes after the group, the newest last


def peer_quartiles(portrait: Any, as_of: date, columns: Collection[str]) -> dict[str, Quartiles]:
    """The newest quartiles among trade and size, else in the group, by column; one query."""
    segments = {
        ("peers", f"{portrait.trade_key}:{portrait.size_class}"),
        ("group", portrait.primary_group or ""),
    }
    named = {
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


@lru_cache(maxsize=256)
def bank_quartiles(column: str, _month: int) -> Quartiles | None:
    """The quartiles of a figure in a sample of the bank, for figures without peers; once a month.

    The sample is the first two thousand portraits that know it; None where fewer than four do.
    """
    if column not in COLUMNS or not COLUMNS[column].is_number:
        return None
    sql = (
        "SELECT count(*), percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY value) "
        f"FROM (SELECT {column}::float8 AS value FROM customers_portrait "
        f"WHERE {column} IS NOT NULL LIMIT {SAMPLE}) AS known"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        count, found = cursor.fetchone()
    return Quartiles(*found) if count >= LEAST else None
