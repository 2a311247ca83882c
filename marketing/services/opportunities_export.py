"""The list of opportunities as a workbook: reason, watermark, cap, amounts as bands (DAT-4)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.masking import mask
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from customers.services.export import LEAST_REASON, ROW_CAP, harmless
from marketing.models import Opportunity
from marketing.pipeline import stage_of
from marketing.pipeline.clock import age_days
from marketing.selectors.pipeline_file import opportunities_at_once
from marketing.selectors.pipeline_query import PipelineQuery

DAY = "yyyy-mm-dd"


@dataclass(frozen=True)
class FileColumn:
    """One column of the file: its head, what stands in it, how wide and in which format."""

    label: str
    read: Callable[[Opportunity], Any]
    width: int = 12
    format: str = ""


def opportunities_file(
    *, by: User, query: PipelineQuery, filters: Sequence[str], reason: str, now: datetime
) -> bytes:
    """The rows of the list in its order, up to the cap; that they were taken is on record."""
    if not by.can(Can.EXPORT_CUSTOMERS):
        raise DomainError(_("Your role does not export customers."), status=403)
    reason = " ".join(reason.split())[:200]
    if len(reason) < LEAST_REASON:
        why = _("Say in a few words what the file is for.")
        raise DomainError(why, status=422, fields={"reason": why})
    known = parameters(timezone.localdate(now))
    rows, is_longer = opportunities_at_once(user=by, query=query, known=known, most=ROW_CAP)
    said = [_watermark(by, now), _filters(query, filters), _end(len(rows), is_longer)]
    columns = _columns(query, lambda row: age_days(row, known.as_of))
    content = _written(said, columns, rows)
    record_read(
        by,
        "marketing.opportunities_exported",
        rows=len(rows),
        query=query.address(),
        reason=reason,
    )
    return content


def _columns(query: PipelineQuery, age: Callable[[Opportunity], int]) -> list[FileColumn]:
    """What the page shows in its state, and where each row belongs."""
    columns = [
        FileColumn(_("Customer"), lambda row: row.customer.name, 32),
        FileColumn(_("Customer number"), lambda row: row.customer.customer_no, 16),
        FileColumn(_("Unit"), lambda row: str(row.customer.branch or ""), 22),
        FileColumn(_("Manager"), lambda row: row.owner.full_name),
        FileColumn(_("Kind of pipeline"), lambda row: row.get_pipeline_display(), 14),
        FileColumn(_("Family"), lambda row: row.get_family_display(), 18),
        FileColumn(_("Product"), _product, 26),
        FileColumn(_("Amount"), _band, 14),
        FileColumn(_("Mode"), lambda row: row.get_origin_mode_display()),
        FileColumn(_("Stage"), lambda row: str(stage_of(row.pipeline, row.stage).label)),
        FileColumn(_("Chance"), lambda row: round(row.probability, 4), 10, "0%"),
        FileColumn(_("Begun on"), lambda row: _day(row.opened_at), 12, DAY),
    ]
    if query.state == Opportunity.State.OPEN:
        return [
            *columns,
            FileColumn(_("Age"), age, 8, "0"),
            FileColumn(_("Stage due"), lambda row: row.stage_due_on, 12, DAY),
            FileColumn(_("Next action"), lambda row: row.next_action, 28),
            FileColumn(_("Next action on"), lambda row: row.next_on, 12, DAY),
            FileColumn(_("Expected on"), lambda row: row.expected_on, 12, DAY),
            FileColumn(_("Last action"), lambda row: row.last_action_on, 12, DAY),
        ]
    columns.append(FileColumn(_("Closed on"), lambda row: _day(row.closed_at), 12, DAY))
    if query.state == Opportunity.State.LOST:
        columns.append(FileColumn(_("Lost because"), lambda row: row.get_lost_reason_display(), 16))
        columns.append(FileColumn(_("Lost to"), lambda row: row.lost_to, 20))
    return columns


def _product(row: Opportunity) -> str:
    return row.version_chosen.product.name if row.version_chosen else ""


def _band(row: Opportunity) -> str:
    """Amounts leave the bank as bands, whoever asks."""
    return "" if row.amount is None else mask("amount", max(row.amount, 0))


def _day(moment: datetime | None) -> Any:
    return timezone.localdate(moment) if moment else None


def _written(
    said: Sequence[str], columns: Sequence[FileColumn], rows: Sequence[Opportunity]
) -> bytes:
    book = Workbook(write_only=True)
    book.properties.creator = said[0][:250]
    sheet = book.create_sheet(_("Opportunities"))
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = said[0]
    sheet.freeze_panes = f"B{len(said) + 2}"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for line in said:
        sheet.append([harmless(line)])
    sheet.append([column.label for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, column, row) for column in columns])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: Any, column: FileColumn, row: Opportunity) -> Any:
    """Numbers and days as such; a text is never a formula."""
    value = column.read(row)
    if not column.format or value is None:
        return harmless(value)
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = column.format
    return cell


def _watermark(by: User, now: datetime) -> str:
    return _("%(bank)s · exported by %(name)s (%(login)s) at %(time)s") % {
        "bank": "惠客 CRM",
        "name": by.full_name,
        "login": by.username,
        "time": f"{timezone.localtime(now):%Y-%m-%d %H:%M:%S}",
    }


def _filters(query: PipelineQuery, filters: Sequence[str]) -> str:
    state = str(Opportunity.State(query.state).label)
    return _("Filters: %(filters)s") % {"filters": " · ".join([state, *filters])}


def _end(count: int, is_longer: bool) -> str:
    """How many rows there are; told plainly where the list is longer."""
    if is_longer:
        return _("The first %(cap)s rows; the list is longer: narrow it to export the rest.") % {
            "cap": f"{count:,}"
        }
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}
