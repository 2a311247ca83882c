"""CSV: plain blocks as vectors by Arrow, everything else row by row by the csv module.

A block is plain when it holds no quotation mark and every line has as many cells as the header.
Both ways give the same cells; the slow one also knows which rows are wrong, and why.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from customers.imports.cells import MAX_CELL
from customers.imports.readers.table import BadFile, Block, Fault, arrays, checked_header
from customers.imports.readers.text import OVERLONG, TextFile

DELIMITERS = ",\t;|"
_TOO_LONG = OVERLONG.decode().rstrip("\n")


class CsvTable:
    """An open CSV file."""

    def __init__(self, path: Path) -> None:
        self.file = TextFile(path)
        self._source = self.file.blocks()
        self._waiting: deque[bytes] = deque()
        self._line = 0  # lines consumed
        self._row = 0  # rows given, unreadable ones included
        try:
            self.delimiter = ","
            self.header = self._read_header()
        except BaseException:
            self.close()
            raise

    @property
    def encoding(self) -> str:
        """The encoding found so far."""
        return self.file.encoding

    def fraction(self) -> float:
        """How much of the file was read."""
        return self.file.fraction()

    def close(self) -> None:
        """The file is closed."""
        self.file.close()

    def _more(self) -> bytes | None:
        """The next block of lines, if there is one."""
        if self._waiting:
            return self._waiting.popleft()
        return next(self._source, None)

    def _read_header(self) -> list[str]:
        """The first line that is not blank, as cells; the rest waits."""
        while (data := self._more()) is not None:
            while data:
                end = data.find(b"\n") + 1 or len(data)
                line, data = data[:end], data[end:]
                self._line += 1
                if line.strip(b" \t\r\n,;|"):
                    if data:
                        self._waiting.appendleft(data)
                    return self._header_of(line)
        raise BadFile("empty_file")

    def _header_of(self, line: bytes) -> list[str]:
        text = line.decode("utf-8", errors="replace").strip("\r\n")
        if "\x00" in text:
            raise BadFile("not_a_table")
        outside = "".join(text.split('"')[::2])
        self.delimiter = max(DELIMITERS, key=outside.count)
        cells = next(csv.reader([text], delimiter=self.delimiter), [])
        return checked_header(cells)

    def blocks(self) -> Iterator[Block]:
        """The rows of the file."""
        while (data := self._more()) is not None:
            block = self._fast(data) or self._slow(data)
            self._row += block.rows
            if block.rows:
                yield block

    def _fast(self, data: bytes) -> Block | None:
        """The block as vectors, when every line is plain."""
        if b'"' in data or b"\x00" in data or "\ufffd".encode() in data:
            return None
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        names = [str(place) for place in range(len(self.header))]
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(data),
                pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
                pa_csv.ParseOptions(
                    delimiter=self.delimiter, quote_char=False, ignore_empty_lines=True
                ),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), check_utf8=False
                ),
            )
        except pa.ArrowInvalid:  # ragged lines: the slow way says which
            return None
        if table.num_rows != lines or _has_blank_row(table):
            return None
        first, self._line = self._line + 1, self._line + lines
        columns = [column.combine_chunks() for column in table.columns]
        return Block(self._row + 1, np.arange(first, first + lines), columns, [])

    def _slow(self, data: bytes) -> Block:
        """The block row by row; a quoted cell may run on into the following block."""
        source = _Lines(data, self._more)
        reader = csv.reader(source, delimiter=self.delimiter)
        rows: list[list[str]] = []
        lines: list[int] = []
        faults: list[Fault] = []
        while source.has_own():
            line = self._line + source.taken + 1
            try:
                cells = next(reader)
            except csv.Error as error:
                faults.append(_csv_fault(error, line, self._line + source.taken))
                continue
            except StopIteration:
                break
            if not any(cell.strip() for cell in cells):
                continue
            fault = self._fault(cells, line)
            if fault is None:
                rows.append(cells)
                lines.append(line)
            else:
                faults.append(fault)
        self._line += source.taken
        if rest := source.rest():
            self._waiting.appendleft(rest)
        width = len(self.header)
        return Block(self._row + 1, np.array(lines, dtype=np.int64), arrays(rows, width), faults)

    def _fault(self, cells: list[str], line: int) -> Fault | None:
        """What is wrong with the row as a whole; cells are padded or cut to the header."""
        width = len(self.header)
        if len(cells) == 1 and cells[0] == _TOO_LONG:
            return Fault(line, "line_too_long")
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            details: dict[str, str | int] = {"found": len(cells), "wanted": width}
            return Fault(line, "ragged", details, value=self.delimiter.join(cells)[:200])
        for place, cell in enumerate(cells):
            if len(cell) > MAX_CELL:
                size: dict[str, str | int] = {"length": len(cell), "most": MAX_CELL}
                return Fault(line, "cell_too_long", size, cell[:100], place)
            if "\ufffd" in cell:
                name: dict[str, str | int] = {"encoding": self.encoding.upper()}
                return Fault(line, "bad_encoding", name, cell[:100], place)
        return None


def _has_blank_row(table: pa.Table) -> bool:
    """Whether some row has nothing in any cell (lines of commas only)."""
    first = table.column(0)
    if not _any_blank(first):
        return False
    blank = [np.asarray(_blank(column)) for column in table.columns]
    return bool(np.logical_and.reduce(blank).any())


def _any_blank(column: pa.ChunkedArray) -> bool:
    return bool(np.asarray(_blank(column)).any())


def _blank(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.equal(pc.utf8_trim_whitespace(column), "")


def _csv_fault(error: csv.Error, line: int, last: int) -> Fault:
    """A cell that never ends, or a line break where none may be."""
    if "field larger" in str(error):
        return Fault(line, "quote_open", {"line": max(last, line)})
    return Fault(line, "stray_newline")


class _Lines:
    """The lines of a block for the csv module; runs on into the next one only inside a cell."""

    def __init__(self, data: bytes, more: object) -> None:
        self.taken = 0
        self._lines = deque(_split(data))
        self._own = len(self._lines)
        self._more = more

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if not self._lines:
            data = self._more()  # type: ignore[operator]
            if data is None:
                raise StopIteration
            self._lines.extend(_split(data))
        self.taken += 1
        return self._lines.popleft().decode("utf-8", errors="replace").removesuffix("\r") + "\n"

    def has_own(self) -> bool:
        """Whether lines of the block itself are left."""
        return self.taken < self._own

    def rest(self) -> bytes:
        """What was fetched from the next block and not used."""
        return b"\n".join(self._lines) + b"\n" if self._lines else b""


def _split(data: bytes) -> list[bytes]:
    return data.removesuffix(b"\n").split(b"\n")
