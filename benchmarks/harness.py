"""What the portrait benchmarks share: a demo bank of a size, and what a piece of work cost.

Cost is CPU time of this Python process and of PostgreSQL's processes together; memory is the
largest private memory of any of them (shared buffers are common to all and not counted).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
AS_OF = date(2026, 11, 21)


def start(default: int, purpose: str) -> argparse.Namespace:
    """Options of the command line, and Django ready."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--customers", type=int, default=default)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="use the bank that is there")
    options = parser.parse_args()
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    os.environ["LOG_LEVEL"] = "WARNING"
    import django

    django.setup()
    return options


def say(text: str) -> None:
    """A line for people, at once."""
    print(text, flush=True)


def finish(figures: dict[str, Any]) -> None:
    """The last line, for machines."""
    print(json.dumps(figures), flush=True)


def make_bank(customers: int, *, seed: int = 1, keep: bool = False) -> int:
    """A demo bank of this size with rollups, and no portraits yet; returns its customers."""
    from django.core.management import call_command

    from customers.demo.build import build_bank
    from customers.demo.plan import Plan
    from customers.demo.reset import empty_bank
    from customers.models import Customer
    from customers.services import rollups

    if not keep or Customer.objects.count() != customers:
        call_command("load_reference", verbosity=0, stdout=StringIO())
        if Customer.objects.exists():
            empty_bank()
        began = time.monotonic()
        build_bank(Plan(customers=customers, seed=seed, as_of=AS_OF), lambda text: None)
        say(f"{customers:,} customers made in {time.monotonic() - began:.0f} s")
    with meter() as cost:
        count = rollups.rebuild()
    say(f"rollups of {count:,} customers: {cost.cpu:.1f} CPU-s")
    return count


@dataclass
class Cost:
    """What a piece of work cost."""

    wall: float = 0.0
    python: float = 0.0
    postgres: float = 0.0
    peak_mb: float = 0.0

    @property
    def cpu(self) -> float:
        """CPU seconds of both."""
        return self.python + self.postgres


@contextmanager
def meter() -> Iterator[Cost]:
    """Measures the work inside: CPU of both sides, and the peak of private memory."""
    cost = Cost()
    watch = Watch(_backends())
    python, began = time.process_time(), time.monotonic()
    with watch:
        yield cost
    cost.wall = time.monotonic() - began
    cost.python = time.process_time() - python
    cost.postgres = watch.cpu()
    cost.peak_mb = max(watch.peak_mb, _own_peak_mb())


def _own_peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _backends() -> list[int]:
    """The sessions of this database and the processes that write for all; not autovacuum,
    whose time of day is its own.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type IN ('checkpointer', "
            "'background writer', 'walwriter') OR (datname = current_database() "
            "AND backend_type IN ('client backend', 'parallel worker'))"
        )
        return [row[0] for row in cursor.fetchall()]


class Watch:
    """Reads the CPU of some processes, and samples their private memory while work runs."""

    def __init__(self, pids: list[int]) -> None:
        self.before = {pid: _cpu_of(pid) for pid in pids}
        self.peak_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def cpu(self) -> float:
        """CPU seconds since the start, of the processes that are still there."""
        now = {pid: _cpu_of(pid) for pid in self.before}
        return sum(max(now[pid] - before, 0.0) for pid, before in self.before.items())

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(0.1):
            self.peak_mb = max([self.peak_mb, *map(_private_mb, self.before)])


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def _private_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0.0
    found = next((line for line in lines if line.startswith("RssAnon")), "RssAnon: 0 kB")
    return int(found.split()[1]) / 1024


def cost_of(work: Callable[[], object]) -> Cost:
    """What one call cost."""
    with meter() as cost:
        work()
    return cost
