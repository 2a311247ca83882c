"""Rules tried on a row of values given by hand: no facts, no rollups, only the formulas.

``derive(["stage"], years_in_business=1.5, ...)`` gives what the engine would compute for a customer
whose named values are those; every value that is not given is not known. Any step, column or
source output can be given, whatever it would be made of.
"""

from datetime import date
from functools import cache
from typing import Any

from django.db import connection

from crm.core.models import RuleParameter
from crm.core.parameters import Parameters
from crm.core.services.reference import SEEDS, read_seed
from customers.features import engine
from customers.features.catalogue import LADDERS
from customers.services.portrait_parameters import _calendar, _number_or_text, _weights

TODAY = date(2026, 11, 21)
LEDGER_SEEDS = SEEDS.parent.parent.parent / "customers" / "seeds" / "parameters.csv"


def derive(wanted: list[str], *, as_of: date = TODAY, told: dict | None = None, **given: Any):
    """The wanted values of one customer; ``told`` replaces rule parameters."""
    sql, keys = _chain(tuple(wanted), tuple(sorted(given)))
    named = parameters_of(as_of, keys)
    values = {f"given_{name}": value for name, value in given.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql, named | (told or {}) | values)
        found = cursor.fetchone()
    return dict(zip(wanted, found, strict=True))


def derive_one(wanted: str, **options: Any):
    """One value of one customer."""
    return derive([wanted], **options)[wanted]


@cache
def seeded() -> dict[str, str]:
    """The rule parameters as they are seeded."""
    return {row["key"]: row["value"] for row in read_seed(SEEDS / "parameters.csv")}


def seed_parameters() -> None:
    """The rule parameters are rows, without the larger reference tables."""
    if not RuleParameter.objects.exists():
        RuleParameter.objects.bulk_create(
            RuleParameter(
                key=row["key"],
                value=row["value"],
                unit=row["unit"],
                effective_from=row["effective_from"],
                state=RuleParameter.State.ACTIVE,
                version=1,
                source=row["source"],
                mark=row["mark"],
            )
            for file in (SEEDS / "parameters.csv", LEDGER_SEEDS)
            for row in read_seed(file)
        )


def parameters_of(as_of: date, keys: frozenset[str]) -> dict[str, Any]:
    """What a run of the day is told, with the seeded rule parameters and no bank figures."""
    snapshot = Parameters(as_of, seeded())
    known = _calendar(as_of) | _weights(snapshot) | {"peer_as_of": None}
    return {
        key: known[key] if key in known else _number_or_text(snapshot.text(key)) for key in keys
    }


@cache
def types() -> dict[str, str]:
    """The database type of every name of the portrait, as the engine's own statement has it."""
    names = tuple(dict.fromkeys([*engine._outputs(), *engine._formulas()]))
    statement = engine.compiled(names)
    named = parameters_of(TODAY, statement.parameters)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, named | {"low": 1, "high": 0})
        kinds = {column.name: column.type_code for column in cursor.description}
        cursor.execute(
            "SELECT o, format_type(o, NULL) FROM unnest(%s::oid[]) o", [list(set(kinds.values()))]
        )
        spelled = dict(cursor.fetchall())
    return {name: spelled[kind] for name, kind in kinds.items()}


@cache
def _chain(wanted: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """Layers of formulas over one row of given values, and the parameters they need."""
    formulas, outputs, spelled = engine._formulas(), engine._outputs(), types()
    for name in given:
        assert name in formulas or name in outputs, f"{name} is not a name of the portrait"
    levels: dict[str, int] = {}

    def level(name: str) -> int:
        if name in given or name in outputs:
            return levels.setdefault(name, 0)
        if name not in levels:
            levels[name] = 1 + max((level(need) for need in engine._needs(name)), default=0)
        return levels[name]

    for name in wanted:
        level(name)
    leaves = [
        f"%(given_{name})s::{spelled[name]} AS {name}"
        if name in given
        else f"NULL::{spelled[name]} AS {name}"
        for name, depth in levels.items()
        if depth == 0
    ]
    sql = f"SELECT {', '.join(leaves) or '1 AS nothing'}"
    for depth in range(1, max(levels.values()) + 1):
        made = ", ".join(
            f"{formulas[name]} AS {name}" for name, found in levels.items() if found == depth
        )
        sql = f"SELECT layer.*, {made} FROM ({sql} OFFSET 0) AS layer"
    sql = f"SELECT {', '.join(wanted)} FROM ({sql}) AS row"
    keys = frozenset(engine._BRACED.findall(sql))
    return engine._BRACED.sub(r"%(\1)s", sql), keys


def answers(ladder: str, tried: str) -> dict[str, str]:
    """The stored answers of a ladder by the code of the question: y, n or ?."""
    codes = [test.code for test in LADDERS[ladder].tests]
    return dict(zip(codes, tried, strict=True))
