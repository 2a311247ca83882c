"""What a customer's holdings say on a day: held, held before, how many, how recently."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

HELD, PAST = "held:", "past:"
OPENED_90, OPENED_365, SINCE, COUNT = "opened:90d", "opened:365d", "opened:days", "held:count"
HOLDING_NUMBERS = (OPENED_90, OPENED_365, SINCE, COUNT)


def with_holdings(frame: pd.DataFrame, holdings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The frame with what the holdings (opened by the day) say, one row a customer.

    ``held:<family>`` open on the day, ``past:<family>`` closed by then and not open again: floats
    0 or 1. ``opened:90d``, ``opened:365d``, ``held:count`` count; ``opened:days`` is NaN for who
    never opened anything.
    """
    rows = frame.index.get_indexer(holdings["customer_id"])
    known = rows >= 0
    rows, holdings = rows[known], holdings[known]
    codes, families = pd.factorize(holdings["family"], sort=True)
    is_open = holdings["closed_on"].isna().to_numpy()
    shape = (len(frame), len(families))
    held, past = np.zeros(shape), np.zeros(shape)
    held[rows[is_open], codes[is_open]] = 1.0
    past[rows[~is_open], codes[~is_open]] = 1.0
    past[held > 0] = 0.0
    age = (pd.Timestamp(as_of) - holdings["opened_on"]).dt.days.to_numpy(dtype=float)
    newest = np.full(len(frame), np.inf)
    np.minimum.at(newest, rows, age)
    found = {
        **{f"{HELD}{family}": held[:, place] for place, family in enumerate(families)},
        **{f"{PAST}{family}": past[:, place] for place, family in enumerate(families)},
        OPENED_90: np.bincount(rows[age < 90], minlength=len(frame)).astype(float),
        OPENED_365: np.bincount(rows[age < 365], minlength=len(frame)).astype(float),
        SINCE: np.where(np.isinf(newest), np.nan, newest),
        COUNT: held.sum(axis=1),
    }
    return pd.concat([frame, pd.DataFrame(found, index=frame.index)], axis=1)


def flags(frame: pd.DataFrame, kind: str, families: tuple[str, ...]) -> np.ndarray:
    """Customers x families: the ``held:`` or ``past:`` flags, 0 if nobody has it."""
    names = [f"{kind}{family}" for family in families]
    found: np.ndarray = frame.reindex(columns=names, fill_value=0.0).to_numpy(dtype=float)
    return found
