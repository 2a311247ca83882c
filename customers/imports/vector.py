"""A whole column of text to a column of values: plain cells as a vector, each other text once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.imports.cells import BadCell
from customers.imports.types import ColumnType, Reading


@dataclass(frozen=True)
class CellFault:
    """A cell that is no value: its place in the column, and why."""

    place: int
    code: str
    details: dict[str, Any]


def read_column(
    kind: ColumnType, values: pa.Array, how: Reading
) -> tuple[pa.Array, list[CellFault]]:
    """The column as values of its type; blank and faulty cells are null."""
    fast = kind.fast(values) if how.is_plain else None
    if fast is None:
        return _one_by_one(kind, values, how)
    left = pc.is_null(fast)
    if not pc.any(left).as_py():
        return fast, []
    slow, faults = _one_by_one(kind, values.filter(left), how)
    places = np.flatnonzero(left.to_numpy(zero_copy_only=False))
    faults = [CellFault(int(places[fault.place]), fault.code, fault.details) for fault in faults]
    return pc.replace_with_mask(fast, left, slow), faults


def _one_by_one(
    kind: ColumnType, values: pa.Array, how: Reading
) -> tuple[pa.Array, list[CellFault]]:
    """Each different text is read once."""
    coded = values.dictionary_encode()
    read: list[Any] = []
    bad: dict[int, BadCell] = {}
    for place, text in enumerate(coded.dictionary.to_pylist()):
        try:
            read.append(_read(kind, text, how))
        except BadCell as fault:
            bad[place] = fault
            read.append(None)
    column = pa.array(read, kind.arrow).take(coded.indices)
    faults: list[CellFault] = []
    if bad:
        indices = coded.indices.to_numpy(zero_copy_only=False)
        for row in np.flatnonzero(np.isin(indices, list(bad))):
            why = bad[int(indices[row])]
            faults.append(CellFault(int(row), why.code, why.details))
    return column, faults


def _read(kind: ColumnType, text: str, how: Reading) -> Any:
    """One cell; None when it is blank, or counts as blank by the mapping."""
    plain = text.strip()
    if not plain or plain in how.blank:
        return None
    mapped = how.values.get(plain)
    if mapped is not None:
        if not mapped:
            return None
        plain = mapped
    return kind.read(plain, how)
