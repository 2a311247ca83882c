"""Conditions as data: clauses over features, joined by all, any and not; three answers.

A fact that is not there makes a clause "cannot tell yet", never "no". The same tree answers for
one customer in Python (``judge``), for a million in SQL (``to_sql``, where NULL is "cannot tell"),
and travels as JSON (``to_data``, ``from_data``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

Value: TypeAlias = str | int | bool | tuple[str, ...]
Facts: TypeAlias = Mapping[str, Any]
Condition: TypeAlias = "Clause | AllOf | AnyOf | Not"

ORDERINGS = frozenset({"<", "<=", ">", ">="})
LISTS = frozenset({"in", "not_in", "between", "starts", "has_any", "has_all"})
OPERATORS = ORDERINGS | LISTS | {"=", "!=", "known", "missing"}


class Answer(StrEnum):
    """Yes, no, or cannot tell yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class BadCondition(ValueError):
    """The data is not a condition; the message is a sentence."""


@dataclass(frozen=True)
class Kind:
    """How a feature is compared: its SQL expression, and number, text, flag, date or list."""

    sql: str
    type: str


@dataclass(frozen=True)
class Reason:
    """One clause with its answer and the fact it met."""

    clause: Clause
    answer: Answer
    actual: Any = None


@dataclass(frozen=True)
class Verdict:
    """The answer, the clauses that made it, and the facts that would settle it."""

    answer: Answer
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.answer == Answer.YES

    @property
    def failed(self) -> tuple[Reason, ...]:
        """The clauses that said no."""
        return tuple(reason for reason in self.reasons if reason.answer == Answer.NO)


@dataclass(frozen=True)
class Clause:
    """``feature op value``; numbers and dates may be written as text, lists as a tuple."""

    feature: str
    op: str
    value: Value = ""

    def __post_init__(self) -> None:
        if self.op not in OPERATORS:
            raise BadCondition(_("%(op)s is not a comparison.") % {"op": self.op})
        if isinstance(self.value, list):
            object.__setattr__(self, "value", tuple(self.value))
        if (self.op in LISTS) != isinstance(self.value, tuple):
            raise BadCondition(
                _("%(feature)s %(op)s has the wrong shape of value.")
                % {"feature": self.feature, "op": self.op}
            )
        if self.op == "between" and isinstance(self.value, tuple) and len(self.value) != 2:
            raise BadCondition(_("A range needs two ends."))

    def judge(self, facts: Facts) -> Verdict:
        """The answer for one set of facts; a fact of None is not known."""
        actual = facts.get(self.feature)
        if self.op in {"known", "missing"}:
            answer = _said((actual is not None) == (self.op == "known"))
        elif actual is None:
            reason = Reason(self, Answer.UNKNOWN)
            return Verdict(Answer.UNKNOWN, (reason,), (self.feature,))
        else:
            answer = _said(_compare(actual, self.op, self.value))
        return Verdict(answer, (Reason(self, answer, actual),))

    def features(self) -> frozenset[str]:
        """The features it reads."""
        return frozenset({self.feature})

    def to_sql(self, kinds: Mapping[str, Kind]) -> tuple[str, list[Any]]:
        """A boolean expression; NULL where the fact is not known."""
        kind = kinds.get(self.feature)
        if kind is None:
            raise BadCondition(_("%(feature)s is not a known feature.") % {"feature": self.feature})
        return _clause_sql(kind, self.op, self.value)

    def to_data(self) -> dict[str, Any]:
        """The clause as plain JSON."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"feature": self.feature, "op": self.op, "value": value}


@dataclass(frozen=True)
class AllOf:
    """Every part says yes."""

    parts: tuple[Condition, ...]

    def judge(self, facts: Facts) -> Verdict:
        """No as soon as one part says no; cannot tell while one cannot."""
        return _joined([part.judge(facts) for part in self.parts], settles=Answer.NO)

    def features(self) -> frozenset[str]:
        """The features it reads."""
        return frozenset().union(*(part.features() for part in self.parts))

    def to_sql(self, kinds: Mapping[str, Kind]) -> tuple[str, list[Any]]:
        """The parts joined by AND."""
        return _joined_sql(self.parts, kinds, " AND ", "true")

    def to_data(self) -> dict[str, Any]:
        """The tree as plain JSON."""
        return {"all": [part.to_data() for part in self.parts]}


@dataclass(frozen=True)
class AnyOf:
    """One part at least says yes."""

    parts: tuple[Condition, ...]

    def judge(self, facts: Facts) -> Verdict:
        """Yes as soon as one part says yes; cannot tell while one cannot."""
        return _joined([part.judge(facts) for part in self.parts], settles=Answer.YES)

    def features(self) -> frozenset[str]:
        """The features it reads."""
        return frozenset().union(*(part.features() for part in self.parts))

    def to_sql(self, kinds: Mapping[str, Kind]) -> tuple[str, list[Any]]:
        """The parts joined by OR."""
        return _joined_sql(self.parts, kinds, " OR ", "false")

    def to_data(self) -> dict[str, Any]:
        """The tree as plain JSON."""
        return {"any": [part.to_data() for part in self.parts]}


@dataclass(frozen=True)
class Not:
    """The part says no."""

    part: Condition

    def judge(self, facts: Facts) -> Verdict:
        """Yes and no change places; what cannot be told stays so."""
        inner = self.part.judge(facts)
        turned = {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(inner.answer, inner.answer)
        reasons = tuple(
            Reason(
                r.clause,
                {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(r.answer, r.answer),
                r.actual,
            )
            for r in inner.reasons
        )
        return Verdict(turned, reasons, inner.missing)

    def features(self) -> frozenset[str]:
        """The features it reads."""
        return self.part.features()

    def to_sql(self, kinds: Mapping[str, Kind]) -> tuple[str, list[Any]]:
        """NOT of the part."""
        sql, params = self.part.to_sql(kinds)
        return f"(NOT {sql})", params

    def to_data(self) -> dict[str, Any]:
        """The tree as plain JSON."""
        return {"not": self.part.to_data()}


def all_of(*parts: Condition) -> AllOf:
    """Every part."""
    return AllOf(parts)


def any_of(*parts: Condition) -> AnyOf:
    """One part at least."""
    return AnyOf(parts)


def from_data(data: Any, known: Iterable[str] | None = None) -> Condition:
    """The condition that ``to_data`` wrote; BadCondition for anything else or unknown features."""
    condition = _read(data, depth=0)
    if known is not None and (strange := condition.features() - set(known)):
        raise BadCondition(
            _("%(feature)s is not a known feature.") % {"feature": ", ".join(sorted(strange))}
        )
    return condition


def _read(data: Any, depth: int) -> Condition:
    if not isinstance(data, dict) or depth > 20:
        raise BadCondition(_("This is not a condition."))
    match data:
        case {"all": list(parts), **rest} if not rest:
            return AllOf(tuple(_read(part, depth + 1) for part in parts))
        case {"any": list(parts), **rest} if not rest:
            return AnyOf(tuple(_read(part, depth + 1) for part in parts))
        case {"not": part, **rest} if not rest:
            return Not(_read(part, depth + 1))
        case {"feature": str(feature), "op": str(op), **rest} if set(rest) <= {"value"}:
            return Clause(feature, op, _value(rest.get("value", "")))
    raise BadCondition(_("This is not a condition."))


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    if isinstance(value, float):
        return str(value)
    if isinstance(value, str | int | bool):
        return value
    raise BadCondition(_("This is not a condition."))


def _said(is_true: bool) -> Answer:
    return Answer.YES if is_true else Answer.NO


def _joined(verdicts: list[Verdict], *, settles: Answer) -> Verdict:
    """The answer of a group in which one ``settles`` decides."""
    reasons = tuple(reason for verdict in verdicts for reason in verdict.reasons)
    answers = {verdict.answer for verdict in verdicts}
    if settles in answers:
        return Verdict(settles, reasons)
    if Answer.UNKNOWN in answers:
        missing = dict.fromkeys(key for verdict in verdicts for key in verdict.missing)
        return Verdict(Answer.UNKNOWN, reasons, tuple(missing))
    return Verdict(Answer.YES if settles == Answer.NO else Answer.NO, reasons)


def _joined_sql(
    parts: tuple[Condition, ...], kinds: Mapping[str, Kind], word: str, empty: str
) -> tuple[str, list[Any]]:
    if not parts:
        return empty, []
    compiled = [part.to_sql(kinds) for part in parts]
    params = [param for _sql, found in compiled for param in found]
    return f"({word.join(sql for sql, _found in compiled)})", params


def _compare(actual: Any, op: str, value: Value) -> bool:
    """The comparison in the type of the fact."""
    if op in {"has_any", "has_all"}:
        held = set(map(str, actual)) & set(value)  # type: ignore[arg-type]
        return bool(held) if op == "has_any" else held == set(value)  # type: ignore[arg-type]
    if op == "starts":
        return str(actual).startswith(value)  # type: ignore[arg-type]
    wanted = [_as(type(actual), item) for item in (value if isinstance(value, tuple) else (value,))]
    match op:
        case "=" | "in":
            return actual in wanted
        case "!=" | "not_in":
            return actual not in wanted
        case "<":
            return bool(actual < wanted[0])
        case "<=":
            return bool(actual <= wanted[0])
        case ">":
            return bool(actual > wanted[0])
        case ">=":
            return bool(actual >= wanted[0])
    return bool(wanted[0] <= actual <= wanted[1])


def _as(kind: type, value: Any) -> Any:
    """The written value as a bool, float, number, date or text."""
    try:
        if kind is bool:
            return str(value).lower() in {"true", "1", "yes"}
        if kind is float:
            return float(value)
        if issubclass(kind, int | Decimal):
            return Decimal(str(value))
        if issubclass(kind, date):
            return date.fromisoformat(str(value))
    except (ValueError, InvalidOperation) as error:
        raise BadCondition(
            _("%(value)s cannot be compared with this feature.") % {"value": value}
        ) from error
    return str(value)


_PYTHON = {"number": Decimal, "text": str, "flag": bool, "date": date}
_CASTS = {"number": "numeric[]", "text": "text[]", "flag": "boolean[]", "date": "date[]"}


def _clause_sql(kind: Kind, op: str, value: Value) -> tuple[str, list[Any]]:
    """One clause as SQL, with NULL for a fact that is not known."""
    column = kind.sql
    if op in {"known", "missing"}:
        return f"({column} IS {'NOT ' if op == 'known' else ''}NULL)", []
    if op in {"has_any", "has_all"}:
        sign = "&&" if op == "has_any" else "@>"
        return f"({column}::text[] {sign} %s::text[])", [list(value)]  # type: ignore[arg-type]
    if op == "starts":
        patterns = [f"{_escaped(item)}%" for item in value]  # type: ignore[union-attr]
        return f"({column}::text LIKE ANY(%s))", [patterns]
    python, cast = _PYTHON[kind.type], _CASTS[kind.type]
    wanted = [_as(python, item) for item in (value if isinstance(value, tuple) else (value,))]
    if op == "in":
        return f"({column} = ANY(%s::{cast}))", [wanted]
    if op == "not_in":
        return f"({column} <> ALL(%s::{cast}))", [wanted]
    if op == "between":
        return f"({column} BETWEEN %s AND %s)", wanted
    return f"({column} {'<>' if op == '!=' else op} %s)", wanted


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
