"""The grid's rollup: how many customers under each scope number fit each offer, by dimension."""

from __future__ import annotations

from django.db import connection

from products.matching.book import Book
from products.models import CustomerMatch, MatchCount, OfferFit

COUNT = MatchCount._meta.db_table
MATCH = CustomerMatch._meta.db_table
FIT = OfferFit._meta.db_table
UNKNOWN = "'unknown'"  # a customer without a value still stands in one row of each dimension

_VALUES = f"""
SELECT m.customer_id, c.scope_no, coalesce(i.section, {UNKNOWN}) AS industry,
  coalesce(nullif(p.stage, ''), {UNKNOWN}) AS stage,
  coalesce(nullif(p.asset_style, ''), {UNKNOWN}) AS asset_style
FROM {MATCH}_new m JOIN customers_customer c ON c.id = m.customer_id
LEFT JOIN core_industrycode i ON i.code = c.industry_id
LEFT JOIN customers_portrait p ON p.customer_id = m.customer_id
"""
_GROUPS = (
    "GROUP BY GROUPING SETS ((scope_no, industry{more}), (scope_no, stage{more}), "
    "(scope_no, asset_style{more}))"
)
_KEY = (
    "scope_no, CASE WHEN grouping(industry) = 0 THEN 'industry' WHEN grouping(stage) = 0 "
    "THEN 'stage' ELSE 'asset_style' END AS dimension, "
    "coalesce(industry, stage, asset_style) AS value"
)
_COUNTED = f"""
WITH v AS MATERIALIZED ({_VALUES}),
heads AS (SELECT {_KEY}, count(*) AS customers FROM v {_GROUPS.format(more="")}),
fits AS (
  SELECT {_KEY}, version_id, count(*) AS fits, sum(score) AS scores
  FROM v JOIN {FIT}_new f USING (customer_id) WHERE f.kind = 'y'
  {_GROUPS.format(more=", version_id")}),
places AS (
  SELECT h.scope_no, h.dimension, h.value, h.customers, o.version_id, o.no,
    coalesce(f.fits, 0) AS fits, coalesce(f.scores, 0) AS scores
  FROM heads h CROSS JOIN unnest(%(versions)s::bigint[]) WITH ORDINALITY AS o(version_id, no)
  LEFT JOIN fits f USING (scope_no, dimension, value, version_id))
INSERT INTO {COUNT} (scope_no, dimension, value, customers, versions, fits, score_sums)
SELECT scope_no, dimension, value, max(customers), %(versions)s::bigint[],
  array_agg(fits ORDER BY no), array_agg(scores ORDER BY no)
FROM places GROUP BY scope_no, dimension, value
"""


def count_matches(*, book: Book) -> int:
    """The rollup says what the new matches say; returns how many rows.

    It reads the new tables of a full run: call it in the transaction that swaps them in.
    """
    versions = [offer.version_id for offer in book.offers]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {COUNT}")
        if not versions:
            return 0
        cursor.execute(_COUNTED, {"versions": versions})
        return int(cursor.rowcount)
