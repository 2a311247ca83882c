"""How customers come to hold products: the process behind every ``Holding.opened_on``.

Written before any model, so that a later model can be judged against it. In each month a customer
that is with us and does not hold a family opens it with probability

    sigmoid(base + sum(weight x driver) + 0.6 x taste + now(month))

- ``driver``: the standing traits of the table below, on a scale where one is a standard deviation.
- ``taste``: a standard normal draw for each customer and family that nobody can observe.
- ``now``: what moves with time. Growing receipts (last three months against the year before) pull
  working capital, equipment loans and payroll by +0.8 x growth; the month before a season peak
  pulls working capital and farm loans by +0.7; the first two years in business pull acquiring,
  online payment and start-up loans by +0.6; a family already held pulls its neighbours: an account
  deposits and online payment (+0.4), acquiring working capital (+0.5), payroll insurance (+0.4).
- gates: who cannot hold a family at all (payroll under 3 heads, farm loans outside farms ...).

What drives which family:

| family | base | drivers |
|---|---|---|
| payment_settlement, account_card | at joining | firms the first, the others the second |
| online_payment | -3.3 | digital 1.0, young |
| acquiring | -3.6 | cash 1.1, digital 0.5, young |
| payroll | -4.6 | heads 1.0, formal 0.6, growth |
| deposit | -4.3 | thin -1.2, age 0.3 |
| wealth | -5.3 | thin -1.2, size 0.4, quality 0.3 |
| insurance | -5.1 | farm 0.9, size 0.3, growth |
| ecommerce | -6.2 | digital 1.0 |
| credit_card | -4.7 | appetite 0.5, digital 0.3, quality 0.4, person 0.6 |
| working_capital_loan | -4.1 | appetite 0.9, thin 0.5, stock 0.4, quality 0.3, growth, season |
| loan | -4.7 | appetite 0.9, thin 0.4, quality 0.3 (sole traders, owners) |
| fixed_asset_loan | -5.6 | appetite 0.6, factory 0.8, growth |
| startup_guaranteed_loan | -4.1 | appetite 0.7, young (first three years) |
| farm_production_loan | -3.5 | appetite 0.7, thin 0.4, season (farms) |
| supply_chain_loan | -5.6 | chain 1.8, receivable 0.6 (firms) |
| bill_discount | -6.1 | receivable 0.8, size 0.6 (firms) |
| instalment | -5.8 | appetite 0.6 (persons, sole traders) |
| student_loan | -6.6 | appetite 0.4 (individuals) |
| guarantee_letter | -6.0 | receivable 1.0, formal 0.4 (firms that work on contracts) |

Before the window the same process ran with its standing part, for 36 months at most. Families are
left at a rate of 0.4 % a month (insurance, wealth 1.5 %); who leaves us closes them all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.demo.draw import sigmoid
from customers.demo.latent import (
    COOP,
    HOUSEHOLD,
    INDIVIDUAL,
    OWNER,
    PROSPECT,
    SOLE,
    Latent,
)
from customers.demo.plan import HISTORY, Days, Dice, Flags, Floats, Plan, month_days
from customers.demo.reference import FACTORY, FARM, Reference

PROCESS: dict[str, tuple[float, dict[str, float]]] = {
    "payment_settlement": (-9.0, {}),
    "account_card": (-9.0, {}),
    "online_payment": (-3.3, {"digital": 1.0}),
    "acquiring": (-3.6, {"cash": 1.1, "digital": 0.5}),
    "payroll": (-4.6, {"heads": 1.0, "formal": 0.6}),
    "deposit": (-4.3, {"thin": -1.2, "age": 0.3}),
    "wealth": (-5.3, {"thin": -1.2, "size": 0.4, "quality": 0.3}),
    "insurance": (-5.1, {"farm": 0.9, "size": 0.3}),
    "ecommerce": (-6.2, {"digital": 1.0}),
    "credit_card": (-4.7, {"appetite": 0.5, "digital": 0.3, "quality": 0.4, "person": 0.6}),
    "working_capital_loan": (
        -4.1,
        {"appetite": 0.9, "thin": 0.5, "stock": 0.4, "quality": 0.3},
    ),
    "loan": (-4.7, {"appetite": 0.9, "thin": 0.4, "quality": 0.3}),
    "fixed_asset_loan": (-5.6, {"appetite": 0.6, "factory": 0.8}),
    "startup_guaranteed_loan": (-4.1, {"appetite": 0.7}),
    "farm_production_loan": (-3.5, {"appetite": 0.7, "thin": 0.4}),
    "supply_chain_loan": (-5.6, {"chain": 1.8, "receivable": 0.6}),
    "bill_discount": (-6.1, {"receivable": 0.8, "size": 0.6}),
    "instalment": (-5.8, {"appetite": 0.6}),
    "student_loan": (-6.6, {"appetite": 0.4}),
    "guarantee_letter": (-6.0, {"receivable": 1.0, "formal": 0.4}),
}
FAMILIES = tuple(PROCESS)
TASTE = 0.6
GROWTH_PULL = {"working_capital_loan", "fixed_asset_loan", "payroll", "insurance"}
SEASON_PULL = {"working_capital_loan", "farm_production_loan"}
YOUNG_PULL = {"acquiring", "online_payment", "startup_guaranteed_loan"}
NEIGHBOURS = (
    ("payment_settlement", "online_payment", 0.4),
    ("account_card", "deposit", 0.4),
    ("acquiring", "working_capital_loan", 0.5),
    ("payroll", "insurance", 0.4),
)
NEVER = -60.0
BEFORE_WINDOW = 36
_PLACE = {family: number for number, family in enumerate(FAMILIES)}


@dataclass(frozen=True)
class Held:
    """When each family was opened and closed by each customer; NaT where it was not."""

    opened: Days  # (customer, family)
    closed: Days

    def column(self, family: str) -> Days:
        """The opening days of one family."""
        return self.opened[:, _PLACE[family]]

    def closed_column(self, family: str) -> Days:
        """The closing days of one family."""
        return self.closed[:, _PLACE[family]]

    def is_open(self, family: str, month: Days) -> Flags:
        """Held on each of these days: (customer, day)."""
        opened, closed = (d[:, _PLACE[family], None] for d in (self.opened, self.closed))
        return (opened <= month[None, :]) & ~(closed <= month[None, :])


def hold_products(plan: Plan, block: int, latent: Latent, ref: Reference) -> Held:
    """Every opening and closing of the block, by the process of this module."""
    rng = plan.rng(block, "needs")
    size, count = latent.size, len(FAMILIES)
    standing = _standing_part(plan, block, latent, ref) + _gates(latent, ref)
    since_day = plan.today - (latent.since_months * 30).astype("timedelta64[D]")
    left_day = plan.today - (latent.left_months * 30).astype("timedelta64[D]")
    opened = np.full((size, count), np.datetime64("NaT"), dtype="datetime64[D]")
    _joining(latent, since_day, opened)
    _before_window(plan, rng, latent, standing, since_day, opened)
    starts = month_days(plan.months_and_history()[HISTORY:])
    chance = rng.random((size, plan.months, count))
    offset = rng.integers(0, 28, (size, plan.months, count)).astype("timedelta64[D]")
    for month, start in enumerate(starts):
        hazard = sigmoid(standing + _now(latent, month, opened))
        day = start + offset[:, month]
        here = (day > since_day[:, None]) & (
            (latent.left_months == 0)[:, None] | (day < left_day[:, None])
        )
        new = np.isnat(opened) & here & (chance[:, month] < hazard)
        opened = np.where(new, day, opened)
    opened[latent.state == PROSPECT] = np.datetime64("NaT")
    return Held(opened, _closings(plan, rng, latent, opened, left_day))


def _drivers(latent: Latent, ref: Reference) -> dict[str, Floats]:
    """The standing drivers of the table, each about one standard deviation wide."""
    trades = ref.trades
    branch = trades.branch[latent.trade]
    business = (~latent.is_person).astype(float)
    return latent.traits | {
        "size": (np.log(np.maximum(latent.yearly, 1e4)) - 15) / 1.3,
        "heads": (np.log(np.maximum(latent.heads, 1)) - 2) / 1.1,
        "age": (np.log(latent.age_months) - 4) / 0.9,
        "cash": (latent.cash_share - 0.4) / 0.28,
        "stock": (trades.stock_days[latent.trade].mean(axis=1) - 35) / 40 * business,
        "receivable": (trades.receivable_days[latent.trade].mean(axis=1) - 40) / 40 * business,
        "factory": (branch == FACTORY) * business,
        "farm": (branch == FARM) * business,
        "chain": (latent.core >= 0).astype(float),
        "person": latent.is_person.astype(float),
    }


def _standing_part(plan: Plan, block: int, latent: Latent, ref: Reference) -> Floats:
    drivers = _drivers(latent, ref)
    taste = plan.rng(block, "taste").standard_normal((latent.size, len(FAMILIES)))
    score = TASTE * taste
    for column, (base, weights) in enumerate(PROCESS.values()):
        score[:, column] += base + sum(
            (weight * drivers[name] for name, weight in weights.items()), np.zeros(latent.size)
        )
    return score


def _gates(latent: Latent, ref: Reference) -> Floats:
    """A huge minus for families a customer cannot hold."""
    person, firm = latent.is_person, latent.is_firm
    branch = ref.trades.branch[latent.trade]
    small = (latent.kind == SOLE) | (latent.kind == HOUSEHOLD)
    farm = (branch == FARM) & (small | (latent.kind == COOP) | firm)
    hidden = (latent.kind == INDIVIDUAL) & (latent.serial % 3 == 0)
    allowed = {
        "acquiring": (~person & (latent.cash_share > 0.12)) | hidden,
        "payroll": ~person & (latent.heads >= 3),
        "working_capital_loan": ~person & (latent.kind != HOUSEHOLD),
        "loan": (latent.kind == SOLE) | (latent.kind == OWNER),
        "fixed_asset_loan": firm,
        "startup_guaranteed_loan": ~person & (latent.age_months <= 36),
        "farm_production_loan": farm,
        "supply_chain_loan": firm | (latent.core >= 0),
        "bill_discount": firm,
        "instalment": person | small,
        "student_loan": (latent.kind == INDIVIDUAL) & ~hidden,
        "guarantee_letter": firm & (ref.trades.receivable_days[latent.trade, 1] >= 90),
        "ecommerce": ~person,
        "credit_card": person | small,
        "wealth": np.ones(latent.size, dtype=bool),
    }
    gates = np.zeros((latent.size, len(FAMILIES)))
    for family, may in allowed.items():
        gates[:, _PLACE[family]] = np.where(may, 0.0, NEVER)
    return gates


def _joining(latent: Latent, since_day: Days, opened: Days) -> None:
    """Firms join with a settlement account, the others with an account and card."""
    joined = latent.state != PROSPECT
    first = np.where(latent.is_firm, _PLACE["payment_settlement"], _PLACE["account_card"])
    rows = np.flatnonzero(joined)
    opened[rows, first[rows]] = since_day[rows]


def _before_window(
    plan: Plan, rng: Dice, latent: Latent, standing: Floats, since_day: Days, opened: Days
) -> None:
    """What was opened before the window, by the standing part alone."""
    window = month_days(np.array([plan.first_ym]))[0]
    months = np.clip((window - since_day).astype(np.int64) // 30, 0, BEFORE_WINDOW)[:, None]
    held = 1 - (1 - sigmoid(standing)) ** months
    days = (months * 30 * rng.random(opened.shape)).astype(np.int64)
    new = np.isnat(opened) & (rng.random(opened.shape) < held)
    earlier = window - np.maximum(days, 1).astype("timedelta64[D]")
    opened[:] = np.where(new, np.maximum(earlier, since_day[:, None]), opened)


def _now(latent: Latent, month: int, opened: Days) -> Floats:
    """What pulls in this month: growth, the season to come, youth, what is held already."""
    pull = np.zeros((latent.size, len(FAMILIES)))
    column = month + HISTORY
    recent = latent.revenue[:, column - 3 : column].sum(axis=1)
    year_ago = latent.revenue[:, max(column - 15, 0) : column - 12].sum(axis=1)
    growth = np.where(year_ago > 0, recent / np.maximum(year_ago, 1) - 1, 0.0)
    ahead = latent.revenue[:, min(column + 1, latent.revenue.shape[1] - 1)]
    mean = latent.revenue[:, column - 12 : column].mean(axis=1)
    peak = ahead > 1.2 * np.maximum(mean, 1)
    back = latent.revenue.shape[1] - 1 - column
    young = latent.age_months - back < 24
    for family, place in _PLACE.items():
        if family in GROWTH_PULL:
            pull[:, place] += 0.8 * np.clip(growth, -0.6, 1.0)
        if family in SEASON_PULL:
            pull[:, place] += 0.7 * peak
        if family in YOUNG_PULL:
            pull[:, place] += 0.6 * young
    for held, pulled, strength in NEIGHBOURS:
        pull[:, _PLACE[pulled]] += strength * ~np.isnat(opened[:, _PLACE[held]])
    return pull


def _closings(plan: Plan, rng: Dice, latent: Latent, opened: Days, left_day: Days) -> Days:
    """When families were given up: seldom by those who stay, all by those who are lost."""
    rate = np.full(len(FAMILIES), 0.004)
    rate[[_PLACE["insurance"], _PLACE["wealth"]]] = 0.015
    rate[[_PLACE["payment_settlement"], _PLACE["account_card"]]] = 0.0
    months = np.log(rng.random(opened.shape)) / np.log1p(-np.maximum(rate, 1e-9))
    closed = opened + np.minimum(months * 30 + 60, 90_000).astype("timedelta64[D]")
    closed = np.where(closed < plan.today, closed, np.datetime64("NaT"))
    lost = (latent.left_months > 0)[:, None]
    gone = np.where(np.isnat(closed), left_day[:, None], np.minimum(closed, left_day[:, None]))
    dormant_keeps = (latent.state == 2)[:, None] & np.isin(
        np.arange(len(FAMILIES)), [_PLACE["payment_settlement"], _PLACE["account_card"]]
    )
    closed = np.where(lost & ~dormant_keeps, gone, closed)
    return np.where(np.isnat(opened), np.datetime64("NaT"), np.maximum(closed, opened))
