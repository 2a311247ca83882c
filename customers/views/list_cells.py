"""The cells of a customer list as HTML: hundreds a page, so written here and not by a template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.core.masking import mask
from crm.core.templatetags.ui_figures import badge, change, money, number, percent, unknown
from customers.selectors.list_columns import ListColumn

Row = dict[str, Any]
RELATION_TONES = {"existing": "good", "prospect": "accent", "dormant": "warn", "lost": "plain"}
TIER_TONES = {"A": "good", "B": "accent"}
STAGE_TONES = {"growth": "good", "decline": "warn", "start_up": "accent"}
CELL = '<td class="{}" data-label="{}">{}</td>'
MOST_CHIPS = 3
POOR = 60


def table_rows(
    rows: Sequence[Row], columns: Sequence[ListColumn], *, is_picked: bool, is_masked: bool = False
) -> SafeString:
    """Every row of the table; ``is_picked``: a box before each name, ``is_masked``: C2 as bands."""
    writers = [(column, writer_of(column, is_masked), str(column.label)) for column in columns]
    lines = ((_line(row, writers, is_picked),) for row in rows)
    return format_html_join("", "<tr>{}</tr>", lines)


def _line(row: Row, writers: list[Any], is_picked: bool) -> SafeString:
    cells = []
    for column, write, label in writers:
        if column.key == "name":
            cells.append((name_cell(row, is_picked),))
        else:
            inner = write(column, row)
            cells.append((format_html(CELL, column.css, label, inner),))
    return format_html_join("", "{}", cells)


def writer_of(column: ListColumn, is_masked: bool) -> Callable[[ListColumn, Row], Any]:
    """What writes the cells of this column for this reader."""
    if is_masked and column.is_sensitive:
        return band_cell if column.kind == "money" else hidden_cell
    return CELLS.get(column.kind, text_cell)


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


def hidden_cell(column: ListColumn, row: Row) -> Any:
    """A sensitive text that this reader does not see."""
    return "****" if row[column.path] not in (None, "") else unknown()


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


def flag_cell(column: ListColumn, row: Row) -> Any:
    """Yes, no, or the dash of the unknown."""
    value = row[column.path]
    return unknown() if value is None else (_("yes") if value else _("no"))


def codes_cell(column: ListColumn, row: Row) -> Any:
    """A chip a code, the first few."""
    found, names = row[column.path] or [], dict(column.choices)
    chips = ((badge(names.get(code, code)),) for code in found[:MOST_CHIPS])
    more = f" +{len(found) - MOST_CHIPS}" if len(found) > MOST_CHIPS else ""
    return format_html("{}{}", format_html_join(" ", "{}", chips), more) if found else unknown()


def level_cell(column: ListColumn, row: Row) -> Any:
    """A score of 0 to 100, amber when it is poor (POR-1)."""
    value = row[column.path]
    if value is None:
        return unknown()
    tone = "warn-text" if value < POOR else ""
    return format_html('<span class="{}">{}</span>', tone, f"{value:.0f}")


def band_cell(column: ListColumn, row: Row) -> Any:
    """An amount as the band that readers outside the owner's chain see."""
    value = row[column.path]
    return unknown() if value is None else mask("amount", max(value, 0), in_list=True)


CELLS: dict[str, Callable[[ListColumn, Row], Any]] = {
    "text": text_cell,
    "choice": choice_cell,
    "date": date_cell,
    "relation": _toned(RELATION_TONES),
    "stage": _toned(STAGE_TONES),
    "tier": _toned(TIER_TONES),
    "flag": flag_cell,
    "codes": codes_cell,
    "level": level_cell,
    "money": lambda column, row: money(row[column.path]),
    "number": lambda column, row: number(row[column.path]),
    "percent": lambda column, row: percent(row[column.path], 0),
    "change": lambda column, row: change(row[column.path]),
}
