"""The SQL of the board: the count of cells and the list of rows, both from the same figures.

``rows_of`` is what a number opens; ``count_fine`` sums the very same conditions. Statements take
named parameters: those of ``values_of``, the months, the places, the filters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q

from crm.core.months import ym_of
from crm.core.parameters import Parameters
from marketing.boards.figures import BY_POPULATION
from marketing.boards.measures import Kind, Measure
from marketing.boards.periods import Period
from marketing.boards.populations import POPULATIONS
from marketing.boards.spec import ZONE, Narrow, Place, Population
from marketing.goals.inclusive import CALIBERS
from marketing.models import Opportunity
from marketing.pipeline import TRACKS
from marketing.pipeline.clock import BANDS, aged, overdue, stalled

NO_TEXT, NO_SET = "''", "'{}'"
FIELDS = ("section", "groups", "families", "territories", "mode")
FOUND = {
    Narrow.INDUSTRY: "{section} = %(industry)s",
    Narrow.GROUP: "{groups} @> ARRAY[%(group)s]::varchar[]",
    Narrow.TERRITORY: "{territories} @> ARRAY[%(territory)s]::bigint[]",
    Narrow.FAMILY: "{families} @> ARRAY[%(family)s]::varchar[]",
    Narrow.MODE: "{mode} = %(mode)s",
}
HELD = {  # what the fine cells hold of a filter that wide units have cells for
    Narrow.INDUSTRY: "ARRAY[c.section]",
    Narrow.GROUP: "c.groups",
    Narrow.FAMILY: "c.families",
    Narrow.MODE: "ARRAY[c.mode]",
}
_ALIAS = {
    "b": "JOIN marketing_boardcustomer b ON b.customer_id",
    "p": "LEFT JOIN customers_portrait p ON p.customer_id",
    "c": "JOIN customers_customer c ON c.id",
}


def values_of(as_of: date, known: Parameters) -> dict[str, Any]:
    """The values that conditions name, as of a day."""
    found: dict[str, Any] = {
        "as_of": as_of,
        "ym.last": ym_of(as_of) - 1,
        "ym.year_end": as_of.year * 12 - 1,
        "valid_score": known.number("quality.valid_score"),
        "inclusive.limit": known.decimal(CALIBERS["nfra_goal"].limit),
        "points.visits_day": known.number("board.points.visits_day"),
        "points.facts_day": known.number("board.points.facts_day"),
    }
    for track in TRACKS.values():
        for stage in track.stages[:-1]:
            key = f"sla.{track.key}.{stage.key}"
            found[key] = known.number(f"pipeline.{key}")
    return found


def conditions_of(as_of: date, known: Parameters) -> dict[str, str]:
    """Conditions that the pipeline tells as ``Q``, as SQL over ``x``."""
    asked: dict[str, Q] = {"overdue": overdue(as_of), "stalled": stalled(as_of, known)}
    asked |= {f"aged_{no}": aged(band, as_of) for no, band in enumerate(BANDS)}
    return {key: _as_sql(condition) for key, condition in asked.items()}


def _as_sql(condition: Q) -> str:
    rows = Opportunity.objects.filter(condition, state=Opportunity.State.OPEN)
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        told = cursor.mogrify(sql, params)
    text = told.decode() if isinstance(told, bytes) else told
    return f"x.id IN ({text.replace('%', '%%')})"


def _local(population: Population) -> str:
    """The row's day in China."""
    if population.is_moment:
        return f"({population.at} AT TIME ZONE '{ZONE}')"
    return population.at


def _moment(population: Population) -> str:
    if population.is_moment:
        return population.at
    return f"(({population.at} + time '12:00') AT TIME ZONE '{ZONE}')"


def _month(population: Population) -> str:
    if not population.is_flow:
        return "0"
    day = _local(population)
    return f"(extract(year FROM {day}) * 12 + extract(month FROM {day}) - 1)::int"


def _place(population: Population) -> str:
    return "b.place_id" if population.place == Place.NOW else "h.place_id"


def _fields(population: Population) -> dict[str, str]:
    """The expression of each filter's field over one row."""
    return {
        "section": "b.section",
        "groups": "b.groups",
        "territories": "b.territories",
        "families": f"({population.families or NO_SET})::varchar[]",
        "mode": population.mode or NO_TEXT,
    }


def _joins(population: Population, text: str) -> str:
    """Where rows come from, with only the tables that ``text`` names."""
    parts = [population.source]
    at = _moment(population) if population.at else ""
    if population.place == Place.CHARGE:
        parts.append(
            f"JOIN marketing_boardcharge h ON h.customer_id = {population.customer} "
            f"AND {at} >= h.from_at AND {at} < h.until_at"
        )
    if population.place == Place.MAKER:
        manager = "v.manager_id" if " v ON " in population.source else "x.manager_id"
        parts.append(
            f"JOIN marketing_boardseat h ON h.manager_id = {manager} "
            f"AND {at} >= h.from_at AND {at} < h.until_at"
        )
    named = f"{text} {population.where}"
    parts += [
        f"{join} = {population.customer}"
        for alias, join in _ALIAS.items()
        if re.search(rf"\b{alias}\.", named)
    ]
    return " ".join(parts)


def _within(population: Population) -> str:
    """The months asked for, as bounds that an index can use."""
    if not population.is_flow:
        return "true"
    kind = "at" if population.is_moment else "on"
    return f"{population.at} >= %(from_{kind})s AND {population.at} < %(until_{kind})s"


def months_of(period: Period) -> dict[str, Any]:
    """The bounds of a period as the statements name them."""
    return {
        "from_at": period.from_at,
        "until_at": period.until_at,
        "from_on": period.from_on,
        "until_on": period.until_on,
        "first": period.first,
        "last": period.last,
    }


def _marked(text: str, conditions: Mapping[str, str]) -> str:
    return re.sub(r"\[\[(\w+)\]\]", lambda found: conditions[found.group(1)], text)


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
    fields = _fields(population)
    spread = ", NULL::int AS d"
    if population.spread:
        spread = f", {population.spread.expression} AS d"
    inner = ", ".join(f"{expression} AS {name}" for name, expression in fields.items())
    kept = " AND ".join(filter(None, (population.where, _within(population))))
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
        f"SELECT {_month(population)} AS ym, {_place(population)} AS place_id, "
        f"({population.cut_sql})::varchar AS cut, {inner}{spread}, {values} "
        f"FROM {_joins(population, named)} WHERE {kept} OFFSET 0) rows "  # each expression once
        f"GROUP BY ym, place_id, cut, {', '.join(FIELDS)}"
    )
    return _marked(sql, conditions)


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
        f"WHERE c.population = '{key}' AND NOT c.is_fine AND {months} "
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


def narrowed(population: Population, filters: Mapping[Narrow, Any], *, on_cells: bool) -> str:
    """The condition of the filters that apply to these rows; "true" when none does."""
    fields = {name: name for name in FIELDS} if on_cells else _fields(population)
    kept = [FOUND[name].format(**fields) for name in filters if name in population.narrows]
    return " AND ".join(kept) or "true"


def read_cells(
    key: str,
    filters: Mapping[Narrow, Any],
    *,
    by: str,
    is_unit: bool = False,
    is_wide: bool = False,
) -> str:
    """SELECT of (population, cut, month, place, sums, spread); ``by``: cut or place.

    ``is_unit``: the places asked for are all those below ``%(whole)s``, whose cells are read;
    ``is_wide``: that unit has cells for each filter, too.
    """
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
        f"FROM marketing_boardcell WHERE population = '{key}' AND {months} "
        f"AND {_cells_asked(population, filters, is_unit=is_unit, is_wide=is_wide)} "
        f"GROUP BY {', '.join(groups)}"
    )


def _cells_asked(
    population: Population, filters: Mapping[Narrow, Any], *, is_unit: bool, is_wide: bool
) -> str:
    """Which cells tell it in the fewest rows: those of a unit, of a filter there, or of places."""
    applied = [name for name in filters if name in population.narrows]
    if is_unit and not applied:
        return "unit = %(whole)s AND narrow = ''"
    if is_unit and is_wide and len(applied) == 1 and applied[0] in HELD:
        name = applied[0]
        return f"unit = %(whole)s AND narrow = '{name}' AND value = %({name})s"
    fine = str(bool(applied)).lower()
    found = narrowed(population, filters, on_cells=True)
    return f"is_fine = {fine} AND place_id = ANY(%(places)s) AND {found}"


def rows_of(
    measure: Measure,
    filters: Mapping[Narrow, Any],
    conditions: Mapping[str, str],
    *,
    cut: str = "",
    is_everywhere: bool = False,
) -> str:
    """SELECT of (id, customer, place, at, day, value, is_part, url key, columns…) of the rows.

    ``is_everywhere``: all places are asked for. Parameters: ``values_of``, ``months_of``, places,
    the filters, ``cut_values``.
    """
    population, figure, part = measure.population, measure.base, measure.portion
    value = f"round((({figure.value}) * 100)::numeric) / 100" if figure.value else "NULL::numeric"
    columns = "".join(
        f", {column.expression} AS column_{no}" for no, column in enumerate(population.columns)
    )
    kept = [population.where, figure.where, _within(population)]
    if not is_everywhere:
        kept.append(f"{_place(population)} = ANY(%(places)s)")
    kept.append(narrowed(population, filters, on_cells=False))
    if cut:
        pieces = population.cut_pieces(cut)
        kept += (
            ["false"]
            if pieces is None
            else [f"{column} = %(cut_{no})s" for no, column in enumerate(pieces)]
        )
    if measure.kind == Kind.DISTINCT and population.spread:
        kept.append(f"{population.spread.expression} > {_month(population)} - %(first)s")
    day = f"{_local(population)}::date" if population.at else "NULL::date"
    is_part = f"({part.where})" if part else "NULL::boolean"
    told = (
        f"SELECT {population.identity} AS id, {population.customer} AS customer_id, "
        f"{_place(population)} AS place_id, {population.at or 'NULL::date'} AS at, {day} AS day, "
        f"{value} AS value, {is_part} AS is_part, "
        f"{population.url_key or population.identity} AS url_key{columns} "
    )
    where = " AND ".join(f"({condition})" for condition in kept)
    return _marked(f"{told}FROM {_joins(population, told + where)} WHERE {where}", conditions)


def cut_values(population: Population, cut: str) -> dict[str, str]:
    """The pieces of a cut as ``rows_of`` names them."""
    pieces = population.cut_pieces(cut) or {}
    return {f"cut_{no}": piece for no, piece in enumerate(pieces.values())}
