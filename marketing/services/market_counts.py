"""Customers in every surveyed cell, counted in the background, the whole bank at once (e.8).

Runs unscoped on purpose: rows carry the number in the tree, readers narrow to their reach.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.core.jobs import enqueue
from crm.core.models import Job, User
from marketing.market.cells import BORROWS_SQL, DIMENSIONS, HOLDS_SQL
from marketing.models import MarketCount, MarketSurvey, SurveyLine

KIND = "market.count"
TABLE = MarketCount._meta.db_table
LOCK = 7_421  # advisory: one count at a time


def _selected(is_territory: bool) -> str:
    """One row a customer, dimension, place and value."""
    cases = ", ".join(
        f"('{one.key}', {one.values_sql})" for one in DIMENSIONS if one.is_territory is is_territory
    )
    places = (
        "JOIN customers_territorymember m ON m.customer_id = c.id "
        "JOIN customers_territory t ON t.id = m.territory_id AND t.code = ANY(%(places)s)"
        if is_territory
        else "JOIN above r ON r.code = c.region_id AND r.place = ANY(%(places)s)"
    )
    place = "t.code" if is_territory else "r.place"
    return f"""
SELECT c.scope_no, d.dimension, {place} AS place, v.value,
  {HOLDS_SQL} AS holds, {BORROWS_SQL} AS borrows,
  {HOLDS_SQL} AND c.customer_since > %(year_ago)s AS is_new, p.contribution_12m AS contribution
FROM customers_customer c
LEFT JOIN customers_portrait p ON p.customer_id = c.id
LEFT JOIN core_industrycode i ON i.code = c.industry_id
{places}
CROSS JOIN LATERAL (VALUES {cases}) AS d(dimension, found)
CROSS JOIN LATERAL unnest(d.found) AS v(value)
WHERE d.dimension <> 'trade' OR v.value = ANY(%(trades)s)"""


COUNTED = f"""
WITH RECURSIVE above AS (
  SELECT code::text, code::text AS place, parent_id FROM core_regioncode
  UNION ALL
  SELECT a.code, g.code::text, g.parent_id FROM above a JOIN core_regioncode g
    ON g.code = a.parent_id),
rows AS ({_selected(False)} UNION ALL {_selected(True)})
INSERT INTO {TABLE} (scope_no, dimension, place, value, known, holders, borrowers, new_holders,
  contribution, contributors, as_of, counted_at)
SELECT scope_no, dimension, place, value, count(*), count(*) FILTER (WHERE holds),
  count(*) FILTER (WHERE borrows), count(*) FILTER (WHERE is_new),
  coalesce(sum(contribution) FILTER (WHERE holds), 0),
  count(contribution) FILTER (WHERE holds), %(as_of)s, %(now)s
FROM rows GROUP BY scope_no, dimension, place, value
"""


@transaction.atomic
def count_market(*, as_of: date) -> int:
    """Every surveyed cell says what customers and portraits say now; returns the rows.

    Safe to repeat. A survey that is approved later asks for a count of its own.
    """
    is_leap_day = (as_of.month, as_of.day) == (2, 29)
    year_ago = as_of.replace(year=as_of.year - 1, day=28 if is_leap_day else as_of.day)
    given: dict[str, Any] = {
        "as_of": as_of,
        "now": timezone.now(),
        "year_ago": year_ago,
        **_surveyed(),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.execute(COUNTED, given)
        return int(cursor.rowcount)


def _surveyed() -> dict[str, list[str]]:
    """The regions, territories and trades of approved surveys."""
    surveys = MarketSurvey.objects.filter(state=MarketSurvey.State.APPROVED)
    places = {code for row in surveys.values_list("region", "territory__code") for code in row}
    trades = SurveyLine.objects.filter(survey__in=surveys, industry__isnull=False)
    codes = trades.order_by().values_list("industry", flat=True).distinct()
    return {"places": sorted(places - {None}), "trades": sorted(codes)}


def ask_count(*, by: User | None = None) -> Job:
    """A count is waiting; asked again before it starts, it is the same one."""
    return enqueue(KIND, unique_key="all", by=by, priority=4)
