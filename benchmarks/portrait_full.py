"""Full portrait run from rollups, against DuckDB over the raw facts in Parquet; results equal.

The run that is measured is the ordinary nightly one: everybody has a portrait already, history is
written where something moved, and the figures of the bank are made at its end.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.harness import AS_OF, say

SMALL = 10_000


def main() -> None:
    """Figures of a small bank and of one of the size asked for, then one JSON line."""
    options = harness.start(100_000, __doc__ or "")
    sizes = sorted({min(SMALL, options.customers), options.customers})
    found = {size: measure(size, seed=options.seed, keep=options.keep) for size in sizes}
    small, large = found[sizes[0]], found[sizes[-1]]
    harness.finish(
        {
            "benchmark": "portrait_full",
            "customers": options.customers,
            "cpu_per_10k": round(large["cpu"], 3),
            "duckdb_cpu_per_10k": round(large["duckdb"], 3),
            "ratio": round(max(part["ratio"] for part in found.values()), 3),
            "ratios": {size: round(part["ratio"], 3) for size, part in found.items()},
            "growth": round(large["cpu"] / small["cpu"], 3),
            "peak_mb": round(max(part["peak_mb"] for part in found.values())),
            "equal": all(part["differences"] == {} for part in found.values()),
        }
    )


def measure(customers: int, *, seed: int, keep: bool) -> dict[str, Any]:
    """CPU seconds for 10,000 customers of both sides, and where their results differ."""
    from customers.services import portrait, portrait_run
    from customers.services.statistics import refresh_statistics

    harness.make_bank(customers, seed=seed, keep=keep)
    portrait_run.run_twice_if_first(as_of=AS_OF - timedelta(days=1))

    def nightly() -> None:
        outcome = portrait.run_full(as_of=AS_OF)
        say(f"{outcome.computed:,} portraits, {len(outcome.moved):,} new versions")

    ours = harness.cost_of(nightly)
    with tempfile.TemporaryDirectory() as folder:
        params = export(Path(folder))
        theirs = in_another_process(Path(folder), params)
    refresh_statistics(as_of=AS_OF)
    scale = SMALL / customers
    say(
        f"{customers:,} customers: {ours.cpu * scale:.2f} CPU-s for 10,000 "
        f"(Python {ours.python * scale:.2f}, PostgreSQL {ours.postgres * scale:.2f}, wall "
        f"{ours.wall * scale:.2f}); DuckDB {theirs['cpu'] * scale:.2f}, peak {ours.peak_mb:.0f} MB"
    )
    for column, (count, example) in theirs["differences"].items():
        say(f"  differs: {column} for {count} customers, such as {example}")
    return {
        "cpu": ours.cpu * scale,
        "duckdb": theirs["cpu"] * scale,
        "ratio": ours.cpu / theirs["cpu"],
        "peak_mb": ours.peak_mb,
        "differences": theirs["differences"],
    }


def export(folder: Path) -> dict[str, Any]:
    """Raw facts and our portraits as Parquet (not measured); the parameters of the run."""
    from benchmarks.duck import Duck
    from customers.features.engine import compiled
    from customers.services.portrait_parameters import run_parameters

    Duck(folder).export()
    params = run_parameters(AS_OF, compiled().parameters)[0]
    return {key: _plain(value) for key, value in params.items()}


def _plain(value: Any) -> Any:
    """A parameter without its wrapping for psycopg2."""
    written = getattr(value, "adapted", None)
    return value if written is None else float(written.split("'")[1])


def in_another_process(folder: Path, params: dict[str, Any]) -> dict[str, Any]:
    """What DuckDB needed, measured in a process of its own so that memory is told apart."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(peer, (folder, params))


def peer(folder: Path, params: dict[str, Any]) -> dict[str, Any]:
    """CPU seconds of DuckDB's run, and the columns in which its results differ from ours."""
    import os
    import time

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from benchmarks.duck import Duck, differences

    duck = Duck(folder)
    duck.open()
    began = time.process_time()
    duck.compute(params)
    return {"cpu": time.process_time() - began, "differences": differences(duck)}


if __name__ == "__main__":
    main()
