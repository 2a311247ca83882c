"""Imports made short for tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.core.models import User
from customers.models import ImportBatch
from customers.services import imports
from tests.factories import head_office

COUNTS = ("read_rows", "created_rows", "updated_rows", "unchanged_rows", "rejected_rows")
INVOICE_HEADER = "客户编号,进销方向,发票代码,发票号码,开票日期,对方名称,金额,税额,是否作废"


def invoice(number: int | str, **other: Any) -> str:
    """One invoice as a line of a file."""
    cells = {
        "customer": "C1",
        "side": "销项",
        "code": "",
        "number": number,
        "day": "2026-01-15",
        "name": "买方甲",
        "net": "100.00",
        "tax": "13.00",
        "void": "否",
    } | other
    return ",".join(str(cell) for cell in cells.values())


def csv(*lines: str, header: str = INVOICE_HEADER) -> bytes:
    """A file of these lines."""
    return "\n".join((header, *lines, "")).encode()


def upload(
    data: bytes, kind: str = "invoices", *, by: User | None = None, **more: Any
) -> ImportBatch:
    """The file, taken in."""
    head_office()
    return imports.upload(by=by, kind=kind, name="test.csv", pieces=[data], **more)


def run(batch: ImportBatch, progress: Any = lambda rows: None) -> ImportBatch:
    """The batch, loaded here and now."""
    imports.begin_run(batch.pk, None)
    return imports.run_batch(batch.pk, progress)


def load(data: bytes, kind: str = "invoices", **more: Any) -> ImportBatch:
    """The file, taken in and loaded."""
    return run(upload(data, kind, **more))


def check(data: bytes, kind: str = "invoices", **more: Any) -> ImportBatch:
    """The file, taken in and checked."""
    batch = upload(data, kind, **more)
    imports.begin_check(batch.pk, None)
    return imports.check_batch(batch.pk, lambda rows: None)


def counts(batch: ImportBatch) -> tuple[int, ...]:
    """Read, created, updated, unchanged, rejected."""
    batch.refresh_from_db()
    return tuple(getattr(batch, name) for name in COUNTS)


def errors(batch: ImportBatch) -> list[tuple[int, str]]:
    """Lines and codes of what was refused."""
    rows: Iterable[Any] = batch.errors.filter(is_remark=False).order_by("line", "pk")
    return [(error.line, error.code) for error in rows]
