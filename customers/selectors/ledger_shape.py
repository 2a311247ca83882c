"""The ledger of one customer as pages and API read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.core.words import Text
from customers.ledger.offer import Sentence
from customers.ledger.pattern import Pattern, Usual
from customers.ledger.soft import SoftScore
from customers.ledger.spec import Ask, Category, CategoryCover
from customers.models import (
    ChainLink,
    Customer,
    ProcureMode,
    SettleMode,
)
from customers.selectors.ledger import weakest
from customers.selectors.ledger_facts import Said


@dataclass(frozen=True)
class Figure:
    """A derived figure: its value, how it is made, and what is usual in the trade."""

    key: str
    label: Text
    value: Any
    unit: str  # yuan, ratio, rate, days, months, count, score, grade, month, text
    formula: Text = ""
    usual: Usual | None = None
    tone: str = ""


@dataclass
class Section:
    """One category as the page shows it."""

    category: Category
    cover: CategoryCover
    said: Sequence[Said]
    open_asks: Sequence[Ask]
    figures: Sequence[Figure] = ()
    notes: Sequence[Sentence] = ()
    offers: Sequence[Sentence] = ()


@dataclass
class Ledger:
    """All that is known under the seven headings on one day."""

    customer: Customer
    as_of: date
    cover: tuple[CategoryCover, ...]
    sections: dict[int, Section]
    links: Sequence[ChainLink] = ()
    procure: Sequence[ProcureMode] = ()
    settle: Sequence[SettleMode] = ()
    months: Mapping[str, Sequence[tuple[int, float]]] = field(default_factory=dict)
    pattern: Pattern = field(default_factory=Pattern)
    soft: SoftScore = field(default_factory=lambda: SoftScore(None, 0))

    @property
    def weakest_first(self) -> list[Section]:
        """The sections to look at, emptiest first; those not asked come last."""
        order = [self.sections[one.no] for one in weakest(self.cover)]
        return order + [one for one in self.sections.values() if not one.cover.is_asked]

    @property
    def share(self) -> float:
        """Mean share of the categories asked."""
        asked = [one.share for one in self.cover if one.is_asked]
        return sum(asked) / len(asked) if asked else 0.0
