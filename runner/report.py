"""What the person at the terminal reads: one sentence for a problem, one line for a step."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unicodedata import east_asian_width


class Stop(Exception):
    """The command cannot go on; the text tells the person what to do, Chinese first."""


def say(line: str = "") -> None:
    """The line is on the terminal at once."""
    print(line, flush=True)


def warn(line: str) -> None:
    """The line is on the terminal's error stream at once."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """A finished step is one line with its time."""
    started = time.monotonic()
    yield
    say(f"  ✓ {pad(name, 34)} {time.monotonic() - started:6.1f} s")


def width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def pad(text: str, columns: int) -> str:
    """The text filled up with spaces to that many columns."""
    return text + " " * max(0, columns - width(text))


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines with aligned columns."""
    columns = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(pad, row, columns)).rstrip() for row in rows]


def tail(log: Path, lines: int = 12) -> str:
    """The end of a log, for the sentence about a failure."""
    if not log.exists():
        return ""
    text = log.read_bytes()[-8000:].decode(errors="replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
