"""What was paid, when, and what is left: balances, arrears, classes, and how lines were used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.demo.latent import Latent
from customers.demo.lending import Drawdowns
from customers.demo.plan import Days, Flags, Floats, Ints, Plan, month_days
from customers.demo.schedule import Schedules

CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
CLASS_FROM_DAYS = np.array([8, 91, 271, 361])


@dataclass
class Payments:
    """By loan and instalment, and by loan."""

    paid_on: Days  # NaT while unpaid
    is_paid: Flags
    balance: Ints  # fen, by loan
    closed: Days  # by loan
    overdue_days: Ints  # by loan
    five_class: Ints  # by loan: the worst of the customer's


def pay(plan: Plan, block: int, latent: Latent, loans: Drawdowns, made: Schedules) -> Payments:
    """Due rows are paid on the day, a little late, or no more."""
    rng = plan.rng(block, "payments")
    dice = rng.random((len(loans.customer), 64))[:, : made.due.shape[1]]
    late = rng.random((len(loans.customer), 64))[:, : made.due.shape[1]]
    sloppy = rng.random(latent.size) < np.where(latent.traits["quality"] < -0.5, 0.22, 0.04)
    is_sloppy = sloppy[loans.customer][:, None]
    delay = np.where(dice < 0.015, 1 + 3 * late, 0.0)
    delay = np.where(is_sloppy & (dice < 0.14), 2 + 26 * late**1.5, delay).astype(np.int64)
    delay[made.due >= loans.matures[:, None]] = 0  # the last payment makes room for a renewal
    paid_on = made.due + delay.astype("timedelta64[D]")
    stop = latent.stop_days[loans.customer]
    stop_day = np.where(stop > 0, plan.today - stop.astype("timedelta64[D]"), plan.today + 1)
    is_paid = made.is_row & (paid_on <= plan.today) & (made.due < stop_day[:, None])
    in_order = np.cumsum(made.is_row & ~is_paid, axis=1) == 0  # the oldest is paid first
    is_paid &= in_order
    newest = np.maximum.accumulate(
        np.where(is_paid, paid_on, np.datetime64("1900-01-01")).astype(np.int64), axis=1
    ).astype("datetime64[D]")
    paid_on = np.where(is_paid, newest, np.datetime64("NaT"))
    balance = (made.principal * (made.is_row & ~is_paid)).sum(axis=1)
    all_paid = (~made.is_row | is_paid).all(axis=1)
    closed = np.where(all_paid, newest[:, -1], np.datetime64("NaT"))
    overdue = _overdue(plan, made, is_paid)
    return Payments(paid_on, is_paid, balance, closed, overdue, _classes(latent, loans, overdue))


def _overdue(plan: Plan, made: Schedules, is_paid: Flags) -> Ints:
    """Days past the oldest unpaid due date, 0 when nothing is due."""
    unpaid = made.is_row & ~is_paid & (made.due < plan.today)
    oldest = np.where(unpaid, made.due, np.datetime64("9999-01-01")).min(axis=1)
    days = (plan.today - oldest).astype(np.int64)
    return np.where(unpaid.any(axis=1), days, 0)


def _classes(latent: Latent, loans: Drawdowns, overdue: Ints) -> Ints:
    """By days past due, the worst of a customer for all its loans; a few watched ones besides."""
    by_days = np.searchsorted(CLASS_FROM_DAYS, overdue, side="right")
    worst = np.zeros(latent.size, dtype=np.int64)
    np.maximum.at(worst, loans.customer, by_days)
    watched = (latent.traits["quality"] < -2.1) & (worst == 0)
    return np.where(watched, 1, worst)[loans.customer]


@dataclass
class Moves:
    """Principal that moved: drawn (+) and repaid (-), by customer, facility and day."""

    facility: Ints
    customer: Ints
    day: Days
    fen: Ints


def principal_moves(loans: Drawdowns, made: Schedules, paid: Payments) -> Moves:
    """Each drawdown and each repayment of principal."""
    loan, column = np.nonzero(paid.is_paid & (made.principal > 0))
    return Moves(
        facility=np.concatenate([loans.facility, loans.facility[loan]]),
        customer=np.concatenate([loans.customer, loans.customer[loan]]),
        day=np.concatenate([loans.drawn, paid.paid_on[loan, column]]),
        fen=np.concatenate([np.rint(loans.principal * 100), -made.principal[loan, column]]).astype(
            np.int64
        ),
    )


def by_month(plan: Plan, rows: Ints, days: Days, amounts: Floats, count: int) -> Floats:
    """Sums by row and month of the window; days outside it are left out."""
    starts = month_days(np.arange(plan.first_ym, plan.last_ym + 2))
    month = np.searchsorted(starts, days, side="right") - 1
    inside = (month >= 0) & (month < plan.months)
    flat = rows[inside] * plan.months + month[inside]
    return np.bincount(flat, amounts[inside], count * plan.months).reshape(count, plan.months)


def used_by_month(plan: Plan, moves: Moves, count: int) -> tuple[Floats, Floats]:
    """Average and highest fen outstanding by facility and month of the window."""
    starts = month_days(np.arange(plan.first_ym, plan.last_ym + 2))
    lengths = (starts[1:] - starts[:-1]).astype(np.int64)
    earlier = moves.day < starts[0]
    opening = np.bincount(moves.facility[earlier], moves.fen[earlier], count)
    change = by_month(plan, moves.facility, moves.day, moves.fen.astype(float), count)
    end = opening[:, None] + np.cumsum(change, axis=1)
    start = end - change
    month = np.clip(np.searchsorted(starts, moves.day, side="right") - 1, 0, plan.months - 1)
    left = (starts[month + 1] - moves.day).astype(np.int64)
    weighted = moves.fen * np.clip(left, 0, None) / lengths[month]
    average = start + by_month(plan, moves.facility, moves.day, weighted, count)
    return np.maximum(average, 0), np.maximum(np.maximum(start, end), 0)
