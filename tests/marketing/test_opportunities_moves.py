"""Moves, skips, the lock, losses, reopening, hand-overs (OPP-2; e.6)."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction

from crm.core.errors import DomainError
from crm.core.models import AuditEntry
from customers.services.assignment import assign_customers
from marketing.models import Opportunity, StageEvent
from marketing.services.opportunities import (
    DuplicateOpportunity,
    GateNotMet,
    MovedMeanwhile,
    change,
    lose,
    move,
    reassign,
    reopen,
    tick,
)
from tests.factories import make_branch, make_user
from tests.marketing.deals import hour, make_offer, make_ready_customer, opened, portrait, walk
from tests.marketing.factories import load_rules, make_visit


@pytest.fixture
def rm():
    load_rules()
    return make_user("rm")


@pytest.fixture
def deal(rm):
    return opened(make_ready_customer(rm), rm)


def test_moving_twice_moves_once(rm, deal):
    first = move(opportunity_id=deal.pk, to="qualified", by=rm, version=1, at=hour(1))
    second = move(opportunity_id=deal.pk, to="qualified", by=rm, version=1, at=hour(2))

    assert (first.version, second.version) == (2, 2)
    assert second.stage_since == hour(1)
    assert deal.events.count() == 2


def test_the_event_tells_how_long_it_stood_and_where_it_counts_for_good(rm, deal):
    move(opportunity_id=deal.pk, to="qualified", by=rm, at=hour(36))
    event = deal.events.get(to_stage="qualified")
    place = event.scope_no
    other = make_user("rm", rm.branch)
    lead = make_user("team_lead", rm.branch)
    assign_customers(customer_ids=[deal.customer_id], manager_id=other.pk, by=lead, reason="调整")

    event.refresh_from_db()
    other.refresh_from_db()
    assert event.days_in_stage == 1.5
    assert event.amount == 300_000
    assert event.scope_no == place != other.scope_no


def test_a_skip_needs_a_reason_and_keeps_what_was_not_shown(rm, deal):
    make_visit(deal.customer, by=rm, at=hour(1))
    tick(opportunity_id=deal.pk, key="cross_check", note="底稿", by=rm, at=hour(2))
    Opportunity.objects.filter(pk=deal.pk).update(amount=None)

    with pytest.raises(DomainError) as caught:
        move(opportunity_id=deal.pk, to="submitted", by=rm, at=hour(3))
    row = move(opportunity_id=deal.pk, to="submitted", by=rm, reason="老客户续贷", at=hour(4))

    assert caught.value.fields == {"reason": "请说明跳过阶段的原因。"}
    event = row.events.get(to_stage="submitted")
    assert event.skip_reason == "老客户续贷"
    assert event.evidence["amount_known"]["answer"] == "unknown"
    assert event.evidence["visit_done"]["answer"] == "yes"


def test_no_reason_passes_over_the_gate_arrived_at(rm, deal):
    with pytest.raises(GateNotMet) as caught:
        move(opportunity_id=deal.pk, to="submitted", by=rm, reason="着急", at=hour(1))

    assert {one.check.key for one in caught.value.lines} == {"visit_done", "cross_check"}


def test_no_reason_passes_over_a_list_that_stops_a_loan(rm, deal):
    make_visit(deal.customer, by=rm, at=hour(1))
    tick(opportunity_id=deal.pk, key="cross_check", note="底稿", by=rm, at=hour(2))
    portrait(deal.customer, is_dishonest=True)

    with pytest.raises(GateNotMet) as caught:
        move(opportunity_id=deal.pk, to="submitted", by=rm, reason="着急", at=hour(3))

    assert [one.check.key for one in caught.value.lines] == ["lists_clean"]


def test_nobody_wins_without_the_drawdown(rm, deal):
    with pytest.raises(GateNotMet) as caught:
        move(opportunity_id=deal.pk, to="drawn", by=rm, reason="客户说已用款", at=hour(1))

    assert "first_drawdown" in {one.check.key for one in caught.value.lines}
    deal.refresh_from_db()
    assert deal.state == "open"


def test_going_back_needs_a_reason_and_starts_the_clock_anew(rm, deal):
    row = move(opportunity_id=deal.pk, to="qualified", by=rm, at=hour(24))

    with pytest.raises(DomainError) as caught:
        move(opportunity_id=deal.pk, to="lead", by=rm, at=hour(48))
    row = move(opportunity_id=deal.pk, to="lead", by=rm, reason="需求变了", at=hour(48))

    assert caught.value.fields == {"reason": "请说明退回的原因。"}
    assert (row.stage, row.stage_due_on, row.probability) == ("lead", date(2026, 11, 9), 0.1)
    assert row.events.get(to_stage="lead", from_stage="qualified").skip_reason == "需求变了"


def test_the_second_of_two_who_move_one_card_reads_who_was_faster(rm, deal):
    seen = deal.version
    move(opportunity_id=deal.pk, to="qualified", by=rm, version=seen, at=hour(1))

    with pytest.raises(MovedMeanwhile) as caught:
        lose(opportunity_id=deal.pk, reason="price", by=rm, version=seen, at=hour(2))

    assert caught.value.status == 409
    sentence = str(caught.value.message)
    assert rm.full_name in sentence and "初筛" in sentence and "11-02 11:00" in sentence
    deal.refresh_from_db()
    assert (deal.state, deal.version) == ("open", seen + 1)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_leave_one_move(rm, deal):
    start, told = threading.Barrier(2), []

    def act(service, **given):
        start.wait()
        try:
            service(opportunity_id=deal.pk, by=rm, version=1, at=hour(1), **given)
            told.append("moved")
        except MovedMeanwhile:
            told.append("late")
        finally:
            connection.close()

    people = [
        threading.Thread(target=act, args=(move,), kwargs={"to": "qualified"}),
        threading.Thread(target=act, args=(lose,), kwargs={"reason": "price"}),
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()

    deal.refresh_from_db()
    assert sorted(told) == ["late", "moved"]
    assert deal.version == 2
    assert deal.events.count() == 2


def test_a_loss_needs_one_of_the_nine_reasons_and_a_competitor_its_name(rm, deal):
    for reason in ("", "whim"):
        with pytest.raises(DomainError) as caught:
            lose(opportunity_id=deal.pk, reason=reason, by=rm, at=hour(1))
        assert "reason" in caught.value.fields
    with pytest.raises(DomainError) as caught:
        lose(opportunity_id=deal.pk, reason="competitor", lost_to=" ", by=rm, at=hour(1))
    assert "lost_to" in caught.value.fields

    row = lose(opportunity_id=deal.pk, reason="competitor", lost_to="江南银行", by=rm, at=hour(1))
    again = lose(opportunity_id=deal.pk, reason="competitor", lost_to="江南银行", by=rm, at=hour(2))

    assert (row.state, row.lost_to, row.probability) == ("lost", "江南银行", 0.0)
    assert again.version == row.version
    assert row.events.get(to_stage="lost").evidence["lost_to"] == "江南银行"
    assert len(Opportunity.Lost.values) == 9


def test_a_lost_one_opens_again_in_its_stage_within_ninety_days_for_a_reason(rm, deal):
    move(opportunity_id=deal.pk, to="qualified", by=rm, at=hour(1))
    lose(opportunity_id=deal.pk, reason="price", by=rm, at=hour(2))

    with pytest.raises(DomainError):
        reopen(opportunity_id=deal.pk, reason=" ", by=rm, at=hour(30))
    with pytest.raises(DomainError) as caught:
        late = hour(2) + timedelta(days=90, seconds=1)
        reopen(opportunity_id=deal.pk, reason="降价了", by=rm, at=late)
    row = reopen(opportunity_id=deal.pk, reason="降价了", by=rm, at=hour(48))

    assert "90" in str(caught.value.message)
    assert (row.state, row.stage, row.lost_reason, row.closed_at) == ("open", "qualified", "", None)
    assert row.stage_due_on == date(2026, 11, 11)
    assert reopen(opportunity_id=deal.pk, reason="降价了", by=rm).version == row.version


def test_a_lost_one_stays_lost_while_another_of_its_family_is_open(rm, deal):
    lose(opportunity_id=deal.pk, reason="price", by=rm, at=hour(1))
    newer = opened(deal.customer, rm, at=hour(2))

    with pytest.raises(DuplicateOpportunity) as caught:
        reopen(opportunity_id=deal.pk, reason="降价了", by=rm, at=hour(3))

    assert caught.value.existing == newer


@pytest.mark.django_db(transaction=True)
def test_one_that_is_opened_while_another_is_reopened_is_a_duplicate_and_no_crash(rm, deal):
    lose(opportunity_id=deal.pk, reason="price", by=rm, at=hour(1))
    told = []

    def act():
        try:
            reopen(opportunity_id=deal.pk, reason="降价了", by=rm, at=hour(3))
        except DuplicateOpportunity as refused:
            told.append(refused.existing.pk)
        finally:
            connection.close()

    other = threading.Thread(target=act)
    with transaction.atomic():  # not to be seen yet: the other one finds nothing open
        newer = opened(deal.customer, rm, at=hour(2))
        other.start()
        other.join(timeout=1)  # it waits for this one at the constraint
    other.join()

    assert told == [newer.pk]
    deal.refresh_from_db()
    assert (deal.state, deal.events.count()) == ("lost", 2)


def test_what_was_won_stays_won(rm, deal):
    change(opportunity_id=deal.pk, by=rm, values={"version_chosen": make_offer()}, at=hour(1))
    walk(deal, rm, "qualified", "investigated", "submitted", "approved", "signed", "drawn")

    for act in (
        lambda: lose(opportunity_id=deal.pk, reason="price", by=rm),
        lambda: reopen(opportunity_id=deal.pk, reason="错了", by=rm),
        lambda: move(opportunity_id=deal.pk, to="lead", by=rm, reason="错了"),
        lambda: change(opportunity_id=deal.pk, by=rm, values={"amount": 1}),
        lambda: tick(opportunity_id=deal.pk, key="cross_check", note="另一份", by=rm),
    ):
        with pytest.raises(DomainError):
            act()
    assert Opportunity.objects.get(pk=deal.pk).state == "won"


def test_what_is_out_of_reach_does_not_exist(rm, deal):
    stranger = make_user("rm", make_branch())

    for act in (
        lambda: move(opportunity_id=deal.pk, to="qualified", by=stranger),
        lambda: lose(opportunity_id=deal.pk, reason="price", by=stranger),
        lambda: tick(opportunity_id=deal.pk, key="cross_check", note="x", by=stranger),
        lambda: change(opportunity_id=deal.pk, by=stranger, values={"amount": 1}),
        lambda: reopen(opportunity_id=deal.pk, reason="x", by=stranger),
        lambda: opened(deal.customer, stranger, family="payroll"),
    ):
        with pytest.raises(ObjectDoesNotExist):
            act()
    assert StageEvent.objects.count() == 1


def test_a_change_counts_as_an_action_and_sets_the_deadline_of_a_fast_loan(rm, deal):
    deal = walk(deal, rm, "qualified", "investigated", "submitted")
    slow = make_offer(decision_lane="manual")
    fast = make_offer(decision_lane="auto")
    for version, days in ((slow, 5), (fast, 1)):
        change(opportunity_id=deal.pk, by=rm, values={"version_chosen": version}, at=hour(240))
        if days == 5:
            walk(deal, rm, "approved")
        row = Opportunity.objects.get(pk=deal.pk)
        assert row.stage_due_on == date(2026, 11, 2) + timedelta(days=days)
    assert row.last_action_on == date(2026, 11, 12)


def test_a_team_leader_passes_it_on_with_the_customer(rm, deal):
    lead, other = make_user("team_lead", rm.branch), make_user("rm", rm.branch)
    asked = {"opportunity_ids": [deal.pk], "owner_id": other.pk, "reason": "调岗"}

    with pytest.raises(DomainError) as alone:
        reassign(**asked, by=lead)
    with pytest.raises(DomainError) as not_allowed:
        reassign(**asked, by=rm, with_customers=True)
    moved = reassign(**asked, by=lead, with_customers=True)
    again = reassign(**asked, by=lead, with_customers=True)

    deal.refresh_from_db()
    assert (alone.value.status, not_allowed.value.status) == (422, 403)
    assert [row.pk for row in moved] == [deal.pk]
    assert again == []
    assert (deal.owner, deal.customer.manager) == (other, other)
    assert Opportunity.objects.visible_to(other).filter(pk=deal.pk).exists()
    assert AuditEntry.objects.filter(event="marketing.opportunity_reassigned").count() == 1


def test_open_ones_follow_the_customer_to_a_new_manager(rm, deal, run_jobs):
    closed = lose(opportunity_id=deal.pk, reason="price", by=rm, at=hour(1))
    still = opened(deal.customer, rm, family="payroll", at=hour(2))
    lead, other = make_user("team_lead", rm.branch), make_user("rm", rm.branch)

    assign_customers(customer_ids=[deal.customer_id], manager_id=other.pk, by=lead, reason="调整")
    run_jobs()

    assert Opportunity.objects.get(pk=still.pk).owner == other
    assert Opportunity.objects.get(pk=closed.pk).owner == rm
