"""Enterprise size: every test vector of the rule, in Python and as the portrait has it."""

from datetime import date
from functools import cache

import pytest

from crm.core.services.reference import SEEDS, load_reference, read_seed
from customers.features.size import INDICATORS, Bounds, classify
from customers.selectors.portrait_size import size_class
from tests.customers.derive import TODAY, derive_one

WAN = 10_000
VECTORS = [  # group, employees, revenue and assets in 万元, class
    ("S02", 1000, 40000, None, "large"),
    ("S02", 1200, 39999, None, "medium"),
    ("S02", 300, 1999, None, "small"),
    ("S02", 19, 5000, None, "micro"),
    ("S03", None, 6000, 4999, "small"),
    ("S03", None, 80000, 80000, "large"),
    ("S04", 5, 1000, None, "small"),
    ("S04", 4, 90000, None, "micro"),
    ("S05", 50, 500, None, "medium"),
    ("S05", 49, 20000, None, "small"),
    ("S12", 10, 50, None, "small"),
    ("S12", 10, 49, None, "micro"),
    ("S01", None, 500, None, "medium"),
    ("S01", None, 49.99, None, "micro"),
    ("S14", 100, 500, None, "small"),
    ("S15", 100, None, 8000, "medium"),
    ("S13", None, 1000, 5000, "medium"),
    ("S16", 10, None, None, "small"),
    ("S02", 300, None, None, "unknown"),
    ("NA", 300, 300, 300, "unknown"),
]


@cache
def standard():
    """The seeded bounds: group -> indicator -> bounds."""
    found = {}
    for row in read_seed(SEEDS / "size_standard.csv"):
        bounds = Bounds(*(float(row[f"{size}_min"]) for size in ("large", "medium", "small")))
        found.setdefault(row["group_id"], {})[row["indicator"]] = bounds
    return found


def indicator_name(name):
    """The name of the seed for one of ours."""
    names = {key for group in standard().values() for key in group}
    return next(found for found in names if found.endswith(name))


@pytest.mark.parametrize(("group", "employees", "revenue", "assets", "size"), VECTORS)
def test_the_function_gives_the_class_of_the_rule(group, employees, revenue, assets, size):
    """Scenario 1."""
    told = {"employees": employees, "revenue": revenue, "assets": assets}
    bounds = {
        name: standard()[group][indicator_name(name)]
        for name in INDICATORS
        if indicator_name(name) in standard().get(group, {})
    }

    assert classify(bounds, told).size == size


@pytest.mark.parametrize(("group", "employees", "revenue", "assets", "size"), VECTORS)
def test_the_portrait_gives_the_class_of_the_rule(group, employees, revenue, assets, size):
    """Scenario 1, in yuan and through the engine's formula."""
    bounds = {
        f"bound_{name}_{level}": getattr(standard()[group][indicator_name(name)], level)
        * (1 if name == "employees" else WAN)
        for name in INDICATORS
        if indicator_name(name) in standard().get(group, {})
        for level in ("large", "medium", "small")
    }

    found = derive_one(
        "size_class",
        party_type_is="company",
        size_standard_is=group if group in standard() else None,
        employees=employees,
        annual_revenue=None if revenue is None else revenue * WAN,
        total_assets=None if assets is None else assets * WAN,
        **bounds,
    )

    assert found == size


def test_the_standard_in_force_is_read():
    load_reference()

    found = size_class("S04", {"employees": 5, "revenue": 1000}, as_of=TODAY)
    before = size_class("S04", {"employees": 5, "revenue": 1000}, as_of=date(2001, 1, 1))

    assert found.size == "small"
    assert (before.size, before.missing) == ("unknown", ("industry",))


def test_what_is_missing_is_named():
    result = classify({"employees": Bounds(3, 2, 1), "revenue": Bounds(3, 2, 1)}, {"employees": 5})

    assert (result.size, result.missing) == ("unknown", ("revenue",))


def test_a_household_has_no_size():
    assert derive_one("size_class", party_type_is="farm_household", employees=5) is None
