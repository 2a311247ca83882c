"""What visits in depth brought for the seven categories: facts, manners of buying and settling.

Half of those visited in depth, and one in five of the others visited with some care, were asked;
each was asked some categories only, so ledgers differ in what they lack.
"""

from __future__ import annotations

import numpy as np

from customers.demo.draw import words
from customers.demo.latent import INDIVIDUAL, Latent
from customers.demo.parties import Placed
from customers.demo.plan import Dice, Flags, Floats, Plan
from customers.demo.reference import FARM, SHOP, Reference
from customers.demo.said import DEEP, PARTLY, SPEAKERS, Knowledge, Said
from customers.demo.writer import Sheets
from customers.features.declared_ledger import COST_SHARES, SOFT
from customers.models import ProcureMode, SettleMode

ITEMS = ("主要原料", "包装物料", "季节备货", "配件耗材")
MANNERS = ("spot", "contract", "platform", "prepay")
PRICES = ("market", "fixed", "stepped", "open")
PROOFS = ("进货单照片", "收款后台截图", "", "")
HOURS = ("noon evening", "morning afternoon", "evening night", "dawn noon")
WEEK = ("sat sun", "fri sat sun", "holiday", "mon sat")
PLANS = ("收款码＋流水贷", "代发工资＋账户", "存款＋理财", "税信贷＋保险")
DEMAND = ("balanced", "glut", "short", "balanced")
REACH = ("street", "town", "city", "province")


def _asked(plan: Plan, block: int, latent: Latent, known: Knowledge) -> tuple[Dice, Flags]:
    """Who was asked at all; the dice of the ledger are its own."""
    dice = plan.rng(block, "ledger")
    keen = dice.random(latent.size)
    asked = ((known.depth == DEEP) & (keen < 0.5)) | ((known.depth == PARTLY) & (keen < 0.2))
    return dice, asked & (latent.kind != INDIVIDUAL)


def ledger_facts(
    plan: Plan, block: int, latent: Latent, known: Knowledge, ref: Reference
) -> list[Said]:
    """Facts of the categories 1 and 4 to 7, told at the last visit."""
    dice, asked = _asked(plan, block, latent, known)
    parts = dice.random((latent.size, 6)) < 0.6  # which categories were asked
    choice = dice.random((latent.size, 6))
    four = (choice[:, 0] * 4).astype(int)
    month = latent.yearly / 12
    one, sales, cost, soft = (asked & parts[:, n] for n in range(4))
    sells = np.isin(ref.trades.branch[latent.trade], (SHOP,)) & asked & parts[:, 4]
    calm = np.clip(latent.traits["quality"] * 0.8 + 3.2, 1, 5)
    return [
        Said("product_plan", one, text=_texts(PLANS, four)),
        Said("expected_flow_month", one, number=np.round(month * latent.through_us, -3)),
        Said("repeat_buyer_share", sales, number=np.round(0.3 + 0.6 * choice[:, 1], 2)),
        Said(
            "order_backlog",
            sales,
            number=np.round(month * 1.5 * choice[:, 2], -3),
            proof="订单照片",
        ),
        Said("told_return_rate", sales, number=np.round(0.04 * choice[:, 3], 3)),
        Said("local_demand", sales, text=_texts(DEMAND, four)),
        Said("price_change_1y", sales, number=np.round(0.2 * choice[:, 4] - 0.08, 2)),
        *_cost(latent, cost, dice),
        *_soft(soft, calm, dice),
        Said("basket_value", sells, number=np.round(15 + 200 * choice[:, 1] ** 3, 0)),
        Said("buyers_a_day", sells, number=np.rint(np.maximum(month / 30 / 60, 3))),
        Said("repeat_rate", sells, number=np.round(0.2 + 0.6 * choice[:, 2], 2)),
        Said("peak_hours", sells, text=_texts(HOURS, four)),
        Said("peak_days", sells & parts[:, 5], text=_texts(WEEK, four)),
        Said("share_in_store", sells, number=np.round(0.4 + 0.6 * choice[:, 3], 2)),
        Said("buyers_region", sells & parts[:, 5], text=_texts(REACH, four)),
        Said("prepaid_card_share", sells & parts[:, 5], number=np.round(0.3 * choice[:, 4], 2)),
    ]


def _texts(choices: tuple[str, ...], index: np.ndarray) -> np.ndarray:
    return np.array(choices, dtype=object)[index]


def _cost(latent: Latent, who: Flags, dice: Dice) -> list[Said]:
    """Eight shares in whole percents that add up to a hundred; material takes the rest."""
    weights = np.array([0.14, 0.08, 0.04, 0.04, 0.03, 0.02, 0.03])
    drawn = weights * (0.5 + dice.random((latent.size, len(weights))))
    rest = np.round(drawn, 2)
    shares = np.column_stack([1 - rest.sum(axis=1), rest])
    return [
        Said(fact.key, who, number=np.round(shares[:, n], 2), proof="工资表、租约、电费单")
        for n, fact in enumerate(COST_SHARES)
    ]


def _soft(who: Flags, calm: Floats, dice: Dice) -> list[Said]:
    """Steps of the scales, better for better customers; gambling is rare."""
    found = []
    for fact in SOFT:
        draw = dice.random(len(calm))
        if not fact.steps:
            found.append(Said(fact.key, who & (draw < 0.2), number=(draw < 0.004).astype(float)))
            continue
        step = np.clip(np.rint(calm + 2.4 * (draw - 0.5)), 1, 5)
        found.append(Said(fact.key, who & (draw < 0.9), number=step))
    return found


def add_settlement(
    plan: Plan, block: int, latent: Latent, known: Knowledge, placed: Placed, ref: Reference,
    sheets: Sheets,
) -> None:  # fmt: skip
    """How they buy, and how money comes in and goes out; the shares of a direction are whole."""
    dice, asked = _asked(plan, block, latent, known)
    dice = plan.rng(block, "settlement")
    rows = np.flatnonzero(asked & ~latent.is_person & (dice.random(latent.size) < 0.6))
    if not len(rows):
        return
    _add_procure(latent, known, placed, rows, sheets)
    _add_settle(latent, known, placed, ref, rows, sheets)


def _word(known: Knowledge, rows: np.ndarray, four: np.ndarray) -> dict[str, object]:
    return {
        "as_of": known.visited[rows],
        "source": "visit",
        "quality": "declared",
        "said_by": words(SPEAKERS, four),
        "proof": words(PROOFS, (four + 1) % 4),
        "version": 1,
    }


def _add_procure(
    latent: Latent, known: Knowledge, placed: Placed, rows: np.ndarray, sheets: Sheets
) -> None:
    four = latent.serial[rows] % 4
    every = np.array([7, 15, 30, 60])[four]
    batch = np.maximum(np.round(latent.yearly[rows] * 0.6 * every / 365, -2), 500)
    sheets.add(
        ProcureMode,
        len(rows),
        {
            "customer_id": placed.ids[rows],
            "item": words(ITEMS, four),
            "mode": words(MANNERS, (four + latent.serial[rows] // 4) % 4),
            "batch_amount": batch,
            "every_days": every,
            "price_term": words(PRICES, four),
            **_word(known, rows, four),
        },
    )


def _add_settle(
    latent: Latent, known: Knowledge, placed: Placed, ref: Reference, rows: np.ndarray,
    sheets: Sheets,
) -> None:  # fmt: skip
    """Cash, codes through us or elsewhere, and credit; payments by transfer."""
    farm = ref.trades.branch[latent.trade[rows]] == FARM
    cash = np.round(np.clip(latent.cash_share[rows], 0.02, 0.9), 2)
    ours = np.round((1 - cash) * np.clip(latent.through_us[rows], 0.05, 0.9), 2)
    rest = np.round(1 - cash - ours, 2)
    whole = np.ones(len(rows))
    lines = (
        ("in", "cash", cash, np.zeros(len(rows), dtype=int), "none"),
        ("in", "qr", ours, np.zeros(len(rows), dtype=int), "ours"),
        ("in", "transfer", rest, np.where(farm, 0, 15 + latent.serial[rows] % 3 * 15), "other"),
        ("out", "transfer", whole, np.array([0, 15, 30, 45])[latent.serial[rows] % 4], "ours"),
    )
    four = latent.serial[rows] % 4
    for direction, mode, share, days, bank in lines:
        some = np.flatnonzero(share > 0)
        sheets.add(
            SettleMode,
            len(some),
            {
                "customer_id": placed.ids[rows[some]],
                "direction": direction,
                "mode": mode,
                "share": share[some],
                "term_days": days[some],
                "bank": bank,
                **_word(known, rows[some], four[some]),
            },
        )
