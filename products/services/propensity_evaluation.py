"""The honest evaluation: learn by the cut, rank, and compare with the openings after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.core.parameters import parameters
from products.propensity.baselines import baseline_scores
from products.propensity.held import HELD, flags
from products.propensity.judge import Marks, coverage, lift_interval, marks, reliability
from products.propensity.score import chances
from products.selectors import propensity_windows as windows
from products.selectors.propensity_inputs import first_and_last_opening
from products.services.propensity_training import learn

OURS = "model"


@dataclass(frozen=True)
class Ranking:
    """The measures of one ranking."""

    marks: Marks
    families: float  # share of the families on somebody's list
    customers: float  # share of the customers with a list


@dataclass(frozen=True)
class Evaluation:
    """What ``evaluate`` found: rankings by name (``model`` first), and how the chances held."""

    cut: date
    until: date
    customers: int
    judged: int
    openings: int
    learned_from: list[str]
    rankings: dict[str, Ranking]
    reliability: list[dict[str, float]]
    notes: list[str] = field(default_factory=list)

    @property
    def best_baseline(self) -> str:
        """The baseline with the highest MAP@7; of equals the first by name."""
        names = sorted(name for name in self.rankings if name != OURS)
        return max(names, key=lambda name: self.rankings[name].marks.map7)

    def to_data(self) -> dict[str, Any]:
        """The figures for machines."""
        ours, best = self.rankings[OURS], self.rankings[self.best_baseline]
        low, high = lift_interval(ours.marks.precisions, best.marks.precisions)
        theirs = best.marks.map7
        return {
            "cut": self.cut.isoformat(),
            "until": self.until.isoformat(),
            "customers": self.customers,
            "judged": self.judged,
            "openings": self.openings,
            "windows": len(self.learned_from),
            "map7": round(ours.marks.map7, 4),
            "map7_best_baseline": round(theirs, 4),
            "best_baseline": self.best_baseline,
            "lift": round(ours.marks.map7 / theirs, 4) if theirs else None,
            "lift_low": round(low, 4),
            "lift_high": round(high, 4),
            "precision3": round(ours.marks.precision3, 4),
            "recall5": round(ours.marks.recall5, 4),
            "coverage": round(ours.families, 4),
            "coverage_customers": round(ours.customers, 4),
            "baselines": {
                name: round(ranking.marks.map7, 4)
                for name, ranking in self.rankings.items()
                if name != OURS
            },
        }


def default_cut() -> date:
    """The day one horizon before the last opening, so that the last quarter is held out."""
    _first, last = first_and_last_opening()
    if last is None:
        raise DomainError(_("No customer holds anything: import holdings first."))
    return last - timedelta(days=parameters(last).number("propensity.horizon_days"))


def evaluate(*, cut: date) -> Evaluation:
    """Rankings made of what was known by the cut, judged by what was opened in the horizon after.

    Judged are customers with us at the cut who opened a family they did not hold. Refused where
    there is nothing to learn from or nothing to judge by.
    """
    _check(cut)
    rules = parameters(cut)
    until = cut + timedelta(days=rules.number("propensity.horizon_days"))
    window = windows.window(as_of=cut, until=until)
    if window is None:
        raise DomainError(_("No customer was with us on %(day)s.") % {"day": cut})
    if not window.taken.any():
        raise DomainError(
            _("No customer opened a new family from %(cut)s to %(until)s: nothing to judge by.")
            % {"cut": cut, "until": until}
        )
    learned = learn(until=cut, rules=rules)
    held = flags(window.frame, HELD, windows.FAMILIES) > 0
    said = chances(window.frame, learned.content).to_numpy()
    scores = {OURS: said}
    scores |= baseline_scores(window.frame, window.lifts, windows.FAMILIES)
    return Evaluation(
        cut=cut,
        until=until,
        customers=len(window.frame),
        judged=int(window.taken.any(axis=1).sum()),
        openings=int(window.taken.sum()),
        learned_from=[past.as_of.isoformat() for past in learned.windows],
        rankings={name: _ranking(score, held, window.taken) for name, score in scores.items()},
        reliability=reliability(said, window.taken),
        notes=_notes(cut, until, learned.windows),
    )


def _check(cut: date) -> None:
    first, last = first_and_last_opening()
    if first is None or last is None:
        raise DomainError(_("No customer holds anything: import holdings first."))
    if cut < first:
        raise DomainError(
            _("Nothing was opened by %(cut)s; the first opening is of %(first)s.")
            % {"cut": cut, "first": first}
        )
    if cut >= last:
        raise DomainError(
            _("Nothing was opened after %(cut)s; the last opening is of %(last)s.")
            % {"cut": cut, "last": last}
        )


def _notes(cut: date, until: date, past: list[windows.Window]) -> list[str]:
    """What a reader of the figures must know."""
    notes = []
    _first, last = first_and_last_opening()
    if last is not None and last < until - timedelta(days=7):
        days = (last - cut).days
        notes.append(f"The last opening is of {last}: only {days} days after the cut are judged.")
    if not past:
        notes.append("No past window has openings: the model knows shares of segments only.")
    return notes


def _ranking(scores: np.ndarray, held: np.ndarray, taken: np.ndarray) -> Ranking:
    return Ranking(marks(scores, held, taken), *coverage(scores, held))
