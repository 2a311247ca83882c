"""The board as a workbook: numbers as numbers; each sheet says what it is about and who took it."""

from __future__ import annotations

import io
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from crm.core.audit import record_read
from crm.core.models import User
from customers.services.export import harmless
from marketing.boards.spec import Unit
from marketing.boards.tiles import GROUPS, TILES, Lines, Tile
from marketing.selectors.board import Board, Shown, cut_names, is_hidden, tile_lines
from marketing.selectors.board_ranking import ranking
from marketing.selectors.board_sight import choices_of, period_name, territory_names
from marketing.selectors.board_strategy import strategy_of

STRATEGY = 10  # the group of what was planned
FORMATS = {
    Unit.COUNT: "#,##0",
    Unit.YUAN: "#,##0.00",
    Unit.SHARE: "0.0%",
    Unit.DAYS: "0.0",
    Unit.SCORE: "0.00",
    Unit.POINTS: "#,##0",
}


def board_file(*, board: Board, by: User, title: str) -> bytes:
    """The workbook, a sheet for each group of tiles; that it was taken is on record."""
    book = Workbook(write_only=True)
    said = _about(board, by, title)
    book.properties.creator = said[-1][:250]
    names = cut_names(board)
    for number, label in GROUPS.items():
        sheet = book.create_sheet(f"{number} {label}"[:31])
        sheet.column_dimensions["A"].width = 34
        sheet.oddFooter.center.text = said[-1]
        for line in said:
            sheet.append([harmless(line)])
        for tile in TILES:
            if tile.group == number:
                _write(sheet, tile, board, by, names.get(tile.key, {}))
        if number == STRATEGY:
            _write_strategy(sheet, board, by)
    record_read(by, "marketing.board_exported", query=board.query.address())
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _about(board: Board, by: User, title: str) -> list[str]:
    """What it is about, how old it is, who took it."""
    narrowed = []
    for name, value in board.query.narrow.items():
        words: dict[Any, Any] = (
            territory_names(keys=[value]) if name == "territory" else choices_of(name)
        )
        narrowed.append(str(words.get(value, value)))
    run = board.run
    counted = f"{timezone.localtime(run.computed_at):%Y-%m-%d %H:%M}" if run else "—"
    filters = " · ".join([str(period_name(board.period)), *narrowed])
    return [
        title,
        _("Filters: %(filters)s") % {"filters": filters},
        _("Figures counted at %(time)s") % {"time": counted},
        _("%(bank)s · exported by %(name)s (%(login)s) at %(time)s")
        % {
            "bank": "惠客 CRM",
            "name": by.full_name,
            "login": by.username,
            "time": f"{timezone.localtime():%Y-%m-%d %H:%M:%S}",
        },
    ]


def _write(
    sheet: WriteOnlyWorksheet, tile: Tile, board: Board, by: User, names: dict[str, Any]
) -> None:
    sheet.append([])
    sheet.append([harmless(str(tile.label))])
    if tile.by == Lines.MANAGERS:
        _write_ranking(sheet, tile, board, by)
        return
    heads = tile.heads or [cell.label or cell.spec.label for cell in tile.columns]
    sheet.append(["", *(str(head) for head in heads)])
    for line in tile_lines(board, tile, names):
        cells = [_number(sheet, by, shown) for shown in line.cells]
        sheet.append([harmless(str(line.label)), *cells])
    if tile.note:
        sheet.append([harmless(str(tile.note))])


def _write_ranking(sheet: WriteOnlyWorksheet, tile: Tile, board: Board, by: User) -> None:
    heads: list[str] = [_("Manager"), _("Time in post"), _("Points"), _("Percentile of the band")]
    for cell in tile.columns:
        heads += [str(cell.spec.label), _("Percentile of the band")]
    sheet.append(heads)
    for line in ranking(board):
        row: list[Any] = [harmless(str(line.manager)), str(line.band_name), line.points]
        row.append(_rounded(line.points_percentile))
        for placed in line.cells:
            row += [_number(sheet, by, placed.shown), _rounded(placed.percentile)]
        sheet.append(row)
    sheet.append([harmless(str(tile.note))])


def _write_strategy(sheet: WriteOnlyWorksheet, board: Board, by: User) -> None:
    """Each focus of the strategy with what came of it this year, as the page shows it."""
    view = strategy_of(board=board)
    sheet.append([])
    if view is None:
        sheet.append([_("No approved strategy of this unit for this year.")])
        return
    sheet.append([harmless(f"{view.row.branch} · {view.row.year}")])
    sheet.append([
        _("Focus"), _("Customers known"), _("Loans drawn this year"), _("Share of all drawn"),
        _("Planned share"),
    ])  # fmt: skip
    for line in view.lines:
        numbers = [_number(sheet, by, shown) for shown in line.cells]
        shares = [_share(sheet, line.share), _share(sheet, line.planned)]
        sheet.append([harmless(str(line.label)), *numbers, *shares])


def _share(sheet: WriteOnlyWorksheet, value: float | None) -> Any:
    if value is None:
        return None
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = FORMATS[Unit.SHARE]
    return cell


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _number(sheet: WriteOnlyWorksheet, by: User, shown: Shown | None) -> Any:
    """A real number in its own format; nothing where it is unknown or too few rows."""
    if shown is None or shown.value is None or is_hidden(by, shown):
        return None
    cell = WriteOnlyCell(sheet, value=shown.value)
    cell.number_format = FORMATS[shown.measure.unit]
    return cell
