"""Both sides of a quote: exact, additive, and a loan's own price that nothing else touches."""

from dataclasses import replace
from decimal import Decimal

import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from products.finance import Fee
from products.selectors.economics import (
    Planning,
    loan_raroc,
    lowest_rate,
    planned_pd,
    relation_raroc,
)
from products.selectors.quote_case import Before, QuoteCase
from products.selectors.quote_figures import counting, work_out
from tests.products.quoted import PLANNING, case, loan, service

D = Decimal


@pytest.mark.parametrize(("pd", "rate"), [("0.005", "4.71"), ("0.02", "5.39"), ("0.05", "6.74")])
def test_the_lowest_rate_is_that_of_the_worked_example(pd, rate):
    assert round(lowest_rate(D(pd), PLANNING) * 100, 2) == D(rate)


@pytest.mark.parametrize("pd", ["0.005", "0.02", "0.05"])
def test_a_loan_at_its_lowest_rate_returns_what_equity_asks(pd):
    rate = lowest_rate(D(pd), PLANNING)

    assert loan_raroc(rate, D(0), D(pd), PLANNING) == pytest.approx(D("0.12"), abs=D("0.00002"))


def test_a_loan_past_90_days_is_in_default_and_the_ungraded_have_a_rate():
    assert planned_pd(PLANNING, "B1", 91) == 1
    assert planned_pd(PLANNING, "B1", 90) == D("0.018")
    assert planned_pd(PLANNING, None) == D("0.02")


def test_raroc_of_the_relation_is_contribution_over_eight_percent_of_the_exposure():
    assert relation_raroc(D("3630.84"), D("334382.77"), PLANNING) == D("0.135729")  # b.8
    assert relation_raroc(D(100), D(0), PLANNING) is None


def test_a_loan_interest_first_costs_what_a_calculator_says():
    figures = work_out(case(loan(fees=(Fee("upfront", share=D("0.005")),))))

    one = figures.lines[0]
    assert one.cost.interest == D("13500.00")  # 300,000 x 4.5 %
    assert one.cost.fees == D("1500.00")
    assert figures.total == D("15000.00")
    assert figures.by_year == (D("15000.00"),)
    assert one.cost.all_in == pytest.approx(D("0.050138"), abs=D("0.00001"))  # numpy-financial
    assert one.income.funding == D("6600.00")
    assert one.income.expected_loss == D("2700.00")  # 300,000 x 2 % x 45 %
    assert one.income.servicing == D("3600.00")
    assert one.income.deposit_value == D("180.00")  # 5 % kept at 1.2 %
    assert one.income.profit == D("2280.00")


def test_the_all_in_cost_agrees_with_numpy_financial():
    figures = work_out(case(loan(fees=(Fee("upfront", share=D("0.005")),))))
    flows = [298_500.0, *[-1125.0] * 11, -301_125.0]

    assert float(figures.all_in) == pytest.approx(npf.irr(flows) * 12, abs=1e-6)


def test_the_bundle_takes_its_basis_points_off_where_all_that_counts_is_taken():
    figures = work_out(case(loan(), service("acquiring", 2), discount_bp=10))

    one = figures.lines[0]
    assert figures.has_price_effect
    assert (one.cost.rate, one.without.rate) == (D("0.0440"), D("0.045"))
    assert figures.saved == D("300.00")  # 10 bp of 300,000


def test_the_discount_stops_at_the_lowest_rate_of_the_version():
    low = loan(rate=D("0.0365"))

    figures = work_out(case(low, service("acquiring", 2), discount_bp=10))

    assert figures.lines[0].cost.rate == D("0.036")


def test_insurance_never_counts_for_the_price_even_when_data_says_so():
    cover = service("insurance", 3, counts=True, is_taken=False)

    figures = work_out(case(loan(), service("acquiring", 2), cover, discount_bp=10))

    assert counting([cover]) == []
    assert figures.has_price_effect


def test_a_discount_that_only_insurance_could_earn_never_holds():
    figures = work_out(case(loan(), service("insurance", 2, counts=True), discount_bp=10))

    assert not figures.has_price_effect
    assert figures.lines[0].cost.rate == D("0.045")


def test_what_the_customer_cannot_have_does_not_cost_the_discount():
    closed = service("payroll", 3, outcome="n", is_taken=False)

    assert work_out(case(loan(), service("acquiring", 2), closed, discount_bp=10)).has_price_effect


def test_premiums_get_no_discount():
    cover = service("insurance", 3, months=12, fees=(Fee("yearly", sum_amount=D(800)),))
    card = service("account_card", 2, months=12, fees=(Fee("yearly", sum_amount=D(100)),))

    figures = work_out(case(card, cover, fee_discount=D("0.20")))

    assert (figures.fees, figures.premiums) == (D("80.00"), D("800.00"))
    assert figures.lines[1].income.fees == D("120.00")  # the bank keeps 15 % of the premium


def test_a_renewal_ends_what_it_replaces():
    before = Before(D(5000), spread=D(6000), risk=D(2000), loans=D(300_000))

    figures = work_out(case(loan(replaces_old=True), before=before))

    assert figures.raroc_before == D("0.208333")  # 5,000 / 24,000
    assert figures.contribution_after == D(5000) - D(4000) + figures.income.profit
    assert figures.raroc_after == relation_raroc(figures.contribution_after, D(300_000), PLANNING)


def test_years_are_told_apart():
    long = loan(months=24, fees=(Fee("yearly", sum_amount=D(100)),))

    figures = work_out(case(long))

    assert figures.by_year == (D("13600.00"), D("13600.00"))


amounts = st.integers(10, 300).map(lambda thousand: D(thousand * 1000))
rates = st.integers(360, 900).map(lambda bp: D(bp) / 10_000)
modes = st.sampled_from(["interest_first", "equal_instalment", "equal_principal", "bullet"])
fees = st.lists(
    st.builds(
        Fee,
        st.sampled_from(["upfront", "monthly", "yearly", "use"]),
        sum_amount=st.integers(0, 5000).map(lambda fen: D(fen) / 100),
    ),
    max_size=2,
).map(tuple)
loans = st.builds(
    loan, amount=amounts, rate=rates, mode=modes, months=st.integers(1, 36), fees=fees,
    is_taken=st.booleans(),
)  # fmt: skip
services = st.builds(
    lambda family, taken, counts, fees: service(
        family, 0, is_taken=taken, counts=counts, fees=fees, months=12
    ),
    st.sampled_from(["acquiring", "insurance", "payroll", "deposit", "wealth"]),
    st.booleans(),
    st.booleans(),
    fees,
)


def numbered(lines):
    return tuple(replace(line, seq=seq) for seq, line in enumerate(lines, 1))


cases = st.builds(
    lambda lines, bp, share: case(*numbered(lines), discount_bp=bp, fee_discount=share),
    st.lists(st.one_of(loans, services), min_size=1, max_size=5),
    st.integers(0, 60),
    st.sampled_from([D(0), D("0.2"), D(1)]),
)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_totals_are_the_sums_of_the_lines_that_are_taken(one):
    figures = work_out(one)

    taken = [line for line in figures.lines if line.line.is_taken]
    assert figures.interest == sum(line.cost.interest for line in taken)
    assert figures.total == figures.interest + figures.fees + figures.premiums
    assert figures.total == sum(line.cost.total for line in taken)
    assert sum(figures.by_year) == figures.total
    assert figures.income.profit == sum(line.income.profit for line in taken)
    assert figures.saved >= 0


@settings(max_examples=60, deadline=None)
@given(cases, st.data())
def test_a_loan_without_the_bundle_never_depends_on_what_else_is_refused(one, data):
    refused = tuple(
        line if line.is_loan else replace(line, is_taken=data.draw(st.booleans()))
        for line in one.lines
    )
    other = replace(one, lines=refused, discount_bp=data.draw(st.integers(0, 60)))

    first, second = work_out(one), work_out(other)

    for mine, theirs in zip(first.lines, second.lines, strict=True):
        if mine.line.is_loan:
            assert mine.without == theirs.without
            assert mine.cost.rate <= mine.without.rate  # with the bundle is never dearer
            assert mine.cost.rate >= min(mine.line.floor, mine.line.rate)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_insurance_taken_or_refused_leaves_every_loan_at_the_same_price(one):
    turned = tuple(
        replace(line, is_taken=not line.is_taken) if line.is_insurance else line
        for line in one.lines
    )

    first, second = work_out(one), work_out(replace(one, lines=turned))

    assert [f.cost for f in first.lines if f.line.is_loan] == [
        f.cost for f in second.lines if f.line.is_loan
    ]


@settings(max_examples=30, deadline=None)
@given(cases)
def test_a_case_survives_json_and_gives_the_same_figures_to_the_last_digit(one):
    again = QuoteCase.from_data(one.to_data(), [line.to_data() for line in one.lines])

    assert again == one
    assert work_out(again) == work_out(one)
    assert Planning.from_data(PLANNING.to_data()) == PLANNING
