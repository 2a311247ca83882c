"""Rows of Arrow into a table of PostgreSQL, by COPY."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv


def copy_rows(cursor: Any, rows: pa.Table, into: str) -> None:
    """The rows are in ``into``, columns by name; null is NULL and an empty text is empty."""
    buffer = io.BytesIO()
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    # One chunk: Arrow's writer puts out rubbish for a table that begins with an empty one.
    pa_csv.write_csv(rows.combine_chunks(), buffer, options)
    buffer.seek(0)
    names = ", ".join(f'"{name}"' for name in rows.column_names)
    cursor.copy_expert(f'COPY "{into}" ({names}) FROM STDIN WITH (FORMAT csv)', buffer)
