"""Child processes: each in its own session, watched together, stopped in order, no orphans."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner import ROOT
from runner.report import Stop, tail, warn

# Loaded before any fork: between fork and exec there is no safe time for it.
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
APPS, BROKER, DATABASE = range(3)  # the order in which they stop


class Interrupted(BaseException):
    """The person or the machine asked this process to stop."""


@dataclass
class Child:
    """One process that this one started, and how it is asked to stop."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None
    rank: int
    stop_signal: int
    grace: float

    def has_ended(self) -> bool:
        """It is dead, though perhaps not yet reaped: its number is still its own."""
        return self.exit_code() is not None

    def exit_code(self) -> int | None:
        """What it ended with; a negative number is the signal that killed it."""
        if self.process.returncode is not None:
            return self.process.returncode
        flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
        ended = os.waitid(os.P_PID, self.process.pid, flags)
        if ended is None:
            return None
        return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status

    def end(self) -> None:
        """It and what it left in its process group are gone."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Family:
    """The children of this process."""

    children: list[Child] = field(default_factory=list)
    hurry: bool = False

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path | None = None,
        rank: int = APPS,
        stop: int = signal.SIGTERM,
        orphaned: int | None = None,
        grace: float = 8,
        **options: Any,
    ) -> Child:
        """The command runs in its own session; it gets ``orphaned`` when this process dies."""
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("cwd", ROOT)
        with log.open("ab") if log else nullcontext() as output:
            if output:
                options |= {"stdout": output, "stderr": output}
            process = subprocess.Popen(
                [str(part) for part in command],
                start_new_session=True,
                preexec_fn=_leash(orphaned or stop),
                **options,
            )
        child = Child(name, process, log, rank, stop, grace)
        self.children.append(child)
        return child

    def wait(self, child: Child) -> int:
        """The child has ended, and nothing that it left in its process group runs on."""
        os.waitid(os.P_PID, child.process.pid, os.WEXITED | os.WNOWAIT)
        self.discard(child)
        return child.process.returncode

    def discard(self, child: Child) -> None:
        """The child is gone and no longer watched."""
        child.end()
        self.children.remove(child)

    def run(self, name: str, command: Sequence[str | Path], *, log: Path, **options: Any) -> None:
        """The command has ended well; otherwise the reason is said."""
        code = self.wait(self.start(name, command, log=log, **options))
        if code:
            raise Stop(f"{name} 失败(代码 {code}),日志:{log} · failed:\n{tail(log)}")

    def watch(self) -> Child:
        """The first child that ends; this waits for it without using the processor."""
        while True:
            ended = [child for child in self.children if child.has_ended()]
            if ended:
                return ended[0]
            news = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            if news and news.si_pid not in {child.process.pid for child in self.children}:
                os.waitpid(news.si_pid, os.WNOHANG)  # adopted as process 1 of a container

    def stop(self) -> None:
        """Web, worker and beat have stopped, then the broker, then the database."""
        for rank in sorted({child.rank for child in self.children}):
            group = [child for child in self.children if child.rank == rank]
            for child in group:
                if not child.has_ended():
                    child.process.send_signal(child.stop_signal)
            for child in group:
                self._wait(child)
                child.end()
            self.children = [child for child in self.children if child.rank != rank]

    def _wait(self, child: Child) -> None:
        deadline = time.monotonic() + child.grace
        while not child.has_ended() and not self.hurry and time.monotonic() < deadline:
            time.sleep(0.02)


@contextmanager
def family() -> Iterator[Family]:
    """Children live inside this block; at its end none is left, whatever ends it."""
    household = Family()
    with _asked_to_stop(household):
        try:
            yield household
        finally:
            _on_signals(lambda *_: setattr(household, "hurry", True))
            household.stop()


@contextmanager
def _asked_to_stop(household: Family) -> Iterator[None]:
    """Ctrl-C, a closed terminal and ``kill`` all end the block in the same way."""

    def interrupt(*_: object) -> None:
        raise Interrupted

    before = _on_signals(interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if household.hurry:
            warn("已强制停止 · Stopped at once.")


def _on_signals(handler: Callable[..., None]) -> Mapping[int, Any]:
    """The handler answers the signals that ask to stop; the earlier handlers are returned."""
    before: dict[int, Any] = {}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        current = signal.getsignal(number)
        if number != signal.SIGHUP or current != signal.SIG_IGN:  # nohup stays nohup
            before[number] = signal.signal(number, handler)
    return before


def _leash(orphaned: int) -> Callable[[], None]:
    """What the child does before it runs: ask the kernel for a signal when its parent dies."""
    parent = os.getpid()

    def hold() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, orphaned)
        if os.getppid() != parent:
            os.kill(os.getpid(), orphaned)

    return hold
