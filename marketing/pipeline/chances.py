"""The chance of a stage: the bank's own rate of twelve months, else the default (OPP-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm.core.parameters import Parameters
from marketing.pipeline.stages import TRACKS


@dataclass(frozen=True)
class Rate:
    """Of those that stood in a stage and are closed, how many were won."""

    won: int
    closed: int


@dataclass(frozen=True)
class Chance:
    """A probability from 0 to 1, and the rate it rests on; None when it is the default."""

    value: float
    rate: Rate | None = None


@dataclass(frozen=True)
class Chances:
    """The chance of every stage on a day."""

    known: Parameters
    rates: Mapping[tuple[str, str], Rate] = field(default_factory=dict)

    def of(self, pipeline: str, stage: str) -> Chance:
        """1 in the last stage; else won / closed from enough closed ones on, to two decimals."""
        if TRACKS[pipeline].stage(stage).is_last:
            return Chance(1.0)
        rate = self.rates.get((pipeline, stage))
        if rate is not None and rate.closed >= self.known.number("pipeline.chance.least"):
            return Chance(round(rate.won / rate.closed, 2), rate)
        return Chance(float(self.known.decimal(f"pipeline.chance.{pipeline}.{stage}")))
