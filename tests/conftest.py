"""Fixtures that every test may use."""

import os
from collections.abc import Callable, Iterator

import hypothesis
import pytest
import pytest_django
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from customers.demo.plan import Plan
from tests import demo_bank as demo_bank_module
from tests.chromium import launch_arguments
from tests.worker import WorkerProcess

# Property tests try the same examples in every run; FRESH_EXAMPLES=1 looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True)
if not os.environ.get("FRESH_EXAMPLES"):
    hypothesis.settings.load_profile("same")


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
) -> Iterator[WorkerProcess]:
    """A running Celery worker on this test's database, rung by every ``enqueue``.

    Jobs that follow the ones a test waits for are over before its rows are thrown away.
    """
    settings.RING_WORKERS = True
    yield celery_worker_process
    celery_worker_process.falls_silent()


@pytest.fixture(scope="session")
def celery_worker_process(django_db_setup: None) -> Iterator[WorkerProcess]:
    """One real Celery worker process for the whole run."""
    process = WorkerProcess()
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def demo_bank_rows(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> demo_bank_module.Snapshot:
    """The rows of a small demo bank, made once a run and thrown away again."""
    plan = Plan(demo_bank_module.CUSTOMERS, 1, demo_bank_module.AS_OF)
    with django_db_blocker.unblock():
        return demo_bank_module.take_snapshot(plan)


@pytest.fixture
def demo_bank(db: None, demo_bank_rows: demo_bank_module.Snapshot) -> demo_bank_module.DemoBank:
    """Sixty customers of a believable bank, with people, facts and portraits."""
    demo_bank_module.put_snapshot(demo_bank_rows)
    plan = Plan(demo_bank_module.CUSTOMERS, 1, demo_bank_module.AS_OF)
    return demo_bank_module.DemoBank(plan)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Browser tests drive the Chromium of the system."""
    return launch_arguments()


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """A Chinese browser in Shanghai."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
