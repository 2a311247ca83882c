"""Rows that tie customers together: control, guarantees, chains; and titles they hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from customers.demo.credit_rows import Book
from customers.demo.draw import fen, words
from customers.demo.invoices import Invoices
from customers.demo.latent import COOP, Latent
from customers.demo.names import Names
from customers.demo.parties import Placed
from customers.demo.plan import Ints, Plan
from customers.demo.reference import FACTORY, Reference
from customers.demo.writer import Keys, Sheets
from customers.models import Certificate, ChainLink, ChainMap, Relation

GUARANTEED = 3  # place in GUARANTEES


def add_relations(
    plan: Plan, block: int, latent: Latent, book: Book, placed: Placed, sheets: Sheets
) -> None:
    """Owners control their firms; some borrowers are guaranteed by an owner or a neighbour."""
    dice = plan.rng(block, "relations").random((latent.size, 3))
    owner = np.flatnonzero(latent.firm >= 0)
    firm = latent.firm[owner]
    share = np.round(np.where(dice[owner, 0] < 0.5, 1.0, 0.51 + 0.4 * dice[owner, 1]), 2)
    for kind, shares in (("controls", share), ("legal_rep", np.full(len(owner), np.nan))):
        sheets.add(
            Relation,
            len(owner),
            {
                "customer_id": placed.ids[owner],
                "other_id": placed.ids[firm],
                "kind": kind,
                "share": shares,
                "from_on": placed.started[firm],
                "source": "registry",
            },
        )
    _add_guarantees(latent, book, placed, sheets)


def _add_guarantees(latent: Latent, book: Book, placed: Placed, sheets: Sheets) -> None:
    """The owner stands for the firm, else a firm nearby; neighbours at times for each other."""
    lent = book.lent
    rows = np.flatnonzero((lent.guarantee == GUARANTEED) & np.isnat(lent.ends))
    borrower = lent.customer[rows]
    owner_of = np.full(latent.size, -1)
    owners = np.flatnonzero(latent.firm >= 0)
    owner_of[latent.firm[owners]] = owners
    near = np.where(borrower % 4 < 2, borrower + 2, borrower - 2)
    guarantor = np.where(owner_of[borrower] >= 0, owner_of[borrower], near)
    fits = (guarantor >= 0) & (guarantor < latent.size)
    pairs = np.unique(np.stack([guarantor[fits], borrower[fits]]), axis=1, return_index=True)
    chosen = np.flatnonzero(fits)[pairs[1]]
    sheets.add(
        Relation,
        len(chosen),
        {
            "customer_id": placed.ids[guarantor[chosen]],
            "other_id": placed.ids[borrower[chosen]],
            "kind": "guarantees",
            "amount": fen(lent.limit[rows[chosen]]),
            "from_on": lent.opened[rows[chosen]],
            "source": "core",
        },
    )


def add_chains(
    plan: Plan, latent: Latent, names: Names, placed: Placed, ref: Reference,
    sides: tuple[Invoices, Invoices], pool: list[str], sheets: Sheets, keys: Keys,
) -> None:  # fmt: skip
    """A chain for each core firm, links between its members, and what visits were told besides."""
    cores = np.flatnonzero(latent.is_core)
    ids = keys.take(ChainMap, len(cores))
    sheets.add(
        ChainMap,
        len(cores),
        {
            "id": ids,
            "key": [f"chain-{n + 1:09d}" for n in latent.serial[cores].tolist()],
            "name": [f"{names.name[n]}产业链" for n in cores.tolist()],
            "core_customer_id": placed.ids[cores],
            "core_name": [names.name[n] for n in cores.tolist()],
            "industry_id": [ref.trades.industries[latent.trade[n]][0] or None for n in cores],
        },
    )
    chain_of = np.full(latent.size, -1)
    chain_of[cores] = ids
    for side, rows in zip(("S", "P"), sides, strict=True):
        _add_links(plan, latent, names, placed, rows, pool, chain_of, side, sheets)


def _add_links(
    plan: Plan, latent: Latent, names: Names, placed: Placed, rows: Invoices, pool: list[str],
    chain_of: Ints, side: str, sheets: Sheets,
) -> None:  # fmt: skip
    """Partners inside the bank, and for one customer in three the two largest outside."""
    year = rows.day >= plan.today - 365
    partner = np.where(rows.partner >= 0, rows.partner, latent.size + rows.outside)
    pair = rows.customer[year] * 100_000 + partner[year]
    pairs, place = np.unique(pair, return_inverse=True)
    total = np.bincount(place, rows.net[year] / 100)
    customer, partner = pairs // 100_000, pairs % 100_000
    order = np.lexsort((-total, customer))
    rank = np.arange(len(order)) - np.searchsorted(customer[order], customer[order])
    inside = partner[order] < latent.size
    told = (latent.serial[customer[order]] % 3 == 0) & (rank < 2)
    chosen = order[(inside | told) & (total[order] > 1_000)]
    customer, partner, total = customer[chosen], partner[chosen], total[chosen]
    known = partner < latent.size
    called = pa.array(names.name + pool, type=pa.string()).take(pa.array(partner))
    other = np.where(known, placed.ids[np.minimum(partner, latent.size - 1)], -1)
    near = np.where(known, np.minimum(partner, latent.size - 1), 0)
    is_core = known & latent.is_core[near]
    chain = np.where(is_core, chain_of[near], np.where(known, chain_of[customer], -1))
    position = np.where(is_core, 0 if side == "S" else 2, 1)
    sheets.add(
        ChainLink,
        len(chosen),
        {
            "customer_id": placed.ids[customer],
            "chain_id": pa.array(chain, mask=chain < 0),
            "side": "buyer" if side == "S" else "supplier",
            "counterparty_name": called,
            "counterparty_id": pa.array(other, mask=other < 0),
            "position": words(("upstream", "", "downstream"), position),
            "goods": "",
            "yearly_amount": fen(np.round(total, -3)),
            "term_days": np.array([30, 45, 60, 90])[partner % 4],
            "is_core": is_core,
            "replaceable": 1 + partner % 5,
            "as_of": plan.as_of,
            "source": "invoice",
            "quality": "verified",
        },
    )


def add_certificates(
    plan: Plan, block: int, latent: Latent, placed: Placed, ref: Reference, sheets: Sheets
) -> None:
    """Titles of the better makers, studios, exporters and farms; some have run out."""
    dice = plan.rng(block, "certificates")
    keys = np.array(ref.trades.keys)[latent.trade]
    maker = latent.is_firm & (ref.trades.branch[latent.trade] == FACTORY)
    tech = latent.is_firm & (keys == "software_studio")
    able = latent.traits["quality"] + 1.5 * (latent.scale - 0.5) > 0.3
    odds = {
        "hnte": ("", 0.16 * (maker & able) + 0.30 * (tech & able)),
        "tech_sme": ("", 0.18 * (maker & able) + 0.40 * tech),
        "zjtx": ("zjtx", 0.10 * (maker & able & (latent.age_months > 40))),
        "iso": ("", 0.30 * (maker & able)),
        "exporter": ("", 0.20 * maker),
        "farm_leader": ("city", 0.25 * (latent.kind == COOP)),
        "mtyx": ("", 0.03 * ((latent.kind == 2) & able)),
    }
    for kind, (level, chance) in odds.items():
        draw = dice.random((latent.size, 2))
        rows = np.flatnonzero((draw[:, 0] < chance) & (latent.age_months > 14))
        age = np.minimum(draw[rows, 1] * 1_300, latent.age_months[rows] * 30 - 200)
        start = plan.today - age.astype("timedelta64[D]")
        sheets.add(
            Certificate,
            len(rows),
            {
                "customer_id": placed.ids[rows],
                "kind": kind,
                "level": level,
                "number": [f"{kind.upper()}-{n:09d}" for n in latent.serial[rows].tolist()],
                "valid_from": start,
                "valid_to": start + 1_095,
            },
        )
