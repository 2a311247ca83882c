"""Conditions of eligibility rules: checked against the vocabulary, and counted over the bank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
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
from crm.core.models import IndustryCode, RegionCode, TradeProfile
from crm.core.words import Text
from customers.features.economics import GRADES
from customers.features.spec import ColumnSpec
from customers.models import ProductFamily
from products.matching.vocabulary import KINDS, RULE_COLUMNS

PRESENCE = ("known", "missing")
LARGEST = Decimal(10) ** 15
DEEPEST = 6  # groups within groups
MOST_CLAUSES = 60
CODED: dict[str, tuple[type[models.Model], str]] = {  # codes of the reference data, by column
    "industry_code": (IndustryCode, "code"),
    "region_code": (RegionCode, "code"),
    "trade_key": (TradeProfile, "key"),
}
MORE_CHOICES: dict[str, tuple[tuple[str, Text], ...]] = {  # where the column itself names none
    "families": tuple(ProductFamily.choices),
    "credit_grade": tuple((grade, grade) for grade in GRADES),
}
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
    condition = _read(data, ())
    _check(condition, ())
    if len(clauses_of(condition)) > MOST_CLAUSES:
        raise BadCondition(_("A rule has %(most)s clauses at most.") % {"most": MOST_CLAUSES})
    return condition


def _read(data: Any, path: tuple[int, ...]) -> Condition:
    """As ``from_data``, but whatever is no condition is told with its place."""
    if len(path) > DEEPEST:
        raise BadCondition(_at(path, _("Groups stand too deep in each other.")))
    match data:
        case {"all": list(parts)} if len(data) == 1:
            return AllOf(_parts(parts, path))
        case {"any": list(parts)} if len(data) == 1:
            return AnyOf(_parts(parts, path))
        case {"not": part} if len(data) == 1:
            return Not(_read(part, (*path, 1)))
    try:
        return from_data(data)
    except BadCondition as error:
        raise BadCondition(_at(path, str(error))) from error


def _parts(rows: list[Any], path: tuple[int, ...]) -> tuple[Condition, ...]:
    return tuple(_read(part, (*path, number)) for number, part in enumerate(rows, start=1))


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The parts of a group; nothing of a clause."""
    if isinstance(condition, Clause):
        return ()
    return (condition.part,) if isinstance(condition, Not) else condition.parts


def _check(condition: Condition, path: tuple[int, ...]) -> None:
    if isinstance(condition, Clause):
        if problem := clause_problem(condition):
            raise BadCondition(_at(path, problem))
        return
    parts = parts_of(condition)
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
    if kind == "number" and abs(Decimal(str(value))) > LARGEST:
        return _("%(feature)s: %(value)s is too large.") % named
    if kind == "date" and not _is_day(value):
        return _("%(feature)s: %(value)s is not a day such as 2026-01-31.") % named
    if kind == "flag" and str(value).lower() not in {"true", "false"}:
        return _("%(feature)s: %(value)s is not yes or no.") % named
    choices = {key for key, _label in choices_of(column)}
    if choices and op != "starts" and str(value) not in choices:
        return _("%(feature)s: %(value)s is not one of its choices.") % named
    return ""


def choices_of(column: ColumnSpec) -> tuple[tuple[str, Text], ...]:
    """The values a text or list column may hold, with labels; nothing where any code goes."""
    return tuple(column.choices) or MORE_CHOICES.get(column.key, ())


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


def strange_codes(condition: Condition) -> str:
    """Industry, region and trade codes of the tree that the reference data does not know."""
    wanted: dict[str, set[str]] = {}
    for clause in clauses_of(condition):
        is_head = clause.feature == "region_code" and clause.op == "starts"
        if clause.feature in CODED and clause.op not in PRESENCE and not is_head:
            values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
            wanted.setdefault(clause.feature, set()).update(map(str, values))
    strange = []
    for feature, codes in sorted(wanted.items()):
        model, column = CODED[feature]
        known = model._default_manager.filter(**{f"{column}__in": codes})
        strange += sorted(codes - set(known.values_list(column, flat=True)))
    return ", ".join(strange)


def clauses_of(condition: Condition) -> list[Clause]:
    """Every clause of the tree, in order."""
    if isinstance(condition, Clause):
        return [condition]
    return [clause for part in parts_of(condition) for clause in clauses_of(part)]
