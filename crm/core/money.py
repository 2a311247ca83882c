"""Amounts in words people use: yuan, 万 and 亿 in Chinese, thousand separators and m/bn in English.

Rounding is half up, on Decimal only. The unit is chosen as if after rounding, so 9,999.996 yuan
reads 1 万元 and never 10,000.00 元. A list writes hundreds of amounts: keep this path short.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

Unit = Literal["auto", "yuan", "wan", "yi"]
MINUS = "\N{MINUS SIGN}"
WIDE = Context(prec=60)  # more digits than any amount has, so that no rounding fails
STEPS = [Decimal(1).scaleb(-places) for places in range(9)]
SCALES: dict[Unit, Decimal] = {"yuan": Decimal(1), "wan": Decimal(10**4), "yi": Decimal(10**8)}

# From here on an amount rounds up to the next unit, or to a figure without decimals.
TO_WAN = Decimal("9999.995")
TO_WHOLE_WAN = Decimal("9999500")
TO_YI = Decimal("99995000")
TO_MILLION = Decimal("999999.5")
TO_BILLION = Decimal("999995000")


@dataclass(frozen=True, slots=True)
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
    return _chinese(value, unit, sign) if chinese else _english(value, unit, sign)


def exact_money(value: Decimal, *, chinese: bool = True) -> str:
    """Every digit, for the title of a rounded figure: 12,864,213.50 元 or ¥12,864,213.50."""
    digits = grouped(value, _yuan_places(value))
    return f"{digits} 元" if chinese else str(Figure(digits, "", "¥"))


def rounded(value: Decimal, places: int) -> Decimal:
    """``value`` with so many decimals, halves away from zero, and never minus zero."""
    result = value.quantize(STEPS[places], ROUND_HALF_UP, WIDE)
    return result if result else STEPS[places] - STEPS[places]


def grouped(value: Decimal, places: int, *, sign: bool = False, trim: bool = False) -> str:
    """``value`` with thousand separators and a true minus sign; ``trim`` drops idle zeros."""
    text = f"{rounded(value, places):,f}"
    if trim and places:
        text = text.rstrip("0").rstrip(".")
    if text[0] == "-":
        return MINUS + text[1:]
    return f"+{text}" if sign and text.strip("0.") else text


def _yuan_places(value: Decimal) -> int:
    return 0 if value == value.to_integral_value(context=WIDE) else 2


def _chinese(value: Decimal, unit: Unit, sign: bool) -> Figure:
    """元 below ten thousand, 万元 below a hundred million, then 亿元."""
    size = value.copy_abs()
    if unit == "auto":
        unit = "yi" if size >= TO_YI else "wan" if size >= TO_WAN else "yuan"
    if unit == "yi":
        return Figure(grouped(value.scaleb(-8, WIDE), 2, sign=sign), "亿元")
    if unit == "wan":
        places = 0 if size >= TO_WHOLE_WAN else 1
        return Figure(grouped(value.scaleb(-4, WIDE), places, sign=sign, trim=True), "万元")
    return Figure(grouped(value, _yuan_places(value), sign=sign), "元")


def _english(value: Decimal, unit: Unit, sign: bool) -> Figure:
    """¥ and plain digits below a million, then m, from a billion on bn."""
    size = value.copy_abs()
    if unit == "auto" and size >= TO_BILLION:
        return Figure(grouped(value.scaleb(-9, WIDE), 2, sign=sign), "bn", "¥")
    if unit == "auto" and size >= TO_MILLION:
        return Figure(grouped(value.scaleb(-6, WIDE), 2, sign=sign, trim=True), "m", "¥")
    if unit == "yi":
        return Figure(grouped(value.scaleb(-9, WIDE), 3, sign=sign), "bn", "¥")
    if unit == "wan":
        return Figure(grouped(value.scaleb(-3, WIDE), 1, sign=sign, trim=True), "k", "¥")
    places = 0 if size >= 10_000 else _yuan_places(value)
    return Figure(grouped(value, places, sign=sign), "", "¥")
