"""Files as tables of text: what the file is, is read from its bytes, never from its name."""

from __future__ import annotations

from pathlib import Path

from customers.imports.readers.csv_file import CsvTable
from customers.imports.readers.table import BadFile, Block, Fault, Table
from customers.imports.readers.workbook import WorkbookTable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TABLES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"MZ",
    b"BZh",
    b"\xfd7zXZ",
    b"{\\rtf",
    b"<!DOCTYPE",
    b"<html",
    b"<?xml",
)


def open_table(path: Path) -> Table:
    """The file, open at its first row; BadFile says why it is none."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise BadFile("empty_file")
    if head.startswith(_OLE):
        raise BadFile("old_excel")
    if head.startswith(b"PK"):
        return WorkbookTable(path)
    if b"%PDF-" in head[:1024]:
        raise BadFile("pdf")
    if head.startswith(_NOT_TABLES):
        raise BadFile("not_a_table")
    return CsvTable(path)


__all__ = ["BadFile", "Block", "Fault", "Table", "open_table"]
