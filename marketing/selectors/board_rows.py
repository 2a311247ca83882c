"""The rows behind one number of a board: the very conditions of its count, over the live rows.

Months, places and filters are those of the last count; what changed since is told by the number
the page showed beside the number of rows found now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.core.models import User
from crm.core.parameters import parameters
from customers.models import Customer
from customers.selectors.keyset import COUNT_CAP
from marketing.boards.measures import Measure
from marketing.boards.populations import POPULATIONS
from marketing.boards.spec import Column
from marketing.boards.statements import conditions_of, months_of, pattern, rows_of, values_of
from marketing.models import BoardRun
from marketing.selectors.board_sight import BoardQuery, Sight, board_period, sight_of

PAGE = 50


@dataclass(frozen=True)
class BoardRow:
    """One row behind a number. ``customer`` is None when it is out of the user's reach today."""

    key: int
    customer: Customer | None
    manager: User | None
    day: date | None
    value: Decimal | None
    is_part: bool | None
    url_key: int
    cells: Sequence[Any]


@dataclass(frozen=True)
class BoardRows:
    """One page of the rows behind a number, with how many and how much there are now.

    Beyond COUNT_CAP nobody counts: ``count`` is then COUNT_CAP, ``total`` None.
    """

    measure: Measure
    cut: str
    rows: Sequence[BoardRow]
    columns: Sequence[Column]
    count: int
    total: Decimal | None
    before: int | None  # the key to go on from, None at the end
    run: BoardRun | None
    sight: Sight

    @property
    def is_capped(self) -> bool:
        """Whether there are too many to count one by one."""
        return self.count >= COUNT_CAP


def board_rows(
    *,
    user: User,
    query: BoardQuery,
    measure: Measure,
    cut: str = "",
    before: int | None = None,
    size: int = PAGE,
) -> BoardRows:
    """A page of the rows, newest key first, and the count and sum of all of them."""
    run = BoardRun.objects.first()
    sight = sight_of(user=user, query=query)
    as_of = run.as_of if run else timezone.localdate()
    asked = _asked(query, sight, as_of, cut)
    conditions = conditions_of(as_of, parameters(as_of))
    sql = rows_of(measure, query.narrow, conditions, has_cut=bool(cut))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(value) FROM "
            f"(SELECT value FROM ({sql}) found LIMIT %(cap)s) rows",
            asked | {"cap": COUNT_CAP},
        )
        count, total = cursor.fetchone()
        after = "WHERE id < %(before)s" if before else ""
        cursor.execute(
            f"SELECT * FROM ({sql}) found {after} ORDER BY id DESC LIMIT %(size)s",
            asked | {"before": before, "size": size + 1},
        )
        found = cursor.fetchall()
    rows = _rows(user, sight, measure, found[:size])
    more = rows[-1].key if len(found) > size else None
    columns = POPULATIONS[measure.base.population].columns
    total = None if count >= COUNT_CAP else total
    return BoardRows(measure, cut, rows, columns, count, total, more, run, sight)


def _asked(query: BoardQuery, sight: Sight, as_of: date, cut: str) -> dict[str, Any]:
    filters = {str(name): value for name, value in query.narrow.items()}
    return (
        values_of(as_of, parameters(as_of))
        | months_of(board_period(query, as_of))
        | filters
        | {"places": sight.keys, "cut": pattern(cut)}
    )


def _rows(
    user: User, sight: Sight, measure: Measure, found: Sequence[Sequence[Any]]
) -> list[BoardRow]:
    """The rows with their customers, as far as the user may see them today."""
    mine = Customer.objects.visible_to(user).in_bulk([row[1] for row in found])
    columns = POPULATIONS[measure.base.population].columns
    return [
        BoardRow(
            key=key,
            customer=mine.get(customer),
            manager=sight.people.get(sight.places[place].manager_id or 0),
            day=day,
            value=value,
            is_part=is_part,
            url_key=url_key,
            cells=[_cell(*pair) for pair in zip(columns, cells, strict=True)],
        )
        for key, customer, place, day, value, is_part, url_key, *cells in found
    ]


def _cell(column: Column, value: Any) -> Any:
    words: Mapping[str, Any] = column.choices
    return words.get(value, value) if words else value
