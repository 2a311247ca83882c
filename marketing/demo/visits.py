"""Three years of visits: when, by whom, what was said, what was promised, where the phone stood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.demo.draw import pick
from customers.demo.draw import words as chosen
from customers.demo.plan import Days, Dice, Flags, Floats, Ints
from customers.models import Touch
from marketing.demo import words
from marketing.demo.frame import Batch, codes, moment, optional, put
from marketing.demo.people import Patch
from marketing.models import Visit

A_DAY = 6  # visits a manager can make
PACE = 500.0  # visits a year and manager the demo aims at
BY_TIER = {"A": 4.5, "B": 3.2, "C": 2.0, "D": 1.2}
BY_STATE = {"existing": 1.0, "prospect": 0.7, "dormant": 0.3, "lost": 0.12}
TOUCHED_DAYS = 400  # contacts as old as this still matter to a portrait
PURPOSES = ("acquire", "care", "investigate", "post_loan", "collect", "survey", "coordination")
OBJECTIONS = ["{}", "{price}", "{amount}", "{speed}", "{guarantee}", "{papers}", "{no_need}"]
OBJECTIONS += ["{other_bank}", "{price,speed}"]
FLAGS = ["{}", "{same_photo}", "{too_short}", "{too_fast}", "{copied}"]
METRES = 111_320.0  # of one degree of latitude


@dataclass
class Visits:
    """The visits of a batch in the order of their keys; ``row`` leads to the patch."""

    pk: Ints
    row: Ints
    on: Days
    started: Days
    ended: Days
    purpose: Ints
    need: Ints  # into words.NEEDS, -1 without one
    amount: Floats  # yuan of the need, NaN where none was named
    is_odd: Flags

    def __len__(self) -> int:
        return len(self.pk)


def make_visits(batch: Batch, patch: Patch) -> Visits:
    """The visits of the batch's managers are in the sheets, and so are their contacts."""
    dice = batch.work.rng(batch.no, "visits")
    row, on = _days(batch, patch, dice)
    rank = _rank(patch.manager[row], on)
    row, on, rank = row[rank < A_DAY], on[rank < A_DAY], rank[rank < A_DAY]
    count = len(row)
    began = 9 * 60 + rank * 75 + (dice.random(count) * 14).astype(np.int64)
    odd = dice.random(count) < 0.006
    flag = np.where(odd, 1 + (dice.random(count) * 4).astype(int), 0)
    lasted = np.where(flag == 2, 2, 18 + (dice.random(count) * 34).astype(np.int64))
    wants = dice.random(count) < 0.3
    made = Visits(
        pk=batch.keys.take(Visit, count),
        row=row,
        on=on,
        started=moment(on, began),
        ended=moment(on, began + lasted),
        purpose=_purpose(patch, row, dice),
        need=np.where(wants, (dice.random(count) * len(words.NEEDS)).astype(int), -1),
        amount=_amount(patch, row, dice),
        is_odd=odd,
    )
    columns = _told(batch, patch, made, dice) | _checked_in(patch, made, dice)
    put(
        batch.sheets,
        Visit,
        count,
        columns
        | {"flags": codes(FLAGS, flag), "quality": None, "manager_scope_no": _scope(patch, row)},
    )
    _add_touches(batch, patch, made)
    return made


def _scope(patch: Patch, row: Ints) -> Ints:
    return patch.scope_no[row]


def _days(batch: Batch, patch: Patch, dice: Dice) -> tuple[Ints, Days]:
    """Row and day of each visit, by manager and day."""
    work, size = batch.work, len(patch)
    tier = np.array([BY_TIER.get(key, 1.0) for key in patch.tier])
    state = np.array([BY_STATE[key] for key in patch.state])
    span = (patch.until - patch.since).astype(float) + 1
    seen = ~np.isnat(patch.known_on)
    rate = tier * state * np.where(seen, 1.0, 0.02)
    staff = len(set(patch.manager.tolist())) or 1
    scale = np.clip(PACE * staff / max((rate * patch.is_now).sum(), 1), 0.6, 2.2)
    count = dice.poisson(rate * scale * span / 365)
    row = np.repeat(np.arange(size), count)
    ago = (dice.random(len(row)) * span[row]).astype(np.int64)
    on = work.on_workday(patch.until[row] - ago.astype("timedelta64[D]"))
    last = np.where(seen, patch.known_on, work.today)
    stale = seen & (work.today - last > np.timedelta64(240, "D"))  # nobody came back
    within = (on <= work.today) & (~stale[row] | (on <= last[row])) & (on >= patch.since[row])
    known = np.flatnonzero(seen & (last >= patch.since) & (last <= patch.until))
    row = np.concatenate([row[within], known])
    on = np.concatenate([on[within], patch.known_on[known]])
    order = np.lexsort((np.arange(len(row)), row, on, patch.manager[row]))
    row, on = row[order], on[order]
    same = np.zeros(len(row), dtype=bool)
    same[1:] = (row[1:] == row[:-1]) & (on[1:] == on[:-1])
    return row[~same], on[~same]


def _rank(manager: Ints, on: Days) -> Ints:
    """The place of each visit in its manager's day; rows are in that order."""
    new = np.ones(len(on), dtype=bool)
    new[1:] = (manager[1:] != manager[:-1]) | (on[1:] != on[:-1])
    start = np.maximum.accumulate(np.where(new, np.arange(len(on)), 0))
    return np.arange(len(on)) - start


def _purpose(patch: Patch, row: Ints, dice: Dice) -> Ints:
    weights = {
        "prospect": (0.62, 0.03, 0.1, 0.0, 0.0, 0.15, 0.1),
        "loan": (0.02, 0.35, 0.14, 0.42, 0.03, 0.02, 0.02),
        "other": (0.12, 0.6, 0.12, 0.0, 0.0, 0.06, 0.1),
    }
    kind = np.where(
        patch.state == "prospect", "prospect", np.where(patch.loan > 0, "loan", "other")
    )
    table = np.array([weights[key] for key in kind])
    return pick(dice, table[row])


def _amount(patch: Patch, row: Ints, dice: Dice) -> Floats:
    """A wish in proportion to the business, in steps of 10,000 yuan."""
    base = np.where(patch.wanted > 0, patch.wanted, np.clip(patch.revenue * 0.12, 80_000, 3e6))
    spread = np.exp(dice.normal(0, 0.25, len(row)))
    return np.clip(np.round(base[row] * spread, -4), 20_000, 9_000_000)


def numbered(choices: tuple[str, ...], index: Ints, number: Ints) -> pa.Array:
    """Sentences by index with ``{n}`` replaced by the number."""
    head = [text.partition("{n}")[0] for text in choices]
    tail = [text.partition("{n}")[2] for text in choices]
    has = np.array(["{n}" in text for text in choices])[index]
    digits = pc.cast(pa.array(number.astype(np.int64)), pa.string())
    middle = pc.if_else(pa.array(has), digits, "")
    return pc.binary_join_element_wise(chosen(head, index), middle, chosen(tail, index), "")


def _draw(dice: Dice, choices: tuple[object, ...], count: int) -> Ints:
    return (dice.random(count) * len(choices)).astype(int)


def _told(batch: Batch, patch: Patch, made: Visits, dice: Dice) -> dict[str, object]:
    """What the manager wrote down."""
    count, row = len(made), made.row
    month = np.maximum(patch.revenue[row] / 12 / 10_000, 1)
    figure = np.clip(np.rint(month * np.exp(dice.normal(-0.4, 0.7, count))), 1, 9_000)
    summary = pc.binary_join_element_wise(
        pa.array(patch.trade_name[row].tolist(), type=pa.string()),
        chosen(words.STATES, _draw(dice, words.STATES, count)),
        numbered(words.DETAILS, _draw(dice, words.DETAILS, count), figure),
        pc.binary_join_element_wise(
            chosen(words.WISHES, _draw(dice, words.WISHES, count)),
            chosen(words.CLOSINGS, _draw(dice, words.CLOSINGS, count)),
            "。",
        ),
        "，",
    )
    needs = tuple(text for _family, text in words.NEEDS)
    has_need = made.need >= 0
    need = numbered(needs, np.maximum(made.need, 0), np.maximum(made.amount / 10_000, 2))
    promised = dice.random(count) < 0.36
    closed = dice.random(count) < 0.1
    next_on = batch.work.on_workday(
        made.on + (3 + dice.random(count) * 23).astype("timedelta64[D]")
    )
    promise_on = batch.work.on_workday(
        made.on + (2 + dice.random(count) * 12).astype("timedelta64[D]")
    )
    boss = np.where(patch.boss == "", "", patch.boss)[row]
    who = chosen(words.WHO, np.where(dice.random(count) < 0.6, 0, _draw(dice, words.WHO, count)))
    return {
        "id": made.pk,
        "customer_id": patch.customer[row],
        "manager_id": patch.manager[row],
        "key": _keys(batch, made),
        "purpose": chosen(PURPOSES, made.purpose),
        "started_at": made.started,
        "ended_at": made.ended,
        "received_at": made.ended + (dice.random(count) * 7_000).astype("timedelta64[s]"),
        "whom_met": pc.binary_join_element_wise(
            pa.array([f"{name[:1]}" for name in boss.tolist()], type=pa.string()), who, ""
        ),
        "summary": summary,
        "need": pc.if_else(pa.array(has_need), need, ""),
        "mood": pick(dice, np.tile((0.04, 0.12, 0.36, 0.34, 0.14), (count, 1))) + 1,
        "objections": codes(
            OBJECTIONS,
            np.where(dice.random(count) < 0.62, 0, _draw(dice, tuple(OBJECTIONS), count)),
        ),
        "promise": _if(promised, chosen(words.PROMISES, _draw(dice, words.PROMISES, count))),
        "promise_on": optional(promise_on, promised),
        "next_step": _if(~closed, chosen(words.STEPS, _draw(dice, words.STEPS, count))),
        "next_on": optional(next_on, ~closed),
        "closed_reason": _if(closed, chosen(words.CLOSED, _draw(dice, words.CLOSED, count))),
        "companions": _if(
            dice.random(count) < 0.09,
            chosen(words.COMPANIONS, _draw(dice, words.COMPANIONS, count)),
        ),
        "was_offline": dice.random(count) < 0.07,
    }


def _if(has: Flags, text: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(has), text, "")


def _keys(batch: Batch, made: Visits) -> pa.Array:
    """The key a phone would have made, the same in every run."""
    raw = batch.work.rng(batch.no, "keys").bytes(16 * max(len(made), 1))
    return pa.array([raw[n * 16 : n * 16 + 16].hex() for n in range(len(made))], type=pa.string())


def _checked_in(patch: Patch, made: Visits, dice: Dice) -> dict[str, object]:
    """Where the phone stood; one in thirty far from the address, with the reason."""
    count, row = len(made), made.row
    has = (dice.random(count) < 0.93) & ~np.isnan(patch.latitude[row])
    far = has & (dice.random(count) < 0.034)
    distance = np.where(far, 520 + dice.random(count) * 2_600, np.abs(dice.normal(0, 90, count)))
    angle = dice.random(count) * 2 * np.pi
    latitude = patch.latitude[row] + distance * np.sin(angle) / METRES
    shrink = np.cos(np.radians(np.nan_to_num(patch.latitude[row], nan=30.0)))
    longitude = patch.longitude[row] + distance * np.cos(angle) / METRES / shrink
    device = dice.random(count) < 0.85
    source = np.where(has, np.where(device, 0, 1), 2)
    near = np.where(device, 8 + dice.random(count) * 30, 60 + dice.random(count) * 400)
    return {
        "checked_in_at": optional(made.started + np.timedelta64(60, "s"), has),
        "latitude": optional(np.round(latitude, 6), has),
        "longitude": optional(np.round(longitude, 6), has),
        "accuracy_m": optional(np.round(near, 1), has),
        "fix_age_s": optional((dice.random(count) * 60).astype(np.int64), has),
        "fix_source": chosen(("device", "network", "none"), source),
        "distance_m": optional(np.round(distance, 1), has),
        "far_reason": _if(far, chosen(words.FAR, _draw(dice, words.FAR, count))),
    }


def _add_touches(batch: Batch, patch: Patch, made: Visits) -> None:
    """The visit is a contact, too: portraits count these."""
    keep = batch.work.today - made.on <= np.timedelta64(TOUCHED_DAYS, "D")
    row = made.row[keep]
    put(
        batch.sheets,
        Touch,
        int(keep.sum()),
        {
            "customer_id": patch.customer[row],
            "channel": "visit",
            "at": made.started[keep],
            "has_reached": True,
            "by_id": patch.manager[row],
            "note": "",
        },
    )
