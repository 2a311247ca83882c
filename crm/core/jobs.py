"""Background work: ``enqueue`` in your own transaction, a handler per kind, ranges with leases.

An upper floor registers a kind in its tasks.py::

    @job_kind("portraits.recompute", label=_("Recompute portraits"), can=Can.RECOMPUTE_PORTRAITS)
    def recompute(work: Work) -> None:
        services.recompute_range(low=work.params["low"], high=work.params["high"])
        work.advance(rows=10_000)

and a service asks for it: ``enqueue("portraits.recompute", by=user, parts=[{"low": 1, ...}])``.
The job is written in the caller's transaction; after its commit Celery is rung; beat rings again
for whatever is not finished. The handler runs in one transaction with the mark ``done``; a worker
that dies loses its lease and nothing else. A handler registered with ``is_atomic=False`` commits by
itself: it must be safe to repeat, and may keep its place with ``work.save_cursor({...})``.
After five attempts a range is parked and shown; a DomainError parks at once with its sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.conf import settings
from django.db import connection, models, transaction
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerDown

from crm.core.catalogue import Catalogue
from crm.core.roles import Can
from crm.core.words import Text

if TYPE_CHECKING:
    from crm.core.models import Job, JobRange, User

Params = Mapping[str, Any]
log = logging.getLogger(__name__)


class JobCancelled(Exception):
    """The job was cancelled while this range was running; its transaction is undone."""


class LeaseLost(Exception):
    """Another worker took over this range; the work done here is undone."""


@dataclass(frozen=True)
class JobKind:
    """What a kind of job does, and who may see and steer it."""

    key: str
    label: Text
    handler: Callable[[Work], None]
    can: Can | None = None  # who may cancel or retry it, beside its owner and Can.MANAGE_JOBS
    on_done: Callable[[Job], None] | None = None  # in the transaction of the last range
    on_stop: Callable[[Job], None] | None = None  # cancelled or parked
    is_atomic: bool = True
    lease_seconds: int = 60


JOB_KINDS: Catalogue[JobKind] = Catalogue("job kinds")


def job_kind(
    key: str, *, label: Text, can: Can | None = None, **options: Any
) -> Callable[[Callable[[Work], None]], Callable[[Work], None]]:
    """Register the decorated handler; options as in ``JobKind``."""

    def register(handler: Callable[[Work], None]) -> Callable[[Work], None]:
        JOB_KINDS.add(JobKind(key, label, handler, can, **options))
        return handler

    return register


@dataclass
class Work:
    """One range in the hands of a worker."""

    job: Job
    part: JobRange
    rows_done: int = 0
    is_cancelled: bool = False
    has_lease: bool = True
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, Any]:
        """The job's parameters with those of this range on top."""
        return {**self.job.params, **self.part.params}

    @property
    def cursor(self) -> dict[str, Any]:
        """Where an earlier attempt stopped (``save_cursor``)."""
        kept: dict[str, Any] = self.part.cursor
        return kept

    def advance(self, rows: int) -> None:
        """``rows`` more are done; stops here when the job was cancelled or the lease is lost."""
        self.rows_done += rows
        self.check()

    def check(self) -> None:
        """Go on, or stop because of a cancel or a lost lease."""
        if self.is_cancelled:
            raise JobCancelled(self.job.pk)
        if not self.has_lease:
            raise LeaseLost(self.part.pk)

    def save_cursor(self, cursor: dict[str, Any]) -> None:
        """Keep the place in the caller's transaction; LeaseLost when another worker has it."""
        kept = (
            type(self.part)
            .objects.filter(pk=self.part.pk, attempts=self.part.attempts, state="running")
            .update(cursor=cursor, rows_done=self.rows_done)
        )
        if not kept:
            raise LeaseLost(self.part.pk)
        self.part.cursor = cursor

    def add_parts(self, parts: Iterable[Params], *, stage: int | None = None) -> None:
        """More ranges for this job, by default of the next stage; once only if this range is."""
        add_parts(self.job, parts, stage=self.part.stage + 1 if stage is None else stage)


def enqueue(
    kind: str,
    params: Params | None = None,
    *,
    by: User | None = None,
    parts: Iterable[Params] | None = None,
    unique_key: str = "",
    priority: int = 5,
    title: str = "",
    rows_total: int | None = None,
    subject: models.Model | None = None,
) -> Job:
    """The job, written now and rung after commit. A waiting one of the same key is returned."""
    from crm.core.models import Job

    JOB_KINDS[kind]
    with transaction.atomic():
        job = _waiting(kind, unique_key)
        if job is None:
            job = Job(
                kind=kind,
                params=dict(params or {}),
                unique_key=unique_key,
                priority=priority,
                title=title,
                rows_total=rows_total,
                created_by=by,
                subject_table=subject._meta.db_table if subject else "",
                subject_pk=str(subject.pk) if subject else "",
            )
            job = _insert(job)
            if job.parts_total == 0:
                add_parts(job, parts if parts is not None else [{}], stage=0)
        transaction.on_commit(lambda: ring(priority))
    return job


def _waiting(kind: str, unique_key: str) -> Job | None:
    """The job of this key that has not started; locked, so that it cannot start before us."""
    from crm.core.models import Job

    if not unique_key:
        return None
    same = Job.objects.select_for_update(no_key=True)
    return same.filter(kind=kind, unique_key=unique_key, state="waiting").first()


def _insert(job: Job) -> Job:
    """The job saved, or the one that was saved a moment earlier under the same key."""
    from django.db import IntegrityError

    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        found = _waiting(job.kind, job.unique_key)
        if found is None:  # it started in between: ours is needed, and now possible
            job.save(force_insert=True)
            return job
        return found
    return job


def add_parts(job: Job, parts: Iterable[Params], *, stage: int) -> int:
    """Ranges written for the job; returns how many."""
    from crm.core.models import Job, JobRange

    with transaction.atomic():
        first = Job.objects.select_for_update(no_key=True).get(pk=job.pk).parts_total
        rows = [
            JobRange(job=job, number=number, stage=stage, params=dict(part))
            for number, part in enumerate(parts, start=first)
        ]
        JobRange.objects.bulk_create(rows, batch_size=1000)
        Job.objects.filter(pk=job.pk).update(parts_total=first + len(rows))
        job.parts_total = first + len(rows)
    return len(rows)


def publish(event: str, *ids: int, **params: Any) -> list[Job]:
    """Whatever ``crm/schedule.py`` names for this event is enqueued in the caller's transaction."""
    follow_ups: Mapping[str, Iterable[str]] = import_string(settings.FOLLOW_UPS)
    return [
        enqueue(kind, {"event": event, "ids": list(ids), **params})
        for kind in follow_ups.get(event, ())
    ]


def ring(priority: int = 5) -> None:
    """Wake the workers; a lost ring is made good by beat."""
    if not settings.RING_WORKERS:
        return
    try:
        current_app.send_task("core.work", priority=priority, retry=False, expires=60)
    except BrokerDown:
        log.warning("The broker is away; beat will ring again.")


def unfinished() -> int:
    """How many jobs wait or run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_job WHERE state IN ('waiting', 'running')")
        return int(cursor.fetchone()[0])
