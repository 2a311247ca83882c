"""What can be imported: kinds with their columns, business key and table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import translation

from customers.imports.types import ColumnType


class Touches(StrEnum):
    """Which (customer, month) pairs a row changes."""

    DAY = "day"  # the month of a day column
    MONTH = "month"  # a month column
    CUSTOMER = "customer"  # no month: the customer as it stands


@dataclass(frozen=True)
class Column:
    """One column of a kind: its names in files, its type, and the field it feeds.

    ``field`` is the column of the table; empty when the kind's own code uses the value.
    ``ref`` names what the value refers to (``customers.services.imports.references``).
    """

    key: str
    zh: str
    en: str
    type: ColumnType
    required: bool = False
    field: str | None = None
    also: tuple[str, ...] = ()  # other headers seen in files
    ref: str = ""
    fact: str = ""  # also written as a declared fact of this key
    secret: bool = False  # shown masked in errors and previews
    samples: tuple[str, ...] = ()
    note_zh: str = ""
    note_en: str = ""

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.zh if (translation.get_language() or "").startswith("zh") else self.en

    @property
    def note(self) -> str:
        """What to know about the column, in the reader's language."""
        return self.note_zh if (translation.get_language() or "").startswith("zh") else self.note_en

    @property
    def target(self) -> str:
        """The column of the table that takes the value; empty when none does."""
        return self.key if self.field is None else self.field

    @cached_property
    def names(self) -> frozenset[str]:
        """All headers that mean this column, in plain writing."""
        return frozenset(plain_header(name) for name in (self.key, self.zh, self.en, *self.also))


@dataclass(frozen=True)
class ImportKind:
    """One kind of file. ``key_columns`` are the unique columns that a row is recognised by."""

    key: str
    zh: str
    en: str
    family: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    key_columns: tuple[str, ...]
    touches: Touches = Touches.CUSTOMER
    touch_column: str = ""
    any_of: tuple[tuple[str, ...], ...] = ()  # of each group at least one column is needed
    blank_keeps: bool = False  # a blank cell leaves what is known; else it says "unknown"
    adds_customers: bool = False  # then a unit is asked for those that the file gives to nobody
    quiet: frozenset[str] = frozenset()  # written, but not compared
    ordered: tuple[tuple[str, str], ...] = ()  # (earlier day, later day)
    note_zh: str = ""
    note_en: str = ""
    defaults: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.zh if (translation.get_language() or "").startswith("zh") else self.en

    @property
    def note(self) -> str:
        """What to know before importing, in the reader's language."""
        return self.note_zh if (translation.get_language() or "").startswith("zh") else self.note_en

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns by their key."""
        return {column.key: column for column in self.columns}

    @property
    def table(self) -> str:
        """The table that the rows go into."""
        return self.model._meta.db_table


_UNITS = {
    "元": "yuan",
    "人民币元": "yuan",
    "万元": "wan",
    "人民币万元": "wan",
    "万": "wan",
    "亿元": "yi",
    "%": "percent",
}
_BRACKETED = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]$")


def plain_header(header: str) -> str:
    """A header as it is compared: half-width, lower case, without blanks, marks and its unit."""
    plain = unicodedata.normalize("NFKC", header).strip().lstrip("*").strip().lower()
    plain = _BRACKETED.sub("", plain)
    return re.sub(r"[\s_\-*:：/]+", "", plain)


def header_unit(header: str) -> str:
    """The unit a header names in brackets at its end, if it is one we know."""
    found = _BRACKETED.search(unicodedata.normalize("NFKC", header).strip())
    return _UNITS.get(found.group(1).strip(), "") if found else ""


def customer_columns() -> Sequence[Column]:
    """How a row names its customer: by number or by credit code."""
    from customers.imports.types import Code, Uscc

    return (
        Column(
            "customer_no",
            "客户编号",
            "Customer number",
            Code(32),
            field="",
            also=("客户号", "客户代码", "企业代号", "企业编号"),
            samples=("C000001", "C000002"),
        ),
        Column(
            "uscc",
            "统一社会信用代码",
            "Unified social credit code",
            Uscc(),
            field="",
            also=("信用代码", "社会信用代码", "纳税人识别号", "usci"),
            samples=("", "91330106MA2TE5T1XH"),
            note_zh="客户编号与统一社会信用代码至少填一项",
            note_en="Customer number or credit code: one is needed",
        ),
    )
