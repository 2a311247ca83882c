"""What a category of the ledger is: the things it asks, each with a weight and how it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.core.words import Text


@dataclass(frozen=True)
class Ask:
    """One thing to know. It is known when any fact, column or SQL condition says so.

    ``facts`` are keys of ``customers.features.declared.FACTS``; with ``all_facts`` every one is
    needed. ``columns`` are portrait columns that answer from our own data. ``sql`` and ``applies``
    are conditions over ``c`` (customer), ``p`` (portrait) and the entity sums of ``cover``.
    """

    key: str
    label: Text
    weight: int
    question: Text
    facts: tuple[str, ...] = ()
    all_facts: bool = False
    columns: tuple[str, ...] = ()
    sql: str = ""
    applies: str = ""
    entity: str = ""  # links, procure, settle: where it is written


@dataclass(frozen=True)
class Category:
    """One of the seven. ``dated``: SQL of the newest day of our own data behind it.

    ``applies``: SQL; a category that does not apply is not asked and has no share.
    """

    no: int
    key: str
    label: Text
    how: Text  # how it is collected at a visit
    asks: tuple[Ask, ...]
    entities: tuple[str, ...] = ()
    dated: str = ""
    applies: str = ""

    @property
    def fact_keys(self) -> tuple[str, ...]:
        """The declared facts this category asks for, in the order of its asks."""
        return tuple(dict.fromkeys(key for ask in self.asks for key in ask.facts))


@dataclass(frozen=True)
class CategoryCover:
    """How full one category of one customer is: weight known / weight asked, from 0 to 1.

    ``checked_on``: the newest day of any fact, entity or own data in it; None when there is none.
    ``is_asked`` False: the category does not apply to this customer and counts for nothing.
    """

    no: int
    label: Text
    share: float
    checked_on: date | None
    is_asked: bool = True
