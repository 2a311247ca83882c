"""A real Celery worker beside the tests: started, killed and awaited."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from crm.celery import app
from crm.core.models import Job, JobRange
from crm.core.tasks import ring_again

ROOT = Path(__file__).resolve().parent.parent


class WorkerProcess:
    """``celery -A crm worker`` with one child, on the test database."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It answers pings."""
        command = [sys.executable, "-m", "celery", "-A", "crm", "worker", "--concurrency", "1"]
        command += ["--without-mingle", "--without-gossip", "--loglevel", "WARNING"]
        command += ["--include", "tests.job_kinds", "--hostname", f"tests{os.getpid()}@%h"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment())
        awaited(self.answers, seconds=40)

    def _environment(self) -> dict[str, str]:
        database = connection.settings_dict
        who = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
        port = f":{database['PORT']}" if database["PORT"] else ""
        host = database["HOST"]
        where = (
            f"{who}@{port}/{database['NAME']}?host={host}"
            if host.startswith("/")
            else (f"{who}@{host}{port}/{database['NAME']}")
        )
        return os.environ | {
            "DATABASE_URL": f"postgresql://{where}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "RING_WORKERS": "1",
            "REDIS_URL": settings.CELERY_BROKER_URL,
        }

    def answers(self) -> bool:
        """Whether the worker is up."""
        assert self.process is not None and self.process.poll() is None, "the worker stopped"
        return bool(app.control.ping(timeout=0.5))

    def finishes(self, job: Job, *, seconds: float = 30) -> Job:
        """The job once it is done, with the clock ringing for it."""

        def is_finished() -> bool:
            ring_again()
            job.refresh_from_db()
            return job.is_finished

        awaited(is_finished, seconds=seconds)
        return job

    def falls_silent(self) -> None:
        """Nothing waits and the worker holds no transaction: the tables may be emptied."""
        JobRange.objects.filter(state="waiting").delete()
        Job.objects.filter(state="waiting").update(state="cancelled")
        awaited(lambda: not self._is_busy(), seconds=60)

    def _is_busy(self) -> bool:
        JobRange.objects.filter(state="waiting").delete()  # what a running range has asked for
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM core_jobrange WHERE state = 'running' "
                "AND lease_until > now()) OR EXISTS (SELECT FROM pg_stat_activity WHERE "
                "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' "
                "AND backend_type = 'client backend')"
            )
            return bool(cursor.fetchone()[0])

    def pause(self) -> None:
        """The worker hears nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """The worker hears again."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)

    def stop(self) -> None:
        """It has ended, with its child."""
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()


def awaited(condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Returns as soon as the condition holds; fails when it never does."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, f"nothing happened within {seconds} s"
        time.sleep(0.1)
