"""One cell to one value: nothing is guessed, nothing breaks."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.imports import cells
from customers.imports.cells import BadCell


def refused(read, *args, **options) -> str:
    with pytest.raises(BadCell) as caught:
        read(*args, **options)
    return caught.value.code


def money(text: str) -> Decimal:
    return cells.number(text, places=2, digits=18, scaled=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.50"),
        ("1,234.5", "1234.50"),
        ("１２３", "123.00"),
        ("１，２３４．５０", "1234.50"),
        ("-943.4", "-943.40"),
        ("−12", "-12.00"),
        ("¥1,000", "1000.00"),
        ("1000元", "1000.00"),
        ("3.5万", "35000.00"),
        ("1.2亿元", "120000000.00"),
        (" 12 ", "12.00"),
        ("0.10", "0.10"),
        ("-0", "0.00"),
        ("1598.2900000000002", "1598.29"),
        ("100.0000", "100.00"),
    ],
)
def test_amounts_that_are_clearly_one_amount_are_read(text, value):
    read = money(text)

    assert read == Decimal(value)
    assert str(read) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12,34.5", "grouping"),
        ("1.234,5", "grouping"),
        ("1,23,456", "grouping"),
        ("abc", "not_a_number"),
        ("--5", "not_a_number"),
        ("10^30", "not_a_number"),
        ("1" + "0" * 30, "number_too_large"),
        ("1" + "0" * 200, "number_too_large"),
        ("1e30", "scientific"),
        ("1.23E+11", "scientific"),
        ("1.234", "too_many_places"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("1\x00", "nul_character"),
        ("三百", "not_a_number"),
        ("1 万 亿", "not_a_number"),
    ],
)
def test_amounts_that_are_not_clearly_one_amount_are_refused_with_a_reason(text, code):
    assert refused(money, text) == code


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-28",
        "2026/2/28",
        "2026.02.28",
        "20260228",
        "2026年2月28日",
        "2026-02-28 00:00:00",
        "２０２６-０２-２８",
        "46081",
        "46081.5",
        "2026-02-28T10:30:00",
    ],
)
def test_every_common_way_to_write_a_day_is_read(text):
    assert cells.day(text) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-02-30", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("20261345", "no_such_day"),
        ("0001-01-01", "day_out_of_range"),
        ("9999-12-31", "day_out_of_range"),
        ("3/4/2026", "day_ambiguous"),
        ("26-02-28", "day_ambiguous"),
        ("2026-02", "not_a_day"),
        ("tomorrow", "not_a_day"),
        ("123", "not_a_day"),
    ],
)
def test_days_the_calendar_lacks_or_nobody_can_tell_are_refused(text, code):
    assert refused(cells.day, text) == code


def test_a_month_stands_for_its_first_day_only_when_the_mapping_says_so():
    assert cells.day("2016-11", month_ok=True) == date(2016, 11, 1)
    assert refused(cells.day, "2016-11") == "not_a_day"


@pytest.mark.parametrize(
    "text", ["2026-02", "202602", "2026/2", "2026年2月", "2026-02-28", "46081", "2026年02月份"]
)
def test_every_common_way_to_write_a_month_is_read(text):
    assert cells.month(text) == 2026 * 12 + 1


def test_a_thirteenth_month_is_refused():
    assert refused(cells.month, "2026-13") == "no_such_month"


def test_a_number_that_a_spreadsheet_shortened_is_no_code():
    assert refused(cells.code, "1.23457E+11", 20) == "digits_lost"


@pytest.mark.parametrize(
    ("text", "code"), [("3390939.0", "3390939"), ("0012", "0012"), ("'0012", "0012"), ("A 1", "A1")]
)
def test_codes_keep_their_zeros_and_lose_what_a_spreadsheet_added(text, code):
    assert cells.code(text, 20) == code


def test_a_name_of_ten_thousand_characters_is_refused_with_its_length():
    with pytest.raises(BadCell) as caught:
        cells.words("名" * 10_000, 120)

    assert caught.value.details == {"length": 10_000, "most": 120}


@pytest.mark.parametrize(
    ("text", "share"),
    [("12.5%", "0.125"), ("0.125", "0.125"), ("１２．５％", "0.125"), ("4‰", "0.004")],
)
def test_shares_are_read_with_and_without_their_sign(text, share):
    assert cells.share(text) == Decimal(share)


@given(st.text())
def test_no_text_breaks_a_parser(text):
    for read in (money, cells.day, cells.month, cells.flag, cells.share):
        try:
            read(text)
        except BadCell as fault:
            assert fault.code


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_an_amount_written_plainly_or_with_separators_is_read_exactly(value):
    assert money(f"{value}") == value
    assert money(f"{value:,}") == value


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_is_read_back_from_each_way_of_writing_it(day):
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日"):
        assert cells.day(text) == day


@given(st.integers(min_value=1900 * 12, max_value=2199 * 12 + 11))
def test_a_month_is_read_back_from_each_way_of_writing_it(ym):
    year, month = ym // 12, ym % 12 + 1
    for text in (f"{year}-{month:02d}", f"{year}{month:02d}", f"{year}年{month}月"):
        assert cells.month(text) == ym


@given(st.from_regex(r"[0-9A-Z][0-9A-Z_-]{0,19}", fullmatch=True))
def test_a_plain_code_is_kept_as_it_is(code):
    assert cells.code(code, 20) == code
