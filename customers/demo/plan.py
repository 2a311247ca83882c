"""What is to be made: how many customers, from which seed, until which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from crm.core.months import last_closed, month_start

BLOCK = 2_000
HISTORY = 15  # months before the window: growth on the year from its first month on

# What an array holds; numpy's own types of arithmetic on them are not told apart.
Floats = NDArray[Any]
Ints = NDArray[Any]
Flags = NDArray[Any]
Days = NDArray[Any]


class Dice:
    """Draws that do not depend on how many customers follow: each call has a stream of its own."""

    def __init__(self, key: tuple[int, ...]) -> None:
        self._key = key
        self._calls = 0

    def __getattr__(self, name: str) -> Any:
        self._calls += 1
        return getattr(np.random.default_rng([*self._key, self._calls]), name)


@dataclass(frozen=True)
class Plan:
    """The same plan makes the same bank."""

    customers: int
    seed: int
    as_of: date
    months: int = 24

    @property
    def last_ym(self) -> int:
        """The newest month with facts: the last one closed on ``as_of``."""
        return last_closed(self.as_of)

    @property
    def first_ym(self) -> int:
        """The first month with facts."""
        return self.last_ym - self.months + 1

    @property
    def today(self) -> np.datetime64:
        """``as_of`` for numpy."""
        return np.datetime64(self.as_of, "D")

    def months_and_history(self) -> Ints:
        """Month numbers of the window and of the year before it."""
        return np.arange(self.first_ym - HISTORY, self.last_ym + 1)

    def rng(self, block: int, topic: str) -> Dice:
        """Draws of one block and topic: one topic's change moves no other."""
        return Dice((self.seed, block, crc32(topic.encode())))


def month_days(months: Ints) -> Days:
    """The first day of each month."""
    return np.array([np.datetime64(month_start(int(ym)), "D") for ym in months.ravel()]).reshape(
        months.shape
    )


def ym_of_days(days: Days) -> Ints:
    """Month numbers of days (crm.core.months)."""
    return days.astype("datetime64[M]").astype(np.int64) + 1970 * 12


def add_months(days: Days, months: Ints) -> Days:
    """The same day of a later month; days are 28 at most, so it always exists."""
    start = days.astype("datetime64[M]")
    return (start + months).astype("datetime64[D]") + (days - start.astype("datetime64[D]"))


def day_28(days: Days) -> Days:
    """The day, but the 28th at most of its month."""
    start = days.astype("datetime64[M]").astype("datetime64[D]")
    return start + np.minimum(days - start, np.timedelta64(27, "D"))
