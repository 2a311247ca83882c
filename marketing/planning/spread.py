"""A week: the most pressing customers that fit into its days, neighbours on the same day.

``spread`` fills what the days have left beside their fixed stops. First those who must be seen on
a day, then by urgency; who is only due within the week is laid on a day by direction from the
start, so that a day stays on one side of town. The same input gives the same week.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import atan2, cos, radians

from marketing.planning.route import Point


@dataclass(frozen=True)
class Due:
    """A customer who is due: how pressing in points, by which day at the latest, where."""

    customer_id: int
    points: float
    by: date | None = None  # not later than this day; None: any day of the week
    value: float = 0.0  # yuan; the more valuable of equally pressing ones goes first
    at: Point | None = None


def ranked(dues: Collection[Due]) -> list[Due]:
    """The most pressing first: points, the earlier day, value, then the older customer."""
    return sorted(
        dues, key=lambda due: (-due.points, due.by or date.max, -due.value, due.customer_id)
    )


def spread(
    dues: Collection[Due],
    *,
    days: Sequence[date],
    capacity: int,
    taken: Mapping[date, int],
    start: Point | None,
) -> dict[date, list[Due]]:
    """By day the customers to visit; ``taken`` counts the stops that are already fixed.

    No day gets more than ``capacity``; nobody stands twice.
    """
    room = {day: max(capacity - taken.get(day, 0), 0) for day in days}
    chosen = ranked(_once(dues))[: sum(room.values())]
    week: dict[date, list[Due]] = {day: [] for day in days}
    free: list[Due] = []
    for due in chosen:
        day = _latest(due, week, room)
        if day is None:
            free.append(due)
        else:
            week[day].append(due)
    _sweep(free, week, room, start)
    return week


def _once(dues: Collection[Due]) -> list[Due]:
    """The first most pressing entry of each customer."""
    found: dict[int, Due] = {}
    for due in ranked(dues):
        found.setdefault(due.customer_id, due)
    return list(found.values())


def _latest(due: Due, week: Mapping[date, list[Due]], room: Mapping[date, int]) -> date | None:
    """The last day with room not after the one it must be seen by, the first one if it is late."""
    if due.by is None:
        return None
    open_days = [day for day in week if len(week[day]) < room[day]]
    in_time = [day for day in open_days if day <= due.by]
    if in_time:
        return in_time[-1]
    return open_days[0] if open_days else None


def _sweep(
    free: Sequence[Due],
    week: Mapping[date, list[Due]],
    room: Mapping[date, int],
    start: Point | None,
) -> None:
    """The rest by direction; each day gets its even share of them."""
    rest = sorted(free, key=lambda due: (_direction(start, due.at), due.customer_id))
    for day in _quotas(len(rest), week, room):
        week[day].append(rest.pop(0))


def _quotas(count: int, week: Mapping[date, list[Due]], room: Mapping[date, int]) -> list[date]:
    """A day for each of ``count``: always the emptiest one that has room, in order of days."""
    load = {day: len(found) for day, found in week.items()}
    full = {day: room[day] for day in week}
    given: list[date] = []
    for _no in range(count):
        day = min(
            (day for day in week if load[day] < full[day]),
            key=lambda day: (load[day] - full[day], day),
        )
        load[day] += 1
        given.append(day)
    return sorted(given)


def _direction(start: Point | None, at: Point | None) -> float:
    """The angle seen from the start; who has no place comes last."""
    if at is None:
        return 9.0
    origin = start or Point(0.0, 0.0)
    east = (at.longitude - origin.longitude) * cos(radians(origin.latitude))
    return atan2(at.latitude - origin.latitude, east)
