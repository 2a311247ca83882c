"""The (customer, month) pairs that an import changed, told to the rollups at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.imports.spec import ImportKind, Touches
from customers.models import Trigger
from customers.services import rollups
from customers.services.imports.upsert import Pairs


def pairs_of(kind: ImportKind, rows: pa.Table, numbers: np.ndarray) -> Pairs:
    """The pairs that the rows of these numbers belong to; month 0 is "no month"."""
    if not len(numbers) or "customer_id" not in rows.column_names:
        return set()
    if len(numbers) < rows.num_rows:
        rows = rows.filter(pc.is_in(rows.column("row_no"), pa.array(numbers)))
    months = _months(kind, rows)
    pairs = pa.table({"customer": rows.column("customer_id"), "ym": months})
    distinct = pa.TableGroupBy(pairs, ["customer", "ym"], use_threads=False).aggregate([])
    columns = distinct.select(["customer", "ym"]).to_pydict()
    return set(zip(columns["customer"], columns["ym"], strict=True))


def _months(kind: ImportKind, rows: pa.Table) -> pa.ChunkedArray:
    if kind.touches == Touches.MONTH:
        return rows.column(kind.touch_column)
    if kind.touches == Touches.DAY:
        day = rows.column(kind.touch_column)
        return pc.subtract(pc.add(pc.multiply(pc.year(day), 12), pc.month(day)), 1)
    return pa.chunked_array([pa.array([0] * rows.num_rows, pa.int64())])


def touch(pairs: Pairs) -> None:
    """The pairs wait for their rollups and portraits."""
    ordered = sorted(pairs)
    rollups.touch(((customer, ym or None) for customer, ym in ordered), trigger=Trigger.IMPORT)
