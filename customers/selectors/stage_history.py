"""How long customers stay in a life-cycle stage, told by their portrait versions (spec b.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db import connection

from customers.models import PortraitVersion


@dataclass(frozen=True)
class Span:
    """A stay in one stage; ``until_on`` None while it lasts."""

    stage: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class Stay:
    """How long firms of a trade stayed in a stage they have left."""

    trade_key: str
    stage: str
    spans: int
    mean_days: float


def stage_spans(*, customer_id: int) -> list[Span]:
    """The stages of a customer the reader may see, newest first."""
    rows = (
        PortraitVersion.objects.filter(customer_id=customer_id, stage__isnull=False)
        .order_by("as_of", "version_no")
        .values_list("stage", "as_of")
    )
    starts: list[tuple[str, date]] = []
    for stage, day in rows:
        if not starts or starts[-1][0] != stage:
            starts.append((stage, day))
    ends = [later for (_, _), (_, later) in pairwise(starts)]
    spans = [
        Span(stage, day, until) for (stage, day), until in zip(starts, [*ends, None], strict=False)
    ]
    return spans[::-1]


def mean_stays() -> list[Stay]:
    """The mean stay in each stage by trade, from the stays that have ended; the whole bank."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trade_key, stage, count(*), avg(until_on - from_on)::float8 FROM ("
            "SELECT customer_id, trade_key, stage, as_of AS from_on, "
            "lead(as_of) OVER (PARTITION BY customer_id ORDER BY as_of, version_no) AS until_on "
            "FROM (SELECT *, lag(stage) OVER (PARTITION BY customer_id ORDER BY as_of, version_no) "
            "AS stage_before FROM customers_portraitversion WHERE stage IS NOT NULL) v "
            "WHERE stage_before IS DISTINCT FROM stage) s "
            "WHERE until_on IS NOT NULL AND trade_key IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return [Stay(*row) for row in cursor.fetchall()]
