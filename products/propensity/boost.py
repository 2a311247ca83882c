"""Boosting by single cuts: Newton steps of the log loss, each on the one cut that gains most.

Every step cuts one feature in two (the unknown go to the side that gains more), so the steps of a
feature add up to one table by bin and the model is a sum of tables (Friedman 2001; the gain and
the leaf are those of XGBoost, Chen and Guestrin 2016, with ``DAMPING`` as lambda). One process,
sums in one order: the same rows give the same tables.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

DAMPING = 5.0


@dataclass(frozen=True)
class Bins:
    """Rows as bins: ``codes`` is features x rows; feature f has ``sizes[f]`` bins and then one
    for the unknown.
    """

    codes: np.ndarray
    sizes: np.ndarray

    @property
    def offsets(self) -> np.ndarray:
        """Where each feature's bins begin when all bins stand in one line."""
        return np.concatenate([[0], np.cumsum(self.sizes + 1)])

    def take(self, rows: np.ndarray) -> Bins:
        """Only these rows."""
        return Bins(np.ascontiguousarray(self.codes[:, rows]), self.sizes)


@dataclass
class Sum:
    """The model so far: a start, one number a bin of the line, and the rows' log odds."""

    start: float
    adds: np.ndarray
    odds: np.ndarray


class Booster:
    """Learns one yes-or-no question from rows in bins."""

    def __init__(self, bins: Bins, answers: np.ndarray, *, rate: float, fewest: int) -> None:
        from scipy.sparse import csr_array  # type: ignore[import-untyped]

        self.bins, self.answers, self.rate = bins, answers, rate
        offsets = bins.offsets
        self._feature = np.repeat(np.arange(len(bins.sizes)), bins.sizes + 1)
        self._first = offsets[self._feature]
        self._is_unknown = np.zeros(offsets[-1], dtype=bool)
        self._is_unknown[offsets[1:] - 1] = True
        # The lowest bin is what is left of the total: most features are mostly zero.
        features, rows = np.nonzero(bins.codes)
        places = offsets[features] + bins.codes[features, rows]
        shape = (int(offsets[-1]), bins.codes.shape[1])
        self._rows_of = csr_array((np.ones(len(rows)), (places, rows)), shape=shape)
        counts = self._sums(np.ones(len(answers)))
        low = self._below(counts)
        missing = counts[offsets[1:] - 1][self._feature]
        total = float(len(answers))
        self._may = np.stack(  # unknown to the right, unknown to the left
            [
                (low >= fewest) & (total - low >= fewest),
                (low + missing >= fewest) & (total - low - missing >= fewest),
            ]
        )
        self._may[:, self._is_unknown] = False
        # The highest known bin cuts nothing but the unknown, and only when they stay right.
        self._may[1, np.maximum(offsets[1:] - 2, 0)] = False

    def _sums(self, weights: np.ndarray) -> np.ndarray:
        """The sum of the rows' weights in every bin."""
        sums = self._rows_of @ weights
        offsets = self.bins.offsets
        sums[offsets[:-1]] = weights.sum() - np.add.reduceat(sums, offsets[:-1])
        return np.asarray(sums)

    def _below(self, sums: np.ndarray) -> np.ndarray:
        """For every bin the sum up to it within its feature."""
        line = np.cumsum(sums)
        before = np.concatenate([[0.0], line])[self._first]
        return np.asarray(line - before)

    def steps(self, most: int) -> Iterator[Sum]:
        """The model after each round; stops early where no cut gains."""
        share = float(self.answers.mean())
        start = float(np.log(share / (1 - share)))
        found = Sum(start, np.zeros(len(self._feature)), np.full(len(self.answers), start))
        for _round in range(most):
            if not self._step(found):
                return
            yield found

    def after(self, rounds: int) -> Sum | None:
        """The model after so many rounds; None where not one cut gains."""
        return next(iter(deque(self.steps(rounds), maxlen=1)), None)

    def _step(self, found: Sum) -> bool:
        chance = 1.0 / (1.0 + np.exp(-found.odds))
        slope, bend = chance - self.answers, chance * (1.0 - chance)
        slopes, bends = self._sums(slope), self._sums(bend)
        unknown = self.bins.offsets[1:] - 1
        all_slope, all_bend = slope.sum(), bend.sum()
        lower = np.stack([self._below(slopes)] * 2)
        lower_bend = np.stack([self._below(bends)] * 2)
        lower[1] += slopes[unknown][self._feature]
        lower_bend[1] += bends[unknown][self._feature]
        gain = _worth(lower, lower_bend) + _worth(all_slope - lower, all_bend - lower_bend)
        gain = np.where(self._may, gain - _worth(all_slope, all_bend), 0.0)
        side, place = divmod(int(np.argmax(gain)), gain.shape[1])
        if gain[side, place] <= 0:
            return False
        below = -self.rate * lower[side, place] / (lower_bend[side, place] + DAMPING)
        above = (
            -self.rate
            * (all_slope - lower[side, place])
            / (all_bend - lower_bend[side, place] + DAMPING)
        )
        self._add(found, place, below, above, is_unknown_below=bool(side))
        return True

    def _add(
        self, found: Sum, place: int, below: float, above: float, *, is_unknown_below: bool
    ) -> None:
        feature = int(self._feature[place])
        offsets = self.bins.offsets
        first, last = int(offsets[feature]), int(offsets[feature + 1])
        table = np.full(last - first, above)
        table[: place - first + 1] = below
        if is_unknown_below:
            table[-1] = below
        found.adds[first:last] += table
        found.odds += table[self.bins.codes[feature]]


def _worth(slope: np.ndarray | float, bend: np.ndarray | float) -> np.ndarray:
    return np.asarray(slope * slope / (bend + DAMPING))


def odds(found: Sum, bins: Bins) -> np.ndarray:
    """The log odds that the model gives to other rows."""
    total = np.full(bins.codes.shape[1], found.start)
    for feature, first in enumerate(bins.offsets[:-1]):
        table = found.adds[first : first + bins.sizes[feature] + 1]
        if table.any():
            total += table[bins.codes[feature]]
    return total
