"""What similar customers took: by industry and size, and next after what they held.

Counted from the openings of one day back only. ``popular`` counts openings of the last 12 months;
``segments`` are shares of those without the family who took it in these months, each cell drawn
towards its industry and that towards the bank by ``SHRINK`` customers; ``following`` is the share
of the holders of one family who later opened another.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from products.propensity.features import INDUSTRY
from products.propensity.held import HELD, flags

Lifts = dict[str, Any]
SHRINK = 20
YEAR = 365
NONE = "-"


def cells(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The industry (division) of each customer, and its industry and size."""
    industry = frame[INDUSTRY].str[:2].fillna(NONE)
    return industry, industry + "|" + frame["size_class"].fillna(NONE)


def counted(
    frame: pd.DataFrame, holdings: pd.DataFrame, families: tuple[str, ...], as_of: date
) -> Lifts:
    """The lifts of one day; ``holdings`` are those opened by the day."""
    first = holdings.groupby(["customer_id", "family"], sort=True)["opened_on"].min().reset_index()
    age = (pd.Timestamp(as_of) - first["opened_on"]).dt.days
    taken = _matrix(frame, first[age < YEAR], families)
    without = np.maximum(1.0 - flags(frame, HELD, families), taken)
    overall = taken.sum(axis=0) / np.maximum(without.sum(axis=0), 1.0)
    industry, cell = cells(frame)
    by_industry = _shares(industry, taken, without, lambda _name: overall)
    by_cell = _shares(cell, taken, without, lambda name: by_industry[name.split("|")[0]])
    return {
        "popular": taken.sum(axis=0).tolist(),
        "overall": overall.tolist(),
        "segments": {key: row.tolist() for key, row in (by_industry | by_cell).items()},
        "following": _following(frame, first, families).tolist(),
    }


def _matrix(frame: pd.DataFrame, opened: pd.DataFrame, families: tuple[str, ...]) -> np.ndarray:
    """Customers x families: 1 where opened."""
    rows = frame.index.get_indexer(opened["customer_id"])
    columns = pd.Index(families).get_indexer(opened["family"])
    there = (rows >= 0) & (columns >= 0)
    found = np.zeros((len(frame), len(families)))
    found[rows[there], columns[there]] = 1.0
    return found


def _shares(keys: pd.Series, taken: np.ndarray, without: np.ndarray, parent: Any) -> dict[str, Any]:
    """For each key the share who took each family, drawn towards the parent's."""
    places, names = pd.factorize(keys, sort=True)
    sums = np.zeros((2, len(names), taken.shape[1]))
    np.add.at(sums[0], places, taken)
    np.add.at(sums[1], places, without)
    return {
        str(name): (sums[0, place] + SHRINK * parent(str(name))) / (sums[1, place] + SHRINK)
        for place, name in enumerate(names)
    }


def _following(frame: pd.DataFrame, first: pd.DataFrame, families: tuple[str, ...]) -> np.ndarray:
    """Held x next: of those who ever held the one, the share who opened the other after it."""
    day = np.full((len(frame), len(families)), np.inf)
    rows = frame.index.get_indexer(first["customer_id"])
    columns = pd.Index(families).get_indexer(first["family"])
    there = (rows >= 0) & (columns >= 0)
    day[rows[there], columns[there]] = (
        first["opened_on"].to_numpy().astype("datetime64[D]").astype(float)[there]
    )
    ever = np.isfinite(day)
    found = np.zeros((len(families), len(families)))
    for place in range(len(families)):
        later = ever & (day > day[:, [place]]) & ever[:, [place]]
        found[place] = later.sum(axis=0) / max(float(ever[:, place].sum()), 1.0)
    return found


def segment_shares(frame: pd.DataFrame, lifts: Lifts) -> np.ndarray:
    """Customers x families: the share of the cell, else of the industry, else of the bank."""
    _industry, cell = cells(frame)
    known, overall = lifts["segments"], lifts["overall"]
    places, names = pd.factorize(cell)
    heads = [str(name).split("|")[0] for name in names]
    table = [
        known.get(name, known.get(head, overall)) for name, head in zip(names, heads, strict=True)
    ]
    shares: np.ndarray = np.asarray(table, dtype=float).reshape(len(names), len(overall))[places]
    return shares


def following_shares(frame: pd.DataFrame, lifts: Lifts, families: tuple[str, ...]) -> np.ndarray:
    """Customers x families: how often holders of what is held took the family next, on average."""
    held = flags(frame, HELD, families)
    count = np.maximum(held.sum(axis=1, keepdims=True), 1.0)
    shares: np.ndarray = held @ np.asarray(lifts["following"]) / count
    return shares
