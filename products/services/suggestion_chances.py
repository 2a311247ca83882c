"""Chances of taking a family, into the temporary table ``suggest_chance`` for SQL to rank.

They come from the active propensity model, with what speaks for each chosen family. Where no model
is active they are the forecasts of the portrait (b.6); the receipt says which.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from io import StringIO
from math import exp
from typing import TYPE_CHECKING, Any

from customers.features.demand import MODEL_VERSION, NEEDS
from products.models import PropensityModel
from products.services.propensity import active_model, inputs_now

if TYPE_CHECKING:
    import pandas as pd

    from products.propensity.score import Scorer

RENEWING = frozenset(
    {"renewal", "cheaper_line", "renewal_plan", "restructuring"}
)  # of what is held
PLACES = 4


@dataclass
class Chances:
    """Where the chances came from; with a model also what it was asked about."""

    model: PropensityModel | None = None
    frame: pd.DataFrame | None = None

    @property
    def version(self) -> int | None:
        """The version of the model."""
        return self.model.version if self.model else None

    @cached_property
    def scorer(self) -> Scorer:
        """The model over the frame: one set of bins for the chances and their reasons."""
        from products.propensity.score import Scorer

        if self.model is None or self.frame is None:
            raise ValueError("There is no model to score with.")
        return Scorer(self.frame, self.model.content)

    @property
    def told(self) -> str:
        """The same as a text for the receipt."""
        return f"model {self.model.version}" if self.model else f"forecast {MODEL_VERSION}"


def fill_chances(cursor: Any, *, who: str, named: dict[str, Any]) -> Chances:
    """``suggest_chance`` holds a row for each customer and family that has a chance."""
    model = active_model()
    if model is None:
        cursor.execute(_forecast_sql().replace("{who}", who), named)
        found = Chances()
    else:
        scope = {key: named[key] for key in ("low", "high", "ids") if key in named}
        frame = inputs_now(**scope, as_of=named["as_of"])
        found = Chances(model, frame)
        _copy_chances(cursor, found, least=named["suggest.min_chance"])
    cursor.execute("ANALYZE suggest_chance (customer_id, family)")
    return found


def _copy_chances(cursor: Any, found: Chances, *, least: Decimal) -> None:
    if found.scorer.frame.empty:
        return
    table = found.scorer.chances().round(PLACES)
    table.columns.name, table.index.name = "family", "customer_id"
    long = table.stack()
    rows = long[long >= float(least)]
    buffer = StringIO()
    rows.to_csv(buffer, header=False)
    buffer.seek(0)
    cursor.copy_expert(
        "COPY suggest_chance (customer_id, family, chance) FROM STDIN WITH (FORMAT csv)", buffer
    )


def explain_chosen(cursor: Any, found: Chances) -> None:
    """What the model says for each chosen family stands in ``suggest_chosen.why``."""
    if found.model is None or found.frame is None or found.frame.empty:
        return
    cursor.execute(
        "SELECT family, array_agg(customer_id ORDER BY customer_id), "
        "array_agg(chance ORDER BY customer_id) FROM suggest_chosen GROUP BY family ORDER BY family"
    )
    buffer = StringIO()
    for family, ids, chances in cursor.fetchall():
        _write_why(buffer, found, family, ids, chances)
    buffer.seek(0)
    cursor.execute(
        "DROP TABLE IF EXISTS suggest_why; CREATE TEMP TABLE suggest_why "
        "(customer_id bigint, family varchar(24), why jsonb) ON COMMIT DROP"
    )
    cursor.copy_expert(
        "COPY suggest_why FROM STDIN WITH (FORMAT csv, DELIMITER E'\\t', QUOTE E'\\x01')", buffer
    )
    cursor.execute("ANALYZE suggest_why (customer_id, family)")
    cursor.execute(
        "UPDATE suggest_chosen c SET why = w.why FROM suggest_why w "
        "WHERE w.customer_id = c.customer_id AND w.family = c.family"
    )


def _write_why(
    buffer: StringIO, found: Chances, family: str, ids: list[int], chances: list[Decimal]
) -> None:
    """Lines of customer, family and reasons; a weight is told in points of the chance."""
    told = found.scorer.why(family, ids)
    for customer_id, chance, parts in zip(ids, map(float, chances), told, strict=True):
        reasons = [
            {
                "code": "model",
                "inputs": {"column": part.column, "value": part.value},
                "weight": round(_points(chance, part.weight), PLACES),
            }
            for part in parts
            if part.value is not None
        ]
        buffer.write(f"{customer_id}\t{family}\t{json.dumps(reasons, ensure_ascii=True)}\n")


def _points(chance: float, weight: float) -> float:
    """By how much the chance would be lower without what adds ``weight`` to its log odds."""
    if not 0 < chance < 1:
        return 0.0
    return chance - 1 / (1 + (1 - chance) / chance * exp(weight))


def _forecast_sql() -> str:
    """The likeliest need of each family in the portrait's forecast."""
    rows = ", ".join(
        f"('{family}', '{need.key}', p.p_{need.key})"
        for need in NEEDS
        if need.key not in RENEWING
        for family in need.families
    )
    return (
        "INSERT INTO suggest_chance SELECT DISTINCT ON (p.customer_id, n.family) p.customer_id, "
        "n.family, round(n.chance::numeric, 4), jsonb_build_array(jsonb_build_object("
        "'code', 'need', 'weight', round(n.chance::numeric, 4), "
        "'inputs', jsonb_build_object('need', n.need, 'stage', p.stage))) "
        f"FROM customers_portrait p CROSS JOIN LATERAL (VALUES {rows}) n(family, need, chance) "
        "WHERE p.customer_id {who} AND n.chance >= %(suggest.min_chance)s "
        "ORDER BY p.customer_id, n.family, n.chance DESC, n.need"
    )
