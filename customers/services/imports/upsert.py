"""Rows into a table by business key, set by set: new ones in, changed ones updated with their past
kept, equal ones left alone. A dry run does the same to a temporary copy-on-write twin of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models

from crm.core.months import month_start
from customers.imports.spec import ImportKind, Touches
from customers.models import ImportChange
from customers.services.imports.copying import copy_rows

Pairs = set[tuple[int, int]]
PAIR = 100_000  # customer * PAIR + month, one past the month number
_NO_JOIN_BUT_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
_ALL_JOINS = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"


@dataclass(frozen=True)
class Target:
    """A table with the unique columns its rows are known by."""

    model: type[models.Model]
    keys: tuple[str, ...]
    quiet: frozenset[str] = frozenset()
    blank_keeps: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    on_update: Mapping[str, str] = field(default_factory=dict)  # column -> SQL over t
    touches: Touches = Touches.CUSTOMER
    touch_column: str = ""

    @property
    def table(self) -> str:
        """Its name."""
        return self.model._meta.db_table

    @classmethod
    def of(cls, kind: ImportKind, **more: Any) -> Target:
        """The main table of a kind."""
        return cls(
            kind.model,
            kind.key_columns,
            kind.quiet,
            kind.blank_keeps,
            touches=kind.touches,
            touch_column=kind.touch_column,
            **{"defaults": kind.defaults, **more},
        )


@dataclass
class Outcome:
    """Row numbers by what became of them, and the months that an update took rows away from."""

    created: np.ndarray
    updated: np.ndarray
    left: Pairs = field(default_factory=set)


class Upsert:
    """Brings rows of one batch into one target."""

    def __init__(self, target: Target, *, batch_id: int, is_dry_run: bool) -> None:
        self.target = target
        self.batch_id = batch_id
        self.is_dry_run = is_dry_run
        meta = target.model._meta
        stored = [f for f in meta.local_concrete_fields if not f.generated]
        self.fields = {str(f.column): f for f in stored}
        self.into = f"import_twin_{target.table}" if is_dry_run else target.table
        self._has_twin = False

    def apply(self, rows: pa.Table) -> Outcome:
        """The rows, one of each key, are in the table."""
        if not rows.num_rows:
            return Outcome(np.array([], dtype=np.int64), np.array([], dtype=np.int64))
        by_day = self.target.touches == Touches.DAY and self.target.touch_column in self.target.keys
        if by_day and not self.is_dry_run:
            fresh, rows = self._apart(rows)
            new = self._append(fresh)
            outcome = self._merge(rows) if rows.num_rows else Outcome(new[:0], new[:0])
            outcome.created = np.concatenate([new, outcome.created])
            return outcome
        return self._merge(rows)

    def _apart(self, rows: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Rows of customers and months that have none yet, which cannot meet a key; the others."""
        days = rows.column(self.target.touch_column)
        months = pc.add(pc.multiply(pc.year(days), 12), pc.month(days))
        pair = pc.add(pc.multiply(rows.column("customer_id"), PAIR), months)
        distinct = pc.unique(pair).to_pylist()
        if len(distinct) * 3 > rows.num_rows:  # asking would cost more than it saves
            return rows.slice(0, 0), rows
        met = pc.is_in(pair, pa.array(self._filled_months(distinct), pa.int64()))
        return rows.filter(pc.invert(met)), rows.filter(met)

    def _filled_months(self, pairs: list[int]) -> list[int]:
        """The pairs of customer and month that have rows: asked month by month, so that each
        question goes to one partition."""
        by_month: dict[int, list[int]] = {}
        for pair in pairs:
            by_month.setdefault(pair % PAIR, []).append(pair // PAIR)
        column, found = self.target.touch_column, []
        with connection.cursor() as cursor:
            cursor.execute(_NO_JOIN_BUT_INDEX + "; SET LOCAL enable_seqscan = off")
            for month, customers in by_month.items():
                first, after = month_start(month - 1), month_start(month)
                cursor.execute(
                    f"SELECT c FROM unnest(%s::bigint[]) c WHERE EXISTS "
                    f'(SELECT FROM "{self.target.table}" t WHERE t.customer_id = c '
                    f'AND t."{column}" >= %s AND t."{column}" < %s)',
                    [customers, first, after],
                )
                found += [row[0] * PAIR + month for row in cursor.fetchall()]
            cursor.execute(_ALL_JOINS + "; SET LOCAL enable_seqscan = on")
        return found

    def _append(self, rows: pa.Table) -> np.ndarray:
        """Rows that are certainly new are in; their numbers."""
        if rows.num_rows:
            with connection.cursor() as cursor:
                given = [name for name in rows.column_names if name != "row_no"]
                self._stage(cursor, rows, given)
                self._insert(cursor, given, may_meet=False)
                cursor.execute("DROP TABLE import_stage")
        numbers: np.ndarray = rows.column("row_no").to_numpy()
        return numbers

    def _merge(self, rows: pa.Table) -> Outcome:
        """Rows whose keys may be there already are in."""
        given = [name for name in rows.column_names if name != "row_no"]
        with connection.cursor() as cursor:
            self._stage(cursor, rows, given)
            if self.is_dry_run:
                self._copy_to_twin(cursor)
            created = self._insert(cursor, given)
            numbers = rows.column("row_no").to_numpy()
            if created == rows.num_rows:
                outcome = Outcome(numbers, numbers[:0])
            else:
                outcome = self._meet(cursor, given, numbers)
            cursor.execute("DROP TABLE import_stage")
        return outcome

    def _stage(self, cursor: Any, rows: pa.Table, given: list[str]) -> None:
        """The rows are in a temporary table of the target's types."""
        columns = _list(given)
        cursor.execute(
            f"CREATE TEMP TABLE import_stage ON COMMIT DROP AS "
            f'SELECT 0::bigint AS row_no, {columns} FROM "{self.target.table}" LIMIT 0'
        )
        copy_rows(cursor, rows, "import_stage")

    def _copy_to_twin(self, cursor: Any) -> None:
        """The twin exists, and holds the target's rows that these rows will meet."""
        table, twin = self.target.table, self.into
        if not self._has_twin:
            cursor.execute(f'DROP TABLE IF EXISTS "{twin}"')
            cursor.execute(
                f'CREATE TEMP TABLE "{twin}" '
                f'(LIKE "{table}" INCLUDING DEFAULTS INCLUDING GENERATED)'
            )
            cursor.execute(f'CREATE UNIQUE INDEX ON "{twin}" ({_list(self.target.keys)})')
            if "id" in self.fields:
                cursor.execute(f'ALTER TABLE "{twin}" ALTER COLUMN id DROP NOT NULL')
            self._has_twin = True
        columns = _list(self.fields)
        cursor.execute(_NO_JOIN_BUT_INDEX)
        cursor.execute(
            f'INSERT INTO "{twin}" ({columns}) SELECT {_list(self.fields, "t")} '
            f'FROM import_stage s JOIN "{table}" t ON {self._same_key("s")} '
            f"ON CONFLICT ({_list(self.target.keys)}) DO NOTHING"
        )
        cursor.execute(_ALL_JOINS)

    def _insert(self, cursor: Any, given: list[str], *, may_meet: bool = True) -> int:
        """Rows of new keys are in; how many."""
        parameters: list[Any] = []
        values = [self._value(name, "s", parameters) for name in given]
        extra = self._extra(given)
        last = (
            f"ORDER BY {_list(self.target.keys, 's')} "
            f"ON CONFLICT ({_list(self.target.keys)}) DO NOTHING"
        )
        cursor.execute(
            f'INSERT INTO "{self.into}" ({_list(given)}, batch_id, batch_row{extra.names}) '
            f"SELECT {', '.join(values)}, %s, s.row_no{extra.sql} FROM import_stage s "
            f"{self._new_only()} {last if may_meet else ''}",
            [*parameters, self.batch_id, *extra.parameters],
        )
        return int(cursor.rowcount)

    def _new_only(self) -> str:
        """Where blanks keep what is there, a row may lack what a new one needs: only new keys."""
        if not self.target.blank_keeps:
            return ""
        return f'WHERE NOT EXISTS (SELECT FROM "{self.into}" t WHERE {self._same_key("s")})'

    def _meet(self, cursor: Any, given: list[str], numbers: np.ndarray) -> Outcome:
        """Rows whose key was there before: the different ones update it, with its past kept."""
        cursor.execute(_NO_JOIN_BUT_INDEX)
        parameters: list[Any] = []
        compared = [n for n in given if n not in self.target.keys and n not in self.target.quiet]
        news = ", ".join(self._value(name, "s", parameters, old="t") for name in compared)
        olds = _list(compared, "t")
        differs = f"(ROW({olds}) IS DISTINCT FROM ROW({news}))" if compared else "false"
        cursor.execute(
            f"CREATE TEMP TABLE import_met ON COMMIT DROP AS "
            f"SELECT s.*, {differs} AS differs, {self._old_place()} "
            f'FROM import_stage s JOIN "{self.into}" t ON {self._same_key("s")} '
            f"WHERE t.batch_id IS DISTINCT FROM %s OR t.batch_row IS DISTINCT FROM s.row_no",
            [*parameters, self.batch_id],
        )
        self._keep_past(cursor)
        self._update(cursor, given)
        cursor.execute(
            "SELECT row_no, differs, old_customer, old_ym FROM import_met ORDER BY row_no"
        )
        met = cursor.fetchall()
        cursor.execute("DROP TABLE import_met")
        cursor.execute(_ALL_JOINS)
        before = np.array([row[0] for row in met], dtype=np.int64)
        updated = np.array([row[0] for row in met if row[1]], dtype=np.int64)
        left = {(row[2], row[3] or 0) for row in met if row[1] and row[2]}
        return Outcome(np.setdiff1d(numbers, before), updated, left)

    def _keep_past(self, cursor: Any) -> None:
        """What the rows looked like is kept beside the batch."""
        generated = [f.column for f in self.target.model._meta.local_concrete_fields if f.generated]
        without = "".join(f" - '{name}'" for name in generated)
        if self.is_dry_run:
            cursor.execute(
                f"CREATE TEMP TABLE IF NOT EXISTS {past_table(is_dry_run=True)} "
                f'(LIKE "{ImportChange._meta.db_table}" INCLUDING IDENTITY)'
            )
        cursor.execute(
            f"INSERT INTO {past_table(is_dry_run=self.is_dry_run)} "
            f'(batch_id, "table", key, before, "row") '
            f"SELECT %s, %s, jsonb_build_array({_list(self.target.keys, 't')}), "
            f"to_jsonb(t){without}, m.row_no "
            f'FROM import_met m JOIN "{self.into}" t ON {self._same_key("m")} WHERE m.differs',
            [self.batch_id, self.target.table],
        )

    def _update(self, cursor: Any, given: list[str]) -> None:
        """The different rows are as the file says."""
        parameters: list[Any] = []
        changed = [name for name in given if name not in self.target.keys and name != "id"]
        if not changed:
            return
        sets = [f'"{n}" = {self._value(n, "m", parameters, old="t")}' for n in changed]
        own = {n: f for n, f in self.fields.items() if getattr(f, "auto_now", False)}
        sets += [f'"{name}" = now()' for name in own if name not in given]
        sets += [f'"{name}" = {sql}' for name, sql in self.target.on_update.items()]
        cursor.execute(
            f'UPDATE "{self.into}" t SET {", ".join(sets)}, batch_id = %s, batch_row = m.row_no '
            f"FROM import_met m WHERE m.differs AND {self._same_key('m')}",
            [*parameters, self.batch_id],
        )

    def _same_key(self, other: str) -> str:
        return " AND ".join(f't."{key}" = {other}."{key}"' for key in self.target.keys)

    def _old_place(self) -> str:
        """The customer and month that a row belonged to before."""
        column = self.target.touch_column
        customer = "t.customer_id" if "customer_id" in self.fields else "NULL::bigint"
        if self.target.touches == Touches.MONTH:
            return f'{customer} AS old_customer, t."{column}" AS old_ym'
        if self.target.touches == Touches.DAY:
            ym = f'(extract(year FROM t."{column}") * 12 + extract(month FROM t."{column}") - 1)'
            return f"{customer} AS old_customer, {ym}::int AS old_ym"
        return f"{customer} AS old_customer, 0 AS old_ym"

    def _value(self, name: str, alias: str, parameters: list[Any], old: str = "") -> str:
        """A given column as it is to be written: a blank keeps the old, or takes the default."""
        value, model_field = f'{alias}."{name}"', self.fields[name]
        if self.target.blank_keeps and old:
            return f'coalesce({value}, {old}."{name}")'
        if model_field.null or name in self.target.keys or name == "id":
            return value
        parameters.append(self._default(model_field))
        return f"coalesce({value}, %s)"

    def _default(self, model_field: models.Field[Any, Any]) -> Any:
        """What a column holds when nothing is told."""
        if str(model_field.column) in self.target.defaults:
            return self.target.defaults[str(model_field.column)]
        if model_field.has_default():
            value = model_field.get_default()
            return model_field.get_db_prep_save(value, connection)
        if model_field.empty_strings_allowed:
            return ""
        return None

    def _extra(self, given: list[str]) -> _Extra:
        """The columns that the file does not give, with what they start with."""
        extra = _Extra()
        for name, model_field in self.fields.items():
            if name in given or name in {"batch_id", "batch_row"} or model_field.primary_key:
                continue
            if getattr(model_field, "auto_now", False) or getattr(
                model_field, "auto_now_add", False
            ):
                extra.add(name, "now()")
                continue
            value = self._default(model_field)
            if value is None and not model_field.null:
                raise ImproperlyConfigured(f"{self.target.table}.{name} has no value to start with")
            if value is not None:
                extra.add(name, "%s", value)
        return extra


@dataclass
class _Extra:
    """More columns of an insert."""

    names: str = ""
    sql: str = ""
    parameters: list[Any] = field(default_factory=list)

    def add(self, name: str, sql: str, *values: Any) -> None:
        """One more column."""
        self.names += f', "{name}"'
        self.sql += f", {sql}"
        self.parameters += values


def past_table(*, is_dry_run: bool) -> str:
    """Where the past of changed rows is kept; a dry run has its own, for a while."""
    return "import_twin_past" if is_dry_run else ImportChange._meta.db_table


def _list(names: Any, alias: str = "") -> str:
    prefix = f"{alias}." if alias else ""
    return ", ".join(f'{prefix}"{name}"' for name in names)
