"""A visit is saved once and everything said at it takes effect (VIS-2 to VIS-5)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.errors import DomainError
from crm.core.models import Job, Task
from customers.features.declared import FACTS
from customers.models import Customer, DeclaredFact, Portrait, Touch
from marketing.models import (
    CoordinationItem,
    Opportunity,
    PlannedVisit,
    Visit,
    VisitFact,
    VisitPlan,
)
from marketing.selectors.visits_facts import fact_words, read_fact
from marketing.services.visits import VisitConflict, edit_visit, log_visit
from marketing.services.visits_entry import (
    CompetitorSeen,
    FactSaid,
    Fix,
    NeedHeard,
    VisitEntry,
    check_entry,
    wrong_fact,
)
from products.models import Competitor, CompetitorProduct
from tests import job_kinds  # noqa: F401  imported to register
from tests.factories import make_customer, make_user
from tests.marketing.factories import load_rules

AT = datetime(2026, 11, 16, 2, 30, tzinfo=UTC)  # half past ten in China
DAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def rules() -> None:
    load_rules()


@pytest.fixture
def rm():
    return make_user("rm")


def entry(customer: Customer, **fields) -> VisitEntry:
    """Half an hour with the owner, a next step a week later."""
    base = {
        "key": uuid4(),
        "customer_id": customer.pk,
        "purpose": "care",
        "started_at": AT - timedelta(minutes=30),
        "ended_at": AT,
        "whom_met": "王老板",
        "summary": "春节前备货",
        "next_step": "送资料",
        "next_on": DAY + timedelta(days=7),
    }
    return VisitEntry(**base | fields)


def test_the_same_key_with_the_same_words_is_the_same_visit(rm):
    told = entry(make_customer(rm), facts=(FactSaid("employees", Decimal(18), "王老板"),))

    first = log_visit(entry=told, by=rm, at=AT)
    again = log_visit(entry=told, by=rm, at=AT + timedelta(hours=3))

    assert first.pk == again.pk
    assert Visit.objects.count() == 1
    assert VisitFact.objects.count() == DeclaredFact.objects.count() == 1
    assert Touch.objects.count() == 1


def test_how_it_travelled_is_no_content(rm):
    told = entry(make_customer(rm))
    log_visit(entry=told, by=rm, at=AT)

    from dataclasses import replace

    assert log_visit(entry=replace(told, was_offline=True), by=rm, at=AT).was_offline is False


def test_the_same_key_with_other_words_is_a_conflict_that_shows_what_stands(rm):
    customer = make_customer(rm)
    told = entry(customer)
    kept = log_visit(entry=told, by=rm, at=AT)

    with pytest.raises(VisitConflict) as conflict:
        log_visit(entry=entry(customer, key=told.key, summary="另一段话"), by=rm, at=AT)

    assert conflict.value.kept == kept
    assert Visit.objects.get().summary == "春节前备货"


def test_the_same_key_for_another_customer_is_a_conflict_too(rm):
    told = entry(make_customer(rm))
    log_visit(entry=told, by=rm, at=AT)

    with pytest.raises(VisitConflict):
        log_visit(entry=entry(make_customer(rm), key=told.key), by=rm, at=AT)


def test_a_key_of_somebody_else_tells_nothing_about_the_visit(rm):
    told = entry(make_customer(rm))
    log_visit(entry=told, by=rm, at=AT)
    other = make_user("rm")

    with pytest.raises(VisitConflict) as conflict:
        log_visit(entry=entry(make_customer(other), key=told.key), by=other, at=AT)

    assert conflict.value.kept is None


def test_a_customer_out_of_reach_is_not_there(rm):
    theirs = make_customer(make_user("rm"))
    rm.refresh_from_db()

    with pytest.raises(Customer.DoesNotExist):
        log_visit(entry=entry(theirs), by=rm, at=AT)


def test_a_role_that_only_looks_logs_no_visit():
    lead = make_user("team_lead")

    with pytest.raises(DomainError) as refused:
        log_visit(entry=entry(make_customer(branch=lead.branch)), by=lead, at=AT)

    assert refused.value.status == 403


def test_facts_are_on_record_as_declared_at_a_visit_with_who_said_them(rm):
    customer = make_customer(rm)
    told = (
        FactSaid("employees", Decimal(18), "王老板", "工资表"),
        FactSaid("premises", "rent"),
        FactSaid("lease_ends_on", date(2028, 5, 31)),
    )

    visit = log_visit(entry=entry(customer, facts=told), by=rm, at=AT)

    row = DeclaredFact.objects.get(key="employees")
    assert (row.number, row.source, row.quality) == (18, "visit", "declared")
    assert (row.as_of, row.said_by, row.evidence) == (DAY, "王老板", "工资表")
    assert DeclaredFact.objects.get(key="lease_ends_on").day == date(2028, 5, 31)
    assert visit.facts_said == 3
    assert list(visit.facts.values_list("key", "category")) == [
        ("employees", 5), ("lease_ends_on", 5), ("premises", 5),
    ]  # fmt: skip


def test_the_portrait_is_computed_from_what_was_said(rm, run_jobs):
    customer = make_customer(rm)
    at = datetime.now(UTC)
    told = entry(
        customer, started_at=at - timedelta(minutes=20), ended_at=at,
        next_on=at.date() + timedelta(days=3), facts=(FactSaid("employees", Decimal(18)),),
    )  # fmt: skip

    log_visit(entry=told, by=rm)
    run_jobs()

    assert Portrait.objects.get(customer=customer).employees == 18


def test_a_visit_is_told_to_whoever_listens(rm, settings):
    settings.FOLLOW_UPS = "tests.marketing.test_visits_service.LISTENS"

    visit = log_visit(entry=entry(make_customer(rm)), by=rm, at=AT)

    job = Job.objects.get(kind="test.plans")
    assert job.params == {"event": "visit.logged", "ids": [visit.pk]}


LISTENS = {"visit.logged": ("test.plans",)}


def test_a_promise_is_a_to_do_of_whoever_gave_it(rm):
    customer = make_customer(rm, name="恒丰五金")

    visit = log_visit(
        entry=entry(customer, promise="利率表", promise_on=DAY + timedelta(days=2)), by=rm, at=AT
    )

    task = Task.objects.get(kind="marketing.promise")
    assert (task.owner, task.due_on) == (rm, DAY + timedelta(days=2))
    assert task.params == {"name": "恒丰五金", "promise": "利率表"}
    assert task.link == f"/marketing/visits/{visit.pk}/"


def test_a_need_opens_an_opportunity_and_a_second_visit_joins_it(rm):
    customer = make_customer(rm)
    heard = NeedHeard("fixed_asset_loan", Decimal(600_000), 24)

    first = log_visit(entry=entry(customer, need="数控车床", heard=heard), by=rm, at=AT)
    second = log_visit(entry=entry(customer, heard=heard), by=rm, at=AT + timedelta(days=1))

    found = Opportunity.objects.get()
    assert (found.family, found.amount, found.months) == ("fixed_asset_loan", 600_000, 24)
    assert (found.origin_mode, found.visit, found.owner) == ("active", first, rm)
    assert first.opportunity == second.opportunity == found


def test_what_another_bank_offers_joins_its_price_list(rm):
    customer, bank = make_customer(rm), Competitor.objects.create(name="邻行", kind="bank")
    facts = {"name": "快贷", "family": "loan", "rate_min": Decimal("0.0385"), "evidence": "宣传单"}

    log_visit(entry=entry(customer, competitor=CompetitorSeen(bank.pk, facts)), by=rm, at=AT)

    row = CompetitorProduct.objects.get()
    assert (row.source, row.source_on, row.customer) == ("visit", DAY, customer)
    assert row.rate_min == Decimal("0.0385")


def test_one_wrong_part_leaves_nothing_behind(rm):
    bank = Competitor.objects.create(name="邻行", kind="bank")
    facts = {"name": "快贷", "family": "loan", "evidence": ""}
    told = entry(
        make_customer(rm),
        facts=(FactSaid("employees", Decimal(18)),),
        competitor=CompetitorSeen(bank.pk, facts),
    )

    with pytest.raises(DomainError):
        log_visit(entry=told, by=rm, at=AT)

    assert not Visit.objects.exists() and not DeclaredFact.objects.exists()


def test_the_five_checks_stand_on_the_open_item_of_the_list(rm):
    customer = make_customer(rm)
    item = CoordinationItem.objects.create(
        customer=customer, list_no="2026-11", kind="declared", received_on=DAY,
        due_on=DAY + timedelta(days=30), checks={"good_credit": "yes", "real_need": "unknown"},
    )  # fmt: skip

    log_visit(
        entry=entry(customer, coordination_checks={"real_need": "yes", "fixed_place": "no"}),
        by=rm, at=AT,
    )  # fmt: skip

    item.refresh_from_db()
    assert item.state == "visited"
    assert item.checks == {"good_credit": "yes", "real_need": "yes", "fixed_place": "no"}


def test_the_stop_of_the_day_is_done(rm):
    customer = make_customer(rm)
    plan = VisitPlan.objects.create(manager=rm, week_on=DAY, capacity=4)
    stop = PlannedVisit.objects.create(
        plan=plan, customer=customer, manager=rm, on=DAY + timedelta(days=1), purpose="care"
    )

    visit = log_visit(entry=entry(customer), by=rm, at=AT)

    stop.refresh_from_db()
    assert (stop.state, stop.visit) == ("done", visit)


def test_a_check_in_stores_place_age_and_accuracy_and_never_blocks(rm):
    """VIS-2: one minute of latitude is one nautical mile, 1,853 m on a sphere of that radius."""
    customer = make_customer(rm, latitude=30.0, longitude=120.0)
    fix = Fix(30 + 1 / 60, 120.0, accuracy_m=35.0, age_s=12, source="device", at=AT)

    visit = log_visit(entry=entry(customer, fix=fix), by=rm, at=AT)

    assert visit.distance_m == pytest.approx(1853.2, abs=1)
    assert (visit.accuracy_m, visit.fix_age_s, visit.fix_source) == (35.0, 12, "device")
    assert visit.far_reason == ""


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"whom_met": " "}, "whom_met"),
        ({"summary": ""}, "summary"),
        ({"next_step": ""}, "next_step"),
        ({"next_on": None}, "next_on"),
        ({"next_on": DAY + timedelta(days=31)}, "next_on"),
        ({"next_on": DAY - timedelta(days=1)}, "next_on"),
        ({"closed_reason": "已搬走"}, "closed_reason"),
        ({"promise": "利率表"}, "promise_on"),
        ({"ended_at": AT + timedelta(minutes=11)}, "ended_at"),
        ({"started_at": AT + timedelta(seconds=1)}, "ended_at"),
        ({"started_at": AT - timedelta(hours=13)}, "ended_at"),
        ({"purpose": "holiday"}, "purpose"),
        ({"mood": 6}, "mood"),
        ({"objections": ("weather",)}, "objections"),
        ({"coordination_checks": {"real_need": "perhaps"}}, "coordination_checks"),
        ({"facts": (FactSaid("moon", Decimal(1)),)}, "facts.moon"),
        ({"facts": (FactSaid("employees", Decimal(-1)),)}, "facts.employees"),
        ({"facts": (FactSaid("premises", "castle"),)}, "facts.premises"),
        ({"summary": "a\x00b"}, "summary"),
        ({"fix": Fix(30.0, 181.0)}, "fix"),
        ({"fix": Fix(float("nan"), 120.0)}, "fix"),
        ({"fix": Fix(30.0, 120.0, accuracy_m=float("inf"))}, "fix"),
        ({"fix": Fix(30.0, 120.0, accuracy_m=-1.0)}, "fix"),
        ({"fix": Fix(30.0, 120.0, at=datetime(1, 1, 1, tzinfo=UTC))}, "fix"),
        ({"fix": Fix(30.0, 120.0, at=AT + timedelta(minutes=11))}, "fix"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(rm, fields, wrong):
    with pytest.raises(DomainError) as refused:
        log_visit(entry=entry(make_customer(rm), **fields), by=rm, at=AT)

    assert refused.value.status == 422
    assert list(refused.value.fields) == [wrong]


def test_a_closed_visit_needs_no_next_step(rm):
    told = entry(make_customer(rm), next_step="", next_on=None, closed_reason="已搬走")

    assert log_visit(entry=told, by=rm, at=AT).closed_reason == "已搬走"


@given(ahead=st.integers(-40, 80), most=st.integers(1, 60))
def test_a_next_step_lies_within_the_days_of_the_parameter(ahead, most):
    from crm.core.parameters import Parameters

    told = VisitEntry(
        key=uuid4(), customer_id=1, purpose="care", started_at=AT, ended_at=AT, whom_met="王",
        summary="好", next_step="送资料", next_on=DAY + timedelta(days=ahead),
    )  # fmt: skip
    known = Parameters(DAY, {"visits.next_days_most": str(most)})

    if 0 <= ahead <= most:
        check_entry(told, at=AT, rules=known)
    else:
        with pytest.raises(DomainError):
            check_entry(told, at=AT, rules=known)


def test_the_own_visit_is_put_right_on_the_day_it_came_in(rm):
    at = datetime.now(UTC)
    told = entry(
        make_customer(rm), started_at=at - timedelta(minutes=20), ended_at=at,
        next_on=at.date() + timedelta(days=3),
    )  # fmt: skip
    visit = log_visit(entry=told, by=rm)

    edited = edit_visit(visit_id=visit.pk, by=rm, seen_version=1, values={"summary": "更正"})

    assert (edited.summary, edited.version) == ("更正", 2)
    with pytest.raises(DomainError):
        edit_visit(visit_id=visit.pk, by=rm, seen_version=1, values={"summary": "又一次"})
    assert log_visit(entry=told, by=rm).pk == visit.pk  # sent once more: still the same visit


def test_yesterdays_visit_stays_as_it_is(rm):
    visit = log_visit(entry=entry(make_customer(rm)), by=rm, at=AT)
    Visit.objects.filter(pk=visit.pk).update(received_at=AT)

    with pytest.raises(DomainError):
        edit_visit(visit_id=visit.pk, by=rm, seen_version=1, values={"summary": "更正"})


@given(key=st.sampled_from(sorted(FACTS)), told=st.text(max_size=40) | st.integers() | st.floats())
def test_whatever_is_told_is_read_or_refused_in_words(key, told):
    """A fact that was read and passes the check has words; anything else is a plain refusal."""
    try:
        value = read_fact(key, told)
    except ValueError as refused:
        assert str(refused)
        return

    if not wrong_fact(FactSaid(key, value)):
        assert fact_words(key, value)


@given(
    value=st.decimals(0, 10**9, places=2), unit=st.sampled_from(["annual_revenue", "cash_on_hand"])
)
def test_an_amount_told_in_digits_with_separators_is_that_amount(value, unit):
    assert read_fact(unit, f"{value:,}") == value
