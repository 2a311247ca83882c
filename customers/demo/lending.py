"""Credit: what each family lends, who stops paying and when, and the drawdowns under each limit."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from customers.demo.draw import nice, pick, ragged, sigmoid
from customers.demo.latent import DECLINE, EXISTING, Latent
from customers.demo.needs import Held
from customers.demo.plan import (
    Days,
    Dice,
    Flags,
    Floats,
    Ints,
    Plan,
    add_months,
    day_28,
    month_days,
)

MODES = (
    "equal_instalment",
    "equal_principal",
    "interest_first",
    "quarterly_principal",
    "seasonal",
    "revolving",
    "bullet",
)
EQUAL_INSTALMENT, EQUAL_PRINCIPAL, INTEREST_FIRST, QUARTERLY, SEASONAL, REVOLVING, BULLET = range(7)
GUARANTEES = ("credit", "mortgage", "pledge", "guarantee")
SPREADS = np.array([1.7, 0.6, 0.9, 1.2])  # points above the loan prime rate
LPR_POINTS = 3.0


@dataclass(frozen=True)
class Programme:
    """How a family lends: share of yearly revenue, bounds, months, rhythm, modes, guarantees."""

    product: str
    share: tuple[float, float]
    bounds: tuple[float, float]
    term: int
    step: int  # months between drawdowns, 0 for one drawdown only
    modes: tuple[float, ...]
    guarantees: tuple[float, float, float, float]
    has_line: bool = False


PROGRAMMES = {
    "working_capital_loan": Programme(
        "WC07", (0.05, 0.20), (5e4, 1e7), 12, 12, (0.2, 0, 0.45, 0.15, 0, 0.2, 0),
        (0.4, 0.35, 0.1, 0.15), has_line=True,
    ),
    "loan": Programme(
        "WC01", (0.06, 0.20), (3e4, 1e6), 12, 12, (0.55, 0, 0.45, 0, 0, 0, 0),
        (0.6, 0.25, 0, 0.15), has_line=True,
    ),
    "fixed_asset_loan": Programme(
        "FA01", (0.12, 0.35), (1e5, 8e6), 36, 0, (0.2, 0.6, 0, 0.2, 0, 0, 0), (0.05, 0.6, 0.2, 0.15)
    ),
    "startup_guaranteed_loan": Programme(
        "SG01", (0.12, 0.30), (5e4, 1e6), 24, 0, (0.5, 0, 0.5, 0, 0, 0, 0), (0, 0, 0, 1)
    ),
    "farm_production_loan": Programme(
        "FP01", (0.10, 0.30), (3e4, 5e5), 12, 12, (0, 0, 0, 0, 1, 0, 0), (0.7, 0, 0.05, 0.25),
        has_line=True,
    ),
    "supply_chain_loan": Programme(
        "SC01", (0.04, 0.12), (1e5, 1e7), 4, 5, (0, 0, 0, 0, 0, 0, 1), (0, 0, 1, 0), has_line=True
    ),
    "bill_discount": Programme(
        "PS02", (0.02, 0.06), (1e5, 5e6), 6, 7, (0, 0, 0, 0, 0, 0, 1), (0, 0, 1, 0)
    ),
    "instalment": Programme(
        "IN01", (0.05, 0.20), (2e4, 5e5), 24, 0, (1, 0, 0, 0, 0, 0, 0), (1, 0, 0, 0)
    ),
    "student_loan": Programme(
        "SL01", (0.10, 0.18), (8e3, 2e4), 60, 0, (1, 0, 0, 0, 0, 0, 0), (1, 0, 0, 0)
    ),
}  # fmt: skip
LENDING = tuple(PROGRAMMES)
# Oldest arrears to reach, in days, in the order in which bad borrowers of a block get them: each
# bucket M4 .. M6+ and each bad class comes up early; then the same for those who are just late.
BAD_DAYS = (420, 118, 300, 148, 230, 178, 500, 118, 200, 340, 148, 460, 250, 178)
LATE_DAYS = (26, 58, 88, 14, 26, 45, 20, 75, 12, 28)


@dataclass
class Facilities:
    """One limit of one family each."""

    customer: Ints
    family: Ints  # place in LENDING
    opened: Days
    ends: Days  # given up on, NaT while open
    limit: Floats  # yuan
    term: Ints
    step: Ints
    mode: Ints
    guarantee: Ints
    rate: Floats

    def take(self, rows: Ints | Flags) -> Facilities:
        """Only these rows."""
        return Facilities(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def draw_facilities(plan: Plan, block: int, latent: Latent, held: Held) -> Facilities:
    """The limits behind the credit families held, in the order of their customers."""
    parts = [
        _of_family(plan, block, latent, held, number, family)
        for number, family in enumerate(LENDING)
    ]
    joined = Facilities(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Facilities)}
    )
    joined = joined.take(np.lexsort((joined.family, joined.customer)))
    total = np.bincount(joined.customer, joined.limit, latent.size)
    most = np.maximum(0.6 * latent.yearly, 5e4)
    shrink = np.minimum(1.0, most / np.maximum(total, 1))[joined.customer]
    joined.limit = nice(np.maximum(joined.limit * shrink, 8e3))
    return joined


def _of_family(
    plan: Plan, block: int, latent: Latent, held: Held, number: int, family: str
) -> Facilities:
    programme = PROGRAMMES[family]
    rng = plan.rng(block, f"lending.{family}")
    draws = rng.random((latent.size, 3))
    mode = pick(rng, np.broadcast_to(programme.modes, (latent.size, len(MODES))))
    guarantee = pick(rng, np.broadcast_to(programme.guarantees, (latent.size, len(GUARANTEES))))
    opened, closed = held.column(family), held.closed_column(family)
    rows = np.flatnonzero(~np.isnat(opened))
    years_ago = (plan.today - opened[rows]).astype(np.int64) / 365
    then = latent.yearly[rows] * np.exp(-latent.growth[rows] * np.minimum(years_ago, 2))
    share = programme.share[0] + (programme.share[1] - programme.share[0]) * draws[rows, 0]
    limit = np.clip(then * share, *programme.bounds)
    quality = latent.traits["quality"][rows]
    points = LPR_POINTS + SPREADS[guarantee[rows]] + 0.5 * draws[rows, 1] - 0.25 * quality
    revolving = mode[rows] == REVOLVING
    return Facilities(
        customer=rows,
        family=np.full(len(rows), number),
        opened=day_28(opened[rows]),
        ends=closed[rows],
        limit=limit,
        term=np.where(revolving, 5, programme.term),
        step=np.where(revolving, 6, programme.step),
        mode=mode[rows],
        guarantee=guarantee[rows],
        rate=np.round(np.clip(points, 2.8, 8.0) * 20) / 2000,
    )


def choose_arrears(plan: Plan, block: int, latent: Latent, lent: Facilities) -> None:
    """Some borrowers stop paying: the weak, the thin, the declining; their revenue breaks too."""
    rng = plan.rng(block, "arrears")
    chance = rng.random(latent.size)
    quality, thin = latent.traits["quality"], latent.traits["thin"]
    owed = np.bincount(lent.customer, lent.limit, latent.size)
    closely_watched = np.clip(np.log(np.maximum(owed, 1) / 3e5), -0.5, 4)  # the larger, the more
    weak = -1.1 * quality + 0.4 * thin + 0.9 * (latent.phase == DECLINE) - 0.38 * closely_watched
    bad = chance < sigmoid(-4.75 + weak)
    late = ~bad & (chance < sigmoid(-4.75 + weak) + sigmoid(-4.1 + 0.8 * weak))
    usable = np.isnat(lent.ends) & (lent.mode != BULLET)
    oldest = np.zeros(latent.size, dtype=np.int64)
    np.maximum.at(
        oldest, lent.customer[usable], (plan.today - lent.opened[usable]).astype(np.int64)
    )
    may = (latent.state == EXISTING) & ~latent.is_core
    for group, days in ((bad & may, BAD_DAYS), (late & may, LATE_DAYS)):
        _deal(latent, np.flatnonzero(group), oldest, days)
    _break_revenue(latent)


def _deal(latent: Latent, customers: Ints, oldest: Ints, days: tuple[int, ...]) -> None:
    """Arrears from the list in turn, each to the next customer whose loan is old enough."""
    waiting = list(days)
    for customer in customers.tolist():
        fits = [d for d in waiting if oldest[customer] >= d + 40]
        if fits:
            latent.stop_days[customer] = fits[0]
            waiting.remove(fits[0])
        if not waiting:
            waiting = list(days)


def _break_revenue(latent: Latent) -> None:
    """Receipts fall from three months before the first missed payment, the more the older it is."""
    stopped = np.flatnonzero(latent.stop_days > 0)
    columns = latent.revenue.shape[1]
    back = (columns - 1 - np.arange(columns)) * 30.4
    since = latent.stop_days[stopped, None] + 90 - back[None, :]
    depth = np.where(latent.stop_days[stopped] > 90, 0.75, 0.35)[:, None]
    fall = 1 - depth * np.clip(since / 150, 0, 1)
    latent.revenue[stopped] *= fall


@dataclass
class Drawdowns:
    """Loans before their schedules."""

    facility: Ints
    customer: Ints
    number: Ints  # the how many-th of its facility
    drawn: Days
    matures: Days
    term: Ints
    cut: Days  # paid off early on, NaT when it runs its course
    principal: Floats  # yuan


def draw_down(plan: Plan, block: int, latent: Latent, lent: Facilities) -> Drawdowns:
    """The loans under each facility: one, or one after the other as long as it is open."""
    rng = plan.rng(block, "drawdowns")
    last = np.where(np.isnat(lent.ends), plan.today, lent.ends) - np.timedelta64(20, "D")
    stop = latent.stop_days[lent.customer]
    last = np.where(stop > 0, np.minimum(last, plan.today - stop.astype("timedelta64[D]")), last)
    months = np.maximum((last - lent.opened).astype(np.int64) // 31, 0)
    counts = np.where(lent.step > 0, months // np.maximum(lent.step, 1) + 1, 1)
    facility, number = ragged(counts)
    drawn = add_months(lent.opened[facility], number * lent.step[facility])
    term = lent.term[facility]
    matures = add_months(drawn, term)
    used = rng.random(len(facility)) * 0.35 + 0.65
    used = np.where(lent.mode[facility] == REVOLVING, used - 0.25, used)
    window = month_days(np.array([plan.first_ym - 1]))[0]
    keep = (drawn < plan.today) & ((matures >= window) | (number == counts[facility] - 1))
    keep &= matures >= window
    cut = _early(rng, latent, lent, facility, drawn, matures, plan)
    rows = Drawdowns(
        facility=facility,
        customer=lent.customer[facility],
        number=number,
        drawn=drawn,
        matures=matures,
        term=term,
        cut=cut,
        principal=nice(lent.limit[facility] * used * 0.98),
    )
    return Drawdowns(**{f.name: getattr(rows, f.name)[keep] for f in fields(rows)})


def _early(
    rng: Dice, latent: Latent, lent: Facilities, facility: Ints, drawn: Days, matures: Days,
    plan: Plan,
) -> Days:  # fmt: skip
    """When a loan is paid off before its time: because the facility ends, or the cash is there."""
    nowhere = np.datetime64("NaT")
    ends = lent.ends[facility]
    cut = np.where((ends < matures) & (ends > drawn + 20), ends, nowhere)
    customer = lent.customer[facility]
    dice = rng.random((len(facility), 2))
    rich = latent.traits["thin"][customer] < 0.2
    chosen = (dice[:, 0] < 0.10) & rich & (latent.stop_days[customer] == 0)
    span = (matures - drawn).astype(np.int64)
    day = drawn + (span * (0.35 + 0.4 * dice[:, 1])).astype("timedelta64[D]")
    chosen &= (span > 150) & (day < plan.today - 5) & (lent.mode[facility] != SEASONAL)
    return np.where(np.isnat(cut) & chosen, day, cut)
