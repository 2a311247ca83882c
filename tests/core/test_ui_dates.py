"""Days and ages as the screens show them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.core.templatetags.ui_figures import when

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in Shanghai


def shown(value, style="date", now=NOON):
    with translation.override("zh-hans"):
        html = when(Context({"now": now}), value, style)
    return html.partition(">")[2].removesuffix("</time>")


def test_this_year_is_implied():
    assert shown(date(2026, 11, 12)) == "11-12"


def test_another_year_is_written():
    assert shown(date(2024, 11, 21)) == "2024-11-21"


def test_a_time_is_shown_in_the_bank_s_zone():
    assert shown(datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "time") == "07:30"
    assert shown(datetime(2026, 11, 19, 23, 30, tzinfo=UTC), "time") == "11-20 07:30"


@pytest.mark.parametrize(
    ("back", "text"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=2), "2 小时前"),
        (timedelta(hours=13), "昨天"),
        (timedelta(days=9), "9 天前"),
        (timedelta(days=99), "3 个月前"),
        (timedelta(days=800), "2 年前"),
        (timedelta(minutes=-30), "30 分钟后"),
        (timedelta(days=-1), "明天"),
        (timedelta(days=-30), "30 天后"),
    ],
)
def test_an_age_is_said_in_one_unit(back, text):
    assert shown(NOON - back, "age") == text


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2050, 1, 1)))
def test_every_moment_has_an_age_and_an_exact_title(moment):
    value = moment.replace(tzinfo=UTC)

    with translation.override("zh-hans"):
        html = when(Context({"now": NOON}), value, "age")

    local = value + timedelta(hours=8)
    assert f'title="{local:%Y-%m-%d %H:%M}"' in html
    assert shown(value, "age")


def test_today_of_the_context_is_the_clock():
    with translation.override("zh-hans"):
        html = when(Context({"today": date(2024, 12, 31)}), date(2024, 11, 21), "age")

    assert ">40 天前<" in html


def test_a_missing_day_is_unknown():
    with translation.override("zh-hans"):
        assert "未知" in when(Context(), None)
