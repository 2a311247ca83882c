"""Imports in the background: checking, loading, taking back. Heavy modules load with the work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.jobs import JobCancelled, Work, job_kind
from crm.core.models import Job
from crm.core.roles import Can


def stopped(job: Job) -> None:
    """The batch of a cancelled or parked job is told."""
    from customers.services import imports

    imports.job_stopped(job)


@job_kind(
    "customers.import_check",
    label=_("Check a file"),
    can=Can.RUN_IMPORTS,
    is_atomic=False,
    on_stop=stopped,
)
def import_check(work: Work) -> None:
    """What loading the file would do is known."""
    from customers.services import imports

    try:
        imports.check_batch(work.params["batch"], work.advance)
    except imports.Stopped as error:
        raise JobCancelled(work.job.pk) from error


@job_kind(
    "customers.import_run",
    label=_("Import a file"),
    can=Can.RUN_IMPORTS,
    is_atomic=False,
    on_stop=stopped,
)
def import_run(work: Work) -> None:
    """The file is loaded, from where an earlier attempt stopped."""
    from customers.services import imports

    def progress(rows: int) -> None:
        work.advance(rows)
        work.save_cursor({"rows": work.rows_done})

    imports.resume(work.params["batch"], work.job)
    try:
        imports.run_batch(work.params["batch"], progress)
    except imports.Stopped as error:
        raise JobCancelled(work.job.pk) from error


@job_kind("customers.import_undo", label=_("Undo an import"), can=Can.RUN_IMPORTS, on_stop=stopped)
def import_undo(work: Work) -> None:
    """The data is as before the import."""
    from customers.services import imports

    imports.undo_now(by=work.job.created_by, batch_id=work.params["batch"])


@job_kind("customers.import_purge", label=_("Delete the files of old imports"))
def import_purge(work: Work) -> None:
    """Files past their time are gone; what was learned from them stays."""
    from customers.services import imports

    work.advance(imports.purge())
