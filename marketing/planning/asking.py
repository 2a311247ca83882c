"""What one answer would change: the rules that wait for a fact, judged over its plausible values.

The values a fact may take fall into pieces on which every rule answers alike: between the numbers
the rules name, at them, or one by one where it is a code. Each piece has a chance: numbers by the
quartiles of the peers, even within each quarter, the outer quarters as long as the inner ones;
without peers, and for codes, every piece alike. For each piece an offer fits (y), fails (n) or
still waits (?). What that is worth is for the caller to say; nothing here reads the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from crm.core.conditions import AllOf, Answer, AnyOf, Clause, Condition, Not
from products.matching.book import Book, Rule
from products.matching.vocabulary import KINDS

FITS, FAILS, WAITS = "y", "n", "?"
_LETTERS = {Answer.YES: FITS, Answer.NO: FAILS, Answer.UNKNOWN: WAITS}


@dataclass(frozen=True)
class Quartiles:
    """A figure among the peers."""

    low: float
    median: float
    high: float

    def share_below(self, value: float) -> float:
        """The share of peers below a value; straight lines between the quartiles."""
        bottom = self.low - (self.median - self.low)
        if self.low >= 0:
            bottom = max(bottom, 0.0)
        top = self.high + (self.high - self.median)
        marks = ((bottom, 0.0), (self.low, 0.25), (self.median, 0.5), (self.high, 0.75), (top, 1.0))
        if value >= top:
            return 1.0
        for (left, below), (right, above) in pairwise(marks):
            if value < right:
                if value <= left:
                    return below
                return below + (above - below) * (value - left) / (right - left)
        return 1.0


@dataclass(frozen=True)
class Piece:
    """Values on which every rule answers alike: a range of numbers, or some codes.

    ``value`` stands for all of them. ``low`` and ``high`` are None where a range is open;
    ``holds_low`` and ``holds_high`` say whether the ends belong to it.
    """

    value: Any
    chance: float
    low: Any = None
    high: Any = None
    holds_low: bool = False
    holds_high: bool = False
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a piece means: by offer (place in the book) the letter it would have."""

    piece: Piece
    letters: Mapping[int, str]


@dataclass
class Index:
    """The rules of a book by the facts they read; shared rules stand once."""

    book: Book
    _rules: dict[str, dict[str, _Shared]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept: dict[str, _Shared] = {}
        for no, offer in enumerate(self.book.offers):
            for rule in offer.rules:
                shared = kept.setdefault(str(rule.condition), _Shared(rule))
                shared.offers[no] = shared.offers.get(no, 0) + 1
        for name, shared in kept.items():
            for feature in shared.rule.tree.features():
                self._rules.setdefault(feature, {})[name] = shared

    def features(self) -> frozenset[str]:
        """Every fact that a rule reads."""
        return frozenset(self._rules)

    def rules_of(self, feature: str) -> list[_Shared]:
        """The rules that read this fact."""
        return list(self._rules.get(feature, {}).values())


@dataclass
class _Shared:
    """A rule with the offers that state it, and how often each does."""

    rule: Rule
    offers: dict[int, int] = field(default_factory=dict)

    @cached_property
    def clauses(self) -> list[Clause]:
        return list(clauses_of(self.rule.tree))


def clauses_of(tree: Condition) -> Iterable[Clause]:
    """Every clause of a condition."""
    if isinstance(tree, Clause):
        yield tree
    elif isinstance(tree, Not):
        yield from clauses_of(tree.part)
    elif isinstance(tree, AllOf | AnyOf):
        for part in tree.parts:
            yield from clauses_of(part)


def outcomes_of(
    feature: str,
    *,
    index: Index,
    facts: Mapping[str, Any],
    failed: Sequence[int],
    unknown: Sequence[int],
    choices: Sequence[str] = (),
    peers: Quartiles | None = None,
) -> list[Outcome]:
    """By piece of the plausible values the letters of every offer that the fact bears on.

    ``failed`` and ``unknown`` count by offer the rules that said no and cannot tell, as stored with
    the match. Neighbouring pieces that mean the same are one. Chances add up to 1.
    """
    rules = index.rules_of(feature)
    now = {id(shared): shared.rule.tree.judge(facts).answer for shared in rules}
    found = []
    for piece in _pieces(feature, rules, choices, peers):
        there = {**facts, feature: piece.value}
        moved: dict[int, list[int]] = {}
        for shared in rules:
            answer = shared.rule.tree.judge(there).answer
            for no, times in shared.offers.items():
                counts = moved.setdefault(no, [failed[no], unknown[no]])
                _count(counts, now[id(shared)], -times)
                _count(counts, answer, times)
        found.append(Outcome(piece, {no: _letter(*counts) for no, counts in moved.items()}))
    return _merged(found)


def _count(counts: list[int], answer: Answer, times: int) -> None:
    if answer == Answer.NO:
        counts[0] += times
    elif answer == Answer.UNKNOWN:
        counts[1] += times


def _letter(failed: int, unknown: int) -> str:
    if failed > 0:
        return FAILS
    return WAITS if unknown > 0 else FITS


def _pieces(
    feature: str, rules: Sequence[_Shared], choices: Sequence[str], peers: Quartiles | None
) -> list[Piece]:
    kind = KINDS[feature].type if feature in KINDS else "text"
    clauses = [one for shared in rules for one in shared.clauses if one.feature == feature]
    if kind == "flag":
        return [Piece(value, 0.5, codes=(str(value).lower(),)) for value in (False, True)]
    if kind == "number":
        return ranges(sorted(set(_numbers(clauses))), peers)
    if kind == "date":
        return []
    named = dict.fromkeys(code for clause in clauses for code in _codes(clause))
    if kind == "list":
        listed = [[], *([code] for code in named)]
        return [Piece(codes, 1 / len(listed), codes=tuple(codes)) for codes in listed]
    every = list(choices) or list(named)
    return [Piece(code, 1 / len(every), codes=(code,)) for code in every]


def _numbers(clauses: Iterable[Clause]) -> Iterable[float]:
    for clause in clauses:
        if clause.op in ("known", "missing"):
            continue
        values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
        for value in values:
            yield float(value)


def _codes(clause: Clause) -> tuple[str, ...]:
    if clause.op in ("known", "missing"):
        return ()
    return clause.value if isinstance(clause.value, tuple) else (str(clause.value),)


def ranges(cuts: Sequence[float], peers: Quartiles | None) -> list[Piece]:
    """Open ranges and the cuts between them; a cut itself has no chance of its own."""
    if not cuts:
        return [Piece(peers.median if peers else 0.0, 1.0)]
    ends: list[float | None] = [None, *cuts, None]
    found: list[Piece] = []
    for no, (low, high) in enumerate(pairwise(ends)):
        if low is not None:
            found.append(Piece(low, 0.0, low, low, holds_low=True, holds_high=True))
        below = 0.0 if low is None else _below(low, no, cuts, peers)
        above = 1.0 if high is None else _below(high, no + 1, cuts, peers)
        found.append(Piece(_inside(low, high), above - below, low, high))
    return found


def _below(cut: float, no: int, cuts: Sequence[float], peers: Quartiles | None) -> float:
    """The chance of a value below the ``no``-th cut."""
    return peers.share_below(cut) if peers else no / (len(cuts) + 1)


def _inside(low: float | None, high: float | None) -> float:
    if low is None:
        assert high is not None  # noqa: S101  one end is known
        return high - max(abs(high), 1.0) / 2
    if high is None:
        return low + max(abs(low), 1.0) / 2
    return (low + high) / 2


def _merged(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Neighbours with the same letters are one piece; so are codes with the same letters."""
    found: list[Outcome] = []
    for one in outcomes:
        same = None
        if one.piece.codes or isinstance(one.piece.value, list):
            same = next((kept for kept in found if kept.letters == one.letters), None)
        elif found and found[-1].letters == one.letters:
            same = found[-1]
        if same is None:
            found.append(one)
        else:
            found[found.index(same)] = Outcome(joined(same.piece, one.piece), one.letters)
    return found


def joined(first: Piece, second: Piece) -> Piece:
    """Two pieces as one; the likelier one's value stands for both."""
    likely = second if second.chance > first.chance else first
    return Piece(
        value=likely.value,
        chance=first.chance + second.chance,
        low=first.low,
        high=second.high,
        holds_low=first.holds_low,
        holds_high=second.holds_high,
        codes=(*first.codes, *second.codes),
    )


def stay_chance(age_days: int, max_age_days: int) -> float:
    """How likely an old answer still holds: 1 up to its age, then the age's share of the days."""
    return 1.0 if age_days <= max_age_days else max_age_days / age_days
