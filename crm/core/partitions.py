"""Tables cut by month: a migration operation, and the months made ahead of time.

After a ``CreateModel`` put ``PartitionByRange("AuditEntry", "at")`` into a migration (it also
works later on a filled table). The column may be a date, a time, or a month number (``ym``).
The key of the database then includes the column; Django keeps its simple ``id``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.utils import timezone

from crm.core.months import month_start, ym_of


class PartitionByRange(Operation):
    """The model's table is range-partitioned on ``column``, with a default partition."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, column: str) -> None:
        self.model_name = model_name
        self.column = column

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The model stays as it is."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """The table is rebuilt as a partitioned one, its rows, indexes and triggers kept."""
        model = to_state.apps.get_model(app_label, self.model_name)
        column = model._meta.get_field(self.column).column
        for statement in _rebuild(schema_editor, model._meta.db_table, column):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, *args: Any) -> None:
        """A partitioned table serves the same model: nothing to do."""

    def describe(self) -> str:
        return f"Partition {self.model_name} by {self.column}"

    @property
    def migration_name_fragment(self) -> str:
        return f"partition_{self.model_name.lower()}"


def _rebuild(editor: BaseDatabaseSchemaEditor, table: str, column: str) -> list[str]:
    """The statements that replace a plain table by a partitioned one of the same name."""
    quoted, plain = f'"{table}"', f'"{table}_plain"'
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f') ORDER BY contype DESC",
            [quoted],
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index i WHERE indrelid = %s::regclass "
            "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid "
            "AND c.contype IN ('p', 'u'))",
            [quoted],
        )
        indexes = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
            "WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [quoted],
        )
        triggers = [row[0] for row in cursor.fetchall()]
        columns = ", ".join(f'"{name}"' for name in _own_columns(cursor, table))
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''",
            [quoted],
        )
        counters = [row[0] for row in cursor.fetchall()]
    copied = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING IDENTITY"
    return [
        f"ALTER TABLE {quoted} RENAME TO {plain}",
        f'CREATE TABLE {quoted} (LIKE {plain} {copied}) PARTITION BY RANGE ("{column}")',
        f'CREATE TABLE "{table}_default" PARTITION OF {quoted} DEFAULT',
        f"INSERT INTO {quoted} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {plain}",
        *(_restarted(table, name) for name in counters),
        f"DROP TABLE {plain}",
        *(
            f'ALTER TABLE {quoted} ADD CONSTRAINT "{name}" {_with_column(kind, text, column)}'
            for name, kind, text in constraints
        ),
        *indexes,
        *triggers,
    ]


def _restarted(table: str, column: str) -> str:
    """The counter of a column goes on behind the rows that were moved."""
    return (
        f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), "
        f'(SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"), false)'
    )


def _with_column(kind: str, text: str, column: str) -> str:
    """A key of a partitioned table must include the partition column."""
    if kind != "p" or f"{column}" in text.strip(")").split("(")[1].split(", "):
        return text
    return f'{text.rstrip(")")}, "{column}")'


def _own_columns(cursor: Any, table: str) -> list[str]:
    """The columns that are stored as given (not generated)."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass "
        "AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [f'"{table}"'],
    )
    return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Partitioned:
    """A table cut by month, as the database's own catalogue tells it."""

    table: str
    column: str
    type: str
    months: frozenset[int]

    def bound(self, ym: int) -> str:
        """The first value of month ``ym`` in the column's own type, as a literal."""
        if self.type in {"integer", "smallint", "bigint"}:
            return str(ym)
        first = month_start(ym)
        if self.type == "date":
            return f"'{first.isoformat()}'"
        return f"'{timezone.make_aware(datetime(first.year, first.month, 1)).isoformat()}'"


def partitioned_tables() -> list[Partitioned]:
    """Every table of this database that is cut by month."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
                   array_remove(array_agg(substring(k.relname FROM '_y(\\d{4}m\\d{2})$')), NULL)
            FROM pg_partitioned_table p
            JOIN pg_class c ON c.oid = p.partrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
            LEFT JOIN pg_inherits i ON i.inhparent = c.oid
            LEFT JOIN pg_class k ON k.oid = i.inhrelid
            WHERE p.partstrat = 'r' AND c.relnamespace = current_schema()::regnamespace
            GROUP BY 1, 2, 3 ORDER BY 1
            """
        )
        rows = cursor.fetchall()
    return [
        Partitioned(table, column, kind, frozenset(_ym_of_name(name) for name in names))
        for table, column, kind, names in rows
    ]


def _ym_of_name(name: str) -> int:
    return int(name[:4]) * 12 + int(name[5:]) - 1


def ensure_partitions(
    tables: Iterable[str] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    ahead: int = 3,
) -> list[str]:
    """Partitions exist from ``first`` (default: this month) to ``last`` (default: ``ahead``)."""
    low = ym_of(first or timezone.localdate())
    high = ym_of(last) if last else ym_of(timezone.localdate()) + ahead
    wanted = set(tables) if tables is not None else None
    made = []
    for cut in partitioned_tables():
        if wanted is None or cut.table in wanted:
            missing = [ym for ym in range(low, high + 1) if ym not in cut.months]
            made += [_make(cut, ym) for ym in missing]
    return made


def _make(cut: Partitioned, ym: int) -> str:
    """One month's partition; rows that waited in the default partition move into it."""
    first = month_start(ym)
    name = f"{cut.table}_y{first:%Y}m{first:%m}"
    low, high = cut.bound(ym), cut.bound(ym + 1)
    inside = f'"{cut.column}" >= {low} AND "{cut.column}" < {high}'
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [cut.table])
        cursor.execute("SELECT to_regclass(%s)", [f'"{name}"'])
        if cursor.fetchone()[0] is not None:
            return name
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{cut.table}_default" WHERE {inside})')
        waiting = cursor.fetchone()[0]
        if waiting:
            _set_aside(cursor, cut.table, inside)
        cursor.execute(
            f'CREATE TABLE "{name}" PARTITION OF "{cut.table}" FOR VALUES FROM ({low}) TO ({high})'
        )
        if waiting:
            columns = ", ".join(f'"{column}"' for column in _own_columns(cursor, cut.table))
            cursor.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
            cursor.execute(
                f'INSERT INTO "{name}" ({columns}) OVERRIDING SYSTEM VALUE '
                f"SELECT {columns} FROM set_aside"
            )
            cursor.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')
            cursor.execute("DROP TABLE set_aside")
    return name


def _set_aside(cursor: Any, table: str, inside: str) -> None:
    """The rows of one month, out of the default partition and into a temporary table."""
    cursor.execute(f'ALTER TABLE "{table}_default" DISABLE TRIGGER USER')
    cursor.execute(
        "CREATE TEMP TABLE set_aside ON COMMIT DROP AS "
        f'SELECT * FROM "{table}_default" WHERE {inside}'
    )
    cursor.execute(f'DELETE FROM "{table}_default" WHERE {inside}')
    cursor.execute(f'ALTER TABLE "{table}_default" ENABLE TRIGGER USER')
