"""A day on squared paper: stops on a grid of round kilometres, for an SVG that needs no map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, radians

from marketing.planning.route import EARTH_M, Point

WIDTH, HEIGHT, MARGIN = 320, 200, 22
STEPS_KM = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
MOST_LINES = 8  # across; the finest grid that keeps to this
METRES_A_DEGREE = EARTH_M * 3.141592653589793 / 180


@dataclass(frozen=True)
class Dot:
    """One place on the paper; ``number`` 0 is the start."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Sheet:
    """What is drawn; ``path`` is the way as SVG points, ``grid_km`` the side of a square."""

    dots: Sequence[Dot]
    path: str
    upright: Sequence[float]
    across: Sequence[float]
    grid_km: float
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def start(self) -> Dot | None:
        """Where the way begins and ends."""
        return next((dot for dot in self.dots if dot.number == 0), None)

    @property
    def stops(self) -> list[Dot]:
        """The stops in their order."""
        return [dot for dot in self.dots if dot.number]


def sheet_of(start: Point | None, stops: Sequence[tuple[int, Point]]) -> Sheet | None:
    """The paper for a route; ``stops`` are places with the number they carry."""
    if not stops:
        return None
    places = [*([(0, start)] if start is not None else []), *stops]
    middle = places[0][1]
    flat = [(number, *_metres(point, middle)) for number, point in places]
    left, right = min(x for _no, x, _y in flat), max(x for _no, x, _y in flat)
    low, high = min(y for _no, _x, y in flat), max(y for _no, _x, y in flat)
    scale = min(
        (WIDTH - 2 * MARGIN) / max(right - left, 200.0),
        (HEIGHT - 2 * MARGIN) / max(high - low, 200.0),
    )
    shift_x = (WIDTH - (right - left) * scale) / 2 - left * scale
    shift_y = (HEIGHT - (high - low) * scale) / 2 + high * scale
    dots = [
        Dot(no, round(x * scale + shift_x, 1), round(shift_y - y * scale, 1)) for no, x, y in flat
    ]
    way = [*dots, dots[0]] if start is not None else dots
    step = _grid_km(WIDTH / scale / 1000)
    size = step * 1000 * scale
    return Sheet(
        dots=dots,
        path=" ".join(f"{dot.x},{dot.y}" for dot in way),
        upright=_lines(shift_x % size, size, WIDTH),
        across=_lines(shift_y % size, size, HEIGHT),
        grid_km=step,
    )


def _metres(point: Point, middle: Point) -> tuple[float, float]:
    east = (point.longitude - middle.longitude) * cos(radians(middle.latitude))
    return east * METRES_A_DEGREE, (point.latitude - middle.latitude) * METRES_A_DEGREE


def _grid_km(width_km: float) -> float:
    return next((step for step in STEPS_KM if width_km / step <= MOST_LINES), STEPS_KM[-1])


def _lines(first: float, size: float, end: float) -> list[float]:
    return [
        round(first + no * size, 1)
        for no in range(ceil(-first / size), floor((end - first) / size) + 1)
    ]
