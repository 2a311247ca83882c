"""The cells of a customer list as HTML: hundreds a page, so written here and not by a template.

Each column gives one writer a page. A writer knows its words, tones and dash beforehand and
escapes whatever comes from a row; every function here returns HTML that is safe to join.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.core.masking import mask
from crm.core.templatetags.ui_figures import badge, change, money, number, percent, unknown
from customers.selectors.list_columns import ListColumn

Row = dict[str, Any]
Writer = Callable[[Any], str]
TONES = {
    "relation": {"existing": "good", "prospect": "accent", "dormant": "warn"},
    "stage": {"growth": "good", "decline": "warn", "start_up": "accent"},
    "tier": {"A": "good", "B": "accent"},
}
MOST_CHIPS = 3
POOR = 60  # POR-1


def table_rows(
    rows: Sequence[Row], columns: Sequence[ListColumn], *, is_picked: bool, is_masked: bool = False
) -> SafeString:
    """Every row of the table; ``is_picked``: a box before each name, ``is_masked``: C2 as bands."""
    named = name_writer(is_picked)
    others = [
        (
            column.path,
            f'<td class="{column.css}" data-label="{escape(column.label)}">',
            writer_of(column, is_masked),
        )
        for column in columns[1:]
    ]
    lines = []
    for row in rows:
        cells = [f"{start}{write(row[path])}</td>" for path, start, write in others]
        lines.append(f"<tr>{named(row)}{''.join(cells)}</tr>")
    return mark_safe("".join(lines))  # noqa: S308 - every part is escaped by its writer


def writer_of(column: ListColumn, is_masked: bool) -> Writer:
    """What writes the values of this column for this reader."""
    if is_masked and column.is_sensitive:
        return band_writer() if column.kind == "money" else hidden_writer()
    if column.kind in TONES:
        return code_writer(column, TONES[column.kind])
    return WRITERS.get(column.kind, text_writer)(column)


def name_writer(is_picked: bool) -> Writer:
    """The name as the link of its row, with its box and what must not be overlooked."""
    quiet, choose = badge(_("Do not contact"), "bad"), escape(_("Choose"))

    def write(row: Row) -> str:
        key, name = row["pk"], escape(row["name"])
        link = f'<a class="rowlink" href="/customers/{key}/">{name}</a>'
        tail = f" {quiet}" if row["is_do_not_contact"] else ""
        if not is_picked:
            return f"<td>{link}{tail}</td>"
        box = (
            f'<input type="checkbox" class="form-check-input" name="c" value="{key}" '
            f'aria-label="{choose} {name}">'
        )
        return f'<td><span class="row-line">{box}{link}{tail}</span></td>'

    return write


def text_writer(column: ListColumn) -> Writer:
    """The text, or the dash of the unknown."""
    dash = unknown()
    return lambda value: escape(value) if value else dash


def code_writer(column: ListColumn, tones: dict[str, str] | None = None) -> Writer:
    """The label of the code, as a chip where it has a tone."""
    dash = unknown()
    ready: dict[Any, str] = {None: dash, "": dash, "unknown": dash}
    for code, label in column.choices:
        if code not in ready:
            shown = escape(label) if tones is None else badge(label, tones.get(code, "plain"))
            ready[code] = shown
    return lambda value: ready[value] if value in ready else escape(value)


def codes_writer(column: ListColumn) -> Writer:
    """A chip a code, the first few."""
    dash, names = unknown(), {code: badge(label) for code, label in column.choices}

    def write(value: Any) -> str:
        if not value:
            return dash
        chips = " ".join(names.get(code) or badge(code) for code in value[:MOST_CHIPS])
        return f"{chips} +{len(value) - MOST_CHIPS}" if len(value) > MOST_CHIPS else chips

    return write


def date_writer(column: ListColumn) -> Writer:
    """The day in full."""
    dash = unknown()
    return lambda value: f'<span class="nowrap">{value:%Y-%m-%d}</span>' if value else dash


def flag_writer(column: ListColumn) -> Writer:
    """Yes, no, or the dash of the unknown."""
    ready = {None: unknown(), True: escape(_("yes")), False: escape(_("no"))}
    return lambda value: ready[value]


def level_writer(column: ListColumn) -> Writer:
    """A score of 0 to 100, amber when it is poor."""
    dash = unknown()

    def write(value: Any) -> str:
        if value is None:
            return dash
        return f'<span class="warn-text">{value:.0f}</span>' if value < POOR else f"{value:.0f}"

    return write


def hidden_writer() -> Writer:
    """A sensitive text that this reader does not see."""
    dash = unknown()
    return lambda value: dash if value in (None, "") else "****"


def band_writer() -> Writer:
    """An amount as the band that readers outside the owner's chain see."""
    dash = unknown()
    return lambda value: dash if value is None else escape(mask("amount", max(value, 0)))


def figure_writer(draw: Callable[[Any], str]) -> Callable[[ListColumn], Writer]:
    """A writer that draws the figure; nothing known needs no drawing."""

    def for_column(column: ListColumn) -> Writer:
        dash = unknown()
        return lambda value: dash if value is None else draw(value)

    return for_column


WRITERS: dict[str, Callable[[ListColumn], Writer]] = {
    "text": text_writer,
    "choice": code_writer,
    "codes": codes_writer,
    "date": date_writer,
    "flag": flag_writer,
    "level": level_writer,
    "money": figure_writer(money),
    "number": figure_writer(number),
    "percent": figure_writer(lambda value: percent(value, 0)),
    "change": figure_writer(change),
}
