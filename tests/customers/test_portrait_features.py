"""Every feature against an independent computation in plain Python over the fact rows."""

from datetime import date

import pytest

from customers.features.catalogue import COLUMNS
from customers.features.spec import PLACES
from customers.models import Portrait
from tests.customers.portrait_facts import compute, make_bank, make_reference, row
from tests.customers.portrait_reference import all_features
from tests.factories import make_branch, make_customer


def close(key, found, wanted):
    """Equal to the places that are kept."""
    if found is None or wanted is None or isinstance(wanted, date | str):
        return found == wanted
    places = PLACES.get(COLUMNS[key].unit, 0)
    return abs(float(found) - wanted) <= 0.51 * 10**-places


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_features_agree_with_plain_python(seed):
    customers = make_bank(seed, customers=6)

    compute()

    wrong = []
    for customer in customers:
        stored = row(customer)
        for key, wanted in all_features(customer).items():
            if not close(key, stored[key], wanted):
                wrong.append((customer.pk, key, stored[key], wanted))
    assert wrong == []


def test_a_customer_without_facts_has_a_portrait_of_unknowns():
    make_reference()
    customer = make_customer(branch=make_branch())

    compute()

    portrait = Portrait.objects.get(pk=customer.pk)
    for key in ("sales_month_12m", "inflow_month_12m", "employees", "annual_revenue", "debt_ratio"):
        assert getattr(portrait, key) is None
    assert portrait.size_class == "unknown"
    assert portrait.open_enforcements is None  # nobody looked it up
