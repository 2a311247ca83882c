"""What is told about a row or a file, by code: the sentence is made when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

CELL: dict[str, Text] = {
    "required": _("A value is needed here."),
    "cell_too_long": _("The cell holds %(length)s characters; %(most)s is the most."),
    "too_long": _("%(length)s characters are too many; %(most)s fit."),
    "nul_character": _("The cell holds a NUL character."),
    "control_character": _("The cell holds a character that cannot be shown."),
    "digits_lost": _(
        "A spreadsheet shortened this number; format its column as text and export again."
    ),
    "scientific": _("Numbers such as 1E+05 are not exact; write all digits."),
    "not_a_number": _("This is not a number."),
    "grouping": _("The commas are not thousands separators; write 1,234.50 or 1234.50."),
    "number_too_large": _(
        "The number is too large; at most %(digits)s digits fit before the point."
    ),
    "too_many_places": _("At most %(places)s decimals fit."),
    "out_of_range": _("The number must lie between %(low)s and %(high)s."),
    "not_negative": _("The amount must not be negative."),
    "not_a_day": _("This is not a date; write 2026-11-21."),
    "day_ambiguous": _("Day, month and year cannot be told apart; write 2026-11-21."),
    "no_such_day": _("The calendar has no %(day)s."),
    "day_out_of_range": _("The date must lie between %(low)s and %(high)s."),
    "day_in_future": _("The date lies in the future."),
    "not_a_month": _("This is not a month; write 2026-11."),
    "no_such_month": _("There is no month %(month)s."),
    "not_yes_or_no": _("Write yes or no."),
    "not_a_choice": _("Unknown here; known are: %(known)s."),
    "bad_uscc": _("This is not a unified social credit code: 18 characters are needed."),
    "odd_uscc": _("The check character of the credit code is wrong; the code was kept and marked."),
    "bad_mobile": _("This is not a mobile number."),
    "bad_citizen_no": _("This is not a citizen number."),
    "bad_email": _("This is not an e-mail address."),
}

ROW: dict[str, Text] = {
    "ragged": _("The row has %(found)s cells, the header has %(wanted)s."),
    "line_too_long": _("The line is too long to be a row."),
    "quote_open": _(
        "The cell is too long; a quotation mark may be missing. "
        "Lines up to %(line)s were passed over."
    ),
    "stray_newline": _("The row holds a stray line break."),
    "bad_encoding": _("The row is not written in %(encoding)s."),
    "formula_without_value": _(
        "The cell holds a formula without a stored value; open and save the file once."
    ),
    "error_cell": _("The spreadsheet shows an error in this cell."),
    "customer_missing": _("The row names no customer: customer number or credit code is needed."),
    "customer_unknown": _("No customer has this number or code."),
    "customer_clash": _("Customer number and credit code belong to two customers."),
    "reference_unknown": _("Nothing with this number was found (%(what)s)."),
    "reference_foreign": _("It belongs to another customer."),
    "uscc_taken": _("The credit code belongs to customer %(customer_no)s."),
    "industry_unknown": _("The industry is in no class of GB/T 4754."),
    "ends_before_start": _("The end lies before the start."),
    "over_whole": _("The shares of this direction add up to %(whole)s %%, more than 100."),
    "same_customer": _("A customer cannot be linked to itself."),
    "overruled": _("A later row for the same key says otherwise (line %(line)s); that one counts."),
    "database": _("The database refused the row (%(why)s)."),
}

FILE: dict[str, Text] = {
    "empty_file": _("The file is empty."),
    "no_rows": _("The file has a header but no rows."),
    "too_big": _("The file has more than %(most)s MB."),
    "unpacks_too_big": _("The file unpacks to more than %(most)s MB; it was not opened."),
    "pdf": _("This is a PDF, whatever its name says; export the table as CSV or XLSX."),
    "old_excel": _(
        "This is an encrypted workbook or an old .xls file; save it without password as .xlsx."
    ),
    "macros": _("Workbooks with macros are refused; save it as .xlsx."),
    "not_a_table": _("This is neither CSV nor XLSX."),
    "broken_workbook": _("The workbook is damaged and cannot be read."),
    "broken_gzip": _("The compressed file is damaged."),
    "entities": _("The workbook declares entities, which no spreadsheet does; it was not opened."),
    "date_1904": _("The workbook counts days from 1904; switch it to the 1900 date system."),
    "no_sheet": _("The workbook has no sheet with a table."),
    "far_cell": _("A cell stands at %(place)s, far outside the table; delete it and save again."),
    "too_many_columns": _("The header has %(found)s columns; %(most)s is the most."),
    "encoding": _("The file is neither UTF-8 nor GB18030."),
    "duplicate_column": _("The column “%(column)s” appears twice; rename or delete one."),
    "missing_column": _("A column is missing: %(column)s."),
    "unknown_header": _("The file has no column “%(column)s”."),
    "file_gone": _("The file was deleted; upload it again."),
    "worker_failed": _("The work stopped: %(why)s"),
}

SENTENCES: dict[str, Text] = {**CELL, **ROW, **FILE}


def sentence(code: str, details: Mapping[str, Any]) -> str:
    """The sentence for ``code`` in the reader's language."""
    text = SENTENCES.get(code)
    return str(text) % details if text is not None else code
