"""Weeks planned from who is due, changed by hand, planned anew around that (VIS-1)."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.jobs import enqueue
from crm.core.models import RuleParameter
from crm.core.parameters import parameters
from crm.core.services.reference import load_reference
from crm.core.services.task import add_task, close_task
from crm.core.workdays import is_working_day
from customers.models import Loan, Territory, TerritoryMember
from marketing.models import CoordinationItem, PlannedVisit, QueueMark, VisitPlan
from marketing.planning.route import Point, length_m
from marketing.selectors.plan import read_week, week_view
from marketing.selectors.plan_due import due_customers, week_days
from marketing.services.plan import make_plan, plan_anew
from marketing.services.plan_stops import add_stop, drop_stop, lock_stop, move_stop
from products.services.focus import set_focus
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.marketing.factories import MONDAY, make_opportunity, make_visit

WEEK = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def rules():
    if not RuleParameter.objects.filter(key="plan.capacity_day").exists():
        load_reference()


@pytest.fixture
def rm():
    return make_user("rm")


def make_due(rm, count, **portrait):
    """Customers nobody visited for a year, on a small grid of places."""
    found = []
    for no in range(count):
        customer = make_customer(rm, latitude=30.70 + no % 7 / 100, longitude=120.70 + no % 5 / 100)
        make_portrait(customer, tier="B", last_visit_on=date(2025, 11, 1), **portrait)
        found.append(customer)
    return found


def plan_of(rm, as_of=FRIDAY, week=WEEK):
    return make_plan(manager=rm, week_on=week, as_of=as_of)


def stop_of(plan, customer):
    return plan.stops.get(customer=customer)


def codes(plan, customer):
    return [reason["code"] for reason in stop_of(plan, customer).reasons]


def test_a_week_holds_at_most_its_capacity_on_working_days_only(rm):
    make_due(rm, 40)

    plan = plan_of(rm)

    per_day = {}
    for stop in plan.stops.all():
        per_day[stop.on] = per_day.get(stop.on, 0) + 1
    assert per_day == {WEEK + timedelta(days=no): 6 for no in range(5)}
    assert plan.stops.values("customer").distinct().count() == 30


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        (date(2026, 9, 28), [28, 29, 30]),  # National Day from Thursday on
        (date(2026, 10, 5), [8, 9, 10]),  # back on Thursday, Saturday is worked
        (date(2026, 2, 9), [9, 10, 11, 12, 13, 14]),  # Saturday worked before Spring Festival
    ],
)
def test_holidays_are_left_out_and_worked_saturdays_are_planned(rm, week, expected):
    make_due(rm, 40)

    plan = plan_of(rm, as_of=week - timedelta(days=3), week=week)

    days = sorted({stop.on for stop in plan.stops.all()})
    assert [day.day for day in days] == expected
    assert days == week_days(week)
    assert all(is_working_day(day) for day in days)


def test_a_week_planned_twice_is_the_same_week(rm):
    make_due(rm, 12)

    first = [(s.customer_id, s.on, s.place, s.reasons) for s in plan_of(rm).stops.all()]
    second = [(s.customer_id, s.on, s.place, s.reasons) for s in plan_of(rm).stops.all()]

    assert first == second
    assert VisitPlan.objects.count() == 1


def test_each_day_is_routed_no_longer_than_by_customer_number(rm):
    make_due(rm, 30)

    view = week_view(user=rm, manager=rm, week_on=WEEK, capacity=6) if plan_of(rm) else None

    start = Point(view.plan.start_latitude, view.plan.start_longitude)
    for day in view.days:
        customers = sorted((one.customer for one in day.stops), key=lambda one: one.pk)
        naive = length_m(start, [Point(one.latitude, one.longitude) for one in customers])
        assert day.length_m <= naive + 0.01
        assert [one.number for one in day.stops] == list(range(1, len(day.stops) + 1))


def test_visit_frequency_follows_the_tier(rm):
    """e.5: tier A every 30 days, tier D every 180."""
    lately = date(2026, 10, 20)
    best, least = make_customer(rm), make_customer(rm)
    make_portrait(best, tier="A", last_visit_on=lately)
    make_portrait(least, tier="D", last_visit_on=lately)

    plan = plan_of(rm)

    assert [stop.customer_id for stop in plan.stops.all()] == [best.pk]
    assert stop_of(plan, best).reasons == [
        {"code": "cycle", "inputs": {"tier": "A", "every": 30, "last": "2026-10-20"}}
    ]


def test_every_source_of_duty_brings_its_reason_and_purpose(rm):
    promised, listed, owing, wanted, drawn, maturing = (make_customer(rm) for _no in range(6))
    fresh = {"tier": "D", "last_visit_on": date(2026, 11, 16)}
    make_visit(
        promised, promise="送利率单", promise_on=date(2026, 11, 25), next_on=date(2026, 12, 5)
    )
    CoordinationItem.objects.create(
        customer=listed, list_no="2026-11", kind="declared",
        received_on=date(2026, 11, 1), due_on=date(2026, 11, 27),
    )  # fmt: skip
    make_portrait(owing, **fresh, days_past_due=12, overdue_amount=5_000)
    make_opportunity(wanted, next_action="收资料", next_on=date(2026, 11, 24))
    make_portrait(wanted, **fresh)
    Loan.objects.create(
        customer=drawn, loan_no="L1", family="working_capital_loan", principal_amount=300_000,
        balance_amount=300_000, rate="0.04", drawn_on=date(2026, 11, 18), five_class="normal",
        matures_on=date(2027, 11, 18), repayment_mode="bullet", guarantee_mode="credit",
    )  # fmt: skip
    make_portrait(
        maturing, tier="D", last_visit_on=date(2026, 11, 1), loan_matures_next_on=date(2026, 12, 10)
    )
    make_portrait(listed, **fresh)

    plan = plan_of(rm)

    assert codes(plan, promised)[0] == "promise"
    assert stop_of(plan, promised).on == date(2026, 11, 25)
    assert (codes(plan, listed), stop_of(plan, listed).purpose) == (
        ["coordination"],
        "coordination",
    )
    assert (codes(plan, owing), stop_of(plan, owing).purpose) == (["overdue"], "collect")
    assert (codes(plan, wanted), stop_of(plan, wanted).on) == (["opportunity"], date(2026, 11, 24))
    assert codes(plan, drawn)[0] == "post_loan"
    assert stop_of(plan, drawn).purpose == "post_loan"
    assert codes(plan, maturing) == ["renewal"]


def test_prospects_whom_the_branch_strategy_is_after_come_ten_points_earlier(rm):
    """a.8: the strategy weights the ranking of leads."""
    park = Territory.objects.create(code="P1", name="科创园", kind="park", branch=rm.branch)
    prospect, inside, known = (
        make_customer(rm, industry_id=code, relation_state=state)
        for code, state in ((None, "prospect"), (None, "prospect"), ("5211", "existing"))
    )
    TerritoryMember.objects.create(customer=inside, territory=park)

    def points():
        rules_ = parameters(FRIDAY)
        found = due_customers(manager=rm, week_on=WEEK, as_of=FRIDAY, known=rules_)
        return {one.customer_id: one.due.points for one in found}

    before = points()
    set_focus(
        unit=rm.branch, year=2026, industries=["52"], groups=[], families=[],
        territories=[park.pk],
    )  # fmt: skip
    after = points()

    assert after == before | {inside.pk: before[inside.pk] + 10}
    assert set(after) == {prospect.pk, inside.pk, known.pk}


def test_nobody_is_visited_who_does_not_want_to_be_contacted_or_is_gone(rm):
    silent = make_customer(rm, is_do_not_contact=True)
    closed = make_customer(rm, registry_status="cancelled")
    other = make_customer(make_user("rm"))

    plan = plan_of(rm)

    seen = set(plan.stops.values_list("customer", flat=True))
    assert not seen & {silent.pk, closed.pk, other.pk}


def test_planning_anew_leaves_locked_done_and_dropped_stops_alone(rm):
    """Locked stops stay, the rest is planned around them."""
    customers = make_due(rm, 8)
    plan = plan_of(rm)
    stops = {stop.customer_id: stop for stop in plan.stops.all()}
    locked, done, dropped = (stops[customer.pk] for customer in customers[:3])
    locked.is_locked = True
    done.state, done.visit = "done", make_visit(customers[1], at=MONDAY + timedelta(days=7))
    dropped.state = "dropped"
    for stop in (locked, done, dropped):
        stop.save()

    plan_of(rm, as_of=WEEK)

    for stop in (locked, done, dropped):
        before = (stop.on, stop.state)
        stop.refresh_from_db()
        assert (stop.on, stop.state) == before


def test_a_stop_that_was_missed_moves_to_a_day_to_come(rm):
    customer = make_due(rm, 1)[0]
    stop = stop_of(plan_of(rm), customer)
    PlannedVisit.objects.filter(pk=stop.pk).update(on=WEEK)

    plan = plan_of(rm, as_of=WEEK + timedelta(days=2))

    moved = stop_of(plan, customer)
    assert moved.pk == stop.pk
    assert moved.on >= WEEK + timedelta(days=2)


def test_a_moved_stop_stands_locked_on_its_new_day_and_both_days_are_routed(rm):
    make_due(rm, 10)
    plan = plan_of(rm)
    stop = plan.stops.filter(on=WEEK).first()
    other = WEEK + timedelta(days=3)

    move_stop(stop_id=stop.pk, on=other, by=rm, as_of=FRIDAY, version=plan.version)

    stop.refresh_from_db()
    places = list(plan.stops.filter(on=other).order_by("place").values_list("place", flat=True))
    assert (stop.on, stop.is_locked) == (other, True)
    assert places == list(range(1, len(places) + 1))


def test_a_full_day_an_old_day_and_a_day_off_take_no_stop(rm):
    make_due(rm, 30)
    plan = plan_of(rm)
    stop = plan.stops.filter(on=WEEK).first()

    def move(on, as_of=FRIDAY):
        move_stop(stop_id=stop.pk, on=on, by=rm, as_of=as_of, version=plan.version)

    with pytest.raises(DomainError, match="6"):
        move(WEEK + timedelta(days=1))
    with pytest.raises(DomainError):
        move(WEEK + timedelta(days=5))
    with pytest.raises(DomainError):
        move(WEEK + timedelta(days=1), as_of=WEEK + timedelta(days=2))


def test_a_plan_that_moved_on_refuses_a_change_made_from_an_old_page(rm):
    make_due(rm, 4)
    plan = plan_of(rm)
    first, second = plan.stops.all()[:2]
    drop_stop(stop_id=first.pk, by=rm, version=plan.version)

    with pytest.raises(DomainError) as error:
        drop_stop(stop_id=second.pk, by=rm, version=plan.version)

    assert error.value.status == 409


def test_a_dropped_customer_comes_back_only_by_hand(rm):
    customer = make_due(rm, 1)[0]
    plan = plan_of(rm)
    drop_stop(stop_id=stop_of(plan, customer).pk, by=rm, version=plan.version)

    plan_of(rm)
    assert stop_of(plan, customer).state == "dropped"

    for _time in range(2):
        add_stop(manager=rm, week_on=WEEK, customer_id=customer.pk, on=WEEK, by=rm, as_of=FRIDAY)
    assert (stop_of(plan, customer).state, plan.stops.count()) == ("planned", 1)


def test_only_the_manager_changes_a_week(rm):
    make_due(rm, 2)
    plan = plan_of(rm)
    lead = make_user("team_lead", branch=rm.branch)
    stop = plan.stops.first()

    with pytest.raises(DomainError):
        drop_stop(stop_id=stop.pk, by=lead, version=plan.version)
    with pytest.raises(DomainError):
        lock_stop(stop_id=stop.pk, is_locked=True, by=lead, version=plan.version)
    with pytest.raises(DomainError):
        plan_anew(manager=rm, week_on=WEEK, by=lead, as_of=FRIDAY)


def test_a_friday_job_plans_the_next_week_for_every_manager(run_jobs):
    managers = [make_user("rm", branch=make_branch()) for _no in range(2)]
    for manager in managers:
        make_due(manager, 2)

    for _time in range(2):
        enqueue("plans.week", {"as_of": FRIDAY.isoformat()})
        run_jobs()

    assert VisitPlan.objects.filter(week_on=WEEK).count() == 2
    assert PlannedVisit.objects.count() == 4


def test_an_address_names_any_day_of_a_week_or_the_week_with_work_left():
    sunday = date(2026, 11, 22)

    assert read_week("2026-12-03", today=sunday) == date(2026, 11, 30)
    assert read_week("nonsense", today=sunday) == WEEK
    assert read_week("", today=date(2026, 11, 25)) == WEEK
    assert read_week("1999-01-01", today=sunday) >= sunday - timedelta(weeks=54)


def test_a_busier_book_costs_the_same_queries(rm, same_queries):
    make_due(rm, 3)
    plan_of(rm)

    same_queries(
        lambda: week_view(user=rm, manager=rm, week_on=WEEK, capacity=6),
        grow=lambda: (make_due(rm, 9), plan_of(rm)),
    )


@pytest.mark.parametrize("far", [date(2027, 1, 25), date(9999, 12, 31)])
def test_a_week_too_far_ahead_is_refused_with_a_sentence(rm, far):
    """Eight weeks ahead are planned; the last day of the calendar used to crash the planner."""
    customer = make_customer(rm)

    with pytest.raises(DomainError) as planned:
        plan_anew(manager=rm, week_on=far, by=rm, as_of=FRIDAY)
    with pytest.raises(DomainError) as added:
        add_stop(manager=rm, week_on=far, customer_id=customer.pk, on=far, by=rm, as_of=FRIDAY)

    assert planned.value.status == added.value.status == 422
    assert not VisitPlan.objects.exists()


def test_what_the_today_queue_was_told_to_be_done_asks_for_no_visit(rm):
    """One promise is kept, one next step done, one promise older than anybody looks back."""
    kept, stepped, old, open_still = (make_customer(rm) for _no in range(4))
    due = {
        "promise": "送利率单", "promise_on": date(2026, 11, 25), "next_on": date(2026, 12, 20)
    }  # fmt: skip
    task = add_task("marketing.promise", owner=rm, unique_key=str(make_visit(kept, **due).pk))
    close_task(task_id=task.pk, by=rm)
    visit = make_visit(stepped, next_step="收资料", next_on=date(2026, 11, 24))
    QueueMark.objects.create(owner=rm, source="follow_up", ref=str(visit.pk), kind="done")
    make_visit(old, at=timezone.make_aware(datetime(2026, 6, 1, 9)), **due)
    make_visit(open_still, **due)
    for customer in (kept, stepped, old, open_still):
        make_portrait(customer, tier="D", last_visit_on=date(2026, 11, 16))

    plan = plan_of(rm)

    assert [stop.customer_id for stop in plan.stops.all()] == [open_still.pk]
