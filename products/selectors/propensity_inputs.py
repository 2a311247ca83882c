"""What the propensity model reads of customers: their portrait and holdings, now or on a past day.

A past day sees dated facts up to that day only. The portrait's engine computes it; the few columns
of the customer that bear no date and move with time (is it with us, its standing in the registry,
its territories) are replaced by what the holdings of that day say, or by a neutral value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pandas as pd
import pyarrow as pa
from django.db import connection, transaction
from pyarrow import csv

from customers.features.catalogue import COLUMNS
from customers.features.engine import CHOSEN, RANGE, compiled
from customers.features.spec import Unit
from products.propensity.columns import input_columns, numeric_columns
from products.propensity.held import with_holdings

_SETTINGS = (
    "SELECT set_config(name, value, true) FROM (VALUES ('work_mem', '128MB'), ('jit', 'off'), "
    "('max_parallel_workers_per_gather', '0'), ('join_collapse_limit', '1')) s(name, value)"
)
# Master data that moves without a date -> what a past day may know of it.
_DATED = {
    "c.relation_state AS relation_state_is": (
        "CASE WHEN c.customer_since <= {as_of} OR EXISTS (SELECT FROM customers_holding hx "
        "WHERE hx.customer_id = c.id AND hx.opened_on <= {as_of}) "
        "THEN 'existing' ELSE 'prospect' END AS relation_state_is"
    ),
    "c.registry_status AS registry_status": "'active'::varchar AS registry_status",
    "array_agg(DISTINCT te.kind ORDER BY te.kind) AS territory_kinds": (
        "NULL::varchar[] AS territory_kinds"
    ),
}


def _shown(key: str) -> str:
    """A column as text of one cell: dates as days from the day, lists with blanks between."""
    unit = COLUMNS[key].unit
    if unit == Unit.DATE:
        return f"(p.{key} - p.as_of) AS {key}"
    if unit == Unit.FLAG:
        return f"p.{key}::int AS {key}"
    if unit == Unit.CODES:
        return f"array_to_string(p.{key}, ' ') AS {key}"
    return f"p.{key}"


def _past_sql() -> tuple[str, frozenset[str]]:
    """The engine's statement for a list of customers on a past day, and its parameters."""
    statement = compiled(input_columns(), chosen=True, of_the_day=True)
    sql = statement.sql
    for written, dated in _DATED.items():
        if written not in sql:
            raise LookupError(f"The portrait no longer reads {written!r}; a past day would see it.")
        sql = sql.replace(written, dated.replace("{as_of}", "%(as_of)s"))
    return sql, statement.parameters


def past_parameters() -> frozenset[str]:
    """What the statement of a past day has to be told beside the customers."""
    return _past_sql()[1] | {"as_of"}


@transaction.atomic
def inputs_of_day(*, as_of: date, named: dict[str, Any], ids: Sequence[int]) -> pd.DataFrame:
    """The inputs of these customers as known on the day: one row each, indexed by customer.

    ``named`` are the engine's parameters of that day (``past_parameters`` says which).
    """
    sql, _needed = _past_sql()
    shown = ", ".join(_shown(key) for key in input_columns())
    query = (
        f"SELECT p.customer_id, {shown} FROM "
        f"(SELECT s.*, %(as_of)s::date AS as_of FROM ({sql}) s) p ORDER BY 1"
    )
    frame = _copied(query, {**named, "as_of": as_of, "ids": list(ids)})
    return with_holdings(frame, holdings_of(as_of=as_of, ids=ids), as_of)


@transaction.atomic
def inputs_of_now(
    *, as_of: date, low: int = 0, high: int = 0, ids: Sequence[int] | None = None
) -> pd.DataFrame:
    """The inputs of a range (both ends included) or of a list, from the stored portraits."""
    scope = {"low": low, "high": high} if ids is None else {"ids": list(ids)}
    shown = ", ".join(_shown(key) for key in input_columns())
    query = (
        f"SELECT p.customer_id, {shown} FROM customers_portrait p "
        f"WHERE p.customer_id {RANGE if ids is None else CHOSEN} ORDER BY 1"
    )
    frame = _copied(query, scope)
    return with_holdings(frame, holdings_of(as_of=as_of, low=low, high=high, ids=ids), as_of)


def _copied(query: str, named: dict[str, Any]) -> pd.DataFrame:
    """The rows of a query by COPY, typed: numbers as doubles, codes as texts."""
    types = {key: pa.float64() for key in numeric_columns()}
    types |= {key: pa.string() for key in input_columns() if key not in types}
    table = _copy(query, named, {"customer_id": pa.int64(), **types})
    return table.to_pandas(self_destruct=True).set_index("customer_id")


def _copy(query: str, named: dict[str, Any], types: dict[str, pa.DataType]) -> pa.Table:
    buffer = BytesIO()
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        asked = cursor.mogrify(query, named).decode()
        cursor.copy_expert(f"COPY ({asked}) TO STDOUT WITH (FORMAT csv, HEADER)", buffer)
    return csv.read_csv(
        pa.BufferReader(buffer.getvalue()),
        read_options=csv.ReadOptions(use_threads=False),
        convert_options=csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=[],
            false_values=[],
        ),
    )


HOLDING_TYPES = {
    "customer_id": pa.int64(),
    "family": pa.string(),
    "opened_on": pa.date32(),
    "closed_on": pa.date32(),
}


def holdings_of(
    *, as_of: date, low: int = 0, high: int = 0, ids: Sequence[int] | None = None
) -> pd.DataFrame:
    """Every holding opened by the day; one closed later counts as open."""
    scope: dict[str, Any] = {"low": low, "high": high} if ids is None else {"ids": list(ids)}
    query = (
        "SELECT h.customer_id, h.family, h.opened_on, "
        "CASE WHEN h.closed_on <= %(as_of)s THEN h.closed_on END AS closed_on "
        f"FROM customers_holding h WHERE h.customer_id {RANGE if ids is None else CHOSEN} "
        "AND h.opened_on <= %(as_of)s ORDER BY 1, 2, 3, h.contract_no"
    )
    return _copy(query, {**scope, "as_of": as_of}, HOLDING_TYPES).to_pandas(date_as_object=False)


def openings(*, after: date, until: date) -> pd.DataFrame:
    """Who opened which family after the one day and up to the other: customer_id, family, day."""
    query = (
        "SELECT h.customer_id, h.family, min(h.opened_on) AS opened_on FROM customers_holding h "
        "WHERE h.opened_on > %(after)s AND h.opened_on <= %(until)s GROUP BY 1, 2 ORDER BY 1, 2"
    )
    types = {key: HOLDING_TYPES[key] for key in ("customer_id", "family", "opened_on")}
    return _copy(query, {"after": after, "until": until}, types).to_pandas(date_as_object=False)


def first_and_last_opening(*, until: date | None = None) -> tuple[date | None, date | None]:
    """The first and the last day on which any family was opened."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(opened_on), max(opened_on) FROM customers_holding "
            "WHERE %(until)s::date IS NULL OR opened_on <= %(until)s::date",
            {"until": until},
        )
        first, last = cursor.fetchone()
    return first, last


def customers_with_us(*, as_of: date) -> list[int]:
    """Who was with us on the day: held something, or had joined and never held anything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM customers_customer c LEFT JOIN (SELECT customer_id, "
            "bool_or(closed_on IS NULL OR closed_on > %(as_of)s) AS is_open "
            "FROM customers_holding WHERE opened_on <= %(as_of)s GROUP BY 1) h "
            "ON h.customer_id = c.id WHERE coalesce(h.is_open, c.customer_since <= %(as_of)s) "
            "ORDER BY 1",
            {"as_of": as_of},
        )
        return [row[0] for row in cursor.fetchall()]
