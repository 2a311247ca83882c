"""The coordination list (e.10): clocks (k.15), five checks (VIS-4), decisions, rates, totals."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.errors import DomainError
from crm.core.workdays import add_working_days
from marketing.market.checks import CHECKS, clean_checks, failed, unanswered
from marketing.market.clock import Limits, clock
from marketing.models import CoordinationItem
from marketing.selectors.coordination import (
    ItemQuery,
    board_line,
    item_list,
    rates,
    town_lines,
    unit_lines,
)
from marketing.services.coordination import (
    Decision,
    answer_checks,
    decide,
    give_item,
    note_contact,
    take_visits,
)
from tests.factories import make_branch, make_customer, make_user
from tests.marketing.factories import load_rules, make_visit
from tests.marketing.market_rows import TODAY, YES, make_item

LIMITS = Limits(contact_workdays=3, decide_days=30, amber_day=20, red_day=27)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
APPROVAL = Decision("approved", amount=Decimal("400000.00"))
REFUSAL = Decision("refused", refusal="debts", is_repairable=False)
HELP = Decision(
    "helped", refusal="papers", is_repairable=True, steps="补齐流水", retry_on=date(2999, 1, 4)
)


@pytest.fixture(autouse=True)
def rules(db) -> None:
    load_rules()


@pytest.fixture
def rm():
    return make_user("rm")


def light(day: int) -> str:
    received = date(2026, 3, 2)
    return clock(
        received_on=received,
        due_on=LIMITS.decide_due(received),
        contact_due_on=LIMITS.contact_due(received),
        contacted_on=received,
        today=received + timedelta(days=day),
        limits=LIMITS,
    ).light


def test_an_item_turns_amber_on_day_20_and_red_on_day_27():
    assert [light(day) for day in (0, 19, 20, 26, 27, 30, 31)] == [
        "green", "green", "amber", "amber", "red", "red", "over"
    ]  # fmt: skip


def test_the_contact_is_due_on_the_third_working_day_past_holidays_and_make_up_days():
    before_golden_week = date(2025, 9, 29)  # Monday; 1 to 8 October are free in 2025

    assert LIMITS.contact_due(before_golden_week) == date(2025, 10, 10)
    assert LIMITS.contact_due(TODAY) == date(2026, 11, 25)  # Friday, then Wednesday


@given(st.dates(date(2020, 1, 1), date(2027, 12, 31)), st.integers(0, 60))
def test_the_clock_says_what_the_calendar_says(received, age):
    today = received + timedelta(days=age)
    found = clock(
        received_on=received, due_on=LIMITS.decide_due(received),
        contact_due_on=LIMITS.contact_due(received), contacted_on=None, today=today, limits=LIMITS,
    )  # fmt: skip

    expected = "over" if age > 30 else "red" if age >= 27 else "amber" if age >= 20 else "green"
    assert found.light == expected
    assert found.is_contact_late == (today > add_working_days(received, 3))
    assert found.left == 30 - age


def test_every_colour_of_the_list_is_the_colour_of_its_rows(rm):
    for age in (0, 5, 19, 20, 26, 27, 30, 31, 90):
        make_item(make_customer(rm), received_on=TODAY - timedelta(days=age))

    for step, expected in {"amber": [20, 26], "red": [27, 30], "over": [31, 90]}.items():
        query = ItemQuery(step=step)
        rows = item_list(user=rm, query=query, today=TODAY, limits=LIMITS)
        assert sorted((TODAY - row.received_on).days for row in rows) == expected


def test_the_five_checks_are_known_by_name_and_strange_answers_are_left_out():
    assert list(CHECKS.keys()) == [
        "lawful_operation", "fixed_place", "real_need", "good_credit", "lawful_use"
    ]  # fmt: skip
    assert clean_checks({"real_need": "yes", "fixed_place": "maybe", "other": "yes"}) == {
        "real_need": "yes"
    }
    assert [one.key for one in unanswered(YES | {"real_need": "unknown"})] == ["real_need"]
    assert [one.key for one in failed(YES | {"good_credit": "no"})] == ["good_credit"]


def test_checks_are_kept_once_and_a_stale_form_is_refused(rm):
    item = make_item(make_customer(rm))

    first = answer_checks(item_id=item.pk, version=1, answers={"real_need": "yes"}, by=rm)
    again = answer_checks(item_id=item.pk, version=1, answers={"real_need": "yes"}, by=rm)
    with pytest.raises(DomainError) as clash:
        answer_checks(item_id=item.pk, version=1, answers={"real_need": "no"}, by=rm)

    assert first.checks == {"real_need": "yes"}
    assert again.version == first.version == 2
    assert clash.value.status == 409


@pytest.mark.parametrize(
    ("checks", "is_kept"),
    [
        (YES, True),
        ({}, False),
        (YES | {"real_need": "unknown"}, False),
        (YES | {"lawful_use": "no"}, False),
    ],
)
def test_an_approval_needs_five_checks_that_hold(rm, checks, is_kept):
    item = make_item(make_customer(rm), checks=checks)

    if is_kept:
        kept = decide(item_id=item.pk, version=1, decision=APPROVAL, by=rm, at=AT)
        assert (kept.state, kept.approved_amount) == ("approved", Decimal(400_000))
        return
    with pytest.raises(DomainError) as refused:
        decide(item_id=item.pk, version=1, decision=APPROVAL, by=rm, at=AT)
    assert set(refused.value.fields) == {"state"}
    item.refresh_from_db()
    assert (item.state, item.decided_at) == ("open", None)


@pytest.mark.parametrize(
    ("decision", "fields"),
    [
        (Decision("approved"), {"amount"}),
        (Decision("approved", amount=Decimal(0)), {"amount"}),
        (Decision("refused", is_repairable=False), {"refusal"}),
        (Decision("refused", refusal="debts"), {"is_repairable"}),
        (Decision("refused", refusal="other", is_repairable=False), {"note"}),
        (Decision("helped", refusal="papers", is_repairable=True), {"steps", "retry_on"}),
        (
            Decision("helped", refusal="papers", is_repairable=True, steps="补", retry_on=TODAY),
            {"retry_on"},
        ),
        (Decision("open"), {"state"}),
    ],
)
def test_what_a_decision_lacks_is_named_at_its_field(rm, decision, fields):
    item = make_item(make_customer(rm), checks=YES)

    with pytest.raises(DomainError) as refused:
        decide(item_id=item.pk, version=1, decision=decision, by=rm, at=AT)

    assert refused.value.status == 422
    assert set(refused.value.fields) == fields


def test_a_decision_sent_twice_is_one_and_another_one_is_refused(rm):
    item = make_item(make_customer(rm))

    first = decide(item_id=item.pk, version=1, decision=REFUSAL, by=rm, at=AT)
    again = decide(item_id=item.pk, version=1, decision=REFUSAL, by=rm, at=AT)
    with pytest.raises(DomainError):
        decide(item_id=item.pk, version=2, decision=HELP, by=rm, at=AT)

    assert first.decided_at == again.decided_at == AT
    assert (first.state, first.refusal, first.is_repairable) == ("refused", "debts", False)
    assert first.contacted_on == date(2026, 11, 20)


def test_one_that_is_being_helped_is_decided_again_and_keeps_its_first_day(rm):
    item = make_item(make_customer(rm), checks=YES)
    decide(item_id=item.pk, version=1, decision=HELP, by=rm, at=AT)

    later = decide(item_id=item.pk, version=2, decision=APPROVAL, by=rm, at=AT + timedelta(days=40))

    assert later.state == "approved"
    assert later.decided_at == AT
    assert (later.refusal, later.help_steps, later.retry_on) == ("", "", None)


def test_nobody_else_sees_or_moves_an_item(rm):
    item, stranger = make_item(make_customer(rm), checks=YES), make_user("rm")

    with pytest.raises(CoordinationItem.DoesNotExist):
        decide(item_id=item.pk, version=1, decision=APPROVAL, by=stranger, at=AT)
    with pytest.raises(CoordinationItem.DoesNotExist):
        note_contact(item_id=item.pk, by=stranger, on=TODAY)
    with pytest.raises(DomainError) as refused:
        note_contact(item_id=item.pk, by=make_user("auditor"), on=TODAY)

    assert refused.value.status == 403


def test_the_first_contact_is_the_earliest_one_told(rm):
    item = make_item(make_customer(rm), received_on=date(2026, 11, 2))

    for day, kept in ((10, 10), (12, 10), (5, 5), (5, 5)):
        found = note_contact(item_id=item.pk, by=rm, on=date(2026, 11, day))
        assert found.contacted_on == date(2026, 11, kept)
    with pytest.raises(DomainError):
        note_contact(item_id=item.pk, by=rm, on=date(2026, 11, 1))


def test_a_visit_is_a_contact_and_brings_its_checks_once(rm):
    customer = make_customer(rm)
    item = make_item(customer, received_on=date(2026, 11, 10))
    earlier = make_item(make_customer(rm), received_on=date(2026, 11, 10))
    visit = make_visit(customer, coordination_checks={"real_need": "yes"})  # 16 November

    changed = [take_visits(visit_ids=[visit.pk]) for _no in range(2)]

    item.refresh_from_db()
    earlier.refresh_from_db()
    assert changed == [1, 0]
    assert (item.state, item.contacted_on) == ("visited", date(2026, 11, 16))
    assert item.checks == {"real_need": "yes"}
    assert earlier.state == "open"


def test_a_visit_before_the_list_came_is_no_contact(rm):
    item = make_item(make_customer(rm), received_on=date(2026, 11, 18))
    visit = make_visit(item.customer)

    assert take_visits(visit_ids=[visit.pk]) == 0


def test_a_team_leader_hands_an_item_to_who_sees_the_firm_only(rm):
    stranger = make_user("rm")
    lead = make_user("team_lead", rm.branch)
    item = make_item(make_customer(rm), owner=lead)

    kept = give_item(item_id=item.pk, owner_id=rm.pk, by=lead)
    with pytest.raises(DomainError) as refused:
        give_item(item_id=item.pk, owner_id=stranger.pk, by=lead)

    assert kept.owner == rm
    assert set(refused.value.fields) == {"owner"}


def filled(rm, other):
    """Items of two managers in two towns, decided in 4 and 10 days or not at all."""
    received = date(2026, 11, 2)
    done = datetime(2026, 11, 6, 4, 0, tzinfo=UTC)
    late = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)
    make_item(make_customer(rm), received_on=received, town="甲镇", state="approved",
              decided_at=done, contacted_on=received, approved_amount=300_000)  # fmt: skip
    make_item(make_customer(rm), received_on=received, town="乙镇", state="refused",
              refusal="debts", decided_at=late, contacted_on=received)  # fmt: skip
    make_item(make_customer(rm), received_on=received, town="甲镇", contacted_on=received,
              state="visited")  # fmt: skip
    make_item(make_customer(other), received_on=received, town="甲镇")
    make_item(make_customer(rm), received_on=date(2025, 1, 2), town="甲镇")


def test_rates_of_a_period_are_those_of_the_items_received_in_it(rm):
    other = make_user("rm", rm.branch)
    filled(rm, other)

    found = rates(first=date(2026, 11, 1), last=date(2026, 11, 30), user=rm)
    unit = rates(
        first=date(2026, 11, 1), last=date(2026, 11, 30),
        scopes=[(rm.branch.scope_lo, rm.branch.scope_hi)],
    )  # fmt: skip

    assert (found.total, found.contacted, found.decided, found.approved) == (3, 3, 2, 1)
    assert (found.contact_rate, found.decision_rate, found.approval_rate) == (1, 2 / 3, 0.5)
    assert found.days == 7  # (4 + 10) / 2
    assert found.approved_amount == 300_000
    assert unit.total == 4


def test_rates_of_nothing_are_unknown_and_not_zero(rm):
    found = rates(first=TODAY, last=TODAY, user=rm)

    assert found.total == 0
    assert (found.contact_rate, found.decision_rate, found.approval_rate, found.days) == (
        None, None, None, None
    )  # fmt: skip


def test_a_unit_is_the_sum_of_what_stands_below_it():
    above = make_branch()
    teams = [make_branch(parent=above, level="team") for _no in range(2)]
    managers = [make_user("rm", team) for team in teams]
    for manager in managers:
        manager.refresh_from_db()
    filled(*managers)
    head = make_user("branch_head", above)
    head.branch.refresh_from_db()

    lines = {
        line.label: line
        for line in unit_lines(user=head, query=ItemQuery(), today=TODAY, limits=LIMITS)
    }

    whole, parts = lines[above.name], [lines[team.name] for team in teams]
    assert whole.rates.total == 5 == sum(line.rates.total for line in parts)
    for name in ("contacted", "decided", "approved", "approved_amount"):
        assert getattr(whole.rates, name) == sum(getattr(one.rates, name) for one in parts)
    assert whole.rates.days == 7
    assert (whole.is_below, parts[0].is_below) == (0, 1)


def test_every_number_of_the_board_opens_exactly_its_rows(rm):
    filled(rm, make_user("rm", rm.branch))
    lead = make_user("team_lead", rm.branch)
    asked = {"user": lead, "today": TODAY, "limits": LIMITS}

    def opened(query: ItemQuery) -> int:
        return item_list(query=query, **asked).count()

    whole = board_line(query=ItemQuery(), **asked)
    for step in ("helped", "refused", "open", "amber", "red", "over", "late_contact"):
        assert opened(ItemQuery(step=step)) == whole[step]
    for line in town_lines(query=ItemQuery(), **asked):
        assert opened(ItemQuery(town=line.key)) == line.rates.total
        for step in ("contacted", "decided", "approved"):
            assert opened(ItemQuery(town=line.key, step=step)) == getattr(line.rates, step)
        for step in ("helped", "refused", "open", "amber", "red", "over"):
            assert opened(ItemQuery(town=line.key, step=step)) == getattr(line, step)
    for line in unit_lines(query=ItemQuery(), **asked):
        assert opened(ItemQuery(unit=int(line.key))) == line.rates.total
