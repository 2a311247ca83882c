"""The made-up field work hangs together: nothing overlaps, nothing lies ahead, ends are real."""

import itertools
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F

from crm.core.models import Task, User
from customers.models import Loan
from marketing.demo.build import make_field_work
from marketing.demo.frame import Work
from marketing.demo.reset import empty_field_work
from marketing.models import (
    BranchStrategy,
    CareTask,
    CoordinationItem,
    MarketSurvey,
    Opportunity,
    PlannedVisit,
    RegTarget,
    StageEvent,
    Visit,
    VisitFact,
    VisitReview,
)
from marketing.pipeline import TRACKS
from marketing.planning.flags import FLAGS
from tests.demo_bank import AS_OF, quiet


@pytest.fixture
def worked(demo_bank):
    make_field_work(Work(AS_OF, 1), quiet)
    return demo_bank


def told():
    """Everything that must be the same in every run of the same seed."""
    return (
        list(
            Visit.objects.order_by("pk").values_list(
                "pk", "key", "customer_id", "started_at", "summary", "next_on"
            )
        ),
        list(
            Opportunity.objects.order_by("pk").values_list(
                "customer_id", "stage", "amount", "opened_at", "closed_at"
            )
        ),
        list(StageEvent.objects.order_by("pk").values_list("opportunity_id", "to_stage", "at")),
        list(RegTarget.objects.order_by("pk").values_list("branch_id", "metric", "target")),
    )


def test_the_same_seed_makes_the_same_field_work_again(worked):
    first = told()

    empty_field_work()
    make_field_work(Work(AS_OF, 1), quiet)

    assert told() == first


def test_visits_are_those_of_the_manager_in_charge_and_never_two_at_once(worked):
    """VIS-2: a visit counts where it was made."""
    rows = list(Visit.objects.order_by("manager", "started_at").select_related("manager"))

    assert rows
    for one, following in itertools.pairwise(rows):
        if one.manager_id == following.manager_id:
            assert one.ended_at <= following.started_at
    assert all(one.manager_scope_no == one.manager.scope_no for one in rows)
    assert all(one.started_at.date() < AS_OF for one in rows)
    assert {flag for one in rows for flag in one.flags} <= set(FLAGS)


def test_each_visit_has_a_next_step_within_a_month_or_a_reason(worked):
    """VIS-5."""
    for one in Visit.objects.all():
        day = one.started_at.date()
        assert one.closed_reason or day < one.next_on <= day + timedelta(days=40)


def test_moves_of_an_opportunity_follow_one_another_to_where_it_stands(worked):
    """OPP-2: each stage once, in order, times never backwards."""
    for row in Opportunity.objects.prefetch_related("events"):
        events = sorted(row.events.all(), key=lambda event: event.pk)
        stages = [event.to_stage for event in events if event.to_stage != "lost"]
        track = [stage.key for stage in TRACKS[row.pipeline].stages]
        assert stages == track[: track.index(row.stage) + 1]
        assert all(a.at <= b.at for a, b in itertools.pairwise(events))
        assert (events[-1].to_stage == "lost") == (row.state == "lost")
        assert events[0].at == row.opened_at
        assert events[-1].at == (row.closed_at or row.stage_since)


def test_won_loans_end_on_the_day_a_loan_was_drawn(worked):
    won = Opportunity.objects.filter(pipeline="credit", state="won")

    assert won.exists()
    for row in won:
        day = row.closed_at.astimezone().date()
        assert Loan.objects.filter(
            customer=row.customer_id, family=row.family, drawn_on=day
        ).exists()


def test_every_part_of_the_field_work_is_there(worked):
    kinds = (Visit, VisitFact, VisitReview, PlannedVisit, Opportunity, CareTask, CoordinationItem,
             MarketSurvey, RegTarget, BranchStrategy)  # fmt: skip

    assert [kind.__name__ for kind in kinds if not kind.objects.exists()] == []
    assert set(Opportunity.objects.values_list("state", flat=True)) == {"open", "won", "lost"}


def test_facts_said_are_counted_and_nobody_approves_the_own_survey_or_goal(worked):
    counted = Visit.objects.annotate(n=Count("facts"))

    assert not counted.exclude(n=F("facts_said")).exists()
    assert not RegTarget.objects.filter(made_by=F("decided_by")).exists()
    assert not MarketSurvey.objects.filter(made_by=F("approved_by")).exists()


def test_promises_are_to_dos_of_those_who_gave_them(worked):
    for task in Task.objects.filter(kind="marketing.promise"):
        visit = Visit.objects.get(pk=int(task.unique_key))
        assert (task.owner_id, task.due_on) == (visit.manager_id, visit.promise_on)
        assert task.link == visit.get_absolute_url()


def test_it_is_not_made_twice(worked):
    with pytest.raises(CommandError):
        call_command("make_field_work", as_of=AS_OF)


def test_it_is_made_on_a_demo_database_only(demo_bank, settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("make_field_work", as_of=AS_OF)

    assert not User.objects.filter(username="linqing").exists()
