"""Conditions of eligibility rules: checked against the vocabulary, and counted over the bank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from crm.core.conditions import (
    AllOf,
    AnyOf,
    BadCondition,
    Clause,
    Condition,
    Not,
    from_data,
)
from customers.features.spec import ColumnSpec
from products.matching.vocabulary import KINDS, RULE_COLUMNS

PRESENCE = ("known", "missing")
OPERATORS_BY_TYPE: dict[str, tuple[str, ...]] = {
    "number": ("<", "<=", ">", ">=", "=", "!=", "between", *PRESENCE),
    "date": ("<", "<=", ">", ">=", "=", "!=", "between", *PRESENCE),
    "flag": ("=", "!=", *PRESENCE),
    "text": ("in", "not_in", "=", "!=", "starts", *PRESENCE),
    "list": ("has_any", "has_all", *PRESENCE),
}


def checked_condition(data: Any) -> Condition:
    """The condition of the data, every clause within the vocabulary; BadCondition with the place.

    The place is written as the path of groups: 1.2 is the second part of the first part.
    """
    condition = from_data(data)
    _check(condition, ())
    return condition


def _check(condition: Condition, path: tuple[int, ...]) -> None:
    if isinstance(condition, Clause):
        if problem := clause_problem(condition):
            raise BadCondition(_at(path, problem))
        return
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    if not parts:
        raise BadCondition(_at(path, _("This group is empty: add a clause or remove it.")))
    for number, part in enumerate(parts, start=1):
        _check(part, (*path, number))


def _at(path: tuple[int, ...], problem: str) -> str:
    if not path:
        return problem
    place = ".".join(map(str, path))
    return _("At %(place)s: %(problem)s") % {"place": place, "problem": problem}


def clause_problem(clause: Clause) -> str:
    """A sentence on what is wrong with the clause, "" when nothing is."""
    column = RULE_COLUMNS.get(clause.feature)
    if column is None:
        return _("%(feature)s is not a known feature.") % {"feature": clause.feature or "—"}
    kind = KINDS[clause.feature].type
    if clause.op not in OPERATORS_BY_TYPE[kind]:
        return _("%(feature)s cannot be compared by %(op)s.") % {
            "feature": column.label,
            "op": clause.op,
        }
    if clause.op in PRESENCE:
        return ""
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    if not values or any(str(value).strip() == "" for value in values):
        return _("%(feature)s: a value is missing.") % {"feature": column.label}
    for value in values:
        if problem := _value_problem(column, kind, clause.op, value):
            return problem
    if clause.op == "between" and not _in_order(kind, values):
        return _("%(feature)s: the lower end comes first.") % {"feature": column.label}
    return ""


def _value_problem(column: ColumnSpec, kind: str, op: str, value: Any) -> str:
    named = {"feature": column.label, "value": value}
    if kind == "number" and not _is_number(value):
        return _("%(feature)s: %(value)s is not a number.") % named
    if kind == "date" and not _is_day(value):
        return _("%(feature)s: %(value)s is not a day such as 2026-01-31.") % named
    if kind == "flag" and str(value).lower() not in {"true", "false"}:
        return _("%(feature)s: %(value)s is not yes or no.") % named
    choices = {key for key, _label in column.choices or ()}
    if choices and op != "starts" and str(value) not in choices:
        return _("%(feature)s: %(value)s is not one of its choices.") % named
    return ""


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _in_order(kind: str, values: tuple[Any, ...]) -> bool:
    if kind == "date":
        return str(values[0]) <= str(values[1])
    return Decimal(str(values[0])) <= Decimal(str(values[1]))


def is_group(condition: Condition) -> bool:
    """Whether it joins parts."""
    return isinstance(condition, AllOf | AnyOf)
