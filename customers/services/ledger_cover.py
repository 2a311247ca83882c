"""The stored fullness of ledgers, and what each risk grade brings: counted in the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from customers.ledger.cover import COLUMNS, cover_sql
from customers.services.rollup_sql import upsert_sql
from customers.services.rollups import customer_ranges

TABLE = "customers_ledgercover"
_UPSERT = "WITH fresh AS ({fresh}) " + upsert_sql(TABLE, ["customer_id"], list(COLUMNS), "fresh")


def store_covers(*, customer_ids: Iterable[int]) -> int:
    """The stored covers of these customers say what the facts say; returns how many moved."""
    ids = sorted(set(customer_ids))
    if not ids:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_UPSERT.format(fresh=cover_sql("= ANY(%(ids)s::bigint[])")), {"ids": ids})
        return int(cursor.rowcount)


def cover_parts() -> list[dict[str, int]]:
    """Contiguous ranges of all customers."""
    return [{"low": low, "high": high} for low, high, _count in customer_ranges()]


def store_range(*, low: int, high: int) -> int:
    """The same for a range of customers, ends included."""
    sql = _UPSERT.format(fresh=cover_sql("BETWEEN %(low)s AND %(high)s"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
        cursor.execute(sql, {"low": low, "high": high})
        return int(cursor.rowcount)


GRADES_SQL = """
INSERT INTO customers_gradereturn (as_of, grade, customers, balance_amount, contribution_amount)
SELECT %(as_of)s, coalesce(p.credit_grade, 'none'), count(*),
    round(sum(p.loan_balance)::numeric, 2), round(sum(p.contribution_12m)::numeric, 2)
FROM customers_portrait p WHERE p.loan_balance > 0 AND p.contribution_12m IS NOT NULL
GROUP BY 2 HAVING sum(p.loan_balance) > 0
ON CONFLICT (as_of, grade) DO UPDATE SET customers = excluded.customers,
    balance_amount = excluded.balance_amount, contribution_amount = excluded.contribution_amount
"""


def store_grade_returns(*, as_of: date) -> int:
    """What the borrowers of each grade brought for what they owe; returns the grades."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(GRADES_SQL, {"as_of": as_of})
        return int(cursor.rowcount)
