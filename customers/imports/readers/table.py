"""What a reader gives: a header, then blocks of text columns with the lines they stood on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa

MAX_COLUMNS = 300
BLOCK_ROWS = 20_000  # of the readers that count rows; the fast one cuts by bytes


class BadFile(Exception):
    """The file as a whole cannot be read: a code, and what its sentence needs."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class Fault:
    """A row that cannot be read as cells."""

    line: int
    code: str
    details: dict[str, str | int] = field(default_factory=dict)
    value: str = ""
    column: int | None = None


@dataclass(frozen=True)
class Block:
    """Some rows: a text array a column, their lines, and the rows that could not be read.

    ``first`` numbers the rows of the file from 1, unreadable ones included.
    """

    first: int
    lines: np.ndarray
    columns: list[pa.Array]
    faults: list[Fault]

    @property
    def rows(self) -> int:
        """How many rows of the file this block stands for."""
        return len(self.lines) + len(self.faults)


class Table(Protocol):
    """An open file."""

    header: list[str]

    @property
    def encoding(self) -> str:
        """The encoding as far as it is known."""
        ...

    def blocks(self) -> Iterator[Block]:
        """The rows, in blocks that are the same every time the file is read."""
        ...

    def fraction(self) -> float:
        """How much of the file was read so far, 0 to 1."""
        ...

    def close(self) -> None:
        """The file is closed."""
        ...


def arrays(rows: list[list[str]], width: int) -> list[pa.Array]:
    """Rows of cells as one text array a column."""
    if not rows:
        return [pa.array([], pa.string()) for _ in range(width)]
    return [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]


def checked_header(cells: list[str]) -> list[str]:
    """The header with its blanks cut; BadFile when it cannot be one."""
    header = [" ".join(cell.split()) for cell in cells]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise BadFile("empty_file")
    if len(header) > MAX_COLUMNS:
        raise BadFile("too_many_columns", found=len(header), most=MAX_COLUMNS)
    named = [name for name in header if name]
    for name in named:
        if named.count(name) > 1:
            raise BadFile("duplicate_column", column=name[:80])
    return header
