"""A batch on its way: checked without a trace, or loaded block by block, each in one commit.

A block's rows, its errors, the counts and the place in the file are written together, under a lock
on the batch. So a killed worker costs nothing: the next one goes on at the first block not done.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from itertools import islice

import pyarrow as pa
from django.db import connection, transaction
from django.utils import timezone

from crm.core.jobs import publish
from customers.imports import KINDS
from customers.imports.readers import BadFile, Table, open_table
from customers.models import ImportBatch, ImportRowError
from customers.services.imports.batch import bounds_of, context_of
from customers.services.imports.copying import copy_rows
from customers.services.imports.flips import changed_back
from customers.services.imports.load import Counts, Loader
from customers.services.imports.rows import RowFault
from customers.services.imports.storage import stored_path
from customers.services.imports.undo import take_back

State = ImportBatch.State
Progress = Callable[[int], None]
FACTS_CHANGED = "customers.facts_changed"


class Stopped(Exception):
    """The batch was cancelled, or another worker has it."""


def check_batch(batch_id: int, progress: Progress) -> ImportBatch:
    """The batch has the counts and errors that loading it now would give; no row is written."""
    batch = ImportBatch.objects.get(pk=batch_id)
    _clear(batch)
    try:
        with closing(open_table(stored_path(batch.file_path))) as table:
            loader = _loader(batch, table, is_dry_run=True)
            for block in table.blocks():
                with transaction.atomic():
                    _lock(batch_id, State.CHECKING)
                    loaded = loader.load(block)
                    _write_faults(batch_id, loaded.faults)
                    _count(batch_id, loaded.counts, table)
                progress(block.rows)
            return _settle(batch_id, State.CHECKED, loader)
    except BadFile as error:
        return _fail(batch_id, error)
    finally:
        _drop_twins()


def run_batch(batch_id: int, progress: Progress) -> ImportBatch:
    """The batch is loaded, from the first block that is not done; a file that turns out broken
    halfway leaves the data as it was."""
    batch = ImportBatch.objects.get(pk=batch_id)
    try:
        with closing(open_table(stored_path(batch.file_path))) as table:
            loader = _loader(batch, table, is_dry_run=False)
            for number, block in enumerate(islice(table.blocks(), batch.blocks_done, None)):
                with transaction.atomic():
                    held = _lock(batch_id, State.RUNNING)
                    if held.blocks_done != batch.blocks_done + number:
                        raise Stopped(batch_id)
                    _serialise(loader)
                    loaded = loader.load(block)
                    _write_faults(batch_id, loaded.faults)
                    _count(batch_id, loaded.counts, table)
                    progress(block.rows)
            return _settle(batch_id, State.DONE, loader)
    except BadFile as error:
        with transaction.atomic():
            _lock(batch_id, State.RUNNING)
            take_back(batch)
            return _fail(batch_id, error)


def _loader(batch: ImportBatch, table: Table, *, is_dry_run: bool) -> Loader:
    context = context_of(batch, is_dry_run=is_dry_run)
    return Loader(KINDS[batch.kind], bounds_of(batch, table), table.header, context)


def _lock(batch_id: int, state: str) -> ImportBatch:
    """The batch, locked until commit; Stopped when it is no longer in this state."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != state:
        raise Stopped(batch_id)
    return batch


def _serialise(loader: Loader) -> None:
    """Two imports into one table take turns, block by block; customers stay while rows refer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [loader.kind.table])
        if loader.kind.key != "customers":
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(hashtext('customers_customer rows'))"
            )


def _clear(batch: ImportBatch) -> None:
    """Nothing is counted yet."""
    zero = dict.fromkeys(COUNTED, 0)
    with transaction.atomic():
        _lock(batch.pk, State.CHECKING)
        ImportRowError.objects.filter(batch=batch)._raw_delete("default")
        ImportBatch.objects.filter(pk=batch.pk).update(
            **zero, warned_rows=0, blocks_done=0, fraction=0, problem={}
        )


COUNTED = ("read_rows", "created_rows", "updated_rows", "unchanged_rows", "rejected_rows")


def _count(batch_id: int, counts: Counts, table: Table) -> None:
    """The block is counted in; the database itself holds that the sum is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_importbatch SET read_rows = read_rows + %(read)s, "
            "created_rows = created_rows + %(created)s, updated_rows = updated_rows + %(updated)s, "
            "unchanged_rows = unchanged_rows + %(unchanged)s, "
            "rejected_rows = rejected_rows + %(rejected)s, warned_rows = warned_rows + %(warned)s, "
            "blocks_done = blocks_done + 1, fraction = %(fraction)s, encoding = %(encoding)s "
            "WHERE id = %(batch)s",
            {
                **asdict(counts),
                "fraction": table.fraction(),
                "encoding": table.encoding,
                "batch": batch_id,
            },
        )


def _write_faults(batch_id: int, faults: list[RowFault]) -> None:
    """What was found wrong is on record."""
    if not faults:
        return
    names = ("batch_id", "line", "column", "value", "code", "details", "is_remark")
    rows = [
        (batch_id, f.line, f.column, f.value, f.code, json.dumps(dict(f.details)), f.is_remark)
        for f in faults
    ]
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        copy_rows(cursor, pa.table(columns, names=list(names)), ImportRowError._meta.db_table)


def _settle(batch_id: int, state: str, loader: Loader) -> ImportBatch:
    """The whole file was read; rows that it changed and changed back count as unchanged."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.read_rows == 0:
            raise BadFile("no_rows")
        calm = changed_back(loader.tables)
        batch.updated_rows -= calm
        batch.unchanged_rows += calm
        batch.state, batch.fraction, batch.finished_at = state, 1.0, timezone.now()
        if state == State.CHECKED:
            batch.checked = {name: getattr(batch, name) for name in (*COUNTED, "warned_rows")}
            batch.blocks_done = 0
        batch.save()
        if state == State.DONE:
            publish(FACTS_CHANGED, batch.pk)
    return batch


def _fail(batch_id: int, error: BadFile) -> ImportBatch:
    """The file cannot be read to its end; no row of it is kept."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        ImportRowError.objects.filter(batch=batch)._raw_delete("default")
        for name in COUNTED:
            setattr(batch, name, 0)
        batch.state, batch.finished_at, batch.blocks_done = State.FAILED, timezone.now(), 0
        batch.problem = {"code": error.code, "details": dict(error.details)}
        batch.save()
    return batch


def _drop_twins() -> None:
    """The temporary twins of a dry run are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() "
            "AND starts_with(relname, 'import_twin_') AND relkind = 'r'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{name}"')
