"""What stands around a customer list: bar, drawer, chips, heads of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.models import User
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.features.spec import ColumnSpec, Unit
from customers.selectors.feature_filter import clause_column, comparisons, value_in_words
from customers.selectors.list_columns import ListColumn, feature_column
from customers.selectors.list_filters import LIST_FILTERS, ListFilter
from customers.selectors.list_query import DEFAULT_SORT, ListQuery

DIMENSIONS: dict[str, Text] = {
    "basic": gettext_lazy("Basics"),
    "behaviour": gettext_lazy("Behaviour"),
    "need": gettext_lazy("Needs"),
    "credit": gettext_lazy("Credit standing"),
    "": gettext_lazy("Derived"),
}


def bar_filters(user: User, query: ListQuery) -> list[dict[str, Any]]:
    """The few filters beside the search box, one choice each."""
    return [_shown(user, query, spec) for spec in LIST_FILTERS if spec.is_in_bar]


def drawer_filters(user: User, query: ListQuery) -> dict[str, Any]:
    """Every filter with its options, for the dialog."""
    return {
        "query": query,
        "filters": [_shown(user, query, spec) for spec in LIST_FILTERS],
        "hidden": [("q", query.text), ("sort", query.sort)],
        "clauses": _clause_chips(query),
        "features": feature_groups(),
    }


def feature_groups() -> list[tuple[Text, list[ColumnSpec]]]:
    """Every portrait column under its dimension, what is derived last."""
    groups: dict[str, list[ColumnSpec]] = {key: [] for key in DIMENSIONS}
    for column in COLUMNS:
        if column.label:
            groups[str(getattr(column, "dimension", ""))].append(column)
    return [(DIMENSIONS[key], found) for key, found in groups.items() if found]


def feature_columns(chosen: set[str]) -> list[tuple[Text, list[tuple[ListColumn, bool]]]]:
    """The same as columns of a list, ticked when chosen."""
    return [
        (label, [(column, column.key in chosen) for column in map(feature_column, found)])
        for label, found in feature_groups()
    ]


def clause_control(column: ColumnSpec) -> dict[str, Any]:
    """How a value of this column is typed: a day, a choice, or a number with its unit."""
    choices = list(column.choices)
    if column.unit == Unit.FLAG:
        choices = [("1", _("yes")), ("0", _("no"))]
    kind = "choice" if choices else "date" if column.unit == Unit.DATE else "text"
    hints = {Unit.YUAN: _("for example 50万"), Unit.RATIO: "%", Unit.CHANGE: "%"}
    return {
        "kind": kind,
        "choices": choices,
        "hint": hints.get(column.unit, ""),
        "operators": comparisons(column),
    }


def _clause_chips(query: ListQuery) -> list[dict[str, str]]:
    """Each readable condition in words, with the address without it."""
    chips = []
    for clause in query.clauses:
        column = clause_column(clause)
        if column is None:
            continue
        operator = dict(comparisons(column))[clause.op]
        value = value_in_words(column, clause.value) if clause.value else ""
        label = f"{column.label} {operator} {value}".strip()
        url = query.without_clause(clause).address()
        chips.append({"label": label, "url": url, "value": clause.written()})
    return chips


def _shown(user: User, query: ListQuery, spec: ListFilter) -> dict[str, Any]:
    chosen = query.chosen.get(spec.key, ())
    options = [(value, label, value in chosen) for value, label in spec.options(user)]
    return {"spec": spec, "options": options, "is_many": len(chosen) > 1, "chosen": chosen}


def chips_of(user: User, query: ListQuery) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    chips = []
    if query.text:
        label = _("Search: %(text)s") % {"text": query.text}
        chips.append({"label": label, "url": replace(query, text="", place=None).address()})
    for key, values in query.chosen.items():
        spec = LIST_FILTERS[key]
        names = {value: str(label) for value, label in spec.options(user)}
        for value in values:
            label = f"{spec.label}: {names.get(value, value)}"
            chips.append({"label": label, "url": query.without(key, value).address()})
    return chips + _clause_chips(query)


def heads_of(query: ListQuery, columns: Sequence[ListColumn]) -> list[dict[str, Any]]:
    """One head a column, with the address that sorts by it."""
    return [_head(query, column) for column in columns]


def _head(query: ListQuery, column: ListColumn) -> dict[str, Any]:
    orders = {column.key: "ascending", f"-{column.key}": "descending"}
    current = orders.get(query.sort, "")
    first, second = (column.key, f"-{column.key}")
    if column.is_numeric:  # the largest first
        first, second = second, first
    sort = second if query.sort == first else first
    url = replace(query, sort=sort, place=None).address() if column.is_sorted else ""
    return {"column": column, "order": current, "url": url}


def hidden_state(query: ListQuery) -> list[tuple[str, str]]:
    """What the search form must carry along: the filters that are not in its bar, and the order."""
    carried = [
        (key, value)
        for key, values in query.chosen.items()
        if not LIST_FILTERS[key].is_in_bar or len(values) > 1
        for value in values
    ]
    carried += [("f", clause.written()) for clause in query.clauses]
    return carried + ([("sort", query.sort)] if query.sort != DEFAULT_SORT else [])
