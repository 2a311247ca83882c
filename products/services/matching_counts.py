"""The grid's rollup: how many customers under each scope number fit each offer, by dimension."""

from __future__ import annotations

from django.db import connection

from products.matching.book import Book
from products.models import CustomerMatch, MatchCount, OfferFit

COUNT = MatchCount._meta.db_table
MATCH = CustomerMatch._meta.db_table
FIT = OfferFit._meta.db_table
UNKNOWN = "'unknown'"  # a customer without a value still stands in one row of each dimension

# Fits are added up once for each distinct customer of the grid (scope and all three values), by a
# number; the three dimensions are then told from those few rows.
_VALUES = f"""
SELECT customer_id, scope_no, industry, stage, asset_style,
  dense_rank() OVER (ORDER BY scope_no, industry, stage, asset_style) AS place
FROM (SELECT m.customer_id, c.scope_no, coalesce(i.section, {UNKNOWN}) AS industry,
    coalesce(nullif(p.stage, ''), {UNKNOWN}) AS stage,
    coalesce(nullif(p.asset_style, ''), {UNKNOWN}) AS asset_style
  FROM {MATCH}_new m JOIN customers_customer c ON c.id = m.customer_id
  LEFT JOIN core_industrycode i ON i.code = c.industry_id
  LEFT JOIN customers_portrait p ON p.customer_id = m.customer_id) AS known
"""
_DIMENSIONS = (
    "(VALUES ('industry', industry), ('stage', stage), ('asset_style', asset_style)) "
    "AS d(dimension, value)"
)
_COUNTED = f"""
WITH v AS MATERIALIZED ({_VALUES}),
alike AS MATERIALIZED (SELECT place, scope_no, industry, stage, asset_style, count(*) AS customers
  FROM v GROUP BY place, scope_no, industry, stage, asset_style),
heads AS MATERIALIZED (SELECT row_number() OVER () AS head, scope_no, dimension, value,
    sum(customers) AS customers
  FROM alike CROSS JOIN LATERAL {_DIMENSIONS} GROUP BY scope_no, dimension, value),
links AS MATERIALIZED (SELECT a.place, h.head FROM alike a CROSS JOIN LATERAL {_DIMENSIONS}
  JOIN heads h USING (scope_no, dimension, value)),
added AS MATERIALIZED (SELECT v.place, f.version_id, count(*) AS fits, sum(f.score) AS scores
  FROM {FIT}_new f JOIN v USING (customer_id) WHERE f.kind = 'y' GROUP BY v.place, f.version_id),
fits AS MATERIALIZED (SELECT head, version_id, sum(fits::int) AS fits, sum(scores) AS scores
  FROM added JOIN links USING (place) GROUP BY head, version_id),
counts AS (SELECT h.head, array_agg(coalesce(f.fits, 0) ORDER BY o.no) AS fits,
    array_agg(coalesce(f.scores, 0) ORDER BY o.no) AS scores
  FROM heads h CROSS JOIN unnest(%(versions)s::bigint[]) WITH ORDINALITY AS o(version_id, no)
  LEFT JOIN fits f ON f.head = h.head AND f.version_id = o.version_id GROUP BY h.head)
INSERT INTO {COUNT} (scope_no, dimension, value, customers, versions, fits, score_sums)
SELECT scope_no, dimension, value, customers, %(versions)s::bigint[], fits, scores
FROM heads JOIN counts USING (head)
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
