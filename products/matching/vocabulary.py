"""What a rule may speak of: the columns of the portrait, each with its type and its SQL.

``p`` is the portrait row in every statement that takes a condition. ``EFFORT`` says how dear it is
to learn a missing fact: the cheapest one is asked for first (d.4 step 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from crm.core.conditions import Kind
from customers.features.catalogue import COLUMNS, FEATURES
from customers.features.spec import FLOATS, INTEGERS, ColumnSpec, Unit


class Effort(IntEnum):
    """How a missing fact is had, cheapest first."""

    ASK = 1  # the owner says it
    LOOK = 2  # a paper or a page is looked at
    QUERY = 3  # a registry or bureau is asked, with consent
    WAIT = 4  # months of our own data


_BY_ORIGIN: Mapping[str, Effort] = {  # customers.features.sources: where a feature comes from
    "visit": Effort.ASK,
    "contact": Effort.ASK,
    "registry": Effort.LOOK,
    "certificate": Effort.LOOK,
    "statement": Effort.LOOK,
    "collateral": Effort.LOOK,
    "check": Effort.LOOK,
    "tax": Effort.QUERY,
    "bureau": Effort.QUERY,
    "record": Effort.QUERY,
    "social_security": Effort.QUERY,
    "utility": Effort.QUERY,
}


def _type(column: ColumnSpec) -> str:
    if column.unit in FLOATS or column.unit in INTEGERS:
        return "number"
    if column.unit == Unit.DATE:
        return "date"
    if column.unit == Unit.FLAG:
        return "flag"
    return "list" if column.unit == Unit.CODES else "text"


RULE_COLUMNS: dict[str, ColumnSpec] = {
    column.key: column for column in COLUMNS if column.label and column.unit != Unit.TEXT
}
KINDS: dict[str, Kind] = {
    key: Kind(f"p.{key}", _type(column)) for key, column in RULE_COLUMNS.items()
}


NATURE = frozenset({"party_type", "industry_code"})  # what a customer is: no deed changes it


def can_change(features: frozenset[str]) -> bool:
    """Whether a customer that fails a rule over these features might come to pass it."""
    return bool(features - NATURE)


def effort(key: str) -> Effort:
    """How dear it is to learn this feature where it is missing."""
    feature = FEATURES.get(key)
    if feature is None:
        return Effort.WAIT
    if feature.declared_keys:
        return Effort.ASK
    return _BY_ORIGIN.get(feature.origin, Effort.WAIT)
