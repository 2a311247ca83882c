"""Completeness and freshness by worked examples (spec b.3, POR-2)."""

from datetime import timedelta

import pytest

from customers.features.catalogue import FEATURES, weighted_features
from customers.features.spec import Dimension
from tests.customers.derive import TODAY, derive, derive_one

NEED_WEIGHTS = 25  # N01 to N11: 3 3 2 2 3 2 1 3 2 3 1


def test_completeness_is_the_weight_of_what_is_known():
    found = derive(
        ["completeness_need", "freshness_need"],
        d_wanted_amount=300_000,
        d_wanted_amount_on=TODAY,
        d_speed_need=5,
        d_speed_need_on=TODAY,
    )

    assert found == {"completeness_need": 100 * (3 + 2) / NEED_WEIGHTS, "freshness_need": 100}


@pytest.mark.parametrize(
    ("age", "share"),
    [(0, 1), (180, 1), (225, 0.75), (270, 0.5), (360, 0), (900, 0)],
)
def test_a_fact_is_fresh_until_its_age_and_stale_at_twice_that(age, share):
    on = TODAY - timedelta(days=age)

    found = derive_one("freshness_need", d_speed_need=5, d_speed_need_on=on)

    assert found == pytest.approx(100 * share)


def test_freshness_weighs_what_is_known():
    old = TODAY - timedelta(days=270)

    found = derive_one(
        "freshness_need",
        d_wanted_amount=300_000,
        d_wanted_amount_on=TODAY,
        d_speed_need=5,
        d_speed_need_on=old,
    )

    assert found == pytest.approx(100 * (3 * 1 + 2 * 0.5) / 5)


def test_nothing_known_is_empty_and_has_no_freshness():
    found = derive(["completeness_need", "freshness_need"])

    assert found == {"completeness_need": 0, "freshness_need": None}


def test_what_does_not_apply_is_not_missing():
    person = derive_one("completeness_basic", party_type_is="individual", region_is="110105")
    firm = derive_one("completeness_basic", party_type_is="company", region_is="110105")

    # a person is asked for type, region and contact (2 each); a firm for all of B01 to B12
    assert person == pytest.approx(100 * 4 / 6, abs=0.05)
    assert firm == pytest.approx(100 * 4 / 30, abs=0.05)


def test_the_weights_of_the_specification_are_all_there():
    """Spec b.2: twelve basics, fourteen of behaviour, eleven needs, eleven of credit."""
    codes = {feature.code: feature.weight for feature in weighted_features()}

    expected = {
        **{f"B{n:02d}": w for n, w in enumerate((2, 1, 3, 3, 4, 4, 2, 2, 3, 2, 2, 2), 1)},
        **{f"H{n:02d}": w for n, w in enumerate((2, 1, 3, 2, 4, 4, 4, 3, 2, 2, 2, 2, 1, 1), 1)},
        **{f"N{n:02d}": w for n, w in enumerate((3, 3, 2, 2, 3, 2, 1, 3, 2, 3, 1), 1)},
        **{f"C{n:02d}": w for n, w in enumerate((4, 4, 2, 3, 3, 2, 2, 4, 2, 3, 2), 1)},
    }
    assert {code: weight for code, weight in codes.items() if code in expected} == expected


def test_every_feature_says_what_it_is():
    for feature in FEATURES:
        assert str(feature.label) and str(feature.formula), feature.key
        assert feature.dimension in Dimension
        assert not feature.weight or feature.max_age_days, feature.key
