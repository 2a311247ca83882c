"""How a worker takes a range, keeps it, and closes it: claim, heart-beat, done in one commit."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from contextlib import nullcontext
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from crm.core.audit import acting
from crm.core.errors import DomainError
from crm.core.jobs import JOB_KINDS, JobCancelled, LeaseLost, Work, ring
from crm.core.models import Job, JobRange
from crm.core.models.jobs import ATTEMPTS

log = logging.getLogger(__name__)
TURN_SECONDS = 300  # then the worker hands back, so that its memory limit is looked at

_CLAIM = """
    SELECT r.id FROM core_jobrange r JOIN core_job j ON j.id = r.job_id
    WHERE j.state IN ('waiting', 'running')
      AND (r.state = 'waiting' OR (r.state = 'running' AND r.lease_until < now()))
      AND (r.not_before IS NULL OR r.not_before <= now())
      AND NOT EXISTS (SELECT FROM core_jobrange e
                      WHERE e.job_id = r.job_id AND e.stage < r.stage AND e.state <> 'done')
      AND (j.unique_key = '' OR NOT EXISTS (
            SELECT FROM core_job o WHERE o.kind = j.kind AND o.unique_key = j.unique_key
            AND o.id < j.id AND o.state IN ('waiting', 'running')))
    ORDER BY j.priority, j.id, r.number
    LIMIT 1 FOR UPDATE OF r SKIP LOCKED
"""


def work_until_done(*, turn_seconds: float = TURN_SECONDS) -> int:
    """How many ranges were worked on before nothing was left or the turn was over."""
    worked, ends = 0, time.monotonic() + turn_seconds
    while (work := claim()) is not None:
        run(work)
        worked += 1
        if time.monotonic() > ends:
            ring()
            break
    return worked


def claim() -> Work | None:
    """The next range, ours for one lease; None when nothing may start now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM)
            row = cursor.fetchone()
        if row is None:
            return None
        part = JobRange.objects.get(pk=row[0])
        now = timezone.now()
        Job.objects.filter(pk=part.job_id, state="waiting").update(state="running", started_at=now)
        job = Job.objects.select_related("created_by").get(pk=part.job_id)
        part.state, part.attempts = JobRange.State.RUNNING, part.attempts + 1
        part.lease_until = now + timedelta(seconds=JOB_KINDS[job.kind].lease_seconds)
        part.worker = f"{socket.gethostname()}:{os.getpid()}"[:80]
        part.started_at = now
        part.save()
    if part.attempts > ATTEMPTS:  # its workers died each time
        _park(Work(job, part), "The worker stopped during this work, several times.")
        return claim()
    return Work(job, part, rows_done=part.rows_done if part.cursor else 0)


def run(work: Work) -> None:
    """The range is done, waiting for another attempt, or parked; never half of it."""
    kind = JOB_KINDS[work.job.kind]
    try:
        who = acting(work.job.created_by, f"job-{work.job.pk}")
        whole = transaction.atomic() if kind.is_atomic else nullcontext()
        with who, HeartBeat(work), whole:
            kind.handler(work)
            work.check()
            with transaction.atomic():
                _finish(work)
    except JobCancelled:
        _release(work, "", delay=None)
    except LeaseLost:
        log.warning("Range %s of job %s went to another worker.", work.part.pk, work.job.pk)
    except DomainError as error:
        _park(work, str(error.message))
    except Exception as error:  # the one place where any failure becomes a row
        log.exception("Range %s of job %s failed.", work.part.pk, work.job.pk)
        _fail(work, f"{type(error).__name__}: {error}"[:2000])


def _finish(work: Work) -> None:
    """Done, in the same commit as the effect; the last range closes the job."""
    now = timezone.now()
    mine = JobRange.objects.filter(pk=work.part.pk, attempts=work.part.attempts, state="running")
    closed = mine.update(
        state="done", rows_done=work.rows_done, result=work.result, error="", finished_at=now
    )
    if not closed:
        raise LeaseLost(work.part.pk)
    Job.objects.filter(pk=work.job.pk).update(
        parts_done=F("parts_done") + 1, rows_done=F("rows_done") + work.rows_done
    )
    job = Job.objects.get(pk=work.job.pk)
    if job.parts_done == job.parts_total and job.state == Job.State.RUNNING:
        Job.objects.filter(pk=job.pk).update(state="done", finished_at=now, error="")
        job.refresh_from_db()
        on_done = JOB_KINDS[job.kind].on_done
        if on_done is not None:
            on_done(job)


def _fail(work: Work, sentence: str) -> None:
    """Another attempt a little later, or parked after the last one."""
    if work.part.attempts >= ATTEMPTS:
        _park(work, sentence)
    else:
        _release(work, sentence, delay=min(2**work.part.attempts, 60))


def _release(work: Work, sentence: str, *, delay: int | None) -> None:
    later = timezone.now() + timedelta(seconds=delay) if delay else None
    JobRange.objects.filter(pk=work.part.pk, attempts=work.part.attempts, state="running").update(
        state="waiting", error=sentence, not_before=later, lease_until=None
    )


def _park(work: Work, sentence: str) -> None:
    with transaction.atomic():
        parked = JobRange.objects.filter(
            pk=work.part.pk, attempts=work.part.attempts, state="running"
        ).update(state="parked", error=sentence, lease_until=None)
        if parked:
            Job.objects.filter(pk=work.job.pk, state="running").update(
                state="parked", error=sentence, finished_at=timezone.now()
            )
            on_stop = JOB_KINDS[work.job.kind].on_stop
            if on_stop is not None:
                on_stop(Job.objects.get(pk=work.job.pk))


class HeartBeat:
    """Renews the lease and shows the rows done, on a connection of its own, while work runs."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.seconds = JOB_KINDS[work.job.kind].lease_seconds / 4
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> HeartBeat:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self.seconds):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        part, seconds = self.work.part, JOB_KINDS[self.work.job.kind].lease_seconds
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_jobrange SET lease_until = now() + %s * interval '1 second', "
                "rows_done = greatest(rows_done, %s) "
                "WHERE id = %s AND attempts = %s AND state = 'running' RETURNING "
                "(SELECT state FROM core_job WHERE id = job_id)",
                [seconds, self.work.rows_done, part.pk, part.attempts],
            )
            row = cursor.fetchone()
        self.work.has_lease = row is not None
        self.work.is_cancelled = row is not None and row[0] == "cancelled"
