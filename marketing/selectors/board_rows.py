"""The rows behind one number of a board: the very conditions of its count, over the live rows.

Months, places and filters are those of the last count; what changed since is told by the number
the page showed beside the number of rows found now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from customers.models import Customer
from customers.selectors.keyset import Place, read_place
from marketing.boards.measures import Measure
from marketing.boards.spec import Column
from marketing.boards.statements import conditions_of, cut_values, months_of, rows_of, values_of
from marketing.models import BoardRun
from marketing.selectors.board_sight import BoardQuery, Person, Sight, board_period, sight_of

PAGE = 50


@dataclass(frozen=True)
class BoardRow:
    """One row behind a number. ``customer`` is None when it is out of the user's reach today."""

    key: int
    customer: Customer | None
    manager: Person | None
    at: date | datetime | None
    day: date | None
    value: Decimal | None
    is_part: bool | None
    url_key: int
    cells: Sequence[Any]


@dataclass(frozen=True)
class BoardRows:
    """One page of the rows behind a number.

    ``count`` is None when they do not all stand on this page: nobody counts them again, the board
    says how many there were.
    """

    measure: Measure
    cut: str
    rows: Sequence[BoardRow]
    columns: Sequence[Column]
    count: int | None
    next: Place | None  # where the next page starts, None at the end
    run: BoardRun | None
    sight: Sight


def board_rows(
    *,
    user: User,
    query: BoardQuery,
    measure: Measure,
    cut: str = "",
    place: Place | None = None,
    size: int = PAGE,
) -> BoardRows:
    """A page of the rows: what happened last first, else the newest key."""
    run = BoardRun.objects.first()
    sight = sight_of(user=user, query=query)
    as_of = run.as_of if run else timezone.localdate()
    known = parameters(as_of)
    conditions = conditions_of(as_of, known)
    sql = rows_of(measure, query.narrow, conditions, cut=cut, is_everywhere=sight.is_everywhere)
    keys = ("at", "id") if measure.population.at else ("id",)
    after = {"at": place.value if place else None, "id": place.key if place else None}
    bound = f"WHERE ({', '.join(keys)}) < ({', '.join(f'%(after_{key})s' for key in keys)})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({sql}) found {bound if place else ''} "
            f"ORDER BY {', '.join(f'{key} DESC' for key in keys)} LIMIT %(size)s",
            _asked(query, sight, known)
            | cut_values(measure.population, cut)
            | {f"after_{key}": value for key, value in after.items()}
            | {"size": size + 1},
        )
        found = cursor.fetchall()
    rows = _rows(user, sight, measure, found[:size])
    return BoardRows(
        measure=measure,
        cut=cut,
        rows=rows,
        columns=measure.population.columns,
        count=len(rows) if place is None and len(found) <= size else None,
        next=Place(rows[-1].at, rows[-1].key) if len(found) > size else None,
        run=run,
        sight=sight,
    )


def read_rows_place(text: str, measure: Measure) -> Place | None:
    """Where an address says that a page starts; None for anything that is no place in this list."""
    found = read_place(text)
    if found is None or not measure.population.at:
        return found
    read = datetime.fromisoformat if measure.population.is_moment else date.fromisoformat
    try:
        return replace(found, value=read(str(found.value)))
    except ValueError:
        return None


def _asked(query: BoardQuery, sight: Sight, known: Parameters) -> dict[str, Any]:
    filters = {str(name): value for name, value in query.narrow.items()}
    return (
        values_of(known.as_of, known)
        | months_of(board_period(query, known.as_of))
        | filters
        | {"places": sight.keys}
    )


def _rows(
    user: User, sight: Sight, measure: Measure, found: Sequence[Sequence[Any]]
) -> list[BoardRow]:
    """The rows with their customers, as far as the user may see them today."""
    mine = Customer.objects.visible_to(user).in_bulk([row[1] for row in found])
    columns = measure.population.columns
    return [
        BoardRow(
            key=key,
            customer=mine.get(customer),
            manager=_manager_at(sight, place),
            at=at,
            day=day,
            value=value,
            is_part=is_part,
            url_key=url_key,
            cells=[_cell(*pair, customer in mine) for pair in zip(columns, cells, strict=True)],
        )
        for key, customer, place, at, day, value, is_part, url_key, *cells in found
    ]


def _manager_at(sight: Sight, place: int) -> Person | None:
    """Whose place it is; nobody's for one that a count made after the places were read."""
    stood = sight.places.get(place)
    return sight.people.get(stood.manager_id or 0) if stood else None


def _cell(column: Column, value: Any, is_seen: bool) -> Any:
    """What a column says of a row; nothing that tells a customer the user does not see."""
    if column.is_named and not is_seen:
        return None
    words: Mapping[str, Any] = column.choices
    return words.get(value, value) if words else value
