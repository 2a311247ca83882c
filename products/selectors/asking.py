"""A missing fact of a rule: what to ask the customer, and where else it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.core.words import Text
from customers.features.catalogue import COLUMNS, FEATURES
from customers.features.declared import FACTS, Declared
from customers.features.spec import ColumnSpec
from customers.features.steps import ORIGINS
from customers.models import Source
from customers.selectors.portrait_page_missing import QUESTIONS

NEVER_TOLD = frozenset(  # computed or verified elsewhere: no manager types them in
    {"verified_revenue", "credit_score", "credit_grade", "cross_check_verdict"}
)


@dataclass(frozen=True)
class Asked:
    """A feature with the question that yields it; ``facts`` is empty where nobody can tell it."""

    column: ColumnSpec
    question: Text
    facts: Sequence[Declared]
    origin: Text


def asked(feature: str) -> Asked | None:
    """How this feature is had, or None for what is no column of the portrait."""
    column = COLUMNS.get(feature)
    if column is None or not column.label:
        return None
    spec = FEATURES.get(feature)
    keys = spec.declared_keys if spec else ()
    return Asked(
        column=column,
        question=QUESTIONS.get(spec.code, column.label) if spec else column.label,
        facts=[FACTS[key] for key in keys if key in FACTS and key not in NEVER_TOLD],
        origin=Source(ORIGINS[spec.origin].source).label if spec else "",
    )


def can_be_told(feature: str) -> bool:
    """Whether a customer's answer is enough to know this feature."""
    found = asked(feature)
    return bool(found and found.facts)
