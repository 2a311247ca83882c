"""The measures of a ranking against figures worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from products.propensity.judge import coverage, lift_interval, marks, ranked, reliability

NO = np.zeros((1, 8), dtype=bool)


def taken(*places, families=8):
    row = np.zeros((1, families))
    row[0, list(places)] = 1
    return row


def test_average_precision_of_two_openings_at_ranks_one_and_four():
    scores = np.array([[8.0, 7, 6, 5, 4, 3, 2, 1]])

    found = marks(scores, NO, taken(0, 3))

    assert found.map7 == pytest.approx((1 / 1 + 2 / 4) / 2)
    assert found.precision3 == pytest.approx(1 / 3)
    assert found.recall5 == 1.0


def test_an_opening_past_the_seventh_rank_counts_for_nothing_but_still_divides():
    scores = np.array([[8.0, 7, 6, 5, 4, 3, 2, 1]])

    found = marks(scores, NO, taken(0, 7))

    assert found.map7 == pytest.approx((1 / 1) / 2)
    assert found.recall5 == 0.5


def test_the_mean_is_over_customers_who_opened_something():
    scores = np.tile(np.array([[3.0, 2, 1]]), (3, 1))
    opened = np.array([[1.0, 0, 0], [0, 0, 0], [0, 0, 1]])

    found = marks(scores, np.zeros((3, 3), dtype=bool), opened)

    assert found.map7 == pytest.approx((1 + 1 / 3) / 2)
    assert len(found.precisions) == 2


def test_what_is_held_is_not_ranked_and_equal_scores_rank_by_family():
    scores = np.array([[1.0, 1.0, 5.0, np.nan]])
    held = np.array([[False, False, True, False]])

    assert ranked(scores, held).tolist()[0][:2] == [0, 1]
    assert marks(scores, held, taken(1, families=4)).map7 == 0.5


def test_nobody_to_judge_gives_zeros_and_no_interval():
    found = marks(np.ones((2, 3)), np.zeros((2, 3), dtype=bool), np.zeros((2, 3)))

    assert (found.map7, found.precision3, found.recall5) == (0.0, 0.0, 0.0)
    assert lift_interval(found.precisions, found.precisions) == (0.0, 0.0)


def test_coverage_counts_families_on_a_list_and_customers_with_one():
    scores = np.array([[0.5, 0.0, 0.1], [0.0, 0.0, 0.0]])
    held = np.array([[True, False, False], [False, False, False]])

    assert coverage(scores, held) == (pytest.approx(1 / 3), 0.5)


def test_a_ranking_is_exactly_as_good_as_itself():
    precisions = np.random.default_rng(1).random(50)

    assert lift_interval(precisions, precisions) == (1.0, 1.0)
    low, high = lift_interval(precisions * 1.2, precisions)
    assert (low, high) == (pytest.approx(1.2), pytest.approx(1.2))


def test_reliability_sets_what_was_said_against_what_came():
    said = np.array([[0.1, 0.9], [0.1, np.nan]])

    low, high = reliability(said, np.array([[0.0, 1.0], [1.0, 1.0]]), parts=2)

    assert low == {"said": pytest.approx(0.1), "came": 0.5}
    assert high == {"said": pytest.approx(0.9), "came": 1.0}


@given(arrays(float, (6, 9), elements=st.floats(0, 1)), arrays(bool, (6, 9)), arrays(bool, (6, 9)))
def test_every_measure_lies_between_none_and_all(scores, held, wanted):
    found = marks(scores, held, (wanted & ~held).astype(float))

    assert all(0 <= value <= 1 for value in (found.map7, found.precision3, found.recall5))


@given(arrays(bool, (5, 9)), arrays(bool, (5, 9)))
def test_knowing_the_future_is_the_most_that_can_be_had(held, wanted):
    future = (wanted & ~held).astype(float)

    found = marks(future, held, future)

    assert found.map7 == pytest.approx(1.0 if future.any() else 0.0)
