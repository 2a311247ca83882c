"""Products of competitors from a file: the competitor found, bounds checked, last day settled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyarrow as pa

from customers.services.imports.context import ImportContext
from customers.services.imports.rows import Rows
from products.models import Competitor
from products.selectors.competitors import valid_days

BOUNDS = (
    ("amount_min", "amount_max"),
    ("term_min_months", "term_max_months"),
    ("rate_min", "rate_max"),
)


def prepare_products(rows: Rows, context: ImportContext) -> None:
    """The columns of ``CompetitorProduct``, ready to be written; what cannot be is refused."""
    names = _column(rows, "competitor")
    known = dict(Competitor.objects.filter(name__in=set(names)).values_list("name", "pk"))
    for place, name in enumerate(names):
        if name and name not in known:
            rows.refuse(place, "competitor", "competitor_unknown")
    _check_bounds(rows)
    seen = _column(rows, "source_on")
    rows.columns.pop("competitor", None)
    rows.columns["valid_until"] = pa.array(_last_days(rows, seen, context), pa.date32())
    rows.columns["competitor_id"] = pa.array([known.get(name) for name in names], pa.int64())
    rows.columns["import_key"] = pa.array(
        [
            "|".join((who, what, day.isoformat())) if who and what and day else None
            for who, what, day in zip(names, _column(rows, "name"), seen, strict=True)
        ],
        pa.string(),
    )
    rows.columns["added_by_id"] = pa.array([context.by_id] * len(names), pa.int64())


def _column(rows: Rows, key: str) -> list[Any]:
    """The values of a column; nothing where the file lacks it."""
    if key in rows.columns:
        values: list[Any] = rows.columns[key].to_pylist()
        return values
    return [None] * len(rows.lines)


def _check_bounds(rows: Rows) -> None:
    for low, high in BOUNDS:
        pairs = zip(_column(rows, low), _column(rows, high), strict=True)
        for place, (least, most) in enumerate(pairs):
            if least is not None and most is not None and least > most:
                rows.refuse(place, high, "upper_below_lower")


def _last_days(rows: Rows, seen: list[Any], context: ImportContext) -> list[Any]:
    """Until when each line holds; by the parameter where it does not say."""
    days = timedelta(days=valid_days(context.today))
    found = []
    for place, (told, on) in enumerate(zip(_column(rows, "valid_until"), seen, strict=True)):
        last = told or (on and on + days)
        if last and on and last < on:
            rows.refuse(place, "valid_until", "valid_before_seen")
        found.append(last)
    return found
