"""Properties of the score (d.4 step 2): bounds, direction, neutrality of what is not known."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from products.matching.book import PARTS, Book, Offer, Rule, Tuning, Weights
from products.matching.season import due_by_month, due_share, strong_months
from products.matching.statement import Engine

FAST = Offer(
    version_id=1,
    code="WC01",
    no=1,
    name_zh="快速贷",
    family="working_capital_loan",
    is_credit=True,
    amount_min=10_000.0,
    amount_max=300_000.0,
    term_min=1,
    term_max=12,
    rate_low=0.036,
    rate_high=0.045,
    price_rank=1.0,
    guarantee_modes=("credit",),
    repayment_modes=("interest_first",),
    target_stages=("start_up",),
    channels=("mobile", "branch"),
    processing_hours=24,
)
MORTGAGE = replace(
    FAST,
    version_id=2,
    code="WC04",
    amount_max=10_000_000.0,
    price_rank=0.0,
    rate_low=0.028,
    guarantee_modes=("mortgage",),
    loan_to_value={"home": 0.7},
    processing_hours=168,
    target_stages=(),
)
CHAIN = replace(MORTGAGE, version_id=3, code="SC01", family="supply_chain_loan")
CARD = Offer(version_id=4, code="AC01", no=1, name_zh="开户包", family="account_card")
BOOK = Book(
    offers=(FAST, MORTGAGE, CHAIN, CARD),
    limited_industries=("2710",),
    due_shares={"grocery": {FAST.due_key: 0.25}},
)
ENGINES = {}


def matched(inputs, book=BOOK):
    """Scores by code, and codes of the top, of one set of facts."""
    engine = ENGINES.setdefault(book.digest, Engine(book))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT scores, top, outcomes FROM ({engine.select_stored}) AS m",
            engine.params | {"inputs": json.dumps(inputs)},
        )
        scores, top, outcomes = cursor.fetchone()
    codes = {offer.version_id: offer.code for offer in book.offers}
    return (
        dict(zip(codes.values(), scores, strict=True)),
        [codes[version] for version in top],
        outcomes,
    )


chance = st.none() | st.floats(0.02, 0.95)
yuan = st.none() | st.integers(0, 10**10).map(lambda fen: fen / 100)
facts = st.fixed_dictionaries(
    {
        "p_quick_loan": chance,
        "p_working_capital": chance,
        "p_chain_finance": chance,
        "p_account_card": chance,
        "stage": st.sampled_from([None, "unknown", "start_up", "growth", "mature", "decline"]),
        "wanted_amount": yuan,
        "need_low": yuan,
        "need_high": yuan,
        "wanted_months": st.none() | st.integers(1, 360),
        "speed_need": st.none() | st.integers(1, 5),
        "price_sensitivity": st.none() | st.integers(1, 5),
        "competitor_rate": st.none() | st.integers(0, 10**6).map(lambda n: n / 10**6),
        "property_value": yuan,
        "guarantee_value": yuan,
        "asset_style": st.sampled_from([None, "unknown", "asset_light", "traditional"]),
        "core_relation": st.sampled_from([None, "none", "supplier", "both"]),
        "channel_preference": st.sampled_from([None, "visit", "mobile"]),
        "repayment_preference": st.sampled_from([None, [], ["interest_first"], ["bullet"]]),
        "noncredit_needs": st.sampled_from([None, ["account_card"]]),
        "tags": st.sampled_from([[], ["churn_risk"]]),
        "industry_code": st.sampled_from([None, "2710", "5211"]),
        "trade_key": st.sampled_from([None, "grocery", "no such trade"]),
        "groups": st.sampled_from([None, [], ["sannong"]]),
    }
)
database = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@database
@given(facts=facts)
def test_a_score_lies_between_0_and_100_whatever_is_known(facts):
    scores, top, outcomes = matched(facts)

    assert all(0 <= score <= 100 for score in scores.values())
    assert outcomes == "yyyy"
    assert len(top) == 4  # two of the family, one of each other


@database
@given(facts=facts, more=st.floats(0.02, 0.95))
def test_a_likelier_need_never_lowers_the_score_of_its_family(facts, more):
    low = facts | {"p_working_capital": min(facts["p_working_capital"] or 0.02, more)}
    high = facts | {"p_working_capital": max(facts["p_working_capital"] or 0.02, more)}

    lower, _top, _outcomes = matched(low)
    higher, _top, _outcomes = matched(high)

    assert higher["WC01"] >= lower["WC01"]
    assert higher["SC01"] == lower["SC01"]


def test_knowing_nothing_earns_neutral_shares_and_never_zero():
    scores, _top, _outcomes = matched({"stage": "unknown"})

    # need: chance 0.2 of a full 0.6, amount and term a half each; everything else a half, but
    # an unsecured loan needs no guarantee and price matters 3 of 5 to whom nobody asked
    need = 30 * (0.6 * 0.2 / 0.6 + 0.4 * 0.5)
    price = 10 * (1 - 2 / 4 * 1.0)
    assert scores["WC01"] == pytest.approx(need + 10 + 7.5 + 10 + price + 2.5 + 2.5 + 2.5)


def test_parts_that_do_not_apply_are_scaled_out():
    scores, _top, _outcomes = matched({"noncredit_needs": ["account_card"]})

    # need in full, the rest a half: (30 + 10 + 2.5 + 2.5 + 2.5) of 65
    assert scores["AC01"] == pytest.approx(47.5 * 100 / 65, abs=0.005)
    assert sum(Weights().of(CARD).values()) == pytest.approx(100)
    assert tuple(Weights().of(FAST)) == PARTS


def test_warnings_and_restricted_industries_cost_credit_its_points_only():
    plain = {"industry_code": "5211", "tags": []}
    clean, _top, _outcomes = matched(plain)

    limited, _top, _outcomes = matched(plain | {"industry_code": "2710"})
    amber, _top, _outcomes = matched(plain | {"tags": ["watch_list"]})

    assert limited["WC01"] == pytest.approx(clean["WC01"] - 15)
    assert amber["WC01"] == pytest.approx(clean["WC01"] - 10)
    assert limited["AC01"] == amber["AC01"] == clean["AC01"]


def test_asset_light_firms_prefer_flow_and_traditional_ones_collateral():
    light, _top, _outcomes = matched({"asset_style": "asset_light"})
    traditional, _top, _outcomes = matched({"asset_style": "traditional", "property_value": 5e6})

    assert light["WC01"] > light["WC04"]
    assert traditional["WC04"] > traditional["WC01"]


def test_suppliers_of_a_core_firm_see_chain_products_first():
    facts = {"p_quick_loan": 0.9, "p_chain_finance": 0.02, "stage": "start_up", "speed_need": 5}

    _scores, top, _outcomes = matched(facts)
    _scores, in_chain, _outcomes = matched(facts | {"core_relation": "supplier"})

    assert top[0] == "WC01"
    assert in_chain[0] == "SC01"


def test_a_sum_outside_the_bounds_counts_by_how_far_it_is_covered():
    base = {"stage": "start_up", "p_quick_loan": 0.6, "wanted_months": 12}
    inside, _top, _outcomes = matched(base | {"wanted_amount": 200_000})
    above, _top, _outcomes = matched(base | {"wanted_amount": 600_000})

    # a half of the sum is covered: a half of a fifth of the need points is lost
    assert inside["WC01"] - above["WC01"] == pytest.approx(30 * 0.2 * 0.5)


def test_a_book_travels_as_json_and_keeps_its_digest():
    rule = Rule("age", "经营满一年", {"feature": "years_in_business", "op": ">=", "value": "1"})
    book = replace(BOOK, offers=(replace(FAST, rules=(rule,)), CARD), tuning=Tuning(neutral=0.4))

    again = Book.from_data(json.loads(json.dumps(book.to_data())))

    assert again == book
    assert again.digest == book.digest != BOOK.digest


def test_due_amounts_fall_where_the_schedule_puts_them():
    season = [0.02] * 12
    season[9] = season[10] = 0.4  # October and November

    assert strong_months(season) == {10, 11}
    # drawn in November, first payment in December: the 12th falls into November
    assert due_share(["bullet"], 12, 12, season, ()) == 1.0
    assert due_share(["bullet"], 12, 6, season, ()) == 0.0
    assert due_share(["seasonal"], 12, 3, season, (10, 11)) == 1.0
    assert due_share(["revolving"], 12, 3, season, ()) == 1.0
    assert due_share(["bullet", "seasonal"], 12, 6, season, ()) == 1.0  # the better of two
    spread = due_by_month("equal_principal", 12, date(2001, 1, 15), ())
    assert sum(spread) == pytest.approx(1)
    # 10,000 a month and interest of 0.04 / 12 on 120,000, 110,000 ...: 122,600 in all
    assert due_share(["equal_principal"], 12, 1, season, ()) == pytest.approx(
        (10_000 + 100 + 10_000 + 66.67) / 122_600, abs=1e-4
    )


def test_a_service_that_is_held_already_gives_way_but_a_loan_may_be_taken_again():
    facts = {"noncredit_needs": ["account_card"], "stage": "unknown"}

    _scores, without, _outcomes = matched(facts)
    _scores, served, _outcomes = matched(facts | {"families": ["account_card"]})
    _scores, lent, _outcomes = matched(facts | {"families": ["working_capital_loan"]})

    assert without[0] == "AC01"
    assert served[-1] == "AC01"
    assert lent == without
