"""Fact rows as a table: heads, cells, sums, and the way to the next page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.masking import mask
from crm.core.months import month_label
from crm.core.templatetags.ui_figures import money, number, percent, unknown
from crm.core.words import Text
from customers.features.declared import FACTS, FactType
from customers.selectors.portrait_page_rows import RowPage
from customers.views.portrait.shown import Reader

NUMERIC = frozenset({"money", "number", "percent", "declared"})
TITLES: dict[str, Text] = {
    "flows": gettext_lazy("Account flows"),
    "deposits": gettext_lazy("Deposits"),
    "line_use": gettext_lazy("Use of the line"),
    "acquiring": gettext_lazy("Merchant receipts"),
    "payroll": gettext_lazy("Payroll"),
    "social_security": gettext_lazy("Social security"),
    "channel": gettext_lazy("Digital channels"),
    "electricity": gettext_lazy("Electricity"),
    "invoices": gettext_lazy("Invoices"),
    "sales": gettext_lazy("Sales invoices"),
    "purchases": gettext_lazy("Purchase invoices"),
    "touches": gettext_lazy("Contacts made"),
    "applications": gettext_lazy("Loan applications"),
    "loans": gettext_lazy("Loans"),
    "instalments": gettext_lazy("Instalments"),
    "repayments": gettext_lazy("Repayments"),
    "holdings": gettext_lazy("Products held"),
    "bureau": gettext_lazy("Bureau summaries"),
    "tax": gettext_lazy("Tax years"),
    "records": gettext_lazy("Public records"),
    "certificates": gettext_lazy("Certificates"),
    "collateral": gettext_lazy("Collateral"),
    "contacts": gettext_lazy("Contacts"),
    "links": gettext_lazy("Chain links"),
    "declared": gettext_lazy("What was told"),
}


@dataclass(frozen=True)
class RowTable:
    """A table ready to be shown."""

    title: Text
    heads: Sequence[tuple[Text, bool]]
    rows: Sequence[Sequence[tuple[Any, Text, bool]]]
    sums: Sequence[Any]
    period: str
    next_url: str


def row_table(page: RowPage, reader: Reader, next_url: str) -> RowTable:
    """The page as cells; sums stand for the whole window, not for the page."""
    cells = page.trail.cells
    rows = [
        [(_cell(reader, row, name, kind), label, kind in NUMERIC) for name, label, kind in cells]
        for row in page.rows
    ]
    return RowTable(
        title=TITLES[page.key],
        heads=[(label, kind in NUMERIC) for _name, label, kind in cells],
        rows=rows,
        sums=_sums(page, reader),
        period=_period(page),
        next_url=next_url,
    )


def _period(page: RowPage) -> str:
    first, last = page.window.first, page.window.last
    if first is None or last is None:
        return ""
    return f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"


def _sums(page: RowPage, reader: Reader) -> list[Any]:
    if not page.trail.adds or not page.rows:
        return []
    return [
        _written(reader, kind, page.sums[name]) if name in page.sums else ""
        for name, _label, kind in page.trail.cells
    ]


def _cell(reader: Reader, row: Any, name: str, kind: str) -> Any:
    if kind == "choice":
        return getattr(row, f"get_{name}_display")()
    if kind == "fact":
        return FACTS[row.key].label if row.key in FACTS else row.key
    if kind == "declared":
        return _declared(reader, row)
    return _written(reader, kind, getattr(row, name))


def _declared(reader: Reader, row: Any) -> Any:
    """The value of a told fact in the column of its type."""
    fact = FACTS.get(row.key)
    if fact is None:
        return row.text or row.number or row.day
    if reader.is_masked and fact.data_class == "C2":
        return "****"
    if fact.type == FactType.DAY:
        return row.day
    if fact.type != FactType.NUMBER:
        labels = dict(fact.choices)
        return _(", ").join(str(labels.get(code, code)) for code in row.text.split(" "))
    if fact.unit == "yuan":
        return money(row.number)
    return percent(row.number) if fact.unit == "ratio" else number(row.number)


def _written(reader: Reader, kind: str, value: Any) -> Any:
    if value is None or value == "":
        return unknown()
    if kind == "money" and reader.is_masked:
        return mask("amount", max(value, 0), in_list=True)
    return _WRITERS[kind](value)


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "money": money,
    "number": number,
    "percent": percent,
    "month": month_label,
    "date": lambda value: format_html('<span class="nowrap">{}</span>', f"{value:%Y-%m-%d}"),
    "text": str,
    "flag": lambda value: _("yes") if value else _("no"),
}
