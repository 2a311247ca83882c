"""The statements that store matches: a row a customer, and a row for each offer within reach."""

from __future__ import annotations

from typing import Any

from products.matching.book import Book
from products.matching.statement import CHOSEN, RANGE, Engine
from products.models import CustomerMatch, OfferFit

MATCH = CustomerMatch._meta.db_table
FIT = OfferFit._meta.db_table
MATCH_COLUMNS = (
    "customer_id, book_number, as_of, computed_at, portrait_version, inputs, outcomes, scores, "
    "failed, unknown, top"
)
FIT_COLUMNS = "customer_id, version_id, kind, score, rule"


def write_sql(engine: Engine, *, where: str, suffix: str = "") -> str:
    """INSERT of matches and fits into the live tables, or (``_new``) those of a full run."""
    return (
        f"WITH m AS MATERIALIZED ({engine.select(where)}), stored AS ("
        f"INSERT INTO {MATCH}{suffix} ({MATCH_COLUMNS}) "
        "SELECT m.customer_id, %(book_number)s, %(as_of)s, %(computed_at)s, m.version_no, "
        "m.inputs, m.outcomes, m.scores, m.failed, m.unknown, m.top "
        "FROM m RETURNING 1), fits AS ("
        f"INSERT INTO {FIT}{suffix} ({FIT_COLUMNS}) "
        "SELECT m.customer_id, f.version_id, f.kind, f.score, coalesce(f.rule, '') FROM m "
        "CROSS JOIN LATERAL unnest(%(versions)s::bigint[], m.kinds, m.scores, m.obstacles) "
        "AS f(version_id, kind, score, rule) WHERE f.kind IS NOT NULL) "
        "SELECT count(*) FROM stored"
    )


def range_sql(engine: Engine) -> str:
    """A range of customers into the tables of a full run."""
    return write_sql(engine, where=RANGE, suffix="_new")


def chosen_sql(engine: Engine) -> str:
    """Chosen customers into the live tables; their old rows must be gone."""
    return write_sql(engine, where=CHOSEN)


def book_params(book: Book) -> dict[str, Any]:
    """What the statements need of the book beside its compiled values."""
    return {
        "book_number": book.number,
        "versions": [offer.version_id for offer in book.offers],
    }
