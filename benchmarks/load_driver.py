"""Requests over kept connections, a few at a time; how long each answer took."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Answers:
    """Milliseconds of each answer, and what was not a 200."""

    milliseconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came."""
        ordered = sorted(self.milliseconds)
        place = min(int(len(ordered) * share), len(ordered) - 1)
        return ordered[place] if ordered else float("nan")


def drive(
    port: int, paths: Sequence[str], *, headers: dict[str, str], concurrency: int = 4
) -> Answers:
    """Every path is asked for once, by so many clients at a time; each waits for its answer."""
    answers, waiting, lock = Answers(), list(reversed(paths)), threading.Lock()
    clients = [
        threading.Thread(target=_client, args=(port, waiting, lock, headers, answers))
        for _ in range(concurrency)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return answers


def _client(
    port: int,
    waiting: list[str],
    lock: threading.Lock,
    headers: dict[str, str],
    answers: Answers,
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        with lock:
            if not waiting:
                break
            path = waiting.pop()
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        spent = (time.perf_counter() - began) * 1000
        with lock:
            answers.milliseconds.append(spent)
            if response.status != 200:
                answers.failures.append(f"{response.status} {path}")
    connection.close()
