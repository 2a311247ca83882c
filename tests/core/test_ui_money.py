"""Amounts as people read them: the unit, the rounding, the exact figure behind."""

import re
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.core.money import SCALES, exact_money, grouped, money_figure, rounded
from crm.core.templatetags.ui_figures import money, number, percent

amounts = st.decimals(
    min_value=Decimal("-1e14"), max_value=Decimal("1e14"), places=2, allow_nan=False
)
ENGLISH = {"": Decimal(1), "k": Decimal(1_000), "m": Decimal(10**6), "bn": Decimal(10**9)}


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("0", "0 元"),
        ("853", "853 元"),
        ("853.5", "853.50 元"),
        ("-853", "−853 元"),
        ("9999.99", "9,999.99 元"),
        ("9999.996", "1 万元"),
        ("10000", "1 万元"),
        ("462000", "46.2 万元"),
        ("9999600", "1,000 万元"),
        ("12864213.5", "1,286 万元"),
        ("99994999", "9,999 万元"),
        ("99995000", "1.00 亿元"),
        ("182000000", "1.82 亿元"),
        ("-643000000", "−6.43 亿元"),
    ],
)
def test_chinese_amounts_read_as_a_banker_says_them(yuan, shown):
    figure = money_figure(Decimal(yuan))

    assert str(figure) == shown


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("853", "¥853"),
        ("46250.5", "¥46,251"),
        ("-12860000", "−¥12.86m"),
        ("999999.6", "¥1m"),
        ("1290000000", "¥1.29bn"),
    ],
)
def test_english_amounts_use_thousands_millions_and_billions(yuan, shown):
    figure = money_figure(Decimal(yuan), chinese=False)

    assert str(figure) == shown


@given(amounts)
def test_a_rounded_amount_is_never_further_off_than_half_its_last_digit(yuan):
    figure = money_figure(yuan)

    unit = {"元": "yuan", "万元": "wan", "亿元": "yi"}[figure.unit]
    digits = figure.digits.replace(",", "").replace("−", "-")
    places = {"yuan": 2, "wan": 1, "yi": 2}[unit]
    if unit == "wan" and abs(Decimal(digits)) >= 1_000:
        places = 0
    assert abs(Decimal(digits) * SCALES[unit] - yuan) <= SCALES[unit] * Decimal(10) ** -places / 2


@given(amounts)
def test_no_amount_below_a_trillion_shows_more_than_six_digits(yuan):
    figure = money_figure(yuan)

    if abs(yuan) < Decimal("1e12"):
        assert len(re.findall(r"\d", figure.digits)) <= 6


@given(amounts, amounts)
def test_a_larger_amount_never_reads_smaller(first, second):
    low, high = sorted((first, second))

    def read(yuan):
        figure = money_figure(yuan)
        scale = {"元": SCALES["yuan"], "万元": SCALES["wan"], "亿元": SCALES["yi"]}[figure.unit]
        return Decimal(figure.digits.replace(",", "").replace("−", "-")) * scale

    assert read(low) <= read(high)


@given(amounts)
def test_english_amounts_keep_their_size(yuan):
    figure = money_figure(yuan, chinese=False)

    digits = Decimal(figure.digits.replace(",", "").replace("−", "-"))
    assert abs(digits * ENGLISH[figure.unit] - yuan) <= max(abs(yuan) / 100, Decimal("0.5"))


@given(amounts)
def test_the_title_loses_no_fen(yuan):
    shown = exact_money(yuan)

    assert Decimal(shown.removesuffix(" 元").replace(",", "").replace("−", "-")) == yuan


@given(st.decimals(min_value=-1, max_value=1, places=6), st.integers(0, 4))
def test_nothing_is_shown_as_minus_zero(value, places):
    shown = grouped(value, places)

    assert rounded(value, places) != 0 or not shown.startswith("−")


def test_a_fixed_unit_keeps_a_column_comparable():
    shown = [str(money_figure(Decimal(yuan), unit="wan")) for yuan in ("853", "12864213")]

    assert shown == ["0.1 万元", "1,286 万元"]


def test_an_unknown_amount_is_a_dash_that_says_unknown():
    with translation.override("zh-hans"):
        html = money(None)

    assert "—" in html
    assert 'aria-label="未知"' in html
    assert "0" not in html.replace("—", "")


def test_money_carries_the_exact_amount_in_its_title():
    with translation.override("zh-hans"):
        html = money(Decimal("12864213.50"))

    assert 'title="12,864,213.50 元"' in html
    assert "1,286" in html


def test_what_is_no_number_is_shown_as_unknown():
    with translation.override("zh-hans"):
        shown = [money("abc"), number(float("nan")), percent(float("inf")), number("")]

    assert all("未知" in html for html in shown)


def test_huge_amounts_do_not_break_the_page():
    with translation.override("zh-hans"):
        html = money(Decimal(10) ** 30)

    assert "亿元" in html


def test_a_percentage_is_signed_and_coloured_by_what_is_good():
    with translation.override("zh-hans"):
        worse = percent(Decimal("-0.084"), sign=True, good="up")
        better = percent(Decimal("-0.084"), sign=True, good="down")

    assert "−8.4%" in worse and "bad-text" in worse
    assert "good-text" in better
