"""Opportunities: won ones that end in a loan or a contract, lost ones, and those still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from crm.core.parameters import Parameters
from customers.demo.draw import pick
from customers.demo.draw import words as chosen
from customers.demo.plan import Days, Dice, Flags, Floats, Ints
from customers.models import CREDIT_FAMILIES, ProductFamily
from marketing.demo import words
from marketing.demo.frame import Batch, days_of, optional, put, read
from marketing.demo.moves import add_moves, why_lost
from marketing.demo.people import Patch
from marketing.demo.proofs import Known
from marketing.demo.visits import Visits
from marketing.models import Mode, Opportunity
from marketing.pipeline import CREDIT, OTHER, Track
from products.models import ProductVersion

FAMILIES = [str(family) for family in ProductFamily]
FAMILY_NO = {family: number for number, family in enumerate(FAMILIES)}
MODES = [str(mode) for mode in Mode]
MODE_WEIGHTS = (0.24, 0.38, 0.09, 0.16, 0.09, 0.04)
REASONS = [str(reason) for reason in Opportunity.Lost]
REASON_WEIGHTS = (0.2, 0.1, 0.12, 0.12, 0.1, 0.14, 0.12, 0.04, 0.06)
CREDIT_MIX = {
    "working_capital_loan": 0.5, "loan": 0.2, "supply_chain_loan": 0.1, "fixed_asset_loan": 0.12,
    "startup_guaranteed_loan": 0.04, "farm_production_loan": 0.04,
}  # fmt: skip
OTHER_MIX = {
    "acquiring": 0.2, "payroll": 0.16, "account_card": 0.14, "deposit": 0.16, "wealth": 0.12,
    "insurance": 0.12, "online_payment": 0.06, "payment_settlement": 0.04,
}  # fmt: skip
OPEN_SHARE = {"existing": (0.2, 0.17), "prospect": (0.28, 0.12), "dormant": (0.06, 0.06)}
LOST_A_YEAR = 0.42  # beside the refused applications
CREDIT_STANDS = (0.3, 0.24, 0.19, 0.11, 0.09, 0.07)
OTHER_STANDS = (0.34, 0.3, 0.21, 0.15)
LOST_AT = (0.34, 0.3, 0.18, 0.1, 0.06, 0.02)

_WON = """
    SELECT a.customer_id AS customer, a.manager_id AS manager, u.scope_no AS scope_no,
        x.family AS family, x.on_day AS on_day, x.amount AS amount, x.months AS months,
        x.code AS code, x.no AS no, x.kind AS kind
    FROM (
        SELECT DISTINCT ON (coalesce(line_id, -id)) customer_id, family, drawn_on AS on_day,
            principal_amount::float8 AS amount, (matures_on - drawn_on) / 30 AS months,
            product_code AS code, id AS no, 'loan' AS kind
        FROM customers_loan WHERE drawn_on > %(first)s + 60 AND drawn_on < %(today)s
        ORDER BY coalesce(line_id, -id), drawn_on
    ) x
    JOIN customers_customerassignment a
        ON a.customer_id = x.customer_id AND a.during @> x.on_day
    JOIN core_user u ON u.id = a.manager_id
    WHERE a.manager_id = ANY(%(managers)s)
    UNION ALL
    SELECT a.customer_id, a.manager_id, u.scope_no, h.family, h.opened_on,
        h.balance_amount::float8, NULL, h.product_code, h.id, 'holding'
    FROM customers_customerassignment a
    JOIN customers_holding h ON h.customer_id = a.customer_id AND a.during @> h.opened_on
    JOIN core_user u ON u.id = a.manager_id
    WHERE a.manager_id = ANY(%(managers)s) AND NOT h.family = ANY(%(credit)s)
        AND h.opened_on > %(first)s + 40 AND h.opened_on < %(today)s
    UNION ALL
    SELECT a.customer_id, a.manager_id, u.scope_no, p.family,
        coalesce(p.decided_on, p.applied_on), p.asked_amount::float8, p.asked_months, '', p.id,
        p.decision
    FROM customers_customerassignment a
    JOIN customers_loanapplication p ON p.customer_id = a.customer_id
        AND a.during @> p.applied_on AND p.decision IN ('refused', 'withdrawn', 'pending')
        AND (p.decision <> 'pending' OR upper(a.during) IS NULL)
    JOIN core_user u ON u.id = a.manager_id
    WHERE a.manager_id = ANY(%(managers)s) AND p.applied_on > %(first)s + 60
    ORDER BY kind, no
"""


@dataclass
class Deals:
    """Opportunities of one kind in columns; ``place`` is the stage where they stand or stood."""

    customer: Ints
    manager: Ints
    scope_no: Ints
    family: Ints
    amount: Floats
    months: Floats
    version: Ints  # 0 without one
    end: Days  # the day of winning or losing, or of entering the stage at hand
    place: Ints
    visit: Ints  # 0 without one
    state: str = "open"
    reason: Ints | None = None
    idle: Ints | None = None  # days since the last action

    def __len__(self) -> int:
        return len(self.customer)


def take(deals: Deals, keep: Flags) -> Deals:
    """Only those kept."""
    columns: dict[str, Any] = {
        name: value[keep] if isinstance(value, np.ndarray) else value
        for name, value in vars(deals).items()
    }
    return Deals(**columns)


def gather(batch: Batch, patch: Patch, visits: Visits) -> list[Deals]:
    """Everything that becomes an opportunity of these managers."""
    rows = read(
        _WON,
        {
            "first": batch.work.first_on,
            "today": batch.work.as_of,
            "managers": batch.managers,
            "credit": sorted(CREDIT_FAMILIES),
        },
    )
    dice = batch.work.rng(batch.no, "deals")
    by_code, by_family = _versions()
    on_day = days_of(rows["on_day"])
    family = np.array([FAMILY_NO[name] for name in rows["family"]], dtype=np.int64)
    found = Deals(
        customer=rows["customer"].astype(np.int64),
        manager=rows["manager"].astype(np.int64),
        scope_no=rows["scope_no"].astype(np.int64),
        family=family,
        amount=rows["amount"].astype(float),
        months=rows["months"].astype(float),
        version=np.array([by_code.get(code, 0) for code in rows["code"]], dtype=np.int64),
        end=on_day,
        place=np.zeros(len(family), dtype=np.int64),
        visit=np.zeros(len(family), dtype=np.int64),
    )
    kind = rows["kind"]
    parts = [
        *_won(batch, found, kind, dice),
        *_refused(found, kind, dice),
        *_lost(batch, patch, dice),
        *_open(batch, patch, visits, take(found, kind == "pending"), dice),
    ]
    for deals in parts:
        _fill(deals, by_family)
    return parts


def _fill(deals: Deals, by_family: dict[int, int]) -> None:
    """Whoever got past a gate has what it asks for: a product version, an amount."""
    credit = _is_credit(deals.family)
    ripe = deals.place >= np.where(credit, CREDIT.place("submitted"), OTHER.place("agreed"))
    version = np.array([by_family.get(number, 0) for number in range(len(FAMILIES))])[deals.family]
    deals.version = np.where(ripe & (deals.version == 0), version, deals.version)
    sized = credit & (deals.place > CREDIT.place("qualified")) & np.isnan(deals.amount)
    deals.amount = np.where(sized, 100_000.0 + deals.customer % 40 * 10_000, deals.amount)


def _versions() -> tuple[dict[str, int], dict[int, int]]:
    """The effective version by product code and, the first of each, by family."""
    by_code: dict[str, int] = {}
    by_family: dict[int, int] = {}
    rows = ProductVersion.objects.filter(state="effective").order_by("product__code")
    for pk, code, family in rows.values_list("pk", "product__code", "product__family"):
        by_code[code] = pk
        by_family.setdefault(FAMILY_NO[family], pk)
    return by_code, by_family


def _is_credit(family: Ints) -> Flags:
    return np.array([name in CREDIT_FAMILIES for name in FAMILIES])[family]


def _won(batch: Batch, found: Deals, kind: np.ndarray, dice: Dice) -> list[Deals]:
    """Most loans and a third of the other contracts came through the pipeline."""
    credit = _is_credit(found.family)
    luck = dice.random(len(found))
    loans = take(found, (kind == "loan") & credit & (luck < 0.62))
    others = take(found, (kind == "holding") & (luck < 0.32))
    others.end = batch.work.on_workday(
        others.end + (4 + dice.random(len(others)) * 28).astype("timedelta64[D]")
    )
    others.amount = np.where(others.amount > 0, others.amount, np.nan)
    others = take(others, others.end < batch.work.today)
    for deals, track in ((loans, CREDIT), (others, OTHER)):
        deals.state, deals.place = "won", np.full(len(deals), len(track.stages) - 1)
    return [loans, others]


def _refused(found: Deals, kind: np.ndarray, dice: Dice) -> list[Deals]:
    """Applications that were refused, or taken back by the customer."""
    refused, taken_back = take(found, kind == "refused"), take(found, kind == "withdrawn")
    for deals, reasons in (
        (refused, ("risk", "not_eligible", "guarantee")),
        (taken_back, ("no_need", "competitor", "speed")),
    ):
        deals.state, deals.place = "lost", np.full(len(deals), CREDIT.place("approved"))
        index = np.array([REASONS.index(reason) for reason in reasons])
        deals.reason = index[(dice.random(len(deals)) * len(reasons)).astype(int)]
    return [refused, taken_back]


def _from_patch(patch: Patch, row: Ints, family: Ints, amount: Floats) -> Deals:
    count = len(row)
    none = np.zeros(count, dtype=np.int64)
    return Deals(
        customer=patch.customer[row],
        manager=patch.manager[row],
        scope_no=patch.scope_no[row],
        family=family,
        amount=amount,
        months=np.full(count, np.nan),
        version=none,
        end=np.full(count, np.datetime64("NaT"), dtype="datetime64[D]"),
        place=none.copy(),
        visit=none.copy(),
    )


def _mixed(dice: Dice, mix: dict[str, float], count: int) -> Ints:
    index = pick(dice, np.tile(list(mix.values()), (count, 1)))
    return np.array([FAMILY_NO[name] for name in mix])[index]


def _wish(patch: Patch, row: Ints, dice: Dice) -> Floats:
    base = np.where(patch.wanted > 0, patch.wanted, np.clip(patch.revenue * 0.12, 80_000, 3e6))
    return np.clip(np.round(base[row] * np.exp(dice.normal(0, 0.3, len(row))), -4), 20_000, 9.9e6)


def _lost(batch: Batch, patch: Patch, dice: Dice) -> list[Deals]:
    """Needs heard that came to nothing."""
    span = (patch.until - patch.since).astype(float)
    known = np.where(patch.state == "prospect", 1.5, 1.0) * (patch.state != "lost")
    count = dice.poisson(LOST_A_YEAR * known * span / 365)
    row = np.repeat(np.arange(len(patch)), count)
    size = len(row)
    credit = dice.random(size) < 0.6
    family = np.where(credit, _mixed(dice, CREDIT_MIX, size), _mixed(dice, OTHER_MIX, size))
    amount = np.where(credit | (dice.random(size) < 0.2), _wish(patch, row, dice), np.nan)
    deals = _from_patch(patch, row, family, amount)
    ago = 1 + (dice.random(size) * np.maximum(span[row] - 30, 1)).astype(np.int64)
    deals.end = batch.work.on_workday(patch.until[row] - ago.astype("timedelta64[D]"))
    deals.months = np.where(credit, 12.0, np.nan)
    deals.state, deals.reason = "lost", pick(dice, np.tile(REASON_WEIGHTS, (size, 1)))
    at = pick(dice, np.tile(LOST_AT, (size, 1)))
    deals.place = np.where(credit, at, np.minimum(at, len(OTHER.stages) - 2))
    within = (deals.end < batch.work.today) & (deals.end > batch.work.first_on)
    return [take(deals, within)]


def _held(batch: Batch) -> set[tuple[int, int]]:
    """(customer, family) held today by customers of these managers."""
    sql = """
        SELECT DISTINCT h.customer_id AS customer, h.family AS family FROM customers_holding h
        JOIN customers_customer c ON c.id = h.customer_id
        WHERE c.manager_id = ANY(%(managers)s) AND h.closed_on IS NULL
    """
    rows = read(sql, {"managers": batch.managers})
    pairs = zip(rows["customer"].tolist(), rows["family"].tolist(), strict=True)
    return {(customer, FAMILY_NO[family]) for customer, family in pairs}


def _open(batch: Batch, patch: Patch, visits: Visits, pending: Deals, dice: Dice) -> list[Deals]:
    """What is on the table today: from a need heard, from an application, or found otherwise."""
    pending.place = np.full(len(pending), CREDIT.place("approved"))
    heard = _heard(batch, patch, visits, dice)
    chance = np.array([OPEN_SHARE.get(state, (0.0, 0.0)) for state in patch.state]).reshape(-1, 2)
    luck = dice.random((len(patch), 2))
    parts = [pending, heard]
    for column, mix in enumerate((CREDIT_MIX, OTHER_MIX)):
        row = np.flatnonzero(patch.is_now & (luck[:, column] < chance[:, column]))
        amount = _wish(patch, row, dice)
        if column:
            amount = np.where(dice.random(len(row)) < 0.4, amount, np.nan)
        parts.append(_from_patch(patch, row, _mixed(dice, mix, len(row)), amount))
    deals = _joined(parts)
    size = len(deals)
    credit = _is_credit(deals.family)
    held = _held(batch)
    pairs = list(zip(deals.customer.tolist(), deals.family.tolist(), strict=True))
    has = np.array([pair in held for pair in pairs], dtype=bool)
    _first, index = np.unique(np.array(pairs).reshape(-1, 2), axis=0, return_index=True)
    keep = np.zeros(size, dtype=bool)
    keep[index] = True
    stands = pick(dice, np.tile(CREDIT_STANDS, (size, 1)))
    others = pick(dice, np.tile(OTHER_STANDS, (size, 1)))
    from_visit = np.minimum(np.where(credit, stands, others), 2)
    place = np.where(deals.visit > 0, from_visit, np.where(credit, stands, others))
    deals.place = np.where(np.arange(size) < len(pending), deals.place, place)
    deals.idle = np.where(
        dice.random(size) < 0.17, 14 + (dice.random(size) * 24).astype(int),
        np.minimum(dice.exponential(4.0, size), 13).astype(int),
    )  # fmt: skip
    deals.months = np.where(credit, np.where(np.isnan(deals.months), 12, deals.months), np.nan)
    return [take(deals, keep & (credit | ~has))]


def _joined(parts: list[Deals]) -> Deals:
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name, value in vars(parts[0]).items()
        if isinstance(value, np.ndarray)
    }
    return Deals(**columns)


def _heard(batch: Batch, patch: Patch, visits: Visits, dice: Dice) -> Deals:
    """Needs heard at the visits of the last seven weeks."""
    recent = batch.work.today - visits.on < np.timedelta64(49, "D")
    who = recent & (visits.need >= 0) & patch.is_now[visits.row] & (dice.random(len(visits)) < 0.6)
    index = np.flatnonzero(who)[::-1]
    need = np.array([FAMILY_NO[family] for family, _text in words.NEEDS])[visits.need[index]]
    amount = np.where(_is_credit(need), visits.amount[index], np.nan)
    deals = _from_patch(patch, visits.row[index], need, amount)
    deals.visit, deals.end = visits.pk[index], visits.on[index]
    return deals


def add_deals(batch: Batch, deals: Deals, known: Parameters, facts: Known) -> None:
    """The opportunities and every move of theirs are in the sheets."""
    credit = _is_credit(deals.family)
    for track, which in ((CREDIT, credit), (OTHER, ~credit)):
        part = take(deals, which)
        if len(part):
            _add_track(batch, part, track, known, facts)


def _add_track(batch: Batch, deals: Deals, track: Track, known: Parameters, facts: Known) -> None:
    dice = batch.work.rng(batch.no, f"moves {track.key} {deals.state} {len(deals)}")
    size = len(deals)
    pk = batch.keys.take(Opportunity, size)
    times = add_moves(batch, deals, track, known, facts, pk, dice)
    keys = [stage.key for stage in track.stages]
    chance = [
        1.0 if stage.is_last else float(known.decimal(f"pipeline.chance.{track.key}.{stage.key}"))
        for stage in track.stages
    ]
    probability = {"won": 1.0, "lost": 0.0}.get(deals.state, np.array(chance)[deals.place])
    columns: dict[str, object] = {
        "id": pk,
        "customer_id": deals.customer,
        "pipeline": track.key,
        "family": chosen(FAMILIES, deals.family),
        "version_chosen_id": optional(deals.version, deals.version > 0),
        "title": _heard_words(deals),
        "amount": deals.amount,
        "months": optional(
            np.clip(np.nan_to_num(deals.months, nan=0), 1, 360).astype(np.int64),
            ~np.isnan(deals.months),
        ),
        "origin_mode": chosen(MODES, pick(dice, np.tile(MODE_WEIGHTS, (size, 1)))),
        "visit_id": optional(deals.visit, deals.visit > 0),
        "stage": chosen(keys, deals.place),
        "state": deals.state,
        "probability": probability,
        "owner_id": deals.manager,
    }
    put(batch.sheets, Opportunity, size, columns | times | _following(batch, deals, times, dice))


def _heard_words(deals: Deals) -> pa.Array:
    """The need of each in the customer's words, always the same for one customer and family."""
    texts = [words.HEARD.get(family, (words.OTHER_NEED,)) for family in FAMILIES]
    many = np.array([len(some) for some in texts])
    start = np.cumsum(many) - many
    index = start[deals.family] + deals.customer % many[deals.family]
    return chosen([text for some in texts for text in some], index)


def _following(
    batch: Batch, deals: Deals, times: dict[str, object], dice: Dice
) -> dict[str, object]:
    """Why it was lost, or what is next."""
    size = len(deals)
    if deals.state == "won":
        return {}
    if deals.state == "lost":
        reason, other = why_lost(deals)
        return {"lost_reason": reason, "lost_to": other}
    has = dice.random(size) < 0.94
    day = batch.work.today + np.rint(dice.normal(2.5, 4.5, size)).astype("timedelta64[D]")
    day = np.maximum(day, np.asarray(times["last_action_on"]))
    actions = chosen(words.NEXT_ACTIONS, (dice.random(size) * len(words.NEXT_ACTIONS)).astype(int))
    return {
        "next_action": pa.compute.if_else(pa.array(has), actions, ""),
        "next_on": optional(batch.work.on_workday(day), has),
    }
