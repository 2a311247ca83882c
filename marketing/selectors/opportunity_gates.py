"""What still stands between an opportunity and a stage: each check with its answer and proof."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from crm.core.conditions import Answer
from crm.core.parameters import Parameters
from marketing.models import Opportunity, StageEvent
from marketing.pipeline import TRACKS, Check, Stage
from marketing.selectors.opportunity_facts import facts_of


@dataclass(frozen=True)
class GateLine:
    """One check of one stage as it stands today."""

    stage: Stage
    check: Check
    answer: Answer
    actual: Any = None  # what the facts say; None is not known
    limit: Any = None
    note: str = ""  # the proof of a tick
    by: int | None = None
    at: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it holds."""
        return self.answer == Answer.YES

    @property
    def can_tick(self) -> bool:
        """Whether somebody's word with proof would settle it."""
        return self.answer == Answer.UNKNOWN and (not self.check.is_computed or self.check.may_tick)

    def told(self) -> dict[str, Any]:
        """The line as a stage change keeps it."""
        kept: dict[str, Any] = {"answer": str(self.answer)}
        if self.check.is_computed and self.actual is not None:
            kept["actual"] = self.actual if isinstance(self.actual, bool) else str(self.actual)
        if self.note:
            kept |= {"note": self.note, "by": self.by, "at": self.at}
        return kept


def gate_lines(
    opportunity: Opportunity, stages: tuple[Stage, ...], *, known: Parameters
) -> list[GateLine]:
    """The checks of these stages on the day of ``known``, in order."""
    asked = [(stage, check) for stage in stages for check in stage.checks(opportunity.family)]
    facts = facts_of(opportunity, [check.feature for _, check in asked], known=known)
    return [_line(opportunity, stage, check, facts=facts, known=known) for stage, check in asked]


def all_gates(opportunity: Opportunity, *, known: Parameters) -> list[GateLine]:
    """Every check of the pipeline this opportunity stands in."""
    return gate_lines(opportunity, TRACKS[opportunity.pipeline].stages, known=known)


def as_shown(
    opportunity: Opportunity, lines: list[GateLine], history: Iterable[StageEvent]
) -> list[GateLine]:
    """Gates already passed with what was shown for them then; those to come as they stand today.

    ``history`` has the newest move first. What was passed over without proof stands as today.
    """
    track = TRACKS[opportunity.pipeline]
    here = track.place(opportunity.stage)
    told: dict[str, dict[str, Any]] = {}
    for event in history:
        for key, kept in event.evidence.items():
            if isinstance(kept, dict) and kept.get("answer") == Answer.YES:
                told.setdefault(key, kept)
    return [
        _then(line, told[line.check.key])
        if track.place(line.stage.key) < here and line.check.key in told
        else line
        for line in lines
    ]


def _then(line: GateLine, kept: dict[str, Any]) -> GateLine:
    """The line as the move kept it."""
    actual = kept.get("actual")
    if isinstance(actual, str) and isinstance(line.actual, float):
        actual = float(actual)
    proof = {"note": kept.get("note", ""), "by": kept.get("by"), "at": kept.get("at", "")}
    return replace(line, answer=Answer.YES, actual=actual, **proof)


def blocking(lines: list[GateLine], passed: tuple[Stage, ...]) -> list[GateLine]:
    """What no reason passes over: the gate arrived at, and hard checks that say no."""
    return [
        line
        for line in lines
        if not line.is_met
        and (line.stage == passed[-1] or (line.check.is_hard and line.answer == Answer.NO))
    ]


def _line(
    row: Opportunity, stage: Stage, check: Check, *, facts: dict[str, Any], known: Parameters
) -> GateLine:
    tick = row.evidence.get(check.key) or {}
    proof = {"note": tick.get("note", ""), "by": tick.get("by"), "at": tick.get("at", "")}
    if not check.is_computed:
        answer = Answer.YES if tick else Answer.UNKNOWN
        return GateLine(stage, check, answer, **proof)
    clause = check.clause(known)
    answer = clause.judge(facts).answer
    if answer == Answer.UNKNOWN and check.may_tick and tick:
        answer = Answer.YES
    return GateLine(
        stage,
        check,
        answer,
        actual=facts[check.feature],
        limit=clause.value if check.limit else None,
        **proof,
    )
