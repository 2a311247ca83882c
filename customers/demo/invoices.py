"""VAT invoices of those that issue them: sales follow revenue, purchases follow the cost of sales.

Customers of one chain trade with each other: the sale of one is the purchase of the other, with the
same number, day and amounts. The rest goes to and comes from a pool of firms outside the bank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.demo.draw import fen, ragged
from customers.demo.latent import HOUSEHOLD, SOLE, Latent
from customers.demo.plan import HISTORY, Days, Dice, Flags, Floats, Ints, Plan, month_days
from customers.demo.reference import Reference

RATES = np.array([0.09, 0.13, 0.13, 0.06, 0.06])  # by branch of trade
BOUGHT = np.array([0.9, 0.82, 0.97, 0.95, 0.7])  # bought with an invoice, of the cost of sales
SMALL_TAXPAYER, SMALL_RATE = 5_000_000, 0.01
COLUMNS = ("customer", "day", "net", "tax", "void", "partner", "outside")


@dataclass
class Invoices:
    """One side's rows; ``partner`` is a place in the block or -1, ``outside`` one in the pool."""

    customer: Ints
    day: Days
    net: Ints  # fen
    tax: Ints
    void: Flags
    partner: Ints
    outside: Ints
    number: pa.Array = None

    def take(self, rows: Ints | Flags) -> Invoices:
        """Only these rows; numbers come later."""
        return Invoices(**{name: getattr(self, name)[rows] for name in COLUMNS})


def issues_invoices(plan: Plan, block: int, latent: Latent) -> Flags:
    """Firms mostly, sole traders seldom, chains always; persons and farm households never."""
    noise = plan.rng(block, "issues").standard_normal(latent.size)
    may = ~latent.is_person & (latent.kind != HOUSEHOLD)
    floor = np.where(latent.kind == SOLE, 0.3, -0.2)
    chained = latent.is_core | (latent.core >= 0)
    return may & (chained | (latent.traits["formal"] + 0.6 * noise > floor))


def draw_invoices(
    plan: Plan, block: int, latent: Latent, ref: Reference, issuing: Flags, pool: int
) -> tuple[Invoices, Invoices]:
    """Sales and purchases of the block, each in the order of customers and days."""
    revenue = latent.revenue[:, HISTORY:] * issuing[:, None]
    sales = revenue * (1 - latent.cash_share)[:, None]
    rng = plan.rng(block, "buying")
    ahead = np.column_stack([sales[:, 1:], sales[:, -1:]])
    bought = 0.55 * sales + 0.45 * ahead
    goods = BOUGHT[ref.trades.branch[latent.trade]] * (1 - latent.margin)
    purchases = bought * goods[:, None] * np.exp(rng.normal(0, 0.12, revenue.shape))
    links = _links(plan, block, latent, sales, purchases)
    sold, got = _link_totals(links, sales.shape)
    rest = np.maximum(sales - sold, 0), np.maximum(purchases - got, 0)
    rate = np.where(latent.yearly < SMALL_TAXPAYER, SMALL_RATE, _rate(latent, ref))
    out = _outside_rows(plan, block, latent, rest[0], "S", pool, rate)
    linked = _linked_rows(plan, block, latent, links, rate)
    selling = _in_order(_joined(linked, out))
    selling.number = _numbers(plan, latent.serial[selling.customer], selling)
    mirrored = np.flatnonzero(selling.partner >= 0)
    buying = _outside_rows(plan, block, latent, rest[1], "P", pool, None)
    buying = _in_order(buying)
    buying.number = _scrambled(plan, latent.serial[buying.customer], buying)
    return selling, _with_mirror(buying, selling, mirrored)


@dataclass
class Links:
    """Trade inside the block: yuan by pair and month."""

    seller: Ints
    buyer: Ints
    yuan: Floats


def _links(plan: Plan, block: int, latent: Latent, sales: Floats, purchases: Floats) -> Links:
    """Suppliers sell to their core firm and dealers buy from it, within what both trade at all."""
    member = np.flatnonzero(latent.core >= 0)
    core = latent.core[member]
    share = plan.rng(block, "links").uniform(0.25, 0.85, latent.size)[member, None]
    many = np.bincount(core, minlength=latent.size)[core][:, None]
    supplies = latent.is_supplier[member]
    own = np.where(supplies[:, None], sales[member], purchases[member])
    of_core = np.where(supplies[:, None], purchases[core], sales[core])
    yuan = np.minimum(own * share, 0.8 * of_core / np.maximum(many, 1))
    return Links(np.where(supplies, member, core), np.where(supplies, core, member), yuan)


def _link_totals(links: Links, shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    sold, got = np.zeros(shape), np.zeros(shape)
    np.add.at(sold, links.seller, links.yuan)
    np.add.at(got, links.buyer, links.yuan)
    return sold, got


def _rate(latent: Latent, ref: Reference) -> Floats:
    return RATES[ref.trades.branch[latent.trade]]


def _outside_rows(
    plan: Plan, block: int, latent: Latent, yuan: Floats, side: str, pool: int, rate: Floats | None
) -> Invoices:
    """Invoices to or from firms outside: a few a month, more for the large."""
    rng = plan.rng(block, f"invoices.{side}")
    mean = np.clip(0.7 + 0.5 * np.log(np.maximum(yuan, 1) / 15_000), 0.3, 5.0)
    more = rng.poisson(np.maximum(mean - 0.8, 0.05)) + (yuan > 12_000)
    counts = np.where(yuan > 500, more, 0)
    cell, _ = ragged(counts.ravel())
    customer, month = cell // plan.months, cell % plan.months
    weight = rng.gamma(2.0, 1.0, len(cell))
    total = np.bincount(cell, weight, counts.size)
    net = fen(yuan.ravel()[cell] * weight / total[cell])
    partner = _outside_partner(rng, latent, customer, month, side, pool)
    theirs = np.array([0.13, 0.13, 0.06, 0.01, 0.09])[partner % 5]
    own = theirs if rate is None else rate[customer]
    net, void = _returns_and_voids(rng, latent, customer, net)
    starts = month_days(np.arange(plan.first_ym, plan.last_ym + 1))
    day = starts[month] + rng.integers(0, 28, len(cell)).astype("timedelta64[D]")
    inside = np.full(len(cell), -1)
    return Invoices(customer, day, net, np.rint(net * own).astype(np.int64), void, inside, partner)


def _outside_partner(
    rng: Dice, latent: Latent, customer: Ints, month: Ints, side: str, pool: int
) -> Ints:
    """Which outside firm: of the customer's circle, the first most often, newcomers at times."""
    narrow = latent.traits["concentration"] * (1.0 if side == "S" else 0.6)
    circle = np.clip(np.exp(2.2 + 0.45 * latent.scale - 0.5 * narrow), 1, 40).astype(np.int64)
    steep = np.exp(0.45 + 0.35 * narrow)
    dice = rng.random((len(customer), 3))
    place = np.floor(circle[customer] * dice[:, 0] ** steep[customer]).astype(np.int64)
    single = (narrow[customer] > 1.5) & (dice[:, 1] < 0.62)
    place = np.where(single, 0, place)
    newcomer = dice[:, 2] < 0.12
    place = np.where(newcomer, circle[customer] + month // 4, place)
    start = latent.serial[customer] * 7_919 + (0 if side == "S" else 104_729)
    return (start + place * 613) % pool


def _returns_and_voids(rng: Dice, latent: Latent, customer: Ints, net: Ints) -> tuple[Ints, Flags]:
    """Some invoices are void, some are red ones that take a sale back; the weak have more."""
    weak = np.clip(-latent.traits["quality"][customer], 0, 2)
    dice = rng.random((len(net), 3))
    red = dice[:, 0] < 0.010 + 0.008 * weak
    net = np.where(red, -np.rint(net * (0.1 + 0.5 * dice[:, 1])), net).astype(np.int64)
    return np.where(net == 0, 100, net), dice[:, 2] < 0.02 + 0.02 * weak


def _linked_rows(plan: Plan, block: int, latent: Latent, links: Links, rate: Floats) -> Invoices:
    """One to three invoices a month between two customers of a chain."""
    rng = plan.rng(block, "invoices.linked")
    counts = np.where(links.yuan > 1_000, 1 + rng.integers(0, 2, links.yuan.shape), 0)
    cell, _ = ragged(counts.ravel())
    pair, month = cell // plan.months, cell % plan.months
    weight = rng.gamma(4.0, 1.0, len(cell))
    total = np.bincount(cell, weight, counts.size)
    net = fen(links.yuan.ravel()[cell] * weight / total[cell])
    seller = links.seller[pair]
    net, void = _returns_and_voids(rng, latent, seller, net)
    starts = month_days(np.arange(plan.first_ym, plan.last_ym + 1))
    day = starts[month] + rng.integers(0, 28, len(cell)).astype("timedelta64[D]")
    tax = np.rint(net * rate[seller]).astype(np.int64)
    outside = np.full(len(cell), -1)
    return Invoices(seller, day, net, tax, void, links.buyer[pair], outside)


def _joined(one: Invoices, other: Invoices) -> Invoices:
    return Invoices(
        **{name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in COLUMNS}
    )


def _in_order(rows: Invoices) -> Invoices:
    return rows.take(np.lexsort((rows.day, rows.customer)))


def _running(customer: Ints) -> Ints:
    """The how many-th row of its customer each row is; rows are in customer order."""
    return np.arange(len(customer)) - np.searchsorted(customer, customer)


def _numbers(plan: Plan, serial: Ints, rows: Invoices) -> pa.Array:
    """Twenty digits: year, province, the seller, and its running number."""
    return _twenty(rows.day, serial + 1 + plan.seed % 1000 * 10_000_000, _running(rows.customer), 6)


def _scrambled(plan: Plan, serial: Ints, rows: Invoices) -> pa.Array:
    """As an outside seller would number it; no two of a bank are alike."""
    low = (serial % 100) * 1_000_000 + _running(rows.customer)
    high = 10_000_000 + serial // 100
    mixed = (low * 48_271 + high * 7_919) % 100_000_000
    return _twenty(rows.day, (high * 40_009 + mixed * 31) % 100_000_000, mixed, 8)


def _twenty(day: Days, high: Ints, low: Ints, low_digits: int) -> pa.Array:
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    parts = [
        pc.cast(pa.array(year % 100 * 100 + 33), pa.string()),
        pc.utf8_lpad(pc.cast(pa.array(high), pa.string()), 16 - low_digits, "0"),
        pc.utf8_lpad(pc.cast(pa.array(low), pa.string()), low_digits, "0"),
    ]
    return pc.binary_join_element_wise(*parts, "")


def _with_mirror(buying: Invoices, selling: Invoices, rows: Ints) -> Invoices:
    """Purchases with those that customers of the block sold, seen from the buyer."""
    seen = selling.take(rows)
    seen.customer, seen.partner = seen.partner, seen.customer
    both = _joined(seen, buying)
    numbers = pa.concat_arrays([selling.number.take(pa.array(rows)), buying.number])
    order = np.lexsort((both.day, both.customer))
    found = both.take(order)
    found.number = numbers.take(pa.array(order))
    return found
