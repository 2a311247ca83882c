"""Kinds of job for tests, loaded by the test's own process and by its worker process."""

from django.db import connection

from crm.core.errors import DomainError
from crm.core.jobs import Work, job_kind
from crm.core.models import Task, User

GATE = 471100  # an advisory lock: whoever holds it keeps the gate shut


@job_kind("test.effects", label="Effects", lease_seconds=2)
def effects(work: Work) -> None:
    """Leaves one to-do for each number of the range, then passes the gate if it has one."""
    owner = User.objects.get(pk=work.params["owner"])
    for number in range(work.params["low"], work.params["high"]):
        Task.objects.create(kind="test.effect", owner=owner, params={"number": number})
        work.advance(rows=1)
    if work.params.get("gate"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
    work.check()


@job_kind("test.fails", label="Fails")
def fails(work: Work) -> None:
    """Fails with a sentence for users, or by accident."""
    if work.params.get("sentence"):
        raise DomainError(work.params["sentence"])
    raise ZeroDivisionError("by accident")


@job_kind("test.plans", label="Plans")
def plans(work: Work) -> None:
    """The first range adds two of the next stage and one of the last."""
    if work.part.stage == 0:
        work.add_parts([{"low": 0}, {"low": 1}], stage=1)
        work.add_parts([{"low": 2}], stage=2)
    work.result["stage"] = work.part.stage


@job_kind("test.commits", label="Commits by itself", is_atomic=False)
def commits(work: Work) -> None:
    """Commits each step with its cursor; fails once in the middle."""
    from django.db import transaction

    owner = User.objects.get(pk=work.params["owner"])
    for number in range(work.cursor.get("next", 0), work.params["high"]):
        if number == 3 and work.part.attempts == 1:
            raise ZeroDivisionError("by accident")
        with transaction.atomic():
            Task.objects.create(kind="test.effect", owner=owner, params={"number": number})
            work.advance(rows=1)
            work.save_cursor({"next": number + 1})
