"""What groups and peers have in common: quartiles a month, and the median inflow of every month.

Made beside the run, not in it: no portrait depends on these rows, they only give figures a scale.
Large segments are told by a sample that depends on nothing but the customers' numbers.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction

from crm.core.months import last_closed
from crm.core.parameters import parameters
from customers.features.catalogue import COLUMNS, FEATURES
from customers.features.spec import FeatureSpec, Unit
from customers.models import PeerMonth, PeerStatistic

QUARTILES = [0.25, 0.5, 0.75]
SAMPLE = 2_000  # members a segment is told by, more or less
SPREAD = 10_007  # a prime: the sample takes customers evenly over all numbers
MONTHS = 24
LATE_DAYS = 10  # the last closed month may still fill up for so many days
BEYOND_FEATURES = ("contribution_12m", "stickiness", "families_held")

_PEERS = (
    "concat(p.trade_key, ':', p.size_class)",
    "customers_portrait p",
    "p.trade_key IS NOT NULL AND p.size_class IN ('micro', 'small', 'medium', 'large')",
)
_GROUPS = ("g.segment", "customers_portrait p CROSS JOIN unnest(p.groups) AS g(segment)", "true")
SEGMENTS = {PeerStatistic.Kind.PEERS: _PEERS, PeerStatistic.Kind.GROUP: _GROUPS}


def compared_columns() -> list[str]:
    """Numeric features of using, repaying and wanting, and the figures lists compare (POR-0)."""
    found = [
        feature.key
        for feature in FEATURES
        if feature.is_number and feature.unit != Unit.MONTH_OF_YEAR and _is_compared(feature)
    ]
    return [*found, *(key for key in BEYOND_FEATURES if key in COLUMNS)]


def _is_compared(feature: FeatureSpec) -> bool:
    return feature.code[0] in "HNI" or feature.key in {
        "annual_revenue",
        "revenue_change",
        "employees",
        "years_in_business",
        "debt_ratio",
        "lenders",
        "hard_queries_6m",
    }


@transaction.atomic
def refresh_peers(*, as_of: date) -> int:
    """Quartiles of the day stand (one set a month), and every closed month has its medians."""
    fewest = parameters(as_of).number("peer.fewest")
    month_began = as_of.replace(day=1)
    PeerStatistic.objects.filter(as_of__gte=month_began, as_of__lte=as_of).delete()
    rows: list[PeerStatistic] = []
    for kind in SEGMENTS:
        rows += _statistics(kind, as_of, fewest)
    PeerStatistic.objects.bulk_create(rows, batch_size=2_000)
    _write_months(as_of, fewest)
    return len(rows)


def _statistics(kind: PeerStatistic.Kind, as_of: date, fewest: int) -> list[PeerStatistic]:
    segment, tables, condition = SEGMENTS[kind]
    columns = compared_columns()
    figures = ", ".join(
        f"count(p.{key}), percentile_cont(%(quartiles)s::float8[]) "
        f"WITHIN GROUP (ORDER BY p.{key}::float8)"
        for key in columns
    )
    sql = (
        f"WITH sizes AS MATERIALIZED (SELECT {segment} AS segment, count(*) AS members "
        f"FROM {tables} WHERE {condition} GROUP BY 1 HAVING count(*) >= %(fewest)s) "
        f"SELECT s.segment, s.members, {figures} FROM {tables} "
        f"JOIN sizes s ON s.segment = {segment} WHERE {condition} "
        "AND mod(p.customer_id, %(spread)s) * s.members <= %(spread)s::bigint * %(sample)s "
        "GROUP BY s.segment, s.members"
    )
    named: dict[str, Any] = {
        "quartiles": QUARTILES,
        "fewest": fewest,
        "spread": SPREAD,
        "sample": SAMPLE,
    }
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', '128MB', true)")
        cursor.execute(sql, named)
        for name, members, *values in cursor.fetchall():
            for place, key in enumerate(columns):
                known, quartiles = values[2 * place : 2 * place + 2]
                if known >= fewest:
                    found.append(_row(kind, as_of, (name, key), (members, known), quartiles))
    return found


def _row(
    kind: PeerStatistic.Kind,
    as_of: date,
    names: tuple[str, str],
    counts: tuple[int, int],
    quartiles: list[float],
) -> PeerStatistic:
    low, median, high = quartiles
    return PeerStatistic(
        as_of=as_of,
        kind=kind,
        segment=names[0],
        column=names[1],
        members=counts[0],
        known=counts[1],
        low_quartile=low,
        median=median,
        high_quartile=high,
    )


def _write_months(as_of: date, fewest: int) -> None:
    """The medians of the months that have none yet, and of the last one while it may fill up."""
    last = last_closed(as_of)
    wanted = set(range(last - MONTHS + 1, last + 1))
    there = set(PeerMonth.objects.filter(ym__in=wanted).values_list("ym", flat=True))
    missing = wanted - there | ({last} if as_of.day <= LATE_DAYS else set())
    if not missing:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_peermonth (trade_key, size_class, ym, firms, inflow_median) "
            "SELECT p.trade_key, p.size_class, m.ym, count(*), percentile_cont(0.5) "
            "WITHIN GROUP (ORDER BY m.business_inflow) FROM customers_monthrollup m "
            "JOIN customers_portrait p ON p.customer_id = m.customer_id "
            "WHERE m.ym = ANY(%(months)s) AND m.business_inflow IS NOT NULL "
            "AND p.trade_key IS NOT NULL AND p.size_class IN ('micro', 'small', 'medium', 'large') "
            "GROUP BY 1, 2, 3 HAVING count(*) >= %(fewest)s "
            "ON CONFLICT (trade_key, size_class, ym) DO UPDATE "
            "SET firms = excluded.firms, inflow_median = excluded.inflow_median",
            {"months": sorted(missing), "fewest": fewest},
        )
