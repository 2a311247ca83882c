"""Blocks of text to typed rows: every cell read, references resolved, bad rows told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.imports.mapping import Bound
from customers.imports.readers import Block
from customers.imports.spec import Column, ImportKind
from customers.imports.vector import read_column

VALUE_SHOWN = 200
FAULTS_A_ROW = 5


@dataclass(frozen=True)
class RowFault:
    """What is told about one cell of one row."""

    line: int
    column: str  # as the file calls it
    value: str
    code: str
    details: Mapping[str, Any]
    is_remark: bool = False


@dataclass
class Rows:
    """The readable rows of a block: columns by key, and what was found wrong with them."""

    kind: ImportKind
    bounds: Mapping[str, Bound]
    header: list[str]
    lines: np.ndarray
    numbers: np.ndarray  # the row's number in the file
    texts: dict[str, pa.Array]
    columns: dict[str, pa.Array] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)
    unreadable: int = 0

    def __post_init__(self) -> None:
        self.good = np.ones(len(self.lines), dtype=bool)
        self._told: dict[int, int] = {}

    @property
    def told_by(self) -> str:
        """The column that a row is best recognised by."""
        keys = [key for key in self.kind.key_columns if key in self.bounds]
        required = [key for key in keys if self.bounds[key].column.required]
        return (required or keys or list(self.bounds))[-1]

    def refuse(self, place: int, key: str, code: str, **details: Any) -> None:
        """The row is rejected because of this column."""
        self.good[place] = False
        self._tell(place, key, code, details, is_remark=False)

    def remark(self, place: int, key: str, code: str, **details: Any) -> None:
        """The row is loaded; the remark is kept."""
        self._tell(place, key, code, details, is_remark=True)

    def _tell(self, place: int, key: str, code: str, details: Any, *, is_remark: bool) -> None:
        told = self._told[place] = self._told.get(place, 0) + 1
        if told > FAULTS_A_ROW:
            return
        bound = self.bounds.get(key)
        column = self.kind.by_key.get(key)
        name = (bound.header if bound else "") or (column.zh if column else key)
        value = self.texts[key][place].as_py() if key in self.texts else ""
        if column is not None and column.secret and value:
            value = f"****{value[-4:]}" if len(value) > 8 else "****"
        shown = (value or "")[:VALUE_SHOWN].replace("\x00", "\ufffd")
        line = int(self.lines[place])
        self.faults.append(RowFault(line, name[:80], shown, code, details, is_remark))

    def refuse_null(self, key: str, column: pa.Array, code: str, **details: Any) -> None:
        """Rows without a value here are rejected."""
        for place in np.flatnonzero(pc.is_null(column).to_numpy(zero_copy_only=False)):
            self.refuse(int(place), key, code, **details)

    def keep_good(self) -> pa.Table:
        """The rows that were not rejected, as a table with their numbers."""
        mask = pa.array(self.good)
        names = {"row_no": pa.array(self.numbers), **self.columns}
        table = pa.table(names)
        return table if self.good.all() else table.filter(mask)


def text_of(block: Block, bound: Bound) -> pa.Array:
    """The cells a column is read from: of several places the first that is filled."""
    if not bound.places:
        return pa.array([bound.constant] * len(block.lines), pa.string())
    texts = block.columns[bound.places[0]]
    for place in bound.places[1:]:
        blank = pc.equal(pc.utf8_trim_whitespace(texts), "")
        texts = pc.if_else(blank, block.columns[place], texts)
    return texts


def read_rows(kind: ImportKind, bounds: list[Bound], header: list[str], block: Block) -> Rows:
    """The block's rows with every cell read."""
    bad_lines = [fault.line for fault in block.faults]
    numbers = _numbers(block, bad_lines)
    texts = {item.column.key: text_of(block, item) for item in bounds}
    by_key = {item.column.key: item for item in bounds}
    rows = Rows(kind, by_key, header, block.lines, numbers, texts, unreadable=len(block.faults))
    for fault in block.faults:
        place = fault.column
        name = header[place] if place is not None and place < len(header) else ""
        value = fault.value.replace("\x00", "\ufffd")[:VALUE_SHOWN]
        rows.faults.append(RowFault(fault.line, name[:80], value, fault.code, fault.details))
    for item in bounds:
        _read(rows, item)
    return rows


def _numbers(block: Block, bad_lines: list[int]) -> np.ndarray:
    """The rows' numbers in the file, unreadable rows counted."""
    if not bad_lines:
        return np.arange(block.first, block.first + len(block.lines), dtype=np.int64)
    every = np.sort(np.concatenate([block.lines, np.array(bad_lines, dtype=np.int64)]))
    return block.first + np.searchsorted(every, block.lines)


def _read(rows: Rows, item: Bound) -> None:
    column: Column = item.column
    values, faults = read_column(column.type, rows.texts[column.key], item.reading)
    for fault in faults:
        rows.refuse(fault.place, column.key, fault.code, **fault.details)
    if column.required and values.null_count:
        bad = {fault.place for fault in faults}
        for place in np.flatnonzero(pc.is_null(values).to_numpy(zero_copy_only=False)):
            if int(place) not in bad:
                rows.refuse(int(place), column.key, "required")
    rows.columns[column.key] = values
