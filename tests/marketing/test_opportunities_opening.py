"""Opening, duplicates and merging, and what suggestions and visits set in motion (OPP-1, OPP-6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import Job
from marketing.models import Opportunity, StageEvent
from marketing.services.opportunities import DuplicateOpportunity, lose, merge, reopen
from marketing.services.opportunity_follow import note_visits, open_from_suggestion
from products.models import Suggestion
from products.services.suggestions import answer_suggestion
from tests.factories import make_customer, make_user
from tests.marketing.deals import OPENED, hour, make_offer, make_ready_customer, opened
from tests.marketing.factories import load_rules, make_visit
from tests.products.suggested import make_suggestion


@pytest.fixture
def rm():
    load_rules()
    return make_user("rm")


def test_it_opens_in_the_first_stage_with_chance_deadline_owner_and_event(rm):
    customer = make_ready_customer(rm)

    row = opened(customer, rm)
    event = StageEvent.objects.get(opportunity=row)

    assert (row.pipeline, row.stage, row.state, row.owner) == ("credit", "lead", "open", rm)
    assert (row.probability, row.stage_due_on) == (0.1, date(2026, 11, 7))
    assert (row.opened_at, row.stage_since, row.last_action_on) == (
        OPENED, OPENED, date(2026, 11, 2),
    )  # fmt: skip
    assert (event.from_stage, event.to_stage, event.by, event.amount) == (
        "", "lead", rm, Decimal(300_000),
    )  # fmt: skip


def test_whoever_stands_in_opens_it_for_the_customers_manager(rm):
    head = make_user("branch_head", rm.branch)
    rm.refresh_from_db()
    customer = make_ready_customer(rm)

    assert opened(customer, head).owner == rm


def test_one_family_is_open_once_and_the_refusal_carries_the_open_one(rm):
    customer = make_ready_customer(rm)
    first = opened(customer, rm)

    with pytest.raises(DuplicateOpportunity) as caught:
        opened(customer, rm)
    other = opened(customer, rm, family="payroll")

    assert caught.value.existing == first
    assert caught.value.status == 409
    assert "线索" in str(caught.value.message)
    assert other.pk != first.pk
    assert Opportunity.objects.filter(customer=customer).count() == 2


def test_a_closed_one_is_no_duplicate(rm):
    customer = make_ready_customer(rm)
    first = opened(customer, rm)
    lose(opportunity_id=first.pk, reason="no_need", by=rm, at=hour(1))

    assert opened(customer, rm, at=hour(2)).pk != first.pk


@pytest.mark.parametrize(
    "given",
    [
        {"family": "nonsense"},
        {"origin_mode": "luck"},
        {"amount": 0},
        {"amount": Decimal("-1")},
    ],
)
def test_what_cannot_be_is_refused(rm, given):
    with pytest.raises(DomainError) as caught:
        opened(make_ready_customer(rm), rm, **given)

    assert caught.value.status == 422
    assert Opportunity.objects.count() == 0


def test_a_version_of_another_family_is_refused(rm):
    with pytest.raises(DomainError) as caught:
        opened(make_ready_customer(rm), rm, version=make_offer("payroll"))

    assert "version_chosen" in caught.value.fields


def test_merging_fills_gaps_keeps_stage_and_takes_the_larger_amount_and_earlier_day(rm):
    customer = make_ready_customer(rm)
    row = opened(customer, rm, title="", months=None)
    version, visit = make_offer(), make_visit(customer, at=hour(3))
    told = {
        "amount": Decimal(500_000), "months": 12, "version": version, "title": "扩店",
        "expected_on": date(2026, 12, 1), "visit": visit,
    }  # fmt: skip

    same = {"customer_id": customer.pk, "family": row.family}

    once = merge(into_id=row.pk, by=rm, at=hour(4), **same, **told)
    twice = merge(into_id=row.pk, by=rm, at=hour(5), **same, **told)
    smaller = merge(
        into_id=row.pk,
        by=rm,
        **same,
        at=hour(6),
        amount=Decimal(9),
        title="别的",
        expected_on=date(2027, 1, 1),
    )

    assert (once.amount, once.months, once.title) == (500_000, 12, "扩店")
    assert (once.version_chosen, once.visit, once.expected_on) == (
        version,
        visit,
        date(2026, 12, 1),
    )
    assert (once.stage, once.stage_since, once.events.count()) == ("lead", OPENED, 1)
    assert once.version == twice.version == smaller.version == 2


def test_only_a_duplicate_of_the_same_customer_and_family_is_merged(rm):
    row = opened(make_ready_customer(rm), rm)
    other = make_ready_customer(rm)

    for told in (
        {"customer_id": row.customer_id, "family": "payroll"},
        {"customer_id": other.pk, "family": row.family},
    ):
        with pytest.raises(DomainError) as caught:
            merge(into_id=row.pk, by=rm, amount=Decimal(9_000_000), **told)
        assert caught.value.status == 422

    row.refresh_from_db()
    assert (row.amount, row.version) == (300_000, 1)


def accepted(rm, customer, **fields):
    suggestion = make_suggestion(customer, **fields)
    return answer_suggestion(suggestion_id=suggestion.pk, by=rm, answer="accepted")


def test_an_accepted_suggestion_is_an_opportunity_on_its_version_once(rm, run_jobs):
    customer = make_customer(rm)
    suggestion = accepted(rm, customer, family="working_capital_loan")

    run_jobs()
    again = open_from_suggestion(suggestion_id=suggestion.pk)

    row = Opportunity.objects.get(suggestion=suggestion)
    assert again == row
    assert (row.family, row.origin_mode, row.owner) == ("working_capital_loan", "data", rm)
    assert row.version_chosen == suggestion.version
    assert row.amount == 80_000  # as the suggestion reckoned
    assert Opportunity.objects.count() == StageEvent.objects.count() == 1


def test_a_suggestion_that_reckoned_with_nothing_opens_without_an_amount(rm):
    suggestion = accepted(rm, make_customer(rm), family="working_capital_loan")
    suggestion.receipt["income"]["amount"] = 0
    suggestion.save(update_fields=["receipt"])

    assert open_from_suggestion(suggestion_id=suggestion.pk).amount is None


def test_the_job_is_written_with_the_answer_or_not_at_all(rm):
    suggestion = make_suggestion(make_customer(rm))
    answer_suggestion(suggestion_id=suggestion.pk, by=rm, answer="declined", reason="no_need")
    declined = Job.objects.filter(kind="opportunities.from_suggestions").count()
    other = accepted(rm, make_customer(rm))

    assert declined == 0
    assert Job.objects.get(kind="opportunities.from_suggestions").params["ids"] == [other.pk]


def test_a_suggestion_of_a_family_that_is_open_is_linked_and_not_doubled(rm, run_jobs):
    customer = make_ready_customer(rm)
    row = opened(customer, rm)
    suggestion = accepted(rm, customer, family="working_capital_loan")

    run_jobs()

    row.refresh_from_db()
    assert (row.suggestion, row.version_chosen) == (suggestion, suggestion.version)
    assert row.amount == 300_000  # what the customer said stays
    assert Opportunity.objects.count() == 1


def test_a_second_suggestion_leaves_the_first_link(rm):
    customer = make_ready_customer(rm)
    first = accepted(rm, customer, family="payroll")
    row = open_from_suggestion(suggestion_id=first.pk)
    Suggestion.objects.filter(pk=first.pk).update(state="accepted")
    second = accepted(rm, customer, family="payroll", version=first.version)

    assert open_from_suggestion(suggestion_id=second.pk) is None
    row.refresh_from_db()
    assert row.suggestion == first


def test_a_declined_or_missing_suggestion_opens_nothing(rm):
    suggestion = make_suggestion(make_customer(rm))

    assert open_from_suggestion(suggestion_id=suggestion.pk) is None
    assert open_from_suggestion(suggestion_id=2**31) is None
    assert Opportunity.objects.count() == 0


def test_a_visit_is_an_action_and_an_older_one_is_none(rm):
    customer = make_ready_customer(rm)
    row, other = opened(customer, rm), opened(make_ready_customer(rm), rm)
    late = make_visit(customer, at=hour(24 * 9))
    early = make_visit(customer, at=hour(24 * 4))

    moved = note_visits(visit_ids=[late.pk, early.pk]), note_visits(visit_ids=[late.pk])

    row.refresh_from_db()
    other.refresh_from_db()
    assert moved == (1, 0)
    assert row.last_action_on == timezone.localdate(OPENED) + timedelta(days=9)
    assert other.last_action_on == timezone.localdate(OPENED)


def test_a_lost_opportunity_lets_its_suggestion_rest_and_a_reopened_one_does_not(rm, run_jobs):
    suggestion = accepted(rm, make_customer(rm), family="working_capital_loan")
    run_jobs()
    row = Opportunity.objects.get(suggestion=suggestion)
    lost_at = timezone.now()

    lose(opportunity_id=row.pk, reason="price", by=rm, at=lost_at)
    suggestion.refresh_from_db()
    rest = suggestion.cool_until
    reopen(opportunity_id=row.pk, reason="降价了", by=rm)
    suggestion.refresh_from_db()

    assert rest == timezone.localdate(lost_at) + timedelta(days=90)
    assert (suggestion.state, suggestion.cool_until) == ("accepted", None)
