"""Chances by a fitted model that is plain data: sums of steps, no solver and no library of models.

A model holds for each family a start (log odds) and for some features one number a bin; the chance
is the logistic of their sum. So every chance is told exactly by its features: ``why``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from products.propensity.features import Feature, bins, values
from products.propensity.held import HELD, PAST, flags
from products.propensity.lifts import following_shares, segment_shares

SEGMENT, FOLLOWING = "segment", "following"
DAYS_A_YEAR = 365


@dataclass(frozen=True)
class Contribution:
    """What one column of a customer adds to the log odds of a family, against the average.

    ``column`` is a portrait column, ``held:<family>``, ``past:<family>``, ``opened:...``,
    ``held:count``, ``segment`` (its industry and size) or ``following`` (after what it holds).
    ``value``: the customer's own, None where it is not known, which may also count.
    """

    column: str
    value: float | str | None
    weight: float


def chances(frame: pd.DataFrame, model: dict[str, Any]) -> pd.DataFrame:
    """Customers x families: the chance to open the family within the model's horizon.

    NaN where the family is held. ``frame`` comes from ``services.propensity.inputs_now``, ``model``
    is the content of a ``PropensityModel``.
    """
    families = tuple(model["families"])
    binned = _Bins(frame, model)
    found = np.empty((len(frame), len(families)))
    for place, family in enumerate(families):
        found[:, place] = _chance(binned, model["terms"][family], place)
    found[flags(frame, HELD, families) > 0] = np.nan
    return pd.DataFrame(found, index=frame.index, columns=list(families))


class _Bins:
    """The bins of the features of a frame, each made when it is first asked for."""

    def __init__(self, frame: pd.DataFrame, model: dict[str, Any]) -> None:
        self.frame = frame
        self.features: dict[str, Feature] = {f["name"]: f for f in model["features"]}
        families = tuple(model["families"])
        self.similar = {
            SEGMENT: segment_shares(frame, model["lifts"]),
            FOLLOWING: following_shares(frame, model["lifts"], families),
        }
        self._made: dict[str, np.ndarray] = {}

    def of(self, name: str, place: int, cuts: list[float] | None) -> np.ndarray:
        """The bin of each customer; similar customers are cut for each family by itself."""
        if name in self.similar:
            return bins(self.similar[name][:, place], cuts or [])
        if name not in self._made:
            feature = self.features[name]
            self._made[name] = bins(values(self.frame, feature), feature["cuts"])
        return self._made[name]

    def told(self, name: str, place: int) -> tuple[str, list[Any]]:
        """The column behind a feature and every customer's own value of it, None if unknown."""
        if name in self.similar:
            return name, self.similar[name][:, place].tolist()
        column = self.features[name]["column"]
        if column not in self.frame:
            return column, [0.0 if column.startswith((HELD, PAST)) else None] * len(self.frame)
        found = self.frame[column]
        return column, found.astype(object).where(found.notna(), None).tolist()


def _chance(binned: _Bins, term: dict[str, Any], place: int) -> np.ndarray:
    if "rate" in term:  # too few openings to learn from: the share of its segment
        shares = binned.similar[SEGMENT][:, place]
        return np.clip(shares * term["rate"], 0.0, 1.0)
    total = np.full(len(binned.frame), float(term["start"]))
    for name, step in term["steps"].items():
        total += np.asarray(step["adds"])[binned.of(name, place, step.get("cuts"))]
    return 1.0 / (1.0 + np.exp(-total))


def why(
    frame: pd.DataFrame, model: dict[str, Any], family: str, *, most: int = 3
) -> list[list[Contribution]]:
    """For each customer of the frame the columns that speak most for the family, strongest first.

    Features of one column (its codes, its being unknown) are added together. A frame of one row
    gives a list of one; hand over only the customers for whom the family is wanted.
    """
    place = model["families"].index(family)
    binned, term = _Bins(frame, model), model["terms"][family]
    names, adds = _by_column(binned, term, place)
    chosen = np.argsort(-adds, axis=0, kind="stable")[:most]
    weights = np.take_along_axis(adds, chosen, axis=0)
    told = {number: binned.told(names[number], place) for number in np.unique(chosen)}
    return [
        [
            Contribution(told[number][0], told[number][1][row], float(weight))
            for number, weight in zip(chosen[:, row], weights[:, row], strict=True)
            if weight > 0
        ]
        for row in range(len(frame))
    ]


def _by_column(binned: _Bins, term: dict[str, Any], place: int) -> tuple[list[str], np.ndarray]:
    """One feature name a column, and columns x customers: what it adds against the average."""
    if "rate" in term:
        shares = binned.similar[SEGMENT][:, place]
        return [SEGMENT], np.log(np.maximum(shares, 1e-9) / max(term["average"], 1e-9))[None, :]
    names: dict[str, str] = {}
    sums: dict[str, np.ndarray] = {}
    for name, step in term["steps"].items():
        column = binned.features[name]["column"] if name in binned.features else name
        added = np.asarray(step["adds"])[binned.of(name, place, step.get("cuts"))] - step["average"]
        names.setdefault(column, name)
        sums[column] = sums[column] + added if column in sums else added
    stacked = np.stack(list(sums.values())) if sums else np.zeros((0, len(binned.frame)))
    return list(names.values()), stacked
