"""A file that says two things of one key, far apart, changes the row there and back every time it
is read. At the end such rows are as if they had not been touched, so the same file twice changes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from customers.models import DeclaredFact
from customers.services.imports.upsert import Upsert, past_table

_KEEPING = frozenset({"batch_id", "batch_row", "version", "updated_by_id"})


def changed_back(tables: Sequence[Upsert]) -> int:
    """How many rows of the file changed nothing in the end; their targets are as before."""
    with connection.cursor() as cursor:
        past = past_table(is_dry_run=tables[0].is_dry_run)
        cursor.execute("SELECT to_regclass(%s)", [past])
        if cursor.fetchone()[0] is None:
            return 0
        calm: set[int] = set()
        for table in tables:
            calm |= _one_table(cursor, table, past)
        return len(calm - _still_changed(cursor, tables, past, calm)) if calm else 0


def _one_table(cursor: Any, upsert: Upsert, past: str) -> set[int]:
    """The file's rows whose keys were changed more than once and are as at first."""
    target = upsert.target
    auto = {name for name, field in upsert.fields.items() if getattr(field, "auto_now", False)}
    skipped = _KEEPING | auto | target.quiet | set(target.keys)
    compared = [name for name in upsert.fields if name not in skipped]
    now, then = (", ".join(f'{a}."{name}"' for name in compared) for a in "tp")
    same_key = " AND ".join(f't."{key}" = p."{key}"' for key in target.keys)
    cursor.execute(
        f"CREATE TEMP TABLE import_calm ON COMMIT DROP AS WITH first AS ("
        f"SELECT DISTINCT ON (key) key, before, count(*) OVER (PARTITION BY key) AS times "
        f'FROM {past} WHERE batch_id = %s AND "table" = %s ORDER BY key, id) '
        f'SELECT f.key, f.before FROM first f, jsonb_populate_record(NULL::"{target.table}", '
        f'f.before) p JOIN "{upsert.into}" t ON {same_key} WHERE f.times > 1 '
        f"AND (f.before->>'batch_id') IS DISTINCT FROM %s "
        f"AND ROW({now}) IS NOT DISTINCT FROM ROW({then})",
        [upsert.batch_id, target.table, str(upsert.batch_id)],
    )
    sets = ", ".join(f'"{n}" = p."{n}"' for n in upsert.fields if n not in target.keys)
    cursor.execute(
        f'UPDATE "{upsert.into}" t SET {sets} FROM import_calm c, '
        f'jsonb_populate_record(NULL::"{target.table}", c.before) p WHERE {same_key}'
    )
    cursor.execute(
        f'DELETE FROM {past} h USING import_calm c WHERE h.batch_id = %s AND h."table" = %s '
        f'AND h.key = c.key RETURNING h."row"',
        [upsert.batch_id, target.table],
    )
    rows = {row[0] for row in cursor.fetchall()}
    cursor.execute("DROP TABLE import_calm")
    return rows


def _still_changed(cursor: Any, tables: Sequence[Upsert], past: str, rows: set[int]) -> set[int]:
    """Of these rows of the file, those that changed something else, or stated a new fact."""
    batch_id = tables[0].batch_id
    cursor.execute(
        f'SELECT "row" FROM {past} WHERE batch_id = %s AND "row" = ANY(%s)', [batch_id, list(rows)]
    )
    found = {row[0] for row in cursor.fetchall()}
    for table in tables[1:]:
        if table.target.model is DeclaredFact:
            cursor.execute(
                f'SELECT batch_row FROM "{table.into}" WHERE batch_id = %s AND batch_row = ANY(%s)',
                [batch_id, list(rows)],
            )
            found |= {row[0] for row in cursor.fetchall()}
    return found
