"""The doorbell: claim ranges and work on them; tidy up; start what the clock says."""

from celery import shared_task
from django.core.management import call_command
from django.db import OperationalError

from crm.core import worker
from crm.core.jobs import enqueue, ring, unfinished
from crm.core.partitions import ensure_partitions


@shared_task(name="core.work")
def work() -> int:
    """Ranges worked on, until none is left or this worker's turn is over."""
    return worker.work_until_done()


@shared_task(name="core.ring")
def ring_again() -> int:
    """Workers are rung while something is unfinished, whatever happened to earlier rings."""
    left = unfinished()
    if left:
        ring()
    return left


@shared_task(name="core.start")
def start(kind: str, unique_key: str = "") -> int:
    """The job of a scheduled kind is enqueued, once for the same key."""
    return enqueue(kind, unique_key=unique_key or kind).pk


@shared_task(name="core.clear_sessions")
def clear_sessions() -> None:
    """Sessions that have ended are gone."""
    call_command("clearsessions")


@shared_task(name="core.partitions", autoretry_for=(OperationalError,))
def partitions() -> list[str]:
    """The coming months have their partitions."""
    return ensure_partitions()
