"""The questions whose answer would change most are computed, not canned (VIS-7)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.core.models import RuleParameter
from crm.core.services.reference import load_reference
from customers.models import Portrait
from marketing.planning.asking import Index, Quartiles, outcomes_of, stay_chance
from marketing.selectors import brief_asking, brief_peers
from marketing.selectors.brief import brief_of
from products.matching.book import Book, Offer, Rule
from products.models import CustomerMatch
from products.selectors.book import book_of
from products.services.matching import match_customers
from tests.factories import make_customer, make_portrait, make_user
from tests.products.factories import make_product, make_rule, make_version

TODAY = date(2026, 11, 20)
REVENUE = {"feature": "annual_revenue", "op": ">=", "value": "3000000"}
YEARS = {"feature": "years_in_business", "op": ">=", "value": "2"}
SIZE = {"feature": "size_class", "op": "in", "value": ["small", "micro"]}


@pytest.fixture(autouse=True)
def rules():
    brief_peers._kept.clear()
    if not RuleParameter.objects.filter(key="plan.capacity_day").exists():
        load_reference()


def book(*offers):
    return Book(
        offers=tuple(
            Offer(
                version_id=no, code=f"P{no}", no=1, name_zh=f"产品{no}", family="loan",
                rules=tuple(Rule(f"r{i}", "", rule) for i, rule in enumerate(given)),
            )
            for no, given in enumerate(offers)
        )
    )  # fmt: skip


def counts(of, facts):
    """By offer how many rules say no and how many cannot tell, judged one by one."""
    judged = [[rule.tree.judge(facts).answer for rule in offer.rules] for offer in of.offers]
    return (
        [sum(answer == "no" for answer in row) for row in judged],
        [sum(answer == "unknown" for answer in row) for row in judged],
    )


def outcomes(of, feature, facts, **more):
    failed, unknown = counts(of, facts)
    return outcomes_of(
        feature, index=Index(of), facts=facts, failed=failed, unknown=unknown, **more
    )


def test_the_rule_cuts_the_values_where_its_answer_turns():
    found = outcomes(book([REVENUE]), "annual_revenue", {"annual_revenue": None})

    assert [(one.piece.low, one.piece.high, one.letters) for one in found] == [
        (None, 3_000_000.0, {0: "n"}),
        (3_000_000.0, None, {0: "y"}),
    ]
    assert found[1].piece.holds_low  # 300 万 itself is enough
    assert not found[0].piece.holds_high


def test_an_offer_that_waits_for_another_fact_too_goes_on_waiting():
    facts = {"annual_revenue": None, "years_in_business": None}

    found = outcomes(book([REVENUE, YEARS]), "annual_revenue", facts)

    assert [one.letters[0] for one in found] == ["n", "?"]


def test_the_chance_of_a_range_is_that_of_the_peers():
    peers = Quartiles(1_000_000, 2_000_000, 4_000_000)

    below, above = outcomes(
        book([REVENUE]), "annual_revenue", {"annual_revenue": None}, peers=peers
    )

    assert below.piece.chance == pytest.approx(0.5 + 0.25 / 2)
    assert above.piece.chance == pytest.approx(0.25 + 0.25 / 2)


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from(["<", "<=", ">", ">=", "="]), min_size=5, max_size=5),
    st.integers(-5, 60),
    st.tuples(*(st.integers(0, 100) for _no in range(3))).map(sorted),
)
def test_every_value_is_in_one_piece_that_tells_what_the_rules_say_of_it(
    cuts, ops, value, quarters
):
    of = book(*[[{"feature": "employees", "op": op, "value": str(cut)}]
                for cut, op in zip(cuts, ops, strict=False)])  # fmt: skip

    found = outcomes(of, "employees", {"employees": None}, peers=Quartiles(*map(float, quarters)))

    def holds(piece):
        above = piece.low is None or value > piece.low or (piece.holds_low and value == piece.low)
        below = (
            piece.high is None or value < piece.high or (piece.holds_high and value == piece.high)
        )
        return above and below

    mine = [one for one in found if holds(one.piece)]
    truth = {no: "y" if offer.rules[0].tree.judge({"employees": value}) else "n"
             for no, offer in enumerate(of.offers)}  # fmt: skip
    assert len(mine) == 1
    assert mine[0].letters == truth
    assert sum(one.piece.chance for one in found) == pytest.approx(1)
    assert all(one.piece.chance >= 0 for one in found)


def test_codes_with_the_same_meaning_are_one_piece():
    found = outcomes(
        book([SIZE]), "size_class", {"size_class": None},
        choices=["large", "medium", "small", "micro"],
    )  # fmt: skip

    assert [(one.piece.codes, one.piece.chance, one.letters) for one in found] == [
        (("large", "medium"), 0.5, {0: "n"}),
        (("small", "micro"), 0.5, {0: "y"}),
    ]


def test_an_old_answer_holds_less_and_less():
    assert stay_chance(180, 180) == 1
    assert stay_chance(360, 180) == 0.5
    assert stay_chance(720, 180) == 0.25


def make_offer(code, name, *conditions, low=10_000, high=800_000):
    version = make_version(
        make_product(code, name_zh=name, family="working_capital_loan"),
        amount_min=Decimal(low), amount_max=Decimal(high),
    )  # fmt: skip
    for no, condition in enumerate(conditions):
        make_rule(version, code=f"{code}{no}", condition=condition)
    return version


def make_asked(**portrait):
    customer = make_customer(make_user("rm"), name="恒丰精密五金厂")
    values = {"party_type": "company", "stage": "growth", "red_flags": []}
    values["wanted_amount"] = 800_000.0
    values["credit_grade"] = "A1"  # lending to an unrated firm would bring less than nothing
    make_portrait(customer, **(values | portrait))
    return customer


def asked(customer):
    match_customers(customer_ids=[customer.pk], as_of=TODAY)
    brief_asking._terms.cache_clear()
    with translation.override("zh-hans"):
        return brief_of(user=customer.manager, customer_id=customer.pk, as_of=TODAY).questions


def test_the_sentence_names_the_bound_the_product_and_the_sum():
    """如果年营业收入不低于 300 万元，税易贷即可通过，可谈 80 万元。"""
    make_offer("WC91", "税易贷", REVENUE)
    customer = make_asked()

    first = asked(customer)[0]

    assert first.feature == "annual_revenue"
    assert first.changes[0].text == "如果年营业收入不低于 300 万元，税易贷即可通过，可谈 80 万元。"
    assert first.worth > 0
    assert first.decides == 1


def test_the_question_that_is_worth_more_stands_first():
    make_offer("WC91", "大额贷", REVENUE, high=800_000)
    make_offer("WC92", "小额贷", {"feature": "employees", "op": ">=", "value": "5"}, high=50_000)
    customer = make_asked()

    found = asked(customer)

    order = [one.feature for one in found]
    assert order.index("annual_revenue") < order.index("employees")
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)


def test_what_is_known_is_not_asked_and_what_no_rule_reads_changes_no_offer():
    make_offer("WC91", "税易贷", REVENUE)
    customer = make_asked(annual_revenue=5_000_000.0)

    found = {one.feature: one for one in asked(customer)}

    assert "annual_revenue" not in found
    assert all(one.decides == 0 for one in found.values())


def test_what_only_our_own_months_can_tell_is_not_asked():
    make_offer(
        "WC93", "流水贷", {"feature": "acquiring_months_12m", "op": ">=", "value": "6"}
    )  # fmt: skip
    customer = make_asked()

    assert "acquiring_months_12m" not in {one.feature for one in asked(customer)}


def test_without_any_match_the_heaviest_gaps_of_the_portrait_are_asked():
    customer = make_asked(completeness=40.0)

    with translation.override("zh-hans"):
        brief = brief_of(user=customer.manager, customer_id=customer.pk, as_of=TODAY)

    assert brief.questions
    weights = [one.weight for one in brief.questions]
    assert weights == sorted(weights, reverse=True)
    assert any("完整度" in change.text for one in brief.questions for change in one.changes)


def test_the_stored_match_agrees_with_what_the_pieces_say():
    """The judge of the brief and the engine of matching tell the same of a filled-in fact."""
    versions = [make_offer("WC91", "甲", REVENUE, YEARS), make_offer("WC92", "乙", REVENUE)]
    customer = make_asked(years_in_business=3.0)
    match_customers(customer_ids=[customer.pk], as_of=TODAY)
    stored = CustomerMatch.objects.get(pk=customer.pk)
    of = book_of(stored.book_number)
    places = {offer.version_id: no for no, offer in enumerate(of.offers)}
    found = outcomes_of(
        "annual_revenue", index=Index(of), facts=stored.inputs,
        failed=stored.failed, unknown=stored.unknown,
    )  # fmt: skip

    for one in found:
        Portrait.objects.filter(pk=customer.pk).update(annual_revenue=one.piece.value)
        match_customers(customer_ids=[customer.pk], as_of=TODAY)
        stored.refresh_from_db()
        for version in versions:
            no = places[version.pk]
            assert stored.outcomes[no] == one.letters[no]


def test_the_year_of_founding_would_tell_the_stage_of_life():
    """b.5: under three years start-up, from three years on mature where nothing moves fast."""
    customer = make_asked(
        stage="unknown", years_in_business=None, revenue_change=0.05, inflow_trend=0.02,
        inflow_trend_before=0.01, annual_revenue=900_000.0, employees_change=0.0,
    )  # fmt: skip

    found = asked(customer)[0]

    assert found.feature == "years_in_business"
    told = [change.text for change in found.changes]
    assert any("初创期" in text and "低于" in text for text in told), told
    assert any("成熟期" in text and "不低于" in text for text in told), told


def test_no_stage_is_told_that_the_portrait_alone_does_not_explain():
    customer = make_asked(stage="growth", years_in_business=None)

    found = asked(customer)

    assert found
    assert not any("客户处于" in change.text for one in found for change in one.changes)
