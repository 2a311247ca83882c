"""Imports as they are shown: the list, one with its progress, errors, and what it changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.models import Branch, Job, User
from crm.core.roles import Can
from crm.core.words import Text
from customers.imports import KINDS, ImportKind
from customers.imports.sentences import sentence
from customers.models import ImportBatch, ImportChange, ImportRowError, TouchedMonth

SHOWN_ERRORS = 100
SHOWN_CHANGES = 50
COUNTED_UP_TO = 10_000
FAMILIES: tuple[tuple[str, Text], ...] = (
    ("parties", gettext_lazy("Customers and people")),
    ("lending", gettext_lazy("Holdings and lending")),
    ("monthly", gettext_lazy("Monthly figures")),
    ("records", gettext_lazy("Invoices, tax, bureau and public records")),
    ("market", gettext_lazy("Market and competitors")),
)


def import_list(*, kind: str = "", state: str = "") -> QuerySet[ImportBatch]:
    """All imports, newest first. They belong to the bank, not to a branch."""
    found = ImportBatch.objects.select_related("created_by")
    if kind:
        found = found.filter(kind=kind)
    return found.filter(state=state) if state else found


def import_detail(batch_id: int) -> ImportBatch:
    """One import with its job."""
    return ImportBatch.objects.select_related("created_by", "job").get(pk=batch_id)


def sees_rows(user: User) -> bool:
    """Whether the user may see cells of the files: who imports, and who sees the whole bank."""
    if user.can(Can.RUN_IMPORTS):
        return True
    root = Branch.objects.filter(parent=None).order_by("scope_lo").first()
    if root is None:
        return False
    return any(low <= root.scope_lo and high >= root.scope_hi for low, high in user.reach())


def kinds_by_family() -> list[tuple[Text, list[ImportKind]]]:
    """What can be imported, in the order it is best done."""
    return [(label, [k for k in KINDS if k.family == key]) for key, label in FAMILIES]


@dataclass(frozen=True)
class Progress:
    """How far a working import is."""

    label: str
    done: int
    share: float
    rate: float | None
    left: timedelta | None

    @property
    def percent(self) -> int:
        """Of the file, 0 to 100."""
        return round(self.share * 100)


def progress_of(batch: ImportBatch) -> Progress:
    """Rows, rate and remaining time, by the share of the file that was read."""
    seconds = (timezone.now() - batch.started_at).total_seconds() if batch.started_at else 0
    rate = batch.read_rows / seconds if seconds > 1 and batch.read_rows else None
    left = None
    if rate and 0 < batch.fraction < 1:
        left = timedelta(seconds=round(seconds * (1 - batch.fraction) / batch.fraction))
    return Progress(batch.get_state_display(), batch.read_rows, batch.fraction, rate, left)


def problem_of(batch: ImportBatch) -> str:
    """Why the import failed or stopped, as a sentence; empty when it did not."""
    code = batch.problem.get("code", "")
    return sentence(code, batch.problem.get("details", {})) if code else ""


@dataclass(frozen=True)
class RowError:
    """A refused row, or a remark on one that was loaded."""

    line: int
    column: str
    value: str
    sentence: str
    is_remark: bool


def row_errors(batch: ImportBatch, *, limit: int = SHOWN_ERRORS) -> list[RowError]:
    """The first errors, refusals before remarks, in the reader's language."""
    rows = ImportRowError.objects.filter(batch=batch).order_by("is_remark", "line", "pk")
    return [
        RowError(row.line, row.column, row.value, sentence(row.code, row.details), row.is_remark)
        for row in rows[:limit]
    ]


@dataclass(frozen=True)
class Changed:
    """One field of a row before and after an import."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedRow:
    """A row that an import changed, with what is different now."""

    row: int | None
    key: str
    fields: list[Changed]


_HIDDEN = frozenset(
    {
        "batch_id",
        "batch_row",
        "updated_at",
        "updated_by_id",
        "version",
        "mobile_ciphertext",
        "mobile_digest",
        "name_pinyin",
        "name_initials",
        "scope_no",
    }
)


def changed_rows(batch: ImportBatch, *, limit: int = SHOWN_CHANGES) -> list[ChangedRow]:
    """What the import changed: each row's fields as they were and as they are."""
    found: list[ChangedRow] = []
    changes = ImportChange.objects.filter(batch=batch).order_by("pk")[:limit]
    tables: dict[str, list[ImportChange]] = {}
    for change in changes:
        tables.setdefault(change.table, []).append(change)
    for table, rows in tables.items():
        found += _changed_in(table, rows)
    return found


def _changed_in(table: str, rows: list[ImportChange]) -> list[ChangedRow]:
    spec = next((kind for kind in KINDS if kind.table == table), None)
    if spec is None:
        return []
    keys = spec.key_columns
    same = " AND ".join(f't."{key}" = p."{key}"' for key in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT c.id, to_jsonb(t) FROM "{ImportChange._meta.db_table}" c, '
            f'jsonb_populate_record(NULL::"{table}", c.before) p, "{table}" t '
            f"WHERE c.id = ANY(%s) AND {same}",
            [[row.pk for row in rows]],
        )
        now = {pk: _loaded(value) for pk, value in cursor.fetchall()}
    return [_changed_row(spec, row, now.get(row.pk, {})) for row in rows]


def _loaded(value: Any) -> dict[str, Any]:
    return json.loads(value) if isinstance(value, str) else dict(value)


def _changed_row(spec: ImportKind, row: ImportChange, now: Mapping[str, Any]) -> ChangedRow:
    fields = [
        Changed(_label(spec, name), _shown(before), _shown(now.get(name)))
        for name, before in row.before.items()
        if name not in _HIDDEN and now.get(name) != before
    ]
    return ChangedRow(row.row, " · ".join(str(part) for part in row.key if part != ""), fields)


def _label(spec: ImportKind, name: str) -> str:
    column = spec.by_key.get(name)
    if column is not None:
        return column.label
    try:
        field = spec.model._meta.get_field(name.removesuffix("_id"))
    except FieldDoesNotExist:
        return name
    return str(getattr(field, "verbose_name", name))


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


def portraits_waiting() -> int:
    """How many customers wait for a fresh portrait; counted up to a bound."""
    ids = TouchedMonth.objects.order_by().values("customer_id")[:COUNTED_UP_TO]
    return len({row["customer_id"] for row in ids})


def refresh_job() -> Job | None:
    """The refresh of portraits that waits or runs."""
    open_jobs = Job.objects.filter(kind="portraits.refresh", state__in=("waiting", "running"))
    return open_jobs.order_by("pk").first()
