"""Fixtures that every test may use."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from tests.worker import WorkerProcess


@pytest.fixture(autouse=True)
def every_test_has_the_database(db: None) -> None:
    """Tests use PostgreSQL as the product does; ``transactional_db`` where commits matter.

    Asked for as an argument: pytest-django makes the test database only when it sees that a
    test wants one; asked for later, tests would run on the database of the settings.
    """


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """No cache survives from one test to the next."""
    cache.clear()
    yield


@pytest.fixture
def same_queries() -> Callable[..., None]:
    """``same_queries(act, grow=...)``: the act costs as many queries after growth as before."""

    def compare(act: Callable[[], object], *, grow: Callable[[], object]) -> None:
        act()
        with CaptureQueriesContext(connection) as before:
            act()
        grow()
        with CaptureQueriesContext(connection) as after:
            act()
        told = "\n".join(query["sql"][:200] for query in after.captured_queries)
        assert len(after) == len(before), told

    return compare


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Works on everything that was enqueued, in this process; returns how many ranges."""
    from crm.core.worker import work_until_done

    return work_until_done


@pytest.fixture
def worker(
    celery_worker_process: WorkerProcess, transactional_db: None, settings: Settings
) -> WorkerProcess:
    """A running Celery worker on this test's database, rung by every ``enqueue``."""
    settings.RING_WORKERS = True
    return celery_worker_process


@pytest.fixture(scope="session")
def celery_worker_process(django_db_setup: None) -> Iterator[WorkerProcess]:
    """One real Celery worker process for the whole run."""
    process = WorkerProcess()
    process.start()
    yield process
    process.stop()
