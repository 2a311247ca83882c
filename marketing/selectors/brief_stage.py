"""Which stage of life an answer would tell: the portrait's own ladder over plausible values (b.5).

The tests of the ladder are asked of the stored portrait with one fact changed. What they read
beside the portrait (a stage set by hand, net losses, bounds of size) is taken as not known; where
the present stage does not follow from the portrait alone, nothing is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from crm.core.parameters import Parameters
from customers.features.catalogue import COLUMNS
from customers.features.spec import Step
from customers.features.stage import STAGE
from customers.features.stage import STEPS as STAGE_STEPS
from customers.features.steps import STEPS
from marketing.planning.asking import Piece, Quartiles, joined, ranges

WORD = re.compile(r"'[^']*'|{[\w.]+}|[A-Za-z_]\w*")
SQL_WORDS = frozenset({"and", "or", "not", "is", "null", "in", "coalesce", "true", "false", "any"})
CUT = re.compile(r"(\w+)\s*(?:<=|>=|<|>)\s*{(stage\.\w+)}")
_STEPS = {one.key: one.sql for one in (*STEPS, *STAGE_STEPS) if isinstance(one, Step)}
_TESTS = {f"stage__{test.code}": test.when for test in STAGE.tests}


@lru_cache(maxsize=1)
def cut_keys() -> dict[str, frozenset[str]]:
    """By fact the parameters that the ladder compares it with."""
    found: dict[str, set[str]] = {}
    for test in STAGE.tests:
        for name, key in CUT.findall(test.when):
            if name in COLUMNS:
                found.setdefault(name, set()).add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


@lru_cache(maxsize=1)
def _ladder_sql() -> str:
    """The ladder over a portrait row ``q``; parameters stay placeholders."""
    arms = " ".join(
        f"WHEN {_plain(test.when)} THEN '{test.gives or test.code}'"
        for test in STAGE.tests
        if not test.gives_sql
    )
    return f"CASE {arms} ELSE '{STAGE.otherwise}' END"


def _plain(sql: str, depth: int = 0) -> str:
    """A formula of the catalogue with columns of ``q``; what the portrait does not hold is NULL."""

    def replace(hit: re.Match[str]) -> str:
        word = hit.group()
        if word[0] == "'" or word.lower() in SQL_WORDS:
            return word
        if word[0] == "{":
            return f"%({word[1:-1]})s::float8"
        inner = _TESTS.get(word) or _STEPS.get(word)
        if word in COLUMNS:
            return f"q.{word}"
        if inner is not None and depth < 4 and "[[" not in inner:
            return f"({_plain(inner, depth + 1)})"
        return "NULL"

    return WORD.sub(replace, sql)


def stages_by_piece(
    portrait: Any, feature: str, *, known: Parameters, peers: Quartiles | None
) -> list[tuple[Piece, str]]:
    """The stage on each piece of the values of a missing fact, neighbours alike joined; one query.

    Empty where the ladder does not read the fact, or says another stage than the stored one.
    """
    keys = cut_keys().get(feature)
    if not keys:
        return []
    pieces = ranges(sorted({float(known.decimal(key)) for key in keys}), peers)
    told = _stages(portrait.customer_id, [{}, *({feature: one.value} for one in pieces)], known)
    if not told or told[0] != portrait.stage:
        return []
    return _joined(zip(pieces, told[1:], strict=True))


def _stages(customer_id: int, changes: Sequence[dict[str, Any]], known: Parameters) -> list[str]:
    named = {key: value for key, value in known.values.items() if key.startswith("stage.")}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_ladder_sql()} FROM customers_portrait p "
            "CROSS JOIN LATERAL jsonb_array_elements(%(changes)s::jsonb) WITH ORDINALITY s(v, no) "
            "CROSS JOIN LATERAL jsonb_populate_record(p, s.v) q "
            "WHERE p.customer_id = %(customer)s ORDER BY s.no",
            named | {"changes": json.dumps(changes), "customer": customer_id},
        )
        return [row[0] for row in cursor.fetchall()]


def _joined(rows: Iterable[tuple[Piece, str]]) -> list[tuple[Piece, str]]:
    found: list[tuple[Piece, str]] = []
    for piece, stage in rows:
        if found and found[-1][1] == stage:
            found[-1] = (joined(found[-1][0], piece), stage)
        else:
            found.append((piece, stage))
    return found
