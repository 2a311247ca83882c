"""What a bundle brought (d.5): take-up, families before and after, income uplift.

Counted from quotes and openings: a quote is ripe once its days of observation are over. A family
counts as opened when a contract of it was opened from the day of the quote on, within those days.
Fewer ripe quotes than ``quote.least_cases`` show no figure, only how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from crm.core.parameters import parameters

SQL = """
WITH quoted AS (
    SELECT q.id, v.bundle_id, q.customer_id, q.as_of,
           (q.figures #>> '{case,before,contribution}')::numeric AS before,
           ARRAY(SELECT DISTINCT line ->> 'family' FROM jsonb_array_elements(q.lines) line
                 WHERE (line ->> 'is_taken')::boolean AND line ->> 'family' <> '') AS taken
    FROM products_quote q JOIN products_bundleversion v ON v.id = q.bundle_version_id
    WHERE v.bundle_id = ANY(%(bundles)s)
), told AS (
    SELECT k.*, k.as_of + %(days)s <= %(today)s AS is_ripe,
        (SELECT count(DISTINCT h.family) FROM customers_holding h
         WHERE h.customer_id = k.customer_id AND h.family = ANY(k.taken)
           AND h.opened_on >= k.as_of AND h.opened_on <= k.as_of + %(days)s) AS opened,
        (SELECT count(DISTINCT h.family) FROM customers_holding h
         WHERE h.customer_id = k.customer_id AND h.opened_on < k.as_of
           AND (h.closed_on IS NULL OR h.closed_on >= k.as_of)) AS held_before,
        (SELECT count(DISTINCT h.family) FROM customers_holding h
         WHERE h.customer_id = k.customer_id AND h.opened_on <= k.as_of + %(days)s
           AND (h.closed_on IS NULL OR h.closed_on > k.as_of + %(days)s)) AS held_after,
        p.contribution_12m AS after
    FROM quoted k LEFT JOIN customers_portrait p ON p.customer_id = k.customer_id
)
SELECT bundle_id, count(*), count(*) FILTER (WHERE is_ripe),
    count(*) FILTER (WHERE is_ripe AND opened >= least(2, cardinality(taken)) AND opened > 0),
    avg(held_before) FILTER (WHERE is_ripe), avg(held_after) FILTER (WHERE is_ripe),
    avg(after - before) FILTER (WHERE is_ripe)
FROM told GROUP BY bundle_id
"""


@dataclass(frozen=True)
class Measures:
    """Figures of one bundle; None where there are too few cases to tell."""

    quotes: int = 0
    ripe: int = 0
    least: int = 0
    days: int = 0
    take_up: Decimal | None = None
    families_before: Decimal | None = None
    families_after: Decimal | None = None
    income_uplift: Decimal | None = None

    @property
    def is_told(self) -> bool:
        """Whether there are cases enough."""
        return self.ripe >= self.least


def measures_of(*, bundle_ids: Sequence[int], today: date) -> dict[int, Measures]:
    """The figures of these bundles, one query; a bundle without quotes has zero cases."""
    if not bundle_ids:
        return {}
    known = parameters(today)
    least, days = known.number("quote.least_cases"), known.number("quote.take_up_days")
    found = {pk: Measures(least=least, days=days) for pk in bundle_ids}
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"bundles": list(bundle_ids), "days": days, "today": today})
        for pk, quotes, ripe, taken, before, after, uplift in cursor.fetchall():
            if ripe < least:
                found[pk] = Measures(quotes, ripe, least, days)
                continue
            share = Decimal(taken) / ripe
            found[pk] = Measures(quotes, ripe, least, days, share, before, after, uplift)
    return found
