"""Rollups are recomputed from facts: for what was touched, or all of them in customer order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.db import connection, transaction

from customers.models import TouchedMonth, Trigger
from customers.services import rollup_sql as sql
from customers.services.swap import begin_new, swap_in

MONTHS = "customers_monthrollup"
INVOICES = "customers_invoicemonth"
PARTNERS = "customers_counterpartymonth"
DECLARED = "customers_declaredrollup"
TABLES = (MONTHS, INVOICES, PARTNERS, DECLARED)
RANGE_SIZE = 10_000
REFRESHING, REBUILDING = 7_301, 7_302  # advisory locks: refreshes share what a rebuild owns alone

Pair = tuple[int, int | None]


def touch(pairs: Iterable[Pair], *, trigger: str = Trigger.EDIT) -> int:
    """The (customer, month) pairs wait for recomputation, in the caller's transaction.

    The month is None for facts without one: declared facts, loans, records, the customer itself.
    After it, ``customers.services.portrait.ask_refresh`` once.
    """
    rows = ((customer, ym, str(trigger)) for customer, ym in pairs)
    written = 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, 5_000)):
            cursor.execute(
                "INSERT INTO customers_touchedmonth (customer_id, ym, trigger, touched_at) "
                "SELECT t.customer_id, t.ym, t.trigger, now() FROM unnest(%s::bigint[], "
                "%s::integer[], %s::varchar[]) AS t(customer_id, ym, trigger)",
                [list(column) for column in zip(*batch, strict=True)],
            )
            written += len(batch)
    return written


def touch_customers(customer_ids: Iterable[int], *, trigger: str = Trigger.EDIT) -> int:
    """The same, for facts without a month."""
    return touch(((pk, None) for pk in customer_ids), trigger=trigger)


def recompute(pairs: Collection[tuple[int, int]], customers: Collection[int]) -> None:
    """Rollups of the pairs, and the declared facts of the customers, say what the facts say."""
    ids = sorted(set(customers) | {customer for customer, _ym in pairs})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [REBUILDING])
        if pairs:
            _recompute_pairs(cursor, sorted(set(pairs)))
        _recompute_declared(cursor, ids)


def _recompute_pairs(cursor: object, pairs: list[tuple[int, int]]) -> None:
    run = cursor.execute  # type: ignore[attr-defined]
    named = {"customers": [pair[0] for pair in pairs], "yms": [pair[1] for pair in pairs]}
    key = ["customer_id", "ym"]
    gone = "DELETE FROM {0} t USING pairs p WHERE t.customer_id = p.customer_id AND t.ym = p.ym "
    missing = (
        "AND NOT EXISTS (SELECT FROM {0} f WHERE f.customer_id = t.customer_id AND f.ym = t.ym{1})"
    )
    run(
        f"{sql.months_sql(touched=True)}, "
        f"gone AS ({gone.format(MONTHS)}{missing.format('fresh', '')}) "
        + sql.upsert_sql(MONTHS, key, sql.MONTH_COLUMNS, "fresh"),
        named,
    )
    same = " AND f.side = t.side AND f.counterparty = t.counterparty"
    partner_key = ["customer_id", "side", "counterparty", "ym"]
    run(
        f"{sql.invoices_sql(touched=True)}, "
        f"gone AS ({gone.format(INVOICES)}{missing.format('fresh', '')}), "
        f"gone_partners AS ({gone.format(PARTNERS)}{missing.format('partners', same)}), "
        "stored AS ("
        + sql.upsert_sql(PARTNERS, partner_key, sql.PARTNER_COLUMNS, "partners")
        + ") "
        + sql.upsert_sql(INVOICES, key, sql.INVOICE_COLUMNS, "fresh"),
        named,
    )
    run(sql.GAPS_SQL, named)
    run(sql.trailing_update(), named)


def _recompute_declared(cursor: object, ids: list[int]) -> None:
    run = cursor.execute  # type: ignore[attr-defined]
    mine = "= ANY(%(customers)s::bigint[])"
    run(
        f"WITH fresh AS ({sql.declared_sql(mine)}), gone AS (DELETE FROM {DECLARED} t "
        f"WHERE t.customer_id {mine} AND NOT EXISTS "
        "(SELECT FROM fresh f WHERE f.customer_id = t.customer_id)) "
        + sql.upsert_sql(DECLARED, ["customer_id"], sql.DECLARED_COLUMNS, "fresh"),
        {"customers": ids},
    )


def rebuild(*, range_size: int = RANGE_SIZE) -> int:
    """All rollups are written anew, sorted by customer, and swapped in; returns the customers."""
    seen = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REBUILDING])
            cursor.execute("SET LOCAL work_mem = '128MB'")
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        for table in TABLES:
            begin_new(table)
        for low, high, count in customer_ranges(range_size):
            _rebuild_range(low, high)
            seen += count
        for table in TABLES:
            swap_in(table)
    return seen


def _rebuild_range(low: int, high: int) -> None:
    named = {"low": low, "high": high}
    months = ", ".join(["customer_id", "ym", *sql.MONTH_COLUMNS])
    invoices = ", ".join(["customer_id", "ym", *sql.INVOICE_COLUMNS, *sql.TRAILING])
    partners = ", ".join(["customer_id", "side", "counterparty", "ym", *sql.PARTNER_COLUMNS])
    declared = ", ".join(["customer_id", *sql.DECLARED_COLUMNS])
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql.months_sql(touched=False)} INSERT INTO {MONTHS}_new ({months}) "
            f"SELECT {months} FROM fresh ORDER BY customer_id, ym",
            named,
        )
        cursor.execute(
            f"{sql.invoice_rebuild_sql()}, stored AS (INSERT INTO {PARTNERS}_new "
            f"({partners}) SELECT {partners} FROM partners "
            "ORDER BY customer_id, side, counterparty, ym) "
            f"INSERT INTO {INVOICES}_new ({invoices}) "
            f"SELECT {invoices} FROM whole ORDER BY customer_id, ym",
            named,
        )
        cursor.execute(
            f"INSERT INTO {DECLARED}_new ({declared}) SELECT {declared} FROM "
            f"({sql.declared_sql('BETWEEN %(low)s AND %(high)s')}) d ORDER BY customer_id",
            named,
        )


def customer_ranges(size: int = RANGE_SIZE) -> Iterator[tuple[int, int, int]]:
    """Contiguous ranges of customer ids, low and high included, with how many they hold."""
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT min(id), max(id), count(*) FROM (SELECT id FROM customers_customer "
                "WHERE id > %s ORDER BY id LIMIT %s) c",
                [last, size],
            )
            low, high, count = cursor.fetchone()
        if not count:
            return
        yield low, high, count
        last = high


def waiting() -> int:
    """How many touched rows wait."""
    return TouchedMonth.objects.count()
