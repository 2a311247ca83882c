"""What a declared fact is: its type, unit, bounds, choices and data class."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm.core.words import Text


class FactType(StrEnum):
    """Which column of ``DeclaredFact`` holds the value."""

    NUMBER = "number"
    TEXT = "text"
    DAY = "day"
    CODES = "codes"  # several codes in ``text``, separated by a blank


@dataclass(frozen=True)
class Declared:
    """One thing that can be stated. ``low`` and ``high`` bound numbers; ``choices`` bound codes.

    ``in_portrait``: portraits read it, so it has columns of its own in the rollup of facts; the
    others are read from their rows by the ledger. ``steps`` is the fixed text of a scale from 1.
    ``is_sealed``: shown masked, seen in full only by whoever may reveal it, with a reason.
    """

    key: str
    label: Text
    type: FactType = FactType.NUMBER
    unit: str = ""  # yuan, ratio, persons, months, years, m2, mu, heads, scale
    choices: tuple[tuple[str, Text], ...] = ()
    low: float | None = None
    high: float | None = None
    data_class: str = "C1"
    in_portrait: bool = True
    steps: tuple[Text, ...] = ()
    is_sealed: bool = False
