"""Week plans: what was planned and done in the last weeks, and what stands in the one at hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from customers.demo.plan import Ints
from marketing.demo.frame import Batch, codes, put
from marketing.demo.people import Patch
from marketing.demo.visits import PURPOSES, Visits
from marketing.models import PlannedVisit, VisitPlan

WEEKS_BACK = 4
STOPS_A_DAY = 4
CAPACITY = 6


def add_rounds(batch: Batch, patch: Patch, visits: Visits) -> None:
    """Plans with their stops are in the sheets."""
    work = batch.work
    ahead = 1 if work.as_of.weekday() >= 5 else 0  # at the week-end the next week is planned
    mondays = [work.monday + timedelta(weeks=n) for n in range(-WEEKS_BACK, ahead + 1)]
    dice = work.rng(batch.no, "rounds")
    for monday in mondays:
        _add_week(batch, patch, visits, np.datetime64(monday, "D"), dice)


def _add_week(batch: Batch, patch: Patch, visits: Visits, monday: Any, dice: Any) -> None:
    work, managers = batch.work, np.array(batch.managers)
    plans = batch.keys.take(VisitPlan, len(managers))
    made = monday.astype("datetime64[s]") - np.timedelta64(14, "h")
    columns = {"id": plans, "manager_id": managers, "week_on": monday.item(), "capacity": CAPACITY}
    put(batch.sheets, VisitPlan, len(managers), columns | {"made_at": np.full(len(managers), made)})
    within = (visits.on >= monday) & (visits.on < monday + np.timedelta64(7, "D"))
    index = np.flatnonzero(within)
    rows = [
        (int(visits.row[n]), visits.on[n], 0, int(visits.pk[n]), int(visits.purpose[n]))
        for n in index
    ]
    seen = {row for row, *_rest in rows}
    days = work.workdays[
        (work.workdays >= monday) & (work.workdays < monday + np.timedelta64(7, "D"))
    ]
    for day in days:
        is_past = day < work.today
        each = 1 if is_past else STOPS_A_DAY
        for row in _due(patch, visits, day, seen, each, dice):
            state = 2 if is_past and dice.random() < 0.6 else 1
            if is_past and dice.random() < 0.4:
                continue
            seen.add(row)
            purpose = 0 if patch.state[row] == "prospect" else 1
            rows.append((row, day, state, 0, purpose))
    _write(batch, patch, dict(zip(managers.tolist(), plans.tolist(), strict=True)), rows)


def _due(patch: Patch, visits: Visits, day: Any, seen: set[int], each: int, dice: Any) -> list[int]:
    """So many customers of each manager, those not in the plan yet."""
    found: list[int] = []
    for manager in sorted(set(patch.manager.tolist())):
        own = np.flatnonzero((patch.manager == manager) & patch.is_now & (patch.state != "lost"))
        drawn = own[(dice.random(each * 2) * len(own)).astype(int)] if len(own) else own
        fresh = [int(row) for row in dict.fromkeys(drawn.tolist()) if row not in seen]
        found.extend(fresh[:each])
    return found


def _write(batch: Batch, patch: Patch, plan: dict[int, int], rows: list[Any]) -> None:
    keep: dict[int, Any] = {}
    for entry in rows:
        keep.setdefault(entry[0], entry)
    rows = sorted(keep.values(), key=lambda entry: (patch.manager[entry[0]], entry[1], entry[0]))
    row: Ints = np.array([entry[0] for entry in rows], dtype=np.int64)
    state = np.array([entry[2] for entry in rows], dtype=np.int64)
    on = np.array([entry[1] for entry in rows], dtype="datetime64[D]")
    visit = np.array([entry[3] for entry in rows], dtype=np.int64)
    purpose = np.array([entry[4] for entry in rows], dtype=np.int64)
    put(
        batch.sheets,
        PlannedVisit,
        len(rows),
        {
            "plan_id": np.array([plan[int(patch.manager[n])] for n in row], dtype=np.int64),
            "customer_id": patch.customer[row],
            "manager_id": patch.manager[row],
            "on": on,
            "place": _places(patch.manager[row], on),
            "purpose": codes(list(PURPOSES), purpose),
            "state": codes(["done", "planned", "dropped"], state),
            "visit_id": np.ma.masked_array(visit, visit == 0),
            "reasons": '[{"code": "added", "inputs": {}}]',
        },
    )


def _places(manager: Ints, on: Any) -> Ints:
    new = np.ones(len(on), dtype=bool)
    new[1:] = (manager[1:] != manager[:-1]) | (on[1:] != on[:-1])
    start = np.maximum.accumulate(np.where(new, np.arange(len(on)), 0))
    return np.arange(len(on)) - start
