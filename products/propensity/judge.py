"""How good a ranking is against what was opened afterwards, and by how much it beats another.

Over customers with at least one opening of a family they did not hold:

* precision@3: of the first three families, the share that was opened;
* recall@5: of the families opened, the share among the first five;
* average precision@7: the mean of precision@k over the ranks k <= 7 of opened families, divided by
  the smaller of 7 and the number opened; MAP@7 is its mean over the customers.

Families held are never ranked; equal scores rank in the order of the families' keys.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FIRST, AMONG, DEPTH = 3, 5, 7
DRAWS = 1_000
SEED = 7


@dataclass(frozen=True)
class Marks:
    """The measures of one ranking, and the average precision of every judged customer."""

    map7: float
    precision3: float
    recall5: float
    precisions: np.ndarray


def ranked(scores: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Customers x ranks: the places of the families, best first, those held at the end."""
    shown = np.where(held | np.isnan(scores), -np.inf, scores)
    return np.argsort(-shown, axis=1, kind="stable")


def marks(scores: np.ndarray, held: np.ndarray, taken: np.ndarray) -> Marks:
    """The measures of the scores (customers x families); no customer judged gives zeros."""
    judged = taken.any(axis=1)
    order = ranked(scores[judged], held[judged])
    hits = np.take_along_axis(taken[judged], order, axis=1).astype(float)
    wanted = hits.sum(axis=1)
    precision = np.cumsum(hits, axis=1) / np.arange(1, hits.shape[1] + 1)
    found = (hits * precision)[:, :DEPTH].sum(axis=1) / np.minimum(wanted, DEPTH)
    return Marks(
        map7=_mean(found),
        precision3=_mean(hits[:, :FIRST].sum(axis=1) / FIRST),
        recall5=_mean(hits[:, :AMONG].sum(axis=1) / wanted),
        precisions=found,
    )


def _mean(numbers: np.ndarray) -> float:
    return float(numbers.mean()) if len(numbers) else 0.0


def coverage(scores: np.ndarray, held: np.ndarray) -> tuple[float, float]:
    """Of the families the share on somebody's first seven, of the customers the share with a list.

    A family whose score is zero for a customer is not on the customer's list.
    """
    if not scores.size:
        return 0.0, 0.0
    order = ranked(scores, held)[:, :DEPTH]
    listed = np.take_along_axis(~held & (np.nan_to_num(scores) > 0), order, axis=1)
    families = np.unique(order[listed])
    return len(families) / scores.shape[1], float(listed.any(axis=1).mean())


def lift_interval(ours: np.ndarray, theirs: np.ndarray) -> tuple[float, float]:
    """The middle 90 % of MAP@7 over MAP@7 when the customers are drawn again and again."""
    if not len(ours) or not theirs.any():
        return 0.0, 0.0
    drawn = np.random.default_rng(SEED).integers(0, len(ours), (DRAWS, len(ours)))
    ratios = ours[drawn].mean(axis=1) / np.maximum(theirs[drawn].mean(axis=1), 1e-12)
    low, high = np.percentile(ratios, [5, 95])
    return float(low), float(high)


def reliability(chances: np.ndarray, taken: np.ndarray, parts: int = 10) -> list[dict[str, float]]:
    """Tenths of the asked chances, low to high: the mean chance and the share that came true."""
    known = ~np.isnan(chances)
    said, came = chances[known], taken[known]
    order = np.argsort(said, kind="stable")
    return [
        {"said": float(said[part].mean()), "came": float(came[part].mean())}
        for part in np.array_split(order, parts)
        if len(part)
    ]
