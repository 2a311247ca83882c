"""Made-up numbers with true check characters: credit code, citizen number, mobile, card."""

from __future__ import annotations

import numpy as np

from customers.demo.plan import Days, Flags, Ints

_USCC = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))
_USCC_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_CITIZEN_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CITIZEN_CHECK = np.array(list("10X98765432"))
_MOBILE_HEADS = np.array([135, 136, 137, 138, 139, 150, 151, 152, 158, 159, 177, 180, 186, 188])


def credit_codes(kinds: list[str], regions: list[str], serials: Ints) -> list[str]:
    """Unified credit codes: kind (91, 92, 93), region, and an organisation code of the serial."""
    heads = [kind + region for kind, region in zip(kinds, regions, strict=True)]
    head = _digits(heads, 8)
    organisation = _organisation(serials)
    values = np.concatenate([head, organisation], axis=1)
    check = (31 - (values * _USCC_WEIGHTS).sum(axis=1) % 31) % 31
    return ["".join(row) for row in _USCC[np.column_stack([values, check])]]


def _organisation(serials: Ints) -> Ints:
    """Nine values: ``MA``, six scrambled base-31 digits of the serial, and GB 11714's check."""
    scrambled = (serials * 48_271 + 11) % 887_503_681  # 31 ** 6: no two serials meet
    digits = np.stack([(scrambled // 31**power) % 31 for power in range(5, -1, -1)], axis=1)
    m_and_a = np.broadcast_to([_place("M"), _place("A")], (len(serials), 2))
    body = np.concatenate([m_and_a, digits], axis=1)
    check = 11 - (_ordinary(body) * _ORG_WEIGHTS).sum(axis=1) % 11
    letter = np.where(check == 10, _place("X"), np.where(check == 11, 0, check))
    return np.column_stack([body, letter])


def _place(letter: str) -> int:
    return int(np.flatnonzero(letter == _USCC)[0])


def _ordinary(places: Ints) -> Ints:
    """The value of a character among 0-9A-Z, as GB 11714 counts it."""
    value = np.array([int(str(c), 36) for c in _USCC])
    return value[places]


def citizen_numbers(regions: list[str], born: Days, serials: Ints, women: Flags) -> list[str]:
    """Citizen numbers: region, birthday, an order number (odd for men), and the check character."""
    order = (serials * 2) % 998 + np.where(women, 2, 1)
    dates = np.datetime_as_string(born, unit="D")
    bodies = [
        f"{region}{day[:4]}{day[5:7]}{day[8:]}{number:03d}"
        for region, day, number in zip(regions, dates, order, strict=True)
    ]
    digits = _digits(bodies, 17)
    check = _CITIZEN_CHECK[(digits * _CITIZEN_WEIGHTS).sum(axis=1) % 11]
    return [body + last for body, last in zip(bodies, check, strict=True)]


def mobiles(serials: Ints) -> list[str]:
    """Mobile numbers; different serials below 10 ** 8 get different numbers."""
    heads = _MOBILE_HEADS[serials % len(_MOBILE_HEADS)]
    tails = (serials * 48_271 + 7_919) % 100_000_000
    return [f"{head}{tail:08d}" for head, tail in zip(heads, tails, strict=True)]


def card_numbers(serials: Ints) -> list[str]:
    """Bank cards of 19 digits with Luhn's check digit."""
    bodies = [f"621700{(serial * 48_271 + 13) % 10**12:012d}" for serial in serials.tolist()]
    digits = _digits(bodies, 18)
    doubled = digits[:, 1::2] * 2
    total = digits[:, 0::2].sum(axis=1) + np.where(doubled > 9, doubled - 9, doubled).sum(axis=1)
    return [f"{body}{(10 - rest) % 10}" for body, rest in zip(bodies, total % 10, strict=True)]


def _digits(numbers: list[str], width: int) -> Ints:
    """One row of digits a number, also when there is none."""
    rows = [[int(c) for c in number] for number in numbers]
    return np.array(rows, dtype=np.int64).reshape(len(numbers), width)
