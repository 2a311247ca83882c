"""Background work, as people may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.jobs import JOB_KINDS
from crm.core.models import Job, User
from crm.core.models.jobs import JobRange
from crm.core.roles import Can, Reach
from crm.core.words import Text

_RUNNING_ROWS = Subquery(
    JobRange.objects.filter(job=OuterRef("pk"), state=JobRange.State.RUNNING)
    .order_by()
    .values("job")
    .values(rows=Sum("rows_done"))
)


def job_list(
    *, user: User, state: str = "", kind: str = "", before: int | None = None
) -> QuerySet[Job]:
    """Jobs this user may see, the newest first."""
    jobs = visible_jobs(user).select_related("created_by").annotate(running_rows=_RUNNING_ROWS)
    if state:
        jobs = jobs.filter(state=state)
    if kind:
        jobs = jobs.filter(kind=kind)
    if before:
        jobs = jobs.filter(pk__lt=before)
    return jobs.order_by("-pk")


def visible_jobs(user: User) -> QuerySet[Job]:
    """All jobs for operators and auditors; else one's own and those of the clock."""
    if user.can(Can.MANAGE_JOBS) or user.duty.reach == Reach.BANK:
        return Job.objects.all()
    kinds = [kind.key for kind in JOB_KINDS if kind.can is not None and user.can(kind.can)]
    return Job.objects.filter(Q(created_by=user) | Q(created_by__isnull=True, kind__in=kinds))


def running_jobs(*, user: User) -> QuerySet[Job]:
    """The user's own jobs that are not finished, and those that need a decision."""
    own = Job.objects.filter(created_by=user, state__in=("waiting", "running", "parked"))
    return own.annotate(running_rows=_RUNNING_ROWS).order_by("-pk")


@dataclass(frozen=True)
class Progress:
    """How far a job is, how fast, and how long it will still take."""

    job: Job
    label: Text
    done: int
    total: int | None
    is_in_rows: bool
    per_second: float | None
    remaining: timedelta | None
    may_steer: bool

    @property
    def state(self) -> str:
        """The state in the words of the progress component."""
        return "failed" if self.job.state == Job.State.PARKED else str(self.job.state)

    @property
    def url(self) -> str:
        """Where the bar asks again while the job is open."""
        return reverse("core:job_progress", args=[self.job.pk])

    @property
    def cancel_url(self) -> str:
        """Where the job is stopped; empty for who may not."""
        return reverse("core:job_cancel", args=[self.job.pk]) if self.may_steer else ""

    @property
    def note(self) -> str:
        """Pace and remaining time, or what went wrong."""
        if self.job.error:
            return self.job.error
        if self.job.is_finished:
            return ""
        parts = []
        if self.per_second and self.is_in_rows:
            parts.append(_("%(rate)s rows a second") % {"rate": f"{self.per_second:,.0f}"})
        if self.remaining is not None:
            parts.append(_("about %(time)s left") % {"time": _in_words(self.remaining)})
        return " · ".join(parts)


def _running_rows(job: Job) -> int:
    """Rows of ranges in hand; ``job_list`` brings them along."""
    if hasattr(job, "running_rows"):
        return job.running_rows or 0
    running = job.ranges.filter(state=JobRange.State.RUNNING).aggregate(rows=Sum("rows_done"))
    return running["rows"] or 0


def _in_words(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < 90:
        return _("%(count)s s") % {"count": seconds}
    if seconds < 5400:
        return _("%(count)s min") % {"count": round(seconds / 60)}
    return _("%(count)s h") % {"count": round(seconds / 3600, 1)}


def progress(job: Job, *, now: datetime, user: User | None = None) -> Progress:
    """The progress of a job, rows of running ranges included."""
    rows = job.rows_done + _running_rows(job)
    by_rows = bool(job.rows_total) or rows > 0
    done, total = (rows, job.rows_total) if by_rows else (job.parts_done, job.parts_total)
    seconds = ((job.finished_at or now) - job.started_at).total_seconds() if job.started_at else 0
    speed = done / seconds if seconds > 1 and done else None
    left = None
    if speed and total and not job.is_finished:
        left = timedelta(seconds=round(max(total - done, 0) / speed))
    allowed = user is not None and may_steer(user, job)
    return Progress(job, label(job), done, total, by_rows, speed, left, allowed)


def may_steer(user: User, job: Job) -> bool:
    """Whether ``user`` may stop or retry it: its owner, an operator, or who may do such work."""
    kind = JOB_KINDS.get(job.kind)
    asked = kind.can if kind else None
    return (
        job.created_by_id == user.pk
        or user.can(Can.MANAGE_JOBS)
        or (asked is not None and user.can(asked) and job.created_by_id is None)
    )


def label(job: Job) -> Text:
    """What the job does, in words."""
    kind = JOB_KINDS.get(job.kind)
    return job.title or (kind.label if kind else job.kind)


def troubled_ranges(job: Job) -> QuerySet[JobRange]:
    """Ranges that failed at least once and are not done."""
    return job.ranges.exclude(state="done").exclude(error="").order_by("number")


def newest_job(*, table: str, pk: object) -> Job | None:
    """The last job that was asked for this row: "computing" notices show it."""
    return Job.objects.filter(subject_table=table, subject_pk=str(pk)).order_by("-pk").first()


def part_counts(job: Job) -> dict[str, int]:
    """How many ranges are in each state."""
    return dict(job.ranges.order_by().values_list("state").annotate(Count("pk")))
