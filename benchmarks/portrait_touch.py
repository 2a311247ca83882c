"""New facts for one customer in a hundred until all is fresh, against a full portrait run."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks import harness
from benchmarks.harness import AS_OF, say

SHARE = 100  # one in so many customers has news
NEWS_ON = date(2026, 10, 15)


def main() -> None:
    """Figures, then one JSON line."""
    options = harness.start(100_000, __doc__ or "")
    from customers.services import portrait, portrait_run, rollups

    count = harness.make_bank(options.customers, seed=options.seed, keep=options.keep)
    portrait_run.run_twice_if_first(as_of=AS_OF - timedelta(days=1))
    full = harness.cost_of(lambda: portrait.run_full(as_of=AS_OF))
    pairs = write_news()
    outcomes: list[portrait.Outcome] = []

    def until_fresh() -> None:
        rollups.touch(pairs, trigger="import")
        outcomes.append(portrait.refresh(as_of=AS_OF))

    touch = harness.cost_of(until_fresh)
    outcome = outcomes[0]
    say(
        f"{len(pairs):,} of {count:,} customers fresh in {touch.cpu:.2f} CPU-s "
        f"and {touch.wall:.1f} s, {len(outcome.moved):,} new versions; "
        f"a full run takes {full.cpu:.2f} CPU-s"
    )
    harness.finish(
        {
            "benchmark": "portrait_touch",
            "customers": count,
            "touched": len(pairs),
            "moved": len(outcome.moved),
            "cpu_full": round(full.cpu, 2),
            "cpu_touch": round(touch.cpu, 3),
            "share": round(touch.cpu / full.cpu, 4),
            "wall_touch": round(touch.wall, 2),
            "peak_mb": round(max(full.peak_mb, touch.peak_mb)),
        }
    )


def write_news() -> list[tuple[int, int | None]]:
    """Invoices of the last closed month and a new told fact for every hundredth customer."""
    from django.db import connection

    from crm.core.months import ym_of

    ym = ym_of(NEWS_ON)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_invoice (customer_id, issued_on, side, number, code, ym, "
            "counterparty, net_amount, tax_amount, is_void) SELECT c.id, %s, s.side, "
            "'news' || c.id || s.side, '', %s, 'news', 12345.67, 0, false "
            "FROM customers_customer c CROSS JOIN (VALUES ('S'), ('P')) s(side) "
            "WHERE mod(c.id, %s) = 7",
            [NEWS_ON, ym, SHARE],
        )
        cursor.execute(
            "INSERT INTO customers_declaredfact (customer_id, key, number, text, as_of, source, "
            "quality, evidence, recorded_at, is_withdrawn) SELECT c.id, 'speed_need', 5, '', %s, "
            "'visit', 'verified', '', now(), false FROM customers_customer c "
            "WHERE mod(c.id, %s) = 7 ON CONFLICT DO NOTHING RETURNING customer_id",
            [AS_OF, SHARE],
        )
        cursor.execute("SELECT id FROM customers_customer WHERE mod(id, %s) = 7", [SHARE])
        return [(row[0], ym) for row in cursor.fetchall()]


if __name__ == "__main__":
    main()
