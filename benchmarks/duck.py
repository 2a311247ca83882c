"""The peer of ``portrait_full``: DuckDB computes the same columns from the raw facts in Parquet.

Sums by month, counterparty and declared fact are made here from the raw rows; the formulas above
them are the catalogue's own, so that both sides answer the same question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

from customers.features import engine
from customers.features.catalogue import COLUMNS, SOURCES
from customers.features.declared_source import DECLARED_OF_THE_DAY
from customers.features.monthly import INVOICES, MONTHS, PARTNER_SUMS
from customers.features.spec import FLOATS, INTEGERS, PLACES, ColumnSpec, Unit
from customers.services.rollup_sql import MONTH_SOURCES, REPAID

_TABLE = re.compile(r"\b((?:customers|core)_[a-z]+)\b")
ROLLUPS = {"months", "invoice_ends", "invoices", "late_partners", "declared"}
OURS = "customers_portrait"
CUT = 30  # expressions a statement
NEAR = 5e-4  # of a figure made of others that were rounded first
MEANS = {"acquiring_payers_3m", "payroll_heads_3m"}  # whole numbers that halves round to
SETTINGS = (
    "SET threads = 1",
    "SET integer_division = true",
    "SET default_null_order = 'nulls_last_on_asc_first_on_desc'",
    "SET memory_limit = '2GB'",
    "CREATE MACRO array_remove(list, nothing) AS list_filter(list, lambda item: item IS NOT NULL)",
    "CREATE MACRO width_bucket(value, bounds) AS "
    "CASE WHEN value IS NOT NULL THEN len(list_filter(bounds, lambda bound: bound <= value)) END",
)


class Duck:
    """One DuckDB connection over Parquet files of the raw facts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = duckdb.connect()
        for setting in SETTINGS:
            self.db.execute(setting)

    def export(self) -> None:
        """Every table the sources read is a Parquet file, and so are our portraits."""
        for table in sorted(_raw_tables() | {OURS}):
            self._export_table(table)

    def open(self) -> None:
        """Every file is a view of the same name."""
        for file in self.folder.glob("*.parquet"):
            self.db.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")

    def _export_table(self, table: str) -> None:
        columns = _columns(table)
        picked = ", ".join(_exported(name, kind) for name, kind in columns)
        types = {name: _duck_type(kind) for name, kind in columns}
        plain, file = self.folder / f"{table}.csv", self.folder / f"{table}.parquet"
        order = "ORDER BY 1" if "customer_id" in types or "id" in types else ""
        with connection.cursor() as cursor, plain.open("wb") as out:
            cursor.cursor.copy_expert(
                f"COPY (SELECT {picked} FROM {table} {order}) TO STDOUT (FORMAT csv)", out
            )
        self.db.execute(
            f"COPY (SELECT * FROM read_csv('{plain}', header=false, columns={types}, "
            f"nullstr='', quote='\"', escape='\"', auto_detect=false)) TO '{file}' (FORMAT parquet)"
        )
        plain.unlink()

    def compute(self, params: Mapping[str, Any]) -> int:
        """All columns of all customers are in the table ``portrait``; returns the rows."""
        for statement in _prepared():
            self.db.execute(_bound(statement, params))
        for name, statement in _layers(tuple(COLUMNS.keys())):
            self.db.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {_bound(statement, params)}")
        return int(self.db.execute("SELECT count(*) FROM portrait").fetchall()[0][0])


def differences(duck: Duck) -> dict[str, tuple[int, str]]:
    """The columns in which ours and DuckDB's portraits differ past rounding, with an example."""
    found = {}
    for column in COLUMNS:
        same = _same(column)
        rows = duck.db.execute(
            f"SELECT count(*), min(o.customer_id || ': ' || coalesce(o.{column.key}::varchar, '-') "
            f"|| ' and ' || coalesce(p.{column.key}::varchar, '-')) FROM {OURS} o "
            f"JOIN portrait p USING (customer_id) WHERE NOT coalesce({same}, "
            f"o.{column.key} IS NULL AND p.{column.key} IS NULL)"
        ).fetchall()
        if rows[0][0]:
            found[column.key] = rows[0]
    return found


def _same(column: ColumnSpec) -> str:
    """SQL: both know the value and it is the same, numbers to the last place that is kept."""
    ours, theirs = f"o.{column.key}", f"p.{column.key}"
    if column.unit in FLOATS:
        places = 10.0 ** -PLACES[column.unit]
        return f"abs({ours} - {theirs}) <= greatest(1.01 * {places!r}, {NEAR} * abs({ours}))"
    if column.unit in INTEGERS:
        return f"abs({ours} - {theirs}) <= {1 if column.key in MEANS else 0}"
    if column.unit == Unit.CODES:
        return f"{ours}::varchar = {theirs}::varchar"
    return f"{ours} = {theirs}"


def _raw_tables() -> set[str]:
    texts = [
        " ".join([source.from_sql, *source.outputs.values()])
        for source in SOURCES
        if source.key not in ROLLUPS
    ]
    texts += [table for table, _columns in MONTH_SOURCES.values()]
    texts += [DECLARED_OF_THE_DAY.from_sql, "customers_repayment customers_invoice"]
    return {name for text in texts for name in _TABLE.findall(text)}


def _columns(table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attname NOT LIKE '%%ciphertext' AND attname <> 'name_pieces' ORDER BY attnum",
            [table],
        )
        rows = cursor.fetchall()
    return sorted(rows, key=lambda row: row[0] not in ("customer_id", "id"))


def _exported(name: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f"'[' || array_to_string({name}, ',') || ']'"
    return f'"{name}"'


def _duck_type(kind: str) -> str:
    known = {"bytea": "VARCHAR", "jsonb": "VARCHAR", "date": "DATE", "boolean": "BOOLEAN"}
    if kind.endswith("[]"):
        return f"{_duck_type(kind[:-2])}[]"
    if kind.startswith("character") or kind == "text":
        return "VARCHAR"
    if kind.startswith("timestamp"):
        return "TIMESTAMPTZ"
    if kind.startswith("numeric"):
        return kind.replace("numeric", "DECIMAL")
    return known.get(kind, {"double precision": "DOUBLE"}.get(kind, kind.upper()))


def _bound(sql: str, params: Mapping[str, Any]) -> str:
    """The statement with its parameters written in, in DuckDB's words."""
    text = sql.replace("'{{}}'", "'{}'").replace("'{}'", "[]::varchar[]")
    text = text.replace("{lunar_weights}::float8[]", "{lunar_weights}")
    return engine._BRACED.sub(lambda found: _literal(params[found.group(1)]), text)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, date):
        return f"DATE '{value}'"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, str) and value.startswith("{"):
        return value.replace("{", "[").replace("}", "]")
    if isinstance(value, Decimal):
        return f"{float(value)!r}::double"
    return str(value) if not isinstance(value, str) else json.dumps(value).replace('"', "'")


def _prepared() -> list[str]:
    """Tables made once: seasons, months of invoices, ends of the invoice feed."""
    return [
        "CREATE OR REPLACE TEMP TABLE seasons AS SELECT c.id AS customer_id, p.season "
        "FROM customers_customer c LEFT JOIN core_tradeprofile p ON p.key = c.trade_id",
        f"CREATE OR REPLACE TEMP TABLE bill_months AS {BILL_MONTHS}",
        "CREATE OR REPLACE TEMP TABLE ends AS SELECT customer_id, min(ym) AS invoice_first_ym, "
        "max(ym) AS invoice_last_ym FROM bill_months WHERE ym <= {last} GROUP BY customer_id",
    ]


def _side_sums(side: str, total: str, count: str, void: str) -> str:
    valid = f"side = '{side}' AND NOT is_void"
    parts = [
        f"coalesce(sum(net_amount) FILTER ({valid}), 0)::double AS {total}",
        f"coalesce(sum(net_amount) FILTER ({valid} AND net_amount > 0), 0)::double AS {total}_plus",
        f"coalesce(-sum(net_amount) FILTER ({valid} AND net_amount < 0), 0)::double AS {total}_red",
        f"count(*) FILTER ({valid}) AS {count}",
        f"count(*) FILTER (side = '{side}' AND is_void) AS {void}",
    ]
    return ", ".join(parts)


BILL_MONTHS = (
    "SELECT customer_id, ym, "
    + _side_sums("S", "sales", "sale_count", "sale_voids")
    + ", "
    + _side_sums("P", "purchases", "purchase_count", "purchase_voids")
    + ", max(issued_on) FILTER (side = 'S' AND NOT is_void) AS last_sale_on, "
    "max(issued_on) FILTER (side = 'P' AND NOT is_void) AS last_purchase_on "
    "FROM customers_invoice GROUP BY customer_id, ym"
)
GAPS = (
    "(SELECT customer_id, ym, issued_on - lag(issued_on) OVER "
    "(PARTITION BY customer_id ORDER BY issued_on) AS gap FROM customers_invoice "
    "WHERE side = 'S' AND NOT is_void) v JOIN ends USING (customer_id) "
    "WHERE v.ym > invoice_last_ym - 12 AND v.ym <= invoice_last_ym GROUP BY customer_id"
)
PARTNERS = (
    "(SELECT y.*, row_number() OVER (PARTITION BY customer_id, side ORDER BY year_amount DESC "
    "NULLS LAST) AS place FROM (SELECT customer_id, side, counterparty, invoice_last_ym, "
    "sum(net_amount) FILTER (ym > invoice_last_ym - 12)::double AS year_amount, "
    "invoice_last_ym AS end_ym, min(ym) AS seen_first, max(ym) AS seen_last "
    "FROM customers_invoice JOIN ends USING (customer_id) "
    "WHERE NOT is_void AND ym > invoice_last_ym - 24 AND ym <= invoice_last_ym "
    "GROUP BY ALL) y) x"
)


def _raw_sources(outputs: list[str]) -> list[tuple[str, dict[str, str], str]]:
    """(name, outputs, SQL) of the sources made from raw rows instead of rollups."""
    wanted = set(outputs)
    found = []
    months = {k: v for k, v in MONTHS.outputs.items() if k in wanted}
    tables = dict(MONTH_SOURCES) | {"repaid": ("customers_repayment f", REPAID)}
    for key, (table, columns) in tables.items():
        mine = {
            name: sql
            for name, sql in months.items()
            if set(re.findall(r"m\.([a-z_]+)", sql)) & set(columns)
        }
        if mine:
            inner = _month_rows(key, table, columns)
            rows = f"({inner}) m JOIN seasons USING (customer_id)"
            found.append((key, mine, f"{rows} WHERE {MONTHS.where} GROUP BY customer_id"))
    invoices = {k: v for k, v in INVOICES.outputs.items() if k in wanted and k != "silence_12m"}
    rows = "bill_months v JOIN ends USING (customer_id) JOIN seasons USING (customer_id)"
    found.append(("invoices", invoices, f"{rows} WHERE {INVOICES.where} GROUP BY customer_id"))
    found.append(("gaps", {"silence_12m": "max(v.gap) FILTER (v.gap > 0)"}, GAPS))
    ends = {"e_first_ym": "invoice_first_ym", "invoice_last_ym": "invoice_last_ym"}
    found.append(("ends_again", ends, "ends"))
    partners = {f"e_{name}": sql for name, sql in PARTNER_SUMS.items()}
    found.append(("partners", partners, f"{PARTNERS} GROUP BY customer_id"))
    nothing = {name: "NULL::double" for name in outputs if name.startswith("late_")}
    found.append(("nothing", nothing | {"partners_known": "true"}, "ends"))
    return found


def _month_rows(key: str, table: str, columns: Mapping[str, str]) -> str:
    picked = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    if key != "repaid":
        return f"SELECT f.customer_id, f.ym, {picked} FROM {table}"
    month = "(extract(year FROM f.paid_on) * 12 + extract(month FROM f.paid_on) - 1)::integer"
    return f"SELECT f.customer_id, {month} AS ym, {picked} FROM {table} GROUP BY 1, 2"


def _layers(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The engine's layers over raw sources, cut small: DuckDB plans wide ones very slowly.

    As in the engine, a layer carries only what later ones or the result need.
    """
    levels = engine._levels(names)
    outputs = engine._used_outputs(names, levels)
    found, alive = [("layer0", _joined(outputs))], set(outputs)
    for depth in range(1, max(levels.values()) + 1):
        made = [name for name, level in levels.items() if level == depth]
        before, parts = f"layer{depth - 1}", []
        for at in range(0, len(made), CUT):
            new = ", ".join(f"{engine._formulas()[n]} AS {n}" for n in made[at : at + CUT])
            parts.append(f"part{depth}_{at}")
            found.append((parts[-1], f"SELECT {new} FROM {before}"))
        later = set(names).union(*(engine._needs(n) for n, at in levels.items() if at > depth))
        alive = (alive | set(made)) & later
        joined = "".join(f" POSITIONAL JOIN {part}" for part in parts)
        carried = ", ".join(["customer_id", *sorted(alive)])
        found.append((f"layer{depth}", f"SELECT {carried} FROM {before}{joined}"))
    last = f"SELECT customer_id, {', '.join(names)} FROM {found[-1][0]}"
    return [*found, ("portrait", last)]


def _joined(outputs: list[str]) -> str:
    by_source: dict[str, list[str]] = {}
    for name in outputs:
        by_source.setdefault(engine._outputs()[name], []).append(name)
    base = SOURCES["base"]
    picked = "".join(f", {base.outputs[name]} AS {name}" for name in by_source.pop("base"))
    sql = (
        f"SELECT base.customer_id{''.join(f', {name}' for name in outputs)} FROM "
        f"(SELECT {base.keyed_by} AS customer_id{picked} FROM {base.from_sql}) AS base"
    )
    for source in SOURCES:
        if source.key in by_source and source.key not in ROLLUPS - {"declared"}:
            used = DECLARED_OF_THE_DAY if source.key == "declared" else source
            sql += engine._join(used, by_source[source.key], "IS NOT NULL")
    for key, mine, rows in _raw_sources(outputs):
        picked = ", ".join(f"{text} AS {name}" for name, text in mine.items())
        sql += (
            f" LEFT JOIN (SELECT customer_id, {picked} FROM {rows}) AS {key} "
            f"ON {key}.customer_id = base.customer_id"
        )
    return sql
