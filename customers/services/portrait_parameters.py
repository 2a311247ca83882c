"""What a run of the engine is told: the day, its windows, and the parameters of the rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from borax.calendars.lunardate import LunarDate
from psycopg2.extensions import AsIs  # type: ignore[import-untyped]

from crm.core.months import last_closed, month_start, ym_of
from crm.core.parameters import Parameters, parameters
from customers.features.catalogue import weighted_features
from customers.features.quality import age_key, weight_key
from customers.services.statistics import bank_figures

LUNAR_MONTHS = 17  # how far back the same lunar quarter of the year before can reach
LUNAR_ENDS = 121  # window ends served: the last closed month and ten years before it
TAX_MONTHS, TAX_DAY = (1, 4, 7, 10), 15


def run_parameters(as_of: date, needed: Iterable[str]) -> tuple[dict[str, Any], str]:
    """Every needed query parameter for one day, and the version of the rule parameters."""
    snapshot = parameters(as_of)
    known = _calendar(as_of) | _weights(snapshot) | bank_figures(as_of)
    found = {}
    for key in needed:
        found[key] = known[key] if key in known else _number_or_text(snapshot.text(key))
    return found, snapshot.version


def _number_or_text(value: str) -> AsIs | str:
    """A parameter as a double; a day stays text, which its formula casts."""
    try:
        return double(Decimal(value))
    except InvalidOperation:
        return value


def double(value: Decimal | float) -> AsIs:
    """A number as double precision: a bare 0.25 would be numeric, and sums of it cost twice."""
    return AsIs(f"'{float(value)!r}'::float8")


def _calendar(as_of: date) -> dict[str, Any]:
    """The day and the bounds of its windows, which end with the last closed month."""
    last, this = last_closed(as_of), ym_of(as_of)
    return {
        "as_of": as_of,
        "last": last,
        "this_ym": this,
        "until": month_start(this),
        "next_12m": month_start(this + 12),
        "month_starts": [month_start(this + ahead) for ahead in range(9)],
        "next_tax_on": _next_tax_day(as_of),
        "lunar_weights": lunar_table(last),
        **{f"from_{months}m": month_start(this - months) for months in (3, 6, 12, 24)},
    }


def _weights(snapshot: Parameters) -> dict[str, AsIs]:
    """Weight and age of every feature: the parameter where there is one, else the spec."""
    found: dict[str, AsIs] = {}
    for feature in weighted_features():
        for key, default in (
            (weight_key(feature), feature.weight),
            (age_key(feature), feature.max_age_days),
        ):
            found[key] = double(Decimal(snapshot.values.get(key, default)))
    return found


def _next_tax_day(as_of: date) -> date:
    """The next day on which quarterly tax is due."""
    days = (
        date(year, month, TAX_DAY) for year in (as_of.year, as_of.year + 1) for month in TAX_MONTHS
    )
    return next(day for day in days if day >= as_of)


@lru_cache(maxsize=32)
def lunar_table(last: int) -> str:
    """Weights of the months that make up the same lunar quarter a year before, as an SQL array.

    Row 1 is for a quarter that ends in month ``last``, row 2 for one that ends a month earlier,
    and so on; column k is the month k - 1 before that end.
    """
    rows = (",".join(map(repr, lunar_weights(last - back))) for back in range(LUNAR_ENDS))
    return "{" + ",".join(f"{{{row}}}" for row in rows) + "}"


@lru_cache(maxsize=256)
def lunar_weights(end: int) -> tuple[float, ...]:
    """How much of each month counts, scaled to the length of the quarter ending in ``end``.

    A month counts by the share of its days inside the lunar period (sales within a month are
    taken as even).
    """
    first, after = month_start(end - 2), month_start(end + 1)
    low, high = _lunar_year_before(first), _lunar_year_before(after)
    scale = (after - first).days / (high - low).days
    found = []
    for ago in range(LUNAR_MONTHS):
        start, stop = month_start(end - ago), month_start(end - ago + 1)
        inside = (min(stop, high) - max(start, low)).days
        share = max(inside, 0) / (stop - start).days
        found.append(round(share * scale, 12))
    return tuple(found)


def _lunar_year_before(day: date) -> date:
    """The day with the same lunar month and day, one lunar year earlier."""
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    for lunar_day in (lunar.day, lunar.day - 1):  # a month may have 29 days only
        try:
            found: date = LunarDate(lunar.year - 1, lunar.month, lunar_day).to_solar_date()
            return found
        except ValueError:
            continue
    raise ValueError(f"no lunar day a year before {day}")
