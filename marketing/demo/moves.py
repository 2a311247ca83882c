"""The moves of an opportunity through its stages, and the days that follow from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from crm.core.parameters import Parameters
from customers.demo.draw import words as chosen
from customers.demo.plan import Days, Dice, Flags, Floats, Ints
from marketing.demo import words
from marketing.demo.frame import Batch, moment, optional, put
from marketing.demo.proofs import Known, Shown, evidence, shown, ticks_of
from marketing.models import StageEvent
from marketing.pipeline import LOST, Track
from marketing.pipeline.clock import stage_days

DAY = 86_400
SKIPPED = 0.015  # of the stages on the way


def add_moves(
    batch: Batch, deals: Any, track: Track, known: Parameters, facts: Known, pk: Ints, dice: Dice
) -> dict[str, object]:
    """The stage events are in the sheets; times and ticks of the opportunities are returned."""
    size = len(deals)
    sla = _allowed(deals, track, known)
    last = deals.place
    entered, end = _entered(batch, deals, sla, dice)
    place = np.arange(len(track.stages))
    over = _passed_over(last, len(track.stages), dice)
    proofs = shown(batch, deals, track, known, facts, entered)
    row, step = np.nonzero((place <= last[:, None]) & ~over)
    _add_events(batch, deals, track, pk, entered, (row, step, over), proofs, dice)
    if deals.state == "lost":
        _add_losses(batch, deals, track, pk, entered, end)
    rows = np.arange(size)
    since = entered[rows, last]
    open_ = deals.state == "open"
    local = (since + np.timedelta64(8, "h")).astype("datetime64[D]")
    due = local + sla[rows, np.minimum(last, sla.shape[1] - 1)].astype("timedelta64[D]")
    acted = np.maximum(local, batch.work.today - _idle(deals)) if open_ else _day(end)
    left = np.where(place[:-1] >= last[:, None], sla, 0).sum(axis=1) * (0.8 + dice.random(size))
    expected = np.maximum(local, batch.work.today - np.timedelta64(6, "D"))
    return {
        "evidence": ticks_of(proofs, over),
        "opened_at": entered[:, 0],
        "stage_since": since,
        "stage_due_on": due if open_ else None,
        "closed_at": None if open_ else end,
        "last_action_on": acted,
        "expected_on": (
            batch.work.on_workday(expected + np.ceil(left).astype("timedelta64[D]"))
            if open_
            else _day(end)
        ),
    }


def _idle(deals: Any) -> Days:
    return np.asarray(deals.idle).astype("timedelta64[D]")


def _day(moments: Days) -> Days:
    """The day in China."""
    return (moments + np.timedelta64(8, "h")).astype("datetime64[D]")


def _allowed(deals: Any, track: Track, known: Parameters) -> Ints:
    """Days each stage may take, by opportunity; the last stage has none."""
    from marketing.demo.deals import FAMILIES

    table = np.array(
        [
            [
                stage_days(
                    pipeline=track.key, stage=stage.key, family=family, version=None, known=known
                )
                for stage in track.stages[:-1]
            ]
            for family in FAMILIES
        ],
        dtype=np.int64,
    )
    return table[deals.family]


def _entered(batch: Batch, deals: Any, sla: Ints, dice: Dice) -> tuple[Days, Days]:
    """When each stage was entered (rows beyond the stage at hand mean nothing), and the end."""
    size, stages = len(deals), sla.shape[1] + 1
    spent: Floats = np.clip(dice.gamma(1.6, 0.42, (size, stages - 1)) * sla, 0.1, 45)
    place = np.arange(stages)
    minute = (9 * 60 + dice.random((size, stages)) * 8 * 60).astype(np.int64)
    if deals.state == "won":
        anchor, at = moment(deals.end, minute[:, -1]), stages - 1
        ahead = np.cumsum(spent[:, ::-1], axis=1)[:, ::-1]  # from entering a stage to the end
        back = np.concatenate([ahead, np.zeros((size, 1))], axis=1)
        end = anchor
    else:
        stood, end = _stood(batch, deals, spent, minute, dice)
        before = np.where(place[:-1] < deals.place[:, None], spent, 0)
        ahead = np.cumsum(before[:, ::-1], axis=1)[:, ::-1]
        back = np.concatenate([ahead, np.zeros((size, 1))], axis=1)
        anchor, at = stood, -1
    entered = anchor[:, None] - np.rint(back * DAY).astype("timedelta64[s]")
    days = _day(entered)
    days = batch.work.workdays[
        np.clip(np.searchsorted(batch.work.workdays, days, side="right") - 1, 0, None)
    ]
    neat = moment(days.ravel(), np.sort(minute, axis=1).ravel()).reshape(days.shape)
    neat = np.maximum.accumulate(np.minimum(neat, anchor[:, None]), axis=1)
    rows = np.arange(size)
    neat[rows, deals.place if at < 0 else at] = anchor
    return neat, end


def _stood(batch: Batch, deals: Any, spent: Floats, minute: Ints, dice: Dice) -> tuple[Days, Days]:
    """When the stage at hand was entered, and for lost ones when it ended."""
    size = len(deals)
    rows = np.arange(size)
    if deals.state == "lost":
        end = moment(deals.end, minute[:, 0])
        return end - np.rint((spent[rows, deals.place] + 0.2) * DAY).astype("timedelta64[s]"), end
    age = np.maximum(np.rint(spent[rows, deals.place] * 0.9).astype(int), 1)
    age = np.where(dice.random(size) < 0.16, age + (dice.random(size) * 16).astype(int), age)
    age = np.maximum(age, np.asarray(deals.idle))
    since = batch.work.today - age.astype("timedelta64[D]")
    heard = (deals.visit > 0) & ~np.isnat(deals.end)
    first = heard & (deals.place == 0)
    since = np.where(first, deals.end, np.where(heard, np.maximum(since, deals.end), since))
    since = np.minimum(since, batch.work.today - np.timedelta64(1, "D"))
    return moment(since, minute[:, 0]), moment(since, minute[:, 0])


def _passed_over(last: Ints, stages: int, dice: Dice) -> Flags:
    """The stage that was skipped on the way, one at the most; by stage of each deal."""
    place = np.arange(stages)
    over = (dice.random((len(last), stages)) < SKIPPED) & (place > 0) & (place < last[:, None])
    return np.asarray(over & (np.cumsum(over, axis=1) == 1))


def _add_events(
    batch: Batch, deals: Any, track: Track, pk: Ints, entered: Days,
    moves: tuple[Ints, Ints, Flags], proofs: Shown, dice: Dice,
) -> None:  # fmt: skip
    row, step, over = moves
    keys = ["", *(stage.key for stage in track.stages)]
    first = step == 0
    skipped = ~first & over[row, np.maximum(step - 1, 0)]
    start = np.maximum(step - np.where(skipped, 2, 1), 0)  # where it came from
    at = entered[row, step]
    skips = chosen(words.SKIPS, (dice.random(len(row)) * len(words.SKIPS)).astype(int))
    put(
        batch.sheets,
        StageEvent,
        len(row),
        {
            "customer_id": deals.customer[row],
            "opportunity_id": pk[row],
            "from_stage": chosen(keys, np.where(first, 0, start + 1)),
            "to_stage": chosen(keys, step + 1),
            "at": at,
            "by_id": deals.manager[row],
            "scope_no": deals.scope_no[row],
            "days_in_stage": optional(_days(at - entered[row, start]), ~first),
            "amount": deals.amount[row],
            "evidence": evidence(proofs, row, step, skipped),
            "skip_reason": pa.compute.if_else(pa.array(skipped), skips, ""),
        },
    )


def _days(span: Days) -> Floats:
    return np.round(span.astype("timedelta64[s]").astype(float) / DAY, 2)


def _add_losses(batch: Batch, deals: Any, track: Track, pk: Ints, entered: Days, end: Days) -> None:
    keys = [stage.key for stage in track.stages]
    since = entered[np.arange(len(pk)), deals.place]
    reason, other = why_lost(deals)
    put(
        batch.sheets,
        StageEvent,
        len(pk),
        {
            "customer_id": deals.customer,
            "opportunity_id": pk,
            "from_stage": chosen(keys, deals.place),
            "to_stage": LOST,
            "at": end,
            "by_id": deals.manager,
            "scope_no": deals.scope_no,
            "days_in_stage": _days(end - since),
            "amount": deals.amount,
            "evidence": pa.compute.binary_join_element_wise(
                '{"reason": "', reason, '", "lost_to": "', other, '", "note": ""}', ""
            ),
        },
    )


def why_lost(deals: Any) -> tuple[pa.Array, pa.Array]:
    """The reason of each loss, and to whom where it was a competitor."""
    from marketing.demo.deals import REASONS

    reason = deals.reason if deals.reason is not None else np.zeros(len(deals), dtype=int)
    to_other = reason == REASONS.index("competitor")
    other = chosen(words.COMPETITORS, deals.customer % len(words.COMPETITORS))
    return chosen(REASONS, reason), pa.compute.if_else(pa.array(to_other), other, "")
