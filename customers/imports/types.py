"""What a column may hold: how one cell is read, and how a whole column is read fast.

``fast`` reads the cells that are written plainly, as a vector, and leaves the others null; those go
one by one, each different text once, through ``read``. Both give the same values: a test says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils import translation

from crm.core import identifiers
from crm.core.words import Text
from customers.imports import cells
from customers.imports.cells import BadCell

SCALES = {"": Decimal(1), "yuan": Decimal(1), "wan": Decimal(10_000), "yi": Decimal(100_000_000)}


@dataclass(frozen=True)
class Reading:
    """How a mapping wants a column read: unit, precision, own words for values, what is blank."""

    unit: str = ""  # yuan, wan, yi for amounts; percent for shares
    yuan_from: Decimal | None = None  # a figure of this size in another unit is taken as yuan
    precision: str = ""  # "month": a month stands for its first day
    values: Mapping[str, str] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    today: date | None = None

    @property
    def is_plain(self) -> bool:
        """Nothing special: the fast path may be used."""
        return not (self.unit not in {"", "yuan"} or self.values or self.blank or self.precision)


class ColumnType:
    """Text of any kind; the base of all types."""

    arrow: pa.DataType = pa.string()
    hint_zh, hint_en = "文本", "text"

    def read(self, text: str, how: Reading) -> Any:
        """The value of a cell that is not blank; BadCell otherwise."""
        return cells.tidy(text)

    def fast(self, values: pa.Array) -> pa.Array | None:
        """The plainly written cells as values, the rest null; None when there is no such path."""
        return None


def _where(values: pa.Array, pattern: str) -> pa.Array:
    """The cells that match, the others null."""
    matches = pc.match_substring_regex(values, pattern)
    return pc.if_else(matches, values, pa.scalar(None, pa.string()))


@dataclass(frozen=True)
class Words(ColumnType):
    """Text shown to people."""

    most: int
    hint_zh = "文字"
    hint_en = "words"

    def read(self, text: str, how: Reading) -> str:
        """One line of text."""
        return cells.words(text, self.most)

    def fast(self, values: pa.Array) -> pa.Array:
        """Chinese characters, plain letters and digits, single blanks inside."""
        letter = r"[\p{Han}A-Za-z0-9_.*&/#]"
        return _where(
            values, rf"^{letter}(?:[ ]?[\p{{Han}}A-Za-z0-9_.*&/#-]){{0,{self.most // 2}}}$"
        )


@dataclass(frozen=True)
class Code(ColumnType):
    """A number that is a name: customer number, invoice number, contract number."""

    most: int
    hint_zh = "编号"
    hint_en = "number or code"

    def read(self, text: str, how: Reading) -> str:
        """The code without blanks."""
        return cells.code(text, self.most)

    def fast(self, values: pa.Array) -> pa.Array:
        """Letters and digits, dashes inside."""
        return _where(values, rf"^[0-9A-Za-z][0-9A-Za-z_-]{{0,{self.most - 1}}}$")


@dataclass(frozen=True)
class Money(ColumnType):
    """Yuan with two decimals; other units by the mapping, or by 万 and 亿 in the cell."""

    signed: bool = False
    digits: int = 18
    arrow = pa.decimal128(18, 2)
    hint_zh = "金额（元）"
    hint_en = "amount in yuan"

    def read(self, text: str, how: Reading) -> Decimal:
        """The amount in yuan."""
        scale = SCALES[how.unit]
        value = cells.number(text, places=2, digits=self.digits, scale=scale, scaled=True)
        if how.yuan_from is not None and abs(value) >= how.yuan_from * scale:
            value = cells.number(text, places=2, digits=self.digits, scaled=True)
        if value < 0 and not self.signed:
            raise BadCell("not_negative")
        return value

    def fast(self, values: pa.Array) -> pa.Array:
        """Digits with at most two decimals."""
        sign = "-?" if self.signed else ""
        plain = _where(values, rf"^{sign}[0-9]{{1,15}}(?:\.[0-9]{{1,2}})?$")
        return pc.cast(plain, self.arrow)


@dataclass(frozen=True)
class Quantity(ColumnType):
    """A number with two decimals that is no money, such as kWh."""

    arrow = pa.decimal128(14, 2)
    hint_zh = "数字"
    hint_en = "number"

    def read(self, text: str, how: Reading) -> Decimal:
        """The number, not negative."""
        value = cells.number(text, places=2, digits=14)
        if value < 0:
            raise BadCell("not_negative")
        return value


@dataclass(frozen=True)
class Number(ColumnType):
    """Any number with up to four decimals."""

    arrow = pa.decimal128(20, 4)
    hint_zh = "数字"
    hint_en = "number"

    def read(self, text: str, how: Reading) -> Decimal:
        """The number as written."""
        return cells.number(text, places=4, digits=20, scale=SCALES[how.unit], scaled=True)


@dataclass(frozen=True)
class Whole(ColumnType):
    """A count."""

    low: int = 0
    high: int = 2_000_000_000
    arrow = pa.int64()
    hint_zh = "整数"
    hint_en = "whole number"

    def read(self, text: str, how: Reading) -> int:
        """The count inside its bounds."""
        return cells.whole(text, low=self.low, high=self.high)


@dataclass(frozen=True)
class Share(ColumnType):
    """A share of one: 0.125 or 12.5%."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(1)
    arrow = pa.decimal128(9, 6)
    hint_zh = "比例（0.125 或 12.5%）"
    hint_en = "share (0.125 or 12.5%)"

    def read(self, text: str, how: Reading) -> Decimal:
        """The share inside its bounds."""
        value = cells.share(text, percent=how.unit == "percent")
        if not self.low <= value <= self.high:
            raise BadCell("out_of_range", low=str(self.low), high=str(self.high))
        return value


@dataclass(frozen=True)
class Day(ColumnType):
    """A calendar day; ``past`` refuses days after today."""

    past: bool = False
    arrow = pa.date32()
    hint_zh = "日期（2026-11-21）"
    hint_en = "date (2026-11-21)"

    def read(self, text: str, how: Reading) -> date:
        """The day."""
        found = cells.day(text, month_ok=how.precision == "month")
        if self.past and how.today is not None and found > how.today:
            raise BadCell("day_in_future")
        return found


@dataclass(frozen=True)
class Month(ColumnType):
    """A month, as a month number; a day stands for its month."""

    arrow = pa.int64()
    hint_zh = "月份（2026-11）"
    hint_en = "month (2026-11)"

    def read(self, text: str, how: Reading) -> int:
        """The month, which has begun."""
        found = cells.month(text)
        if how.today is not None and found > how.today.year * 12 + how.today.month - 1:
            raise BadCell("day_in_future")
        return found


@dataclass(frozen=True)
class Flag(ColumnType):
    """Yes or no; ``words`` are other ways to say it."""

    words: Mapping[str, bool] = field(default_factory=dict)
    arrow = pa.bool_()
    hint_zh = "是/否"
    hint_en = "yes/no"

    def read(self, text: str, how: Reading) -> bool:
        """Whether."""
        said = self.words.get(cells.tidy(text))
        return cells.flag(text) if said is None else said


@dataclass(frozen=True)
class Choice(ColumnType):
    """One of a list: its code, its Chinese or English label, or another known word.

    ``keywords`` decide free wording, first hit wins: ("吊销", "revoked").
    """

    choices: type[models.TextChoices]
    aliases: Mapping[str, str] = field(default_factory=dict)
    keywords: tuple[tuple[str, str], ...] = ()
    hint_zh = "选项"
    hint_en = "choice"

    @cached_property
    def _known(self) -> dict[str, str]:
        known = {value.lower(): str(value) for value in self.choices.values}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                known |= {str(item.label).lower(): str(item.value) for item in self.choices}
        return known | {word.lower(): value for word, value in self.aliases.items()}

    def read(self, text: str, how: Reading) -> str:
        """The code of the choice."""
        plain = cells.tidy(text)
        found = self._known.get(plain.lower())
        if found is None:
            found = next((value for word, value in self.keywords if word in plain), None)
        if found is None:
            known = "、".join(str(label) for label in self.labels())
            raise BadCell("not_a_choice", known=known)
        return found

    def labels(self) -> list[str]:
        """The labels in the reader's language."""
        return [str(item.label) for item in self.choices if item.value]

    def label_of(self, code: str) -> str:
        """The label of one choice."""
        return str(self.choices(code).label)


@dataclass(frozen=True)
class Listed(ColumnType):
    """One of a list that is no model's: (code, Chinese, English), and other known words."""

    items: tuple[tuple[str, str, Text], ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    hint_zh = "选项"
    hint_en = "choice"

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, Text]], aliases: Mapping[str, str]) -> Listed:
        """The same from (code, label) pairs; Chinese words are the aliases."""
        first = {value: word for word, value in reversed(list(aliases.items()))}
        return cls(tuple((code, first.get(code, code), label) for code, label in pairs), aliases)

    @cached_property
    def _known(self) -> dict[str, str]:
        with translation.override("en"):
            known = {str(word).lower(): item[0] for item in self.items for word in item}
        return known | {word.lower(): value for word, value in self.aliases.items()}

    def read(self, text: str, how: Reading) -> str:
        """The code of the choice."""
        found = self._known.get(cells.tidy(text).lower())
        if found is None:
            raise BadCell("not_a_choice", known="、".join(self.labels()))
        return found

    def labels(self) -> list[str]:
        """The labels in the reader's language."""
        place = 1 if (translation.get_language() or "").startswith("zh") else 2
        return [str(item[place]) for item in self.items]

    def label_of(self, code: str) -> str:
        """The label of one choice."""
        return dict(zip((item[0] for item in self.items), self.labels(), strict=True))[code]


@dataclass(frozen=True)
class Uscc(ColumnType):
    """A unified social credit code; a wrong check character is kept (and marked elsewhere)."""

    most: int = 18
    hint_zh = "统一社会信用代码"
    hint_en = "unified social credit code"

    def read(self, text: str, how: Reading) -> str:
        """The code, upper case."""
        plain = identifiers.tidy(cells.tidy(text))
        if identifiers.is_uscc(plain) or identifiers.is_pilot_uscc(plain):
            return plain
        raise BadCell("bad_uscc")


@dataclass(frozen=True)
class Mobile(ColumnType):
    """A mainland mobile number."""

    hint_zh = "手机号"
    hint_en = "mobile number"

    def read(self, text: str, how: Reading) -> str:
        """Eleven digits."""
        plain = identifiers.tidy(cells.code(text, 20)).removeprefix("+86")
        if identifiers.is_mobile(plain):
            return plain
        raise BadCell("bad_mobile")


@dataclass(frozen=True)
class CitizenNo(ColumnType):
    """A citizen number."""

    hint_zh = "身份证号"
    hint_en = "citizen number"

    def read(self, text: str, how: Reading) -> str:
        """Eighteen characters that fit."""
        plain = identifiers.tidy(cells.code(text, 20))
        if identifiers.is_citizen_number(plain):
            return plain
        raise BadCell("bad_citizen_no")


@dataclass(frozen=True)
class Email(ColumnType):
    """An e-mail address."""

    hint_zh = "电子邮箱"
    hint_en = "e-mail"

    def read(self, text: str, how: Reading) -> str:
        """The address."""
        plain = cells.words(text, 254)
        try:
            validate_email(plain)
        except ValidationError:
            raise BadCell("bad_email") from None
        return plain
