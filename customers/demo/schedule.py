"""Repayment schedules, to the fen: equal instalments, equal principal, interest first and others.

Everything is a table (loan, instalment); amounts are whole fen, and principal sums to the loan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.demo.draw import fen
from customers.demo.lending import (
    BULLET,
    EQUAL_INSTALMENT,
    EQUAL_PRINCIPAL,
    INTEREST_FIRST,
    QUARTERLY,
    REVOLVING,
    SEASONAL,
    Drawdowns,
)
from customers.demo.plan import Days, Flags, Floats, Ints, add_months

PEAK = 1.15  # a harvest month: this many times an average month of the trade


@dataclass
class Schedules:
    """By loan and instalment; ``is_row`` says which places hold one."""

    is_row: Flags
    due: Days
    principal: Ints
    interest: Ints


def make_schedules(loans: Drawdowns, mode: Ints, rate: Floats, season: Floats) -> Schedules:
    """The schedule of each loan. ``season`` is the trade's twelve weights, January first."""
    terms = loans.term[:, None]
    place = np.arange(1, (loans.term.max() if len(loans.term) else 1) + 1)[None, :]
    is_row = (place <= terms) & ((mode[:, None] != BULLET) | (place == terms))
    due = add_months(loans.drawn[:, None], np.broadcast_to(place, is_row.shape))
    total = fen(loans.principal)
    principal = _principal(mode, total, terms, place, due, season)
    principal = _annuities(principal, mode, total, rate, loans.term)
    cut = loans.cut[:, None]
    is_early = due >= np.where(np.isnat(cut), np.datetime64("9999-01-01"), cut)
    first_early = is_early & (np.cumsum(is_early, axis=1) == 1)
    is_row = (is_row & ~is_early) | first_early
    before = np.cumsum(principal, axis=1) - principal
    principal = np.where(first_early, total[:, None] - before, np.where(is_row, principal, 0))
    due = np.where(first_early, np.broadcast_to(cut, due.shape), due)
    is_row &= (total[:, None] - (np.cumsum(principal, axis=1) - principal)) > 0
    interest = _interest(mode, total, rate, principal, due, is_row, loans.drawn)
    return Schedules(is_row, due, principal, interest)


def _principal(
    mode: Ints, total: Ints, terms: Ints, place: Ints, due: Days, season: Floats
) -> Ints:
    """Shares of principal by mode, whole fen, the remainder with the last one."""
    shape = due.shape
    inside: Flags = np.less_equal(place, terms)
    last: Flags = np.equal(place, terms)
    month = due.astype("datetime64[M]").astype(np.int64) % 12
    weight = np.take_along_axis(season, month, axis=1) * 12
    harvest = np.where((weight >= PEAK) & inside, weight, 0.0)
    by_mode = {
        EQUAL_PRINCIPAL: np.broadcast_to(inside, shape).astype(float),
        INTEREST_FIRST: last.astype(float),
        REVOLVING: last.astype(float),
        BULLET: last.astype(float),
        QUARTERLY: (inside & ((place % 3 == 0) | last)).astype(float),
        SEASONAL: np.where(harvest.any(axis=1, keepdims=True), harvest, last.astype(float)),
        EQUAL_INSTALMENT: last.astype(float),
    }
    share: Floats = np.zeros(shape)
    for number, shares in by_mode.items():
        share = np.where((mode == number)[:, None], shares, share)
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-9)
    parts = np.floor(total[:, None] * share).astype(np.int64)
    final = share.shape[1] - 1 - np.argmax(share[:, ::-1] > 0, axis=1)
    rest = total - parts.sum(axis=1)
    np.add.at(parts, (np.arange(len(total)), final), rest)
    return parts


def _annuities(principal: Ints, mode: Ints, total: Ints, rate: Floats, term: Ints) -> Ints:
    """Equal instalments: interest on the balance by months, the rest of the payment principal."""
    rows = np.flatnonzero(mode == EQUAL_INSTALMENT)
    if len(rows) == 0:
        return principal
    monthly, count = rate[rows] / 12, term[rows]
    pay = np.rint(total[rows] * monthly / (1 - (1 + monthly) ** -count)).astype(np.int64)
    balance = total[rows].copy()
    principal = principal.copy()
    for number in range(1, int(count.max()) + 1):
        part = np.minimum(pay - np.rint(balance * monthly).astype(np.int64), balance)
        part = np.where(number == count, balance, np.where(number < count, part, 0))
        principal[rows, number - 1] = part
        balance -= part
    return principal


def _interest(
    mode: Ints, total: Ints, rate: Floats, principal: Ints, due: Days, is_row: Flags, drawn: Days
) -> Ints:
    """On the balance: by months for equal instalments, by days over 360 for the others."""
    balance = total[:, None] - (np.cumsum(principal, axis=1) - principal)
    since = np.where(is_row, due, np.datetime64("1900-01-01"))
    newest = np.maximum.accumulate(since.astype(np.int64), axis=1).astype("datetime64[D]")
    previous = np.column_stack([drawn, newest[:, :-1]])
    previous = np.maximum(previous, drawn[:, None])
    days = (due - previous).astype(np.int64)
    by_days = np.rint(balance * rate[:, None] * days / 360)
    by_months = np.rint(balance * rate[:, None] / 12)
    monthly = (mode == EQUAL_INSTALMENT)[:, None] & (days >= 28)
    return np.where(is_row, np.where(monthly, by_months, by_days), 0).astype(np.int64)
