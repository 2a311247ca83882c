"""The one statement of the queue: an arm a source, each with its best, put in one order.

Order (documented in docs/workbench.md): points = points of the source + urgency + value.
Urgency is 40 on the due day, falls by 40/30 for each day that is left, and grows by one for each
of the first ten days overdue; without a day it is 0. Value is 10 x log10(1 + yuan of a year / 100),
at most 30. Points are rounded to two decimals; equal ones stand by source, then by reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log10

from marketing.queue.spec import QueueSource

URGENT, SOON_DAYS, LATE_DAYS = 40.0, 30, 10
VALUE_MOST, VALUE_UNIT = 30.0, 100.0
EARTH_KM = 6371.0088

_CUSTOMERS = """
    SELECT c.id, c.name, c.manager_id, c.scope_no, c.latitude, c.longitude,
        p.loan_matures_next_on, p.tier,
        greatest(p.contribution_12m, p.potential_12m, 0) AS worth,
        c.is_do_not_contact OR EXISTS (SELECT 1 FROM marketing_complaint k
            WHERE k.customer_id = c.id AND k.state = 'open') AS is_silent
    FROM customers_customer c LEFT JOIN customers_portrait p ON p.customer_id = c.id"""

# In double precision: logarithms of exact numerics would take most of the statement's time.
_POINTS = f"""round(100 * (%(points_{{key}})s::float8
    + CASE WHEN s.due_on IS NULL THEN 0
           WHEN s.due_on < %(today)s THEN {URGENT} + least(%(today)s - s.due_on, {LATE_DAYS})
           ELSE {URGENT} * greatest(0, 1 - (s.due_on - %(today)s)::float8 / {SOON_DAYS}) END
    + least({VALUE_MOST}, 10 * log(1 + greatest(coalesce(s.value, 0), 0) / {VALUE_UNIT}::float8))
    )) / 100"""

_KM = f"""2 * {EARTH_KM} * asin(least(1, sqrt(
    sin(radians(s.latitude - %(lat)s) / 2) ^ 2 + cos(radians(%(lat)s))
    * cos(radians(s.latitude)) * sin(radians(s.longitude - %(lon)s) / 2) ^ 2)))"""

ORDERS: Mapping[str, str] = {
    "points": "points DESC, source, ref",
    "value": "value DESC NULLS LAST, points DESC, source, ref",
    "due": "due_on NULLS LAST, points DESC, source, ref",
    "near": "km NULLS LAST, points DESC, source, ref",
}

_NOT_MARKED = """NOT EXISTS (SELECT 1 FROM marketing_queuemark m
    WHERE m.owner_id = s.owner_id AND m.source = '{key}' AND m.ref = s.ref::text
      AND (m.until_on IS NULL OR m.until_on > %(today)s))"""


def points_of(*, source_points: float, days_left: int | None, value: float | None) -> float:
    """The points of an item, as the statement counts them (before rounding to two decimals)."""
    urgency = 0.0
    if days_left is not None and days_left < 0:
        urgency = URGENT + min(-days_left, LATE_DAYS)
    elif days_left is not None:
        urgency = URGENT * max(0.0, 1 - days_left / SOON_DAYS)
    worth = 10 * log10(1 + max(value or 0.0, 0.0) / VALUE_UNIT)
    return source_points + urgency + min(VALUE_MOST, worth)


def _rows(source: QueueSource, *, pick: str, customers: str) -> str:
    """The items of one source: ref, the customer with its place, owner_id, value, due_on."""
    fill = {"c": customers, "pick": pick}
    if source.has_customer:
        joined = f" JOIN {customers} c ON c.id = {source.customer}" if source.joins_customer else ""
        person = "c.id AS customer_id, c.name, c.scope_no, c.latitude, c.longitude"
        silent = " AND NOT c.is_silent" if source.is_marketing else ""
    else:
        joined, silent = "", ""
        person = (
            "NULL::bigint AS customer_id, NULL::varchar AS name, NULL::int AS scope_no, "
            "NULL::float8 AS latitude, NULL::float8 AS longitude"
        )
    tables, where = (text.replace("{c}", fill["c"]) for text in (source.tables, source.where))
    return (
        f"SELECT {source.ref} AS ref, {person}, {source.owner} AS owner_id, "
        f"({source.value})::float8 AS value, ({source.due})::date AS due_on "
        f"FROM {tables}{joined} WHERE {pick} AND {where}{silent}"
    )


def _arm(source: QueueSource, *, pick: str, customers: str, extra: str, is_given: bool) -> str:
    """The best of one source, with how many there are and how many are due.

    What a sentence names is read for these few only.
    """
    points = _POINTS.replace("{key}", source.key)
    tables = source.tables.replace("{c}", customers)
    return (
        f"(SELECT r.*, i.inputs FROM (SELECT '{source.key}'::text AS source, s.*, "
        f"{points} AS points, "
        f"CASE WHEN %(lat)s IS NOT NULL THEN {_KM} END AS km, {is_given} AS is_given, "
        "count(*) OVER () AS total, "
        "count(*) FILTER (WHERE s.due_on <= %(today)s) OVER () AS due "
        f"FROM ({_rows(source, pick=pick, customers=customers)}) s WHERE {extra} "
        "ORDER BY {order} LIMIT %(most)s) r JOIN LATERAL ("
        f"SELECT {source.inputs} AS inputs FROM {tables} WHERE {source.ref} = r.ref) i ON true)"
    )


def _own(source: QueueSource) -> str:
    near = f"(s.due_on IS NULL OR s.due_on <= %(today)s + %(ahead_{source.key})s)"
    return _arm(
        source,
        pick=f"{source.owner} = ANY(%(owners)s)",
        customers="mine",
        extra=f"{near} AND {_NOT_MARKED.replace('{key}', source.key)}",
        is_given=False,
    )


def _given(source: QueueSource) -> str:
    """Items named one by one, whoever's they are: passed on, put off, or asked for."""
    return _arm(
        source,
        pick=f"{source.ref} = ANY(%(refs_{source.key})s)",
        customers="anybody",
        extra="true",
        is_given=True,
    )


def with_customers(reach: str) -> str:
    """The customers that arms join: those in reach once, anybody by key."""
    return (
        f"WITH mine AS MATERIALIZED ({_CUSTOMERS} WHERE {reach}), "
        f"anybody AS NOT MATERIALIZED ({_CUSTOMERS}) "
    )


def queue_sql(
    sources: Iterable[QueueSource], *, order: str, reach: str, given: Iterable[QueueSource] = ()
) -> str:
    """The whole list: own items of ``sources`` and the ``given`` ones by their references.

    Parameters: today, owners, lat, lon, most, points_*, ahead_* of every source, refs_* of the
    given ones, and what the sources need. ``reach`` is a condition on ``c.scope_no``.
    """
    arms = [*(_own(one) for one in sources), *(_given(one) for one in given)]
    union = " UNION ALL ".join(arms).replace("{order}", ORDERS[order])
    return f"{with_customers(reach)}SELECT * FROM ({union}) q ORDER BY {ORDERS[order]}"


def sizes_sql(sources: Iterable[QueueSource], *, reach: str) -> str:
    """How many items each of the owners has, by source, and how many of them are due."""
    arms = " UNION ALL ".join(
        f"(SELECT '{one.key}'::text AS source, s.owner_id, s.due_on FROM ("
        f"{_rows(one, pick=f'{one.owner} = ANY(%(owners)s)', customers='mine')}) s "
        f"WHERE (s.due_on IS NULL OR s.due_on <= %(today)s + %(ahead_{one.key})s) "
        f"AND {_NOT_MARKED.replace('{key}', one.key)})"
        for one in sources
    )
    return (
        f"{with_customers(reach)}SELECT owner_id, source, count(*), "
        "count(*) FILTER (WHERE due_on <= %(today)s) "
        f"FROM ({arms}) q GROUP BY owner_id, source ORDER BY owner_id, source"
    )
