"""The rule book: all that decides a match, as plain values that travel as JSON.

A match is told by its inputs and its book alone: effective versions with terms and rules, weights,
industry policies, and the shares of due amounts that fall into strong months of each trade.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, get_type_hints

from django.utils.translation import get_language

from crm.core.conditions import Condition, from_data

ENGINE = "d4.1"  # of the formulas of this package: a changed formula makes a new book
T = TypeVar("T")
PARTS = ("need", "segment", "repayment", "guarantee", "price", "speed", "channel", "strategy")


def _in_own_language(chinese: str, english: str) -> str:
    return (english or chinese) if (get_language() or "").startswith("en") else chinese


@dataclass(frozen=True)
class Rule:
    """One hard rule: its sentence, what would change it, and its condition as data."""

    code: str
    text_zh: str
    condition: dict[str, Any]
    text_en: str = ""
    remedy_zh: str = ""
    remedy_en: str = ""

    @cached_property
    def tree(self) -> Condition:
        """The condition; BadCondition for data that is none."""
        return from_data(self.condition)

    @property
    def text(self) -> str:
        """The sentence in the language at hand."""
        return _in_own_language(self.text_zh, self.text_en)

    @property
    def remedy(self) -> str:
        """What would change it, in the language at hand."""
        return _in_own_language(self.remedy_zh, self.remedy_en)


@dataclass(frozen=True)
class Offer:
    """One effective version as the engine reads it. Amounts in yuan, rates as yearly shares."""

    version_id: int
    code: str
    no: int
    name_zh: str
    family: str
    name_en: str = ""
    is_credit: bool = False
    is_renewal: bool = False  # renews or restructures: red flags do not end it
    amount_min: float | None = None
    amount_max: float | None = None
    term_min: int | None = None
    term_max: int | None = None
    is_revolving: bool = False
    rate_low: float | None = None
    rate_high: float | None = None
    price_rank: float | None = None  # 0 the cheapest of its family, 1 the dearest
    guarantee_modes: tuple[str, ...] = ()
    loan_to_value: dict[str, float] = field(default_factory=dict)
    repayment_modes: tuple[str, ...] = ()
    season_months: tuple[int, ...] = ()
    target_groups: tuple[str, ...] = ()
    target_stages: tuple[str, ...] = ()
    target_sizes: tuple[str, ...] = ()
    target_party_types: tuple[str, ...] = ()
    target_asset_styles: tuple[str, ...] = ()
    target_chain_positions: tuple[str, ...] = ()
    target_industries: tuple[str, ...] = ()
    avoided_industries: tuple[str, ...] = ()
    target_regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    processing_hours: int | None = None
    is_automatic: bool = False
    uses: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def name(self) -> str:
        """The name in the language at hand."""
        return _in_own_language(self.name_zh, self.name_en)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the score that apply; the others are scaled out."""
        applies = {
            "repayment": self.is_credit and bool(self.repayment_modes),
            "guarantee": self.is_credit and bool(self.guarantee_modes),
            "price": self.is_credit and self.rate_low is not None,
        }
        return tuple(part for part in PARTS if applies.get(part, True))

    @property
    def due_key(self) -> str:
        """Offers of one key are due in the same months."""
        if not self.repayment_modes:
            return ""
        months = ",".join(map(str, self.season_months))
        return f"{'+'.join(self.repayment_modes)}/{self.term_max or 12}/{months}"


@dataclass(frozen=True)
class Weights:
    """How much each part counts; the parts make 100 together, the others are taken off."""

    version: int = 0
    need: int = 30
    segment: int = 20
    repayment: int = 15
    guarantee: int = 10
    price: int = 10
    speed: int = 5
    channel: int = 5
    strategy: int = 5
    limited_industry: int = 15
    amber_warning: int = 10

    def of(self, offer: Offer) -> dict[str, float]:
        """Points of each part that applies to the offer; 100 together."""
        points = {part: float(getattr(self, part)) for part in offer.parts}
        whole = sum(points.values())
        return {part: 100 * value / whole if whole else 0.0 for part, value in points.items()}


@dataclass(frozen=True)
class Tuning:
    """Shares that stand for what is not known, and where a share is full: parameters match.*."""

    full_chance: float = 0.6  # a need this likely earns all its points
    base_chance: float = 0.2  # a need that nobody forecast, or of a stage that is not known
    chance_share: float = 0.6  # of the need points; amount and term share the rest
    neutral: float = 0.5  # any other fact that is not known
    rate_gap: float = 0.01  # this much above the competitor's rate earns nothing


@dataclass(frozen=True)
class Focus:
    """What some units are after: heads of industry codes, groups of customers, families, places."""

    units: tuple[int, ...] = ()
    industries: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    territories: tuple[int, ...] = ()

    @property
    def names_customers(self) -> bool:
        """Whether it says whom the units are after."""
        return bool(self.groups or self.industries or self.territories)

    def has_customer(
        self,
        industry: str | None,
        groups: Iterable[str] | None,
        territories: Iterable[str] | None = None,
    ) -> bool | None:
        """Whether the customer is one of those; None when nothing of it is known."""
        if not {int(key) for key in territories or ()}.isdisjoint(self.territories):
            return True
        if industry is None and groups is None:
            return None
        heads = {(industry or "")[:length] for length in (2, 3, 4)}
        return not (heads.isdisjoint(self.industries) and set(groups or ()).isdisjoint(self.groups))


@dataclass(frozen=True)
class Book:
    """Everything that decides; ``number`` 0 is a book that was not kept."""

    offers: tuple[Offer, ...]
    weights: Weights = field(default_factory=Weights)
    tuning: Tuning = field(default_factory=Tuning)
    limited_industries: tuple[str, ...] = ()  # every code, at every level, that is restricted
    due_shares: dict[str, dict[str, float]] = field(default_factory=dict)  # trade: due key: share
    focuses: tuple[Focus, ...] = ()  # strategies of units; none leaves the content as it was
    engine: str = ENGINE
    as_of: date | None = None  # when it was made; not a part of the content
    number: int = 0

    def to_data(self) -> dict[str, Any]:
        """The content as plain JSON; number and day are not a part of it."""
        data = asdict(self)
        del data["number"], data["as_of"]
        if not self.focuses:
            del data["focuses"]
        for focus in data.get("focuses", ()):
            if not focus["territories"]:
                del focus["territories"]  # so that books from before places keep their digest
        plain: dict[str, Any] = json.loads(json.dumps(data))
        return plain

    @cached_property
    def digest(self) -> str:
        """The same 64 digits for the same content."""
        told = json.dumps(self.to_data(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    def numbered(self, number: int, as_of: date | None) -> Book:
        """The same content under the number it was kept by."""
        return replace(self, number=number, as_of=as_of)

    def offer(self, version_id: int) -> Offer | None:
        """The offer of this version."""
        return next((offer for offer in self.offers if offer.version_id == version_id), None)

    def focus_of(self, unit: int | None) -> Focus | None:
        """The focus that speaks for this unit."""
        return next((focus for focus in self.focuses if unit in focus.units), None)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], *, number: int = 0) -> Book:
        """The book that ``to_data`` wrote."""
        offers = tuple(
            _read(Offer, row | {"rules": tuple(_read(Rule, rule) for rule in row["rules"])})
            for row in data["offers"]
        )
        return cls(
            offers=offers,
            weights=_read(Weights, data["weights"]),
            tuning=_read(Tuning, data["tuning"]),
            limited_industries=tuple(data["limited_industries"]),
            due_shares=dict(data["due_shares"]),
            focuses=tuple(_read(Focus, row) for row in data.get("focuses", ())),
            engine=data["engine"],
            number=number,
        )


def _read(kind: type[T], data: Mapping[str, Any]) -> T:
    """A flat value from its JSON: lists become tuples where the field is one."""
    hints = get_type_hints(kind)
    values = {}
    for item in fields(kind):  # type: ignore[arg-type]
        if item.name in data:
            value = data[item.name]
            is_tuple = getattr(hints[item.name], "__origin__", None) is tuple
            values[item.name] = tuple(value) if is_tuple and value is not None else value
    return kind(**values)
