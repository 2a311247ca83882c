"""Specs to SQL: one statement that computes the wanted columns for many customers at once.

The statement is a chain of sub-queries. The innermost joins the sources, one row a customer; each
further layer adds what can be computed from the one before. ``OFFSET 0`` keeps PostgreSQL from
folding the layers together, which would evaluate shared values again and again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ImproperlyConfigured

from customers.features.catalogue import COLUMNS, SOURCES, STEPS
from customers.features.declared_source import DECLARED_OF_THE_DAY
from customers.features.spec import FLOATS, INTEGERS, PLACES, ColumnSpec, SourceSpec, Unit

RANGE = "BETWEEN %(low)s AND %(high)s"
CHOSEN = "= ANY(%(ids)s::bigint[])"
_QUOTED = re.compile(r"'[^']*'")
_BRACED = re.compile(r"\{([a-z_0-9A-Z.]+)\}")
_NAME = re.compile(r"(?<![\w.])[a-z_][a-z0-9_]*\b")
_MINE = re.compile(r"\[\[([a-z_.]+)\]\]")


@dataclass(frozen=True)
class Statement:
    """A SELECT of ``customer_id`` and the wanted columns, and the parameters it needs."""

    sql: str
    columns: tuple[str, ...]
    parameters: frozenset[str]


def finished(column: ColumnSpec) -> str:
    """The column's formula in its type, floats rounded to the places that are kept."""
    if column.unit in FLOATS:
        scale = f"1e{PLACES[column.unit]}::float8"
        return f"round(({column.sql})::float8 * {scale}) / {scale}"
    if column.unit in INTEGERS:
        return f"({column.sql})::integer"
    if column.unit == Unit.CODES:
        return f"({column.sql})::varchar[]"
    return column.sql


def names_in(sql: str) -> set[str]:
    """The bare words of a formula, quoted text and parameters aside."""
    return set(_NAME.findall(_BRACED.sub("", _QUOTED.sub("", sql))))


@cache
def _formulas() -> dict[str, str]:
    """Every step and column with its SQL."""
    found = {step.key: f"({step.sql})" for step in STEPS}
    for column in COLUMNS:
        if column.key in found:
            raise ImproperlyConfigured(f"{column.key!r} is both a step and a column.")
        found[column.key] = finished(column)
    return found


@cache
def _outputs() -> dict[str, str]:
    """Every output of a source with the key of the source."""
    found: dict[str, str] = {}
    formulas = _formulas()
    for source in SOURCES:
        for name in source.outputs:
            if name in found or name in formulas:
                raise ImproperlyConfigured(f"portrait names: {name!r} is defined twice.")
            found[name] = source.key
    return found


@cache
def _needs(name: str) -> frozenset[str]:
    """The known names a step or column is made of."""
    known = names_in(_formulas()[name])
    return frozenset(word for word in known if word in _formulas() or word in _outputs())


def _levels(wanted: Iterable[str]) -> dict[str, int]:
    """How many layers below each needed step or column lies; circles are refused."""
    levels: dict[str, int] = {}

    def level(name: str, path: tuple[str, ...]) -> int:
        if name in path:
            raise ImproperlyConfigured(f"portrait formulas go in a circle: {' > '.join(path)}")
        if name in _outputs():
            return 0
        if name not in levels:
            deeper = [level(need, (*path, name)) for need in sorted(_needs(name))]
            levels[name] = 1 + max(deeper, default=0)
        return levels[name]

    for name in wanted:
        if name not in _formulas() and name not in _outputs():
            raise ImproperlyConfigured(f"{name!r} is not a name of the portrait.")
        level(name, ())
    return levels


@cache
def compiled(
    wanted: tuple[str, ...] | None = None, *, chosen: bool = False, of_the_day: bool = False
) -> Statement:
    """The statement for a range of customers, or (``chosen``) for a list of them.

    ``of_the_day``: declared facts are taken as they stood on ``as_of``, not from the rollup.
    """
    names = wanted if wanted is not None else tuple(COLUMNS.keys())
    levels = _levels(names)
    outputs = _used_outputs(names, levels)
    sql = _joined_sources(outputs, chosen=chosen, of_the_day=of_the_day)
    alive = set(outputs)
    top = max(levels.values(), default=0)
    for depth in range(1, top + 1):
        made = [name for name, level in levels.items() if level == depth]
        later = set(names).union(*(_needs(n) for n, level in levels.items() if level > depth))
        alive &= later
        carried = "".join(f", {name}" for name in sorted(alive))
        new = "".join(f", {_formulas()[name]} AS {name}" for name in made)
        sql = f"SELECT customer_id{carried}{new} FROM ({sql} OFFSET 0) AS layer{depth}"
        alive |= set(made)
    sql = f"SELECT customer_id, {', '.join(names)} FROM ({sql} OFFSET 0) AS portrait"
    return Statement(*_with_parameters(sql, names))


def _used_outputs(names: Iterable[str], levels: Mapping[str, int]) -> list[str]:
    """The source outputs that the wanted names are made of, and those that their sources use."""
    used = {name for name in names if name in _outputs()}
    for name in levels:
        used |= {need for need in _needs(name) if need in _outputs()}
    waiting = list(used)
    while waiting:
        for name in SOURCES[_outputs()[waiting.pop()]].uses:
            if name not in used:
                used.add(name)
                waiting.append(name)
    return sorted(used)


def _joined_sources(outputs: list[str], *, chosen: bool, of_the_day: bool) -> str:
    """All used sources, one row a customer."""
    condition = CHOSEN if chosen else RANGE
    by_source: dict[str, list[str]] = {}
    for name in outputs:
        by_source.setdefault(_outputs()[name], []).append(name)
    base = SOURCES["base"]
    chosen_names = by_source.pop("base", [])
    picked = "".join(f", {base.outputs[name]} AS {name}" for name in chosen_names)
    sql = (
        f"SELECT base.customer_id{''.join(f', {name}' for name in outputs)} FROM "
        f"(SELECT {base.keyed_by} AS customer_id{picked} FROM {base.from_sql} "
        f"WHERE {base.keyed_by} {condition}) AS base"
    )
    for source in SOURCES:
        if source.key in by_source:
            used = DECLARED_OF_THE_DAY if of_the_day and source.key == "declared" else source
            sql += _join(used, by_source[source.key], condition)
    return sql


def _join(source: SourceSpec, names: list[str], condition: str) -> str:
    """One source joined to ``base``: by key for each customer, or grouped once for all."""
    picked = ", ".join(f"{source.outputs[name]} AS {name}" for name in names)
    if source.on:
        theirs, ours = source.on.split(" = ")
        inner = _mine(f"SELECT {theirs} AS joined, {picked} FROM {source.from_sql}", condition)
        return f" LEFT JOIN ({inner}) AS {source.key} ON {source.key}.joined = {ours}"
    if source.is_dense:
        mine = f"{source.keyed_by} = base.customer_id" if source.keyed_by else ""
        wheres = " AND ".join(part for part in (mine, source.where) if part)
        inner = f"SELECT {picked} FROM {source.from_sql}" + (f" WHERE {wheres}" if wheres else "")
        return f" LEFT JOIN LATERAL ({_mine(inner, '= base.customer_id')}) AS {source.key} ON true"
    wheres = f"{source.keyed_by} {condition}" + (f" AND {source.where}" if source.where else "")
    inner = (
        f"SELECT {source.keyed_by} AS customer_id, {picked} FROM {source.from_sql} WHERE {wheres}"
        + (f" GROUP BY {source.keyed_by}" if source.grouped else "")
    )
    return (
        f" LEFT JOIN ({_mine(inner, condition)}) AS {source.key} "
        f"ON {source.key}.customer_id = base.customer_id"
    )


def _mine(sql: str, condition: str) -> str:
    """``[[column]]`` as the condition that the row belongs to a wanted customer."""
    return _MINE.sub(lambda found: f"{found.group(1)} {condition}", sql)


def _with_parameters(
    sql: str, names: tuple[str, ...]
) -> tuple[str, tuple[str, ...], frozenset[str]]:
    """Braced keys as query parameters."""
    keys = frozenset(_BRACED.findall(sql))
    return _BRACED.sub(r"%(\1)s", sql), names, keys
