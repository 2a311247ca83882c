"""XLSX as a stream: one pass over the sheet's XML, nothing of it kept but the current rows.

Cells are data: a formula counts as the value stored with it. Bounds are checked before and while
unpacking, so that bombs, far cells and declared entities end in a sentence, not in memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO
from xml.parsers import expat

import numpy as np

from customers.imports.cells import MAX_CELL
from customers.imports.readers.table import (
    BLOCK_ROWS,
    MAX_COLUMNS,
    BadFile,
    Block,
    Fault,
    arrays,
    checked_header,
)

MAX_UNPACKED = 2 << 30
MAX_RATIO = 120
MAX_ENTRIES = 2_000
MAX_STRINGS = 300 << 20  # bytes of shared strings, unpacked
_PIECE = 1 << 18
_REF = re.compile(r"([A-Z]{1,3})(\d+)")


def guarded(path: Path) -> zipfile.ZipFile:
    """The archive, when it is a workbook without macros that unpacks to a sane size."""
    try:
        book = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadFile("broken_workbook") from error
    entries = book.infolist()
    names = {entry.filename for entry in entries}
    try:
        if any(entry.flag_bits & 1 for entry in entries):
            raise BadFile("old_excel")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise BadFile("macros")
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            raise BadFile("not_a_table")
        total = sum(entry.file_size for entry in entries)
        packed = max(sum(entry.compress_size for entry in entries), 1 << 14)
        if len(entries) > MAX_ENTRIES or total > min(MAX_UNPACKED, packed * MAX_RATIO):
            raise BadFile("unpacks_too_big", most=min(MAX_UNPACKED, packed * MAX_RATIO) >> 20)
    except BadFile:
        book.close()
        raise
    return book


class _Xml:
    """An expat parser that refuses document types and entities."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.is_over = False

    @staticmethod
    def _refuse(*args: object) -> None:
        raise BadFile("entities")

    def feed(self) -> bool:
        """One more piece is parsed; False at the end."""
        if self.is_over:
            return False
        try:
            data = self.stream.read(_PIECE)
            self.parser.Parse(data, not data)
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise BadFile("broken_workbook") from error
        self.is_over = not data
        return bool(data)


@lru_cache(maxsize=256)
def local(name: str) -> str:
    """The tag without its namespace."""
    return name.rpartition(" ")[2]


def shared_strings(book: zipfile.ZipFile) -> list[str]:
    """The strings that cells point to."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    if book.getinfo("xl/sharedStrings.xml").file_size > MAX_STRINGS:
        raise BadFile("unpacks_too_big", most=MAX_STRINGS >> 20)
    found: list[str] = []
    parts: list[str] = []
    inside = [0, 0]  # in a text, in a reading aid (phonetic text is not the cell's)

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        inside[0] = tag == "t"
        inside[1] += tag == "rPh"

    def end(name: str) -> None:
        tag = local(name)
        inside[0] = 0
        inside[1] -= tag == "rPh"
        if tag == "si":
            found.append("".join(parts))
            parts.clear()

    def text(data: str) -> None:
        if inside[0] and not inside[1]:
            parts.append(data)

    with book.open("xl/sharedStrings.xml") as stream:
        xml = _Xml(stream)
        xml.parser.StartElementHandler, xml.parser.EndElementHandler = start, end
        xml.parser.CharacterDataHandler = text
        while xml.feed():
            pass
    return found


def first_sheet(book: zipfile.ZipFile) -> str:
    """The archive's name of the first visible sheet."""
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            raise BadFile("date_1904")
        if local(name) == "sheet" and attributes.get("state", "visible") == "visible":
            ids = [value for key, value in attributes.items() if local(key) == "id"]
            sheets.append((attributes.get("name", ""), ids[0] if ids else ""))

    def target(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    for entry, handler in (("xl/workbook.xml", sheet), ("xl/_rels/workbook.xml.rels", target)):
        if entry not in book.namelist():
            raise BadFile("broken_workbook")
        with book.open(entry) as stream:
            xml = _Xml(stream)
            xml.parser.StartElementHandler = handler
            while xml.feed():
                pass
    for _name, key in sheets:
        path = targets.get(key, "")
        path = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
        if path in book.namelist() and "worksheets/" in path:
            return path
    raise BadFile("no_sheet")


def column_number(letters: str) -> int:
    """A is 0, XFD is 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Row:
    """The cells of the row being read."""

    def __init__(self) -> None:
        self.line = 0
        self.cells: dict[int, str] = {}
        self.fault: tuple[str, int, dict[str, str | int], str] | None = None


class SheetParser:
    """The rows of one sheet's XML as they come."""

    def __init__(self, stream: IO[bytes], strings: list[str]) -> None:
        self.strings = strings
        self.rows: list[_Row] = []
        self._xml = _Xml(stream)
        parser = self._xml.parser
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        self._row = _Row()
        self._kind = ""
        self._place = 0
        self._parts: list[str] = []
        self._in_value = self._has_formula = self._in_aid = False

    def more(self) -> list[_Row] | None:
        """The rows of the next piece; None at the end."""
        alive = self._xml.feed()
        rows, self.rows = self.rows, []
        return rows if alive or rows else None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            self._cell(attributes)
        elif tag in {"v", "t"}:
            self._in_value = not self._in_aid
        elif tag == "row":
            line = self._row.line + 1
            self._row = _Row()
            self._row.line = (
                int(attributes.get("r", line)) if attributes.get("r", "").isdigit() else line
            )
        elif tag == "f":
            self._has_formula = True
        elif tag == "rPh":
            self._in_aid = True

    def _cell(self, attributes: dict[str, str]) -> None:
        place = self._place + 1
        reference = _REF.fullmatch(attributes.get("r", ""))
        if reference:
            place = column_number(reference.group(1))
        self._place, self._kind = place, attributes.get("t", "n")
        self._parts.clear()
        self._has_formula = False

    def _text(self, data: str) -> None:
        if self._in_value:
            self._parts.append(data)

    def _end(self, name: str) -> None:
        tag = local(name)
        if tag in {"v", "t"}:
            self._in_value = False
        elif tag == "c":
            self._keep("".join(self._parts))
        elif tag == "rPh":
            self._in_aid = False
        elif tag == "row":
            self._place = -1
            if self._row.cells or self._row.fault:
                self.rows.append(self._row)

    def _keep(self, raw: str) -> None:
        """The cell's value as text, or what is wrong with it."""
        if raw == "":
            if self._has_formula:
                self._row.fault = ("formula_without_value", self._place, {}, "")
            return
        if self._place >= MAX_COLUMNS:
            place = f"{self._place + 1}/{self._row.line}"
            raise BadFile("far_cell", place=place)
        value = self._value(raw)
        if len(value) > MAX_CELL:
            size: dict[str, str | int] = {"length": len(value), "most": MAX_CELL}
            self._row.fault = ("cell_too_long", self._place, size, value[:100])
        elif value.strip():
            self._row.cells[self._place] = value

    def _value(self, raw: str) -> str:
        if self._kind == "s":
            try:
                return self.strings[int(raw)]
            except (ValueError, IndexError) as error:
                raise BadFile("broken_workbook") from error
        if self._kind == "n":
            return plain_number(raw)
        if self._kind == "e":
            self._row.fault = ("error_cell", self._place, {}, raw[:40])
        return raw


def plain_number(raw: str) -> str:
    """A stored number with the fifteen digits a spreadsheet shows, without an exponent."""
    if len(raw) <= 15 and "E" not in raw and "e" not in raw:
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    short = f"{value:.15g}"
    if "e" in short:
        return format(value, "f") if 1e-7 < abs(value) < 1e15 else short
    return short


class WorkbookTable:
    """An open workbook."""

    encoding = "xlsx"

    def __init__(self, path: Path) -> None:
        self._book = guarded(path)
        try:
            name = first_sheet(self._book)
            self._size = max(self._book.getinfo(name).file_size, 1)
            strings = shared_strings(self._book)
            self._stream = self._book.open(name)
            self._sheet = SheetParser(self._stream, strings)
            self._waiting: list[_Row] = []
            self.header = self._read_header()
        except BaseException:
            self.close()
            raise

    def fraction(self) -> float:
        """How much of the sheet was read."""
        return min(self._stream.tell() / self._size, 1.0)

    def close(self) -> None:
        """The archive is closed."""
        self._book.close()

    def _read_header(self) -> list[str]:
        while (rows := self._sheet.more()) is not None:
            if rows:
                head, self._waiting = rows[0], rows[1:]
                width = max(head.cells, default=-1) + 1
                return checked_header([head.cells.get(place, "") for place in range(width)])
        raise BadFile("empty_file")

    def blocks(self) -> Iterator[Block]:
        """The rows below the header, ``BLOCK_ROWS`` at a time."""
        first, waiting = 1, self._waiting
        self._waiting = []
        while True:
            while len(waiting) < BLOCK_ROWS and (rows := self._sheet.more()) is not None:
                waiting += rows
            if not waiting:
                return
            block = self._block(first, waiting[:BLOCK_ROWS])
            waiting = waiting[BLOCK_ROWS:]
            first += block.rows
            yield block

    def _block(self, first: int, rows: list[_Row]) -> Block:
        width = len(self.header)
        good: list[list[str]] = []
        lines: list[int] = []
        faults: list[Fault] = []
        for row in rows:
            far = max(row.cells, default=0)
            if row.fault is not None:
                code, place, details, value = row.fault
                faults.append(Fault(row.line, code, details, value, place))
            elif far >= width:
                faults.append(Fault(row.line, "ragged", {"found": far + 1, "wanted": width}))
            else:
                good.append([row.cells.get(place, "") for place in range(width)])
                lines.append(row.line)
        return Block(first, np.array(lines, dtype=np.int64), arrays(good, width), faults)
