"""The booster against an independent one, and what it may and may not do."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from products.propensity.boost import DAMPING, Bins, Booster, odds

FEWEST = 20


def make_rows(rows=900, seed=4):
    """Three numbers in bins (the first tells, the second in part, the third not), and answers."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 8, (3, rows)).astype(np.uint8)
    codes[1, rng.random(rows) < 0.3] = 8  # not known
    chance = 1 / (1 + np.exp(2.5 - 0.6 * codes[0] - 0.8 * (codes[1] == 8)))
    return Bins(codes, np.array([8, 8, 8])), (rng.random(rows) < chance).astype(float)


@pytest.mark.parametrize("rounds", [1, 7, 60])
def test_the_log_odds_are_those_of_gradient_boosting_with_trees_of_two_leaves(rounds):
    bins, answers = make_rows()
    peer = HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=0.1,
        max_leaf_nodes=2,
        min_samples_leaf=FEWEST,
        l2_regularization=DAMPING,
        early_stopping=False,
    )
    inputs = bins.codes.T.astype(float)
    inputs[bins.codes.T == 8] = np.nan
    peer.fit(inputs, answers)

    model = Booster(bins, answers, rate=0.1, fewest=FEWEST).after(rounds)

    np.testing.assert_allclose(odds(model, bins), peer.decision_function(inputs), atol=1e-5)


def test_the_tables_add_up_to_the_log_odds_of_every_row():
    bins, answers = make_rows()

    model = Booster(bins, answers, rate=0.1, fewest=FEWEST).after(30)

    by_hand = [
        model.start + sum(model.adds[9 * feature + code] for feature, code in enumerate(row))
        for row in bins.codes.T
    ]
    np.testing.assert_allclose(model.odds, by_hand)


def test_the_same_rows_give_the_same_tables_to_the_last_digit():
    bins, answers = make_rows()

    first, second = (Booster(bins, answers, rate=0.1, fewest=FEWEST).after(40) for _time in "ab")

    assert first.adds.tolist() == second.adds.tolist()
    assert first.start == second.start


def test_a_feature_that_is_never_known_or_always_the_same_is_never_cut():
    _bins, answers = make_rows()
    still = np.zeros((2, len(answers)), dtype=np.uint8)
    still[1] = 4

    booster = Booster(Bins(still, np.array([1, 4])), answers, rate=0.1, fewest=FEWEST)

    assert booster.after(5) is None


def test_no_side_of_a_cut_is_smaller_than_allowed():
    bins, answers = make_rows(rows=200)
    codes = bins.codes.copy()
    codes[0] = 0
    codes[0, :5] = 1  # five customers who all say yes
    answers[:5] = 1

    model = Booster(Bins(codes, bins.sizes), answers, rate=0.5, fewest=FEWEST).after(50)

    assert not model.adds[:9].any()
