"""Pages under load: customer list, filters, search, deep pages, portrait and its API twin.

Two gunicorn workers as in production, four clients; a relationship manager, a branch head and a
risk officer who sees the whole bank ask in turn. A bank of ``--customers`` is made when the
database is empty. CPU is that of the web workers and of their PostgreSQL processes together.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django

from benchmarks.load_driver import Answers, Ask, drive

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
READERS = ("rm", "branch_head", "risk_officer")  # own customers, one branch, the whole bank
LISTS = ("list", "filtered", "filtered_count", "search", "deep")
PORTRAITS = ("portrait", "portrait_api")
KINDS = (*LISTS, *PORTRAITS)
FILTERS = (
    "stage=growth&size=micro",
    "tier=A&relation=existing",
    "stage=decline&f=inflow_trend:le:-20",
    "industry=C&completeness=good",
    "groups=quality_trade&sort=-f.inflow_month_12m",
    "tags=renewal_due_90&sort=f.completeness",
    "f=loan_balance:ge:50万&sort=-f.loan_balance",
)


def main() -> None:
    """Figures for people, then one JSON line."""
    options = _options()
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    os.environ["LOG_LEVEL"] = "WARNING"
    django.setup()
    count = make_bank(options.customers)
    readers = {role: sign_in(role) for role in READERS}
    result: dict[str, Any] = {"customers": count, "concurrency": options.concurrency}
    queries = count_queries(readers)
    with web_workers() as (port, master):
        for kind in KINDS:
            asks = asked(kind, readers, options.requests)
            drive(port, asks[:24], concurrency=options.concurrency)
            result[kind] = measure(port, master, asks, options.concurrency)
            result[kind]["queries"] = max(queries[kind, role] for role in READERS)
            told(kind, result[kind])
    print(json.dumps(result | headline(result)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=240, help="of each kind")
    parser.add_argument("--concurrency", type=int, default=4)
    return parser.parse_args()


def make_bank(customers: int) -> int:
    """The database holds a demo bank; returns its number of customers."""
    from django.core.management import call_command
    from django.db import connection

    from customers.models import Customer, Portrait

    if not Customer.objects.exists():
        call_command("load_reference", verbosity=0)
        call_command("make_demo", customers=customers, seed=1)
    if not Portrait.objects.exists():
        sys.exit("The customers have no portraits: run make_demo without --no-portraits.")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE customers_customer")
        cursor.execute("VACUUM ANALYZE customers_portrait")
    return Customer.objects.count()


def sign_in(role: str) -> tuple[str, dict[str, list[str]]]:
    """A session cookie of a user of this role, and the addresses that user asks for."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    user = fullest(role)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}", addresses(user)


def fullest(role: str) -> Any:
    """The user of this role who sees most customers."""
    from crm.core.models import User
    from customers.models import Customer

    people = User.objects.filter(role=role, is_active=True).select_related("branch")
    return max(people, key=lambda user: Customer.objects.visible_to(user).count())


def addresses(user: Any) -> dict[str, list[str]]:
    """What the user asks for, drawn from the user's own customers."""
    from customers.models import Customer
    from customers.selectors.keyset import Place

    chance = random.Random(1)
    rows = Customer.objects.visible_to(user).order_by("pk")
    seen = list(rows.values_list("pk", "name", "name_pinyin"))
    some = chance.sample(seen, min(len(seen), 80))
    words = {name[place : place + 2] for _pk, name, _pinyin in some for place in (0, 2, 4)}
    deep = [Place(pinyin, pk, False, 10_001).written() for pk, _name, pinyin in some]
    return {
        "list": ["/customers/", "/customers/?sort=-name", "/customers/?sort=-created"],
        "filtered": [f"/customers/?{quote(query, safe='=&:.')}" for query in FILTERS],
        "filtered_count": [f"/customers/count/?{quote(q, safe='=&:.')}" for q in FILTERS],
        "search": [f"/customers/?q={quote(word)}" for word in sorted(words) if len(word) == 2],
        "deep": [f"/customers/?at={place}" for place in deep],
        "portrait": [f"/customers/{pk}/" for pk, _name, _pinyin in some],
        "portrait_api": [f"/api/v1/customers/{pk}/portrait/" for pk, _name, _pinyin in some],
    }


def count_queries(readers: dict[str, Any]) -> dict[tuple[str, str], int]:
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
            found[kind, role] = max(numbers, default=0)
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


def asked(kind: str, readers: dict[str, Any], count: int) -> list[Ask]:
    """So many requests of one kind, the readers in turn."""
    asks = []
    for number in range(count):
        role = READERS[number % len(READERS)]
        cookie, paths = readers[role]
        path = paths[kind][number // len(READERS) % len(paths[kind])]
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
        **{f"p95_ms_{role}": round(answers.percentile(0.95, role), 1) for role in READERS},
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


def headline(result: dict[str, Any]) -> dict[str, Any]:
    """The named figures: the worst kind of list, and the worse of portrait page and API."""

    def worst(kinds: tuple[str, ...], key: str) -> float:
        return max(result[kind][key] for kind in kinds)

    return {
        "list_queries": worst(LISTS, "queries"),
        "list_p50_ms": worst(LISTS, "p50_ms"),
        "list_p95_ms": worst(LISTS, "p95_ms"),
        "list_cpu_ms": worst(LISTS, "cpu_ms"),
        "portrait_queries": worst(PORTRAITS, "queries"),
        "portrait_p95_ms": worst(PORTRAITS, "p95_ms"),
        "portrait_cpu_ms": worst(PORTRAITS, "cpu_ms"),
    }


def told(kind: str, row: dict[str, Any]) -> None:
    """One line for people."""
    readers = " ".join(f"{row[f'p95_ms_{role}']:6.1f}" for role in READERS)
    print(
        f"{kind:15} p50 {row['p50_ms']:6.1f}  p95 {row['p95_ms']:6.1f} ({readers}) ms  "
        f"CPU {row['web_cpu_ms']:5.1f} + {row['database_cpu_ms']:5.1f} ms  "
        f"{row['queries']:2d} queries",
        flush=True,
    )


if __name__ == "__main__":
    main()
