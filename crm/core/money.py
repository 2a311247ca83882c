"""Amounts in words people use: yuan, 万 and 亿 in Chinese, thousand separators and m/bn in English.

Rounding is half up, on Decimal only. The unit is chosen after rounding, so 9,999.996 yuan reads
1 万元 and never 10,000.00 元.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Literal

Unit = Literal["auto", "yuan", "wan", "yi"]
MINUS = "\N{MINUS SIGN}"
WAN = Decimal(10_000)
YI = Decimal(100_000_000)
SCALES: dict[Unit, Decimal] = {"yuan": Decimal(1), "wan": WAN, "yi": YI}


@dataclass(frozen=True)
class Figure:
    """A number ready to show: sign and digits, and the unit that follows (or precedes) it."""

    digits: str
    unit: str
    prefix: str = ""

    def __str__(self) -> str:
        gap = " " if self.unit and self.prefix == "" else ""
        sign = self.digits[0] if self.digits[:1] in ("+", MINUS) else ""
        return f"{sign}{self.prefix}{self.digits[len(sign) :]}{gap}{self.unit}"


def money_figure(
    value: Decimal, *, unit: Unit = "auto", sign: bool = False, chinese: bool = True
) -> Figure:
    """``value`` yuan, in the unit asked for or in the one that reads best."""
    with localcontext(Context(prec=60)):
        return _chinese(value, unit, sign) if chinese else _english(value, unit, sign)


def exact_money(value: Decimal, *, chinese: bool = True) -> str:
    """Every digit, for the title of a rounded figure: 12,864,213.50 元 or ¥12,864,213.50."""
    with localcontext(Context(prec=60)):
        digits = grouped(value, 2 if value != value.to_integral_value() else 0)
    return f"{digits} 元" if chinese else str(Figure(digits, "", "¥"))


def rounded(value: Decimal, places: int) -> Decimal:
    """``value`` with so many decimals, halves away from zero, and never minus zero."""
    result = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return result if result else abs(result)


def grouped(value: Decimal, places: int, *, sign: bool = False, trim: bool = False) -> str:
    """``value`` with thousand separators and a true minus sign; ``trim`` drops idle zeros."""
    result = rounded(value, places)
    text = f"{abs(result):,.{places}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    if result < 0:
        return MINUS + text
    return f"+{text}" if sign and result > 0 else text


def _chinese(value: Decimal, unit: Unit, sign: bool) -> Figure:
    """元 below ten thousand, 万元 below a hundred million, then 亿元."""
    size = abs(value)
    if unit == "auto":
        if rounded(size / WAN, 0) >= 10_000:
            unit = "yi"
        elif rounded(size, 2) >= WAN:
            unit = "wan"
        else:
            unit = "yuan"
    if unit == "yi":
        return Figure(grouped(value / YI, 2, sign=sign), "亿元")
    if unit == "wan":
        wan = value / WAN
        places = 1 if rounded(abs(wan), 1) < 1_000 else 0
        return Figure(grouped(wan, places, sign=sign, trim=True), "万元")
    places = 0 if value == value.to_integral_value() else 2
    return Figure(grouped(value, places, sign=sign), "元")


def _english(value: Decimal, unit: Unit, sign: bool) -> Figure:
    """¥ and plain digits below a million, then m, from a billion on bn."""
    size = abs(value)
    if unit == "auto":
        if rounded(size / 1_000_000, 2) >= 1_000:
            return Figure(grouped(value / 1_000_000_000, 2, sign=sign), "bn", "¥")
        if rounded(size, 0) >= 1_000_000:
            return Figure(grouped(value / 1_000_000, 2, sign=sign, trim=True), "m", "¥")
    if unit == "yi":
        return Figure(grouped(value / 1_000_000_000, 3, sign=sign), "bn", "¥")
    if unit == "wan":
        return Figure(grouped(value / 1_000, 1, sign=sign, trim=True), "k", "¥")
    places = 0 if value == value.to_integral_value() or size >= WAN else 2
    return Figure(grouped(value, places, sign=sign), "", "¥")
