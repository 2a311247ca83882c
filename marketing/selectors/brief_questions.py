"""The questions whose answer would change most, computed from the stored match (VIS-7).

For each fact that is missing or old and can be had at a visit: which offers would come to fit or
fall away over its plausible values (``marketing.planning.asking``), what a year with them would
bring (``products.selectors.expected_value``, times score / 100), what could be lent, and how far
the portrait would be complete. Questions stand by the expected change of value, in yuan a year:

    sum over the pieces of its values of chance x |best fitting of each family there - now|

times, for an old answer, the chance that it holds no longer. A stage of life that would be known
counts as one decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm.core.months import ym_of
from customers.features.catalogue import COLUMNS, FEATURES
from customers.features.quality import age_key
from customers.features.spec import FeatureSpec
from customers.selectors.portrait_page import provenance
from customers.selectors.portrait_page_missing import QUESTIONS
from marketing.planning.asking import (
    FAILS,
    FITS,
    WAITS,
    Outcome,
    Quartiles,
    outcomes_of,
    stay_chance,
)
from marketing.selectors.brief_asking import SUMS, Asking
from marketing.selectors.brief_peers import bank_quartiles
from marketing.selectors.brief_stage import cut_keys, stages_by_piece
from marketing.selectors.brief_words import NAMED, condition, offer_names
from products.matching.vocabulary import Effort, effort
from products.selectors.asking import NEVER_TOLD

SHOWN = 5
UNLIKELY = 0.005  # a piece of values that hardly anybody has is not spoken of
NEVER_ASKED = frozenset({*NEVER_TOLD, "red_flags", "tags", "groups", "party_type", "families"})
GATES = ("pipeline.completeness.qualified", "pipeline.completeness.investigated")


@dataclass(frozen=True)
class Change:
    """What an answer would bring about: a sentence, and yuan a year it is worth there."""

    text: str
    worth: float
    chance: float
    opens: bool = False  # something comes to fit


@dataclass(frozen=True)
class Question:
    """One question, what its answer would change, and the expected change in yuan a year."""

    feature: str
    code: str
    text: str
    label: str
    worth: float
    decides: int  # offers that wait and would be decided by some answer
    changes: Sequence[Change]
    effort: int
    weight: float
    is_old: bool = False
    known_on: date | None = None


def questions(asking: Asking) -> list[Question]:
    """The questions worth most, one a code of the catalogue; those that change nothing come last.

    Of questions worth the same stands first what decides more offers, what is cheaper to learn,
    and what weighs more in the portrait.
    """
    best: dict[str, Question] = {}
    opened = list(_open_features(asking))
    asking.bank = bank_quartiles(_without_peers(asking, opened), ym_of(asking.as_of))
    for feature, is_old, known_on in opened:
        found = _question(asking, feature, is_old, known_on)
        other = best.get(found.code)
        if other is None or _order(found) < _order(other):
            best[found.code] = found
    return sorted(best.values(), key=_order)[:SHOWN]


def _without_peers(
    asking: Asking, opened: Iterable[tuple[FeatureSpec, bool, date | None]]
) -> list[str]:
    """Figures that rules or the ladder of stages read, and that no peer tells."""
    read = {*cut_keys(), *(asking.index.features() if asking.index else ())}
    return [one.key for one, *_rest in opened if one.key in read and one.key not in asking.peers]


def _order(one: Question) -> tuple[Any, ...]:
    return (-round(one.worth, 2), -one.decides, one.effort, -one.weight, one.feature)


def _open_features(asking: Asking) -> Iterable[tuple[FeatureSpec, bool, date | None]]:
    """Facts that are missing or old and can be had at a visit; whether old, and since when."""
    portrait = asking.portrait
    asked = {one.feature.key for one in asking.missing}
    ruled = asking.index.features() if asking.index else frozenset()
    for feature in FEATURES:
        if feature.key in NEVER_ASKED or effort(feature.key) >= Effort.WAIT:
            continue
        if getattr(portrait, feature.key) is None:
            read = feature.key in ruled or feature.key in cut_keys()
            if feature.key in asked or (read and feature.declared_keys):
                yield feature, False, None
        elif feature.weight and feature.max_age_days and feature.declared_keys:
            found = provenance(portrait, asking.declared, feature)
            limit = int(float(asking.known.values.get(age_key(feature), feature.max_age_days)))
            if found and found.on and (asking.as_of - found.on).days > limit:
                yield feature, True, found.on


def _question(
    asking: Asking, feature: FeatureSpec, is_old: bool, known_on: date | None
) -> Question:
    outcomes = _outcomes(asking, feature)
    moves = 1.0
    if is_old and known_on:
        limit = int(float(asking.known.values.get(age_key(feature), feature.max_age_days)))
        moves = 1 - stay_chance((asking.as_of - known_on).days, limit)
    worth, changes = _offer_changes(asking, feature, outcomes)
    more_worth, more = (0.0, []) if is_old else _amount_change(asking, feature)
    staged = [] if is_old else _stage_changes(asking, feature)
    changes = [*changes, *more, *staged]
    if not is_old:
        changes += _completeness(asking, feature)
    return Question(
        feature=feature.key,
        code=feature.code,
        text=str(QUESTIONS.get(feature.code, feature.label)),
        label=str(feature.label),
        worth=(worth + more_worth) * moves,
        decides=_decided(asking, outcomes) + bool(staged),
        changes=changes[:NAMED],
        effort=int(effort(feature.key)),
        weight=float(feature.weight),
        is_old=is_old,
        known_on=known_on,
    )


def _outcomes(asking: Asking, feature: FeatureSpec) -> list[Outcome]:
    if asking.match is None or asking.index is None or not asking.index.rules_of(feature.key):
        return []
    return outcomes_of(
        feature.key,
        index=asking.index,
        facts=asking.facts,
        failed=asking.match.failed,
        unknown=asking.match.unknown,
        choices=[code for code, _label in COLUMNS[feature.key].choices],
        peers=asking.quartiles(feature.key),
    )


def _decided(asking: Asking, outcomes: Sequence[Outcome]) -> int:
    """Offers that wait now and would be decided by some answer."""
    if asking.match is None:
        return 0
    letters = asking.match.outcomes
    return len(
        {
            no
            for one in outcomes
            for no, letter in one.letters.items()
            if letters[no] == WAITS and letter != WAITS
        }
    )


def _offer_changes(
    asking: Asking, feature: FeatureSpec, outcomes: Sequence[Outcome]
) -> tuple[float, list[Change]]:
    """The expected change of value by offers that come or go, and its sentences, best first."""
    if not outcomes or asking.match is None:
        return 0.0, []
    now = {no for no, letter in enumerate(asking.match.outcomes) if letter == FITS}
    before = asking.worth(now)
    expected, changes = 0.0, []
    for one in outcomes:
        there = {no for no in now if no not in one.letters}
        there |= {no for no, letter in one.letters.items() if letter == FITS}
        value = one.piece.value if feature.key in SUMS else None
        gain = asking.worth(there, feature.key, value) - before
        expected += one.piece.chance * abs(gain)
        text = _offers_told(asking, feature, one, now)
        if text and one.piece.chance >= UNLIKELY:
            opens = bool(there - now)
            changes.append(Change(text, gain, one.piece.chance, opens))
    return expected, sorted(changes, key=lambda one: (-one.worth, not one.opens, -one.chance))


def _offers_told(asking: Asking, feature: FeatureSpec, one: Outcome, now: set[int]) -> str:
    """What this piece of values means for the offers, in one sentence; "" where nothing moves."""
    assert asking.match is not None and asking.book is not None  # noqa: S101  asked of a match
    comes = [no for no, letter in one.letters.items() if letter == FITS and no not in now]
    goes = [
        no
        for no, letter in one.letters.items()
        if letter == FAILS and asking.match.outcomes[no] != FAILS
    ]
    told = {"label": str(feature.label), "is": condition(asking.words, feature, one.piece)}
    if comes:
        comes.sort(key=lambda no: -asking.income(no, feature.key, one.piece.value)[0])
        return _comes_told(asking, comes, feature, one, told)
    if goes:
        told["offers"] = offer_names(asking.book, goes)
        return _("If %(label)s %(is)s, %(offers)s is ruled out.") % told
    return ""


def _comes_told(
    asking: Asking, comes: list[int], feature: FeatureSpec, one: Outcome, told: dict[str, str]
) -> str:
    assert asking.book is not None  # noqa: S101  asked of a match
    told = told | {"offers": offer_names(asking.book, comes)}
    amount = asking.income(comes[0], feature.key, one.piece.value)[1]
    if asking.book.offers[comes[0]].is_credit and amount > 0:
        told["amount"] = asking.money(round(amount))
        return _("If %(label)s %(is)s, %(offers)s fits: talk about %(amount)s.") % told
    return _("If %(label)s %(is)s, %(offers)s fits.") % told


def _amount_change(asking: Asking, feature: FeatureSpec) -> tuple[float, list[Change]]:
    """How far the best offer that fits moves over the quartiles of the peers."""
    peers = asking.peers.get(feature.key)
    if feature.key not in SUMS or peers is None or asking.match is None or asking.book is None:
        return 0.0, []
    now = [no for no, letter in enumerate(asking.match.outcomes) if letter == FITS]
    if not now:
        return 0.0, []
    before = asking.worth(now)
    values = (peers.low, peers.median, peers.high)
    moved = [asking.worth(now, feature.key, value) - before for value in values]
    expected = sum(abs(gain) for gain in moved) / len(values)
    if expected <= 0:
        return expected, []
    sums, text = _sums_told(asking, feature, now, peers)
    if sums is None:
        return expected, []
    offer, low, high = sums
    told = {
        "offer": asking.book.offers[offer].name,
        "low": asking.money(round(low)),
        "high": asking.money(round(high)),
    }
    return expected, [Change(text % told, max(moved), 1.0)]


def _sums_told(
    asking: Asking, feature: FeatureSpec, now: Sequence[int], peers: Quartiles
) -> tuple[tuple[int, float, float] | None, str]:
    """The offer that moves most between the outer quartiles: its sum, else its yearly value."""
    assert asking.book is not None  # noqa: S101  asked of a match
    ends = {
        no: [asking.income(no, feature.key, value) for value in (peers.low, peers.high)]
        for no in now
    }
    most = max(now, key=lambda no: (abs(ends[no][1][0] - ends[no][0][0]), -no))
    (low_worth, low_sum), (high_worth, high_sum) = ends[most]
    if asking.book.offers[most].is_credit and low_sum != high_sum:
        text = _("The sum of %(offer)s lies between %(low)s and %(high)s by the answer.")
        return (most, low_sum, high_sum), text
    if low_worth == high_worth:
        return None, ""
    text = _("%(offer)s brings between %(low)s and %(high)s a year by the answer.")
    return (most, low_worth, high_worth), text


def _stage_changes(asking: Asking, feature: FeatureSpec) -> list[Change]:
    """Which stage the answer would tell, the likeliest first; nothing where it stays as it is."""
    peers = asking.quartiles(feature.key)
    found = stages_by_piece(asking.portrait, feature.key, known=asking.known, peers=peers)
    changes = []
    for piece, stage in sorted(found, key=lambda one: -one[0].chance):
        if stage != asking.portrait.stage and piece.chance >= UNLIKELY:
            told = {
                "label": str(feature.label),
                "is": condition(asking.words, feature, piece),
                "stage": asking.words.codes("stage", [stage]),
            }
            text = _("If %(label)s %(is)s, the stage is: %(stage)s.") % told
            changes.append(Change(text, 0.0, piece.chance))
    return changes


def _completeness(asking: Asking, feature: FeatureSpec) -> list[Change]:
    """How complete the portrait would be: (known + its weight) / all that is asked."""
    now = asking.portrait.completeness
    if not feature.weight or now is None or now >= 100:
        return []
    missing = asking.missing
    whole = sum(one.weight for one in missing)
    mine = next((one.weight for one in missing if one.feature.key == feature.key), 0.0)
    if not whole or not mine:
        return []
    after = now + mine * (100 - now) / whole
    told = {"now": f"{now:.0f}", "after": f"{after:.0f}"}
    for key in GATES:
        gate = float(asking.known.values.get(key, "inf"))
        if now < gate <= after:
            text = _("The portrait is %(after)s%% complete (now %(now)s%%): past %(gate)s%%.")
            return [Change(text % (told | {"gate": f"{gate:.0f}"}), 0.0, 1.0)]
    text = _("The portrait is %(after)s%% complete (now %(now)s%%).")
    return [Change(text % told, 0.0, 1.0)]
