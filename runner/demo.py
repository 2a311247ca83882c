"""The demo bank on this machine: servers, data, worker, beat and web, until Ctrl-C."""

import json
import os
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from http.client import OK
from pathlib import Path
from socket import socket

from runner import bank, folder, servers
from runner.folder import Folder, read_json, write_private
from runner.ports import HOST, web_socket
from runner.probe import status
from runner.report import Stop, say, step, table, tail
from runner.servers import ONE_THREAD, manage
from runner.supervise import Child, Family, Interrupted, family

LOG_IN = ("角色 · role", "用户名 · user", "口令 · password", "姓名 · name", "机构 · unit")
LOG_IN_KEYS = ("label", "username", "password", "name", "unit")
PATIENCE = 180  # seconds for web and worker to come up on a slow or busy machine


def demo(options: Namespace) -> int:
    """The demo ran until somebody stopped it (0) or one of its processes ended (1)."""
    held = folder.take(options.data)
    try:
        with family() as household:
            return _run(household, held, options)
    except Interrupted:
        say("已停止 · Stopped.")
        return 0
    finally:
        (held.path / "environment.json").unlink(missing_ok=True)


def _run(household: Family, held: Folder, options: Namespace) -> int:
    with web_socket(options.port) as listener:
        port = listener.getsockname()[1]
        address = f"http://{HOST}:{port}/"
        held.tell(address=address)
        if options.reset:
            _reset(held)
        say("惠客 CRM 正在启动 · Starting …")
        up = servers.put_up(household, held, servers.own_environment())
        bank.prepare(household, held, up, options.customers)
        worker, web = _start(household, held, up.env, listener)
    with step("网页与后台 · web and worker"):
        hosts = up.env.get("ALLOWED_HOSTS", "")
        _wait(lambda: status(port, "/healthz", hosts) == OK, web)
        _wait(lambda: status(port, "/readyz", hosts) == OK, web)
        _wait(lambda: b" ready." in held.log("worker").read_bytes()[-4000:], worker)
    write_private(held.path / "environment.json", up.env)
    _welcome(held, up.env, address)
    return _report(household.watch())


def _reset(held: Folder) -> None:
    if os.environ.get("DATABASE_URL"):
        raise Stop(
            "--reset 不会清空 DATABASE_URL 指定的数据库,请去掉其中之一"
            " · --reset never empties the database in DATABASE_URL; leave out one of them."
        )
    held.reset()


def _start(
    household: Family, held: Folder, env: Mapping[str, str], listener: socket
) -> tuple[Child, Child]:
    """Worker, beat and web are running; worker and web are returned."""
    celery = [sys.executable, "-m", "celery", "-A", "crm"]
    cores = str(len(os.sched_getaffinity(0)))
    work = ["worker", "-c", cores, "--prefetch-multiplier", "1", "-l", "INFO", "-I", "runner.leash"]
    beat = ["beat", "-l", "INFO", "--pidfile=", "-s", str(held.path / "beat" / "schedule")]
    web = [sys.executable, "-m", "gunicorn", "crm.wsgi", "--bind", f"fd://{listener.fileno()}"]
    pieces = {name: held.log(name) for name in ("worker", "beat", "web")}
    for log in pieces.values():
        log.write_bytes(b"")
    (held.path / "beat").mkdir(exist_ok=True)
    worker = household.start(
        "worker", [*celery, *work], log=pieces["worker"], env=dict(env) | ONE_THREAD
    )
    household.start("beat", [*celery, *beat], log=pieces["beat"], env=dict(env))
    return worker, household.start(
        "web", web, log=pieces["web"], env=dict(env) | ONE_THREAD, pass_fds=(listener.fileno(),)
    )


def _wait(condition: Callable[[], bool], child: Child) -> None:
    """The condition came true while the child lived."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if child.has_ended() or time.monotonic() > deadline:
            raise Stop(f"{child.name} 未能启动,日志:{child.log} · did not start:\n{_tail(child)}")
        time.sleep(0.1)


def _welcome(held: Folder, env: Mapping[str, str], address: str) -> None:
    """The address and one log-in per role are on the terminal."""
    say(f"\n惠客 CRM:{address}\n")
    for line in table([LOG_IN, *_logins(env)]):
        say(f"  {line}")
    say(f"\n停止 · Stop: Ctrl-C    日志 · Logs: {held.path / 'logs'}")


def _logins(env: Mapping[str, str]) -> list[tuple[str, ...]]:
    """One log-in per role; none where the demo bank was not loaded into a database of one's own."""
    command = manage("demo_logins", "--json")
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False)
    found = json.loads(done.stdout) if done.returncode == 0 else []
    return [tuple(entry[key] for key in LOG_IN_KEYS) for entry in found]


def _report(child: Child) -> int:
    say(
        f"\n{child.name} 意外退出(代码 {child.exit_code()}),其余进程即将停止,日志:{child.log}"
        f" · {child.name} ended; stopping the rest:\n{_tail(child)}"
    )
    return 1


def _tail(child: Child) -> str:
    return tail(child.log) if child.log else ""


def manage_command(options: Namespace) -> int:
    """The manage.py command ran on the running demo's servers, or on its servers put up for it."""
    path: Path = options.data
    if folder.is_held(path):
        env = read_json(path / "environment.json")
        if not env:
            raise Stop("演示还在启动,请稍后再试 · The demo is still starting; try again soon.")
        return subprocess.call(manage(*options.arguments), env=env)
    held = folder.take(path)
    try:
        with family() as household:
            env = servers.put_up(household, held, servers.own_environment()).env
            return subprocess.call(manage(*options.arguments), env=env)
    except Interrupted:
        return 130
