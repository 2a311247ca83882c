"""The strategy of a unit beside what came of it this year: customers and loans of each focus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from crm.core.models import IndustryCode
from crm.core.words import Text
from customers.naming import in_own_language
from marketing.boards.cells import slots
from marketing.boards.measures import MEASURES
from marketing.boards.periods import Period, period_of
from marketing.boards.spec import Narrow
from marketing.boards.statements import months_of
from marketing.models import BranchStrategy
from marketing.selectors.board import Board, Shown
from marketing.selectors.board_sight import choices_of, territory_names

YEAR = "year"
_FIELDS = {
    Narrow.INDUSTRY: "section",
    Narrow.GROUP: "unnest(groups)",
    Narrow.FAMILY: "unnest(families)",
    Narrow.TERRITORY: "unnest(territories)::text",
}


@dataclass(frozen=True)
class FocusLine:
    """One focus: customers known, loans drawn this year; ``share`` of all loans drawn.

    None where cells do not tell: they know sections of industry, not the divisions within.
    """

    narrow: Narrow
    value: str
    label: Text
    cells: Sequence[Shown | None]
    share: float | None
    planned: float | None = None  # the share that the product mix plans for a family


@dataclass(frozen=True)
class StrategyView:
    """An approved strategy and its lines; numbers are those of its unit, this year."""

    row: BranchStrategy
    lines: Sequence[FocusLine]


def strategy_of(*, board: Board) -> StrategyView | None:
    """The strategy of the unit the board is about; else of the first unit in sight with one.

    None before the first count, or without an approved strategy of the year. A few queries.
    """
    if board.run is None or not board.sight.units:
        return None
    asked = [board.sight.unit.pk] if board.sight.unit else [pk for pk, *_rest in board.sight.units]
    rows = BranchStrategy.objects.filter(
        branch__in=asked[:1], year=board.run.as_of.year, state=BranchStrategy.State.APPROVED
    )
    row = rows.select_related("branch").first()
    if row is None:
        return None
    period = period_of(YEAR, board.run.as_of)
    places = [place.pk for place in board.sight.places.values() if row.branch_id in place.path]
    focus = {
        Narrow.INDUSTRY: row.focus_industries,
        Narrow.GROUP: row.focus_groups,
        Narrow.FAMILY: list(dict.fromkeys([*row.focus_families, *row.product_mix])),
        Narrow.TERRITORY: [str(key) for key in row.focus_territories],
    }
    is_whole = board.sight.whole == row.branch_id  # no manager or place is left out
    unit = row.branch_id if is_whole and row.branch_id in board.run.wide else None
    counted = _counted(focus, period, places, unit)
    whole = counted.get(("", ""), {}).get("drawn", (0, 0.0))[1]
    names = _names(row)
    lines = [
        _line(
            narrow,
            value,
            names.get((narrow == Narrow.TERRITORY, value), value),
            counted.get((str(narrow), value), {}),
            whole,
        )
        for narrow, values in focus.items()
        for value in values
    ]
    return StrategyView(row, [_planned(line, row.product_mix) for line in lines])


def _planned(line: FocusLine, mix: Mapping[str, str]) -> FocusLine:
    """The line of a family with its planned share."""
    if line.narrow != Narrow.FAMILY or line.value not in mix:
        return line
    return replace(line, planned=float(mix[line.value]))


def _names(row: BranchStrategy) -> dict[tuple[bool, str], Text]:
    """The words of every focus, by whether it is a territory: 52 is a trade, too."""
    industries = IndustryCode.objects.filter(pk__in=row.focus_industries)
    found: dict[str, Text] = {
        one.pk: in_own_language(one.name_zh, one.name_en) for one in industries
    }
    found |= choices_of(Narrow.GROUP) | choices_of(Narrow.FAMILY)
    places = territory_names(keys=row.focus_territories)
    return {(False, key): label for key, label in found.items()} | {
        (True, str(key)): name for key, name in places.items()
    }


def _line(
    narrow: Narrow,
    value: str,
    label: Text,
    counted: Mapping[str, tuple[int, float]],
    whole: float,
) -> FocusLine:
    if narrow == Narrow.INDUSTRY and len(value) > 1:
        return FocusLine(narrow, value, label, (None, None), None)
    customers = counted.get("customers", (0, 0.0))[0]
    drawn, amount = counted.get("drawn", (0, 0.0))
    return FocusLine(
        narrow=narrow,
        value=value,
        label=label,
        cells=(
            Shown(MEASURES["customers"], "", customers, customers),
            Shown(MEASURES["drawn_amount"], "", amount, drawn),
        ),
        share=amount / whole if whole else None,
    )


def _counted(
    focus: Mapping[Narrow, Sequence[str]], period: Period, places: Sequence[int], unit: int | None
) -> dict[tuple[str, str], dict[str, tuple[int, float]]]:
    """(filter, value): population: (rows, sum), and under ("", "") all loans drawn.

    ``unit``: these are all places below a unit that has cells for each filter.
    """
    customers = slots("customers")["customers", "n"]
    rows, total = (slots("drawn")["drawn", kind] for kind in "ns")
    parts = [
        f"SELECT '' AS narrow, '' AS value, 'drawn' AS population, sum(sums[{rows}]), "
        f"sum(sums[{total}]) FROM marketing_boardcell WHERE population = 'drawn' "
        "AND NOT is_fine AND narrow = '' AND ym BETWEEN %(first)s AND %(last)s "
        "AND place_id = ANY(%(places)s)"
    ]
    asked: dict[str, Any] = months_of(period) | {"places": list(places), "unit": unit}
    for narrow, values in focus.items():
        asked[str(narrow)] = list(values)
        for population, n, s, months in (
            ("customers", customers, customers, "ym = 0"),
            ("drawn", rows, total, "ym BETWEEN %(first)s AND %(last)s"),
        ):
            parts.append(
                f"SELECT '{narrow}', value, '{population}', sum(n), sum(s) FROM ("
                f"SELECT {_FIELDS[narrow] if unit is None else 'value'} AS value, "
                f"sums[{n}] AS n, sums[{s}] AS s "
                f"FROM marketing_boardcell WHERE population = '{population}' AND {months} AND "
                + (
                    "is_fine AND place_id = ANY(%(places)s)"
                    if unit is None
                    else f"unit = %(unit)s AND narrow = '{narrow}'"
                )
                + ") cells "
                f"WHERE value = ANY(%({narrow})s::varchar[]) GROUP BY value"
            )
    found: dict[tuple[str, str], dict[str, tuple[int, float]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), asked)
        for narrow, value, population, n, s in cursor.fetchall():
            found.setdefault((narrow, value), {})[population] = (int(n or 0), (s or 0) / 100)
    return found
