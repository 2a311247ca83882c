"""Portraits are computed and stored: all of them, what was touched, or one.

* ``run_full`` (or ``prepare_full``, ``compute_range`` ..., ``finish_full`` by a job's ranges)
  writes a new table and swaps it in.
* ``refresh`` recomputes what ``services.rollups.touch`` named, in batches.
Versions are written only where a fact moved something; ``as_of`` is always an argument.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.core.jobs import enqueue, publish
from customers.features.engine import CHOSEN, RANGE
from customers.models import Trigger
from customers.services import rollups
from customers.services.ledger_cover import store_covers
from customers.services.portrait_parameters import run_parameters
from customers.services.portrait_sql import (
    PORTRAIT,
    VERSION,
    batch_sql,
    range_sql,
    range_versions_sql,
    stored_columns,
)
from customers.services.swap import begin_new, note_of_new, swap_in

BATCH = 500
UPDATED = "portrait.updated"  # ids of customers whose facts moved
DIRTY_SHARE = 0.1  # above it a whole range is recomputed by its bounds
SWAPPING = 7_303  # advisory lock: batches share it, the swap owns it


@dataclass
class Outcome:
    """How many portraits were computed, and which customers got a new version."""

    run_id: str = ""
    computed: int = 0
    moved: list[int] = field(default_factory=list)
    material: list[int] = field(default_factory=list)

    def add(self, rows: Iterable[tuple[int, bool]], computed: int) -> None:
        """Count one more range or batch."""
        self.computed += computed
        for customer_id, is_material in rows:
            self.moved.append(customer_id)
            if is_material:
                self.material.append(customer_id)

    def take(self, part: Outcome) -> None:
        """Count in what another range or batch did."""
        self.computed += part.computed
        self.moved += part.moved
        self.material += part.material


def run_full(*, as_of: date, range_size: int = rollups.RANGE_SIZE) -> Outcome:
    """Every customer has a portrait as of the day; the table is replaced in one transaction."""
    run_id = prepare_full(as_of=as_of)
    outcome = Outcome(run_id)
    for low, high, _count in rollups.customer_ranges(range_size):
        outcome.take(compute_range(run_id=run_id, as_of=as_of, low=low, high=high))
    finish_full(run_id=run_id)
    return outcome


@transaction.atomic
def prepare_full(*, as_of: date) -> str:
    """An empty new table stands ready; returns the name of the run."""
    started_at = timezone.now()
    run_id = started_at.isoformat()
    begin_new(PORTRAIT, json.dumps({"run": run_id, "as_of": as_of.isoformat()}))
    with connection.cursor() as cursor:  # versions of a run that never swapped in
        cursor.execute(
            f"DELETE FROM {VERSION} v USING {PORTRAIT} p "
            "WHERE v.customer_id = p.customer_id AND v.version_no > p.version_no"
        )
    return run_id


@transaction.atomic
def compute_range(
    *, run_id: str, as_of: date, low: int, high: int, trigger: str = Trigger.NIGHTLY
) -> Outcome:
    """The portraits and versions of a contiguous range are in the new table."""
    _check_run(run_id)
    bounds = {"low": low, "high": high}
    sql, needed = range_sql(of_the_day=_is_past(as_of, RANGE, bounds))
    named = _named(as_of, needed, trigger) | bounds
    outcome = Outcome()
    with connection.cursor() as cursor:
        _set_up(cursor)
        cursor.execute(sql, named)
        computed = cursor.rowcount
        cursor.execute(range_versions_sql(), named)
        outcome.add(cursor.fetchall(), computed)
    return outcome


@transaction.atomic
def finish_full(*, run_id: str) -> None:
    """The new table is the portrait table; what was refreshed meanwhile stays the newer one."""
    _check_run(run_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWAPPING])
        newer = f"SELECT customer_id FROM {PORTRAIT} WHERE computed_at > %(run)s"
        run = {"run": datetime.fromisoformat(run_id)}
        cursor.execute(f"DELETE FROM {PORTRAIT}_new WHERE customer_id IN ({newer})", run)
        names = ", ".join(["customer_id", *stored_columns()])
        cursor.execute(
            f"INSERT INTO {PORTRAIT}_new ({names}) "
            f"SELECT {names} FROM {PORTRAIT} WHERE customer_id IN ({newer})",
            run,
        )
        cursor.execute(
            f"DELETE FROM {VERSION} WHERE customer_id IN ({newer}) AND computed_at > %(run)s "
            "AND trigger = 'nightly'",
            run,
        )
    swap_in(PORTRAIT)


@transaction.atomic
def forget_first(*, run_id: str) -> None:
    """First portraits of a run are gone with their versions: the run is made once more."""
    since = {"run": datetime.fromisoformat(run_id)}
    with connection.cursor() as cursor:
        for table in (PORTRAIT, VERSION):
            cursor.execute(
                f"DELETE FROM {table} WHERE version_no = 1 AND computed_at >= %(run)s", since
            )


def refresh(*, as_of: date) -> Outcome:
    """What was touched before this call is fresh: its rollups, portraits and versions."""
    outcome = Outcome()
    for part in refresh_parts(as_of=as_of):
        outcome.take(part)
    return outcome


def refresh_parts(*, as_of: date) -> Iterator[Outcome]:
    """The same batch by batch; each commits by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(seq) FROM customers_touchedmonth")
        newest = cursor.fetchone()[0]
    if newest is not None:
        for work in _dirty_work(newest):
            yield refresh_some(as_of=as_of, newest=newest, **work)


def _dirty_work(newest: int) -> list[dict[str, Any]]:
    """The touched customers as batches, or as whole ranges where more than a tenth is touched."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id FROM customers_touchedmonth WHERE seq <= %s ORDER BY 1",
            [newest],
        )
        dirty = [row[0] for row in cursor.fetchall()]
    if len(dirty) <= BATCH:
        return [{"ids": dirty}]
    work: list[dict[str, Any]] = []
    loose: list[int] = []
    at = 0
    for low, high, count in rollups.customer_ranges():
        start = at
        while at < len(dirty) and dirty[at] <= high:
            at += 1
        mine = dirty[start:at]
        if len(mine) > DIRTY_SHARE * count:
            work.append({"ids": mine, "bounds": (low, high)})
        else:
            loose += mine
    loose += dirty[at:]  # customers that are gone
    return work + [{"ids": loose[i : i + BATCH]} for i in range(0, len(loose), BATCH)]


@transaction.atomic
def refresh_some(
    *, as_of: date, newest: int, ids: Sequence[int], bounds: tuple[int, int] | None = None
) -> Outcome:
    """Rollups and portraits of these customers are fresh and their touched rows gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SWAPPING])
        cursor.execute(
            "DELETE FROM customers_touchedmonth WHERE seq <= %s AND customer_id = ANY(%s) "
            "RETURNING customer_id, ym, trigger",
            [newest, list(ids)],
        )
        touched = cursor.fetchall()
    if not touched:
        return Outcome()
    pairs = {(customer, ym) for customer, ym, _trigger in touched if ym is not None}
    rollups.recompute(pairs, {customer for customer, _ym, _trigger in touched})
    ids = sorted({row[0] for row in touched})
    outcome = store(as_of=as_of, ids=ids, bounds=bounds, trigger=_trigger(touched))
    store_covers(customer_ids=ids)
    if outcome.moved:
        publish(UPDATED, *outcome.moved, as_of=as_of.isoformat())
    return outcome


def _trigger(touched: Iterable[tuple[int, int | None, str]]) -> str:
    """The trigger that says most: a visit before an import before an edit."""
    found = {row[2] for row in touched}
    order = (Trigger.VISIT, Trigger.LOAN, Trigger.IMPORT, Trigger.EDIT)
    return next((str(trigger) for trigger in order if trigger in found), str(Trigger.EDIT))


@transaction.atomic
def store(
    *,
    as_of: date,
    ids: Sequence[int],
    bounds: tuple[int, int] | None = None,
    trigger: str = Trigger.EDIT,
) -> Outcome:
    """The portraits of these customers (or of a whole range) are in the live table."""
    outcome = Outcome()
    if bounds:
        scopes: list[tuple[dict[str, Any], int]] = [
            ({"low": bounds[0], "high": bounds[1]}, len(ids)),
        ]
    else:
        batches = [list(ids[i : i + BATCH]) for i in range(0, len(ids), BATCH)]
        scopes = [({"ids": batch}, len(batch)) for batch in batches]
    with connection.cursor() as cursor:
        _set_up(cursor)
        for scope, count in scopes:
            past = _is_past(as_of, RANGE if bounds else CHOSEN, scope)
            sql, needed = batch_sql(chosen=not bounds, of_the_day=past)
            cursor.execute(sql, _named(as_of, needed, trigger) | scope)
            outcome.add(cursor.fetchall(), count)
    return outcome


def ask_refresh() -> None:
    """A refresh of what is touched will run after the caller's commit, once for many callers."""
    enqueue("portraits.refresh", unique_key="all", priority=2)


def _named(as_of: date, needed: Iterable[str], trigger: str) -> dict[str, Any]:
    keys = {*needed, "as_of", "portrait.material_move"}
    named, version = run_parameters(as_of, keys)
    return named | {"computed_at": timezone.now(), "trigger": trigger, "parameters": version}


def _is_past(as_of: date, where: str, mine: dict[str, Any]) -> bool:
    """Whether declared facts newer than the day are known, so that the rollup is too new for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM customers_declaredrollup "
            f"WHERE newest_on > %(as_of)s AND customer_id {where})",
            {"as_of": as_of} | mine,
        )
        return bool(cursor.fetchone()[0])


def _set_up(cursor: Any) -> None:
    """Settings of the engine's transaction: memory for the joins, one plan shape, one process."""
    cursor.execute(
        "SELECT set_config(name, value, true) FROM (VALUES ('work_mem', '128MB'), ('jit', 'off'), "
        "('max_parallel_workers_per_gather', '0'), ('join_collapse_limit', '1')) s(name, value)"
    )


def _check_run(run_id: str) -> None:
    """Refuses a range of a run that was replaced by a newer one."""
    note = note_of_new(PORTRAIT)
    if not note or json.loads(note)["run"] != run_id:
        raise DomainError(_("A newer portrait run has started; this one stopped."))
