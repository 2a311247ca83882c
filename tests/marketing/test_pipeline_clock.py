"""Deadlines, age and silence: the rule of one row and the filter of many agree (OPP-3, OPP-5)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.core.parameters import parameters
from marketing.models import Opportunity
from marketing.pipeline import TRACKS
from marketing.pipeline.clock import (
    BANDS,
    age_days,
    aged,
    band_of,
    due_on,
    is_overdue,
    is_stalled,
    overdue,
    stage_days,
    stalled,
    tone,
)
from tests.factories import make_customer, make_user
from tests.marketing.deals import make_offer
from tests.marketing.factories import load_rules, make_opportunity

TODAY = date(2026, 11, 20)
SLA = {  # e.6, as it is written there
    "credit": {
        "lead": 5, "qualified": 7, "investigated": 7, "submitted": 3, "approved": 5, "signed": 5,
        "drawn": None,
    },
    "other": {"lead": 7, "offered": 7, "agreed": 5, "opened": 3, "active": None},
}  # fmt: skip


@pytest.fixture
def known():
    load_rules()
    return parameters(TODAY)


def noon(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


def test_the_days_of_every_stage_are_those_of_the_specification(known):
    found = {
        track.key: {
            stage.key: stage_days(
                pipeline=track.key, stage=stage.key, family="insurance", version=None, known=known
            )
            for stage in track.stages
        }
        for track in TRACKS.values()
    }

    assert found == SLA


def test_a_fast_loan_is_decided_in_one_day(known):
    fast, slow = make_offer(decision_lane="auto"), make_offer(decision_lane="manual")

    def days(stage, version):
        return stage_days(
            pipeline="credit", stage=stage, family="loan", version=version, known=known
        )

    assert (days("approved", fast), days("approved", slow)) == (1, 5)
    assert days("signed", fast) == 5


@pytest.mark.parametrize(("family", "days"), [("deposit", 33), ("acquiring", 10), ("payroll", 34)])
def test_opening_may_take_its_days_and_those_of_the_usage_test(known, family, days):
    found = stage_days(pipeline="other", stage="opened", family=family, version=None, known=known)

    assert found == days


def test_a_stage_ends_by_the_calendar_of_china():
    late = datetime(2026, 11, 2, 16, 30, tzinfo=UTC)  # half past midnight in China

    assert due_on(late, 5) == date(2026, 11, 8)
    assert due_on(late, None) is None


@pytest.mark.parametrize(
    ("used", "allowed", "colour"),
    [(3, 5, ""), (4, 5, "warn"), (5, 5, "bad"), (9, 5, "bad"), (5, 7, ""), (6, 7, "warn"),
     (0, 1, ""), (1, 1, "bad"), (2, 3, ""), (3, 3, "bad")],
)  # fmt: skip
def test_amber_from_eighty_per_cent_and_red_at_the_whole_time(known, used, allowed, colour):
    since = TODAY - timedelta(days=used)
    row = make_opportunity(
        make_customer(make_user("rm")),
        stage_since=noon(since),
        stage_due_on=since + timedelta(days=allowed),
    )

    assert tone(row, TODAY, known) == colour
    assert is_overdue(row, TODAY) == (colour == "bad")


def test_bands_leave_no_age_out_and_hold_none_twice():
    assert [band.key for band in BANDS] == ["0-7", "8-14", "15-30", "31-60", "60+"]
    assert all(one.high + 1 == other.low for one, other in pairwise(BANDS))
    assert [band_of(days).key for days in (0, 7, 8, 14, 15, 30, 31, 60, 61, 999)] == [
        "0-7", "0-7", "8-14", "8-14", "15-30", "15-30", "31-60", "31-60", "60+", "60+",
    ]  # fmt: skip


class OneRowAndManyAgree(TestCase):
    """Whatever the days, a filter finds the row exactly when the rule of one row says so."""

    @classmethod
    def setUpTestData(cls):
        load_rules()
        cls.row = make_opportunity(make_customer(make_user("rm")))

    @settings(max_examples=80, deadline=None)
    @given(
        opened=st.datetimes(
            datetime(2026, 8, 1), datetime(2026, 11, 20, 15, 59), timezones=st.just(UTC)
        ),
        due=st.none() | st.dates(date(2026, 10, 1), date(2027, 1, 1)),
        acted=st.dates(date(2026, 10, 1), TODAY),
        state=st.sampled_from(["open", "won", "lost"]),
    )
    def test_filters_say_what_rows_say(self, opened, due, acted, state):
        closed = noon(TODAY) if state != "open" else None
        Opportunity.objects.filter(pk=self.row.pk).update(
            opened_at=opened, stage_due_on=due, last_action_on=acted, state=state,
            closed_at=closed, lost_reason="price" if state == "lost" else "",
        )  # fmt: skip
        row, known = Opportunity.objects.get(pk=self.row.pk), parameters(TODAY)

        def found(condition):
            return Opportunity.objects.filter(condition, pk=row.pk).exists()

        assert found(overdue(TODAY)) == is_overdue(row, TODAY)
        assert found(stalled(TODAY, known)) == is_stalled(row, TODAY, known)
        assert [band for band in BANDS if found(aged(band, TODAY))] == [
            band_of((TODAY - timezone.localdate(opened)).days)
        ]
        if state == "open":
            assert band_of(age_days(row, TODAY)) == band_of(
                (TODAY - timezone.localdate(opened)).days
            )


@pytest.mark.parametrize(("days", "is_silent"), [(13, False), (14, True)])
def test_fourteen_days_without_action_is_stalled(known, days, is_silent):
    row = make_opportunity(
        make_customer(make_user("rm")), last_action_on=TODAY - timedelta(days=days)
    )

    assert is_stalled(row, TODAY, known) == is_silent
