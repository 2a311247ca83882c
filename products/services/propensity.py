"""The propensity model in use: the active one, and what it is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from products.models import PropensityModel
from products.selectors.propensity_inputs import inputs_of_now


def active_model() -> PropensityModel | None:
    """The model that scores now, or None before the first training."""
    return PropensityModel.objects.filter(state=PropensityModel.State.ACTIVE).first()


def inputs_now(
    low: int = 0, high: int = 0, *, ids: Sequence[int] | None = None, as_of: date
) -> pd.DataFrame:
    """The inputs of a range of customers (both ends included), or of a list, indexed by customer.

    From the stored portraits and the holdings opened by ``as_of``; a customer without a portrait
    is not in the frame. Take ranges of about 10,000.
    """
    return inputs_of_now(as_of=as_of, low=low, high=high, ids=ids)
