"""The order of the today queue: one formula, the same for rows and in words, always total."""

from datetime import date, timedelta
from math import asin, cos, log10, radians, sin, sqrt

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketing.queue.sources import SOURCES
from marketing.queue.statement import _KM, _POINTS, ORDERS, points_of

TODAY = date(2026, 11, 20)
POINTS = {source.key: 5.0 + no for no, source in enumerate(SOURCES)}
ITEMS = st.lists(
    st.tuples(
        st.sampled_from(SOURCES.keys()),
        st.integers(1, 10**6),
        st.one_of(st.none(), st.integers(-400, 400)),
        st.one_of(st.none(), st.integers(-100_000, 10**9).map(lambda cents: cents / 100)),
        st.one_of(st.none(), st.floats(18, 53)),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda item: (item[0], item[1]),
)
KNOWN = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def ordered(items, order):
    """The statement's own expressions over these rows: (source, ref, points) in its order."""
    rows, params = [], {"today": TODAY, "lat": 30.0, "lon": 120.0}
    for no, (source, ref, days, value, latitude) in enumerate(items):
        due_on = None if days is None else TODAY + timedelta(days=days)
        params |= {f"d{no}": due_on, f"v{no}": value, f"l{no}": latitude}
        params[f"points_{source}"] = POINTS[source]
        points = _POINTS.replace("{key}", source)
        rows.append(
            f"SELECT '{source}'::text AS source, {ref}::bigint AS ref, s.value, s.due_on, "
            f"{points} AS points, {_KM} AS km FROM (SELECT %(d{no})s::date AS due_on, "
            f"%(v{no})s::float8 AS value, %(l{no})s::float8 AS latitude, "
            "120.0::float8 AS longitude) s"
        )
    with connection.cursor() as cursor:
        union = " UNION ALL ".join(rows)
        cursor.execute(
            f"SELECT source, ref, points FROM ({union}) q ORDER BY {ORDERS[order]}", params
        )
        return cursor.fetchall()


@KNOWN
@given(items=ITEMS, order=st.sampled_from(sorted(ORDERS)), shuffle=st.randoms())
def test_the_order_is_total_and_stable_under_shuffling(items, order, shuffle):
    before = ordered(items, order)
    shuffle.shuffle(items)

    after = ordered(items, order)

    assert before == after
    assert len({(source, ref) for source, ref, _points in after}) == len(items)


@KNOWN
@given(items=ITEMS)
def test_the_points_are_those_of_the_documented_formula(items):
    found = {(source, ref): points for source, ref, points in ordered(items, "points")}

    for source, ref, days, value, _latitude in items:
        urgency = 0.0
        if days is not None:
            urgency = 40 + min(-days, 10) if days < 0 else max(0.0, 40 * (1 - days / 30))
        worth = min(30.0, 10 * log10(1 + max(value or 0, 0) / 100))
        expected = POINTS[source] + urgency + worth
        assert found[source, ref] == pytest.approx(expected, abs=0.0051)
        told = points_of(source_points=POINTS[source], days_left=days, value=value)
        assert told == pytest.approx(expected)


def test_the_worked_example_of_the_documentation():
    """Due in 3 days, worth 18,000 yuan a year, a renewal (20): 20 + 36 + 22.58."""
    assert points_of(source_points=20, days_left=3, value=18_000) == pytest.approx(78.577, abs=0.01)


def test_equal_points_stand_by_source_and_reference():
    items = [("task", 7, None, None, None), ("task", 3, None, None, None)]

    found = [(source, ref) for source, ref, _points in ordered(items, "points")]

    assert found == [("task", 3), ("task", 7)]


@pytest.mark.parametrize("order", ["value", "due", "near"])
def test_what_is_not_known_comes_last(order):
    items = [("task", 1, None, None, None), ("gap", 2, 5, 10.0, 30.5)]

    assert [ref for _source, ref, _points in ordered(items, order)] == [2, 1]


def test_distances_are_great_circles():
    """Half a degree of latitude: the haversine of rules written out once more."""
    lat1, lat2 = radians(30.0), radians(30.5)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * 0
    expected = 2 * 6371.0088 * asin(sqrt(half))

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_KM} FROM (SELECT 30.5::float8 AS latitude, 120::float8 AS longitude) s",
            {"lat": 30.0, "lon": 120.0},
        )
        (found,) = cursor.fetchone()

    assert found == pytest.approx(expected, rel=1e-9)
    assert found == pytest.approx(55.6, abs=0.05)
