"""Replacing a whole table: write ``<table>_new``, index it, and swap it in, in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import connection

SAMPLED = 10  # a tenth of the usual statistics: a portrait has hundreds of columns


def begin_new(table: str, note: str = "") -> None:
    """An empty ``<table>_new`` of the same shape, without indexes; a leftover one is dropped."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS "{table}_new"')
        cursor.execute(
            f'CREATE TABLE "{table}_new" '
            f'(LIKE "{table}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)'
        )
        cursor.execute(f'COMMENT ON TABLE "{table}_new" IS %s', [note])


def note_of_new(table: str) -> str | None:
    """What ``begin_new`` noted, or None when no new table is being written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(obj_description(to_regclass(%s)::oid, 'pg_class'), '') "
            "WHERE to_regclass(%s) IS NOT NULL",
            [f'"{table}_new"'] * 2,
        )
        row = cursor.fetchone()
    return row[0] if row else None


def swap_in(table: str) -> None:
    """The new table takes the old one's name, indexes and key; call it inside a transaction."""
    with connection.cursor() as cursor:
        key, indexes = _shape(cursor, table)
        for name, definition in indexes:
            cursor.execute(_on_new(definition, name, table))
        cursor.execute(f"SET LOCAL default_statistics_target = {SAMPLED}")
        cursor.execute(f'ANALYZE "{table}_new"')
        cursor.execute(f'DROP TABLE "{table}"')
        cursor.execute(f'ALTER TABLE "{table}_new" RENAME TO "{table}"')
        for name, _definition in indexes:
            cursor.execute(f'ALTER INDEX "{name}_new" RENAME TO "{name}"')
        cursor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{key}" PRIMARY KEY USING INDEX "{key}"'
        )
        cursor.execute(f'COMMENT ON TABLE "{table}" IS NULL')


def _shape(cursor: Any, table: str) -> tuple[str, list[tuple[str, str]]]:
    """The name of the primary key, and all indexes with their definitions."""
    cursor.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisprimary FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass ORDER BY 3 DESC",
        [f'"{table}"'],
    )
    rows = cursor.fetchall()
    return rows[0][0], [(name, definition) for name, definition, _primary in rows]


def _on_new(definition: str, name: str, table: str) -> str:
    """The definition of an index, for the new table and under a name of its own."""
    head, tail = definition.split(" ON ", 1)
    rest = tail.split(" USING ", 1)[1]
    return f'{head.replace(name, f"{name}_new")} ON "{table}_new" USING {rest}'
