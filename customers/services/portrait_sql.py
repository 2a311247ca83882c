"""The statements that store portraits: a range into the new table, a batch into the live one."""

from __future__ import annotations

from functools import cache

from customers.features.catalogue import COLUMNS, FEATURES, still_columns
from customers.features.engine import RANGE, Statement, compiled
from customers.features.spec import Unit

PORTRAIT = "customers_portrait"
VERSION = "customers_portraitversion"
HEAD = ["as_of", "computed_at", "trigger", "parameters", "version_no"]
MATERIAL_CODES = ("stage", "tier", "credit_grade")
MATERIAL_TAGS = ("overdue", "watch_list", "restructured", "guarantee_ring", "churn_risk")
MATERIAL_WEIGHT = 3


def stored_columns() -> list[str]:
    """Every column of a portrait row but the customer."""
    return [*HEAD, *COLUMNS.keys()]


def _moved(new: str, old: str) -> str:
    """Whether a fact moved something: columns that merely age are left out."""
    keys = [column.key for column in still_columns()]
    news, olds = (", ".join(f"{row}.{key}" for key in keys) for row in (new, old))
    return f"({news}) IS DISTINCT FROM ({olds})"


def _material(new: str, old: str) -> str:
    """POR-5: a stage, tier, grade or risk tag changed, or a main figure moved by a fifth."""
    parts = [
        f"{new}.{key} IS DISTINCT FROM {old}.{key}" for key in MATERIAL_CODES if key in COLUMNS
    ]
    if "tags" in COLUMNS:
        risky = "ARRAY[" + ", ".join(f"'{tag}'" for tag in MATERIAL_TAGS) + "]::varchar[]"
        parts += [
            f"(({new}.tags && {risky}) OR ({old}.tags && {risky})) AND "
            + " || ".join(f"('{tag}' = ANY({new}.tags))::int::text" for tag in MATERIAL_TAGS)
            + " IS DISTINCT FROM "
            + " || ".join(f"('{tag}' = ANY({old}.tags))::int::text" for tag in MATERIAL_TAGS)
        ]
    parts += [
        f"abs({new}.{feature.key} - {old}.{feature.key}) > "
        f"%(portrait.material_move)s * abs({old}.{feature.key})"
        for feature in FEATURES
        if feature.weight >= MATERIAL_WEIGHT
        and feature.is_number
        and not feature.ages
        and feature.unit != Unit.DATE
    ]
    return f"coalesce({' OR '.join(f'({part})' for part in parts)}, false)"


def _computed(statement: Statement) -> str:
    """The computed rows with the head of a portrait row and the next version number."""
    values = ", ".join(f"c.{key}" for key in COLUMNS.keys())  # noqa: SIM118
    return (
        "SELECT c.customer_id, %(as_of)s::date AS as_of, %(computed_at)s::timestamptz AS "
        "computed_at, %(trigger)s::varchar AS trigger, %(parameters)s::varchar AS parameters, "
        f"CASE WHEN o.customer_id IS NULL THEN 1 WHEN {_moved('c', 'o')} THEN o.version_no + 1 "
        f"ELSE o.version_no END AS version_no, {values} "
        f"FROM ({statement.sql}) c LEFT JOIN {PORTRAIT} o ON o.customer_id = c.customer_id"
    )


@cache
def range_sql(*, of_the_day: bool) -> tuple[str, frozenset[str]]:
    """INSERT of a range into the new portrait table, and the parameters it needs."""
    statement = compiled(of_the_day=of_the_day)
    names = ", ".join(["customer_id", *stored_columns()])
    sql = f"INSERT INTO {PORTRAIT}_new ({names}) SELECT {names} FROM ({_computed(statement)}) n"
    return sql, statement.parameters


@cache
def range_versions_sql() -> str:
    """INSERT of the versions of a range: the rows whose number went up."""
    names = ", ".join(["customer_id", *stored_columns()])
    values = ", ".join(f"n.{name}" for name in ["customer_id", *stored_columns()])
    return (
        f"INSERT INTO {VERSION} ({names}, is_material) SELECT {values}, "
        f"o.customer_id IS NOT NULL AND {_material('n', 'o')} FROM {PORTRAIT}_new n "
        f"LEFT JOIN {PORTRAIT} o ON o.customer_id = n.customer_id "
        f"WHERE n.customer_id {RANGE} AND (o.version_no IS NULL OR n.version_no > o.version_no) "
        "RETURNING customer_id, is_material"
    )


@cache
def batch_sql(*, chosen: bool, of_the_day: bool) -> tuple[str, frozenset[str]]:
    """Upsert of a batch (or a range) into the live table, with its versions."""
    statement = compiled(chosen=chosen, of_the_day=of_the_day)
    columns = stored_columns()
    names = ", ".join(["customer_id", *columns])
    values = ", ".join(f"n.{name}" for name in ["customer_id", *columns])
    sets = ", ".join(f"{column} = excluded.{column}" for column in columns)
    told = [column for column in columns if column not in ("computed_at", "trigger")]
    old = ", ".join(f"s.{column}" for column in told)
    new = ", ".join(f"excluded.{column}" for column in told)
    sql = (
        f"WITH n AS MATERIALIZED ({_computed(statement)}), stored AS (INSERT INTO {PORTRAIT} AS s "
        f"({names}) SELECT {names} FROM n ON CONFLICT (customer_id) DO UPDATE SET {sets} "
        f"WHERE ({old}) IS DISTINCT FROM ({new})) "
        f"INSERT INTO {VERSION} ({names}, is_material) SELECT {values}, "
        f"o.customer_id IS NOT NULL AND {_material('n', 'o')} FROM n "
        f"LEFT JOIN {PORTRAIT} o ON o.customer_id = n.customer_id "
        "WHERE o.version_no IS NULL OR n.version_no > o.version_no "
        "RETURNING customer_id, is_material"
    )
    return sql, statement.parameters | {"portrait.material_move"}
