"""How far on a goal should be: proportional target, light, and what each working day must bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from crm.core.workdays import working_days_between
from marketing.goals.spec import Direction, Metric

DAY = timedelta(days=1)


class Light(StrEnum):
    """Green at or past the time-proportional target, amber from the amber share on, else red."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = ""


@dataclass(frozen=True)
class Goal:
    """A target with the period in which it is to be reached."""

    target: Decimal
    baseline: Decimal | None
    period_from: date
    period_to: date


@dataclass(frozen=True)
class Pace:
    """Where a goal stands on a day. ``gap`` is what is still missing, 0 once it is reached."""

    expected: Decimal
    gap: Decimal
    days_left: int  # working days after the day, up to the end of the period
    a_day: Decimal | None  # needed each remaining working day; None when none is left
    light: Light


def share_gone(goal: Goal, today: date) -> Decimal:
    """Working days of the period gone by up to and with today, of all of them; 0 to 1."""
    before = goal.period_from - DAY
    whole = working_days_between(before, goal.period_to)
    gone = working_days_between(before, min(today, goal.period_to))
    return Decimal(gone) / whole if whole else Decimal(1)


def expected_by(metric: Metric, goal: Goal, today: date) -> Decimal:
    """The time-proportional target.

    A flow starts at nothing; a level goes in a straight line from its baseline; without a baseline
    the target must hold at all times, as it must for shares and means of a period.
    """
    if metric.is_flow and metric.is_additive:
        return goal.target * share_gone(goal, today)
    if goal.baseline is None or metric.is_flow:
        return goal.target
    return goal.baseline + (goal.target - goal.baseline) * share_gone(goal, today)


def pace(
    metric: Metric, goal: Goal, actual: Decimal | None, *, today: date, amber: Decimal
) -> Pace:
    """Where the goal stands; without a figure there is no light and the whole target is missing."""
    expected = expected_by(metric, goal, today)
    is_up = metric.direction == Direction.UP
    left = working_days_between(max(today, goal.period_from - DAY), goal.period_to)
    reached = actual if actual is not None else (goal.baseline or Decimal(0))
    gap = max((goal.target - reached) if is_up else (reached - goal.target), Decimal(0))
    if actual is None:
        return Pace(expected, gap, left, None, Light.NONE)
    return Pace(
        expected,
        gap,
        left,
        gap / left if left else (None if gap else Decimal(0)),
        _light(actual, expected, is_up=is_up, amber=amber),
    )


def _light(actual: Decimal, expected: Decimal, *, is_up: bool, amber: Decimal) -> Light:
    if actual >= expected if is_up else actual <= expected:
        return Light.GREEN
    if expected > 0:
        share = actual / expected if is_up else expected / actual
        if share >= amber:
            return Light.AMBER
    return Light.RED
