"""The cells of a customer list as HTML: hundreds a page, so written here and not by a template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.core.templatetags.ui_figures import badge, change, money, number, percent, unknown
from customers.selectors.list_columns import ListColumn

Row = dict[str, Any]
RELATION_TONES = {"existing": "good", "prospect": "accent", "dormant": "warn", "lost": "plain"}
TIER_TONES = {"A": "good", "B": "accent"}
STAGE_TONES = {"growth": "good", "decline": "warn", "start_up": "accent"}
LEVEL_TONES = {"good": "", "fair": "", "poor": "warn-text"}


def table_rows(
    rows: Sequence[Row], columns: Sequence[ListColumn], *, is_picked: bool
) -> SafeString:
    """Every row of the table; with ``is_picked`` a box to tick before each name."""
    writers = [(column, CELLS.get(column.kind, text_cell), _label(column)) for column in columns]
    lines = ((_line(row, writers, is_picked),) for row in rows)
    return format_html_join("", "<tr>{}</tr>", lines)


def _line(row: Row, writers: list[Any], is_picked: bool) -> SafeString:
    cells = []
    for column, write, label in writers:
        if column.key == "name":
            cells.append((name_cell(row, is_picked),))
        elif column.is_numeric:
            inner = write(column, row)
            cells.append((format_html('<td class="num" data-label="{}">{}</td>', label, inner),))
        else:
            cells.append((format_html('<td data-label="{}">{}</td>', label, write(column, row)),))
    return format_html_join("", "{}", cells)


def _label(column: ListColumn) -> str:
    return str(column.label)


def name_cell(row: Row, is_picked: bool) -> SafeString:
    """The name as the link of its row, with its box and what must not be overlooked."""
    key, name = row["pk"], row["name"]
    quiet = badge(_("Do not contact"), "bad") if row["is_do_not_contact"] else ""
    link = format_html('<a class="rowlink" href="/customers/{}/">{}</a>', key, name)
    if not is_picked:
        return format_html("<td>{} {}</td>", link, quiet)
    box = '<input type="checkbox" class="form-check-input" name="c" value="{}" aria-label="{}">'
    return format_html(
        '<td><span class="row-line">{}{}{}</span></td>',
        format_html(box, key, _("Choose %(name)s") % {"name": name}),
        link,
        quiet,
    )


def text_cell(column: ListColumn, row: Row) -> Any:
    """The text, or the dash of the unknown."""
    return row[column.path] or unknown()


def choice_cell(column: ListColumn, row: Row) -> Any:
    """The label of the code."""
    value = row[column.path]
    return (
        dict(column.choices).get(value, value) if value not in (None, "", "unknown") else unknown()
    )


def date_cell(column: ListColumn, row: Row) -> Any:
    """The day in full."""
    value = row[column.path]
    return format_html('<span class="nowrap">{:%Y-%m-%d}</span>', value) if value else unknown()


def _toned(tones: dict[str, str]) -> Callable[[ListColumn, Row], Any]:
    def cell(column: ListColumn, row: Row) -> Any:
        value = row[column.path]
        if value in (None, "", "unknown"):
            return unknown()
        return badge(dict(column.choices).get(value, value), tones.get(value, "plain"))

    return cell


CELLS: dict[str, Callable[[ListColumn, Row], Any]] = {
    "text": text_cell,
    "choice": choice_cell,
    "date": date_cell,
    "relation": _toned(RELATION_TONES),
    "stage": _toned(STAGE_TONES),
    "tier": _toned(TIER_TONES),
    "money": lambda column, row: money(row[column.path]),
    "number": lambda column, row: number(row[column.path]),
    "percent": lambda column, row: percent(row[column.path], 0),
    "change": lambda column, row: change(row[column.path]),
}
