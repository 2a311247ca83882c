"""The hard rules of a version judged on the portrait as it stands now, guards of the bank included.

The match page explains what the last run stored; a quote is made on today's facts, so the same
rules (``rules_of``, as a book holds them) are judged anew here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.core.conditions import Answer, Verdict
from products.matching.book import Rule
from products.selectors.book import rules_of
from products.selectors.match_words import Words

__all__ = ["Judged", "Obstacle", "judged", "rules_of"]


@dataclass(frozen=True)
class Obstacle:
    """A rule in the way: its sentence, what was met in words, and what would change it."""

    text: str
    actual: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Judged:
    """n where one rule says no, ? where one cannot tell, else y."""

    outcome: str
    obstacles: tuple[Obstacle, ...] = ()
    missing: tuple[str, ...] = ()  # keys of facts


def judged(rules: tuple[Rule, ...], facts: Mapping[str, Any], words: Words) -> Judged:
    """The rules on these facts; a fact that is not there makes a rule "cannot tell"."""
    against, missing, is_open = [], dict[str, None](), False
    for rule in rules:
        verdict = rule.tree.judge(facts)
        if verdict.answer == Answer.NO:
            against.append(Obstacle(rule.text, _met(verdict, words), rule.remedy))
        elif verdict.answer == Answer.UNKNOWN:
            is_open = True
            missing |= dict.fromkeys(verdict.missing)
    outcome = "n" if against else "?" if is_open else "y"
    return Judged(outcome, tuple(against), tuple(missing))


def _met(verdict: Verdict, words: Words) -> str:
    """The figure that the first refused clause met."""
    known = [reason for reason in verdict.failed if reason.actual not in (None, [])]
    return words.told(known[0].clause.feature, known[0].actual) if known else ""
