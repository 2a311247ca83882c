"""Rows that name the same key twice within one block: the last one counts.

Where blanks keep what is known, the rows are laid over each other. An earlier row that says
something else is told so; one that says the same is simply nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

Key = tuple[Any, ...]


@dataclass
class Distinct:
    """Every key once, and the earlier rows that say otherwise: number of the row, of its winner."""

    table: pa.Table
    overruled: list[tuple[int, int]] = field(default_factory=list)


def distinct(rows: pa.Table, keys: tuple[str, ...], *, blank_keeps: bool = False) -> Distinct:
    """The rows with every key once."""
    placed = rows.append_column("place", pa.array(np.arange(rows.num_rows)))
    grouped = pa.TableGroupBy(placed, list(keys), use_threads=False)
    groups = grouped.aggregate([("place", "max"), ("place", "count")])
    if groups.num_rows == rows.num_rows:
        return Distinct(rows)
    again = groups.filter(pa.compute.greater(groups.column("place_count"), 1))
    wanted = set(zip(*(again.column(key).to_pylist() for key in keys), strict=True))
    lasts = np.sort(groups.column("place_max").to_numpy())
    columns = [rows.column(key).to_pylist() for key in keys]
    places = [p for p, key in enumerate(zip(*columns, strict=True)) if key in wanted]
    repeated = rows.take(pa.array(places, pa.int64())).to_pylist()
    merged, overruled = _merge(repeated, keys, blank_keeps=blank_keeps)
    alone = np.setdiff1d(lasts, np.array(places))
    last = pa.Table.from_pylist(list(merged.values()), schema=rows.schema)
    return Distinct(pa.concat_tables([rows.take(pa.array(alone)), last]), overruled)


def _merge(
    repeated: list[dict[str, Any]], keys: tuple[str, ...], *, blank_keeps: bool
) -> tuple[dict[Key, dict[str, Any]], list[tuple[int, int]]]:
    """The last word on each key, and who was overruled by whom."""
    merged: dict[Key, dict[str, Any]] = {}
    overruled: list[tuple[int, int]] = []
    for row in repeated:
        key = tuple(row[name] for name in keys)
        before = merged.get(key)
        if before is None:
            merged[key] = row
            continue
        if blank_keeps:
            row = {n: before[n] if value is None else value for n, value in row.items()}
        said = {n: v for n, v in before.items() if not (blank_keeps and v is None)}
        if any(row[name] != value for name, value in said.items() if name != "row_no"):
            overruled.append((before["row_no"], row["row_no"]))
        merged[key] = row
    return merged, overruled
