"""PostgreSQL and Valkey, ours or the person's own, and the environment that the product reads."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner import ROOT, postgres, valkey
from runner.folder import Folder
from runner.postgres import Database
from runner.report import Stop, step
from runner.supervise import Family

# What the settings read; a test run must not inherit these from the person's shell.
SETTINGS = (
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DATA_DIR",
    "DEBUG",
    "DEMO",
    "DJANGO_SETTINGS_MODULE",
    "FIELD_KEYS",
    "HASH_KEY",
    "HTTPS",
    "IMPORT_MAX_MB",
    "LOG_LEVEL",
    "MFA",
    "PLAIN_STATIC",
    "REDIS_URL",
    "SECRET_KEY",
    "SESSION_HOURS",
    "STATIC_ROOT",
    "TEST_DATABASE",
    "WORKER_MAX_MB",
)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
HAS_TABLES = """
import os, psycopg2
with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
    cursor.execute("select to_regclass('django_migrations') is not null")
    print(cursor.fetchone()[0])
"""


@dataclass(frozen=True)
class Servers:
    """What the product talks to: its environment, and our own PostgreSQL if it is ours."""

    env: dict[str, str]
    database: Database | None


def put_up(
    family: Family, folder: Folder, given: Mapping[str, str], *, durable: bool = True
) -> Servers:
    """Both servers answer, and the environment names them."""
    env = dict(given) | {"DATA_DIR": str(folder.path), "STATIC_ROOT": str(folder.path / "static")}
    env["PYTHONUNBUFFERED"] = "1"
    Path(env["STATIC_ROOT"]).mkdir(exist_ok=True)
    for key, value in ({"DEMO": "1"} | folder.secrets()).items():
        if not key.endswith("_PASSWORD"):
            env.setdefault(key, value)
    database = None
    if not env.get("DATABASE_URL"):
        with step("PostgreSQL"):
            database = postgres.start(family, folder, durable=durable)
        env |= {"DATABASE_URL": database.url, "POSTGRES_PID": str(database.child.process.pid)}
    if not env.get("REDIS_URL"):
        with step("Valkey"):
            env["REDIS_URL"] = valkey.start(family, folder, durable=durable)
    return Servers(env, database)


def own_environment() -> dict[str, str]:
    """The person's environment as it is, except for a foreign Django project's settings."""
    return {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}


def clean_environment() -> dict[str, str]:
    """The person's environment without any setting of the product."""
    return {key: value for key, value in os.environ.items() if key not in SETTINGS}


def manage(*arguments: str) -> list[str]:
    """The command line of a manage.py command."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def has_tables(env: Mapping[str, str]) -> bool:
    """Somebody migrated this database before; a database that refuses us is said plainly."""
    command = [sys.executable, "-c", HAS_TABLES]
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [""])[-1]
        raise Stop(f"无法连接 DATABASE_URL 指定的数据库 · Cannot use that database: {reason}")
    return done.stdout.strip() == "True"


def run_step(
    family: Family, name: str, command: list[str], *, env: Mapping[str, str], log: Path
) -> None:
    """The command has ended well and its line with the time is on the terminal."""
    with step(name):
        family.run(name, command, log=log, env=dict(env))
