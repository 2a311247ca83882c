"""Rows as Arrow tables, copied into PostgreSQL as CSV; a forgotten column is an error."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
from django.db import connection, models, transaction

from customers.demo.draw import Column


class Sheets:
    """Tables of one block, kept until ``copy`` writes them in one transaction."""

    def __init__(self) -> None:
        self._tables: dict[type[models.Model], list[pa.Table]] = {}

    def add(self, model: type[models.Model], rows: int, columns: dict[str, Column]) -> None:
        """So many rows of the model, by column; text without a value is '', others NULL."""
        if rows == 0:
            return
        fields = {f.column: f for f in model._meta.local_concrete_fields if not f.generated}
        unknown = columns.keys() - fields.keys()
        missing = [name for name, f in fields.items() if name not in columns and not _may_miss(f)]
        if unknown or missing:
            raise ValueError(f"{model._meta.db_table}: unknown {unknown}, missing {missing}")
        arrays = {name: _array(fields[name], value, rows) for name, value in columns.items()}
        self._tables.setdefault(model, []).append(pa.table(arrays))

    def copy(self) -> dict[str, int]:
        """Everything is in the database; returns the rows by table."""
        written = {}
        with transaction.atomic(), connection.cursor() as cursor:
            for model, tables in self._tables.items():
                table = pa.concat_tables(tables, promote_options="default")
                _copy(cursor.cursor, model._meta.db_table, table)
                written[model._meta.db_table] = table.num_rows
        self._tables.clear()
        return written


def _may_miss(field: models.Field[Any, Any]) -> bool:
    """Columns the database fills by itself, or leaves NULL."""
    identity = isinstance(field, (models.AutoField, models.BigAutoField))
    return bool(field.null) or identity or field.has_db_default()


def _copy(cursor: Any, name: str, table: pa.Table) -> None:
    buffer = io.BytesIO()
    csv.write_csv(table, buffer, csv.WriteOptions(include_header=False))
    buffer.seek(0)
    columns = ", ".join(f'"{column}"' for column in table.column_names)
    cursor.copy_expert(f'COPY "{name}" ({columns}) FROM STDIN WITH (FORMAT csv)', buffer, 1 << 20)


def _array(field: models.Field[Any, Any], value: Column, rows: int) -> pa.Array:
    """The column in Arrow's terms. Whole numbers in a money column are fen."""
    if isinstance(value, (pa.Array, pa.ChunkedArray)):
        return value
    if value is None or isinstance(value, (str, bool, int, float, date)):
        return pa.repeat(pa.scalar(value), rows)
    if isinstance(value, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(value)
        plain = _array(field, value.filled(0), rows)
        return pa.compute.if_else(pa.array(~mask), plain, pa.scalar(None, plain.type))
    if isinstance(field, models.DecimalField):
        return _decimal(field, np.asarray(value))
    if isinstance(value, np.ndarray) and value.dtype.kind == "M":
        stamps = pa.array(value)
        return stamps.cast(pa.timestamp("s", "UTC")) if value.dtype == "M8[s]" else stamps
    return pa.array(value)


def _decimal(field: models.DecimalField[Any, Any], value: np.ndarray) -> pa.Array:
    """Floats rounded to the column's places, whole numbers as fen; NaN is NULL."""
    places = field.decimal_places or 0
    missing = None
    if value.dtype.kind == "f":
        missing = np.isnan(value)
        value = np.rint(np.where(missing, 0, value) * 10**places).astype(np.int64)
    elif places != 2:
        raise ValueError(f"{field.name}: whole numbers mean fen")
    words = np.empty((len(value), 2), dtype=np.int64)
    words[:, 0], words[:, 1] = value, value >> 63
    valid = None if missing is None else pa.array(~missing).buffers()[1]
    kind = pa.decimal128(field.max_digits or 18, places)
    return pa.Array.from_buffers(kind, len(value), [valid, pa.py_buffer(words)])


class Keys:
    """Primary keys of tables whose rows others point to, handed out in order."""

    def __init__(self) -> None:
        self._next: dict[type[models.Model], int] = {}

    def take(self, model: type[models.Model], count: int) -> np.ndarray:
        """The next ``count`` keys of the table."""
        if model not in self._next:
            newest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
            self._next[model] = (newest or 0) + 1
        first = self._next[model]
        self._next[model] = first + count
        return np.arange(first, first + count)

    def settle(self) -> None:
        """The tables' own sequences go on after the keys handed out."""
        with connection.cursor() as cursor:
            for model, following in self._next.items():
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
                    [model._meta.db_table, following],
                )
