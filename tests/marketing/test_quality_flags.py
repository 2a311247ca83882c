"""Signs of a visit that was not made, and what counts as a valid one (VIS-6)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from crm.core.models import RuleParameter
from crm.core.services.reference import load_reference
from marketing.models import Visit, VisitPhoto
from marketing.planning.flags import (
    CheckIn,
    Limits,
    is_copied,
    is_near_copy,
    likeness,
    pairs_of,
    plain_text,
    speed_kmh,
)
from marketing.planning.route import Point
from marketing.planning.sample import drawn
from marketing.planning.valid import is_valid_visit, valid_visit_sql, valid_visits
from marketing.services.quality import check_visits, draw_sample
from tests.factories import make_customer, make_user
from tests.marketing.factories import MONDAY, make_visit

LIMITS = Limits(3, 100, 0.9, 12, 50, 4)
TEXT = "老板娘说上半年订单比去年多两成，仓库里备了三个月的料，想再添一台数控车床。"


@pytest.fixture(autouse=True)
def rules():
    if not RuleParameter.objects.filter(key="quality.most_kmh").exists():
        load_reference()


def add_photo(visit, *, sha256="a" * 64, likeness=None):
    return VisitPhoto.objects.create(
        visit=visit, customer=visit.customer, key=uuid4(), kind="door", sha256=sha256,
        likeness=likeness, byte_count=1000, path="x.jpg",
    )  # fmt: skip


def flags(visit):
    visit.refresh_from_db()
    return visit.flags


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_that_of_two_bags_of_pairs(one, other):
    first, second = plain_text(one), plain_text(other)
    left = sorted(first[no : no + 2] for no in range(len(first) - 1))
    right = sorted(second[no : no + 2] for no in range(len(second) - 1))
    rest, shared = list(right), 0
    for pair in left:
        if pair in rest:
            rest.remove(pair)
            shared += 1

    found = likeness(pairs_of(one), pairs_of(other))

    expected = 2 * shared / (len(left) + len(right)) if left or right else 0.0
    assert found == pytest.approx(expected)
    assert 0 <= found <= 1


def test_a_summary_with_other_punctuation_and_one_other_sign_is_copied():
    again = TEXT.replace("，", ", ").replace("三个月", "四个月")

    assert is_copied(again, [TEXT], LIMITS)
    assert not is_copied("今天主要谈了续贷，客户担心利率，答应下周给答复。", [TEXT], LIMITS)
    assert not is_copied("客户不在。", ["客户不在。"], LIMITS)


def test_near_copies_differ_in_few_bits_also_below_zero():
    kept = -0x0F0F0F0F0F0F0F0F

    assert is_near_copy(kept, kept ^ 0b1111, LIMITS)
    assert not is_near_copy(kept, kept ^ 0b11111, LIMITS)
    assert not is_near_copy(None, None, LIMITS)


def test_the_speed_between_two_check_ins_is_told_in_km_an_hour():
    start = datetime(2026, 11, 23, 2, tzinfo=UTC)
    one = CheckIn(start, Point(30.0, 120.0))
    other = CheckIn(start + timedelta(minutes=30), Point(31.0, 120.0))

    assert speed_kmh(one, other) == pytest.approx(2 * 111.195, rel=1e-3)


def test_a_visit_of_two_minutes_is_too_short():
    short = make_visit(ended_at=MONDAY + timedelta(seconds=179))
    enough = make_visit(ended_at=MONDAY + timedelta(seconds=180), summary="另一家")

    check_visits(visit_ids=[short.pk, enough.pk])

    assert flags(short) == ["too_short"]
    assert flags(enough) == []


def test_nobody_drives_a_hundred_kilometres_in_half_an_hour():
    rm = make_user("rm")
    place = {"latitude": 30.0, "longitude": 120.0}
    far = {"latitude": 31.0, "longitude": 120.0}
    first = make_visit(make_customer(rm), checked_in_at=MONDAY, summary="甲", **place)
    later = MONDAY + timedelta(minutes=30)
    second = make_visit(make_customer(rm), at=later, checked_in_at=later, summary="乙", **far)

    check_visits(visit_ids=[first.pk, second.pk])

    assert flags(first) == []
    assert flags(second) == ["too_fast"]


def test_a_visit_that_arrives_late_clears_or_blames_the_one_after_it():
    """Offline visits come in any order: flags are the same as if they had come in time."""
    rm = make_user("rm")
    far = {"latitude": 31.0, "longitude": 120.0}
    noon = MONDAY + timedelta(hours=2)
    after = make_visit(make_customer(rm), at=noon, checked_in_at=noon, summary="乙", **far)
    check_visits(visit_ids=[after.pk])
    assert flags(after) == []

    before = noon - timedelta(minutes=20)
    late = make_visit(
        make_customer(rm), at=before, checked_in_at=before, summary="甲",
        latitude=30.0, longitude=120.0,
    )  # fmt: skip
    check_visits(visit_ids=[late.pk])

    assert flags(after) == ["too_fast"]


def test_the_photo_of_another_visit_is_found_by_file_and_by_likeness():
    rm = make_user("rm")
    kept = make_visit(make_customer(rm), summary="甲")
    add_photo(kept, sha256="a" * 64, likeness=0x00FF00FF00FF00FF)
    same_file = make_visit(at=MONDAY + timedelta(days=9), summary="乙")  # somebody else's
    add_photo(same_file, sha256="a" * 64)
    near = make_visit(make_customer(rm), at=MONDAY + timedelta(days=1), summary="丙")
    add_photo(near, sha256="b" * 64, likeness=0x00FF00FF00FF00FC)
    own = make_visit(make_customer(rm), at=MONDAY + timedelta(days=2), summary="丁")
    add_photo(own, sha256="c" * 64, likeness=0x7F00FF00FF00FF00)

    check_visits(visit_ids=[kept.pk, same_file.pk, near.pk, own.pk])

    assert flags(kept) == []
    assert flags(same_file) == ["same_photo"]
    assert flags(near) == ["same_photo"]
    assert flags(own) == []


def test_flags_are_the_same_when_counted_again():
    rm = make_user("rm")
    first = make_visit(make_customer(rm), summary=TEXT)
    again = make_visit(make_customer(rm), at=MONDAY + timedelta(hours=3), summary=TEXT)

    for _time in range(2):
        check_visits(visit_ids=[again.pk, first.pk])

    assert flags(first) == []
    assert flags(again) == ["copied"]


def test_a_text_of_another_manager_at_the_same_customer_counts():
    customer = make_customer(make_user("rm"))
    make_visit(customer, summary=TEXT)
    other = make_visit(customer, by=make_user("rm"), at=MONDAY + timedelta(days=3), summary=TEXT)

    check_visits(visit_ids=[other.pk])

    assert flags(other) == ["copied"]


def test_checking_many_earlier_visits_costs_no_more_queries(same_queries):
    rm = make_user("rm")
    visit = make_visit(make_customer(rm), at=MONDAY + timedelta(days=5), summary=TEXT)

    same_queries(
        lambda: check_visits(visit_ids=[visit.pk]),
        grow=lambda: [make_visit(make_customer(rm), summary=f"第{no}家") for no in range(8)],
    )


@given(st.lists(st.uuids(), max_size=120, unique=True), st.dates())
def test_a_draw_is_a_twentieth_one_at_least_and_always_the_same(keys, day):
    found = drawn(keys, week_on=day, share=Decimal("0.05"))

    assert len(found) == ceil(len(keys) / 20)
    assert set(found) <= set(keys)
    assert drawn(reversed(keys), week_on=day, share=Decimal("0.05")) == found


def test_each_manager_has_one_visit_drawn_a_week_and_no_second_draw():
    """VIS-6: five per cent, one at least."""
    one, other = make_user("rm"), make_user("rm")
    for no in range(25):
        make_visit(make_customer(one), key=UUID(int=no + 1), summary=f"甲{no}")
    make_visit(make_customer(other), summary="乙")
    make_visit(make_customer(other), at=MONDAY + timedelta(days=7), summary="下一周")

    first = draw_sample(week_on=date(2026, 11, 18))
    second = draw_sample(week_on=date(2026, 11, 16))

    assert (first, second) == (3, 0)
    assert Visit.objects.filter(manager=one, sampled_on=date(2026, 11, 16)).count() == 2
    assert Visit.objects.filter(manager=other, sampled_on=date(2026, 11, 16)).count() == 1


@pytest.mark.parametrize(
    ("quality", "flagged", "expected"),
    [(None, [], True), (None, ["copied"], False), (3, ["copied"], True), (2, [], False)],
)
def test_a_valid_visit_is_told_alike_in_python_filter_and_sql(quality, flagged, expected):
    """g.1: a valid visit has quality of three or more."""
    visit = make_visit(quality=quality, flags=flagged)

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {valid_visit_sql('v')} FROM marketing_visit v WHERE v.id = %(id)s",
            {"valid_score": 3, "id": visit.pk},
        )
        in_sql = cursor.fetchone()[0]

    assert is_valid_visit(quality=quality, flags=flagged, valid_score=3) is expected
    assert Visit.objects.filter(valid_visits(3), pk=visit.pk).exists() is expected
    assert in_sql is expected
