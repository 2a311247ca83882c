"""What each customer is like, behind all its facts.

Every customer has a hidden state, drawn first: kind of party, trade, phase of life, yearly revenue
and its growth, and traits on a standard scale: quality (credit worth), thinness of cash, appetite
for debt, digital habit, formality (invoices, insurance, tax), loyalty (share of money through us),
concentration of buyers. Traits hang together: declining firms are of lower quality and thinner,
larger firms more formal. Facts are drawn from this state only, so they tell one story.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.demo.draw import between, pick, sigmoid
from customers.demo.plan import BLOCK, HISTORY, Dice, Flags, Floats, Ints, Plan
from customers.demo.reference import FACTORY, FARM, SHOP, Reference

COMPANY, PARTNERSHIP, SOLE, COOP, HOUSEHOLD, OWNER, INDIVIDUAL = range(7)
KIND_NAMES = (
    "company",
    "partnership_sole_prop",
    "sole_trader",
    "coop",
    "farm_household",
    "owner_person",
    "individual",
)
PROSPECT, EXISTING, DORMANT, LOST = range(4)
STATE_NAMES = ("prospect", "existing", "dormant", "lost")
START, GROWTH, MATURE, DECLINE = range(4)

# company, partnership, sole trader, coop, farm household by branch of trade (FARM .. SERVICE)
KIND_SHARES = np.array(
    [
        [0.18, 0.00, 0.15, 0.12, 0.55],
        [0.82, 0.08, 0.10, 0.00, 0.00],
        [0.56, 0.03, 0.41, 0.00, 0.00],
        [0.34, 0.05, 0.61, 0.00, 0.00],
        [0.80, 0.08, 0.12, 0.00, 0.00],
    ]
)
BRANCH_WEIGHT = np.array([1.3, 1.0, 1.2, 1.3, 0.9])
TRAITS = ("quality", "thin", "appetite", "digital", "formal", "loyal", "concentration", "price")


@dataclass
class Latent:
    """The state of a block of customers; arrays are by customer, ``revenue`` by month too."""

    serial: Ints  # number in the whole bank, from 0
    kind: Ints
    trade: Ints  # -1 for persons without a business of their own
    firm: Ints  # the place in the block of the firm an owner controls, else -1
    phase: Ints
    state: Ints
    age_months: Ints  # in business, or with us for persons
    since_months: Ints  # a customer for so many months, 0 for prospects
    left_months: Ints  # no longer active for so many months, 0 when active
    traits: dict[str, Floats]
    growth: Floats  # log growth a year
    scale: Floats  # place in the trade's range, 0 to 1, above for the large ones
    yearly: Floats  # yuan of revenue a year at the end, before shocks
    heads: Ints
    cash_share: Floats
    margin: Floats
    sigma: Floats  # noise of a month
    through_us: Floats  # share of receipts that pass our accounts
    is_core: Flags
    core: Ints  # the place in the block of the core firm it serves, else -1
    is_supplier: Flags  # supplies its core firm; otherwise buys from it
    revenue: Floats  # (customer, month of history and window)
    stop_days: Ints  # stopped paying so many days ago, 0 when it pays

    @property
    def size(self) -> int:
        """How many customers."""
        return len(self.serial)

    @property
    def is_person(self) -> Flags:
        """Owners and individuals."""
        return self.kind >= OWNER

    @property
    def is_firm(self) -> Flags:
        """Companies, partnerships and coops."""
        return (self.kind == COMPANY) | (self.kind == PARTNERSHIP) | (self.kind == COOP)

    @property
    def is_lender_free(self) -> Flags:
        """Active customers that may borrow from us."""
        return self.state == EXISTING


def draw_latent(plan: Plan, block: int, ref: Reference, season: Floats) -> Latent:
    """The states of one block; the first customers do not depend on how many follow."""
    first = block * BLOCK
    size = min(BLOCK, plan.customers - first)
    trade, kind, firm = _business(plan, block, ref, size)
    rng = plan.rng(block, "phase")
    phase = pick(rng, np.broadcast_to([0.14, 0.22, 0.46, 0.18], (size, 4)))
    traits = _traits(plan, block, phase, kind)
    age = _ages(plan, block, phase)
    state, since, left = _standing(plan, block, phase, age)
    person = kind >= OWNER
    is_core, core, is_supplier = _chains(plan, block, ref, trade, kind, person)
    scale = _scales(plan, block, kind, is_core)
    draws = plan.rng(block, "figures")
    growth = _growth(draws, phase)
    yearly = _yearly(draws, ref, trade, scale, phase, is_core)
    latent = Latent(
        serial=first + np.arange(size),
        kind=kind,
        trade=trade,
        firm=firm,
        phase=phase,
        state=np.where(is_core & (state > EXISTING), EXISTING, state),
        age_months=age,
        since_months=since,
        left_months=np.where(is_core, 0, left),
        traits=traits,
        growth=growth,
        scale=scale,
        yearly=yearly,
        heads=_heads(draws, ref, trade, scale, phase, person),
        cash_share=between(draws, *ref.trades.cash[trade].T),
        margin=between(draws, *ref.trades.margin[trade].T),
        sigma=np.exp(draws.normal(-1.9, 0.35, size)),
        through_us=np.where(state == PROSPECT, 0.0, sigmoid(0.3 + 0.9 * traits["loyal"])),
        is_core=is_core,
        core=core,
        is_supplier=is_supplier,
        revenue=np.zeros((size, plan.months + HISTORY)),
        stop_days=np.zeros(size, dtype=np.int64),
    )
    _inherit(latent)
    latent.revenue = _revenue(plan, block, latent, season)
    return latent


def _business(plan: Plan, block: int, ref: Reference, size: int) -> tuple[Ints, Ints, Ints]:
    """Trade, kind of party, and the firm an owner stands behind (always the one before)."""
    rng = plan.rng(block, "business")
    trades = ref.trades
    count = len(trades.keys)
    weights = BRANCH_WEIGHT[trades.branch]
    trade = pick(rng, np.broadcast_to(weights, (BLOCK, count)))
    trade[: 2 * count : 2] = rng.permutation(count)  # each trade occurs in every block
    kind = pick(rng, KIND_SHARES[trades.branch[trade]])
    place = np.arange(BLOCK)
    firm = place - 1
    behind_firm = np.isin(kind[firm], (COMPANY, PARTNERSHIP, COOP))
    chance = rng.random(BLOCK)
    odd = place % 2 == 1
    owner = odd & behind_firm & (chance < 0.24)
    individual = odd & ~owner & (chance > 0.955)
    kind[owner], kind[individual] = OWNER, INDIVIDUAL
    trade[owner] = trade[firm[owner]]
    return trade[:size], kind[:size], np.where(owner, firm, -1)[:size]


def _traits(plan: Plan, block: int, phase: Ints, kind: Ints) -> dict[str, Floats]:
    """Standard scores that lean with phase and kind."""
    lean_quality = np.array([-0.1, 0.2, 0.25, -0.6])[phase]
    drawn = {name: plan.rng(block, f"trait.{name}").standard_normal(len(phase)) for name in TRAITS}
    drawn["quality"] += lean_quality
    drawn["thin"] += np.array([0.4, 0.2, -0.3, 0.6])[phase] - 0.3 * drawn["quality"]
    drawn["formal"] += np.array([0.9, 0.7, -0.5, 0.2, -0.9, 0.0, 0.0])[kind]
    drawn["appetite"] += np.array([0.2, 0.5, 0.0, 0.1])[phase]
    return drawn


def _ages(plan: Plan, block: int, phase: Ints) -> Ints:
    """Months in business: start-ups below two years, mature firms from three."""
    rng = plan.rng(block, "age")
    low = np.array([3, 26, 38, 30])[phase]
    high = np.array([23, 150, 300, 300])[phase]
    return (low * (high / low) ** (rng.random(len(phase)) ** 1.2)).astype(np.int64)


def _standing(plan: Plan, block: int, phase: Ints, age: Ints) -> tuple[Ints, Ints, Ints]:
    """Prospect, existing, dormant or lost; months since joining and since leaving."""
    rng = plan.rng(block, "standing")
    size = len(phase)
    state = pick(
        rng,
        np.array(
            [
                [0.34, 0.66, 0, 0],
                [0.2, 0.76, 0.02, 0.02],
                [0.17, 0.7, 0.08, 0.05],
                [0.17, 0.62, 0.12, 0.09],
            ]
        )[phase],
    )
    months = np.exp(rng.normal(3.6, 0.9, size)).astype(np.int64) + 1
    left = np.where(state >= DORMANT, rng.integers(7, 16, size), 0)
    state = np.where((state >= DORMANT) & (age < left + 8), EXISTING, state)
    left = np.where(state >= DORMANT, left, 0)
    months = np.where(state >= DORMANT, np.maximum(months, left + 7), months)
    since = np.where(state == PROSPECT, 0, np.clip(months, 1, np.maximum(age - 1, 1)))
    return state, since, left


def _chains(
    plan: Plan, block: int, ref: Reference, trade: Ints, kind: Ints, person: Flags
) -> tuple[Flags, Ints, Flags]:
    """A few core firms a block, each with suppliers and dealers near it in the block."""
    rng = plan.rng(block, "chains")
    branch = ref.trades.branch[trade]
    size = len(trade)
    chance = rng.random((BLOCK, 2))[:size]
    place = np.arange(size)
    maker = (kind == COMPANY) & (branch == FACTORY)
    is_core = np.zeros(size, dtype=bool)
    core = np.full(size, -1)
    for start in range(0, size, 400):
        makers = place[maker & (place >= start) & (place < start + 400)]
        if len(makers) == 0:
            continue
        head = makers[0]
        is_core[head] = True
        near = (place >= start) & (place < start + 400) & (place != head) & ~person
        member = near & (branch != FARM) & (branch != SHOP) & (chance[:, 0] < 0.10)
        core[member] = head
    is_supplier = (core >= 0) & ((branch == FACTORY) | (chance[:, 1] < 0.3))
    return is_core, core, is_supplier


def _scales(plan: Plan, block: int, kind: Ints, is_core: Flags) -> Floats:
    """Where in its trade's range of revenue a customer stands, on a log scale."""
    rng = plan.rng(block, "scale")
    drawn = rng.beta(1.8, 2.4, len(kind))
    lean = np.array([1.15, 0.8, 0.6, 1.0, 0.45, 0.5, 0.4])[kind]
    beyond = np.where((kind == COMPANY) & (rng.random(len(kind)) < 0.05), 0.55, 0.0)
    return np.where(is_core, 1.75, drawn * lean + beyond)


def _growth(rng: Dice, phase: Ints) -> Floats:
    """Log growth a year by phase."""
    mean = np.array([0.25, 0.36, 0.02, -0.42])[phase]
    spread = np.array([0.20, 0.11, 0.05, 0.15])[phase]
    return mean + spread * np.clip(rng.standard_normal(len(phase)), -1.6, 2.2)


def _yearly(
    rng: Dice, ref: Reference, trade: Ints, scale: Floats, phase: Ints, core: Flags
) -> Floats:
    """Yuan a year, log-linear in scale; start-ups begin small."""
    low, high = ref.trades.revenue[trade].T
    factor = np.array([0.4, 1.0, 1.0, 0.85])[phase] * np.where(core, 1.4, 1.0)
    return low * (high / low) ** scale * factor * np.exp(rng.normal(0, 0.15, len(trade)))


def _heads(
    rng: Dice, ref: Reference, trade: Ints, scale: Floats, phase: Ints, person: Flags
) -> Ints:
    """Employees go with revenue, with less spread."""
    low, high = ref.trades.heads[trade].T
    drawn = (
        low * (high / low) ** np.clip(scale * 0.9, 0, 1.6) * np.exp(rng.normal(0, 0.18, len(trade)))
    )
    heads = np.maximum(np.rint(drawn * np.array([0.6, 1.1, 1.0, 0.85])[phase]), 1)
    return np.where(person, 0, heads).astype(np.int64)


def _inherit(latent: Latent) -> None:
    """Owners share the quality, phase and standing of the firm they control."""
    owner = np.flatnonzero(latent.firm >= 0)
    firm = latent.firm[owner]
    for name in ("quality", "thin"):
        latent.traits[name][owner] = (
            0.7 * latent.traits[name][firm] + 0.3 * (latent.traits[name][owner])
        )
    latent.phase[owner] = latent.phase[firm]
    latent.growth[owner] = latent.growth[firm]
    latent.yearly[owner] = latent.yearly[firm] * 0.06 + 60_000  # what the owner earns
    person = np.flatnonzero(latent.kind == INDIVIDUAL)
    hidden = latent.serial[person] % 3 == 0  # one in three trades without saying so
    latent.yearly[person] = np.where(hidden, np.clip(latent.yearly[person], 2e5, 6e5), 9e4)
    latent.sigma[person] = np.where(hidden, latent.sigma[person], 0.05)


def _revenue(plan: Plan, block: int, latent: Latent, season: Floats) -> Floats:
    """Yuan a month: level, trend with a turn, season of the trade, noise with some memory."""
    rng = plan.rng(block, "revenue")
    size, months = latent.revenue.shape
    back = (months - 1 - np.arange(months))[None, :]  # months before the end
    turn = rng.integers(10, 26, size)[:, None]  # growth and decline began so long ago
    turn = np.where(latent.phase[:, None] == START, 99, turn)
    trend = np.exp(-latent.growth[:, None] * np.minimum(back, turn) / 12)
    alive = back < latent.age_months[:, None]
    months_open = latent.age_months[:, None] - back
    ramp = np.where(latent.phase[:, None] == START, 1 - np.exp(-(months_open + 1) / 3.0), 1.0)
    shock = rng.standard_normal((size, months))
    for column in range(1, months):
        shock[:, column] = 0.4 * shock[:, column - 1] + 0.9165 * shock[:, column]
    noise = np.exp(latent.sigma[:, None] * shock - latent.sigma[:, None] ** 2 / 2)
    seasonal = np.where(latent.is_person[:, None], 1.0, season[latent.trade])
    level = latent.yearly[:, None] / 12 * trend * ramp * noise * seasonal
    return np.where(alive, level, 0.0)
