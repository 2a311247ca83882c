"""What a ranking has to beat, from the same openings up to the same day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from products.propensity.held import HELD, flags
from products.propensity.lifts import Lifts, segment_shares


def baseline_scores(
    frame: pd.DataFrame, lifts: Lifts, families: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """Customers x families for each baseline.

    ``popular``: openings of the last 12 months. ``segment``: the share of those without it who
    took it in these months, by industry and size, a small cell drawn towards its industry and the
    bank. ``following``: how often holders of each family held opened it afterwards, summed.
    """
    popular = np.asarray(lifts["popular"], dtype=float)
    return {
        "popular": np.tile(popular, (len(frame), 1)),
        "segment": segment_shares(frame, lifts),
        "following": flags(frame, HELD, families) @ np.asarray(lifts["following"]),
    }
