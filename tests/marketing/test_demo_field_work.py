"""The made-up field work hangs together: nothing overlaps, nothing lies ahead, ends are real."""

import itertools
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F

from crm.core.models import Task, User
from crm.core.parameters import parameters
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
        list(
            StageEvent.objects.order_by("pk").values_list(
                "opportunity_id", "to_stage", "at", "evidence", "skip_reason"
            )
        ),
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
    """OPP-2: each stage once, in order, but for those skipped for a reason; never back in time."""
    for row in Opportunity.objects.prefetch_related("events"):
        events = sorted(row.events.all(), key=lambda event: event.pk)
        stages = [event.to_stage for event in events if event.to_stage != "lost"]
        track = [stage.key for stage in TRACKS[row.pipeline].stages]
        skips = [event for event in events if event.skip_reason]
        assert len(stages) + len(skips) == track.index(row.stage) + 1
        assert stages == [key for key in track if key in stages] and stages[-1] == row.stage
        assert [event.from_stage for event in events] == ["", *(e.to_stage for e in events[:-1])]
        assert all(a.at <= b.at for a, b in itertools.pairwise(events))
        assert (events[-1].to_stage == "lost") == (row.state == "lost")
        assert events[0].at == row.opened_at
        assert events[-1].at == (row.closed_at or row.stage_since)


def test_each_move_carries_what_its_gate_asked_for_as_one_by_hand_does(worked):
    """OPP-2: the evidence of the exit criteria, in the shape that a move keeps."""
    skips = 0
    for event in StageEvent.objects.exclude(from_stage="").select_related("opportunity"):
        row, track = event.opportunity, TRACKS[event.opportunity.pipeline]
        if event.to_stage == "lost":
            told = {"reason": row.lost_reason, "lost_to": row.lost_to, "note": ""}
            assert event.evidence == told
            assert bool(row.lost_to) == (row.lost_reason == "competitor")
            continue
        passed = track.between(event.from_stage, event.to_stage)
        asked = {check.key: check for stage in passed for check in stage.checks(row.family)}
        assert event.evidence.keys() == asked.keys()
        for key, told in event.evidence.items():
            if told["answer"] == "unknown":
                assert event.skip_reason and key not in row.evidence and len(passed) == 2
                continue
            assert told["answer"] == "yes"
            assert asked[key].is_computed or told["note"]
            if "note" in told:
                assert told["by"] == event.by_id
                assert datetime.fromisoformat(told["at"]) == event.at
                assert row.evidence[key] == {k: told[k] for k in ("note", "by", "at")}
        skips += len(passed) == 2
        assert (len(passed) == 2) == bool(event.skip_reason)
    assert skips


def test_facts_of_the_gates_are_beyond_their_limits(worked):
    known = parameters(AS_OF)
    for stage, key, limit in (
        ("investigated", "complete_for_qualified", "pipeline.completeness.qualified"),
        ("submitted", "complete_for_submission", "pipeline.completeness.investigated"),
    ):
        told = StageEvent.objects.filter(to_stage=stage, skip_reason="")
        values = [float(event.evidence[key]["actual"]) for event in told]
        assert values and min(values) >= known.number(limit) and max(values) <= 100
    visits = StageEvent.objects.filter(to_stage="submitted", skip_reason="")
    assert all(int(event.evidence["visit_done"]["actual"]) >= 1 for event in visits)


def test_whoever_got_past_a_gate_has_what_it_asks_for(worked):
    assert not Opportunity.objects.filter(title="").exists()
    later = Opportunity.objects.filter(pipeline="credit").exclude(stage__in=("lead", "qualified"))
    assert not later.filter(amount=None).exists()
    assert not later.filter(expected_on=None).exists()


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
