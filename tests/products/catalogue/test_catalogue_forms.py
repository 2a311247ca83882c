"""What is written in a draft's form: 万元 and percent without loss, bounds the right way round."""

from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from products.forms.catalogue import FeeForm, fee_forms
from products.forms.fields import LinesField, PercentField, WanField
from products.selectors.version_checks import term_problems
from tests.products.factories import make_fee, make_version

AMOUNTS = st.decimals(0, 10**11, places=2, allow_nan=False)
SHARES = st.decimals(0, 1, places=6, allow_nan=False)
ENTRIES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Z"), exclude_characters=",，、;；"),
    min_size=1,
    max_size=80,
)


@given(AMOUNTS)
def test_an_amount_shown_and_sent_back_is_the_same_to_the_fen(amount):
    field = WanField(required=False)

    assert field.clean(field.prepare_value(amount)) == amount


@given(st.decimals(0, 10**7, places=6, allow_nan=False))
def test_ten_thousand_yuan_are_ten_thousand_times_as_many_yuan(written):
    amount = WanField().clean(str(written))

    assert amount is not None
    assert abs(amount - written * 10_000) <= Decimal("0.005")


@given(SHARES)
def test_a_share_shown_and_sent_back_is_the_same(share):
    field = PercentField(required=False)

    assert field.clean(field.prepare_value(share)) == share


@pytest.mark.parametrize(
    ("written", "yuan"), [("30", "300000.00"), ("0.5", "5000.00"), ("1,5", None), ("", None)]
)
def test_wan_as_people_write_it(written, yuan):
    field = WanField(required=False)

    if yuan is None and written:
        with pytest.raises(forms.ValidationError):
            field.clean(written)
    else:
        assert field.clean(written) == (Decimal(yuan) if yuan else None)


@pytest.mark.parametrize("text", ["-1", "1e400", "NaN", "Infinity", "三十", "9" * 30, "1.1234567"])
@pytest.mark.parametrize("field", [WanField(), PercentField()])
def test_what_is_no_amount_is_refused(field, text):
    with pytest.raises(forms.ValidationError):
        field.clean(text)


@given(st.lists(ENTRIES))
def test_lines_shown_and_sent_back_are_the_same(entries):
    field = LinesField(required=False)
    once = list(dict.fromkeys(entries))

    assert field.clean(field.prepare_value(once)) == once


def test_a_line_that_is_too_long_is_named():
    with pytest.raises(forms.ValidationError, match="长"):
        LinesField(longest=5).clean("短\n很长很长很长很长")


@given(low=st.none() | st.integers(-10_000, 10_000), high=st.none() | st.integers(-10_000, 10_000))
def test_spreads_are_refused_exactly_when_they_cross(low, high):
    problems = term_problems({"spread_min_bp": low, "spread_max_bp": high})

    crosses = low is not None and high is not None and low > high
    assert bool(problems) == crosses


@given(low=st.none() | AMOUNTS, high=st.none() | AMOUNTS)
def test_amounts_are_refused_exactly_when_they_cross(low, high):
    problems = term_problems({"amount_min": low, "amount_max": high})

    crosses = low is not None and high is not None and low > high
    assert bool(problems) == crosses


@given(
    low=st.none() | st.integers(-5, 700),
    high=st.none() | st.integers(-5, 700),
    draw=st.none() | st.integers(-5, 700),
)
def test_terms_are_1_to_600_months_in_order(low, high, draw):
    names = ("term_min_months", "term_max_months", "draw_max_months")

    problems = term_problems(dict(zip(names, (low, high, draw), strict=True)))

    given_ones = [months for months in (low, high, draw) if months is not None]
    is_fine = all(1 <= months <= 600 for months in given_ones)
    is_fine &= low is None or high is None or low <= high
    is_fine &= draw is None or high is None or draw <= high
    assert (not problems) == is_fine


@given(st.dictionaries(st.sampled_from(["home", "shop", "moon"]), st.text(max_size=6), max_size=3))
def test_loan_to_value_never_crashes(shares):
    problems = term_problems({"loan_to_value": shares})

    if "moon" in shares:
        assert "loan_to_value" in problems


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"name_zh": "评估费", "timing": "upfront", "share": "0.5"}, None),
        ({"name_zh": "年费", "timing": "yearly", "sum_amount": "200"}, None),
        ({"name_zh": "费", "timing": "upfront"}, "sum_amount"),
        ({"name_zh": "费", "timing": "upfront", "share": "1", "sum_amount": "2"}, "sum_amount"),
        ({"timing": "upfront", "share": "1"}, "name_zh"),
        ({"name_zh": "费", "timing": "upfront", "share": "101"}, "share"),
    ],
)
def test_a_fee_is_a_sum_or_a_share(data, wrong):
    form = FeeForm(data)

    assert form.is_valid() == (wrong is None)
    if wrong:
        assert wrong in form.errors


def test_after_a_clash_a_fee_that_was_removed_stays_removed():
    version = make_version(state="draft")
    make_fee(version)

    stored, mine = fee_forms(version), fee_forms(version, fees=[])

    assert [form.initial.get("name_zh") for form in stored] == ["评估费", None, None]
    assert [form.initial.get("name_zh") for form in mine] == [None, None]
