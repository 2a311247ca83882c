"""What a survey says, checked as a whole: nothing twice, shares as the counts give them (CUS-5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.core.models import IndustryCode
from crm.core.words import Text
from customers.imports.sentences import sentence
from marketing.market.survey import AGE_BANDS, KINDS, TABLES, disagrees, shares

MOST = 2_000_000_000  # operators in one line


@dataclass(frozen=True)
class LineInput:
    """One count as written: its table, its value there, and a share if one was written by hand.

    ``line`` is the line of the file, 0 when it was typed.
    """

    table: str
    value: str
    count: int
    new_count: int | None = None
    share: Decimal | None = None  # of one: 0.125 is 12.5 %
    line: int = 0


@dataclass(frozen=True)
class LineFault:
    """What is wrong with one line: where, the value, and why."""

    line: LineInput
    code: str
    details: dict[str, Any]

    @property
    def place(self) -> str:
        """The field of the form, such as ``share-kind-catering``."""
        part = "share" if self.code == "share_disagrees" else "count"
        return f"{part}-{self.line.table}-{self.line.value}"

    @property
    def value(self) -> str:
        """What was written there."""
        if self.code == "share_disagrees" and self.line.share is not None:
            return f"{self.line.share * 100:.2f}%"
        return str(self.line.count)

    @property
    def sentence(self) -> str:
        """The reason in the reader's language."""
        return sentence(self.code, self.details)

    def __str__(self) -> str:
        said = {"place": self.name, "value": self.value, "why": self.sentence}
        return _("%(place)s, %(value)s: %(why)s") % said

    @property
    def name(self) -> str:
        """The line in words."""
        told = f"{TABLES[self.line.table].label} {self.line.value}"
        return _("Line %(line)s") % {"line": self.line.line} if self.line.line else told


def check_lines(lines: Sequence[LineInput], *, points: Decimal) -> list[LineFault]:
    """Everything that is wrong with the lines together; empty when they may be kept."""
    faults = [*_unknown(lines), *_twice(lines)]
    for table in TABLES:
        own = [line for line in lines if line.table == table.key]
        if table.key == "trade":
            faults += _nested(own)
        faults += _shares(own, points)
    return faults


def _unknown(lines: Sequence[LineInput]) -> Iterator[LineFault]:
    """What is no kind, no age band or no trade."""
    trades = {line.value for line in lines if line.table == "trade"}
    found = IndustryCode.objects.filter(pk__in=trades).values_list("pk", flat=True)
    choices: dict[str, Mapping[str, Text]] = {"kind": dict(KINDS), "age": dict(AGE_BANDS)}
    known = set(found) if trades else set()
    for line in lines:
        if line.table == "trade":
            if line.value not in known:
                yield LineFault(line, "industry_unknown", {})
        elif line.value not in choices[line.table]:
            told = "、".join(str(label) for label in choices[line.table].values())
            yield LineFault(line, "not_a_choice", {"known": told})


def _twice(lines: Iterable[LineInput]) -> Iterator[LineFault]:
    seen: dict[tuple[str, str], LineInput] = {}
    for line in lines:
        first = seen.setdefault((line.table, line.value), line)
        if first is not line:
            yield LineFault(line, "line_twice", {"line": first.line})


def _nested(lines: Sequence[LineInput]) -> Iterator[LineFault]:
    """A code inside another one of the same table would count its operators twice."""
    codes = [line.value for line in lines]
    sections = dict(IndustryCode.objects.filter(pk__in=codes).values_list("code", "section"))
    for line in lines:
        around = [
            code
            for code in codes
            if code != line.value
            and (line.value.startswith(code) or sections.get(line.value) == code)
        ]
        if around:
            yield LineFault(line, "code_inside", {"inner": line.value, "outer": around[0]})


def _shares(lines: Sequence[LineInput], points: Decimal) -> Iterator[LineFault]:
    computed = shares([line.count for line in lines])
    for line, share in zip(lines, computed, strict=True):
        if line.share is not None and disagrees(stated=line.share, computed=share, points=points):
            told = "—" if share is None else f"{share * 100:.2f}%"
            details = {"computed": told, "points": f"{points.normalize():f}"}
            yield LineFault(line, "share_disagrees", details)
