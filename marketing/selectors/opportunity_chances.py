"""The chances in force: own rates where enough was closed, else the defaults (OPP-1)."""

from __future__ import annotations

from crm.core.parameters import Parameters
from marketing.models import StageRate
from marketing.pipeline.chances import Chances, Rate


def chances(known: Parameters) -> Chances:
    """The chance of every stage with these parameters, in one query."""
    rows = StageRate.objects.values_list("pipeline", "stage", "won", "closed")
    return Chances(known, {(track, stage): Rate(won, n) for track, stage, won, n in rows})
