"""Own rates, and what team leaders are told when a stage is out of time (OPP-1, OPP-3, OPP-4)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.core.models import RuleParameter, Task
from crm.core.parameters import parameters
from crm.core.services.task import close_task
from marketing.models import Opportunity, StageEvent, StageRate
from marketing.pipeline.chances import Chances, Rate
from marketing.selectors.opportunity_chances import chances
from marketing.services.opportunities import lose, move
from marketing.services.opportunity_rates import count_rates
from marketing.services.opportunity_tasks import BREACH, tell_breaches
from tests.factories import make_branch, make_customer, make_user
from tests.marketing.deals import hour, make_ready_customer, opened
from tests.marketing.factories import load_rules, make_opportunity

TODAY = date(2026, 11, 20)


@pytest.fixture
def rm():
    load_rules()
    return make_user("rm", make_branch(level="team"))


def closed(rm, state, *, stages, on=datetime(2026, 6, 1, tzinfo=UTC)):
    """A closed opportunity that stood in these stages."""
    row = make_opportunity(
        make_customer(rm), at=on - timedelta(days=9), state=state, closed_at=on,
        stage=stages[-1], lost_reason="price" if state == "lost" else "",
    )  # fmt: skip
    for stage in stages:
        StageEvent.objects.create(
            customer=row.customer, opportunity=row, to_stage=stage, at=on, scope_no=1
        )
    return row


def test_defaults_are_those_of_the_specification(rm):
    found = chances(parameters(TODAY))
    credit = ("lead", "qualified", "investigated", "submitted", "approved", "signed", "drawn")
    other = ("lead", "offered", "agreed", "opened", "active")

    assert [found.of("credit", key).value for key in credit] == [
        .10, .25, .45, .60, .80, .95, 1,
    ]  # fmt: skip
    assert [found.of("other", key).value for key in other] == [.10, .30, .60, .85, 1]  # fmt: skip


@pytest.mark.parametrize(("n", "value"), [(49, 0.25), (50, 0.24)])
def test_the_own_rate_counts_from_fifty_on(rm, n, value):
    found = Chances(parameters(TODAY), {("credit", "qualified"): Rate(12, n)})

    assert found.of("credit", "qualified").value == value


def test_rates_are_counted_over_twelve_months_and_carried_by_open_ones(rm):
    RuleParameter.objects.filter(key="pipeline.chance.least").update(value="4")
    for _no in range(3):
        closed(rm, "lost", stages=["lead", "qualified", "lead", "qualified"])
    closed(rm, "won", stages=["lead", "qualified", "drawn"])
    closed(rm, "won", stages=["lead"], on=datetime(2025, 11, 19, 4, tzinfo=UTC))  # too old
    still = make_opportunity(make_customer(rm), stage="qualified", probability=0.25)
    first = make_opportunity(make_customer(rm), stage="submitted", probability=0.6)

    moved = count_rates(as_of=TODAY), count_rates(as_of=TODAY)

    rates = {(r.pipeline, r.stage): (r.won, r.closed) for r in StageRate.objects.all()}
    still.refresh_from_db()
    first.refresh_from_db()
    assert rates["credit", "lead"] == rates["credit", "qualified"] == (1, 4)
    assert rates["credit", "submitted"] == (0, 0)
    assert (still.probability, first.probability) == (0.25, 0.6)
    assert moved == (0, 0)

    closed(rm, "won", stages=["lead", "qualified", "drawn"])
    assert count_rates(as_of=TODAY) == 1
    still.refresh_from_db()
    assert still.probability == 0.4


def test_a_stage_out_of_time_is_one_to_do_of_the_team_leader(rm):
    lead = make_user("team_lead", rm.branch)
    row = opened(make_ready_customer(rm, name="嘉禾五金店"), rm)
    due = row.stage_due_on

    early = tell_breaches(today=due - timedelta(days=1))
    first, second = tell_breaches(today=due), tell_breaches(today=due + timedelta(days=3))

    task = Task.objects.get(kind=BREACH)
    assert (early, first, second) == (0, 1, 0)
    assert (task.owner, task.link, task.due_on) == (lead, row.get_absolute_url(), due)
    assert task.params["customer"] == "嘉禾五金店"


def test_a_to_do_that_was_ticked_off_does_not_come_back_for_the_same_stay(rm):
    lead = make_user("team_lead", rm.branch)
    row = opened(make_ready_customer(rm), rm)
    tell_breaches(today=row.stage_due_on)
    close_task(task_id=Task.objects.get().pk, by=lead)

    assert tell_breaches(today=row.stage_due_on + timedelta(days=1)) == 0
    assert Task.objects.count() == 1


def test_moving_on_settles_the_to_do_and_the_next_stage_has_its_own(rm):
    make_user("team_lead", rm.branch)
    row = opened(make_ready_customer(rm), rm)
    tell_breaches(today=row.stage_due_on)

    row = move(opportunity_id=row.pk, to="qualified", by=rm, at=hour(200))
    settled = Task.objects.get().state
    told = tell_breaches(today=row.stage_due_on)
    lose(opportunity_id=row.pk, reason="price", by=rm, at=hour(500))

    assert (settled, told) == ("done", 1)
    assert set(Task.objects.values_list("state", flat=True)) == {"done"}
    assert tell_breaches(today=row.stage_due_on + timedelta(days=99)) == 0


def test_without_a_team_leader_the_head_of_the_branch_is_told(rm):
    branch = make_branch()
    team = make_branch(parent=branch, level="team")
    member = make_user("rm", team)
    head = make_user("branch_head", branch)
    member.refresh_from_db()
    row = opened(make_ready_customer(member), member)

    tell_breaches(today=row.stage_due_on)

    assert Task.objects.get(kind=BREACH).owner == head


def test_with_nobody_to_tell_nothing_breaks(rm):
    row = opened(make_ready_customer(rm), rm)

    assert tell_breaches(today=row.stage_due_on) == 0


def test_the_jobs_run_by_name_and_twice(rm, run_jobs):
    from crm.core.jobs import enqueue

    make_user("team_lead", rm.branch)
    opened(make_ready_customer(rm), rm)
    for _time in range(2):
        enqueue("opportunities.deadlines", {"as_of": "2026-12-31"})
        enqueue("opportunities.rates", {"as_of": "2026-12-31"})
        run_jobs()

    assert Task.objects.filter(kind=BREACH).count() == 1
    assert StageRate.objects.count() == 10
    assert Opportunity.objects.get().probability == 0.1
