"""A frame of customers as small whole numbers: each feature cut into bins that the model keeps.

A feature is data: ``{"name", "kind", "column", "code", "cuts"}``. Its value falls into the bin
counted by the cuts below it; a missing value has the bin after the last. So a feature needs no
scaling, an outlier no clipping, and a missing fact is an answer of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from products.propensity.columns import code_columns, codes_columns, numeric_columns
from products.propensity.held import HELD, HOLDING_NUMBERS, PAST

Feature = dict[str, Any]
NUMBER, CODE, CODES, DIVISION, FLAG = "number", "code", "codes", "division", "flag"
INDUSTRY = "industry_code"
MOST_CUTS = 24


def values(frame: pd.DataFrame, feature: Feature) -> np.ndarray:
    """The feature as doubles, NaN where it is not known."""
    kind, column = feature["kind"], feature["column"]
    if column not in frame:
        blank = np.nan if kind == NUMBER else 0.0
        return np.full(len(frame), blank)
    found = frame[column]
    if kind in {NUMBER, FLAG}:
        return np.asarray(found.to_numpy(dtype=float))
    if kind == CODES:
        return _has_code(found, feature["code"])
    if kind == DIVISION:
        found = found.str[:2]
    return np.asarray((found == feature["code"]).fillna(False).to_numpy(dtype=float))


def _has_code(found: pd.Series, code: str) -> np.ndarray:
    """1 where the blank-separated text names the code; each distinct text is read once."""
    places, texts = pd.factorize(found)
    named = np.array([code in str(text).split(" ") for text in texts] + [False], dtype=float)
    return np.asarray(named[places])


def binned(frame: pd.DataFrame, features: Iterable[Feature]) -> list[np.ndarray]:
    """For each feature the bin of every customer."""
    return [bins(values(frame, feature), feature["cuts"]) for feature in features]


def bins(numbers: np.ndarray, cuts: list[float]) -> np.ndarray:
    """How many cuts lie below each number; ``len(cuts) + 1`` where there is no number."""
    found = np.searchsorted(np.asarray(cuts, dtype=float), numbers, side="left")
    found[np.isnan(numbers)] = len(cuts) + 1
    return found.astype(np.uint8)


def designed(frame: pd.DataFrame, families: tuple[str, ...], *, fewest: int) -> list[Feature]:
    """Every feature that tells at least ``fewest`` customers of the frame from the others."""
    wanted: list[Feature] = [
        _feature(NUMBER, column) for column in (*numeric_columns(), *HOLDING_NUMBERS)
    ]
    for column in code_columns():
        wanted += [_feature(CODE, column, code) for code in _codes(frame[column], fewest)]
    divisions = frame[INDUSTRY].str[:2]
    wanted += [_feature(DIVISION, INDUSTRY, code) for code in _codes(divisions, fewest)]
    for column in codes_columns():
        listed = frame[column].dropna().str.split(" ").explode()
        wanted += [_feature(CODES, column, code) for code in _codes(listed, fewest)]
    wanted += [_feature(FLAG, f"{kind}{family}") for kind in (HELD, PAST) for family in families]
    found = []
    for feature in wanted:
        numbers = values(frame, feature)
        cuts = cuts_of(numbers, fewest=fewest)
        missing = int(np.isnan(numbers).sum())
        if cuts or fewest <= missing <= len(frame) - fewest:
            found.append(feature | {"cuts": cuts})
    return found


def _feature(kind: str, column: str, code: str = "") -> Feature:
    name = f"{column}={code}" if code else column
    return {
        "name": f"{name}*" if kind == DIVISION else name,
        "kind": kind,
        "column": column,
        "code": code,
    }


def _codes(found: pd.Series, fewest: int) -> list[str]:
    counts = found.value_counts()
    return sorted(str(code) for code, count in counts.items() if count >= fewest and code != "")


def cuts_of(numbers: np.ndarray, *, fewest: int) -> list[float]:
    """At most ``MOST_CUTS`` cuts between values, with about equally many customers between them."""
    known = np.sort(numbers[~np.isnan(numbers)])
    if len(known) < 2 * fewest or known[0] == known[-1]:
        return []
    steps = min(MOST_CUTS + 1, len(known) // fewest)
    places = (np.arange(1, steps) * len(known)) // steps
    lower = np.unique(known[places])
    cuts = []
    for low in lower:
        above = np.searchsorted(known, low, side="right")
        if above < len(known) and above >= fewest and len(known) - above >= fewest:
            cuts.append(float((low + known[above]) / 2))
    first = np.searchsorted(known, known[0], side="right")  # a spike at the lowest value, often 0
    if fewest <= first <= len(known) - fewest:
        cuts.append(float((known[0] + known[first]) / 2))
    return sorted(set(cuts))
