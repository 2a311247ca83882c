"""Forecasts held against what came: predicted chance and share opened within 90 days (spec b.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from customers.features.demand import NEEDS

HORIZON_DAYS = 90
TENTHS = 10


@dataclass(frozen=True)
class Decile:
    """A tenth of the forecasts by chance: what was predicted, and what share came true."""

    number: int
    forecasts: int
    predicted: float
    opened: float


def _forecasts() -> str:
    """SQL rows (need, chance, families) of one version; needs without a product are left out."""
    rows = ", ".join(
        f"('{need.key}', v.p_{need.key}, "
        f"ARRAY[{', '.join(repr(family) for family in need.families)}]::varchar[])"
        for need in NEEDS
        if need.families
    )
    return f"(VALUES {rows}) AS n(need, chance, families)"


def demand_backtest(*, as_of: date, need: str = "") -> list[Decile]:
    """Forecasts as they stood on the day, in tenths by chance; the whole bank, for officers.

    The forecast is the newest portrait version up to the day; opened is any product of the need's
    families in the 90 days after it.
    """
    chosen = "AND n.need = %(need)s" if need else ""
    sql = (
        "WITH told AS (SELECT v.customer_id, n.chance, n.families FROM ("
        "SELECT DISTINCT ON (customer_id) * FROM customers_portraitversion "
        "WHERE as_of <= %(as_of)s ORDER BY customer_id, version_no DESC) v "
        f"CROSS JOIN LATERAL {_forecasts()} WHERE n.chance IS NOT NULL {chosen}), "
        "held AS (SELECT t.chance, EXISTS (SELECT FROM customers_holding h "
        "WHERE h.customer_id = t.customer_id AND h.family = ANY(t.families) "
        "AND h.opened_on > %(as_of)s AND h.opened_on <= %(as_of)s::date + %(days)s) AS came, "
        "ntile(%(tenths)s) OVER (ORDER BY t.chance, t.customer_id) AS tenth FROM told t) "
        "SELECT tenth, count(*), avg(chance), avg(came::int)::float8 FROM held "
        "GROUP BY tenth ORDER BY tenth"
    )
    named: dict[str, Any] = {
        "as_of": as_of,
        "days": HORIZON_DAYS,
        "tenths": TENTHS,
        "need": need,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        return [Decile(*row) for row in cursor.fetchall()]
