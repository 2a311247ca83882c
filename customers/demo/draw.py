"""Ways of drawing that the whole demo bank shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.demo.plan import Dice, Floats, Ints

Column = Any  # a numpy array, an Arrow array, a list, or one value for all rows


def sigmoid(x: Floats) -> Floats:
    """Logistic function."""
    return 1 / (1 + np.exp(-x))


def pick(rng: Dice, weights: Floats) -> Ints:
    """One column index a row of ``weights`` (rows need not sum to one)."""
    ladder = np.cumsum(weights, axis=1)
    return (rng.random(len(weights))[:, None] * ladder[:, -1:] > ladder).sum(axis=1)


def between(rng: Dice, low: Floats, high: Floats) -> Floats:
    """Uniform between two columns."""
    return low + (high - low) * rng.random(len(low))


def round_to(amount: Floats, step: float) -> Floats:
    """The amount in whole steps, at least one."""
    return np.maximum(np.round(amount / step), 1) * step


def nice(yuan: Floats) -> Floats:
    """An amount as a contract states it: in steps of about a twentieth of its size."""
    step = 10.0 ** np.floor(np.log10(np.maximum(yuan, 1_000)) - 0.3)
    return np.maximum(np.round(yuan / step), 1) * step


def fen(yuan: Floats) -> Ints:
    """Yuan as whole fen."""
    return np.rint(yuan * 100).astype(np.int64)


def ragged(counts: Ints) -> tuple[Ints, Ints]:
    """For rows of unequal length: whose row, and its place among them."""
    owner = np.repeat(np.arange(len(counts)), counts)
    start = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - start[owner]


def words(choices: Sequence[str], index: Ints) -> pa.Array:
    """Text by index, as Arrow holds it."""
    return pa.array(list(choices), type=pa.string()).take(pa.array(index, type=pa.int64()))


def text_numbers(prefix: str, *parts: tuple[Ints, int]) -> pa.Array:
    """A prefix and numbers of a fixed width each: ``L`` and 000000012, 003."""
    columns = [
        pc.utf8_lpad(pc.cast(pa.array(np.asarray(number)), pa.string()), width, "0")
        for number, width in parts
    ]
    return pc.binary_join_element_wise(pa.scalar(prefix), *columns, "")
