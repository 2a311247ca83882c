"""One fact of many customers, and how deeply each of them was visited."""

from __future__ import annotations

from dataclasses import dataclass

from customers.demo.draw import Column
from customers.demo.plan import Days, Flags, Floats, Ints

NEVER_SEEN, PASSING, PARTLY, DEEP = range(4)
SPEAKERS = ("老板", "老板娘", "会计", "店长")


@dataclass
class Said:
    """One fact of many customers: who has it, and the value in one of three columns."""

    key: str
    who: Flags
    number: Floats | None = None
    text: Column = None
    day: Days | None = None
    source: str = "visit"
    quality: str = "declared"
    proof: str = ""


@dataclass
class Knowledge:
    """How deeply and when each customer was visited, and what it owes elsewhere."""

    depth: Ints
    visited: Days
    elsewhere: Floats  # yuan owed to other banks
