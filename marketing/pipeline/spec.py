"""What a stage of the pipeline is made of: named checks that must hold before it is left."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.core.exceptions import ImproperlyConfigured

from crm.core.conditions import Clause, Value
from crm.core.parameters import Parameters
from crm.core.words import Text

LOST = "lost"  # the last ``to_stage`` of a lost opportunity; not a stage to stand in


@dataclass(frozen=True)
class Check:
    """One exit criterion: computed from facts, or ticked by a person who says what proves it.

    ``feature`` names a fact of ``selectors.opportunity_facts``; without one the check is ticked.
    ``limit`` names a parameter that takes the place of ``value``. Where ``may_tick``, a person's
    word with proof stands in for a fact that is not known; it never overrules a fact that says no.
    A fact that says no to a check that ``is_hard`` cannot be passed over for any reason.
    ``families`` narrows the check to some product families. ``mend`` is where it can be put right.
    ``is_money``: what it compares is yuan.
    """

    key: str
    label: Text
    feature: str = ""
    op: str = "="
    value: Value = True
    limit: str = ""
    may_tick: bool = True
    is_hard: bool = False
    is_money: bool = False
    hint: Text = ""
    mend: str = ""
    families: frozenset[str] | None = None

    @property
    def is_computed(self) -> bool:
        """Whether facts can answer it."""
        return bool(self.feature)

    def clause(self, known: Parameters) -> Clause:
        """The comparison with the limits in force."""
        value = known.text(self.limit) if self.limit else self.value
        return Clause(self.feature, self.op, value)

    def is_asked_of(self, family: str) -> bool:
        """Whether it concerns this product family."""
        return self.families is None or family in self.families


@dataclass(frozen=True)
class Stage:
    """One phase of the work; ``gate`` must hold before the next one begins."""

    key: str
    label: Text
    gate: tuple[Check, ...] = ()
    is_last: bool = False  # standing there is having won

    def checks(self, family: str) -> tuple[Check, ...]:
        """The gate as this product family meets it."""
        return tuple(check for check in self.gate if check.is_asked_of(family))


@dataclass(frozen=True)
class Track:
    """A pipeline: its stages in order, the last of them won."""

    key: str
    label: Text
    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        keys = [stage.key for stage in self.stages]
        checks = [check.key for stage in self.stages for check in stage.gate]
        if len({*keys}) < len(keys) or LOST in keys:
            raise ImproperlyConfigured(f"{self.key}: a stage is defined twice.")
        if len({*checks}) < len(checks):
            raise ImproperlyConfigured(f"{self.key}: a check is defined twice.")
        if [stage.is_last for stage in self.stages] != [False] * (len(keys) - 1) + [True]:
            raise ImproperlyConfigured(f"{self.key}: the last stage, and only that, is won.")

    @property
    def first(self) -> Stage:
        """Where an opportunity begins."""
        return self.stages[0]

    @property
    def last(self) -> Stage:
        """Won."""
        return self.stages[-1]

    def stage(self, key: str) -> Stage:
        """The stage of this key."""
        return self.stages[self.place(key)]

    def __contains__(self, key: object) -> bool:
        return any(stage.key == key for stage in self.stages)

    def place(self, key: str) -> int:
        """The number of a stage, from 0."""
        for number, stage in enumerate(self.stages):
            if stage.key == key:
                return number
        raise ImproperlyConfigured(f"{self.key}: {key!r} is not a stage.")

    def after(self, key: str) -> Stage | None:
        """The next stage, or None after the last."""
        following = {one.key: other for one, other in pairwise(self.stages)}
        return following.get(key)

    def between(self, start: str, target: str) -> tuple[Stage, ...]:
        """The stages whose gates stand between ``start`` and ``target``; none on the way back."""
        return self.stages[self.place(start) : self.place(target)]
