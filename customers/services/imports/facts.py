"""Columns of a customer file that are also dated facts: registered capital, employees, rating."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db import connection

from customers.features.declared import FACTS, FactType
from customers.imports.spec import ImportKind
from customers.models import DeclaredFact, Quality, Source
from customers.services.imports.context import ImportContext
from customers.services.imports.upsert import Target

TARGET = Target(
    DeclaredFact,
    ("customer_id", "key", "as_of", "source"),
    defaults={"text": "", "evidence": "", "is_withdrawn": False},
)
_PROVEN = frozenset({"registered_capital", "paid_in_capital", "start_on", "industry_code"})
_FROM_REGISTRY = _PROVEN | {"employees"}
SCHEMA = pa.schema(
    [
        ("row_no", pa.int64()),
        ("customer_id", pa.int64()),
        ("key", pa.string()),
        ("as_of", pa.date32()),
        ("source", pa.string()),
        ("quality", pa.string()),
        ("number", pa.decimal128(20, 4)),
        ("text", pa.string()),
        ("day", pa.date32()),
    ]
)


def fact_columns(kind: ImportKind) -> dict[str, str]:
    """Columns of a kind that state facts: column to fact."""
    return {column.key: column.fact for column in kind.columns if column.fact}


def fact_rows(kind: ImportKind, rows: pa.Table, context: ImportContext) -> pa.Table:
    """One row for every fact the rows state; of facts stated before, only what is new."""
    numbers = rows.column("customer_no").to_pylist()
    customers = _customer_ids(numbers, context)
    columns = {key: name for key, name in fact_columns(kind).items() if key in rows.column_names}
    found: list[dict[str, Any]] = []
    for place, row in enumerate(rows.to_pylist()):
        said = {fact: row[column] for column, fact in columns.items()}
        said["industry_code"] = row.get("industry_id")
        said["start_on"] = said.get("start_on") or row.get("registered_on")
        for key, value in said.items():
            if value is not None:
                found.append(_fact(row["row_no"], customers[numbers[place]], key, value, context))
    return pa.Table.from_pylist(found, schema=SCHEMA)


def _fact(
    row_no: int, customer: int, key: str, value: Any, context: ImportContext
) -> dict[str, Any]:
    kind = FACTS[key].type
    return {
        "row_no": row_no,
        "customer_id": customer,
        "key": key,
        "as_of": context.as_of,
        "source": (Source.REGISTRY if key in _FROM_REGISTRY else Source.IMPORT).value,
        "quality": (Quality.VERIFIED if key in _PROVEN else Quality.DECLARED).value,
        "number": Decimal(value) if kind == FactType.NUMBER else None,
        "text": value if kind in {FactType.TEXT, FactType.CODES} else None,
        "day": value if kind == FactType.DAY else None,
    }


def _customer_ids(numbers: list[str], context: ImportContext) -> dict[str, int]:
    """The ids; a dry run gives new customers provisional ones below zero."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_no, id FROM customers_customer WHERE customer_no = ANY(%s)", [numbers]
        )
        found = dict(cursor.fetchall())
    for number in numbers:
        if number not in found:
            known = context.provisional
            found[number] = known.setdefault(number, -len(known) - 1)
    return found
