"""Files that go out: a template per kind with sample rows, and the errors of an import.

Cells are data for whoever opens them: what a spreadsheet would run as a formula is marked as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from customers.imports import KINDS, ImportKind
from customers.imports.sentences import sentence
from customers.models import ImportBatch, ImportRowError
from customers.services.imports.rows import RowFault

CSV, XLSX = "csv", "xlsx"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX_ROWS = 1_000_000


def harmless(text: str) -> str:
    """The text, marked with an apostrophe when a spreadsheet would take it for a formula."""
    if not text.startswith(_STARTS_A_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def _printable(text: str) -> str:
    """Without the characters that a workbook cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")


def csv_lines(rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """The rows as CSV that spreadsheets open as UTF-8."""
    yield b"\xef\xbb\xbf"
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def workbook(
    rows: Iterable[Iterable[str]], *, title: str, notes: Iterable[Iterable[str]] = ()
) -> bytes:
    """The rows as a workbook, every cell text, the first row bold; ``notes`` on a second sheet."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, lines in ((title, rows), (_("Notes"), notes)):
        first, sheet = True, None
        for row in lines:
            sheet = sheet or book.create_sheet(name[:30])
            sheet.append([_text_cell(sheet, cell, bold=first) for cell in row])
            first = False
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _text_cell(sheet: Any, text: str, *, bold: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=_printable(text))
    cell.data_type = "s"  # never a formula, whatever it begins with
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def template_rows(kind: ImportKind) -> list[list[str]]:
    """Chinese headers, needed columns first marked with a star, and the sample rows."""
    header = [("*" if column.required else "") + column.zh for column in kind.columns]
    count = max((len(column.samples) for column in kind.columns), default=0)
    rows = [
        [column.samples[place] if place < len(column.samples) else "" for column in kind.columns]
        for place in range(count)
    ]
    return [header, *rows]


def _template_notes(kind: ImportKind) -> Iterator[list[str]]:
    """What each column holds."""
    yield ["列名", "英文名", "必填", "内容", "说明"]
    for column in kind.columns:
        needed = "是" if column.required else ""
        note = column.note_zh
        labels = getattr(column.type, "labels", None)
        if labels is not None:
            with translation.override("zh-hans"):
                note = " / ".join(filter(None, (note, "、".join(labels()))))
        yield [column.zh, column.en, needed, column.type.hint_zh, note]


def template_file(kind: str, *, form: str) -> bytes:
    """The template of a kind as CSV or XLSX."""
    spec = KINDS[kind]
    rows = template_rows(spec)
    if form == XLSX:
        return workbook(rows, title=spec.zh, notes=_template_notes(spec))
    return b"".join(csv_lines(rows))


def error_rows(batch: ImportBatch) -> Iterator[list[str]]:
    """Line, column, value and sentence, in the reader's language."""
    yield [_("Line"), _("Column"), _("Value"), _("What is wrong"), _("Loaded")]
    errors = ImportRowError.objects.filter(batch=batch).order_by("line", "pk")
    for error in errors.iterator(chunk_size=5000):
        yield [
            str(error.line),
            error.column,
            error.value,
            sentence(error.code, error.details),
            _("Yes") if error.is_remark else _("No"),
        ]


def error_file(batch: ImportBatch, *, form: str, language: str = "") -> Iterable[bytes]:
    """The errors of a batch as CSV (in pieces) or XLSX; pieces are made after the request."""
    language = language or translation.get_language() or "zh-hans"
    if form == XLSX:
        with translation.override(language):
            rows = (row for _n, row in zip(range(XLSX_ROWS), error_rows(batch), strict=False))
            return [workbook(rows, title=_("Errors"))]
    return _in_language(csv_lines(error_rows(batch)), language)


def _in_language(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Each piece is made in this language, wherever the reader of the stream runs."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def sentence_of(fault: RowFault) -> str:
    """The sentence of a fault, in the reader's language."""
    return sentence(fault.code, fault.details)
