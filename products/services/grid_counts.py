"""The grid of single managers, counted anew when matches of their customers were replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection, transaction

from customers.models import Customer
from products.models import CustomerMatch, MatchCount, OfferFit
from products.selectors.book import matched_book
from products.services.matching import MATCHING

COUNT = MatchCount._meta.db_table
MATCH = CustomerMatch._meta.db_table
FIT = OfferFit._meta.db_table
COUNTED = f"""
WITH v AS MATERIALIZED (
  SELECT m.customer_id, c.scope_no, d.dimension, d.value
  FROM customers_customer c JOIN {MATCH} m ON m.customer_id = c.id
  LEFT JOIN core_industrycode i ON i.code = c.industry_id
  LEFT JOIN customers_portrait p ON p.customer_id = c.id
  CROSS JOIN LATERAL (VALUES ('industry', coalesce(i.section, 'unknown')),
    ('stage', coalesce(nullif(p.stage, ''), 'unknown')),
    ('asset_style', coalesce(nullif(p.asset_style, ''), 'unknown'))) AS d(dimension, value)
  WHERE c.scope_no = ANY(%(scopes)s)),
heads AS (SELECT scope_no, dimension, value, count(*) AS customers FROM v GROUP BY 1, 2, 3),
fits AS (
  SELECT scope_no, dimension, value, f.version_id, count(*) AS fits, sum(f.score) AS scores
  FROM v JOIN {FIT} f USING (customer_id) WHERE f.kind = 'y' GROUP BY 1, 2, 3, 4)
INSERT INTO {COUNT} (scope_no, dimension, value, customers, versions, fits, score_sums)
SELECT h.scope_no, h.dimension, h.value, h.customers, %(versions)s::bigint[],
  array_agg(coalesce(f.fits, 0) ORDER BY o.no), array_agg(coalesce(f.scores, 0) ORDER BY o.no)
FROM heads h CROSS JOIN unnest(%(versions)s::bigint[]) WITH ORDINALITY AS o(version_id, no)
LEFT JOIN fits f ON (f.scope_no, f.dimension, f.value, f.version_id)
  = (h.scope_no, h.dimension, h.value, o.version_id)
GROUP BY h.scope_no, h.dimension, h.value, h.customers
"""


def recount_customers(*, customer_ids: Iterable[int], and_scopes: Iterable[int] = ()) -> int:
    """The grid of whoever looks after these customers says what their matches say now."""
    rows = Customer.objects.filter(pk__in=list(customer_ids))
    return recount_scopes(scopes={*rows.values_list("scope_no", flat=True), *and_scopes})


@transaction.atomic
def recount_scopes(*, scopes: Collection[int]) -> int:
    """The rollup of these scope numbers is counted from the stored matches; returns its rows.

    Waits for a full run that is being swapped in. A call repeated gives the same rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MATCHING])
        theirs = CustomerMatch.objects.filter(customer__scope_no__in=scopes)
        book = matched_book(theirs.order_by("-computed_at"))
        if book is None:
            return 0
        versions = [offer.version_id for offer in book.offers]
        cursor.execute(f"DELETE FROM {COUNT} WHERE scope_no = ANY(%s)", [sorted(scopes)])
        cursor.execute(COUNTED, {"scopes": sorted(scopes), "versions": versions})
        return int(cursor.rowcount)
