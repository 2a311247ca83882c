"""Chances by a fitted model that is plain data: sums of steps, no solver and no library of models.

A model holds for each family a start (log odds) and for some features one number a bin; the chance
is the logistic of their sum. So every chance is told exactly by its features: ``why``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from products.propensity.features import Feature, bins, values
from products.propensity.held import HELD, PAST, flags
from products.propensity.lifts import following_shares, segment_shares

SEGMENT, FOLLOWING = "segment", "following"
DAYS_A_YEAR = 365


class Contribution(NamedTuple):
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
    return Scorer(frame, model).chances()


def why(
    frame: pd.DataFrame, model: dict[str, Any], family: str, *, most: int = 3
) -> list[list[Contribution]]:
    """For each customer of the frame the columns that speak most for the family, strongest first.

    Features of one column (its codes, its being unknown) are added together. For several families
    of the same customers make one ``Scorer``.
    """
    return Scorer(frame, model).why(family, most=most)


class Scorer:
    """A frame and a model; the bins of each feature are made once, when first asked for."""

    def __init__(self, frame: pd.DataFrame, model: dict[str, Any]) -> None:
        self.frame, self.model = frame, model
        self.families = tuple(model["families"])
        self.features: dict[str, Feature] = {f["name"]: f for f in model["features"]}
        self.similar = {
            SEGMENT: segment_shares(frame, model["lifts"]),
            FOLLOWING: following_shares(frame, model["lifts"], self.families),
        }
        self._made: dict[str, np.ndarray] = {}
        self._told: dict[str, np.ndarray] = {}

    def chances(self) -> pd.DataFrame:
        """Customers x families, NaN where held."""
        found = np.empty((len(self.frame), len(self.families)))
        for place, family in enumerate(self.families):
            found[:, place] = self._chance(self.model["terms"][family], place)
        found[flags(self.frame, HELD, self.families) > 0] = np.nan
        return pd.DataFrame(found, index=self.frame.index, columns=list(self.families))

    def why(
        self, family: str, ids: Sequence[int] | None = None, *, most: int = 3
    ) -> list[list[Contribution]]:
        """The reasons of these customers of the frame (default: all), strongest first."""
        index = self.frame.index
        rows = np.arange(len(index)) if ids is None else index.get_indexer(pd.Index(ids))
        place = self.families.index(family)
        names, adds = self._by_column(self.model["terms"][family], place, rows)
        chosen = np.argsort(-adds, axis=0, kind="stable")[:most]
        weights = np.take_along_axis(adds, chosen, axis=0)
        told = {number: self._values(names[number], place, rows) for number in np.unique(chosen)}
        return [
            [
                Contribution(told[number][0], told[number][1][row], weight)
                for number, weight in zip(numbers, strengths, strict=True)
                if weight > 0
            ]
            for row, (numbers, strengths) in enumerate(
                zip(chosen.T.tolist(), weights.T.tolist(), strict=True)
            )
        ]

    def _bins(self, name: str, place: int, cuts: list[float] | None) -> np.ndarray:
        """The bin of each customer; similar customers are cut for each family by itself."""
        if name in self.similar:
            return bins(self.similar[name][:, place], cuts or [])
        if name not in self._made:
            feature = self.features[name]
            self._made[name] = bins(values(self.frame, feature), feature["cuts"])
        return self._made[name]

    def _chance(self, term: dict[str, Any], place: int) -> np.ndarray:
        if "rate" in term:  # nothing to learn from: the share of its segment
            share: np.ndarray = np.clip(self.similar[SEGMENT][:, place] * term["rate"], 0.0, 1.0)
            return share
        total = np.full(len(self.frame), float(term["start"]))
        for name, step in term["steps"].items():
            total += np.asarray(step["adds"])[self._bins(name, place, step.get("cuts"))]
        chance: np.ndarray = 1.0 / (1.0 + np.exp(-total))
        return chance

    def _by_column(
        self, term: dict[str, Any], place: int, rows: np.ndarray
    ) -> tuple[list[str], np.ndarray]:
        """One feature name a column, and columns x customers: what it adds against the average."""
        if "rate" in term:
            shares = self.similar[SEGMENT][rows, place]
            against = np.log(np.maximum(shares, 1e-9) / max(term["average"], 1e-9))
            return [SEGMENT], against[None, :]
        names: dict[str, str] = {}
        sums: dict[str, np.ndarray] = {}
        for name, step in term["steps"].items():
            column = self.features[name]["column"] if name in self.features else name
            added = np.asarray(step["adds"]) - step["average"]
            mine = added[self._bins(name, place, step.get("cuts"))[rows]]
            names.setdefault(column, name)
            sums[column] = sums[column] + mine if column in sums else mine
        stacked = np.stack(list(sums.values())) if sums else np.zeros((0, len(rows)))
        return list(names.values()), stacked

    def _values(self, name: str, place: int, rows: np.ndarray) -> tuple[str, list[Any]]:
        """The column behind a feature and the customers' own values of it, None if unknown."""
        if name in self.similar:
            return name, self.similar[name][rows, place].tolist()
        column = self.features[name]["column"]
        if column not in self._told:
            blank = 0.0 if column.startswith((HELD, PAST)) else None
            found = self.frame.get(column, pd.Series(blank, index=self.frame.index, dtype=object))
            self._told[column] = found.astype(object).where(found.notna(), None).to_numpy()
        return column, self._told[column][rows].tolist()
