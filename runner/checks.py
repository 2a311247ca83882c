"""All that CI runs, on throw-away servers: cheap checks first, then the tests."""

import re
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field

from runner import browser, folder, servers
from runner.folder import Folder, new_secrets
from runner.report import pad, say
from runner.servers import ONE_THREAD, manage
from runner.supervise import Family, Interrupted, family

PYTHON = sys.executable
IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CLOSING = re.compile(rb"^=*\s*(\d+ \w+.* in [\d.]+s.*|no tests ran in .*?)\s*=*$")
COLOUR = re.compile(rb"\x1b\[[\d;]*m")
PARALLEL = ("-n", "2", "--dist", "loadgroup")


@dataclass(frozen=True)
class Check:
    """One step of the test run."""

    name: str
    command: list[str]
    env: Mapping[str, str] = field(repr=False)


@dataclass
class Outcome:
    """How the steps went so far."""

    failed: list[str] = field(default_factory=list)
    closing: str = ""


def test(options: Namespace) -> int:
    """Every step passed (0) or at least one did not (1); pytest's closing line is the last."""
    held = folder.throw_away()
    outcome = Outcome()
    try:
        with family() as household:
            _run_all(household, held, options, outcome)
    except Interrupted:
        outcome.failed.append("已中断 · interrupted")
    finally:
        held.remove()
    if outcome.failed:
        say(f"\n未通过 · Failed: {', '.join(outcome.failed)}")
    if outcome.closing:
        say(outcome.closing)
    return 1 if outcome.failed else 0


def _run_all(household: Family, held: Folder, options: Namespace, outcome: Outcome) -> None:
    say("测试用的临时服务 · Throw-away servers")
    env = servers.put_up(household, held, servers.clean_environment(), durable=False).env
    env |= ONE_THREAD
    wanted = set(options.only or ()) or (set() if not options.arguments else {"tests"})
    say("检查 · Checks")
    for check in checks(env):
        if not wanted or check.name in wanted:
            _run(household, held, check, outcome)
    if wanted and "tests" not in wanted:
        return
    if outcome.failed:
        say("  - 检查未通过,不运行测试 · The checks failed, so the tests were not run.")
        return
    chromium = browser.ready(held.log("chromium"))
    say("测试 · Tests")
    command = [PYTHON, "-m", "pytest", *(options.arguments or PARALLEL)]
    _run_tests(household, command, env | ({"CHROMIUM_PATH": chromium} if chromium else {}), outcome)


def checks(env: Mapping[str, str]) -> list[Check]:
    """The steps before the tests, cheapest first."""
    messages = [PYTHON, "-m", "tools.messages"]
    return [
        Check("format", [PYTHON, "-m", "ruff", "format", "--check", "."], env),
        Check("lint", [PYTHON, "-m", "ruff", "check", "."], env),
        Check("imports", [PYTHON, "-c", IMPORTS], env),
        Check("messages", [*messages, "check"], env),
        Check("compile", [*messages, "compile"], env),
        Check("migrations", manage("makemigrations", "--check", "--dry-run"), env),
        Check("deploy", manage("check", "--deploy", "--fail-level", "WARNING"), production(env)),
        Check("types", [PYTHON, "-m", "mypy", "."], env),
    ]


def production(env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a real server: nothing of the demo, secrets of its own."""
    kept = {key: value for key, value in env.items() if key not in servers.SETTINGS}
    made = {key: value for key, value in new_secrets().items() if not key.endswith("_PASSWORD")}
    given = {key: env[key] for key in ("DATABASE_URL", "REDIS_URL", "DATA_DIR") if key in env}
    return kept | made | given | {"ALLOWED_HOSTS": "crm.example.com"}


def _run(household: Family, held: Folder, check: Check, outcome: Outcome) -> None:
    """The step's line is said; what a failed step wrote is said in full."""
    started, log = time.monotonic(), held.log(check.name)
    code = household.wait(household.start(check.name, check.command, log=log, env=dict(check.env)))
    mark = "✗" if code else "✓"
    say(f"  {mark} {pad(check.name, 34)} {time.monotonic() - started:6.1f} s")
    if code:
        outcome.failed.append(check.name)
        say(log.read_text(errors="replace").rstrip())


def _run_tests(
    household: Family, command: list[str], env: dict[str, str], outcome: Outcome
) -> None:
    """pytest's output passes through as it comes; its closing line is kept."""
    child = household.start(
        "tests", command, env=env, stdout=subprocess.PIPE, stop=signal.SIGINT, grace=20
    )
    for line in child.process.stdout or ():
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        if CLOSING.match(COLOUR.sub(b"", line.strip())):
            outcome.closing = line.decode(errors="replace").rstrip()
    if household.wait(child):
        outcome.failed.append("tests")
