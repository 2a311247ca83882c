"""Which columns of the portrait the propensity model reads, and how each kind of value is taken.

Nothing is chosen by hand for a bank or a family: every column is an input unless it repeats
another one, depends on a figure that has no past (the bank's own statistics of the day), or says
only how well the customer is known.
"""

from __future__ import annotations

from functools import cache

from customers.features import engine
from customers.features.catalogue import COLUMNS
from customers.features.spec import ColumnSpec, Unit

# Counted here from the holdings themselves, or only told of the portrait and not of the customer.
_ELSEWHERE = frozenset({"families", "families_held", "peer_basis", "competitor_lender"})
_ABOUT_THE_PORTRAIT = ("completeness", "freshness", "stickiness_known")
_OF_THE_BANK = ("peer_as_of", "tier.")  # parameters that a run of the whole bank made
_PLACES = frozenset({"region_code"})  # thousands of values, few customers each
# Master data without dates: a past day cannot know it, so it takes no part.
_UNDATED = frozenset({"is_located", "has_mobile", "has_decider", "do_not_contact"})


@cache
def outputs_behind(name: str) -> frozenset[str]:
    """The source outputs that a column is made of."""
    if name not in engine._formulas():
        return frozenset({name})
    return frozenset().union(*(outputs_behind(need) for need in engine._needs(name)))


def _is_input(column: ColumnSpec) -> bool:
    if column.unit == Unit.TEXT or column.key in _ELSEWHERE | _PLACES:
        return False
    if column.key.startswith(_ABOUT_THE_PORTRAIT) or column.key.endswith("_tests"):
        return False
    if outputs_behind(column.key) & _UNDATED:
        return False
    needed = engine.compiled((column.key,)).parameters
    return not any(key.startswith(_OF_THE_BANK) for key in needed)


@cache
def input_columns() -> tuple[str, ...]:
    """Every column of the portrait that the model may read, in the order of the catalogue."""
    return tuple(column.key for column in COLUMNS if _is_input(column))


def numeric_columns() -> tuple[str, ...]:
    """Numbers, days until a date (or since it, below zero) and flags as 0 and 1."""
    return tuple(
        key
        for key in input_columns()
        if COLUMNS[key].is_number or COLUMNS[key].unit in {Unit.DATE, Unit.FLAG}
    )


def code_columns() -> tuple[str, ...]:
    """One code a customer."""
    return tuple(key for key in input_columns() if COLUMNS[key].unit == Unit.CODE)


def codes_columns() -> tuple[str, ...]:
    """Several codes a customer, as one text with a blank between them."""
    return tuple(key for key in input_columns() if COLUMNS[key].unit == Unit.CODES)
