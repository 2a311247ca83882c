"""Figures of the whole bank that single portraits are measured against, made once a run.

Tier bounds and peer bands come from the portraits of a run and are stored with its day. A portrait
reads those of the newest day before its own (else of its own day), so that one customer computed
on demand, the nightly run, and the same day computed again years later give the same answer.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction

from crm.core.parameters import parameters
from customers.features.economics import SHARES
from customers.features.peers import MEASURES
from customers.models import PeerBand, RunThreshold

PERCENTS = tuple(percent / 100 for percent in range(1, 100))
TIER_FIGURES = {"contribution": "contribution_12m", "potential": "potential_12m"}


def statistics_day(as_of: date) -> date | None:
    """The day whose figures a portrait of ``as_of`` is measured against."""
    days = RunThreshold.objects.filter(as_of__lte=as_of)
    before = days.filter(as_of__lt=as_of).order_by("-as_of").values_list("as_of", flat=True)
    return before.first() or days.values_list("as_of", flat=True).first()


def bank_figures(as_of: date) -> dict[str, Any]:
    """Query parameters of the engine: tier bounds, where a run made them, and the peers' day."""
    day = statistics_day(as_of)
    rows = RunThreshold.objects.filter(as_of=day, value__isnull=False) if day else ()
    return {"peer_as_of": day, **{row.key: row.value for row in rows}}


@transaction.atomic
def refresh_statistics(*, as_of: date) -> bool:
    """The figures of the day stand as the present portraits give them.

    True when they are the first ever: then portraits of the day should be computed once more.
    """
    is_first = statistics_day(as_of) is None
    _write_thresholds(as_of)
    _write_bands(as_of, fewest=parameters(as_of).number("peer.fewest"))
    return is_first


def _write_thresholds(as_of: date) -> None:
    """The best 10, 30 and 70 % begin at these contributions and potentials."""
    shares = sorted(SHARES.values())
    found = []
    with connection.cursor() as cursor:
        for figure, column in TIER_FIGURES.items():
            cursor.execute(
                f"SELECT count({column}), percentile_cont(%s::float8[]) WITHIN GROUP "
                f"(ORDER BY {column}) FROM customers_portrait WHERE {column} IS NOT NULL",
                [shares],
            )
            known, values = cursor.fetchone()
            for tier, share in SHARES.items():
                if known:
                    value = values[shares.index(share)]
                    found.append(_threshold(as_of, f"tier.{tier}.{figure}", value, known))
    RunThreshold.objects.filter(as_of=as_of).delete()
    RunThreshold.objects.bulk_create(found or [_threshold(as_of, "tier.none", 0, 0)])


def _threshold(as_of: date, key: str, value: float, known: int) -> RunThreshold:
    return RunThreshold(as_of=as_of, key=key, value=round(value, 2), customers=known)


def _write_bands(as_of: date, *, fewest: int) -> None:
    """99 percentiles of every trade and size with enough firms."""
    figures = ", ".join(
        f"CASE WHEN count({column}) >= %(fewest)s THEN percentile_cont(%(percents)s::float8[]) "
        f"WITHIN GROUP (ORDER BY {column}::float8) END AS {measure}"
        for measure, column in MEASURES.items()
    )
    PeerBand.objects.filter(as_of=as_of).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO customers_peerband (as_of, trade_key, size_class, firms, "
            f"{', '.join(MEASURES)}) SELECT %(as_of)s, trade_key, size_class, count(*), {figures} "
            "FROM customers_portrait WHERE trade_key IS NOT NULL "
            "AND size_class IN ('micro', 'small', 'medium', 'large') "
            "GROUP BY trade_key, size_class HAVING count(*) >= %(fewest)s",
            {"as_of": as_of, "fewest": fewest, "percents": list(PERCENTS)},
        )
