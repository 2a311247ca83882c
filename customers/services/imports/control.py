"""An import started, stopped, taken back and forgotten: the moves of a batch and its job."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import enqueue, publish
from crm.core.models import Job, User
from customers.imports.readers import BadFile
from customers.models import ImportBatch, ImportRowError
from customers.services.imports.batch import (
    STARTABLE,
    must_run,
    read_header,
    refused,
    remember_mapping,
)
from customers.services.imports.run import COUNTED, FACTS_CHANGED
from customers.services.imports.storage import remove
from customers.services.imports.undo import later_imports, take_back

State = ImportBatch.State
CHECK, RUN, UNDO = "customers.import_check", "customers.import_run", "customers.import_undo"


def _locked(batch_id: int, by: User | None) -> ImportBatch:
    must_run(by)
    return ImportBatch.objects.select_for_update().get(pk=batch_id)


def _enqueue(kind: str, batch: ImportBatch, by: User | None) -> None:
    expected = (batch.checked or {}).get("read_rows")
    batch.job = enqueue(
        kind,
        {"batch": batch.pk},
        by=by,
        title=batch.file_name[:120],
        rows_total=expected,
        subject=batch,
    )
    batch.save(update_fields=["job"])


def begin_check(batch_id: int, by: User | None) -> ImportBatch:
    """The batch may be checked now; DomainError when it is past that."""
    with transaction.atomic():
        batch = _locked(batch_id, by)
        if batch.state not in {State.UPLOADED, State.CHECKED, State.FAILED}:
            raise DomainError(_("This import cannot be checked now."))
        batch.state, batch.is_dry_run, batch.problem = State.CHECKING, True, {}
        batch.started_at, batch.finished_at = timezone.now(), None
        batch.save()
    return batch


@transaction.atomic
def check(*, by: User | None, batch_id: int) -> ImportBatch:
    """A worker finds out what loading the file would do. Asked twice, it is done once."""
    batch = _locked(batch_id, by)
    if batch.state == State.CHECKING:
        return batch
    batch = begin_check(batch_id, by)
    _enqueue(CHECK, batch, by)
    return batch


def begin_run(batch_id: int, by: User | None) -> ImportBatch:
    """The batch may be loaded now: from its start, or on from where it was cancelled."""
    with transaction.atomic():
        batch = _locked(batch_id, by)
        if batch.state not in STARTABLE:
            raise DomainError(_("This import cannot be started now."))
        try:
            remember_mapping(batch, read_header(batch), by)
        except BadFile as error:
            raise refused(error) from error
        if batch.state != State.CANCELLED:
            ImportRowError.objects.filter(batch=batch)._raw_delete("default")
            for name in (*COUNTED, "warned_rows", "blocks_done", "fraction"):
                setattr(batch, name, 0)
        batch.state, batch.is_dry_run, batch.problem = State.RUNNING, False, {}
        batch.started_at, batch.finished_at = timezone.now(), None
        batch.save()
        record(by, "customers.import_started", batch, kind=batch.kind)
    return batch


@transaction.atomic
def start(*, by: User | None, batch_id: int) -> ImportBatch:
    """A worker loads the file. Asked twice, it is done once."""
    batch = _locked(batch_id, by)
    if batch.state == State.RUNNING:
        return batch
    batch = begin_run(batch_id, by)
    _enqueue(RUN, batch, by)
    return batch


@transaction.atomic
def cancel(*, by: User | None, batch_id: int) -> ImportBatch:
    """Nothing more is loaded; what was loaded so far stays, and can be gone on with or undone."""
    batch = _locked(batch_id, by)
    if batch.state not in {State.CHECKING, State.RUNNING}:
        return batch
    _stop(batch)
    if batch.job_id is not None:
        Job.objects.filter(pk=batch.job_id, state__in=("waiting", "running")).update(
            state=Job.State.CANCELLED, finished_at=timezone.now()
        )
    record(by, "customers.import_cancelled", batch, rows=batch.read_rows)
    return batch


def _stop(batch: ImportBatch) -> None:
    """Back to where a user can go on from."""
    if batch.state == State.CHECKING:
        batch.state = State.UPLOADED
        for name in (*COUNTED, "warned_rows", "blocks_done", "fraction"):
            setattr(batch, name, 0)
    else:
        batch.state = State.DONE if batch.state == State.UNDOING else State.CANCELLED
        if batch.read_rows:
            publish(FACTS_CHANGED, batch.pk)
    batch.finished_at = timezone.now()
    batch.save()


def job_stopped(job: Job) -> None:
    """The job was cancelled on the page of jobs, or given up after failures."""
    batch = ImportBatch.objects.select_for_update().filter(pk=job.params.get("batch")).first()
    if batch is not None and batch.is_working:
        if job.state == Job.State.PARKED:
            batch.problem = {"code": "worker_failed", "details": {"why": job.error[:300]}}
        _stop(batch)


def resume(batch_id: int, job: Job) -> None:
    """A job that is tried again finds its batch willing."""
    states = (State.CANCELLED, State.RUNNING)
    ImportBatch.objects.filter(pk=batch_id, job=job, state__in=states).update(
        state=State.RUNNING, problem={}
    )


@transaction.atomic
def undo(*, by: User | None, batch_id: int) -> ImportBatch:
    """A worker takes the import back; DomainError at once when later imports stand in the way."""
    batch = _locked(batch_id, by)
    if batch.state in {State.UNDOING, State.UNDONE}:
        return batch
    refuse_undo(batch)
    batch.state, batch.problem = State.UNDOING, {}
    batch.save(update_fields=["state", "problem"])
    _enqueue(UNDO, batch, by)
    return batch


def refuse_undo(batch: ImportBatch) -> None:
    """DomainError unless the batch can be undone as far as is known."""
    if not batch.is_settled:
        raise DomainError(_("Only a finished import can be undone."))
    later = later_imports(batch)
    if later:
        names = "、".join(f"#{other.pk} {other.file_name}" for other in later[:5])
        raise DomainError(
            _("Later imports changed the same rows: %(names)s. Undo them first.") % {"names": names}
        )


@transaction.atomic
def undo_now(*, by: User | None, batch_id: int) -> ImportBatch:
    """The data is as before the import, or DomainError says what stands in the way."""
    batch = _locked(batch_id, by)
    if batch.state == State.UNDONE:
        return batch
    if batch.state != State.UNDOING:
        refuse_undo(batch)
    rows = take_back(batch)
    batch.state, batch.finished_at = State.UNDONE, timezone.now()
    batch.save(update_fields=["state", "finished_at", "problem"])
    record(by, "customers.import_undone", batch, rows=rows)
    publish(FACTS_CHANGED, batch.pk)
    return batch


def purge(*, days: int = 90) -> int:
    """Files of imports older than this are deleted; what was learned from them stays."""
    before = timezone.now() - timedelta(days=days)
    old = ImportBatch.objects.filter(created_at__lt=before).exclude(file_path="")
    count = 0
    for batch in old.exclude(state__in=(State.CHECKING, State.RUNNING, State.UNDOING)):
        remove(batch.file_path)
        ImportBatch.objects.filter(pk=batch.pk).update(file_path="")
        count += 1
    return count
