"""The bank's own rate of every stage is counted, and open opportunities carry it (OPP-1)."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from crm.core.months import month_start, ym_of
from crm.core.parameters import parameters
from marketing.models import Opportunity, StageEvent, StageRate
from marketing.pipeline import TRACKS
from marketing.selectors.opportunity_chances import chances


@transaction.atomic
def count_rates(*, as_of: date) -> int:
    """Rates of the months up to ``as_of`` are stored; returns how many open rows moved.

    A rate is won / closed over the opportunities that were closed within the months and had ever
    stood in the stage. Counting again the same day changes nothing. Runs over the whole bank.
    """
    known = parameters(as_of)
    first = _months_before(as_of, known.number("pipeline.chance.months"))
    rows = (
        StageEvent.objects.filter(
            opportunity__closed_at__gt=_end_of(first),
            opportunity__closed_at__lte=_end_of(as_of),
        )
        .order_by()
        .values_list("opportunity__pipeline", "to_stage")
        .annotate(
            closed=Count("opportunity", distinct=True),
            won=Count("opportunity", distinct=True, filter=Q(opportunity__state="won")),
        )
    )
    counted = {(track, stage): (closed, won) for track, stage, closed, won in rows}
    StageRate.objects.bulk_create(
        [
            StageRate(
                pipeline=track.key,
                stage=stage.key,
                closed=counted.get((track.key, stage.key), (0, 0))[0],
                won=counted.get((track.key, stage.key), (0, 0))[1],
                as_of=as_of,
            )
            for track in TRACKS.values()
            for stage in track.stages
            if not stage.is_last
        ],
        update_conflicts=True,
        unique_fields=["pipeline", "stage"],
        update_fields=["closed", "won", "as_of"],
    )
    in_force = chances(known)
    return sum(
        Opportunity.objects.filter(pipeline=track.key, stage=stage.key, state="open")
        .exclude(probability=in_force.of(track.key, stage.key).value)
        .update(probability=in_force.of(track.key, stage.key).value)
        for track in TRACKS.values()
        for stage in track.stages
        if not stage.is_last
    )


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the 29th and later become the 28th."""
    return month_start(ym_of(day) - months).replace(day=min(day.day, 28))


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))
