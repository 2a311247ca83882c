"""A value of any portrait column as a person reads it, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.core.masking import mask
from crm.core.templatetags.ui_figures import badge, change, money, number, percent, unknown
from customers.features.spec import ColumnSpec, Unit
from customers.selectors.portrait_words import PLAIN_RATIOS

SENSITIVE = "C2"
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Reader:
    """Who reads: whether amounts become bands, and the names of codes that have no choices."""

    is_masked: bool = False
    names: Names = field(default_factory=dict)

    def shown(self, column: ColumnSpec, value: Any) -> SafeString:
        """The value as HTML; the dash of the unknown for None."""
        if value is None or value == "" or value == []:
            return unknown()
        if self.is_masked and column.data_class == SENSITIVE:
            return _band(column, value)
        return _WRITERS.get(column.unit, _text)(self, column, value)

    def told(self, column: ColumnSpec, value: Any) -> str:
        """The same as plain text, for sentences and titles."""
        if value is None or value == "" or value == []:
            return "—"
        return unescape(strip_tags(self.shown(column, value))).strip()

    def label_of(self, column: ColumnSpec, code: str) -> str:
        """The name of a code: its choice, or the name that the page was given."""
        if column.key in self.names and code in self.names[column.key]:
            return self.names[column.key][code]
        return str(dict(column.choices).get(code, code))


def _band(column: ColumnSpec, value: Any) -> SafeString:
    if column.unit == Unit.YUAN:
        return format_html("{}", mask("amount", max(value, 0), in_list=True))
    return format_html("{}", "****")


def _unit(word: Callable[[], str], places: int | None = None) -> Callable[..., SafeString]:
    def write(reader: Reader, column: ColumnSpec, value: Any) -> SafeString:
        return number(value, places, word())

    return write


def _ratio(reader: Reader, column: ColumnSpec, value: Any) -> SafeString:
    return number(value, 2) if column.key in PLAIN_RATIOS else percent(value)


def _date(reader: Reader, column: ColumnSpec, value: Any) -> SafeString:
    return format_html('<span class="nowrap">{}</span>', f"{value:%Y-%m-%d}")


def _flag(reader: Reader, column: ColumnSpec, value: Any) -> SafeString:
    return format_html("{}", _("yes") if value else _("no"))


def _code(reader: Reader, column: ColumnSpec, value: Any) -> SafeString:
    return format_html("{}", reader.label_of(column, value))


def _codes(reader: Reader, column: ColumnSpec, value: Any) -> SafeString:
    chips = ((badge(reader.label_of(column, code)),) for code in value)
    return format_html_join(" ", "{}", chips)


def _text(reader: Reader, column: ColumnSpec, value: Any) -> SafeString:
    return format_html("{}", value)


def _month(reader: Reader, column: ColumnSpec, value: Any) -> SafeString:
    return format_html("{}", _("month %(number)s") % {"number": value})


_WRITERS: dict[Unit, Callable[[Reader, ColumnSpec, Any], SafeString]] = {
    Unit.YUAN: lambda reader, column, value: money(value),
    Unit.RATIO: _ratio,
    Unit.CHANGE: lambda reader, column, value: change(value, "", 1),
    Unit.COUNT: _unit(lambda: ""),
    Unit.PERSONS: _unit(lambda: _("persons")),
    Unit.DAYS: _unit(lambda: _("days")),
    Unit.MONTHS: _unit(lambda: _("months")),
    Unit.YEARS: _unit(lambda: _("years"), 1),
    Unit.AREA: _unit(lambda: "m²"),
    Unit.ENERGY: _unit(lambda: "kWh"),
    Unit.SCALE: _unit(lambda: "/ 5"),
    Unit.PERCENTILE: _unit(lambda: "/ 100", 0),
    Unit.SCORE: _unit(lambda: "", 0),
    Unit.MONTH_OF_YEAR: _month,
    Unit.DATE: _date,
    Unit.FLAG: _flag,
    Unit.CODE: _code,
    Unit.CODES: _codes,
}
