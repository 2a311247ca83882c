"""The options of run.py, and the ports it chooses."""

import socket
import subprocess
import sys

import pytest

from runner import ROOT, bench, checks
from runner.commands import parse, parser
from runner.ports import HOST, free_port, web_socket
from runner.report import Stop, pad, table, width


def test_a_taken_port_is_one_sentence_that_names_the_option():
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(Stop, match=rf"端口 {port} .*--port N"):
            web_socket(port)


def test_the_asked_port_is_used():
    port = free_port()

    with web_socket(port) as listener:
        assert listener.getsockname() == (HOST, port)


def test_a_free_port_stands_in_for_a_busy_preferred_one(monkeypatch):
    with socket.create_server((HOST, 0)) as other:
        monkeypatch.setattr("runner.ports.PREFERRED", other.getsockname()[1])

        with web_socket(None) as listener:
            assert listener.getsockname()[1] not in (0, other.getsockname()[1])


@pytest.mark.parametrize(
    "options", [["--port", "0"], ["--port", "70000"], ["--customers", "0"], ["--customers", "x"]]
)
def test_a_number_out_of_range_is_refused(options, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["demo", *options])

    assert "端口" in capsys.readouterr().err or "客户数"


def test_what_follows_two_dashes_goes_to_pytest():
    options = parse(["test", "--only", "tests", "--", "tests/run", "-k", "port"])

    assert options.only == ["tests"]
    assert options.arguments == ["tests/run", "-k", "port"]


def test_a_benchmark_gets_its_own_options():
    options = parse(["bench", "pages", "--customers", "9", "--", "--clients", "4"])

    assert (options.name, options.customers) == ("pages", 9)
    assert options.arguments == ["--clients", "4"]


def test_manage_takes_options_of_the_command_itself():
    options = parse(["manage", "make_demo", "--customers", "50"])

    assert options.arguments == ["make_demo", "--customers", "50"]


def test_every_benchmark_is_listed_with_its_purpose():
    assert all(bench.names().values()), "a benchmark has no docstring"


def test_an_unknown_benchmark_is_refused_with_the_names_there_are():
    with pytest.raises(Stop, match="No such benchmark"):
        bench.bench(parse(["bench", "nonsense"]))


def test_secrets_for_a_server_come_without_any_environment():
    done = subprocess.run(
        [sys.executable, "-S", "run.py", "secrets"], cwd=ROOT, capture_output=True, text=True
    )

    made = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert set(made) >= {"SECRET_KEY", "FIELD_KEYS", "HASH_KEY", "POSTGRES_PASSWORD"}
    assert len(made["SECRET_KEY"]) >= 50


@pytest.mark.parametrize(
    "line",
    [
        b"===== 3 passed in 0.12s =====",
        b"\x1b[32m== \x1b[32m\x1b[1m12 passed\x1b[0m, 1 skipped in 61.02s (0:01:01) ==\x1b[0m",
        b"1 failed, 2 passed in 3.40s",
    ],
)
def test_the_closing_line_of_pytest_is_recognised(line):
    assert checks.CLOSING.match(checks.COLOUR.sub(b"", line))


@pytest.mark.parametrize("line", [b"tests/run/test_x.py ..F", b"3 passed", b"in 3.4s"])
def test_other_lines_of_pytest_are_not_taken_for_it(line):
    assert not checks.CLOSING.match(line)


def test_production_settings_are_checked_without_anything_of_the_demo():
    given = {"DEMO": "1", "SECRET_KEY": "demo", "PATH": "/bin", "REDIS_URL": "redis://x"}

    made = checks.production(given)

    assert "DEMO" not in made
    assert made["SECRET_KEY"] != "demo"
    assert made["PATH"] == "/bin"
    assert made["REDIS_URL"] == "redis://x"


def test_columns_line_up_under_chinese_headings():
    lines = table([("角色", "user"), ("行长", "president")])

    assert width("角色") == 4
    assert pad("角色", 6) == "角色  "
    assert [line.index("u" if "user" in line else "p") for line in lines] == [4, 4]
