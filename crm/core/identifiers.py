"""Identifiers with check digits: credit code, citizen number, bank card, mobile (rules.md 10)."""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

MOBILE = re.compile(r"1[3-9]\d{9}")
CITIZEN_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_FULL_WIDTH = str.maketrans(
    {**{0xFF10 + n: str(n) for n in range(10)}, **{0xFF21 + n: chr(65 + n) for n in range(26)}}
)


def tidy(value: str) -> str:
    """Without blanks and dashes, half-width, upper case."""
    return re.sub(r"[\s\-]", "", value).translate(_FULL_WIDTH).upper()


def is_uscc(value: str) -> bool:
    """A unified social credit code with the right check character (GB 32100-2015)."""
    return bool(uscc.is_valid(tidy(value)))


def is_pilot_uscc(value: str) -> bool:
    """Well formed but for its check character, as some early codes are: accept with a warning."""
    try:
        uscc.validate(tidy(value))
    except InvalidChecksum:
        return True
    except ValidationError:
        return False
    return False


def is_citizen_number(value: str) -> bool:
    """A citizen number with a real date and the right check character (GB 11643-1999)."""
    number = tidy(value)
    if CITIZEN_NUMBER.fullmatch(number) is None or number[-1] != ric.calc_check_digit(number):
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return True  # the place is not asked: a code may be older or newer than the person


def is_bank_card(value: str) -> bool:
    """16 to 19 digits with a Luhn check digit."""
    card = tidy(value)
    return card.isdigit() and 16 <= len(card) <= 19 and bool(luhn.is_valid(card))


def is_mobile(value: str) -> bool:
    """A mainland mobile number."""
    return MOBILE.fullmatch(tidy(value)) is not None
