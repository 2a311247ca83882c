"""Our own PostgreSQL and Valkey: Chinese works, strangers are refused, a killed run is survived."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from runner import ROOT, bank, folder, postgres, servers, valkey
from runner.report import Stop
from runner.supervise import family

HOLD = """
import sys
from pathlib import Path
from runner import folder, servers
from runner.supervise import family
held = folder.take(Path(sys.argv[1]))
with family() as household:
    up = servers.put_up(household, held, servers.clean_environment(), durable=False)
    print(up.env["DATABASE_URL"], flush=True)
    household.watch()
"""


@pytest.fixture(scope="module")
def up():
    """Both servers, for this file."""
    held = folder.throw_away()
    with family() as household:
        yield servers.put_up(household, held, servers.clean_environment(), durable=False)
    held.remove()


@pytest.fixture
def cursor(up):
    connection = psycopg2.connect(up.env["DATABASE_URL"])
    yield connection.cursor()
    connection.close()


def test_the_database_speaks_utf8_and_finds_parts_of_chinese_names(cursor):
    cursor.execute("create extension pg_trgm")
    cursor.execute("select '济南惠客' like '%惠客%', cardinality(show_trgm('济南惠客')) > 0")
    assert cursor.fetchone() == (True, True)

    cursor.execute(
        "select pg_encoding_to_char(encoding), datctype from pg_database where datname = 'crm'"
    )
    assert cursor.fetchone() == ("UTF8", "C.UTF-8")


def test_plans_are_never_compiled(cursor):
    cursor.execute("show jit")

    assert cursor.fetchone() == ("off",)


def test_the_database_refuses_a_wrong_password(up):
    url = up.env["DATABASE_URL"].replace(urlsplit(up.env["DATABASE_URL"]).password, "guess")

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url)


def test_the_broker_refuses_a_stranger(up):
    port = urlsplit(up.env["REDIS_URL"]).port

    with socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(b"PING\r\n")

        assert stranger.recv(99).startswith(b"-NOAUTH")


def test_the_broker_takes_its_password(up):
    assert redis.Redis.from_url(up.env["REDIS_URL"]).ping()


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_the_servers_listen_on_the_loopback_address_only(up, name):
    port = f"{urlsplit(up.env[name]).port:04X}"
    tables = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    listening = [
        line.split()[1] for line in tables.splitlines() if f":{port} " in line and " 0A " in line
    ]

    assert listening == [f"0100007F:{port}"]


def test_no_password_shows_in_the_process_list(up):
    passwords = {urlsplit(up.env[name]).password for name in ("DATABASE_URL", "REDIS_URL")}
    shown = b" ".join(_read(path) for path in Path("/proc").glob("[0-9]*/cmdline")).decode()

    assert not [password for password in passwords if password in shown]


def _read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_database_never_runs_as_root(up):
    owner = Path("/proc", up.env["POSTGRES_PID"]).stat().st_uid

    assert owner != 0


def test_a_new_database_has_no_tables_and_a_wrong_address_is_one_sentence(up):
    assert not servers.has_tables(up.env)

    with pytest.raises(Stop, match="无法连接 DATABASE_URL"):
        servers.has_tables(up.env | {"DATABASE_URL": "postgresql://crm@127.0.0.1:1/crm"})


@pytest.fixture
def migrated(up, cursor):
    """Somebody migrated the database; at the end it is empty again."""
    cursor.execute("create table django_migrations ()")
    cursor.connection.commit()
    assert servers.has_tables(up.env)
    yield
    up.database.renew()


def test_a_new_database_gets_the_demo_bank(up):
    assert bank._wants_demo(up, {}, None)


def test_a_database_left_half_loaded_is_emptied_and_loaded_anew(up, migrated):
    assert bank._wants_demo(up, bank.UNFINISHED, None)

    assert not servers.has_tables(up.env)


def test_a_loaded_database_stays_and_another_number_asks_for_reset(up, migrated, capsys):
    assert not bank._wants_demo(up, {"customers": 40}, 50)

    assert "--reset" in capsys.readouterr().err
    assert servers.has_tables(up.env)


def test_a_database_that_somebody_uses_is_left_alone(up, migrated):
    theirs = servers.Servers(up.env, None)

    assert not bank._wants_demo(theirs, {}, None)
    assert not bank._wants_demo(theirs, bank.UNFINISHED, None)
    assert servers.has_tables(up.env)


def test_a_killed_run_leaves_no_server_behind_and_the_next_one_starts(place, running):
    command = [sys.executable, "-c", HOLD, str(place)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        try:
            assert "✓ PostgreSQL" in run.stdout.readline()
            assert len(running(place)) > 2
        finally:
            run.kill()

    deadline = time.monotonic() + 15
    while running(place) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert running(place) == []
    with family() as household:
        again = folder.take(place)
        assert servers.put_up(household, again, servers.clean_environment(), durable=False)


def test_a_pid_file_left_by_a_crash_does_not_stop_the_next_start(tmp_path):
    (tmp_path / "postmaster.pid").write_text(f"{os.getppid()}\n{tmp_path}\n")

    postgres._wait_for_predecessor(tmp_path)

    assert not (tmp_path / "postmaster.pid").exists()


def test_addresses_that_are_given_start_no_server(tmp_path):
    given = {"DATABASE_URL": "postgresql://a/b", "REDIS_URL": "redis://c"}

    with family() as household:
        up = servers.put_up(household, folder.take(tmp_path), given)

        assert household.children == []
    assert up.database is None
    assert up.env["DATABASE_URL"] == "postgresql://a/b"


def test_without_any_postgresql_the_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("POSTGRES_BIN", str(tmp_path))

    with pytest.raises(Stop, match="安装 postgresql"):
        postgres.find_binaries()


def test_without_any_redis_the_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(valkey, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Stop, match="安装 redis-server"):
        valkey._program(tmp_path)
