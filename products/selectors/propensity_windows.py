"""Past windows to learn from and to judge by: what was known on a day, and what came after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Min

from crm.core.models import RuleParameter
from crm.core.parameters import Parameters
from customers.models import ProductFamily
from customers.services.portrait_parameters import run_parameters
from products.propensity.fit import Settings, Window, stacked
from products.propensity.held import HELD, flags
from products.propensity.lifts import Lifts, counted
from products.selectors import propensity_inputs as inputs

FAMILIES = tuple(sorted(ProductFamily.values))
CHUNK = 10_000
SPREAD = 2_654_435_761  # spreads neighbouring numbers evenly over 32 bits


def settings_of(parameters: Parameters) -> Settings:
    """How to learn, by the rule parameters in force."""
    return Settings(
        horizon_days=parameters.number("propensity.horizon_days"),
        fewest_openings=parameters.number("propensity.fewest_openings"),
        fewest_customers=parameters.number("propensity.fewest_customers"),
        rounds=tuple(sorted(int(number) for number in parameters.numbers("propensity.rounds"))),
        rate=float(parameters.decimal("propensity.rate")),
    )


def window(*, as_of: date, until: date, most: int = 0) -> Window | None:
    """Customers with us on the day, and what they opened by ``until``; None where nobody was.

    ``most`` customers at most, always the same ones.
    """
    ids = sampled(inputs.customers_with_us(as_of=as_of), most)
    if not ids:
        return None
    frame, lifts = known_on(as_of=as_of, ids=ids)
    opened = inputs.openings(after=as_of, until=until)
    return Window(as_of, frame, taken_in(frame, opened), lifts)


def known_on(*, as_of: date, ids: Sequence[int]) -> tuple[pd.DataFrame, Lifts]:
    """The inputs of the customers on the day, and the lifts counted from them."""
    named = _engine_parameters(as_of)
    parts = [
        inputs.inputs_of_day(as_of=as_of, named=named, ids=ids[at : at + CHUNK])
        for at in range(0, len(ids), CHUNK)
    ]
    frame = stacked(parts, keep_index=True)
    holdings = inputs.holdings_of(as_of=as_of, ids=ids)
    return frame, counted(frame, holdings, FAMILIES, as_of)


def _engine_parameters(as_of: date) -> dict[str, Any]:
    """The engine's parameters of the day; before the rules began, the rules of their first day."""
    needed = inputs.past_parameters()
    rules = RuleParameter.objects.filter(key__in=needed, state=RuleParameter.State.ACTIVE)
    began = dict(rules.values_list("key").annotate(Min("effective_from")))
    told, _version = run_parameters(as_of, needed - began.keys())
    ruled, _version = run_parameters(max([as_of, *began.values()]), began.keys())
    return told | ruled


def taken_in(frame: pd.DataFrame, opened: pd.DataFrame) -> np.ndarray:
    """Customers x families: 1 where a family that was not held is among the openings."""
    rows = frame.index.get_indexer(opened["customer_id"])
    columns = pd.Index(FAMILIES).get_indexer(opened["family"])
    there = (rows >= 0) & (columns >= 0)
    taken = np.zeros((len(frame), len(FAMILIES)))
    taken[rows[there], columns[there]] = 1.0
    taken[flags(frame, HELD, FAMILIES) > 0] = 0.0
    return taken


def past_windows(*, until: date, parameters: Parameters) -> list[Window]:
    """Windows that follow each other and end by ``until``, oldest first, with openings in each."""
    horizon = timedelta(days=parameters.number("propensity.horizon_days"))
    wanted = parameters.number("propensity.windows")
    first, _last = inputs.first_and_last_opening(until=until)
    most = parameters.number("propensity.most_rows") // wanted
    found: list[Window] = []
    day = until - horizon
    while first and day >= first and len(found) < wanted:
        one = window(as_of=day, until=day + horizon, most=most)
        if one is not None and one.taken.any():
            found.append(one)
        day -= horizon
    return found[::-1]


def sampled(ids: list[int], most: int) -> list[int]:
    """At most about ``most`` customers, chosen by their numbers alone."""
    if not most or len(ids) <= most:
        return ids
    bound = (most << 32) // len(ids)
    return [pk for pk in ids if (pk * SPREAD) % (1 << 32) < bound]
