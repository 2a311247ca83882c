"""Facts that somebody stated: the registry, visits, statements made on site; and contacts made.

How much is known differs: some customers were visited in depth, some in passing, some never, and
some so long ago that what was said is stale. What was said leans a little to the speaker's side.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from customers.demo.draw import between, pick, words
from customers.demo.latent import EXISTING, HOUSEHOLD, INDIVIDUAL, PROSPECT, START, Latent
from customers.demo.parties import CHINA, Placed
from customers.demo.plan import Days, Dice, Flags, Floats, Ints, Plan
from customers.demo.reference import FACTORY, FARM, Reference
from customers.demo.said import DEEP, NEVER_SEEN, PARTLY, PASSING, SPEAKERS, Knowledge, Said
from customers.demo.sizes import assets_of
from customers.demo.writer import Sheets
from customers.models import DeclaredFact, Touch

BANKS = ("嘉禾农商行", "浙东商业银行", "江海村镇银行", "国民储蓄银行", "通汇网络小贷")
NAN = np.nan


def _choices(text: str) -> np.ndarray:
    return np.array(text.split(), dtype=object)


PURPOSES = _choices("stock wages equipment fit_out expansion farm_season")
MODES = _choices("equal_instalment interest_first revolving seasonal")
CHANNELS = _choices("visit branch phone mobile wecom")
MANNERS = _choices("advice speed face_to_face")
SERVICES = _choices("payroll acquiring insurance wealth deposit")
BUYERS = _choices("end_users firms makers")
SCHOOLS = _choices("basic secondary college degree")
RELATIVES = _choices("none spouse children relatives")


def draw_knowledge(plan: Plan, block: int, latent: Latent) -> Knowledge:
    """Depth and day of the last visit."""
    dice = plan.rng(block, "knowledge")
    known = np.array([[0.45, 0.35, 0.15, 0.05], [0.08, 0.24, 0.34, 0.34]])
    depth = pick(dice, known[(latent.state == EXISTING).astype(int)])
    ago = np.exp(dice.normal(4.1, 0.9, latent.size))
    forgotten = dice.random(latent.size) < 0.16  # nobody came back since
    ago = np.where((latent.state >= 2) | forgotten, ago + 330, ago)
    oldest = np.where(latent.state == PROSPECT, 300, latent.since_months * 30)
    ago = np.clip(ago, 2, np.maximum(np.minimum(oldest, 900), 3))
    wants = dice.random((latent.size, 2))
    borrows = wants[:, 0] < 0.28 + 0.1 * latent.traits["appetite"]
    owed = latent.yearly * (0.04 + 0.2 * wants[:, 1]) * (borrows & (latent.age_months > 10))
    elsewhere = np.where(latent.kind == INDIVIDUAL, 0.0, np.round(owed, -4))
    return Knowledge(depth, plan.today - ago.astype("timedelta64[D]"), elsewhere)


def add_facts(
    plan: Plan,
    block: int,
    latent: Latent,
    known: Knowledge,
    debt: Floats,
    placed: Placed,
    ref: Reference,
    sheets: Sheets,
    more: Sequence[Said] = (),
) -> None:
    """All declared facts of the block, in the order of customers; ``more``: those of the ledger."""
    dice = plan.rng(block, "told")
    said = [
        *_registry(latent, placed, ref, dice),
        *_money(latent, known, debt, ref, dice),
        *_premises(plan, latent, known, ref, dice),
        *_operator(plan, latent, known, dice),
        *_wishes(latent, known, ref, dice),
        *_other_banks(plan, latent, known, debt, ref, dice),
        *more,
    ]
    registered = plan.today - (20 + dice.random(latent.size) * 420).astype("timedelta64[D]")
    _write(plan, said, latent, known, registered, placed, sheets)


def _write(
    plan: Plan,
    said: list[Said],
    latent: Latent,
    known: Knowledge,
    registered: Days,
    placed: Placed,
    sheets: Sheets,
) -> None:
    customer = np.concatenate([np.flatnonzero(fact.who) for fact in said])
    which = np.concatenate([np.full(fact.who.sum(), n) for n, fact in enumerate(said)])
    order = np.lexsort((which, customer))
    none = np.full(latent.size, NAN)
    number = np.concatenate([(none if f.number is None else f.number)[f.who] for f in said])
    no_day = np.full(latent.size, np.datetime64("NaT"), dtype="datetime64[D]")
    day = np.concatenate([(no_day if f.day is None else f.day)[f.who] for f in said])
    text = np.concatenate([_texts(f, latent.size)[f.who] for f in said])
    by_registry = np.array([f.source == "registry" for f in said])[which]
    as_of = np.where(by_registry, registered[customer], known.visited[customer])
    managers = np.array([m.pk if m else 0 for m in placed.managers])[customer]
    managers = np.where(by_registry, 0, managers)
    which, customer = which[order], customer[order]
    speaker = 1 + latent.serial[customer] % len(SPEAKERS)
    by_registry = by_registry[order]
    sheets.add(
        DeclaredFact,
        len(order),
        {
            "customer_id": placed.ids[customer],
            "key": words([f.key for f in said], which),
            "number": number[order],
            "text": pa.array(text[order].tolist(), type=pa.string()),
            "day": day[order],
            "as_of": as_of[order],
            "source": words([f.source for f in said], which),
            "quality": words([f.quality for f in said], which),
            "said_by": words(("", *SPEAKERS), np.where(by_registry, 0, speaker)),
            "evidence": words([f.proof for f in said], which),
            "entered_by_id": pa.array(managers[order], mask=managers[order] == 0),
            "recorded_at": datetime.combine(plan.as_of, datetime.min.time(), CHINA),
            "is_withdrawn": False,
        },
    )


def _texts(fact: Said, size: int) -> np.ndarray:
    if fact.text is None:
        return np.full(size, "", dtype=object)
    return np.array(fact.text, dtype=object)


def _registry(latent: Latent, placed: Placed, ref: Reference, dice: Dice) -> list[Said]:
    business = ~latent.is_person & (latent.kind != HOUSEHOLD)
    capital = np.round(latent.yearly * (0.05 + latent.serial % 11 / 30), -4) + 10_000
    paid = dice.random(latent.size)
    code = [
        ref.trades.industries[t][s % len(ref.trades.industries[t])]
        for t, s in zip(latent.trade.tolist(), latent.serial.tolist(), strict=True)
    ]
    has_code = business & np.array([bool(c) for c in code])
    return [
        Said("registered_capital", business, number=capital, source="registry", quality="verified"),
        Said("start_on", business, day=placed.started, source="registry", quality="verified"),
        Said("industry_code", has_code, text=code, source="registry", quality="verified"),
        Said(
            "paid_in_capital",
            business & (paid < 0.6),
            number=np.round(capital * paid, -3),
            source="registry",
            quality="verified",
        ),
    ]


def _at_least(known: Knowledge, depth: int, dice: Dice, share: float = 0.93) -> Flags:
    """Customers of whom this was learnt: visited at least so deeply, and the question was asked."""
    return (known.depth >= depth) & (dice.random(len(known.depth)) < share)


def _money(
    latent: Latent, known: Knowledge, debt: Floats, ref: Reference, dice: Dice
) -> list[Said]:
    """Statements made on site: figures that hang together, told with a lean of some percent."""
    size, business = latent.size, ~latent.is_person
    lean = np.exp(dice.normal(0.02, 0.06, size))
    revenue = np.round(latent.revenue[:, -12:].sum(axis=1) * lean, -3)
    before = np.round(latent.revenue[:, -24:-12].sum(axis=1) * lean, -3)
    assets = np.round(assets_of(latent), -3)
    bank_debt = debt + known.elsewhere
    payables = (
        revenue * (1 - latent.margin) * ref.trades.payable_days[latent.trade].mean(axis=1) / 365
    )
    owed = np.round(np.minimum(bank_debt + payables, assets * 1.15), -3)
    net = between(dice, *ref.trades.net_margin[latent.trade].T)
    profit = np.round(revenue * (net + np.clip(latent.growth, -0.4, 0.3) * 0.12), -3)
    earlier = np.round(before * (net + 0.02), -3)
    deep = _at_least(known, DEEP, dice, 0.95) & business
    partly = _at_least(known, PARTLY, dice) & business
    fixed = np.where(ref.trades.branch[latent.trade] == FACTORY, 0.42, 0.18)
    has_year = latent.age_months >= 12
    due = bank_debt * 0.55
    facts = {
        "annual_revenue": (partly & has_year, revenue),
        "previous_revenue": (deep & (latent.age_months >= 24), before),
        "total_assets": (partly, assets),
        "fixed_assets": (deep, np.round(assets * fixed, -3)),
        "total_liabilities": (partly, owed),
        "net_profit": (deep & has_year, profit),
        "previous_net_profit": (deep & (latent.age_months >= 24), earlier),
        "owner_pay": (deep, np.round(40_000 + 0.01 * revenue, -3)),
        "depreciation": (deep, np.round(assets * fixed * 0.08, -2)),
        "interest_due_12m": (deep, np.round(bank_debt * 0.045, 2)),
        "principal_due_12m": (deep, np.round(due, 2)),
        "cash_on_hand": (deep, np.round(revenue / 365 * 9, -2)),
        "fixed_cost_month": (deep, np.round(revenue * latent.margin * 0.55 / 12, -2)),
        "gross_margin": (partly, np.round(latent.margin + dice.normal(0, 0.015, size), 4)),
        "cash_share": (partly, np.round(latent.cash_share, 2)),
    }
    days = {
        "receivable_days": ref.trades.receivable_days,
        "payable_days": ref.trades.payable_days,
        "inventory_days": ref.trades.stock_days,
    }
    found = [
        Said(key, who, number=value, source="statement") for key, (who, value) in facts.items()
    ]
    for key, bounds in days.items():
        value = np.rint(between(dice, *bounds[latent.trade].T))
        found.append(
            Said(
                key,
                _at_least(known, PARTLY, dice, 0.8) & business,
                number=value,
                source="statement",
            )
        )
    return found


def _premises(
    plan: Plan, latent: Latent, known: Knowledge, ref: Reference, dice: Dice
) -> list[Said]:
    business = ~latent.is_person
    branch = ref.trades.branch[latent.trade]
    farm = branch == FARM
    owns = np.where(dice.random(latent.size) < np.where(branch == FACTORY, 0.4, 0.18), 0, 1)
    rents = owns == 1
    area = np.rint(latent.heads * np.where(branch == FACTORY, 45.0, 18.0) + 30)
    lease = plan.today + (20 + dice.random(latent.size) * 900).astype("timedelta64[D]")
    seen = _at_least(known, PASSING, dice) & business & ~farm
    land = np.rint(np.exp(dice.normal(3.9, 0.7, latent.size)))
    key = np.array(ref.trades.keys)[latent.trade]
    grows = farm & (key == "crop_farm") & _at_least(known, PASSING, dice)
    maker = branch == FACTORY
    tells_share = latent.is_firm & _at_least(known, DEEP, dice)
    inventive = tells_share & (maker | (key == "software_studio"))
    exports = np.where(latent.serial % 4 == 0, 0.1 + 0.4 * dice.random(latent.size), 0)
    research = np.where(latent.serial % 3 == 0, 0.03 + 0.05 * dice.random(latent.size), 0.005)
    rears = farm & (key == "livestock_farm") & _at_least(known, PASSING, dice)
    return [
        Said("premises", seen, text=np.array(("own", "rent"), dtype=object)[owns]),
        Said("premises_area", seen & _at_least(known, PARTLY, dice), number=area),
        Said("lease_ends_on", seen & rents & _at_least(known, PARTLY, dice), day=lease),
        Said("employees", seen & (latent.heads > 0), number=latent.heads.astype(float)),
        Said("land_mu", grows, number=land),
        Said("facility_mu", grows & (latent.serial % 3 == 0), number=np.rint(land / 6) + 1),
        Said("large_livestock", rears & (latent.serial % 2 == 0), number=np.rint(land * 1.5)),
        Said("small_livestock", rears & (latent.serial % 2 == 1), number=np.rint(land * 14)),
        Said(
            "equipment_age",
            seen & (branch == FACTORY) & _at_least(known, PARTLY, dice),
            number=np.rint(1 + dice.random(latent.size) * np.minimum(latent.age_months / 12, 14)),
        ),
        Said("export_share", tells_share & maker, number=np.round(exports, 2)),
        Said("rd_share", inventive, number=np.round(research, 4)),
        Said("patents", inventive, number=(latent.serial % 5).astype(float)),
    ]


def _operator(plan: Plan, latent: Latent, known: Knowledge, dice: Dice) -> list[Said]:
    """The person in charge: never younger than the business allows."""
    partly = _at_least(known, PARTLY, dice)
    years = np.ceil(latent.age_months / 12) + np.floor(dice.random(latent.size) * 8)
    age = np.clip(22 + years + dice.random(latent.size) * 16, 24, 70)
    choice = dice.random((latent.size, 4))
    band = (choice[:, 0] * 4).astype(int) + (latent.scale > 0.8)
    local = choice[:, 2] < 0.75
    resident = plan.today - (600 + 6_000 * choice[:, 3]).astype("timedelta64[D]")
    asked = partly & (latent.kind != INDIVIDUAL)
    return [
        Said("controller_birth_year", asked, number=np.floor(plan.as_of.year - age)),
        Said("controller_industry_years", asked, number=np.minimum(years, age - 18)),
        Said("controller_education", asked, text=SCHOOLS[np.minimum(band, 3)]),
        Said("family_in_business", asked, text=RELATIVES[(choice[:, 1] * 4).astype(int)]),
        Said("local_property", asked, number=np.where(local, 1.0 + (choice[:, 1] > 0.6), 0.0)),
        Said("hukou_local", _at_least(known, PASSING, dice), number=local.astype(float)),
        Said("residence_since", partly & ~local, day=resident),
    ]


def _wishes(latent: Latent, known: Knowledge, ref: Reference, dice: Dice) -> list[Said]:
    """What was asked for at the visit."""
    choice = dice.random((latent.size, 8))
    branch = ref.trades.branch[latent.trade]
    wants = _at_least(known, PARTLY, dice) & (latent.traits["appetite"] > -0.6)
    mostly_stock = np.where(choice[:, 1] < 0.5, 0, (choice[:, 1] * 5).astype(int))
    purpose = np.where(branch == FARM, 5, mostly_stock)
    purpose = np.where((latent.growth > 0.2) & (choice[:, 2] < 0.4), 4, purpose)
    mode = np.where(branch == FARM, 3, (choice[:, 3] * 3).astype(int))
    side = np.where(np.isin(branch, (1,)), 2, np.where(branch == 2, 1, 0))
    amount = np.maximum(np.round(latent.yearly * (0.05 + 0.2 * choice[:, 0]), -4), 30_000)
    hurry = np.clip(0.5 * choice[:, 4] + 0.5 * (latent.phase == START), 0, 1)
    thrift = np.clip(choice[:, 5] * 0.6 + 0.12 * latent.traits["price"] + 0.2, 0, 1)
    months = np.array((6.0, 12.0, 12.0, 24.0, 36.0))[(choice[:, 7] * 5).astype(int)]
    partly, deep = _at_least(known, PARTLY, dice), _at_least(known, DEEP, dice)
    property_value = np.round(latent.yearly * (0.2 + choice[:, 6]), -4) * (choice[:, 6] > 0.45)
    movables = np.round(latent.yearly * 0.08 * (branch != FARM), -4)
    owed = np.round(latent.yearly / 12 * 1.5 * (1 - latent.cash_share), -4)
    return [
        Said("wanted_amount", wants, number=amount),
        Said("wanted_months", wants, number=months),
        Said("wanted_purpose", wants, text=PURPOSES[purpose]),
        Said("speed_need", wants, number=1 + np.floor(4.99 * hurry)),
        Said("price_sensitivity", partly, number=1 + np.floor(4.99 * thrift)),
        Said("guarantee_property", deep, number=property_value),
        Said("guarantee_movables", deep, number=movables),
        Said("guarantee_receivables", deep, number=owed),
        Said("guarantee_guarantors", deep & (choice[:, 6] < 0.5), number=amount),
        Said("repayment_preference", wants, text=MODES[mode]),
        Said("channel_preference", partly, text=CHANNELS[(choice[:, 2] * 5).astype(int)]),
        Said("noncredit_needs", deep, text=SERVICES[(choice[:, 4] * 5).astype(int)]),
        Said("service_manner", partly, text=MANNERS[(choice[:, 5] * 3).astype(int)]),
        Said("sells_to", partly & ~latent.is_person, text=BUYERS[side]),
    ]


def _other_banks(
    plan: Plan, latent: Latent, known: Knowledge, debt: Floats, ref: Reference, dice: Dice
) -> list[Said]:
    borrows = (known.elsewhere > 0) & _at_least(known, PARTLY, dice)
    choice = dice.random((latent.size, 2))
    bank = np.array(BANKS, dtype=object)[(choice[:, 0] * len(BANKS)).astype(int)]
    rate = np.round(0.032 + 0.03 * choice[:, 1], 4)
    ends = plan.today + (15 + 500 * choice[:, 0]).astype("timedelta64[D]")
    total = _at_least(known, PARTLY, dice) & ~latent.is_person
    guarantees = np.where(choice[:, 1] < 0.15, np.round(latent.yearly * 0.1, -4), 0.0)
    return [
        Said("competitor_lender", borrows, text=bank),
        Said("competitor_amount", borrows, number=known.elsewhere),
        Said("competitor_rate", borrows, number=rate),
        Said("competitor_matures_on", borrows, day=ends),
        Said("bank_debt_total", total, number=np.round(debt + known.elsewhere, 2)),
        Said("outside_guarantees", total & (known.depth == DEEP), number=guarantees),
    ]


def add_touches(
    plan: Plan, block: int, latent: Latent, known: Knowledge, placed: Placed, sheets: Sheets
) -> None:
    """Contacts of the last year: who is with us hears from us; the visit is one of them."""
    dice = plan.rng(block, "touches")
    managers = np.array([m.pk if m else 0 for m in placed.managers])
    mean = np.array([1.5, 5.0, 1.0, 0.5])[latent.state]
    count = np.where(managers > 0, dice.poisson(mean), 0)
    customer = np.repeat(np.arange(latent.size), count)
    spread = dice.random((len(customer), 4))
    span = np.where(latent.state == PROSPECT, 250, np.minimum(latent.since_months * 30, 365))
    ago = (1 + spread[:, 0] * np.maximum(span[customer] - 1, 1)).astype(np.int64)
    channel = np.clip((spread[:, 1] * 4).astype(int) + 1, 1, 4)
    reached = spread[:, 2] < np.array([0.95, 0.95, 0.55, 0.5, 0.7])[channel]
    visited = np.flatnonzero((known.depth > NEVER_SEEN) & (managers > 0))
    customer = np.concatenate([customer, visited])
    day = np.concatenate([plan.today - ago.astype("timedelta64[D]"), known.visited[visited]])
    channel = np.concatenate([channel, np.zeros(len(visited), dtype=int)])
    reached = np.concatenate([reached, np.ones(len(visited), dtype=bool)])
    second = np.concatenate([spread[:, 3], (latent.serial[visited] % 97) / 97]) * 9 * 3_600
    at = day.astype("datetime64[s]") + (3_600 + second).astype("timedelta64[s]")  # 9 to 18, China
    order = np.lexsort((channel, at, customer))
    keep = _distinct(customer[order], channel[order], at[order])
    order = order[keep]
    sheets.add(
        Touch,
        len(order),
        {
            "customer_id": placed.ids[customer[order]],
            "channel": words(("visit", "branch", "phone", "mobile", "wecom"), channel[order]),
            "at": at[order],
            "has_reached": reached[order],
            "by_id": managers[customer[order]],
            "note": "",
        },
    )


def _distinct(customer: Ints, channel: Ints, at: Days) -> Flags:
    """Rows that differ from the one before."""
    same = (customer[1:] == customer[:-1]) & (channel[1:] == channel[:-1]) & (at[1:] == at[:-1])
    return np.concatenate([np.ones(min(len(customer), 1), dtype=bool), ~same])
