"""Chances of taking a family, into the temporary table ``suggest_chance`` for SQL to rank.

They come from the active propensity model. Where none is active, from the forecasts of the
portrait (b.6); the receipt says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from customers.features.demand import MODEL_VERSION, NEEDS

RENEWING = frozenset(
    {"renewal", "cheaper_line", "renewal_plan", "restructuring"}
)  # of what is held


@dataclass(frozen=True)
class Chances:
    """Where the chances came from."""

    model: int | None
    told: str


def fill_chances(cursor: Any, *, who: str, named: dict[str, Any]) -> Chances:
    """``suggest_chance`` holds a row for each customer and family that has a chance."""
    cursor.execute(_forecast_sql().replace("{who}", who), named)
    cursor.execute("ANALYZE suggest_chance")
    return Chances(None, f"forecast {MODEL_VERSION}")


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
