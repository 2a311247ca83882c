"""Keys and indexes out of the way of a bulk load, and back before it commits.

All of it happens in the caller's transaction: a load that fails or is killed leaves every key and
index as it was, and rows that break a key cannot be committed, because the keys are put back and
checked over all rows at once. One check of a million rows costs a tenth of a million checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

_KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
                  conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype IN ('f', 'u', 'x') AND conparentid = 0 AND conrelid = ANY(%s::regclass[])
    ORDER BY contype <> 'f', conname
"""
_INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = indexrelid)
    ORDER BY 1
"""


@contextmanager
def without_keys(loaded: Iterable[type[models.Model]]) -> Iterator[None]:
    """Inside, rows go in unchecked; afterwards all keys hold and all indexes are whole."""
    tables = sorted({f'"{model._meta.db_table}"' for model in loaded})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits keeps keys from going
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        dropped = [*_found(cursor, _KEYS, tables), *_found(cursor, _INDEXES, tables)]
        for drop, _make in dropped:
            cursor.execute(drop)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _drop, make in reversed(dropped):
            cursor.execute(make)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _found(cursor: Any, query: str, tables: list[str]) -> list[tuple[str, str]]:
    cursor.execute(query, [tables])
    return list(cursor.fetchall())
