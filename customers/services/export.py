"""Customers as a file: with a reason, a watermark, a cap, C2 masked and formulas made harmless."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from crm.core.audit import record, record_read
from crm.core.errors import DomainError
from crm.core.jobs import Work, enqueue
from crm.core.masking import mask
from crm.core.models import Job, User
from crm.core.roles import Can
from customers.selectors.customer_list import customers_of, list_order, row_values
from customers.selectors.keyset import keyset_page
from customers.selectors.list_columns import ListColumn
from customers.selectors.list_filters import LIST_FILTERS
from customers.selectors.list_query import ListQuery, read_list_query
from customers.selectors.saved_list import chosen_columns

KIND = "customers.export"
ROW_CAP = 2_000  # DAT-4
CHUNK = 500
LEAST_REASON = 4
KEEP_DAYS = 7
FORMATS = ("xlsx", "csv")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|")


@transaction.atomic
def ask_export(
    *, by: User, query: str, columns: Sequence[str], file_format: str, reason: str
) -> Job:
    """A job that will write the list as this user sees it; asking is on record."""
    if not by.can(Can.EXPORT_CUSTOMERS):
        raise DomainError(_("Your role does not export customers."), status=403)
    reason = " ".join(reason.split())
    if len(reason) < LEAST_REASON:
        raise DomainError(_("Say in a few words what the file is for."), status=422)
    if file_format not in FORMATS:
        raise DomainError(_("Choose XLSX or CSV."), status=422)
    params = {
        "query": query.lstrip("?"),
        "columns": list(columns),
        "format": file_format,
        "reason": reason[:200],
        "language": translation.get_language() or settings.LANGUAGE_CODE,
    }
    job = enqueue(KIND, params, by=by, title=_("Export of customers"), priority=3)
    record(by, "customers.export_asked", job, query=params["query"], reason=params["reason"])
    return job


def write_export(work: Work) -> None:
    """The file of this job stands in its folder; written again it is the same file."""
    user, params = work.job.created_by, work.params
    if user is None or not user.can(Can.EXPORT_CUSTOMERS):
        raise DomainError(_("Your role does not export customers."), status=403)
    drop_old_files()
    with translation.override(params["language"]):
        query = read_list_query(QueryDict(params["query"]), filters=LIST_FILTERS.keys())
        columns = chosen_columns(params["columns"])
        path = export_path(work.job)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        head = [watermark(user, work.job, timezone.localtime())]
        rows = _rows(user, query, columns, work)
        count = _write(path, head, columns, rows)
    path.chmod(0o600)
    work.result |= {"rows": count, "is_capped": count >= ROW_CAP}
    record_read(
        user, "customers.exported", work.job, rows=count, query=params["query"],
        columns=[column.key for column in columns], reason=params["reason"],
    )  # fmt: skip


def export_path(job: Job) -> Path:
    """Where the file of a job stands."""
    return Path(settings.MEDIA_ROOT) / "exports" / f"{job.pk}.{job.params['format']}"


def finished_export(*, job_id: int, by: User) -> Job:
    """The user's own export; DoesNotExist for anything else."""
    job: Job = Job.objects.get(pk=job_id, kind=KIND, created_by=by)
    return job


def export_result(job: Job) -> dict[str, Any]:
    """How many rows were written, and whether the list is longer."""
    part = job.ranges.first()
    return {"rows": 0, "is_capped": False} | (part.result if part else {})


def record_download(job: Job, by: User) -> None:
    """Every download is on record."""
    record_read(by, "customers.export_downloaded", job)


def watermark(user: User, job: Job, now: datetime) -> str:
    """Who took the rows out, when, and under which number."""
    return _("%(bank)s · exported by %(name)s (%(login)s) at %(time)s · no. %(job)s") % {
        "bank": "惠客 CRM",
        "name": user.full_name,
        "login": user.username,
        "time": f"{now:%Y-%m-%d %H:%M:%S}",
        "job": job.pk,
    }


def harmless(value: Any) -> Any:
    """A text that a spreadsheet could take for a formula starts with an apostrophe."""
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value


def plain_value(column: ListColumn, row: dict[str, Any]) -> Any:
    """The value as a file shows it: codes in words, C2 masked whoever asks (DAT-4)."""
    value = row["name"] if column.key == "name" else row[column.path]
    if value in (None, ""):
        return ""
    if column.is_sensitive:
        return mask("amount", max(value, 0)) if column.kind == "money" else "****"
    if column.path == "legal_rep_name":
        return mask("person", value)
    names = dict(column.choices)
    if isinstance(value, list):
        return "、".join(str(names.get(code, code)) for code in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(names[value]) if value in names else value


def drop_old_files() -> None:
    """Files of more than a week ago are gone."""
    folder, oldest = Path(settings.MEDIA_ROOT) / "exports", time.time() - KEEP_DAYS * 86_400
    if folder.is_dir():
        for path in folder.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _rows(
    user: User, query: ListQuery, columns: Sequence[ListColumn], work: Work
) -> Iterator[list[Any]]:
    """The rows in the order of the list, up to the cap."""
    rows, order = customers_of(user=user, query=query), list_order(query.sort)
    place, left = None, ROW_CAP
    while left > 0:
        page = keyset_page(rows, order, size=min(CHUNK, left), place=place)
        for row in row_values(page.keys, columns):
            yield [harmless(plain_value(column, row)) for column in columns]
        left -= len(page.keys)
        work.advance(len(page.keys))
        if page.next is None:
            return
        place = page.next


def _write(
    path: Path, head: list[str], columns: Sequence[ListColumn], rows: Iterator[list[Any]]
) -> int:
    """The watermark, the heads, the rows, and the watermark again; returns the number of rows."""
    names = [harmless(str(column.label)) for column in columns]
    write = _write_xlsx if path.suffix == ".xlsx" else _write_csv
    return write(path, head, names, rows)


def _write_csv(path: Path, head: list[str], names: list[str], rows: Iterator[list[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([head, names])
        for count, row in enumerate(rows, start=1):  # noqa: B007
            writer.writerow(row)
        writer.writerow([*head, _end(count)])
    return count


def _write_xlsx(path: Path, head: list[str], names: list[str], rows: Iterator[list[Any]]) -> int:
    book = Workbook(write_only=True)
    book.properties.creator = head[0][:250]
    sheet = book.create_sheet(_("Customers"))
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = head[0]
    sheet.freeze_panes = "B3"
    sheet.append(head)
    sheet.append(names)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007
        sheet.append(row)
    sheet.append([*head, _end(count)])
    book.save(path)
    return count


def _end(count: int) -> str:
    if count >= ROW_CAP:
        return _("cut at %(cap)s rows") % {"cap": ROW_CAP}
    return _("%(count)s rows") % {"count": count}
