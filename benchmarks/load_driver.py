"""Requests over kept connections, a few at a time; how long each answer took."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Answers:
    """Milliseconds of each answer by who asked, and what was not a 200."""

    by_reader: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def percentile(self, share: float, reader: str = "") -> float:
        """The time within which this share of the answers came, to one reader or to all."""
        lists = [self.by_reader.get(reader, [])] if reader else self.by_reader.values()
        ordered = sorted(number for numbers in lists for number in numbers)
        place = min(int(len(ordered) * share), len(ordered) - 1)
        return ordered[place] if ordered else float("nan")


@dataclass(frozen=True)
class Ask:
    """One request: whose, what, and the cookie that proves it."""

    reader: str
    path: str
    cookie: str


def drive(port: int, asks: Sequence[Ask], *, concurrency: int = 4) -> Answers:
    """Everything is asked for once, by so many clients at a time; each waits for its answer."""
    answers, waiting, lock = Answers(), list(reversed(asks)), threading.Lock()
    clients = [
        threading.Thread(target=_client, args=(port, waiting, lock, answers))
        for _ in range(concurrency)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return answers


def _client(port: int, waiting: list[Ask], lock: threading.Lock, answers: Answers) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        with lock:
            if not waiting:
                break
            ask = waiting.pop()
        began = time.perf_counter()
        connection.request("GET", ask.path, headers={"Cookie": ask.cookie})
        response = connection.getresponse()
        response.read()
        spent = (time.perf_counter() - began) * 1000
        with lock:
            answers.by_reader.setdefault(ask.reader, []).append(spent)
            if response.status != 200:
                answers.failures.append(f"{response.status} {ask.path}")
    connection.close()
