"""Who did what: row triggers on tracked tables, and events written by ``record``.

``audited()`` in a model's ``Meta.triggers`` writes one entry for each row inserted, updated or
deleted, whatever wrote it: a form, a bulk update, raw SQL or COPY. Who acts is told to the
database once a request or job by ``acting``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.apps import apps
from django.db import connection, models
from django.http import HttpRequest

if TYPE_CHECKING:
    from crm.core.models import AuditEntry, User

_SETTING = "crm.acting"  # actor|role|unit|request id
_request_id: ContextVar[str] = ContextVar("request_id", default="")


class RowTrigger(pgtrigger.Trigger):
    """Writes one audit entry a row, with the names of the columns that changed."""

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    declare = [("changed", "text[]"), ("acting", "text"), ("key", "text")]

    def __init__(self, *, columns: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> None:
        super().__init__(name="audited")
        self.columns = columns
        self.exclude = exclude

    def get_func(self, model: type[models.Model]) -> str:
        """The body of the trigger for this model's columns."""
        table = model._meta.db_table
        old, new = self._key(model, "OLD"), self._key(model, "NEW")
        tests = ", ".join(
            f'CASE WHEN NEW."{name}" IS DISTINCT FROM OLD."{name}" THEN \'{name}\' END'
            for name in self._tracked(model)
        )
        return f"""
            IF TG_OP = 'UPDATE' THEN
                changed := array_remove(ARRAY[{tests}]::text[], NULL);
                IF changed = '{{}}' THEN RETURN NULL; END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN key := {old}; ELSE key := {new}; END IF;
            acting := coalesce(current_setting('{_SETTING}', true), '');
            INSERT INTO core_auditentry
                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)
            VALUES (clock_timestamp(), 'row', lower(TG_OP),
                nullif(split_part(acting, '|', 1), '')::bigint, split_part(acting, '|', 2),
                nullif(split_part(acting, '|', 3), '')::bigint, split_part(acting, '|', 4),
                '{table}', key, changed);
            RETURN NULL;
        """

    def _key(self, model: type[models.Model], row: str) -> str:
        """The key of the row; the parts of a composite key stand between commas."""
        parts = [f'{row}."{field.column}"' for field in model._meta.pk_fields]
        return parts[0] if len(parts) == 1 else f"concat_ws(',', {', '.join(parts)})"

    def _tracked(self, model: type[models.Model]) -> list[str]:
        """Column names: those given, else all but bookkeeping ones."""
        fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        if self.columns:
            return [str(f.column) for f in fields if f.name in self.columns]
        skipped = {"created_at", "updated_at", "search", "bigrams", *self.exclude}
        return [str(f.column) for f in fields if f.name not in skipped and not f.generated]


def audited(*, columns: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> RowTrigger:
    """The audit trigger for a model's ``Meta.triggers``; updates of other columns leave none."""
    return RowTrigger(columns=columns, exclude=exclude)


def request_id() -> str:
    """The id of the request or job at hand."""
    return _request_id.get()


@contextmanager
def request_named(name: str) -> Iterator[None]:
    """Entries inside carry this request id."""
    token = _request_id.set(name)
    try:
        yield
    finally:
        _request_id.reset(token)


@contextmanager
def acting(user: User | None, name: str = "") -> Iterator[None]:
    """Row triggers inside name this user, in this role, for this request or job."""
    who = f"{user.pk}|{user.role}|{user.branch_id}" if user else "||"
    with request_named(name):
        _tell(f"{who}|{name}")
        try:
            yield
        finally:
            if connection.connection is not None and not connection.needs_rollback:
                _tell("")


def _tell(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [_SETTING, value])


def record(by: User | None, event: str, obj: models.Model | None = None, **details: Any) -> None:
    """An event entry for ``obj``, in the caller's transaction. Never pass a sensitive value."""
    _write("event", by, event, obj, details)


def record_read(by: User, event: str, obj: models.Model | None = None, **details: Any) -> None:
    """A read entry: a customer page seen, a field revealed, rows exported."""
    _write("read", by, event, obj, details)


def record_event(
    event: str, *, actor: User | None, request: HttpRequest | None = None, **details: Any
) -> None:
    """An event of signing in or refusing, with the address it came from."""
    if request is not None:
        details["ip"] = request.META.get("REMOTE_ADDR", "")
    _write("event", actor, event, None, details)


def record_refusal(request: HttpRequest, ability: str) -> None:
    """A signed-in user asked for a page outside the role."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        record_event("core.refused", actor=user, request=request, path=request.path, can=ability)


def _write(
    kind: str, by: User | None, event: str, obj: models.Model | None, details: dict[str, Any]
) -> None:
    entries: type[AuditEntry] = apps.get_model("core", "AuditEntry")
    entry = entries(
        kind=kind,
        event=event,
        actor=by,
        role=by.role if by else "",
        unit_id=by.branch_id if by else None,
        request_id=request_id(),
        table_name=obj._meta.db_table if obj else "",
        row_pk=str(obj.pk) if obj else "",
        details=details or None,
    )
    entries.objects.bulk_create([entry])
