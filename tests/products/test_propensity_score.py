"""Chances and reasons from a content that is written by hand."""

import json
from datetime import date
from math import exp

import numpy as np
import pandas as pd
import pytest

from products.propensity.features import bins, cuts_of, designed, values
from products.propensity.held import with_holdings
from products.propensity.lifts import counted, following_shares, segment_shares
from products.propensity.score import Contribution, chances, why
from tests.products.propensity_made import make_frame

FAMILIES = ("deposit", "payroll")
MODEL = {
    "families": list(FAMILIES),
    "horizon_days": 90,
    "features": [
        {
            "name": "employees",
            "kind": "number",
            "column": "employees",
            "code": "",
            "cuts": [5.0, 20.0],
        },
        {"name": "groups=sannong", "kind": "codes", "column": "groups", "code": "sannong",
         "cuts": [0.5]},
    ],
    "lifts": {
        "popular": [3, 1],
        "overall": [0.2, 0.1],
        "segments": {"33": [0.4, 0.3], "33|small": [0.6, 0.5]},
        "following": [[0.0, 0.5], [0.25, 0.0]],
    },
    "terms": {
        "deposit": {"rate": 0.25, "average": 0.2},
        "payroll": {
            "start": -2.0,
            "steps": {
                "employees": {"adds": [0.0, 1.0, 1.5, -0.5], "average": 0.6},
                "groups=sannong": {"adds": [0.0, 0.25, 0.0], "average": 0.05},
                "following": {"adds": [0.0, 0.75, 0.0], "average": 0.3, "cuts": [0.4]},
            },
        },
    },
}  # fmt: skip


def logistic(log_odds):
    return 1 / (1 + exp(-log_odds))


def test_a_chance_is_the_logistic_of_the_sum_of_its_steps():
    frame = make_frame(
        4,
        employees=[4.0, 5.0, 300.0, np.nan],
        groups=["sannong other", None, "sannongish", None],
        held__deposit=[1.0, 0.0, 0.0, 1.0],
    )

    found = chances(frame, MODEL)["payroll"]

    assert found.tolist() == pytest.approx(
        [
            logistic(-2.0 + 0.0 + 0.25 + 0.75),
            logistic(-2.0),  # five is not above the cut at five
            logistic(-2.0 + 1.5),
            logistic(-2.0 - 0.5 + 0.75),  # not known is an answer of its own
        ]
    )


def test_a_family_that_is_held_has_no_chance_and_one_never_learned_takes_its_segment():
    frame = make_frame(
        4,
        industry_code=["331", "331", "521", None],
        size_class=["small", None, "small", None],
        held__payroll=[1.0, 0.0, 0.0, 0.0],
    )

    found = chances(frame, MODEL)

    assert found["payroll"].isna().tolist() == [True, False, False, False]
    assert found["deposit"].tolist() == pytest.approx([0.15, 0.10, 0.05, 0.05])


def test_a_frame_without_a_column_or_without_customers_has_answers_too():
    frame = make_frame(2).drop(columns=["employees", "groups"])

    found = chances(frame, MODEL)

    assert found["payroll"].tolist() == pytest.approx([logistic(-2.5)] * 2)
    assert chances(frame.iloc[:0], MODEL).shape == (0, 2)
    assert why(frame.iloc[:0], MODEL, "payroll") == []


def test_reasons_are_what_speaks_for_the_family_strongest_first():
    frame = make_frame(
        2, employees=[300.0, 3.0], groups=["sannong", None], held__deposit=[1.0, 0.0]
    )

    strong, weak = why(frame, MODEL, "payroll")

    assert strong == [
        Contribution("employees", 300.0, pytest.approx(0.9)),
        Contribution("following", 0.5, pytest.approx(0.45)),
        Contribution("groups", "sannong", pytest.approx(0.2)),
    ]
    assert weak == []
    assert [len(told) for told in why(frame, MODEL, "payroll", most=1)] == [1, 0]


def test_all_that_speaks_for_and_against_is_the_whole_distance_from_the_average():
    frame = make_frame(1, employees=[300.0], groups=["sannong"], held__deposit=[1.0])

    told = why(frame, MODEL, "payroll")[0]

    chance = chances(frame, MODEL)["payroll"].iloc[0]
    average = -2.0 + 0.6 + 0.05 + 0.3
    assert sum(part.weight for part in told) == pytest.approx(
        np.log(chance / (1 - chance)) - average
    )


def test_a_model_is_the_same_after_it_was_stored():
    frame = make_frame(1, employees=[6.0])

    again = chances(frame, json.loads(json.dumps(MODEL)))

    assert again.equals(chances(frame, MODEL))


def test_holdings_are_told_as_held_past_and_recent():
    frame = make_frame(3)
    holdings = pd.DataFrame(
        [
            (1, "deposit", "2026-05-01", None),
            (1, "payroll", "2025-09-01", "2026-01-01"),
            (2, "payroll", "2020-01-01", "2021-01-01"),
            (2, "payroll", "2022-01-01", None),
            (99, "payroll", "2022-01-01", None),
        ],
        columns=["customer_id", "family", "opened_on", "closed_on"],
    )
    for column in ("opened_on", "closed_on"):
        holdings[column] = pd.to_datetime(holdings[column])

    found = with_holdings(frame, holdings, date(2026, 6, 1))

    assert found["held:deposit"].tolist() == [1, 0, 0]
    assert found["held:payroll"].tolist() == [0, 1, 0]
    assert found["past:payroll"].tolist() == [1, 0, 0]
    assert found["opened:90d"].tolist() == [1, 0, 0]
    assert found["opened:365d"].tolist() == [2, 0, 0]
    assert found["held:count"].tolist() == [1, 1, 0]
    assert found["opened:days"].tolist()[:2] == [31, 1612]
    assert np.isnan(found["opened:days"].iloc[2])


def test_lifts_count_what_was_taken_next_and_by_whom():
    frame = make_frame(
        4,
        industry_code=["331", "331", "521", "521"],
        size_class=["small"] * 4,
        held__deposit=[1.0, 1.0, 1.0, 0.0],
        held__payroll=[1.0, 0.0, 0.0, 1.0],
    )
    holdings = pd.DataFrame(
        [
            (1, "deposit", "2024-01-01"),
            (1, "payroll", "2026-01-01"),
            (2, "deposit", "2024-01-01"),
            (3, "deposit", "2026-02-01"),
            (4, "payroll", "2024-01-01"),
        ],
        columns=["customer_id", "family", "opened_on"],
    )
    holdings["opened_on"] = pd.to_datetime(holdings["opened_on"])

    lifts = counted(frame, holdings, FAMILIES, date(2026, 6, 1))

    assert lifts["popular"] == [1.0, 1.0]
    assert lifts["overall"] == pytest.approx([1 / 2, 1 / 3])  # two without a deposit, one took it
    assert lifts["following"] == [[0.0, pytest.approx(1 / 3)], [0.0, 0.0]]
    drawn = (0 + 20 * 0.5) / (0 + 20)
    assert lifts["segments"]["33"][0] == pytest.approx(drawn)
    assert segment_shares(frame, lifts)[:, 1] == pytest.approx(
        [lifts["segments"][key][1] for key in ("33|small", "33|small", "52|small", "52|small")]
    )
    assert following_shares(frame, lifts, FAMILIES)[1].tolist() == pytest.approx([0, 1 / 3])


def test_cuts_leave_enough_customers_on_both_sides_and_lie_between_values():
    numbers = np.array([0.0] * 50 + [1.0] * 3 + list(range(2, 60)) + [np.nan] * 9)

    cuts = cuts_of(numbers, fewest=20)

    known = numbers[~np.isnan(numbers)]
    assert cuts and cuts[0] == 0.5
    assert not set(cuts) & set(known)
    assert all(min((known < cut).sum(), (known > cut).sum()) >= 20 for cut in cuts)
    assert cuts_of(np.full(100, 7.0), fewest=20) == []
    assert cuts_of(np.full(100, np.nan), fewest=20) == []
    assert bins(np.array([0.0, 0.5, 60.0, np.nan]), [0.5]).tolist() == [0, 0, 1, 2]


def test_a_design_has_only_features_that_tell_customers_apart():
    frame = make_frame(
        60,
        employees=[float(number) for number in range(60)],
        stage=["growth"] * 30 + ["mature"] * 29 + ["decline"],
        groups=["sannong"] * 30 + ["sannong start_up"] * 30,
    )

    found = {f["name"]: f for f in designed(frame, FAMILIES, fewest=10)}

    assert set(found) == {"employees", "stage=growth", "stage=mature", "groups=start_up"}
    assert values(frame, found["groups=start_up"]).sum() == 30
