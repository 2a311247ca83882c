"""Derived figures of the seven categories against examples worked by hand (spec c)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.ledger.figures import (
    Way,
    break_even_rate,
    break_even_revenue,
    cash_cycle,
    cash_runway,
    concentration,
    extremes,
    repeat_index,
    share_of,
    stability_grade,
    term_days,
    trade_score,
    whole_of,
    year_shares,
)
from customers.ledger.offer import Consumers, offers
from customers.ledger.pattern import Observed, Profile, Usual, differences
from customers.ledger.soft import ITEMS, soft_score

SHARES = st.lists(st.decimals("0.01", "1", places=2), min_size=1, max_size=8)
AMOUNTS = st.lists(st.integers(1, 10**9), min_size=2, max_size=20)


def test_the_break_even_rate_carries_funds_losses_and_service():
    # 500,000 of loans, funds 2.2 %: losses 5,000 and service 1,500 are 1.3 points; other income
    # of 4,000 takes 0.8 points off.
    alone = break_even_rate(
        funds_rate=0.022, risk_cost=5_000, servicing_cost=1_500, balance=500_000
    )
    with_rest = break_even_rate(
        funds_rate=0.022, risk_cost=5_000, servicing_cost=1_500, balance=500_000, other_income=4_000
    )

    assert alone == pytest.approx(0.035)
    assert with_rest == pytest.approx(0.027)
    assert break_even_rate(funds_rate=0.022, risk_cost=0, servicing_cost=0, balance=0) is None


def test_concentration_by_amounts():
    # 50, 30, 20 of 100: squares .25 + .09 + .04
    found = concentration([30, 50, 20], [])

    assert (found.top1, found.top5, found.whole) == pytest.approx((0.5, 1.0, 1.0))
    assert found.hhi == pytest.approx(0.38)


def test_concentration_by_shares_told_leaves_the_rest_unknown():
    # 40 % and 20 % told: at least .16 + .04
    found = concentration([None, None], [Decimal("0.4"), Decimal("0.2")])

    assert (found.top1, found.top5, found.whole) == pytest.approx((0.4, 0.6, 0.6))
    assert found.hhi == pytest.approx(0.20)
    assert concentration([None], [None]) is None


def test_one_amount_alone_is_no_concentration():
    """Who named one supplier with its amount may well have others."""
    assert concentration([50_000, None], []) is None
    assert concentration([50_000], [Decimal("0.4")]).top1 == pytest.approx(0.4)


@given(AMOUNTS)
def test_the_hhi_lies_between_equal_parts_and_one(amounts):
    found = concentration(amounts, [])

    assert 1 / len(amounts) - 1e-9 <= found.hhi <= 1 + 1e-9
    assert found.top1**2 <= found.hhi + 1e-9
    assert found.top1 <= found.top5 + 1e-9 <= 1 + 2e-9


@given(SHARES)
def test_shares_told_never_make_more_than_a_whole(shares):
    found = concentration([], shares)

    assert found.whole <= 1 + 1e-9
    assert found.hhi <= found.whole**2 + 1e-9


def test_the_cash_cycle_of_the_worked_example():
    # 60 + 45 - 30 + 10 - 5 = 80 (working-capital example)
    assert cash_cycle(inventory=60, receivable=45, payable=30, prepaid=10, advance=5) == 80
    assert cash_cycle(inventory=60, receivable=45, payable=30) == 75
    assert cash_cycle(inventory=None, receivable=45, payable=30) is None


@given(*[st.integers(0, 400)] * 5)
def test_the_cash_cycle_moves_day_by_day(stock, receivable, payable, prepaid, advance):
    named = {
        "inventory": stock, "receivable": receivable, "payable": payable,
        "prepaid": prepaid, "advance": advance,
    }  # fmt: skip

    base = cash_cycle(**named)

    assert base == stock + receivable - payable + prepaid - advance
    assert cash_cycle(**named | {"inventory": stock + 1}) == base + 1
    assert cash_cycle(**named | {"payable": payable + 1}) == base - 1


def test_shares_and_days_of_settlement():
    ways = [
        Way("in", "cash", Decimal("0.2"), 0, "none"),
        Way("in", "transfer", Decimal("0.5"), 30, "ours"),
        Way("in", "credit", Decimal("0.3"), 60, "other"),
        Way("out", "transfer", Decimal("1"), 15, "ours"),
    ]

    assert share_of(ways, "in", mode="cash") == pytest.approx(0.2)
    assert share_of(ways, "in", bank="ours") == pytest.approx(0.5)
    assert term_days(ways, "in") == pytest.approx(33)  # .5 x 30 + .3 x 60
    assert term_days(ways, "out") == pytest.approx(15)
    assert term_days([], "in") is None


@given(SHARES)
def test_parts_of_a_direction_are_shares_of_what_was_told(shares):
    ways = [Way("in", "cash" if n % 2 else "qr", one, 0, "ours") for n, one in enumerate(shares)]

    cash, code = share_of(ways, "in", mode="cash"), share_of(ways, "in", mode="qr")

    assert cash + code == pytest.approx(1)
    assert share_of(ways, "in", bank="ours") == pytest.approx(1)


@pytest.mark.parametrize(
    ("swing", "grade"),
    [(0.2, "A"), (0.2001, "B"), (0.35, "B"), (0.5, "C"), (0.51, "D"), (None, "")],
)
def test_steadiness_is_graded_by_the_swings_after_season(swing, grade):
    assert stability_grade(swing, (Decimal("0.2"), Decimal("0.35"), Decimal("0.5"))) == grade


def test_break_even_revenue_and_cash_runway():
    # 30,000 fixed at 40 % gross margin; 50,000 cash and 40,000 of line pay three months
    assert break_even_revenue(30_000, Decimal("0.4")) == pytest.approx(75_000)
    assert cash_runway(cash=50_000, unused_line=40_000, fixed_cost=30_000) == pytest.approx(3)
    assert cash_runway(cash=50_000, unused_line=None, fixed_cost=25_000) == pytest.approx(2)
    assert break_even_revenue(30_000, 0) is None
    assert cash_runway(cash=None, unused_line=40_000, fixed_cost=30_000) is None


def test_the_score_of_the_trade():
    assert trade_score(1, "neutral") == 100
    assert trade_score(3, "encourage") == 65
    assert trade_score(4, "limit") == 10
    assert trade_score(1, "exit") == 0
    assert trade_score(None, "neutral") is None


def test_repeat_by_receipts_else_as_told():
    assert repeat_index(
        receipts_a_month=600, payers_a_month=400, repeat_rate=Decimal("0.9")
    ) == pytest.approx(1.5)
    assert repeat_index(
        receipts_a_month=None, payers_a_month=None, repeat_rate=Decimal("0.5")
    ) == pytest.approx(2)
    assert repeat_index(receipts_a_month=None, payers_a_month=None, repeat_rate=1) is None


def test_the_shares_of_cost_add_up_exactly():
    thirds = [Decimal("0.3333"), Decimal("0.3333"), Decimal("0.3334")]

    assert whole_of([*thirds, None]) == 1
    assert whole_of([None]) is None


@given(st.lists(st.floats(1, 1e6), min_size=12, max_size=24))
def test_a_season_is_a_whole_year(values):
    months = [(24300 + number, value) for number, value in enumerate(values)]

    shares = year_shares(months)

    assert sum(shares) == pytest.approx(1)
    assert min(shares) >= 0


def test_a_season_needs_every_month_and_starts_in_january():
    january = 2025 * 12
    whole = [(january + month, 1.0) for month in range(11)] + [(january + 11, 9.0)]

    assert year_shares(whole[:11]) is None
    assert year_shares(whole)[11] == pytest.approx(0.45)
    assert extremes(whole) == (12, 1)


PROFILE = Profile(
    season=tuple([1 / 12] * 12),
    inventory_days=Usual(10, 40),
    receivable_days=Usual(15, 45),
    payable_days=Usual(10, 30),
    gross_margin=Usual(0.10, 0.22),
    net_margin=Usual(0.02, 0.06),
    cash_share=Usual(0.25, 0.60),
)


def test_what_lies_outside_the_trade_is_told_with_both_figures():
    season = (0.2, *[0.8 / 11] * 11)

    found = differences(
        Observed(season=season, cycle_days=90, gross_margin=0.09, cash_share=0.4),
        PROFILE,
        season_gap=0.03,
    )

    told = [(one.key, one.month, one.own, one.usual.low, one.usual.high) for one in found]
    assert ("cycle_days", 0, 90, -5, 75) in told  # 10 + 15 - 30 and 40 + 45 - 10
    assert ("gross_margin", 0, 0.09, 0.10, 0.22) in told
    assert [one.month for one in found if one.key == "season"] == [1]
    assert not any(one.key == "cash_share" for one in found)


def test_the_items_of_the_operator_weigh_a_hundred():
    assert len(ITEMS) == 12
    assert sum(item.weight for item in ITEMS) == 100


def test_the_soft_score_by_hand():
    # every item at step 3 is half way; years 4 -> step 3, secondary school -> step 3
    said = {item.key: Decimal(3) for item in ITEMS}
    said |= {"controller_industry_years": Decimal(4), "controller_education": "secondary"}

    assert soft_score(said).score == pytest.approx(50)
    # habits (weight 14) fall from step 3 to 1: 14 x 2 / 4 = 7 points less
    assert soft_score(said | {"soft_gambling": Decimal(1)}).score == pytest.approx(43)


def test_few_answers_make_no_score():
    said = {item.key: Decimal(5) for item in ITEMS[1:4]}

    found = soft_score(said)

    assert (found.score, found.answered) == (None, 3)


def test_answers_that_do_not_fit_are_named():
    said = {"soft_family_support": 5, "soft_spouse_knows": 1, "family_in_business": "spouse"}

    assert len(soft_score(said).flags) == 2
    assert soft_score({"soft_family_support": 5, "soft_spouse_knows": 5}).flags == ()


@given(st.dictionaries(st.sampled_from([item.key for item in ITEMS[1:4] + ITEMS[5:]]),
                       st.integers(1, 5)))  # fmt: skip
def test_the_soft_score_lies_between_0_and_100(said):
    score = soft_score(said).score

    assert (score is None) == (len(said) < 8)
    assert score is None or 0 <= score <= 100


def test_a_qr_offer_is_drawn_from_basket_and_peaks():
    found = offers(Consumers(basket=50, repeat=1.2, peak_hours=("noon", "evening"), prepaid=0.3))

    assert found[0][1] == {"spend": 60, "off": 5, "basket": 50}  # 65 is told as 60, 8 % of it
    assert len(found) == 4
    assert offers(Consumers()) == []
