"""Why each offer fits a customer or does not: from the stored inputs and the book they met.

Nothing here is looked up anew: the same engine that stored the match is run on its stored inputs,
so the page of an old match says what was true when it was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from psycopg2.extras import Json  # type: ignore[import-untyped]

from crm.core.conditions import Answer, Reason, Verdict
from crm.core.models import User
from products.matching.book import Book, Offer, Rule
from products.matching.statement import AMBER_TAGS
from products.matching.vocabulary import effort
from products.models import CustomerMatch
from products.selectors.book import book_of, engine_of
from products.selectors.match_sentences import PART_FACTS, PART_LABELS, sentences, warnings
from products.selectors.match_words import LISTS, Words, typed

GOOD = 0.6  # a part that earns this share of its points is a reason
REASONS = 5


@dataclass(frozen=True)
class PartView:
    """One part of the score: points got and to be had, why, and the facts it read."""

    key: str
    label: str
    got: float
    max: float
    sentence: str
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class RuleView:
    """One rule: ``answer`` yes, no or unknown, and the figure it met, in words."""

    code: str
    text: str
    answer: str
    actual: str
    remedy: str


@dataclass(frozen=True)
class MissingFact:
    """A fact that a rule waits for; ``effort`` 1 (ask) to 4 (wait for our own data)."""

    feature: str
    label: str
    effort: int


@dataclass(frozen=True)
class OfferView:
    """One offer against the customer. ``outcome`` y, n or ?; ``score`` None: two rules bar it."""

    version_id: int
    code: str
    no: int
    name: str
    family: str
    is_credit: bool
    outcome: str
    score: float | None
    in_top: bool
    is_held: bool = False  # something of its family is held
    parts: Sequence[PartView] = ()
    rules: Sequence[RuleView] = ()
    missing: Sequence[MissingFact] = ()  # cheapest first
    reasons: Sequence[str] = ()  # strongest first


@dataclass(frozen=True)
class MatchView:
    """A stored match explained; offers stand as they rank: the best five, then by score."""

    book_number: int
    as_of: date
    computed_at: datetime
    portrait_version: int
    offers: Sequence[OfferView] = field(default_factory=tuple)


def explained(*, user: User, customer_id: int) -> MatchView | None:
    """The newest match of a customer the user may see, in words; None where there is none."""
    match = CustomerMatch.objects.visible_to(user).filter(pk=customer_id).first()
    if match is None:
        return None
    book = book_of(match.book_number)
    words = Words(typed(match.inputs), user)
    shares = shares_of(book, match.inputs)
    offers = [
        _offer_view(offer, no, match, words=words, book=book, shares=shares[no])
        for no, offer in enumerate(book.offers)
    ]
    places = {version: place for place, version in enumerate(match.top)}
    offers.sort(key=lambda row: (places.get(row.version_id, len(places)), -(row.score or -1)))
    return MatchView(
        book.number, match.as_of, match.computed_at, match.portrait_version, tuple(offers)
    )


def shares_of(book: Book, inputs: Mapping[str, Any]) -> list[list[float]]:
    """By offer: the share each of its parts earned, and the points taken off; from one query."""
    if not book.offers:
        return []
    engine = engine_of(book.digest, book.number)
    with connection.cursor() as cursor:
        cursor.execute(engine.explain, engine.params | {"inputs": Json(dict(inputs))})
        return list(cursor.fetchone())


def recomputed(match: CustomerMatch) -> dict[str, Any]:
    """What the engine says today of the stored inputs and book: outcomes, scores, counts, top."""
    book = book_of(match.book_number)
    engine = engine_of(book.digest, book.number)
    names = ("outcomes", "scores", "failed", "unknown", "top")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(names)} FROM ({engine.select_stored}) AS match",
            engine.params | {"inputs": Json(match.inputs)},
        )
        return dict(zip(names, cursor.fetchone(), strict=True))


def _offer_view(
    offer: Offer, no: int, match: CustomerMatch, *, words: Words, book: Book, shares: list[float]
) -> OfferView:
    verdicts = [(rule, rule.tree.judge(words.facts)) for rule in offer.rules]
    score = match.scores[no]
    parts: list[PartView] = []
    reasons: list[str] = []
    if score is not None:
        parts, reasons = _parts(offer, words, book, shares)
    return OfferView(
        version_id=offer.version_id,
        code=offer.code,
        no=offer.no,
        name=offer.name,
        family=offer.family,
        is_credit=offer.is_credit,
        outcome=match.outcomes[no],
        score=score,
        in_top=offer.version_id in match.top,
        is_held=offer.family in (match.inputs.get("families") or ()),
        parts=tuple(parts),
        rules=tuple(_rule_view(rule, verdict, words) for rule, verdict in verdicts),
        missing=_missing(verdicts, words) if match.outcomes[no] == "?" else (),
        reasons=tuple(reasons),
    )


def _parts(
    offer: Offer, words: Words, book: Book, shares: list[float]
) -> tuple[list[PartView], list[str]]:
    """The parts in the order of d.4, and what speaks for the offer: most points first, those for
    what the customer said counted twice.
    """
    points = book.weights.of(offer)
    found, reasons = [], []
    for (part, most), share in zip(points.items(), shares, strict=False):
        lines = sentences(part, offer, words, book)
        found.append(
            PartView(
                key=part,
                label=str(PART_LABELS[part]),
                got=round(share * most, 2),
                max=round(most, 2),
                sentence=_joined([line.text for line in lines[:2]]),
                facts=_facts(part, words),
            )
        )
        best = max(lines, key=lambda line: line.force, default=None)
        if best is not None and best.force and share >= GOOD:
            reasons.append((best.force * share * most, best.text))
    reasons.sort(key=lambda row: -row[0])
    if shares[-1]:
        told = _joined(warnings(words, book, AMBER_TAGS))
        label = str(PART_LABELS["warnings"])
        found.append(PartView("warnings", label, -shares[-1], 0.0, told))
    return found, [line for _points, line in reasons[:REASONS]]


def _joined(lines: Sequence[str]) -> str:
    """Sentences one after the other; Chinese ones need no blank between them."""
    is_chinese = (get_language() or "zh").startswith("zh")
    return ("" if is_chinese else " ").join(lines)


def _facts(part: str, words: Words) -> Sequence[tuple[str, str]]:
    keys = [key for key in PART_FACTS.get(part, ()) if words.facts.get(key) is not None]
    return tuple((words.label(key), words[key]) for key in keys)


def _rule_view(rule: Rule, verdict: Verdict, words: Words) -> RuleView:
    return RuleView(
        code=rule.code,
        text=rule.text,
        answer=str(verdict.answer),
        actual=_actual(verdict, words),
        remedy=rule.remedy if verdict.answer == Answer.NO else "",
    )


def _actual(verdict: Verdict, words: Words) -> str:
    """The figure that settled the rule: of the first clause that answered as the rule did."""
    settled = [reason for reason in verdict.reasons if reason.answer == verdict.answer]
    known = [reason for reason in settled if reason.actual is not None]
    if not known or verdict.answer == Answer.UNKNOWN:
        return ""
    telling = (reason for reason in known if reason.clause.op not in {"known", "missing"})
    return _met(next(telling, known[0]), words)


def _met(reason: Reason, words: Words) -> str:
    """The value, and of a long list only what the clause spoke of."""
    clause, value = reason.clause, reason.actual
    if clause.op in LISTS and isinstance(value, list):
        value = [code for code in value if code in clause.value]  # type: ignore[operator]
    return words.told(clause.feature, value)


def _missing(verdicts: Sequence[tuple[Rule, Verdict]], words: Words) -> tuple[MissingFact, ...]:
    keys = dict.fromkeys(
        key
        for _rule, verdict in verdicts
        if verdict.answer == Answer.UNKNOWN
        for key in verdict.missing
    )
    facts = [MissingFact(key, words.label(key), int(effort(key))) for key in keys]
    return tuple(sorted(facts, key=lambda fact: fact.effort))
