"""A value of the portrait as it stands in a spoken sentence: 下降 24%, 1.5 年, 86 万元."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.core.money import grouped, money_figure
from customers.features.spec import ColumnSpec, Unit

PLAIN_RATIOS = frozenset(  # told as times or as a coefficient, not per cent
    {
        "season_strength",
        "debt_service_cover",
        "collateral_cover",
        "inflow_cv_12m",
        "sales_cv_12m",
        "buyer_hhi_12m",
        "supplier_hhi_12m",
        "deposit_to_loan_3m",
    }
)
Names = Mapping[str, Mapping[str, str]]


def say(column: ColumnSpec, value: Any, names: Names | None = None) -> str:
    """The value in the reader's language; "not known" for None."""
    if value is None or value == []:
        return _("not known")
    if column.unit in (Unit.CODE, Unit.CODES):
        codes = value if isinstance(value, list) else [value]
        return _(", ").join(_code(column, code, names or {}) for code in codes)
    if column.unit == Unit.RATIO and column.key in PLAIN_RATIOS:
        return number(value, 2)
    return _WRITERS.get(column.unit, lambda found: str(found))(value)


def say_limit(value: str, unit: str) -> str:
    """A rule parameter in a sentence: -15%, 3 years, 30 万元."""
    if unit == "ratio":
        return percent(value)
    words = {"yuan": money, "year": years, "day": days, "month": months}
    return words[unit](value) if unit in words else number(value, 2)


def number(value: Any, places: int) -> str:
    """Grouped digits without idle zeros."""
    return grouped(Decimal(str(value)), places, trim=True)


def percent(value: Any) -> str:
    """A share in per cent, one decimal at most."""
    return f"{number(Decimal(str(value)) * 100, 1)}%"


def change(value: Any) -> str:
    """A change in words: up 24%, down 24%, unchanged."""
    share = Decimal(str(value))
    size = percent(abs(share))
    if size == "0%":
        return _("unchanged")
    words = _("up %(percent)s") if share > 0 else _("down %(percent)s")
    return words % {"percent": size}


def money(value: Any) -> str:
    """An amount in the unit that reads best."""
    is_chinese = (get_language() or "zh").startswith("zh")
    return str(money_figure(Decimal(str(value)), chinese=is_chinese))


def years(value: Any) -> str:
    """Years with one decimal, cut off: 2.96 are not yet 3."""
    cut = Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return _("%(number)s years") % {"number": number(cut, 1)}


def days(value: Any) -> str:
    """Whole days."""
    count = int(Decimal(str(value)))
    return ngettext("%(number)s day", "%(number)s days", count) % {"number": count}


def months(value: Any) -> str:
    """Whole months."""
    count = int(Decimal(str(value)))
    return ngettext("%(number)s month", "%(number)s months", count) % {"number": count}


def _code(column: ColumnSpec, code: str, names: Names) -> str:
    if code in names.get(column.key, {}):
        return names[column.key][code]
    return str(dict(column.choices).get(code, code))


_WRITERS: dict[Unit, Callable[[Any], str]] = {
    Unit.YUAN: money,
    Unit.RATIO: percent,
    Unit.CHANGE: change,
    Unit.COUNT: lambda value: number(value, 0),
    Unit.PERSONS: lambda value: _("%(number)s persons") % {"number": number(value, 0)},
    Unit.DAYS: days,
    Unit.MONTHS: months,
    Unit.YEARS: years,
    Unit.PERCENTILE: lambda value: f"{number(value, 0)}%",
    Unit.SCORE: lambda value: number(value, 0),
    Unit.MONTH_OF_YEAR: lambda value: _("month %(number)s") % {"number": value},
    Unit.DATE: lambda value: f"{value:%Y-%m-%d}",
    Unit.FLAG: lambda value: _("yes") if value else _("no"),
}
