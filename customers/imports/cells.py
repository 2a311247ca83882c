"""One cell of text to one value. Pure: the same text always gives the same value or the same fault.

Full-width writing is made plain first (NFKC). What is not clearly one value is refused with a code
and the placeholders of its sentence (``customers.imports.sentences``); nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

MAX_CELL = 32_767  # the longest text a spreadsheet cell may hold
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_SERIAL_ZERO = date(1899, 12, 30)  # day 1 is 1900-01-01; right from 1900-03-01 on
_SERIAL_LOW, _SERIAL_HIGH = 10_000, 80_000  # 1927 to 2119
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
_FORMULA_MARK = re.compile(r"^'(?=[=+\-@\t'0-9])")  # the mark of an exported or text-typed cell

_PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_MINUS_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-"})

_DAY = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
    r"|(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})(\d{2})(\d{2})"
)
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{4})年(\d{1,2})月份?|(\d{4})(\d{2})")
_TRUE = frozenset({"1", "1.0", "true", "t", "yes", "y", "是", "有", "√", "对"})
_FALSE = frozenset({"0", "0.0", "false", "f", "no", "n", "否", "无", "没有", "×"})


class BadCell(Exception):
    """A cell that is not a value: a code, and what its sentence needs."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def tidy(text: str) -> str:
    """The cell as one line: half-width, blanks single, no spreadsheet text mark."""
    if len(text) > MAX_CELL:
        raise BadCell("cell_too_long", length=len(text), most=MAX_CELL)
    if "\x00" in text:
        raise BadCell("nul_character")
    plain = unicodedata.normalize("NFKC", _FORMULA_MARK.sub("", text.strip()))
    if _CONTROL.search(plain):
        raise BadCell("control_character")
    return " ".join(plain.split())


def words(text: str, most: int) -> str:
    """Text of at most ``most`` characters."""
    plain = tidy(text)
    if len(plain) > most:
        raise BadCell("too_long", length=len(plain), most=most)
    return plain


def code(text: str, most: int) -> str:
    """A number that is a name: no blanks, and no digits lost to a spreadsheet."""
    plain = tidy(text).replace(" ", "")
    if _SCIENTIFIC.fullmatch(plain) and "+" in plain:
        raise BadCell("digits_lost")
    if re.fullmatch(r"\d+\.0+", plain):
        plain = plain.partition(".")[0]
    if len(plain) > most:
        raise BadCell("too_long", length=len(plain), most=most)
    return plain


def number(
    text: str, *, places: int, digits: int, scale: Decimal = Decimal(1), scaled: bool = False
) -> Decimal:
    """An exact decimal. ``scaled`` also takes 万 and 亿, a currency sign and 元."""
    plain = tidy(text).translate(_MINUS_SIGNS).replace(" ", "")
    if scaled:
        plain, own = _without_unit(plain)
        scale = own or scale
    if _SCIENTIFIC.fullmatch(plain):
        raise BadCell("scientific")
    if not _PLAIN_NUMBER.fullmatch(plain):
        if not _GROUPED_NUMBER.fullmatch(plain):
            digits_only = "," in plain and re.fullmatch(r"[+-]?[\d,.]*\d", plain)
            raise BadCell("grouping" if digits_only else "not_a_number")
        plain = plain.replace(",", "")
    if len(plain) > 60:
        raise BadCell("number_too_large", digits=digits - places)
    return fitted(Decimal(plain) * scale, places=places, digits=digits)


def _without_unit(plain: str) -> tuple[str, Decimal | None]:
    """The figure without ¥ and 元, and the scale that 万 or 亿 asks for."""
    bare = re.sub(r"^([+-]?)[¥$]", r"\1", plain)
    bare = re.sub(r"(人民币|RMB|CNY)$", "", bare).removesuffix("元")
    scale = _SCALES.get(bare[-1:])
    return (bare[:-1], scale) if scale else (bare, None)


def fitted(value: Decimal, *, places: int, digits: int) -> Decimal:
    """``value`` with its places; noise of binary fractions is dropped, real digits are not."""
    step = Decimal(1).scaleb(-places)
    if abs(value) >= Decimal(10) ** (digits - places):
        raise BadCell("number_too_large", digits=digits - places)
    near = value.quantize(step)
    if value != near and abs(value - near) > Decimal("0.000001") * step:
        raise BadCell("too_many_places", places=places)
    return near or abs(near)  # never minus zero


def whole(text: str, *, low: int, high: int) -> int:
    """A whole number inside its bounds."""
    value = int(number(text, places=0, digits=18))
    if not low <= value <= high:
        raise BadCell("out_of_range", low=low, high=high)
    return value


def share(text: str, *, percent: bool = False) -> Decimal:
    """A share of one: 0.125, or 12.5% with its sign (or with ``percent``, without it)."""
    plain = tidy(text)
    if plain.endswith("%"):
        plain, percent = plain[:-1], True
    elif plain.endswith("‰"):
        return number(plain[:-1], places=6, digits=9, scale=Decimal("0.001"))
    return number(plain, places=6, digits=9, scale=Decimal("0.01") if percent else Decimal(1))


def day(text: str, *, month_ok: bool = False) -> date:
    """A calendar day; with ``month_ok`` a month stands for its first day."""
    plain = tidy(text)
    found = _DAY.fullmatch(plain)
    if found is None:
        if month_ok and (ym := _month(plain)) is not None:
            return _existing(ym[0], ym[1], 1)
        return _serial_day(plain)
    year, month, number = _three(found)
    return _existing(year, month, number)


def _three(found: re.Match[str]) -> tuple[int, int, int]:
    parts = [part for part in found.groups() if part and part not in "-/."]
    return int(parts[0]), int(parts[1]), int(parts[2])


def _existing(year: int, month: int, number: int) -> date:
    """The day, when the calendar has it and the bank could know it."""
    try:
        found = date(year, month, number)
    except ValueError:
        raise BadCell("no_such_day", day=f"{year:04d}-{month:02d}-{number:02d}") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise BadCell("day_out_of_range", low=str(FIRST_DAY), high=str(LAST_DAY))
    return found


def _serial_day(plain: str) -> date:
    """A spreadsheet's day number; everything else is not a day."""
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        days = int(plain.partition(".")[0])
        if _SERIAL_LOW <= days <= _SERIAL_HIGH:
            return _SERIAL_ZERO + timedelta(days=days)
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|\d{2}[-/.]\d{1,2}[-/.]\d{1,2}", plain):
        raise BadCell("day_ambiguous")
    raise BadCell("not_a_day")


def _month(plain: str) -> tuple[int, int] | None:
    found = _MONTH.fullmatch(plain)
    if found is None:
        return None
    year, number = (int(part) for part in found.groups() if part)
    return year, number


def month(text: str) -> int:
    """A month number (``crm.core.months``) from a month, or from any day in it."""
    plain = tidy(text)
    found = _month(plain)
    if found is None:
        try:
            inside = day(plain)
        except BadCell as fault:
            if fault.code in {"not_a_day", "day_ambiguous"}:
                raise BadCell("not_a_month") from None
            raise
        found = inside.year, inside.month
    year, number = found
    if not 1 <= number <= 12:
        raise BadCell("no_such_month", month=f"{year:04d}-{number:02d}")
    _existing(year, number, 1)
    return year * 12 + number - 1


def flag(text: str) -> bool:
    """Yes or no."""
    plain = tidy(text).lower()
    if plain in _TRUE:
        return True
    if plain in _FALSE:
        return False
    raise BadCell("not_yes_or_no")
