"""The figures of the boards, counted again from the rows; a page reads nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.core.months import ym_of
from crm.core.parameters import parameters
from customers.services.ledger_cover import cover_parts, store_range
from marketing.boards.cells import (
    HELD,
    count_coarse,
    count_fine,
    count_narrow,
    count_uncut,
    count_units,
)
from marketing.boards.periods import Period
from marketing.boards.populations import POPULATIONS
from marketing.boards.spec import MONTHS_KEPT
from marketing.boards.statements import conditions_of, months_of, values_of
from marketing.models import BoardPlace, BoardRun
from marketing.services.board_places import settle_places

# After a bulk load the planner knows nothing of these rows and would walk them once for each row.
FRESH = """ANALYZE marketing_visit, marketing_visitfact, marketing_stageevent,
  marketing_opportunity, marketing_boardseat, marketing_boardplace"""
LOCK = 71_004  # one count at a time
WIDE = 20  # places below a unit from which on each of its filters has cells
RECENT = 1  # a short count also counts the month before again: what came late belongs there


@transaction.atomic
def count_boards(*, as_of: date, is_full: bool = True) -> BoardRun:
    """Every cell says what the rows say on ``as_of``; a second call gives the same cells.

    A full count covers all the months a board may ask for; a short one now, the running month and
    the one before. Readers see the old figures until it is done.
    """
    last = ym_of(as_of)
    is_full = is_full or not BoardRun.objects.filter(is_full=True).exists()
    first = last - MONTHS_KEPT + 1 if is_full else last - RECENT
    months = Period("", first, last)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
        settle_places()
        if is_full:
            for part in cover_parts():  # how full ledgers are, for banks that have not stored it
                store_range(**part)
        cursor.execute(FRESH)
        wide = _wide_units(is_full)
        cells = _count_all(cursor, months, as_of, is_full, wide)
    return BoardRun.objects.create(
        as_of=as_of, computed_at=timezone.now(), is_full=is_full, cells=cells, wide=wide
    )


def _wide_units(is_full: bool) -> list[int]:
    """Units of many places, whose filters are read from cells; a short count keeps those it had."""
    if not is_full:
        return BoardRun.objects.filter(is_full=True).values_list("wide", flat=True)[0]
    paths = BoardPlace.objects.values_list("path", flat=True)
    below = Counter(unit for path in paths for unit in set(path))
    return sorted(unit for unit, places in below.items() if places > WIDE)


def _count_all(cursor: Any, months: Period, as_of: date, is_full: bool, wide: Sequence[int]) -> int:
    """The cells of these months are new; returns how many."""
    known = parameters(as_of)
    asked = values_of(as_of, known) | months_of(months) | {"wide": list(wide)}
    asked["places"] = list(BoardPlace.objects.values_list("pk", flat=True))
    conditions = conditions_of(as_of, known)
    made = 0
    for population in POPULATIONS:
        kept = "true"
        if population.is_flow and not is_full:
            kept = "ym BETWEEN %(first)s AND %(last)s"
        cursor.execute(
            f"DELETE FROM marketing_boardcell WHERE population = %(key)s AND {kept}",
            asked | {"key": population.key},
        )
        key = population.key
        statements = [count_fine(key, conditions), count_coarse(key)]
        statements += [count_uncut(key)] if population.cut else []
        statements += [count_units(key)]
        statements += [count_narrow(key, name) for name in HELD if name in population.narrows]
        for statement in statements:
            cursor.execute(statement, asked)
            made += cursor.rowcount
    return made
