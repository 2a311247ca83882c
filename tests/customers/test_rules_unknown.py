"""What is not known is never taken for zero, in any column of the portrait."""

import pytest

from customers.features.catalogue import COLUMNS
from customers.features.spec import Unit
from tests.customers.derive import derive

COUNTED = {  # no row really means none, or the question itself
    "verified_share",
    "visits_count_12m",
}
SCORES = {"completeness", "freshness"}


def told(found):
    return {
        key: value
        for key, value in found.items()
        if value not in (None, [], "unknown", False)
        and not key.endswith("_tests")
        and key not in COUNTED
        and not key.startswith(tuple(SCORES))
    }


@pytest.mark.parametrize("state", ["prospect", "existing"])
def test_a_customer_nothing_is_known_of_has_no_figures(state):
    found = derive(list(COLUMNS.keys()), party_type_is="company", relation_state_is=state)

    allowed = {
        "party_type",
        "primary_group",
        "size_missing",
        "next_funding_on",  # tax is due for every business
        "next_funding_kind",
    }
    if state == "existing":  # our own books are complete: no row is none
        allowed |= {
            "applications_24m",
            "loan_balance",
            "families_held",
            "spread_income",
            "comprehensive_income",
            "risk_cost",
            "servicing_cost",
            "contribution_12m",
            "own_data_kinds",
            "services_used_3m",
            "stickiness_known",
            "tier",
        }
    assert set(told(found)) <= allowed
    assert found["primary_group"] == "none"


@pytest.mark.parametrize(
    "party_type", ["company", "sole_trader", "farm_household", "coop", "owner_person", "individual"]
)
def test_every_party_type_has_a_portrait_without_facts(party_type):
    found = derive(list(COLUMNS.keys()), party_type_is=party_type, relation_state_is="prospect")

    assert found["party_type"] == party_type
    assert all(
        found[column.key] is None
        for column in COLUMNS
        if column.unit == Unit.YUAN or column.unit == Unit.CHANGE
    )
