"""The whole demo, as a newcomer starts it: it answers, tells its log-ins, leaves no trace.

These tests follow one another on one data folder, for the first start takes by far the longest.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from runner import ROOT
from runner.servers import clean_environment
from tests.run.test_supervise import until

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo")]
MAIN = """
import sys
from runner import commands
commands.environment.enter = lambda arguments: None  # the tests run in the virtualenv already
sys.exit(commands.main(sys.argv[1:]))
"""
ROLES = 7


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", MAIN, *arguments]


class Demo:
    """A started demo, with what it said so far."""

    def __init__(self, place: Path):
        self.process = subprocess.Popen(
            command("demo", "--data", str(place), "--customers", "40"),
            cwd=ROOT,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout))
        self.reader.start()

    def said(self) -> str:
        return "".join(self.lines)

    def is_up(self) -> "Demo":
        until(lambda: "Ctrl-C" in self.said() or self.process.poll() is not None, seconds=300)
        assert self.process.poll() is None, self.said()
        return self

    def ended(self) -> int:
        code = self.process.wait(timeout=120)
        self.reader.join()
        return code

    @property
    def address(self) -> str:
        return re.search(r"http://127\.0\.0\.1:\d+/", self.said())[0]


@pytest.fixture
def start(place):
    """Starts the demo; whatever the test does, it is stopped at the end."""
    started = []

    def begin() -> Demo:
        started.append(Demo(place))
        return started[-1].is_up()

    yield begin
    for demo in started:
        if demo.process.poll() is None:
            demo.process.send_signal(signal.SIGTERM)
        demo.ended()


def page(opener, url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
    """The address that answers in the end, and its text."""
    body = urlencode(form).encode() if form else None
    request = urllib.request.Request(url, body, {"Referer": url})  # noqa: S310
    with opener.open(request, timeout=60) as answer:
        return answer.url, answer.read().decode()


def signs_in(address: str, username: str, password: str) -> bool:
    """The browser is on another page than the log-in after sending these."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    url, text = page(opener, address)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]
    form = {"csrfmiddlewaretoken": token, "login": username, "password": password}
    return "login" not in page(opener, url, form)[0]


def test_a_fresh_start_answers_tells_its_log_ins_and_stops_on_ctrl_c(start, place, running):
    demo = start()

    with urllib.request.urlopen(f"{demo.address}readyz", timeout=60) as answer:  # noqa: S310
        assert set(json.load(answer).values()) == {"ok"}
    logins = [re.split(r"\s{2,}", line.strip()) for line in demo.said().splitlines()]
    logins = [fields[:3] for fields in logins if len(fields) == 5][1:]
    assert len(logins) >= ROLES, demo.said()
    assert len({role for role, _, _ in logins}) == len(logins)
    assert all(signs_in(demo.address, user, word) for _, user, word in logins[:2])

    second = subprocess.run(
        command("demo", "--data", str(place)), cwd=ROOT, capture_output=True, text=True
    )
    assert second.returncode == 1
    assert f"已在运行:{demo.address}" in second.stderr
    assert len(second.stderr.splitlines()) == 1

    managed = subprocess.run(
        command("manage", "--data", str(place), "migrate", "--check"), cwd=ROOT, capture_output=True
    )
    assert managed.returncode == 0, managed.stderr

    demo.process.send_signal(signal.SIGINT)

    assert demo.ended() == 0
    assert running(place) == []


def test_when_the_web_process_ends_the_rest_stops_and_its_log_is_named(start, place, running):
    demo = start()
    web = next(
        int(place.parent.name)
        for place in Path("/proc").glob("[0-9]*/cmdline")
        if b"gunicorn" in _read(place) and _parent(place.parent) == demo.process.pid
    )

    os.kill(web, signal.SIGKILL)

    assert demo.ended() == 1
    assert "web 意外退出" in demo.said()
    assert str(place / "logs" / "web.log") in demo.said()
    assert running(place) == []


def test_a_demo_killed_outright_leaves_no_process_behind(start, place, running):
    demo = start()
    assert len(running(place)) > 10

    demo.process.kill()

    demo.ended()
    until(lambda: running(place) == [], seconds=20)


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        return b""


def _parent(place: Path) -> int:
    return int(_read(place / "stat").rpartition(b")")[2].split()[1] or 0)
