"""The totals of the coordination list as a workbook, in the columns they are reported in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from crm.core.audit import record_read
from crm.core.models import User
from customers.services.export import harmless
from marketing.market.clock import Limits
from marketing.selectors.coordination import (
    ItemQuery,
    TotalLine,
    board_line,
    refusal_lines,
    town_lines,
    unit_lines,
)

WAN = 10_000


def totals_workbook(*, user: User, query: ItemQuery, now: datetime, limits: Limits) -> bytes:
    """XLSX with a sheet by unit, one by town and one of reasons; the export is on record."""
    today = now.date()
    units = unit_lines(user=user, query=query, today=today, limits=limits)
    towns = town_lines(user=user, query=query, today=today, limits=limits)
    whole = board_line(user=user, query=query, today=today, limits=limits)
    head = _head(user, query, now)
    book = Workbook()
    book.properties.creator = head[:250]
    first: Any = book.active
    first.title = _("By unit")
    _write(first, head, _("Unit"), units, whole if len(units) != 1 else None)
    _write(book.create_sheet(_("By town")), head, _("Town"), towns, whole)
    _reasons(book.create_sheet(_("Why not approved")), head, refusal_lines(user=user, query=query))
    record_read(user, "marketing.coordination_exported", rows=len(units) + len(towns))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _head(user: User, query: ItemQuery, now: datetime) -> str:
    """What the figures are of, who took them out and when."""
    told = {
        "first": query.first or "…",
        "last": query.last or now.date(),
        "list": query.list_no or _("every list"),
        "name": user.full_name,
        "time": f"{now:%Y-%m-%d %H:%M}",
    }
    return _("Received %(first)s to %(last)s · %(list)s · %(name)s, %(time)s") % told


def _columns() -> list[str]:
    return [
        _("Firms on lists"), _("Contacted"), _("Contact rate"), _("Decided"), _("Decision rate"),
        _("Approved"), _("Approval rate"), _("Approved amount (10,000 yuan)"),
        _("Days to decision, average"), _("Being helped"), _("Not approved"), _("To decide"),
        _("Past due day"),
    ]  # fmt: skip


def _cells(line: TotalLine) -> list[Any]:
    rates = line.rates
    return [
        rates.total, rates.contacted, rates.contact_rate, rates.decided, rates.decision_rate,
        rates.approved, rates.approval_rate, round(rates.approved_amount / WAN, 2),
        round(rates.days, 1) if rates.days is not None else None, line.helped, line.refused,
        line.open, line.over,
    ]  # fmt: skip


def _write(
    sheet: Any, head: str, name: str, lines: Sequence[TotalLine], whole: dict[str, Any] | None
) -> None:
    sheet.append([head])
    sheet.append([name, *_columns()])
    for line in lines:
        label = "　" * line.is_below + str(line.label)
        sheet.append([harmless(label), *_cells(line)])
    if whole is not None and lines:
        names = ("helped", "refused", "open", "amber", "red", "over")
        steps = {step: whole[step] for step in names}
        total = TotalLine(key="", label=_("Total"), rates=whole["rates"], **steps)
        sheet.append([str(total.label), *_cells(total)])
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in sheet.iter_rows(min_row=3):
        for no in (3, 5, 7):
            row[no].number_format = "0.0%"
    sheet.freeze_panes = "B3"
    sheet.column_dimensions["A"].width = 26


def _reasons(sheet: Any, head: str, lines: list[Any]) -> None:
    sheet.append([head])
    sheet.append([_("Why not approved"), _("Firms")])
    for _key, label, count in lines:
        sheet.append([str(label), count])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width = 26
