"""The goals of a place as a workbook: goals with their pace, and the parts the place is made of."""

from __future__ import annotations

import io
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from crm.core.audit import record_read
from crm.core.models import User
from crm.core.words import Text
from customers.services.export import harmless
from marketing.goals.pace import Light
from marketing.goals.spec import Unit
from marketing.selectors.goals import Line, Sheet

_FORMATS = {
    Unit.YUAN: "#,##0.00",
    Unit.COUNT: "#,##0",
    Unit.SHARE: "0.00%",
    Unit.POINTS: "0.00%",
    Unit.RATE: "0.00%",
    Unit.DAYS: "0.0",
}

LIGHTS: dict[Light, Text] = {
    Light.GREEN: gettext_lazy("On track"),
    Light.AMBER: gettext_lazy("Slightly behind"),
    Light.RED: gettext_lazy("Behind"),
}


def goals_workbook(*, sheet: Sheet, by: User) -> bytes:
    """An XLSX file with the very figures of the page; the export is on record."""
    book = Workbook()
    book.remove(book.worksheets[0])
    main = book.create_sheet(_("Goals"))
    main.append([harmless(sheet.place.label), str(sheet.as_of or ""), sheet.version, str(by)])
    main.append([
        str(one)
        for one in (
            _("Metric"), _("Caliber"), _("from"), _("Actual"), _("Baseline"), _("Target"),
            _("Expected by now"), _("Gap"), _("Needed a working day"), _("Progress"),
            _("Rows that count"),
        )
    ])  # fmt: skip
    for line in sheet.lines:
        goal, pace = line.goal, line.pace
        figures = [
            line.actual,
            goal.baseline if goal else None,
            goal.target if goal else None,
            pace.expected if pace else None,
            pace.gap if pace else None,
            pace.a_day if pace else None,
        ]
        main.append([
            str(line.metric.label), str(line.caliber.label if line.caliber else ""),
            line.period_from, *(_number(one) for one in figures),
            str(LIGHTS.get(line.light, "")), line.parts.rows,
        ])  # fmt: skip
        for cell in main[main.max_row][3:9]:
            cell.number_format = _FORMATS[line.metric.unit]
    main.freeze_panes = "B3"
    if sheet.parts:
        _add_parts(book, sheet)
    record_read(by, "marketing.goals_exported", sheet.place.unit, rows=len(sheet.lines))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _add_parts(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(_("Parts"))
    page.append(["", *(str(line.metric.label) for line in sheet.lines)])
    rows: list[tuple[str, tuple[Line, ...]]] = [
        (place.label, lines) for place, lines in sheet.parts
    ]
    if sheet.rest:
        rows.append((sheet.rest_name, sheet.rest))
    for label, lines in [*rows, (sheet.place.label, sheet.lines)]:
        page.append([harmless(label), *(_number(line.actual) for line in lines)])
        for cell, line in zip(page[page.max_row][1:], lines, strict=True):
            cell.number_format = _FORMATS[line.metric.unit]
    page.freeze_panes = "B2"


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
