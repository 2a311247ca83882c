"""Conditions on any portrait column: which comparisons it takes, and what was typed as a value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.features.spec import FLOATS, INTEGERS, ColumnSpec, Unit
from customers.selectors.list_query import FeatureClause

PERCENT = frozenset({Unit.RATIO, Unit.CHANGE})
SCALES: dict[str, Decimal] = {
    "万": Decimal(10_000),
    "亿": Decimal(100_000_000),
    "k": Decimal(1_000),
    "m": Decimal(1_000_000),
    "%": Decimal("0.01"),
}

AT_LEAST, AT_MOST = ("ge", _("at least")), ("le", _("at most"))
IS, IS_NOT = ("is", _("is")), ("not", _("is not"))
KNOWN, MISSING = ("known", _("is known")), ("missing", _("is not known"))
LOOKUPS = {"ge": "gte", "le": "lte", "is": "exact"}
FROM, UNTIL = ("ge", _("from")), ("le", _("until"))


def comparisons(column: ColumnSpec) -> list[tuple[str, Text]]:
    """The comparisons this column takes, the usual one first."""
    if column.unit in FLOATS or column.unit in INTEGERS:
        return [AT_LEAST, AT_MOST, KNOWN, MISSING]
    if column.unit == Unit.DATE:
        return [FROM, UNTIL, KNOWN, MISSING]
    if column.unit == Unit.CODES:
        return [("is", _("holds")), ("not", _("does not hold")), KNOWN, MISSING]
    return [IS, IS_NOT, KNOWN, MISSING]


def clause_column(clause: FeatureClause) -> ColumnSpec | None:
    """The column of a clause that can be read, else None."""
    column = COLUMNS.get(clause.key)
    if column is None or clause.op not in dict(comparisons(column)):
        return None
    if clause.op in ("known", "missing"):
        return column
    return column if typed_value(column, clause.value) is not None else None


def clause_condition(clause: FeatureClause) -> Q | None:
    """The clause as a condition on customers; None when it cannot be read."""
    column = clause_column(clause)
    if column is None:
        return None
    path = f"portrait__{column.key}"
    if clause.op in ("known", "missing"):
        return Q(**{f"{path}__isnull": clause.op == "missing"})
    value = typed_value(column, clause.value)
    if column.unit == Unit.CODES:
        holds = Q(**{f"{path}__contains": [value]})
        return holds if clause.op == "is" else Q(**{f"{path}__isnull": False}) & ~holds
    if clause.op == "not":
        return Q(**{f"{path}__isnull": False}) & ~Q(**{path: value})
    return Q(**{f"{path}__{LOOKUPS[clause.op]}": value})


def typed_value(column: ColumnSpec, text: str) -> Any:
    """What was typed, as the column holds it: 50万, 12%, 2026-05-01, a code; None if unreadable."""
    text = text.strip()
    if column.unit in FLOATS or column.unit in INTEGERS:
        return _number(column, text)
    if column.unit == Unit.DATE:
        return _day(text)
    if column.unit == Unit.FLAG:
        return {"1": True, "0": False}.get(text)
    return text if 0 < len(text) <= column.width else None


def value_in_words(column: ColumnSpec, text: str) -> str:
    """The value of a clause as a chip says it."""
    if column.unit == Unit.FLAG:
        return str(_("yes") if text == "1" else _("no"))
    if column.unit in PERCENT and not text.endswith("%"):
        return f"{text}%"
    return str(dict(column.choices).get(text, text))


def _number(column: ColumnSpec, text: str) -> float | None:
    """A finite number; a plain one is per cent where the column is a share."""
    text = text.replace(",", "").replace("，", "").replace("％", "%").strip().lower()
    scale = Decimal(1)
    if text[-1:] in SCALES:
        scale, text = SCALES[text[-1]], text[:-1]
    elif column.unit in PERCENT:
        scale = SCALES["%"]
    try:
        value = Decimal(text) * scale
    except (InvalidOperation, ValueError):
        return None
    return float(value) if value.is_finite() and abs(value) < Decimal(10) ** 15 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
