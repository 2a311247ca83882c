"""The order of a day: nearest neighbour from the branch, untangled by 2-opt; haversine distances.

A route starts and ends at the start. Stops whose place is not known come last, in their order.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Generic, TypeVar

EARTH_M = 6_371_008.8  # mean radius (IUGG)
LEAST_GAIN_M = 0.001  # a swap must save this much, so that equal routes do not trade places
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Point:
    """A place in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Stop(Generic[Key]):
    """Somebody to visit; ``at`` None where nobody knows the place."""

    key: Key
    at: Point | None


def distance_m(one: Point, other: Point) -> float:
    """Metres along the great circle: 2 R asin sqrt(hav(dlat) + cos cos hav(dlon))."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    up = sin((lat2 - lat1) / 2) ** 2
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(up + cos(lat1) * cos(lat2) * along)))


def length_m(start: Point | None, points: Sequence[Point]) -> float:
    """Metres from the start through the points and back to it."""
    whole = [start, *points, start] if start is not None and points else list(points)
    return sum(
        distance_m(one, other)
        for one, other in pairwise(whole)
        if one is not None and other is not None
    )


def ordered(start: Point | None, stops: Sequence[Stop[Key]]) -> list[Stop[Key]]:
    """The stops as they are best visited; never longer than in the order given."""
    placed = [stop for stop in stops if stop.at is not None]
    unplaced = [stop for stop in stops if stop.at is None]
    routes = [_untangled(start, _nearest(start, placed)), _untangled(start, placed)]
    best = min(routes, key=lambda route: round(_length(start, route), 3))
    return [*best, *unplaced]


def _at(stop: Stop[Key]) -> Point:
    assert stop.at is not None  # noqa: S101  only placed stops come here
    return stop.at


def _length(start: Point | None, stops: Sequence[Stop[Key]]) -> float:
    return length_m(start, [_at(stop) for stop in stops])


def _nearest(start: Point | None, stops: Sequence[Stop[Key]]) -> list[Stop[Key]]:
    """Always on to the nearest one; of equally near ones the first given."""
    left = list(stops)
    found: list[Stop[Key]] = []
    here = start
    while left:
        no = 0
        if here is not None:
            now = here
            no = min(range(len(left)), key=lambda i: (distance_m(now, _at(left[i])), i))
        found.append(left.pop(no))
        here = found[-1].at
    return found


def _untangled(start: Point | None, stops: Sequence[Stop[Key]]) -> list[Stop[Key]]:
    """2-opt: parts are turned round as long as the route becomes shorter."""
    route = list(stops)
    length = _length(start, route)
    is_better = True
    while is_better:
        is_better = False
        for first in range(len(route) - 1):
            for last in range(first + 1, len(route)):
                turned = [
                    *route[:first],
                    *reversed(route[first : last + 1]),
                    *route[last + 1 :],
                ]
                shorter = _length(start, turned)
                if shorter < length - LEAST_GAIN_M:
                    route, length, is_better = turned, shorter, True
    return route
