"""The SQL of the board's rows: what a number opens, from the very conditions that cells sum.

Statements take named parameters: those of ``values_of``, the months, the places, the filters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from crm.core.months import ym_of
from crm.core.parameters import Parameters
from marketing.boards.measures import Kind, Measure
from marketing.boards.periods import Period
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


def month_sql(population: Population) -> str:
    if not population.is_flow:
        return "0"
    day = _local(population)
    return f"(extract(year FROM {day}) * 12 + extract(month FROM {day}) - 1)::int"


def place_sql(population: Population) -> str:
    return "b.place_id" if population.place == Place.NOW else "h.place_id"


def fields_sql(population: Population) -> dict[str, str]:
    """The expression of each filter's field over one row."""
    return {
        "section": "b.section",
        "groups": "b.groups",
        "territories": "b.territories",
        "families": f"({population.families or NO_SET})::varchar[]",
        "mode": population.mode or NO_TEXT,
    }


def joins_sql(population: Population, text: str) -> str:
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


def within_sql(population: Population) -> str:
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
        "months": [0, *range(period.first, period.last + 1)],  # 0: as of now
    }


def marked(text: str, conditions: Mapping[str, str]) -> str:
    return re.sub(r"\[\[(\w+)\]\]", lambda found: conditions[found.group(1)], text)


def narrowed(population: Population, filters: Mapping[Narrow, Any], *, on_cells: bool) -> str:
    """The condition of the filters that apply to these rows; "true" when none does."""
    fields = {name: name for name in FIELDS} if on_cells else fields_sql(population)
    kept = [FOUND[name].format(**fields) for name in filters if name in population.narrows]
    return " AND ".join(kept) or "true"


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
    kept = [population.where, figure.where, within_sql(population)]
    if not is_everywhere:
        kept.append(f"{place_sql(population)} = ANY(%(places)s)")
    kept.append(narrowed(population, filters, on_cells=False))
    if cut:
        pieces = population.cut_pieces(cut)
        kept += (
            ["false"]
            if pieces is None
            else [f"{column} = %(cut_{no})s" for no, column in enumerate(pieces)]
        )
    if measure.kind == Kind.DISTINCT and population.spread:
        kept.append(f"{population.spread.expression} > {month_sql(population)} - %(first)s")
    day = f"{_local(population)}::date" if population.at else "NULL::date"
    is_part = f"({part.where})" if part else "NULL::boolean"
    told = (
        f"SELECT {population.identity} AS id, {population.customer} AS customer_id, "
        f"{place_sql(population)} AS place_id, "
        f"{population.at or 'NULL::date'} AS at, {day} AS day, "
        f"{value} AS value, {is_part} AS is_part, "
        f"{population.url_key or population.identity} AS url_key{columns} "
    )
    where = " AND ".join(f"({condition})" for condition in kept)
    return marked(f"{told}FROM {joins_sql(population, told + where)} WHERE {where}", conditions)


def cut_values(population: Population, cut: str) -> dict[str, str]:
    """The pieces of a cut as ``rows_of`` names them."""
    pieces = population.cut_pieces(cut) or {}
    return {f"cut_{no}": piece for no, piece in enumerate(pieces.values())}
