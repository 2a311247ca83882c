"""A month as one whole number, so that windows are plain arithmetic in Python and SQL alike."""

from datetime import date

from django.utils.translation import gettext as _


def ym_of(day: date) -> int:
    """Months since year 0: 2026-11 is 24322. ``ym - 3`` is three months earlier."""
    return day.year * 12 + day.month - 1


def month_start(ym: int) -> date:
    """The first day of month ``ym``."""
    return date(ym // 12, ym % 12 + 1, 1)


def month_label(ym: int) -> str:
    """The month as 2026-11."""
    return f"{ym // 12:04d}-{ym % 12 + 1:02d}"


def last_closed(as_of: date) -> int:
    """The newest month that has ended on ``as_of``: its windows never look into an open month."""
    return ym_of(as_of) - 1


def parse_month(text: str) -> int:
    """``2026-11`` or ``202611`` as a month number; ValueError with a sentence otherwise."""
    digits = text.replace("-", "").replace("/", "")
    if len(digits) != 6 or not digits.isdigit() or not 1 <= int(digits[4:]) <= 12:
        raise ValueError(_("%(value)s is not a month such as 2026-11.") % {"value": text})
    return int(digits[:4]) * 12 + int(digits[4:]) - 1
