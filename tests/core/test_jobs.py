"""Background work: PostgreSQL is the truth, Redis the doorbell (architecture: jobs)."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.jobs import LeaseLost, enqueue
from crm.core.models import Job, JobRange, Task
from crm.core.services.jobs import cancel_job, retry_job
from crm.core.worker import claim, run
from tests import job_kinds
from tests.factories import make_user


def effects_of(job: Job) -> list[int]:
    return sorted(Task.objects.filter(kind="test.effect").values_list("params__number", flat=True))


def test_a_job_runs_range_by_range_and_counts_its_rows(run_jobs):
    owner = make_user()
    parts = [{"low": 0, "high": 3}, {"low": 3, "high": 5}]
    job = enqueue("test.effects", {"owner": owner.pk}, parts=parts, by=owner, rows_total=5)

    worked = run_jobs()

    job.refresh_from_db()
    assert worked == 2
    assert (job.state, job.parts_done, job.rows_done) == ("done", 2, 5)
    assert effects_of(job) == [0, 1, 2, 3, 4]


def test_an_enqueue_that_is_rolled_back_leaves_no_job():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("test.effects", {"owner": 1})
        raise ZeroDivisionError

    assert not Job.objects.exists()


def test_the_same_key_waits_once_and_again_when_the_first_has_started():
    first = enqueue("test.effects", {"owner": 1}, unique_key="a")
    second = enqueue("test.effects", {"owner": 1}, unique_key="a")
    claim()
    third = enqueue("test.effects", {"owner": 1}, unique_key="a")

    assert second.pk == first.pk
    assert third.pk != first.pk
    assert claim() is None  # the later one waits for the first


def test_urgent_work_goes_first():
    enqueue("test.effects", {"owner": 1}, priority=5)
    urgent = enqueue("test.effects", {"owner": 1}, priority=0)

    assert claim().job == urgent


def test_an_accident_is_tried_again_later_and_parked_after_five_attempts():
    job = enqueue("test.fails")

    for attempt in range(1, 6):
        JobRange.objects.update(not_before=None)
        run(claim())
        part = JobRange.objects.get()
        assert part.attempts == attempt

    job.refresh_from_db()
    assert job.state == "parked"
    assert "ZeroDivisionError: by accident" in job.error
    assert claim() is None


def test_a_failed_attempt_waits_before_the_next():
    enqueue("test.fails")

    run(claim())

    part = JobRange.objects.get()
    assert part.state == "waiting"
    assert part.not_before > timezone.now()
    assert claim() is None


def test_a_sentence_for_users_parks_at_once():
    job = enqueue("test.fails", {"sentence": "The file is empty."})

    run(claim())

    job.refresh_from_db()
    assert (job.state, job.error) == ("parked", "The file is empty.")


def test_a_parked_job_can_be_tried_again():
    boss = make_user("sys_admin")
    job = enqueue("test.fails", {"sentence": "The file is empty."})
    run(claim())

    retry_job(job_id=job.pk, by=boss)

    job.refresh_from_db()
    assert job.state == "running"
    assert claim().job == job


def test_a_handler_that_fails_leaves_nothing_of_its_range():
    owner = make_user()
    enqueue("test.effects", {"owner": owner.pk, "low": 0, "high": "x"})

    run(claim())

    assert not Task.objects.exists()


def test_stages_wait_for_each_other(run_jobs):
    job = enqueue("test.plans")

    run_jobs()

    job.refresh_from_db()
    ended = job.ranges.order_by("finished_at").values_list("stage", flat=True)
    assert list(ended) == [0, 1, 1, 2]
    assert (job.state, job.parts_total) == ("done", 4)


def test_a_handler_that_commits_by_itself_goes_on_from_its_cursor(run_jobs):
    owner = make_user()
    job = enqueue("test.commits", {"owner": owner.pk, "high": 6})
    run_jobs()
    JobRange.objects.update(not_before=None)

    run_jobs()

    job.refresh_from_db()
    assert (job.state, job.rows_done) == ("done", 6)
    assert effects_of(job) == [0, 1, 2, 3, 4, 5]


def test_a_cancelled_job_starts_no_further_range():
    owner = make_user()
    job = enqueue("test.effects", {"owner": owner.pk, "low": 0, "high": 1}, by=owner)

    cancel_job(job_id=job.pk, by=owner)

    assert claim() is None
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_job_cancelled_while_it_runs_undoes_the_range_in_hand():
    owner = make_user()
    job = enqueue("test.effects", {"owner": owner.pk, "low": 0, "high": 2}, by=owner)
    work = claim()
    cancel_job(job_id=job.pk, by=owner)
    work.is_cancelled = True  # as the heart-beat tells it

    run(work)

    assert not Task.objects.exists()


def test_somebody_elses_job_cannot_be_cancelled():
    job = enqueue("test.effects", {"owner": 1}, by=make_user())

    with pytest.raises(DomainError):
        cancel_job(job_id=job.pk, by=make_user())


def test_a_range_that_another_worker_took_over_is_not_closed_twice():
    owner = make_user()
    enqueue("test.effects", {"owner": owner.pk, "low": 0, "high": 2})
    slow = claim()
    JobRange.objects.update(lease_until=timezone.now() - timezone.timedelta(seconds=1))
    run(claim())

    run(slow)

    assert Task.objects.count() == 2


def test_a_lost_lease_keeps_no_cursor():
    enqueue("test.effects", {"owner": 1})
    slow = claim()
    JobRange.objects.update(lease_until=timezone.now() - timezone.timedelta(seconds=1))
    claim()

    with pytest.raises(LeaseLost):
        slow.save_cursor({"next": 1})


@pytest.mark.worker
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(worker):
    import os
    import signal

    from tests.worker import awaited

    owner = make_user()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [job_kinds.GATE])
    parts = [{"low": 0, "high": 50, "gate": True}, {"low": 50, "high": 60}]
    job = enqueue("test.effects", {"owner": owner.pk}, parts=parts)
    awaited(someone_waits_at_the_gate)
    child = int(JobRange.objects.get(number=0).worker.rpartition(":")[2])

    os.kill(child, signal.SIGKILL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [job_kinds.GATE])

    worker.finishes(job)
    assert job.state == "done"
    assert effects_of(job) == list(range(60))
    assert JobRange.objects.get(number=0).attempts == 2


@pytest.mark.worker
def test_a_flushed_redis_costs_no_work(worker):
    owner = make_user()
    worker.pause()
    job = enqueue("test.effects", {"owner": owner.pk, "low": 0, "high": 5})
    flush_broker()
    worker.resume()

    worker.finishes(job)

    assert effects_of(job) == [0, 1, 2, 3, 4]


@pytest.mark.worker
def test_a_job_starts_by_itself_after_the_commit(worker):
    from tests.worker import awaited

    owner = make_user()
    job = enqueue("test.effects", {"owner": owner.pk, "low": 0, "high": 5})

    awaited(lambda: Job.objects.get(pk=job.pk).is_finished)

    assert effects_of(job) == [0, 1, 2, 3, 4]


def someone_waits_at_the_gate() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' "
            "AND objid = %s AND NOT granted)",
            [job_kinds.GATE],
        )
        return cursor.fetchone()[0]


def flush_broker() -> None:
    import redis
    from django.conf import settings

    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        client.flushdb()
