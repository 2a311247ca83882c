"""A condition in words: who reads a rule should not have to read its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.conditions import AllOf, AnyOf, Clause, Condition, Not, from_data
from crm.core.money import grouped
from crm.core.words import Text
from customers.features.spec import ColumnSpec, Unit
from products.matching.vocabulary import RULE_COLUMNS
from products.selectors.terms import joined, money_words, share_text

SIGNS: Mapping[str, Text] = {
    "=": "=",
    "!=": "≠",
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
    "in": gettext_lazy("one of"),
    "not_in": gettext_lazy("none of"),
    "between": gettext_lazy("between"),
    "starts": gettext_lazy("begins with"),
    "has_any": gettext_lazy("has one of"),
    "has_all": gettext_lazy("has all of"),
}


def condition_text(data: Any) -> str:
    """The tree as one sentence: years in business ≥ 1 and …; BadCondition for others."""
    return _tree(from_data(data), is_inner=False)


def _tree(condition: Condition, *, is_inner: bool) -> str:
    match condition:
        case Clause():
            return _clause(condition)
        case Not(part):
            return _("not (%(condition)s)") % {"condition": _tree(part, is_inner=False)}
        case AllOf(parts):
            word = _(" and ")
        case AnyOf(parts):
            word = _(" or ")
    text = word.join(_tree(part, is_inner=True) for part in parts)
    return f"({text})" if is_inner and len(parts) > 1 else text


def _clause(clause: Clause) -> str:
    column = RULE_COLUMNS.get(clause.feature)
    label = str(column.label) if column else clause.feature
    if clause.op == "known":
        return _("%(feature)s is known") % {"feature": label}
    if clause.op == "missing":
        return _("%(feature)s is not known") % {"feature": label}
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    shown = [_value(column, value) for value in values]
    if clause.op == "between":
        return f"{label} {SIGNS['between']} {shown[0]}–{shown[1]}"
    return f"{label} {SIGNS[clause.op]} {joined(shown)}"


def _value(column: ColumnSpec | None, value: Any) -> str:
    """The bound in the unit of the feature."""
    if column is None:
        return str(value)
    if column.unit == Unit.FLAG:
        return str(_("yes") if str(value).lower() in {"true", "1", "yes"} else _("no"))
    if column.choices:
        return str(dict(column.choices).get(str(value), value))
    try:
        if column.unit == Unit.YUAN:
            return money_words(value)
        if column.unit in (Unit.RATIO, Unit.CHANGE):
            return share_text(value)
        if column.is_number:
            return grouped(value, 4, trim=True)
    except (ArithmeticError, AttributeError, TypeError):
        return str(value)
    return str(value)
