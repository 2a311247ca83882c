"""One block of a file into the database: read, resolved, checked, written, counted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import DataError, IntegrityError, transaction

from crm.core.months import month_start, ym_of
from crm.core.partitions import ensure_partitions
from customers.imports import ImportKind
from customers.imports.mapping import Bound
from customers.imports.readers import Block
from customers.models import Invoice
from customers.services.imports import facts, household
from customers.services.imports.context import ImportContext
from customers.services.imports.prepare import prepare, seal
from customers.services.imports.references import resolve
from customers.services.imports.repeats import distinct
from customers.services.imports.rows import RowFault, Rows, read_rows
from customers.services.imports.touched import pairs_of, touch
from customers.services.imports.upsert import Outcome, Pairs, Target, Upsert

PARTITIONED = frozenset({Invoice._meta.db_table})
PARTITION_MONTHS = 180  # older rows share the default partition


@dataclass
class Counts:
    """read = created + updated + unchanged + rejected."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    warned: int = 0


@dataclass
class Loaded:
    """What became of a block."""

    counts: Counts
    faults: list[RowFault]
    pairs: Pairs = field(default_factory=set)


class Loader:
    """Loads the blocks of one file."""

    def __init__(
        self, kind: ImportKind, bounds: list[Bound], header: list[str], context: ImportContext
    ) -> None:
        self.kind, self.bounds, self.header, self.context = kind, bounds, header, context
        dry = context.is_dry_run
        self.main = Upsert(_target(kind, context), batch_id=context.batch_id, is_dry_run=dry)
        self._months: set[int] = set()  # that have their partition
        self.facts = Upsert(facts.TARGET, batch_id=context.batch_id, is_dry_run=dry)

    @property
    def tables(self) -> list[Upsert]:
        """The tables that rows of the kind go into."""
        return [self.main, self.facts] if self.kind.key == "customers" else [self.main]

    def load(self, block: Block) -> Loaded:
        """The block's good rows are in, in the caller's transaction."""
        rows = read_rows(self.kind, self.bounds, self.header, block)
        resolve(rows)
        prepare(rows, self.context)
        good = rows.keep_good()
        done = _Done()
        if good.num_rows:
            self._make_room(good)
            self._write_or_split(good, rows, done)
        if not self.context.is_dry_run:
            touch(done.pairs)
        return Loaded(self._counts(block, rows, done), rows.faults, done.pairs)

    def _make_room(self, good: pa.Table) -> None:
        """The months of the rows have their partitions, as far back as is sensible."""
        if self.context.is_dry_run or self.kind.table not in PARTITIONED:
            return
        days = good.column(self.kind.touch_column)
        oldest = ym_of(self.context.today) - PARTITION_MONTHS
        months = pc.unique(pc.add(pc.multiply(pc.year(days), 12), pc.subtract(pc.month(days), 1)))
        wanted = {ym for ym in months.to_pylist() if ym >= oldest} - self._months
        if wanted:
            first, last = month_start(min(wanted)), month_start(max(wanted))
            ensure_partitions([self.kind.table], first=first, last=last)
            self._months |= set(range(min(wanted), max(wanted) + 1))

    def _counts(self, block: Block, rows: Rows, done: _Done) -> Counts:
        created, updated = len(done.created), len(done.updated - done.created)
        remarks = {fault.line for fault in rows.faults if fault.is_remark}
        return Counts(
            read=block.rows,
            created=created,
            updated=updated,
            unchanged=done.written - created - updated,
            rejected=block.rows - done.written,
            warned=len(remarks),
        )

    def _write_or_split(self, good: pa.Table, rows: Rows, done: _Done) -> None:
        """The rows are written; if the database refuses some, all but those."""
        try:
            with transaction.atomic():
                written = self._write(good, rows)
        except (IntegrityError, DataError) as error:
            if good.num_rows == 1:
                number = good.column("row_no")[0].as_py()
                place = int(np.flatnonzero(rows.numbers == number)[0])
                why = str(error).partition("\n")[0][:120]
                rows.refuse(place, rows.told_by, "database", why=why)
                return
            half = good.num_rows // 2
            self._write_or_split(good.slice(0, half), rows, done)
            self._write_or_split(good.slice(half), rows, done)
            return
        done.add(written)

    def _write(self, good: pa.Table, rows: Rows) -> _Done:
        """The last row of every key is written; earlier ones that say otherwise are told so."""
        kind = self.kind
        once = distinct(good, kind.key_columns, blank_keeps=kind.blank_keeps)
        outcome = self._one_of_each(once.table)
        done = _Done(good.num_rows, set(outcome.created.tolist()), set(outcome.updated.tolist()))
        changed = np.concatenate([outcome.created, outcome.updated])
        done.pairs = outcome.left | pairs_of(kind, once.table, changed)
        for earlier, later in once.overruled:
            places = np.searchsorted(rows.numbers, [earlier, later])
            line = int(rows.lines[places[1]])
            rows.remark(int(places[0]), rows.told_by, "overruled", line=line)
        return done

    def _one_of_each(self, table: pa.Table) -> Outcome:
        """Rows with every key once, in the main table and in those beside it."""
        sealed = seal(self.kind.key, table)
        stored = [name for name in sealed.column_names if name in self.main.fields]
        outcome = self.main.apply(sealed.select(["row_no", *stored]))
        if self.kind.key == "customers":
            outcome = self._beside_customers(table, outcome)
        return outcome

    def _beside_customers(self, table: pa.Table, outcome: Outcome) -> Outcome:
        """Facts, assignments and identifiers of the customers; a new fact makes a row "updated"."""
        stated = facts.fact_rows(self.kind, table, self.context)
        said = self.facts.apply(stated)
        changed = np.union1d(said.created, said.updated)
        updated = np.setdiff1d(np.union1d(outcome.updated, changed), outcome.created)
        left = set(outcome.left)
        if not self.context.is_dry_run:
            household.keep(table, self.context)
            touched = np.union1d(outcome.created, updated)
            left |= {(customer, 0) for customer in household.ids(table, touched)}
        return Outcome(outcome.created, updated, left)


@dataclass
class _Done:
    """Row numbers of what was written."""

    written: int = 0
    created: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)
    pairs: Pairs = field(default_factory=set)

    def add(self, other: _Done) -> None:
        """Both together."""
        self.written += other.written
        self.created |= other.created
        self.updated |= other.updated
        self.pairs |= other.pairs


def _target(kind: ImportKind, context: ImportContext) -> Target:
    if kind.key != "customers":
        names = {field.name for field in kind.model._meta.local_concrete_fields}
        locked = {"version": "t.version + 1"} if "version" in names else {}
        return Target.of(kind, on_update=locked)
    by = context.by_id
    return Target.of(
        kind,
        defaults={"created_by_id": by, "updated_by_id": by},
        on_update={"version": "t.version + 1", "updated_by_id": str(by or "NULL")},
    )
