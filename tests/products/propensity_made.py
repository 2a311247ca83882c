"""Banks with holdings of every age for tests of the propensity model."""

import random
from datetime import date, timedelta

import numpy as np
import pandas as pd

from crm.core.services.reference import load_reference
from customers.models import Holding
from products.propensity.columns import input_columns, numeric_columns
from tests.customers.derive import seed_parameters
from tests.factories import make_branch, make_customer

CUT = date(2026, 6, 1)
CHAIN = ("account_card", "online_payment", "acquiring", "working_capital_loan", "insurance")


def make_holders(
    customers=60, *, seed=1, days=900, until=CUT + timedelta(days=90), chain=CHAIN, **fields
):
    """Customers who open one family of the chain after the other; nothing else is known of them."""
    load_reference()
    seed_parameters()
    rng, branch = random.Random(seed), make_branch()
    made = []
    for _number in range(customers):
        joined = until - timedelta(days=rng.randint(30, days))
        customer = make_customer(
            branch=branch, relation_state="existing", customer_since=joined, **fields
        )
        made.append(customer)
        day = joined
        for family in chain:
            hold(customer, family, day)
            day += timedelta(days=rng.randint(30, 300))
            if day > until or rng.random() < 0.1:
                break
    return made


def hold(customer, family, opened_on, closed_on=None):
    """One holding."""
    return Holding.objects.create(
        customer=customer,
        contract_no=f"{customer.pk}-{family}-{opened_on}",
        family=family,
        opened_on=opened_on,
        closed_on=closed_on,
    )


def make_frame(rows, **columns):
    """A frame of inputs in which only these columns are known."""
    frame = pd.DataFrame(
        {
            key: pd.Series([np.nan] * rows if key in numeric_columns() else [None] * rows)
            for key in input_columns()
        },
        index=pd.RangeIndex(1, rows + 1, name="customer_id"),
    )
    for key in input_columns():
        if key not in numeric_columns():
            frame[key] = frame[key].astype("str").where(frame[key].notna(), None)
    for key, values in columns.items():
        frame[key.replace("__", ":")] = values
    return frame
