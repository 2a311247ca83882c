"""Stopping a job, and trying a parked one again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import JOB_KINDS, ring
from crm.core.models import Job, User
from crm.core.selectors.jobs import may_steer


@transaction.atomic
def cancel_job(*, job_id: int, by: User) -> Job:
    """No further range starts; the one in hand is undone at its next step. Twice is once."""
    job = _mine(job_id, by)
    if job.is_finished and job.state != Job.State.PARKED:
        return job
    job.state, job.finished_at = Job.State.CANCELLED, timezone.now()
    job.save(update_fields=["state", "finished_at"])
    record(by, "core.job_cancelled", job, job_kind=job.kind)
    kind = JOB_KINDS.get(job.kind)
    if kind is not None and kind.on_stop is not None:
        kind.on_stop(job)
    return job


@transaction.atomic
def retry_job(*, job_id: int, by: User) -> Job:
    """The parked ranges wait again, with five fresh attempts."""
    job = _mine(job_id, by)
    if job.state != Job.State.PARKED:
        return job
    parked = job.ranges.filter(state="parked")
    parked.update(state="waiting", attempts=0, not_before=None, error="")
    job.state, job.error, job.finished_at = Job.State.RUNNING, "", None
    job.save(update_fields=["state", "error", "finished_at"])
    record(by, "core.job_retried", job, job_kind=job.kind)
    transaction.on_commit(lambda: ring(job.priority))
    return job


def _mine(job_id: int, by: User) -> Job:
    job = Job.objects.select_for_update(no_key=True).get(pk=job_id)
    if not may_steer(by, job):
        raise DomainError(_("This job belongs to somebody else."), status=403)
    return job
