"""Children are watched, stopped in order, and never outlive the process that started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runner import ROOT
from runner.report import Stop
from runner.supervise import APPS, BROKER, DATABASE, Interrupted, family

NAP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('ready', flush=True); time.sleep(60)",
]
NOTES_ITS_END = """
import signal, sys, time
def note(*_):
    with open(sys.argv[1], "a") as notes:
        notes.write(sys.argv[2] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, note)
print("ready", flush=True)
time.sleep(60)
"""


def until(condition, seconds=10.0):
    """Waits for the condition; a test must not wait forever."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_nothing_is_left_at_the_end_of_the_block(tmp_path):
    with family() as household:
        child = household.start("nap", NAP, log=tmp_path / "log")

    assert child.exit_code() == -signal.SIGTERM


def test_the_database_stops_after_the_broker_and_the_broker_after_the_apps(tmp_path):
    notes = tmp_path / "notes"
    with family() as household:
        for name, rank in (("database", DATABASE), ("app", APPS), ("broker", BROKER)):
            command = [sys.executable, "-c", NOTES_ITS_END, str(notes), name]
            child = household.start(name, command, log=tmp_path / f"{name}.log", rank=rank)
            until(child.log.read_bytes)

    assert notes.read_text().split() == ["app", "broker", "database"]


def test_a_child_that_will_not_stop_is_killed_when_its_time_is_up(tmp_path):
    with family() as household:
        child = household.start("stubborn", STUBBORN, log=tmp_path / "log", grace=0.2)
        until((tmp_path / "log").read_bytes)

    assert child.exit_code() == -signal.SIGKILL


def test_grandchildren_in_the_same_group_end_with_their_parent(tmp_path):
    script = "sleep 60 & echo $!; wait"
    with family() as household:
        household.start("shell", ["sh", "-c", script], log=tmp_path / "log")
        until((tmp_path / "log").read_bytes)
        grandchild = int((tmp_path / "log").read_text())

    until(lambda: not is_alive(grandchild))


def test_what_a_child_leaves_in_its_group_ends_even_after_it_was_reported(tmp_path):
    with family() as household:
        household.start("shell", ["sh", "-c", "sleep 60 & echo $!"], log=tmp_path / "log")
        assert household.watch().exit_code() == 0
        left = int((tmp_path / "log").read_text())
        assert is_alive(left)

    until(lambda: not is_alive(left))


def test_the_child_that_ends_is_the_one_reported(tmp_path):
    with family() as household:
        household.start("nap", NAP, log=tmp_path / "nap.log")
        household.start("brief", [sys.executable, "-c", "raise SystemExit(7)"])

        ended = household.watch()

        assert (ended.name, ended.exit_code()) == ("brief", 7)


def test_a_failed_command_is_one_sentence_with_the_end_of_its_log(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('the reason')"]

    with family() as household, pytest.raises(Stop, match="the reason"):
        household.run("step", command, log=tmp_path / "log")


def test_ctrl_c_ends_the_block_and_its_children(tmp_path):
    with pytest.raises(Interrupted), family() as household:
        child = household.start("nap", NAP, log=tmp_path / "log")
        os.kill(os.getpid(), signal.SIGINT)
        household.watch()

    assert child.exit_code() == -signal.SIGTERM


def test_the_signal_handlers_are_as_before_when_the_block_has_ended():
    before = signal.getsignal(signal.SIGINT)

    with family():
        pass

    assert signal.getsignal(signal.SIGINT) is before


def test_children_of_a_killed_run_get_their_signal(tmp_path):
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from runner.supervise import family\n"
        "with family() as household:\n"
        "    child = household.start('nap', ['sleep', '60'])\n"
        "    print(child.process.pid, flush=True)\n"
        "    household.watch()\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    child = int(run.stdout.readline())
    assert is_alive(child)

    run.kill()
    run.wait()

    until(lambda: not is_alive(child))
