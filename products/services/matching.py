"""Customers are matched against every offer in force: all of them, or those whose facts moved.

* ``run_full`` (or ``prepare_full``, ``match_range`` ..., ``finish_full`` by a job's ranges) writes
  new tables and swaps them in.
* ``match_customers`` replaces the rows of some customers in one transaction a batch, so that a
  match is never half old and half new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.core.jobs import publish
from customers.services.rollups import customer_ranges
from customers.services.swap import begin_new, note_of_new, swap_in
from products.matching.book import Book
from products.matching.statement import Engine
from products.selectors.book import book_of, engine_of
from products.services.book import keep_book
from products.services.matching_counts import count_matches
from products.services.matching_sql import (
    FIT,
    FIT_COLUMNS,
    MATCH,
    MATCH_COLUMNS,
    book_params,
    chosen_sql,
    range_sql,
)

BATCH = 500
RANGE_SIZE = 10_000
UPDATED = "matches.updated"
REPLACED = "matches.replaced"
MATCHING = 7_305  # advisory lock: batches take turns, and the swap waits for them


def run_full(*, as_of: date, range_size: int = RANGE_SIZE) -> int:
    """Every customer is matched by the book of the day; returns how many."""
    run = prepare_full(as_of=as_of)
    done = sum(
        match_range(run=run, low=low, high=high)
        for low, high, _count in customer_ranges(range_size)
    )
    finish_full(run=run)
    return done


def run_parts() -> list[dict[str, Any]]:
    """The ranges of a run, in any order, for its job."""
    return [{"low": low, "high": high} for low, high, _count in customer_ranges(RANGE_SIZE)]


@transaction.atomic
def prepare_full(*, as_of: date) -> dict[str, Any]:
    """Empty new tables and a kept book stand ready; returns what each range is told."""
    book = keep_book(as_of)
    run = {
        "run": timezone.now().isoformat(),
        "book": book.number,
        "as_of": as_of.isoformat(),
    }
    begin_new(MATCH, json.dumps(run))
    begin_new(FIT)
    return run


@transaction.atomic
def match_range(*, run: dict[str, Any], low: int, high: int) -> int:
    """The matches of a contiguous range are in the new tables, once; returns how many."""
    _check_run(run)
    book = book_of(run["book"])
    engine = engine_of(book.digest, book.number)
    computed_at = datetime.fromisoformat(run["run"])
    params = _params(engine, date.fromisoformat(run["as_of"]), computed_at)
    with connection.cursor() as cursor:
        _set_up(cursor)
        cursor.execute(range_sql(engine), params | {"low": low, "high": high})
        return int(cursor.fetchone()[0])


@transaction.atomic
def finish_full(*, run: dict[str, Any]) -> None:
    """The new tables are in force; what was matched meanwhile stays the newer one."""
    _check_run(run)
    since = {"run": datetime.fromisoformat(run["run"])}
    newer = f"SELECT customer_id FROM {MATCH} WHERE computed_at > %(run)s"
    with connection.cursor() as cursor:
        _lock(cursor)
        _set_up(cursor)
        for table, columns in ((FIT, FIT_COLUMNS), (MATCH, MATCH_COLUMNS)):
            cursor.execute(f"DELETE FROM {table}_new WHERE customer_id IN ({newer})", since)
            cursor.execute(
                f"INSERT INTO {table}_new ({columns}) SELECT {columns} FROM {table} "
                f"WHERE customer_id IN ({newer})",
                since,
            )
    count_matches(book=book_of(run["book"]))
    swap_in(FIT)
    swap_in(MATCH)
    publish(REPLACED, as_of=run["as_of"])


def match_customers(*, customer_ids: Iterable[int], as_of: date) -> int:
    """These customers have fresh matches; each batch commits by itself. Returns how many."""
    ids = sorted(set(customer_ids))
    book = keep_book(as_of)
    return sum(_match_batch(book, ids[i : i + BATCH], as_of) for i in range(0, len(ids), BATCH))


@transaction.atomic
def _match_batch(book: Book, ids: list[int], as_of: date) -> int:
    """The rows of these customers are replaced together, and what follows is told."""
    engine = engine_of(book.digest, book.number)
    with connection.cursor() as cursor:
        _lock(cursor)
        for table in (FIT, MATCH):
            cursor.execute(f"DELETE FROM {table} WHERE customer_id = ANY(%s)", [ids])
        _set_up(cursor)
        params = _params(engine, as_of, timezone.now()) | {"ids": ids}
        cursor.execute(chosen_sql(engine), params)
        done = int(cursor.fetchone()[0])
    publish(UPDATED, *ids, as_of=as_of.isoformat())
    return done


def _params(engine: Engine, as_of: date, computed_at: datetime) -> dict[str, Any]:
    stamps = {"as_of": as_of, "computed_at": computed_at}
    return engine.params | book_params(engine.book) | stamps


def _lock(cursor: Any) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MATCHING])


def _set_up(cursor: Any) -> None:
    """Settings of the transaction: memory for a range or an index, no compilation, one process."""
    cursor.execute(
        "SELECT set_config(name, value, true) FROM (VALUES ('work_mem', '128MB'), ('jit', 'off'), "
        "('maintenance_work_mem', '192MB'), ('max_parallel_maintenance_workers', '0'), "
        "('max_parallel_workers_per_gather', '0')) s(name, value)"
    )


def is_current(run: dict[str, Any]) -> bool:
    """Whether this run's tables are the ones being written: a newer run takes over an older."""
    note = note_of_new(MATCH)
    return bool(note) and json.loads(note or "")["run"] == run["run"]


def _check_run(run: dict[str, Any]) -> None:
    """Refuses a range of a run that was replaced by a newer one."""
    if not is_current(run):
        raise DomainError(_("A newer run of matches has started; this one stopped."))
