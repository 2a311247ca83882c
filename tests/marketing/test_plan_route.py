"""Routes, distances and the spread of a week: properties that hold for any week (VIS-1)."""

from datetime import date, timedelta
from math import acos, cos, radians, sin

from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.planning.route import Point, Stop, distance_m, length_m, ordered
from marketing.planning.schematic import HEIGHT, WIDTH, sheet_of
from marketing.planning.spread import Due, ranked, spread

START = Point(30.75, 120.75)
MONDAY = date(2026, 11, 23)
places = st.builds(
    Point, st.floats(30.4, 31.0, allow_nan=False), st.floats(120.4, 121.1, allow_nan=False)
)
days = st.lists(
    st.integers(0, 6).map(lambda no: MONDAY + timedelta(days=no)),
    unique=True, min_size=1, max_size=7,
).map(sorted)  # fmt: skip
dues = st.lists(
    st.builds(
        Due,
        customer_id=st.integers(1, 60),
        points=st.integers(0, 200).map(float),
        by=st.none() | st.integers(-3, 9).map(lambda no: MONDAY + timedelta(days=no)),
        value=st.integers(0, 10_000).map(float),
        at=st.none() | places,
    ),
    max_size=80,
)


def test_a_distance_is_that_of_the_spherical_law_of_cosines():
    hangzhou, jiaxing = Point(30.2741, 120.1551), Point(30.7522, 120.7500)
    one, other = radians(hangzhou.latitude), radians(jiaxing.latitude)
    apart = radians(jiaxing.longitude - hangzhou.longitude)
    expected = 6_371_008.8 * acos(sin(one) * sin(other) + cos(one) * cos(other) * cos(apart))

    found = distance_m(hangzhou, jiaxing)

    assert abs(found - expected) < 0.1
    assert 77_000 < found < 79_000


@settings(max_examples=60, deadline=None)
@given(st.lists(places, max_size=9))
def test_a_route_is_never_longer_than_the_order_given_and_keeps_every_stop(points):
    stops = [Stop(no, point) for no, point in enumerate(points)]

    route = ordered(START, stops)

    assert sorted(stop.key for stop in route) == list(range(len(points)))
    assert length_m(START, [stop.at for stop in route]) <= length_m(START, points) + 0.01


@settings(max_examples=40, deadline=None)
@given(st.lists(places, min_size=1, max_size=8))
def test_turning_any_part_of_a_route_round_does_not_shorten_it(points):
    route = [stop.at for stop in ordered(START, [Stop(no, at) for no, at in enumerate(points)])]
    length = length_m(START, route)

    for first in range(len(route)):
        for last in range(first + 1, len(route)):
            turned = [
                *route[:first], *reversed(route[first : last + 1]), *route[last + 1 :]
            ]  # fmt: skip
            assert length_m(START, turned) >= length - 0.01


def test_stops_without_a_place_come_last_in_their_order():
    near, far = Point(30.751, 120.751), Point(30.9, 121.0)

    route = ordered(START, [Stop("x", None), Stop("far", far), Stop("y", None), Stop("near", near)])

    assert [stop.key for stop in route] in (
        ["near", "far", "x", "y"],
        ["far", "near", "x", "y"],
    )


@settings(max_examples=100, deadline=None)
@given(dues, days, st.integers(0, 8), st.dictionaries(st.integers(0, 6), st.integers(0, 9)))
def test_a_week_never_exceeds_capacity_and_sees_each_customer_once(found, week, capacity, used):
    taken = {MONDAY + timedelta(days=no): count for no, count in used.items()}

    plan = spread(found, days=week, capacity=capacity, taken=taken, start=START)

    seen = [due.customer_id for chosen in plan.values() for due in chosen]
    assert set(plan) == set(week)
    assert len(seen) == len(set(seen))
    for day, chosen in plan.items():
        assert len(chosen) + min(taken.get(day, 0), capacity) <= capacity


@settings(max_examples=100, deadline=None)
@given(dues, days, st.integers(1, 8))
def test_nobody_is_left_out_for_somebody_less_pressing(found, week, capacity):
    plan = spread(found, days=week, capacity=capacity, taken={}, start=START)

    seen = {due.customer_id for chosen in plan.values() for due in chosen}
    order = list(dict.fromkeys(due.customer_id for due in ranked(found)))
    assert seen == set(order[: capacity * len(week)])


@settings(max_examples=60, deadline=None)
@given(dues, days, st.integers(1, 8), st.randoms())
def test_the_same_customers_give_the_same_week_in_any_order(found, week, capacity, chance):
    once = list({due.customer_id: due for due in found}.values())
    mixed = list(once)
    chance.shuffle(mixed)

    first = spread(once, days=week, capacity=capacity, taken={}, start=START)
    second = spread(mixed, days=week, capacity=capacity, taken={}, start=START)

    assert first == second


def test_free_visits_are_balanced_over_the_days():
    free = [Due(no, 10.0, at=Point(30.5 + no / 100, 120.8)) for no in range(1, 12)]
    week = [MONDAY + timedelta(days=no) for no in range(5)]

    plan = spread(free, days=week, capacity=6, taken={}, start=START)

    counts = [len(chosen) for chosen in plan.values()]
    assert sum(counts) == 11
    assert max(counts) - min(counts) <= 1


def test_a_promise_is_kept_on_the_last_day_that_is_in_time():
    wednesday = MONDAY + timedelta(days=2)
    late = Due(2, 90.0, by=MONDAY - timedelta(days=4))
    week = [MONDAY + timedelta(days=no) for no in range(5)]

    plan = spread([Due(1, 100.0, by=wednesday), late], days=week, capacity=6, taken={}, start=START)

    assert [due.customer_id for due in plan[wednesday]] == [1]
    assert [due.customer_id for due in plan[MONDAY]] == [2]


@settings(max_examples=60, deadline=None)
@given(st.lists(places, min_size=1, max_size=9))
def test_a_day_on_squared_paper_stays_on_the_paper(points):
    sheet = sheet_of(START, list(enumerate(points, start=1)))

    assert sheet is not None
    assert len(sheet.stops) == len(points)
    for dot in sheet.dots:
        assert 0 <= dot.x <= WIDTH
        assert 0 <= dot.y <= HEIGHT
