"""Money through our accounts, month by month, from the same revenue that everything follows.

Receipts lag revenue by the customer's receivable days; loans and repayments pass through the
account; the balance aims at the days of cash the customer likes to hold, and never goes below zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.demo.draw import fen
from customers.demo.latent import DORMANT, HOUSEHOLD, INDIVIDUAL, LOST, PROSPECT, Latent
from customers.demo.needs import Held
from customers.demo.plan import HISTORY, Dice, Flags, Floats, Ints, Plan, month_days
from customers.demo.reference import FACTORY, FARM, SHOP, Reference
from customers.demo.repay import Moves, by_month

KWH_FOR_YUAN = np.array([0.03, 0.045, 0.004, 0.02, 0.012])  # by branch of trade
TICKET = np.array([260.0, 900.0, 1_500.0, 55.0, 600.0])  # yuan a receipt, by branch of trade


@dataclass
class Flows:
    """Fen by customer and month of the window; ``is_ours`` says which months have rows."""

    is_ours: Flags
    is_active: Flags
    inflow: Ints
    outflow: Ints
    business: Ints
    average: Ints
    end: Ints
    lowest: Ints
    cash: Floats
    payers: Ints
    partners: Ints
    active_days: Ints


def account_flows(
    plan: Plan, block: int, latent: Latent, ref: Reference, moves: Moves, interest: Floats
) -> Flows:
    """The account of every customer. ``interest`` is fen paid on loans by customer and month."""
    rng = plan.rng(block, "flows")
    is_ours, is_active = _presence(plan, latent)
    received = _receipts(rng, plan, latent, ref) * is_active
    drawn = by_month(plan, moves.customer, moves.day, np.maximum(moves.fen, 0) / 1.0, latent.size)
    repaid = by_month(plan, moves.customer, moves.day, np.maximum(-moves.fen, 0) / 1.0, latent.size)
    own = received * np.where(rng.random(received.shape) < 0.2, 0.12, 0.0)
    target = _target_balance(rng, latent, received)
    business = np.rint(received * 100)
    inflow = business + np.rint(own * 100) + drawn
    end, inflow, outflow = _walk(target * 100, inflow, repaid + interest, is_active)
    start = np.column_stack([end[:, 0], end[:, :-1]])
    lowest = np.floor(np.minimum(start, end) * (0.25 + 0.6 * rng.random(end.shape)))
    mean = (start + end) / 2 * np.exp(rng.normal(0, 0.08, end.shape))
    average = np.clip(np.rint(mean), lowest, np.maximum(start, end) + inflow / 4)
    payers = _payers(rng, latent, ref, received)
    return Flows(
        is_ours=is_ours,
        is_active=is_active,
        inflow=inflow.astype(np.int64),
        outflow=outflow.astype(np.int64),
        business=business.astype(np.int64),
        average=np.rint(average).astype(np.int64),
        end=end.astype(np.int64),
        lowest=lowest.astype(np.int64),
        cash=np.clip(latent.cash_share[:, None] * 0.5 * rng.uniform(0.7, 1.2, end.shape), 0, 0.9),
        payers=payers,
        partners=payers + 1 + (payers * 0.4 * rng.random(payers.shape)).astype(np.int64),
        active_days=np.where(
            received > 0, np.clip(np.rint(4 + 2.2 * np.sqrt(payers)), 1, 26), 0
        ).astype(np.int64),
    )


def _presence(plan: Plan, latent: Latent) -> tuple[Flags, Flags]:
    """Months with an account here, and months in which it moves."""
    back = plan.months - 1 - np.arange(plan.months)[None, :]
    joined = back < latent.since_months[:, None]
    gone = (latent.left_months[:, None] > 0) & (back < latent.left_months[:, None])
    is_ours = joined & ~(gone & (latent.state == LOST)[:, None])
    is_ours &= (latent.state != PROSPECT)[:, None]
    return is_ours, is_ours & ~gone


def _receipts(rng: Dice, plan: Plan, latent: Latent, ref: Reference) -> Floats:
    """Yuan received through us: revenue of some weeks ago, times the share that is ours."""
    days = ref.trades.receivable_days[latent.trade].mean(axis=1)
    lag = np.clip(np.where(latent.is_person, 0, days) / 30.4, 0, HISTORY - 1)
    whole, part = np.floor(lag).astype(int), lag - np.floor(lag)
    columns = np.arange(plan.months)[None, :] + HISTORY
    near = np.take_along_axis(latent.revenue, columns - whole[:, None], axis=1)
    far = np.take_along_axis(latent.revenue, columns - whole[:, None] - 1, axis=1)
    revenue = near * (1 - part)[:, None] + far * part[:, None]
    revenue = np.where(
        (far == 0) & (near == 0), latent.revenue[:, HISTORY:] * 0.4, revenue
    )  # the first weeks of a start-up are paid at once
    wobble = np.exp(rng.normal(0, 0.06, revenue.shape))
    return revenue * latent.through_us[:, None] * wobble


def _target_balance(rng: Dice, latent: Latent, received: Floats) -> Floats:
    """Yuan the customer likes to hold: its days of cash, fewer when it is thin or in trouble."""
    days = np.exp(2.75 - 0.55 * latent.traits["thin"])
    days = np.where(latent.kind == INDIVIDUAL, days * 3, days)
    days = np.where(latent.stop_days > 0, days * 0.3, days)
    level = received.copy()
    for column in range(1, level.shape[1]):
        level[:, column] = 0.6 * level[:, column - 1] + 0.4 * received[:, column]
    noise = np.exp(rng.normal(0, 0.15, received.shape))
    return level / 30 * days[:, None] * noise + 200 * (1 + rng.random(received.shape))


def _walk(
    target: Floats, inflow: Floats, paid_to_us: Floats, active: Flags
) -> tuple[Floats, Floats, Floats]:
    """Balances that add up: what comes in, less what goes out, is what is left."""
    end, outflow = np.zeros_like(target), np.zeros_like(target)
    inflow = inflow.copy()
    before = np.rint(target[:, 0])
    for month in range(target.shape[1]):
        free = before + inflow[:, month] - paid_to_us[:, month]
        short = np.maximum(-free, 0)  # brought in from elsewhere to pay the instalment
        inflow[:, month] += short
        left = np.where(
            active[:, month], np.minimum(np.rint(target[:, month]), free + short), before
        )
        inflow[:, month] = np.where(active[:, month], inflow[:, month], 0)
        outflow[:, month] = np.where(active[:, month], before + inflow[:, month] - left, 0)
        end[:, month] = before = left
    return end, inflow, outflow


def _payers(rng: Dice, latent: Latent, ref: Reference, received: Floats) -> Ints:
    """Different payers of a month: many small ones at shops, few large ones at makers."""
    branch = ref.trades.branch[latent.trade]
    size_of_payment = np.array([9_000, 60_000, 25_000, 900, 30_000])[branch]
    size_of_payment = np.where(latent.kind == HOUSEHOLD, 15_000, size_of_payment)
    hidden = (latent.kind == INDIVIDUAL) & (latent.serial % 3 == 0)
    size_of_payment = np.where(hidden, 500, np.where(latent.is_person, 6_000, size_of_payment))
    mean = np.minimum(received / size_of_payment[:, None], 400)
    return np.where(received > 0, np.maximum(rng.poisson(mean), 1), 0)


@dataclass
class Services:
    """What runs beside the account: receipts, wages, insurance, power, digital channels."""

    receipts: Ints  # fen by customer and month; 0 where there is no row
    receipt_count: Ints
    receipt_payers: Ints
    wages: Ints
    wage_heads: Ints
    insured: Ints
    kwh: Floats
    power_days_late: Ints
    channel_days: Ints


def services(plan: Plan, block: int, latent: Latent, ref: Reference, held: Held) -> Services:
    """Monthly facts of those who hold the service, or have agreed to share the data."""
    rng = plan.rng(block, "services")
    starts = month_days(np.arange(plan.first_ym, plan.last_ym + 1))
    branch = ref.trades.branch[latent.trade]
    revenue = latent.revenue[:, HISTORY:]
    ours = held.is_open("acquiring", starts) & (revenue > 0)
    share = np.clip(latent.through_us * (1 - latent.cash_share * 0.3), 0.05, 0.9)[:, None]
    shops = np.isin(branch, (SHOP, FARM)) | latent.is_person
    taken = revenue * share * np.where(shops, 0.75, 0.15)[:, None] * ours
    count = np.where(ours, np.maximum(np.rint(taken / TICKET[branch][:, None]), 1), 0)
    wages, heads = _wages(rng, plan, latent, held, starts)
    return Services(
        receipts=fen(taken),
        receipt_count=count.astype(np.int64),
        receipt_payers=np.ceil(count * (0.45 + 0.3 * rng.random(count.shape))).astype(np.int64),
        wages=wages,
        wage_heads=heads,
        insured=_insured(rng, plan, latent),
        kwh=_power(rng, latent, branch, revenue),
        power_days_late=_power_late(rng, plan, latent),
        channel_days=_channel(rng, latent, held.is_open("online_payment", starts)),
    )


def _staff(plan: Plan, latent: Latent) -> Floats:
    """Heads by month: the count at the end, moved along with a good part of the growth."""
    back = (plan.months - 1 - np.arange(plan.months))[None, :]
    then = latent.heads[:, None] * np.exp(-0.6 * latent.growth[:, None] * np.minimum(back, 18) / 12)
    open_then = back <= latent.age_months[:, None]
    return np.where(open_then & ~latent.is_person[:, None], np.maximum(np.rint(then), 1), 0)


def _wages(
    rng: Dice, plan: Plan, latent: Latent, held: Held, starts: np.ndarray
) -> tuple[Ints, Ints]:
    """Wages paid through us: most of the staff, at a wage the revenue can bear."""
    ours = held.is_open("payroll", starts) & (latent.revenue[:, HISTORY:] > 0)
    share = rng.uniform(0.75, 1.0, latent.size)[:, None]
    heads = np.floor(np.maximum(_staff(plan, latent) * share, 1)).astype(np.int64)
    heads = np.where(ours & (latent.heads >= 3)[:, None], heads, 0)
    level = np.clip(latent.yearly * 0.25 / 12 / np.maximum(latent.heads, 1), 3_200, 9_500)
    pay = level[:, None] * rng.uniform(0.93, 1.07, heads.shape)
    return fen(np.round(pay * heads)), heads


def _insured(rng: Dice, plan: Plan, latent: Latent) -> Ints:
    """Insured heads of firms that agreed to show them: fewer than the staff where informal."""
    agreed = latent.is_firm & (latent.traits["formal"] + rng.standard_normal(latent.size) > 0.6)
    share = np.clip(0.75 + 0.15 * latent.traits["formal"], 0.4, 1.0)
    heads = np.maximum(np.floor(_staff(plan, latent) * share[:, None]), 1)
    open_then = _staff(plan, latent) > 0
    return np.where(agreed[:, None] & open_then, heads, 0).astype(np.int64)


def _power(rng: Dice, latent: Latent, branch: Ints, revenue: Floats) -> Floats:
    """Electricity follows output, less sharply than money; 0 without an authorisation."""
    agreed = rng.random(latent.size) < np.where(branch == FACTORY, 0.5, 0.14)
    agreed &= ~latent.is_person & (latent.state != LOST) & (latent.state != DORMANT)
    mean = np.maximum(revenue.mean(axis=1, keepdims=True), 1)
    shape = np.maximum(revenue / mean, 0.02) ** 0.7 * mean
    use = shape * KWH_FOR_YUAN[branch][:, None] * np.exp(rng.normal(0, 0.07, revenue.shape))
    return np.where(agreed[:, None] & (revenue > 0), np.round(use, 2), 0.0)


def _power_late(rng: Dice, plan: Plan, latent: Latent) -> Ints:
    """Bills unpaid: by those in trouble, since they are in trouble."""
    back = (plan.months - 1 - np.arange(plan.months))[None, :] * 30
    trouble = (latent.stop_days[:, None] > 60) & (back < latent.stop_days[:, None])
    some = rng.random(trouble.shape) < np.where(trouble, 0.5, 0.01)
    return np.where(some, rng.integers(3, 50, trouble.shape), 0)


def _channel(rng: Dice, latent: Latent, online: Flags) -> Ints:
    """Days a month in our digital channels."""
    mean = np.clip(6 + 4 * latent.traits["digital"], 0.5, 20)[:, None]
    still = (latent.left_months == 0)[:, None]
    return np.where(online, np.minimum(rng.poisson(mean * still, online.shape), 28), 0)
