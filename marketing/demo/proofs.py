"""What was shown when a made-up opportunity left a stage, as a move by hand keeps it (OPP-2).

Evidence is the JSON of ``GateLine.told``, put together in columns: a row a deal, null where the
stage was never left. Facts that people must vouch for are ticks, kept by the opportunity as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.core.parameters import Parameters
from customers.demo.draw import words as chosen
from customers.demo.plan import Days, Dice, Flags, Floats, Ints
from marketing.demo import words
from marketing.demo.frame import CHINA_HOURS, Batch, read
from marketing.demo.people import Patch
from marketing.demo.visits import Visits
from marketing.pipeline import Check, Stage, Track

A_DAY = 1 << 16  # a day and its customer in one sortable number
_COMPLETE = """
    SELECT p.customer_id AS customer, coalesce(p.completeness, 0) AS completeness
    FROM customers_portrait p WHERE p.customer_id IN (
        SELECT customer_id FROM customers_customerassignment WHERE manager_id = ANY(%(managers)s)
    ) ORDER BY 1
"""


@dataclass
class Known:
    """What the facts of a batch say: the visits by customer and day, how full each portrait is."""

    visits: Ints
    customer: Ints
    completeness: Floats


@dataclass
class Shown:
    """By stage that was left: all it had to show, and the ticks among it."""

    lines: list[pa.Array] = field(default_factory=list)
    ticks: list[pa.Array] = field(default_factory=list)
    unticked: list[pa.Array] = field(default_factory=list)  # the lines of a stage passed over


def known_of(batch: Batch, patch: Patch, visits: Visits) -> Known:
    """The facts that the gates of this batch ask for."""
    rows = read(_COMPLETE, {"managers": batch.managers})
    return Known(
        visits=np.sort(_visit_key(patch.customer[visits.row], visits.on)),
        customer=rows["customer"].astype(np.int64),
        completeness=rows["completeness"].astype(float),
    )


def shown(
    batch: Batch, deals: Any, track: Track, limits: Parameters, facts: Known, entered: Days
) -> Shown:
    """The evidence of every stage that these deals left on their way."""
    dice = batch.work.rng(batch.no, f"proofs {track.key} {deals.state} {len(deals)}")
    found = Shown()
    for step, stage in enumerate(track.stages[:-1]):
        left = deals.place > step
        told = Told(deals, facts, limits, dice, opened=entered[:, 0], at=entered[:, step + 1])
        facts_said, ticks, unticked = told.gate(stage)
        nothing = pa.nulls(len(deals), pa.string())
        found.lines.append(_where(left, _joined([nothing, *facts_said, *ticks])))
        found.unticked.append(_where(left, _joined([nothing, *facts_said, *unticked])))
        found.ticks.append(_where(left, _joined([nothing, *(_naked(one) for one in ticks)])))
    return found


@dataclass
class Told:
    """The lines of one gate, a row a deal; null where the family is not asked."""

    deals: Any
    facts: Known
    limits: Parameters
    dice: Dice
    opened: Days
    at: Days

    def gate(self, stage: Stage) -> tuple[list[pa.Array], list[pa.Array], list[pa.Array]]:
        """The facts, the ticks, and the ticks as they stand where nobody ticked."""
        facts, ticks, unticked = [], [], []
        for check in stage.gate:
            asked = self._asked(check)
            if check.key in words.PROOFS:
                ticks.append(_where(asked, self._tick(check)))
                unticked.append(_where(asked, _text(f'"{check.key}": {{"answer": "unknown"}}')))
            else:
                facts.append(_where(asked, self._fact(check)))
        return facts, ticks, unticked

    def _asked(self, check: Check) -> Flags:
        from marketing.demo.deals import FAMILIES

        table = np.array([check.is_asked_of(family) for family in FAMILIES])
        return np.asarray(table[self.deals.family])

    def _fact(self, check: Check) -> pa.Array:
        """The line of a check that the facts answered."""
        start = f'"{check.key}": {{"answer": "yes", "actual": '
        value: Any
        if check.feature == "completeness":
            value = self._completeness(float(self.limits.text(check.limit)))
        elif check.feature == "visits":
            value = self._visits().astype(str)
        elif check.feature == "list_hits":
            value = "0"
        else:
            return _text(f"{start}true}}")
        return _pieces(_text(f'{start}"'), _text(value), _text('"}'))

    def _tick(self, check: Check) -> pa.Array:
        """The line of a check that the manager ticked as it moved, and what proves it."""
        size = len(self.deals)
        proofs = words.PROOFS[check.key]
        index = (self.dice.random(size) * len(proofs)).astype(int)
        number = (100 + self.dice.random(size) * 900).astype(int)
        year = (self.at + np.timedelta64(CHINA_HOURS, "h")).astype("datetime64[Y]").astype(str)
        return _pieces(
            _text(f'"{check.key}": {{"answer": "yes", "note": "'),
            chosen(proofs, index), _text(year), _text("-"), _text(number.astype(str)),
            _text('", "by": '), _text(self.deals.manager.astype(str)),
            _text(', "at": "'), _text(np.datetime_as_string(self.at, unit="s")),
            _text('+00:00"}'),
        )  # fmt: skip

    def _completeness(self, limit: float) -> np.ndarray:
        """How full the portrait was: as today, or a little above the limit it had to pass."""
        place = np.searchsorted(self.facts.customer, self.deals.customer)
        place = np.minimum(place, max(len(self.facts.customer) - 1, 0))
        today = np.zeros(len(self.deals))
        if len(self.facts.customer):
            is_there = self.facts.customer[place] == self.deals.customer
            today = np.where(is_there, self.facts.completeness[place], 0.0)
        above = limit + self.dice.random(len(self.deals)) * (100 - limit) * 0.4
        return np.asarray(np.round(np.where(today >= limit, today, above), 1).astype(str))

    def _visits(self) -> Ints:
        """The visits since the opening; whoever got past was visited at least once."""
        first = np.searchsorted(self.facts.visits, _visit_key(self.deals.customer, self.opened))
        last = np.searchsorted(
            self.facts.visits, _visit_key(self.deals.customer, self.at), side="right"
        )
        return np.asarray(np.maximum(last - first, 1))


def _visit_key(customer: Ints, when: Days) -> Ints:
    if when.dtype == "datetime64[s]":
        when = when + np.timedelta64(CHINA_HOURS, "h")
    return customer * A_DAY + when.astype("datetime64[D]").astype(np.int64)


def evidence(found: Shown, row: Ints, step: Ints, passed_over: Flags) -> pa.Array:
    """The evidence of each move; of both gates where a stage was passed over."""
    size = len(found.lines[0])
    lines = pa.concat_arrays(found.lines)
    place = pa.array((np.maximum(step, 1) - 1) * size + row)
    here = _where(step > 0, lines.take(place))
    before = pa.array((np.maximum(step, 2) - 2) * size + row)
    over = _where(passed_over, pa.concat_arrays(found.unticked).take(before))
    return _object([over, here])


def ticks_of(found: Shown, passed_over: Flags) -> pa.Array:
    """What the opportunity keeps: the ticks of all stages that it left by their gate."""
    kept = [
        _where(~passed_over[:, step + 1], ticks) if step + 1 < passed_over.shape[1] else ticks
        for step, ticks in enumerate(found.ticks)
    ]
    return _object(kept)


def _object(parts: list[pa.Array]) -> pa.Array:
    return _pieces(_text("{"), _joined(parts), _text("}"))


def _text(value: Any) -> Any:
    return pa.scalar(value) if isinstance(value, str) else pa.array(value, type=pa.string())


def _pieces(*parts: Any) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _joined(parts: list[pa.Array]) -> pa.Array:
    """The parts that are there, with a comma between them; "" where there is none."""
    led = [pc.coalesce(pc.binary_join_element_wise(", ", part, ""), "") for part in parts]
    return pc.utf8_slice_codeunits(_pieces(*led), start=2)


def _naked(tick: pa.Array) -> pa.Array:
    """A tick without its answer, as the opportunity keeps it."""
    return pc.replace_substring(tick, '"answer": "yes", ', "")


def _where(which: Flags, parts: Any) -> pa.Array:
    """The parts where ``which``, null elsewhere and where a part is empty."""
    kept = pc.if_else(pa.array(which), parts, pa.scalar(None, pa.string()))
    return pc.if_else(pc.equal(kept, ""), pa.scalar(None, pa.string()), kept)
