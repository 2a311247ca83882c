"""What the page of an opportunity and the dialog of a move show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from crm.core.conditions import Answer
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from marketing.forms.opportunity import DetailsForm
from marketing.models import Opportunity, StageEvent
from marketing.pipeline import LOST, TRACKS
from marketing.selectors.opportunity_chances import chances
from marketing.selectors.opportunity_gates import (
    GateLine,
    all_gates,
    as_shown,
    blocking,
    gate_lines,
)
from marketing.selectors.pipeline import history_of, people_named
from marketing.views.pipeline_words import shown, shown_gate, stage_label
from products.selectors.suggestion_words import writer


def page_context(
    request: HttpRequest, row: Opportunity, details: DetailsForm | None = None
) -> dict[str, Any]:
    """Head, stages with their gates, history, forms; nothing to do for who only looks."""
    known = parameters(timezone.localdate())
    history = history_of(row)
    lines = as_shown(row, all_gates(row, known=known), history)
    people = people_named(line.by for line in lines)
    track, user = TRACKS[row.pipeline], request.user
    is_open = row.state == Opportunity.State.OPEN
    return {
        "one": shown(user, row, known=known),
        "row": row,
        "steps": _steps(user, row, lines, people),
        "chance": chances(known).of(row.pipeline, row.stage) if is_open else None,
        "history": [_told(user, row, event) for event in history],
        "details": details or DetailsForm(row),
        "weighted": _weighted(user, row),
        "following": track.after(row.stage),
        "can_edit": user.can(Can.EDIT_OPPORTUNITIES) and is_open,
        "can_reopen": user.can(Can.EDIT_OPPORTUNITIES) and row.state == Opportunity.State.LOST,
        "can_reassign": user.can(Can.REASSIGN_OPPORTUNITIES) and is_open,
    }


def _weighted(user: User, row: Opportunity) -> str:
    if row.amount is None:
        return ""
    return writer(user)(round(float(row.amount) * row.probability))


def _steps(
    user: User, row: Opportunity, lines: list[GateLine], people: dict[int, str]
) -> list[dict[str, Any]]:
    """The stages in order: passed, where it stands, to come; each with its gate."""
    track = TRACKS[row.pipeline]
    here = track.place(row.stage)
    return [
        {
            "stage": stage,
            "is_here": number == here,
            "is_passed": number < here or row.state == Opportunity.State.WON,
            "gate": [
                shown_gate(user, line, row, people=people) for line in lines if line.stage == stage
            ],
            "met": sum(line.is_met for line in lines if line.stage == stage),
        }
        for number, stage in enumerate(track.stages)
    ]


def _told(user: User, row: Opportunity, event: StageEvent) -> dict[str, Any]:
    """One move in words, with the proofs that were shown."""
    checks = {c.key: c.label for stage in TRACKS[row.pipeline].stages for c in stage.gate}
    proofs = [
        {"label": checks[key], "is_met": told.get("answer") == Answer.YES, "note": told.get("note")}
        for key, told in event.evidence.items()
        if key in checks and isinstance(told, dict)
    ]
    is_loss = event.to_stage == LOST
    return {
        "event": event,
        "from": stage_label(row.pipeline, event.from_stage) if event.from_stage else "",
        "to": stage_label(row.pipeline, event.to_stage),
        "amount": writer(user)(event.amount) if event.amount is not None else "",
        "proofs": proofs,
        "why": Opportunity.Lost(event.evidence["reason"]).label
        if is_loss and event.evidence.get("reason") in Opportunity.Lost.values
        else "",
        "lost_to": event.evidence.get("lost_to", "") if is_loss else "",
        "note": event.evidence.get("note", "") if is_loss else "",
    }


def move_context(
    request: HttpRequest, row: Opportunity, to: str, *, problem: DomainError | None = None
) -> dict[str, Any]:
    """The stages it may go to, and what stands in the way of the one chosen."""
    known, track, user = parameters(timezone.localdate()), TRACKS[row.pipeline], request.user
    following = track.after(row.stage)
    if to not in track or to == row.stage:
        to = following.key if following else track.first.key
    passed = track.between(row.stage, to)
    lines = gate_lines(row, passed, known=known)
    people = people_named(line.by for line in lines)
    in_the_way = blocking(lines, passed)
    needs_reason = len(passed) != 1
    return {
        "row": row,
        "one": shown(user, row, known=known),
        "to": to,
        "to_label": track.stage(to).label,
        "is_win": track.stage(to).is_last,
        "choices": [stage for stage in track.stages if stage.key != row.stage],
        "gates": [shown_gate(user, line, row, people=people) for line in lines],
        "missing": [
            shown_gate(user, line, row, people=people) for line in lines if not line.is_met
        ],
        "blocking": len(in_the_way),
        "needs_reason": needs_reason,
        "is_back": not passed,
        "can_move": not in_the_way,
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
