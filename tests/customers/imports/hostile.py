"""A corpus of files that mean harm, or look as if; built here, byte by byte, for the tests."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

HEADER = ["客户编号", "月份", "参保人数"]
CONTENT = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
BOOK = (
    '<?xml version="1.0"?>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELS = (
    '<?xml version="1.0"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="x" Target="worksheets/sheet1.xml"/></Relationships>'
)
SHEET = (
    '{prolog}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)
HEAD_ROW = (
    '<row r="1">'
    + "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for letter, name in zip("ABC", HEADER, strict=True)
    )
    + "</row>"
)


def csv_bytes(*rows: list[str], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The header and the rows, cells unquoted."""
    lines = [delimiter.join(row) for row in (HEADER, *rows)]
    return ("\n".join(lines) + "\n").encode(encoding)


def xlsx_bytes(*rows: list[object], header: list[str] = HEADER) -> bytes:
    """A workbook as a spreadsheet program writes it."""
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def raw_xlsx(rows: str, *, prolog: str = '<?xml version="1.0"?>', **more: bytes | str) -> bytes:
    """A workbook with exactly this sheet XML, and with more entries."""
    buffer = io.BytesIO()
    sheet = SHEET.format(prolog=prolog, rows=rows)
    entries: dict[str, bytes | str] = {
        "[Content_Types].xml": CONTENT,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (entries | more).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _entities() -> bytes:
    lines = ['<!ENTITY a0 "dos">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    prolog = f'<?xml version="1.0"?><!DOCTYPE x [{"".join(lines)}]>'
    cell = '<row r="2"><c r="A2" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    return raw_xlsx(HEAD_ROW + cell, prolog=prolog)


def _external_entity() -> bytes:
    prolog = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    cell = '<row r="2"><c r="A2" t="inlineStr"><is><t>&e;</t></is></c></row>'
    return raw_xlsx(HEAD_ROW + cell, prolog=prolog)


def _encrypted_zip() -> bytes:
    data = bytearray(raw_xlsx(HEAD_ROW))
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


# name: (the bytes, the code of the sentence that refuses the file)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty_file"),
    "only blanks": (lambda: b" \n\r\n \t\n", "empty_file"),
    "only a mark": (lambda: b"\xef\xbb\xbf", "empty_file"),
    "pdf renamed to csv": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "pdf"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "not_a_table"),
    "web page": (lambda: b"<!DOCTYPE html><html></html>", "not_a_table"),
    "encrypted workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "old_excel"),
    "zip with a password": (_encrypted_zip, "old_excel"),
    "macros": (
        lambda: raw_xlsx(HEAD_ROW, **{"xl/vbaProject.bin": b"Sub AutoOpen()"}),
        "macros",
    ),
    "zip bomb": (
        lambda: raw_xlsx(HEAD_ROW, **{"xl/media/bomb.bin": bytes(64 << 20)}),
        "unpacks_too_big",
    ),
    "other zip": (lambda: _zip_of("readme.txt", b"hello"), "not_a_table"),
    "truncated zip": (lambda: raw_xlsx(HEAD_ROW)[:300], "broken_workbook"),
    "broken xml": (lambda: raw_xlsx(HEAD_ROW + "<row><c></row>"), "broken_workbook"),
    "entity expansion": (_entities, "entities"),
    "external entity": (_external_entity, "entities"),
    "far cell": (
        lambda: raw_xlsx(HEAD_ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "far_cell",
    ),
    "gzip bomb": (
        lambda: gzip.compress(csv_bytes() + b"0" * (1 << 20) + b"\n" + bytes(64 << 20)),
        "unpacks_too_big",
    ),
    "broken gzip": (
        lambda: gzip.compress(csv_bytes(*([str(n * n), "2026-01", "3"] for n in range(50_000))))[
            :-900
        ],
        "broken_gzip",
    ),
    "duplicate column": (lambda: "月份,客户编号,月份\n1,2,3\n".encode(), "duplicate_column"),
    "thousand columns": (
        lambda: (",".join(f"c{n}" for n in range(1000)) + "\n").encode(),
        "too_many_columns",
    ),
    "days from 1904": (
        lambda: raw_xlsx(
            HEAD_ROW,
            **{"xl/workbook.xml": BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')},
        ),
        "date_1904",
    ),
    "no encoding at all": (lambda: csv_bytes() + b"\xff\xfe\xff,\xff\x80\xff,1\n" * 50, "encoding"),
}


def _zip_of(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def write(folder: Path, data: bytes, name: str = "file") -> Path:
    """The bytes as a file."""
    path = folder / name
    path.write_bytes(data)
    return path
