"""Size classes of a whole block by the sizing rule (rules.md 1)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from customers.demo.draw import words
from customers.demo.latent import HOUSEHOLD, Latent
from customers.demo.plan import Floats
from customers.demo.reference import Reference

CLASSES = ("micro", "small", "medium", "large", "unknown")
WAN = 10_000


def assets_of(latent: Latent) -> Floats:
    """Total assets in yuan: stock, receivables, equipment and cash of a year's revenue."""
    asset_turn = 0.55 + 0.5 * (latent.serial % 17) / 17
    return latent.yearly * asset_turn


def size_classes(latent: Latent, ref: Reference) -> tuple[pa.Array, list[list[dict[str, object]]]]:
    """Size by group and indicators, all lower bounds needed; ``unknown`` for persons."""
    values = {
        "employees": latent.heads,
        "revenue": latent.yearly / WAN,
        "assets": assets_of(latent) / WAN,
    }
    found = np.full(latent.size, len(CLASSES) - 1)
    sized = ~latent.is_person & (latent.kind != HOUSEHOLD)
    groups = np.array(ref.trades.size_group)[latent.trade]
    for group, bounds in ref.bounds.items():
        rows = np.flatnonzero(sized & (groups == group))
        steps = [
            np.searchsorted(limits, np.asarray(values[indicator])[rows], side="right")
            for indicator, *limits in bounds
        ]
        found[rows] = np.min(steps, axis=0)
    return words(CLASSES, found), [[] for _ in range(latent.size)]
