"""The SQL of the board's cells: counted from the rows once, read by every page.

Statements take the named parameters of ``values_of`` and ``months_of``; ``places``, ``whole`` and
the filters when they are read, ``wide`` when the units' cells are counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from marketing.boards.figures import BY_POPULATION
from marketing.boards.populations import POPULATIONS
from marketing.boards.spec import Narrow, Population
from marketing.boards.statements import (
    FIELDS,
    NO_TEXT,
    fields_sql,
    joins_sql,
    marked,
    month_sql,
    narrowed,
    place_sql,
    within_sql,
)

# Cells of one territory are few and lie in many places: found once for all populations.
THERE = """WITH there AS MATERIALIZED (SELECT * FROM marketing_boardcell WHERE is_fine
  AND territories @> ARRAY[%(territory)s]::bigint[]
  AND ym = ANY(%(months)s)) """
UNCUT = "every_cut"  # marks the cells of a place that hold all cuts together
HELD = {  # what the fine cells hold of a filter that wide units have cells for
    Narrow.INDUSTRY: "ARRAY[c.section]",
    Narrow.GROUP: "c.groups",
    Narrow.FAMILY: "c.families",
    Narrow.MODE: "ARRAY[c.mode]",
}


@cache
def slots(population: str) -> dict[tuple[str, str], int]:
    """Where a cell holds the rows (``n``) and the sum (``s``) of each figure, from 1 on."""
    keys = [
        (figure.key, kind)
        for figure in BY_POPULATION[population]
        for kind in ("n", "s")
        if kind == "n" or figure.value
    ]
    return {key: no for no, key in enumerate(keys, start=1)}


def _cents(value: str) -> str:
    """The value in hundredths, a whole number; unknown adds nothing."""
    return f"coalesce(round((({value}) * 100)::numeric), 0)"


def _spread(population: Population, of: str) -> str:
    if population.spread is None:
        return "NULL::int[]"
    numbers = range(1, population.spread.size + 1)
    return f"ARRAY[{', '.join(of.format(no) for no in numbers)}]::int[]"


def count_fine(key: str, conditions: Mapping[str, str]) -> str:
    """INSERT of the cells with filters of one population, for the months asked for."""
    population, figures = POPULATIONS[key], BY_POPULATION[key]
    told = [f"{figure.where} {figure.value}" for figure in figures]
    named = " ".join(
        [*told, population.cut_sql, population.families, population.mode, population.at]
    )
    fields = fields_sql(population)
    spread = ", NULL::int AS d"
    if population.spread:
        spread = f", {population.spread.expression} AS d"
    inner = ", ".join(f"{expression} AS {name}" for name, expression in fields.items())
    kept = " AND ".join(filter(None, (population.where, within_sql(population))))
    joins = joins_sql(population, f"{named} {inner}")
    values = ", ".join(
        f"({figure.where}) AS w{no}" + (f", {_cents(figure.value)} AS v{no}" * bool(figure.value))
        for no, figure in enumerate(figures)
    )
    added = ", ".join(
        f"count(*) FILTER (WHERE w{no})"
        + (f", coalesce(sum(v{no}) FILTER (WHERE w{no}), 0)" * bool(figure.value))
        for no, figure in enumerate(figures)
    )
    sql = (
        f"INSERT INTO marketing_boardcell (population, is_fine, ym, place_id, cut, "
        f"{', '.join(FIELDS)}, sums, spread) "
        f"SELECT '{key}', true, ym, place_id, cut, {', '.join(FIELDS)}, "
        f"ARRAY[{added}]::float8[], "
        f"{_spread(population, 'count(*) FILTER (WHERE d = {})')} FROM ("
        f"SELECT {month_sql(population)} AS ym, {place_sql(population)} AS place_id, "
        f"({population.cut_sql})::varchar AS cut, {inner}{spread}, {values} "
        f"FROM {joins} WHERE {kept} OFFSET 0) rows "  # each expression once
        f"GROUP BY ym, place_id, cut, {', '.join(FIELDS)}"
    )
    return marked(sql, conditions)


def count_coarse(key: str) -> str:
    """INSERT of the cells without filters: what the fine ones of the same months add up to."""
    population = POPULATIONS[key]
    wide = len(slots(key))
    added = ", ".join(f"sum(sums[{no}])" for no in range(1, wide + 1))
    months = "ym BETWEEN %(first)s AND %(last)s" if population.is_flow else "ym = 0"
    return (
        "INSERT INTO marketing_boardcell (population, is_fine, ym, place_id, cut, "
        f"{', '.join(FIELDS)}, sums, spread) "
        f"SELECT population, false, ym, place_id, cut, '', '{{}}', '{{}}', '{{}}', '', "
        f"ARRAY[{added}]::float8[], {_spread(population, 'sum(spread[{}])')} "
        f"FROM marketing_boardcell WHERE population = '{key}' AND is_fine AND {months} "
        "GROUP BY population, ym, place_id, cut"
    )


def count_uncut(key: str) -> str:
    """INSERT of one cell a place and month: what the coarse ones of every cut add up to."""
    population = POPULATIONS[key]
    added = ", ".join(f"sum(sums[{no}])" for no in range(1, len(slots(key)) + 1))
    months = "ym BETWEEN %(first)s AND %(last)s" if population.is_flow else "ym = 0"
    return (
        "INSERT INTO marketing_boardcell (population, is_fine, ym, place_id, narrow, cut, "
        f"{', '.join(FIELDS)}, sums, spread) "
        f"SELECT population, false, ym, place_id, '{UNCUT}', '', '', '{{}}', '{{}}', '{{}}', '', "
        f"ARRAY[{added}]::float8[], NULL "
        f"FROM marketing_boardcell WHERE population = '{key}' AND NOT is_fine "
        f"AND unit IS NULL AND {months} GROUP BY population, ym, place_id"
    )


def count_units(key: str) -> str:
    """INSERT of the cells of whole units: what the coarse ones of all places below add up to."""
    population = POPULATIONS[key]
    added = ", ".join(f"sum(c.sums[{no}])" for no in range(1, len(slots(key)) + 1))
    months = "c.ym BETWEEN %(first)s AND %(last)s" if population.is_flow else "c.ym = 0"
    return (
        "INSERT INTO marketing_boardcell (population, is_fine, ym, unit, cut, "
        f"{', '.join(FIELDS)}, sums, spread) "
        f"SELECT c.population, false, c.ym, above, c.cut, '', '{{}}', '{{}}', '{{}}', '', "
        f"ARRAY[{added}]::float8[], {_spread(population, 'sum(c.spread[{}])')} "
        "FROM marketing_boardcell c JOIN marketing_boardplace p ON p.id = c.place_id "
        "CROSS JOIN LATERAL unnest(p.path) AS above "
        f"WHERE c.population = '{key}' AND NOT c.is_fine AND c.narrow = '' AND {months} "
        "GROUP BY c.population, c.ym, above, c.cut"
    )


def count_narrow(key: str, narrow: Narrow) -> str:
    """INSERT of the cells of wide units under each value of one filter, from the fine ones."""
    population, held = POPULATIONS[key], HELD[narrow]
    added = ", ".join(f"sum(c.sums[{no}])" for no in range(1, len(slots(key)) + 1))
    months = "c.ym BETWEEN %(first)s AND %(last)s" if population.is_flow else "c.ym = 0"
    return (
        "INSERT INTO marketing_boardcell (population, is_fine, ym, unit, narrow, value, cut, "
        f"{', '.join(FIELDS)}, sums, spread) "
        f"SELECT c.population, false, c.ym, above, '{narrow}', held::text, c.cut, "
        f"'', '{{}}', '{{}}', '{{}}', '', "
        f"ARRAY[{added}]::float8[], {_spread(population, 'sum(c.spread[{}])')} "
        "FROM marketing_boardcell c JOIN marketing_boardplace p ON p.id = c.place_id "
        f"CROSS JOIN LATERAL unnest(p.path) AS above CROSS JOIN LATERAL unnest({held}) AS held "
        f"WHERE c.population = '{key}' AND c.is_fine AND {months} "
        "AND above = ANY(%(wide)s) AND held::text <> '' "
        "GROUP BY c.population, c.ym, above, held, c.cut"
    )


def read_cells(
    keys: Sequence[str],
    filters: Mapping[Narrow, Any],
    *,
    by: str,
    is_unit: bool = False,
    is_wide: bool = False,
) -> str:
    """SELECT of (population, cut, month, place, sums, spread) of each key; ``by``: cut or place.

    ``is_unit``: the places asked for are all those below ``%(whole)s``, whose cells are read;
    ``is_wide``: that unit has cells for each filter, too.
    """
    unit = {"is_unit": is_unit, "is_wide": is_wide}
    parts = " UNION ALL ".join(_read_one(key, filters, by=by, **unit) for key in keys)
    return f"{THERE if Narrow.TERRITORY in filters else ''}{parts}"


def _read_one(
    key: str, filters: Mapping[Narrow, Any], *, by: str, is_unit: bool, is_wide: bool
) -> str:
    population = POPULATIONS[key]
    wide = len(slots(key))
    added = ", ".join(f"sum(sums[{no}])" for no in range(1, wide + 1))
    has_months = population.is_flow and population.key == "visits" and by == "cut"
    groups = ["cut" if by == "cut" else "place_id", *(["ym"] if has_months else [])]
    months = "ym BETWEEN %(first)s AND %(last)s" if population.is_flow else "ym = 0"
    spread = _spread(population, "sum(spread[{}])") if by == "cut" else "NULL::int[]"
    return (
        f"SELECT '{key}' AS population, {'cut' if by == 'cut' else NO_TEXT} AS cut, "
        f"{'ym' if has_months else '0'} AS ym, {'0' if by == 'cut' else 'place_id'} AS place, "
        f"ARRAY[{added}]::float8[] AS sums, {spread} AS spread "
        f"FROM {'there' if Narrow.TERRITORY in filters else 'marketing_boardcell'} "
        f"WHERE population = '{key}' AND {months} "
        f"AND {_cells_asked(population, filters, by=by, is_unit=is_unit, is_wide=is_wide)} "
        f"GROUP BY {', '.join(groups)}"
    )


def _cells_asked(
    population: Population, filters: Mapping[Narrow, Any], *, by: str, is_unit: bool, is_wide: bool
) -> str:
    """Which cells tell it in the fewest rows: those of a unit, of a filter there, or of places."""
    applied = [name for name in filters if name in population.narrows]
    if is_unit and not applied:
        return "unit = %(whole)s AND narrow = ''"
    if is_unit and is_wide and len(applied) == 1 and applied[0] in HELD:
        name = applied[0]
        return f"unit = %(whole)s AND narrow = '{name}' AND value = %({name})s"
    fine = str(bool(applied)).lower()
    of_cuts = "" if by == "cut" or applied or not population.cut else UNCUT
    found = narrowed(population, filters, on_cells=True)
    return f"is_fine = {fine} AND narrow = '{of_cuts}' AND place_id = ANY(%(places)s) AND {found}"
