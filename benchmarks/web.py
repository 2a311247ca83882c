"""What the page benchmarks share: signed-in readers, gunicorn, load, and the CPU of both sides.

Readers are ``{name: (cookie, {kind: [addresses]})}``. Two gunicorn workers as in production; CPU is
that of the web workers and of their PostgreSQL processes together.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.load_driver import Answers, Ask, drive

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
Readers = Mapping[str, tuple[str, dict[str, list[str]]]]


def load(readers: Readers, *, requests: int, concurrency: int) -> dict[str, dict[str, Any]]:
    """Each kind of page asked for so often, the readers in turn; figures by kind."""
    kinds = list(dict.fromkeys(kind for _cookie, paths in readers.values() for kind in paths))
    queries = count_queries(readers)
    found: dict[str, dict[str, Any]] = {}
    with web_workers() as (port, master):
        for kind in kinds:
            asks = asked(kind, readers, requests)
            drive(port, asks[:24], concurrency=concurrency)
            found[kind] = measure(port, master, asks, concurrency)
            found[kind]["queries"] = max(
                number for (which, _reader), number in queries.items() if which == kind
            )
            told(kind, found[kind])
    return found


def cookie_of(user: Any) -> str:
    """A session of this user, as the browser would send it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def fullest(role: str) -> Any:
    """The user of this role who sees most customers."""
    from crm.core.models import User
    from customers.models import Customer

    people = User.objects.filter(role=role, is_active=True).select_related("branch")
    return max(people, key=lambda user: Customer.objects.visible_to(user).count())


def count_queries(readers: Readers) -> dict[tuple[str, str], int]:
    """The most queries that one request of each kind and reader takes, in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found = {}
    for role, (cookie, paths) in readers.items():
        client = Client(headers={"cookie": cookie, "host": "localhost"})
        for kind, asked in paths.items():
            numbers = []
            for path in asked[:6]:
                with CaptureQueriesContext(connection) as captured:
                    response = client.get(path)
                assert response.status_code == 200, (path, response.status_code)
                numbers.append(len(captured))
            found[kind, role] = max(numbers)
    return found


@contextmanager
def web_workers() -> Iterator[tuple[int, int]]:
    """gunicorn with two workers answers on a free port; its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "2"}
    env["ALLOWED_HOSTS"] = "localhost,127.0.0.1"
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "crm.wsgi"]
    command += ["--log-level", "warning"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_until_up(port, process)
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            sys.exit("gunicorn stopped while it was starting.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    sys.exit("gunicorn did not answer within a minute.")


def asked(kind: str, readers: Readers, count: int) -> list[Ask]:
    """So many requests of one kind, the readers in turn."""
    names = [name for name, (_cookie, paths) in readers.items() if kind in paths]
    asks = []
    for number in range(count):
        role = names[number % len(names)]
        cookie, paths = readers[role]
        path = paths[kind][number // len(names) % len(paths[kind])]
        asks.append(Ask(role, path, cookie))
    return asks


def measure(port: int, master: int, asks: list[Ask], concurrency: int) -> dict[str, Any]:
    """Times of the answers, and CPU a request: web workers, and their database processes."""
    web, base = cpu_of(children(master)), cpu_of(database_processes())
    answers: Answers = drive(port, asks, concurrency=concurrency)
    assert not answers.failures, answers.failures[:3]
    web_ms = spent(web, cpu_of(children(master))) * 1000 / len(asks)
    base_ms = spent(base, cpu_of(database_processes())) * 1000 / len(asks)
    return {
        "p50_ms": round(answers.percentile(0.5), 1),
        "p95_ms": round(answers.percentile(0.95), 1),
        "p95_ms_by": {name: round(answers.percentile(0.95, name), 1) for name in answers.by_reader},
        "web_cpu_ms": round(web_ms, 1),
        "database_cpu_ms": round(base_ms, 1),
        "cpu_ms": round(web_ms + base_ms, 1),
    }


def children(master: int) -> list[int]:
    """The worker processes of gunicorn."""
    text = Path(f"/proc/{master}/task/{master}/children").read_text()
    return [int(number) for number in text.split()]


def database_processes() -> list[int]:
    """The server processes that work for this database, where they run on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        found = [row[0] for row in cursor.fetchall()]
    return [pid for pid in found if _is_postgres(pid)]


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False


def cpu_of(pids: list[int]) -> dict[int, float]:
    """Seconds of CPU each of these processes has used."""
    found = {}
    for pid in pids:
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[pid] = (int(parts[11]) + int(parts[12])) / TICK
    return found


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """Seconds used in between by the processes that are still there."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def told(kind: str, row: dict[str, Any]) -> None:
    """One line for people."""
    readers = " ".join(f"{time:6.1f}" for time in row["p95_ms_by"].values())
    print(
        f"{kind:15} p50 {row['p50_ms']:6.1f}  p95 {row['p95_ms']:6.1f} ({readers}) ms  "
        f"CPU {row['web_cpu_ms']:5.1f} + {row['database_cpu_ms']:5.1f} ms  "
        f"{row['queries']:2d} queries",
        flush=True,
    )
