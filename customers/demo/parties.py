"""Rows of customers and of what names them: contacts, numbers, assignments, territories."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from customers.demo import codes
from customers.demo.draw import nice, words
from customers.demo.latent import (
    COOP,
    HOUSEHOLD,
    KIND_NAMES,
    PROSPECT,
    SOLE,
    STATE_NAMES,
    Latent,
)
from customers.demo.names import Names
from customers.demo.org import Manager, Staff
from customers.demo.plan import Days, Ints, Plan, month_days
from customers.demo.reference import FACTORY, FARM, SHOP, WHOLESALE, Reference
from customers.demo.sizes import size_classes
from customers.demo.words import SURNAMES
from customers.demo.writer import Keys, Sheets
from customers.models import (
    Contact,
    Customer,
    CustomerAssignment,
    CustomerIdentifier,
    TerritoryMember,
)
from customers.sealed import identifier_columns, mobile_columns

HELPERS = "敏静燕丽娟琴洁芳红萍"
CHINA = ZoneInfo("Asia/Shanghai")
REGISTERED_AS = {
    "company": "有限责任公司(自然人投资或控股)",
    "partnership_sole_prop": "个人独资企业",
    "sole_trader": "个体工商户",
    "coop": "农民专业合作社",
}


@dataclass(frozen=True)
class Placed:
    """Primary keys, managers and days the other tables of the block need."""

    ids: Ints
    managers: list[Manager | None]
    keepers: list[Manager]  # the manager of the grid cell, also where nobody is in charge
    since: Days  # customer since, NaT for prospects
    started: Days  # in business since


def place_customers(
    plan: Plan, block: int, latent: Latent, names: Names, staff: Staff, keys: Keys
) -> Placed:
    """Who gets which key and which manager: one of those who work the district."""
    dice = plan.rng(block, "managers")
    lead = np.where(latent.firm >= 0, latent.firm, np.arange(latent.size))
    chance = dice.random((latent.size, 2))[lead].tolist()
    keepers = [
        staff.managers[district][int(draw[0] * len(staff.managers[district]))]
        for district, draw in zip(names.district, chance, strict=True)
    ]
    free = (latent.state == PROSPECT)[lead] & (latent.state == PROSPECT)
    managers = [
        None if is_free and draw[1] < 0.2 else keeper
        for keeper, is_free, draw in zip(keepers, free.tolist(), chance, strict=True)
    ]
    first_month = month_days(plan.last_ym - latent.age_months + 1)
    started = first_month - (latent.serial % 20).astype("timedelta64[D]")
    since = plan.today - (latent.since_months * 30).astype("timedelta64[D]")
    since = np.where(latent.state == PROSPECT, np.datetime64("NaT"), since)
    return Placed(keys.take(Customer, latent.size), managers, keepers, since, started)


def add_customers(
    plan: Plan,
    latent: Latent,
    names: Names,
    placed: Placed,
    ref: Reference,
    sheets: Sheets,
) -> None:
    """The customers of the block."""
    made_at = datetime(plan.as_of.year, plan.as_of.month, plan.as_of.day, 9, tzinfo=CHINA)
    sizes, reasons = size_classes(latent, ref)
    columns = {
        "id": placed.ids,
        "customer_no": [f"C{n + 1:09d}" for n in latent.serial.tolist()],
        "party_type": words(KIND_NAMES, latent.kind),
        "name": names.name,
        "name_pinyin": names.pinyin,
        "name_initials": names.initials,
        "region_id": names.district,
        "address": names.address,
        "latitude": names.place[:, 0],
        "longitude": names.place[:, 1],
        "size_class": sizes,
        "size_reasons": [json.dumps(r, ensure_ascii=False) for r in reasons],
        "relation_state": words(STATE_NAMES, latent.state),
        "is_do_not_contact": latent.serial % 97 == 41,
        "version": 1,
        "created_at": made_at,
        "updated_at": made_at,
    }
    columns |= _registry_columns(plan, latent, names, placed, ref)
    sheets.add(Customer, latent.size, columns | _keeper_columns(placed))


def _keeper_columns(placed: Placed) -> dict[str, Any]:
    """Who looks after each customer, and since when it is one."""
    manager_ids = [m.pk if m else None for m in placed.managers]
    return {
        "customer_since": placed.since,
        "manager_id": pa.array(manager_ids, type=pa.int64()),
        "branch_id": [m.branch_id for m in placed.keepers],
        "scope_no": [
            m.scope_no if m else k.branch_lo
            for m, k in zip(placed.managers, placed.keepers, strict=True)
        ],
    }


def _registry_columns(
    plan: Plan, latent: Latent, names: Names, placed: Placed, ref: Reference
) -> dict[str, Any]:
    """What the business registry knows; households and persons are in none."""
    person = latent.is_person
    business = ~person & (latent.kind != HOUSEHOLD)
    is_business = business.tolist()
    trade = [
        None if is_person else ref.trades.keys[n]
        for n, is_person in zip(latent.trade.tolist(), person.tolist(), strict=True)
    ]
    later = np.where(latent.age_months > 40, latent.serial % 9 * 30, 0).astype("timedelta64[D]")
    capital = nice(latent.yearly * (0.05 + latent.serial % 11 / 30))
    return {
        "uscc": _credit_codes(plan, latent, names),
        "is_uscc_odd": False,
        "legal_rep_name": [p if b else "" for p, b in zip(names.person, is_business, strict=True)],
        "registry_status": _registry(latent, business),
        "registry_kind": [
            REGISTERED_AS.get(KIND_NAMES[k], "") if b else ""
            for k, b in zip(latent.kind.tolist(), is_business, strict=True)
        ],
        "industry_id": _industries(latent, ref, person),
        "trade_id": trade,
        "registered_on": np.where(business, placed.started, np.datetime64("NaT")),
        "founded_on": np.where(person, np.datetime64("NaT"), placed.started - later),
        "registered_capital_amount": np.where(business, capital, np.nan),
    }


def _credit_codes(plan: Plan, latent: Latent, names: Names) -> list[str]:
    """Firms and sole traders have one; households and persons have none."""
    kind = {SOLE: "92", COOP: "93"}
    rows = np.flatnonzero(~latent.is_person & (latent.kind != HOUSEHOLD))
    found = [""] * latent.size
    made = codes.credit_codes(
        [kind.get(k, "91") for k in latent.kind[rows].tolist()],
        [names.district[n] for n in rows.tolist()],
        latent.serial[rows] + 1 + plan.seed % 97 * 9_000_000,
    )
    for row, code in zip(rows.tolist(), made, strict=True):
        found[row] = code
    return found


def _registry(latent: Latent, business: np.ndarray) -> pa.Array:
    """Operating, but for a few of those in trouble or gone."""
    trouble = (latent.stop_days > 120) & (latent.serial % 2 == 0)
    closed = (latent.state == 3) & (latent.serial % 3 == 0)
    index = np.where(closed, 2, np.where(trouble, 1, 0))
    return words(("active", "abnormal", "cancelled", "unknown"), np.where(business, index, 3))


def _industries(latent: Latent, ref: Reference, person: np.ndarray) -> list[str | None]:
    return [
        None if is_person else (ref.trades.industries[t][s % len(ref.trades.industries[t])] or None)
        for t, s, is_person in zip(
            latent.trade.tolist(), latent.serial.tolist(), person.tolist(), strict=True
        )
    ]


def add_contacts(
    plan: Plan, block: int, latent: Latent, names: Names, placed: Placed, sheets: Sheets, keys: Keys
) -> None:
    """The one in charge, and at larger firms somebody for the accounts; mobiles encrypted."""
    dice = plan.rng(block, "contacts")
    lead = np.where(latent.firm >= 0, latent.firm, np.arange(latent.size))
    chance = dice.random((latent.size, 3))
    finance = latent.is_firm & (latent.heads >= 8) & (chance[:, 0] < 0.7)
    rows = np.concatenate([np.arange(latent.size), np.flatnonzero(finance)])
    is_finance = np.arange(len(rows)) >= latent.size
    order = np.lexsort((is_finance, rows))
    rows, is_finance = rows[order], is_finance[order]
    mobiles = codes.mobiles(latent.serial[lead[rows]] * 2 + is_finance)
    known = (chance[rows, 1] < 0.93) | is_finance
    ids = keys.take(Contact, len(rows))
    sealed = [
        mobile_columns(mobile if is_known else "", pk=pk)
        for mobile, is_known, pk in zip(mobiles, known.tolist(), ids.tolist(), strict=True)
    ]
    helpers = _helpers(dice.integers(0, 10**6, latent.size).tolist())
    role = np.where(is_finance, 2, np.where(latent.is_firm[rows], 1, 0))
    sheets.add(
        Contact,
        len(rows),
        {
            "id": ids,
            "customer_id": placed.ids[rows],
            "name": [
                helpers[row] if f else names.person[row]
                for row, f in zip(rows.tolist(), is_finance.tolist(), strict=True)
            ],
            "role": words(("owner", "legal_rep", "finance"), role),
            "is_decision_maker": ~is_finance & (chance[rows, 2] < 0.9),
            "mobile_ciphertext": [_hexed(s["mobile_ciphertext"]) for s in sealed],
            "mobile_digest": [_hexed(s["mobile_digest"]) for s in sealed],
            "mobile_last4": [s["mobile_last4"] for s in sealed],
            "mobile_masked": [s["mobile_masked"] for s in sealed],
            "email": "",
            "updated_at": datetime.combine(plan.as_of, datetime.min.time(), CHINA),
        },
    )


def _helpers(picks: list[int]) -> list[str]:
    return [f"{SURNAMES[p % 40]}{HELPERS[p // 40 % len(HELPERS)]}" for p in picks]


def _hexed(value: bytes | None) -> str | None:
    return None if value is None else f"\\x{value.hex()}"


def add_identifiers(
    plan: Plan, block: int, latent: Latent, names: Names, placed: Placed, sheets: Sheets, keys: Keys
) -> None:
    """Citizen numbers of persons, sole traders and households, encrypted."""
    dice = plan.rng(block, "citizens")
    age = dice.integers(25, 63, latent.size)
    day = dice.integers(0, 365, latent.size)
    elsewhere = dice.random(latent.size) < 0.22
    away = np.array(["341226", "360730", "411525", "421126", "511321", "522128"])[day % 6]
    rows = np.flatnonzero(latent.is_person | np.isin(latent.kind, (SOLE, HOUSEHOLD)))
    born = plan.today - (age * 365 + day).astype("timedelta64[D]")
    home = np.where(elsewhere, away, np.array(names.district))
    numbers = codes.citizen_numbers(
        home[rows].tolist(), born[rows], latent.serial[rows], names.is_woman[rows]
    )
    ids = keys.take(CustomerIdentifier, len(rows))
    kind = CustomerIdentifier.Kind.CITIZEN_NO.value
    sealed = [
        identifier_columns(kind, number, pk=pk)
        for number, pk in zip(numbers, ids.tolist(), strict=True)
    ]
    sheets.add(
        CustomerIdentifier,
        len(rows),
        {
            "id": ids,
            "customer_id": placed.ids[rows],
            "kind": kind,
            "ciphertext": [_hexed(s["ciphertext"]) for s in sealed],
            "digest": [_hexed(s["digest"]) for s in sealed],
            "last4": [s["last4"] for s in sealed],
            "created_at": datetime.combine(plan.as_of, datetime.min.time(), CHINA),
        },
    )


def add_assignments(
    plan: Plan, block: int, latent: Latent, placed: Placed, staff: Staff, sheets: Sheets
) -> None:
    """Who is in charge since when; one in eight was handed over once."""
    made = datetime.combine(plan.as_of, datetime.min.time(), CHINA)
    chance = plan.rng(block, "handover").random((latent.size, 2))
    rows: list[tuple[int, int, int, str, str, int]] = []
    first_day = np.where(np.isnat(placed.since), plan.today - 200, placed.since)
    for n, manager in enumerate(placed.managers):
        if manager is None:
            continue
        pk, start = int(placed.ids[n]), first_day[n]
        others = [m for m in staff.managers[manager.district] if m.pk != manager.pk]
        days = int((plan.today - start).astype(int))
        head = staff.branch_heads[manager.branch_id]
        if chance[n, 0] < 0.12 and others and days > 120:
            moved = start + int(30 + chance[n, 1] * (days - 60))
            old = others[int(chance[n, 1] * len(others))]
            rows.append((pk, old.pk, old.branch_id, f"[{start},{moved})", "新客户分配", head))
            rows.append((pk, manager.pk, manager.branch_id, f"[{moved},)", "片区调整", head))
        else:
            rows.append((pk, manager.pk, manager.branch_id, f"[{start},)", "新客户分配", head))
    names = ("customer_id", "manager_id", "branch_id", "during", "reason", "decided_by_id")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
    sheets.add(CustomerAssignment, len(rows), columns | {"created_at": made})


def add_territories(
    plan: Plan, block: int, latent: Latent, names: Names, placed: Placed, ref: Reference,
    staff: Staff, sheets: Sheets,
) -> None:  # fmt: skip
    """The grid cell of each business, and the park, market or village it works in."""
    chance = plan.rng(block, "territories").random((latent.size, 2))
    branch = ref.trades.branch[latent.trade]
    kinds = {FACTORY: "park", WHOLESALE: "market", FARM: "village", SHOP: "district"}
    often = {FACTORY: 0.55, WHOLESALE: 0.5, FARM: 0.85, SHOP: 0.3}
    rows: list[tuple[int, int, bool]] = []
    for n in np.flatnonzero(~latent.is_person).tolist():
        pk, of = int(placed.ids[n]), int(branch[n])
        if chance[n, 0] < 0.95:
            rows.append((pk, placed.keepers[n].grid_id, True))
        if chance[n, 1] < often.get(of, 0.1):
            kind = "cluster" if of == FACTORY and n % 4 == 0 else kinds.get(of, "park")
            here = staff.territories[names.district[n], kind]
            rows.append((pk, here[int(chance[n, 1] * 1_000) % len(here)], False))
    by_column = map(list, zip(*rows, strict=True))
    columns = dict(zip(("customer_id", "territory_id", "is_grid"), by_column, strict=False))
    sheets.add(TerritoryMember, len(rows), columns)
