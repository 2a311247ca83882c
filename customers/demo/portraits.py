"""Rollups and portraits of the demo bank, with an earlier version to compare with."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from customers.services import ledger_cover, portrait_run, rollups

EARLIER_DAYS = 92


def compute_portraits(as_of: date, say: Callable[[str], None], *, earlier: bool) -> None:
    """Every customer has a portrait as of the day, and where asked one of a quarter before."""
    began = time.monotonic()
    count = rollups.rebuild()
    say(f"rollups of {count:,} customers in {time.monotonic() - began:.0f} s")
    days = [as_of - timedelta(days=EARLIER_DAYS), as_of] if earlier else [as_of]
    for day in days:
        began = time.monotonic()
        outcome = portrait_run.run_twice_if_first(as_of=day)
        spent = time.monotonic() - began
        say(f"{outcome.computed:,} portraits as of {day.isoformat()} in {spent:.0f} s")
    for part in ledger_cover.cover_parts():
        ledger_cover.store_range(**part)
    ledger_cover.store_grade_returns(as_of=as_of)
