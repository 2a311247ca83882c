"""The form of a condition: a tree of groups and clauses as form fields, and back to data.

A node is named by its path: "" is the root, "0.2" the third part of the first part. Groups are
``g<path>`` (all, any, not_all, not_any); clauses ``f<path>`` feature, ``o<path>`` comparison and
``v<path>`` values, as often as there are values. Amounts are written in 万元, shares in percent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from crm.core.conditions import AllOf, AnyOf, Clause, Condition, Not
from customers.features.spec import ColumnSpec, Unit
from products.matching.vocabulary import KINDS, RULE_COLUMNS
from products.selectors.rules import OPERATORS_BY_TYPE, PRESENCE, choices_of

MODES = ("all", "any", "not_all", "not_any")
SCALES: Mapping[str, Decimal] = {
    Unit.YUAN: Decimal(10_000),
    Unit.RATIO: Decimal("0.01"),
    Unit.CHANGE: Decimal("0.01"),
}
FIRST_FEATURE = "years_in_business"
MOST_NODES = 120
_FIELD = re.compile(r"([gfov])((?:\d{1,3}(?:\.\d{1,3}){0,9})?)")
_SPLIT = re.compile(r"[\s,，、;；]+")


@dataclass
class Node:
    """A group (``mode``) or a clause (``feature``) of the form; ``values`` as people write them."""

    mode: str = ""
    parts: list[Node] = field(default_factory=list)
    feature: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether it joins parts."""
        return bool(self.mode)


def first_node() -> Node:
    """What a new rule begins with: one clause to be changed."""
    return Node(mode="all", parts=[first_clause()])


def first_clause() -> Node:
    """The clause that "add a clause" puts in."""
    return Node(feature=FIRST_FEATURE, op=">=", values=[""])


def node_of(condition: Condition) -> Node:
    """The form of a condition, always with a group at the root."""
    node = _node(condition)
    return node if node.is_group else Node(mode="all", parts=[node])


def _node(condition: Condition) -> Node:
    match condition:
        case Clause():
            return _clause_node(condition)
        case AllOf(parts):
            return Node(mode="all", parts=[_node(part) for part in parts])
        case AnyOf(parts):
            return Node(mode="any", parts=[_node(part) for part in parts])
        case Not(AllOf(parts)):
            return Node(mode="not_all", parts=[_node(part) for part in parts])
        case Not(AnyOf(parts)):
            return Node(mode="not_any", parts=[_node(part) for part in parts])
    return Node(mode="not_any", parts=[_node(condition.part)])


def _clause_node(clause: Clause) -> Node:
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    if clause.op in PRESENCE:
        values = ()
    shown = [shown_value(clause.feature, value) for value in values]
    return Node(feature=clause.feature, op=clause.op, values=shown)


def data_of(node: Node) -> dict[str, Any]:
    """The condition of a form as data; what is wrong with it, ``checked_condition`` says."""
    if not node.is_group:
        return _clause_data(node)
    parts = [data_of(part) for part in node.parts]
    if len(parts) == 1 and node.mode in ("all", "any"):
        return parts[0]
    if len(parts) == 1:
        return {"not": parts[0]}
    joined = {node.mode.removeprefix("not_"): parts}
    return {"not": joined} if node.mode.startswith("not_") else joined


def _clause_data(node: Node) -> dict[str, Any]:
    clause: dict[str, Any] = {"feature": node.feature, "op": node.op}
    if node.op in PRESENCE:
        return clause | {"value": ""}
    values = [stored_value(node.feature, text) for text in node.values]
    if is_many(node.op):
        return clause | {"value": [str(value) for value in values if value != ""]}
    return clause | {"value": values[0] if values else ""}


def is_many(op: str) -> bool:
    """Whether the comparison takes a list."""
    return op in {"in", "not_in", "between", "starts", "has_any", "has_all"}


def shown_value(feature: str, value: Any) -> str:
    """A stored value as the form shows it: 300000 is 30 (万元), 0.8 is 80 (%)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    scale = _scale(feature)
    number = _number(value) if scale else None
    return str(value) if number is None or scale is None else _plain(number / scale)


def stored_value(feature: str, text: str) -> str | int | bool:
    """A written value as the condition keeps it; what is no number stays as it was written."""
    text = text.strip()
    kind = KINDS[feature].type if feature in KINDS else ""
    if kind == "flag" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    number = _number(text) if kind == "number" else None
    if number is None:
        return text
    number *= _scale(feature) or 1
    return int(number) if number == number.to_integral_value() else _plain(number)


def _scale(feature: str) -> Decimal | None:
    column = RULE_COLUMNS.get(feature)
    return SCALES.get(column.unit) if column else None


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value).replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 18 else None


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def read_node(data: QueryDict) -> Node:
    """The tree that a posted form holds; a form without one is an empty group."""
    nodes: dict[tuple[int, ...], Node] = {}
    for name in data:
        found = _FIELD.fullmatch(name)
        if found and len(nodes) < MOST_NODES:
            letter, path = found.groups()
            key = tuple(int(step) for step in path.split(".")) if path else ()
            _take(nodes.setdefault(key, Node()), letter, data.getlist(name))
    root = nodes.get((), Node(mode="all"))
    root.mode = root.mode or "all"
    for key in sorted(nodes):
        parent = nodes.get(key[:-1])
        if key and parent is not None and parent.is_group:
            parent.parts.append(_settled(nodes[key]))
    return root


def _take(node: Node, letter: str, values: list[str]) -> None:
    if letter == "g" and values[-1] in MODES:
        node.mode = values[-1]
    elif letter == "f":
        node.feature = values[-1][:64]
    elif letter == "o":
        node.op = values[-1][:16]
    elif letter == "v":
        node.values = [value[:400] for value in values[:200]]


def _settled(node: Node) -> Node:
    """The clause with a comparison that its feature allows, and values in the shape of it."""
    if node.is_group or node.feature not in KINDS:
        return node
    column, kind = RULE_COLUMNS[node.feature], KINDS[node.feature].type
    allowed = operators_of(column)
    if node.op not in allowed:
        node.op, node.values = allowed[0], []
    is_coded = kind in ("text", "list") and not choices_of(column)
    if is_many(node.op) and (is_coded or node.op == "starts"):
        node.values = _codes(node.values)
    return node


def _codes(values: Iterable[str]) -> list[str]:
    found = [code for value in values for code in _SPLIT.split(value) if code]
    return list(dict.fromkeys(found))


def operators_of(column: ColumnSpec) -> tuple[str, ...]:
    """The comparisons offered for a column: no "begins with" where there are choices."""
    found = OPERATORS_BY_TYPE[KINDS[column.key].type]
    if choices_of(column):
        found = tuple(op for op in found if op not in ("starts",))
    return found


def reshaped(node: Node, action: str) -> Node:
    """The tree after "add-clause:<path>", "add-group:<path>" or "remove:<path>"."""
    what, _sep, path = action.partition(":")
    steps = [int(step) for step in path.split(".") if step.isdigit()] if path else []
    if what == "remove" and steps:
        parent = _at(node, steps[:-1])
        if parent is not None and steps[-1] < len(parent.parts):
            del parent.parts[steps[-1]]
        return node
    target = _at(node, steps)
    if target is not None and target.is_group:
        if what == "add-clause":
            target.parts.append(first_clause())
        elif what == "add-group":
            target.parts.append(Node(mode="any", parts=[first_clause()]))
    return node


def _at(node: Node, steps: list[int]) -> Node | None:
    for step in steps:
        if step >= len(node.parts):
            return None
        node = node.parts[step]
    return node
