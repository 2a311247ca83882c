"""What the questions of one customer are told from, and what a year with an offer would bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from crm.core.parameters import Parameters
from customers.features.catalogue import COLUMNS
from customers.features.spec import INTEGERS
from customers.selectors.portrait_page_missing import Missing, missing_features
from marketing.planning.asking import Index, Quartiles
from products.matching.book import Book
from products.selectors.book import book_of
from products.selectors.expected_value import Terms, expected_income, terms_in_force
from products.selectors.match_words import Words
from products.selectors.suggestion_words import Money

SUMS = ("wanted_amount", "employees", "annual_revenue", "equipment_sum")  # a volume is made of


@dataclass
class Asking:
    """All that the questions of one customer are told from; nothing here asks the database."""

    portrait: Any
    match: Any | None  # what is stored of CustomerMatch
    facts: Mapping[str, Any]
    declared: Any | None
    known: Parameters
    peers: Mapping[str, Quartiles]
    words: Words
    money: Money
    as_of: date
    terms: Mapping[int, Terms] = field(default_factory=dict)
    bank: Mapping[str, Quartiles | None] = field(default_factory=dict)  # where peers are silent
    _incomes: dict[tuple[int, str, Any], tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def book(self) -> Book | None:
        """The book of the match."""
        return book_of(self.match.book_number) if self.match else None

    @cached_property
    def index(self) -> Index | None:
        """The rules of the book by the facts they read."""
        return index_of(self.book) if self.book else None

    @cached_property
    def missing(self) -> list[Missing]:
        """Features of the portrait that apply and have no value, the heaviest first."""
        return missing_features(self.portrait, self.known)

    @cached_property
    def held(self) -> frozenset[str]:
        """Families of services the customer has already."""
        return frozenset(self.facts.get("families") or ())

    def quartiles(self, feature: str) -> Quartiles | None:
        """What a figure is among the peers, else in the bank."""
        return self.peers.get(feature) or self.bank.get(feature)

    def income(self, no: int, feature: str, value: Any) -> tuple[float, float]:
        """A year's value times the score, and the amount, of an offer with this fact known."""
        assert self.book is not None and self.match is not None  # noqa: S101  asked of a match
        key = (no, feature, value) if feature in SUMS else (no, "", None)
        if key not in self._incomes:
            terms = self.terms.get(self.book.offers[no].version_id)
            worth = amount = 0.0
            if terms is not None:
                known = _Known(self.portrait, feature, _whole(feature, value)) if key[1] else None
                found = expected_income(known or self.portrait, terms, known=self.known)
                share = (self.match.scores[no] or 0.0) / 100
                worth = max(float(found.total), 0.0) * share
                amount = float(found.amount)
            self._incomes[key] = (worth, amount)
        return self._incomes[key]

    def worth(self, fitting: Iterable[int], feature: str = "", value: Any = None) -> float:
        """The best of each family of these offers, together, a year; services held bring none."""
        assert self.book is not None  # noqa: S101  asked of a match
        best: dict[str, float] = {}
        for no in fitting:
            offer = self.book.offers[no]
            if offer.is_credit or offer.family not in self.held:
                worth = self.income(no, feature, value)[0]
                best[offer.family] = max(best.get(offer.family, 0.0), worth)
        return sum(best.values())


def _whole(feature: str, value: Any) -> Any:
    """A value as its column holds it: heads are counted."""
    return round(value) if COLUMNS[feature].unit in INTEGERS else value


@dataclass(frozen=True)
class _Known:
    """The portrait with one fact known."""

    portrait: Any
    feature: str
    value: Any

    def __getattr__(self, name: str) -> Any:
        return self.value if name == self.feature else getattr(self.portrait, name)


@lru_cache(maxsize=8)
def _index(digest: str, number: int) -> Index:
    return Index(book_of(number))


def index_of(book: Book) -> Index:
    """The rules of a kept book by fact; made once in a process."""
    return _index(book.digest, book.number)


@lru_cache(maxsize=8)
def _terms(digest: str, version: str, as_of: date, known: _Hidden) -> dict[int, Terms]:
    return {row.version_id: row for row in terms_in_force(known=known.value)}


@dataclass(frozen=True)
class _Hidden:
    """Parameters as an argument that does not count for the cache: their version does."""

    value: Parameters

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden)

    def __hash__(self) -> int:
        return 0


def terms_of(book: Book, known: Parameters) -> dict[int, Terms]:
    """What each offer of a book earns by, by version; read once for a book, a day and rules."""
    return _terms(book.digest, known.version, known.as_of, _Hidden(known))
