"""Making suggestions: who gets which, what keeps its row, what never comes back."""

from datetime import date, datetime, timedelta
from itertools import count

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core.jobs import enqueue
from crm.core.models import Job
from customers.models import Holding, Portrait, Touch
from products.models import CustomerMatch, OfferFit, Suggestion
from products.services import suggestions as services
from products.services.suggestions import (
    answer_suggestion,
    rest_after_loss,
    run_full,
    suggest_customers,
)
from tests.factories import make_user
from tests.products.factories import make_product, make_version
from tests.products.matched import make_fit
from tests.products.suggested import (
    TODAY,
    make_offers,
    make_ready,
    make_rules,
    make_suggestion,
    open_families,
)

_no = count(1)
NEEDS = {"p_payroll": 0.5, "p_working_capital": 0.45, "p_credit_card": 0.3, "p_insurance": 0.2}
FAMILIES = ("payroll", "working_capital_loan", "credit_card", "insurance")
BUSINESS = {"employees": 20, "mean_wage_3m": 6_000.0, "wanted_amount": 200_000.0}
ALL = NEEDS | BUSINESS


def suggest(*customers, as_of=TODAY):
    return suggest_customers(customer_ids=[one.pk for one in customers], as_of=as_of)


def everything():
    """Every column of every suggestion but the row's own key and clock."""
    rows = Suggestion.objects.order_by("customer", "family", "pk").values()
    return [
        {k: v for k, v in row.items() if k not in ("id", "made_at", "refreshed_at")} for row in rows
    ]


def test_the_best_are_suggested_by_expected_value_and_at_most_five():
    make_rules()
    offers = make_offers(*FAMILIES, "deposit", "wealth", "acquiring", "supply_chain_loan")
    more = {"p_deposit_wealth": 0.4, "p_qr_receipts": 0.6, "p_chain_finance": 0.3}
    money = {"sales_month_12m": 100_000.0, "deposit_average_3m": 300_000.0}
    customer = make_ready(offers, **(ALL | more | money))

    suggest(customer)

    rows = list(Suggestion.objects.filter(customer=customer).order_by("rank"))
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]
    values = [row.expected_amount for row in rows]
    assert values == sorted(values, reverse=True)
    assert all(row.owner == customer.manager and row.state == "new" for row in rows)
    assert all(row.reasons and row.receipt["parameters"] for row in rows)


def test_the_same_inputs_give_the_same_suggestions_and_a_second_run_changes_nothing():
    make_rules()
    offers = make_offers(*FAMILIES)
    customers = [make_ready(offers, **ALL) for _ in range(3)]

    first = run_full(as_of=TODAY)
    before, stamps = everything(), list(Suggestion.objects.values_list("pk", "refreshed_at"))
    second = run_full(as_of=TODAY)
    one_by_one = [suggest(customer) for customer in customers]

    assert first.made == 12
    assert (second.made, second.changed, second.ended) == (0, 0, 0)
    assert all((part.made, part.changed, part.ended) == (0, 0, 0) for part in one_by_one)
    assert everything() == before
    assert list(Suggestion.objects.values_list("pk", "refreshed_at")) == stamps


def test_what_is_held_accepted_or_failed_is_never_suggested():
    make_rules()
    offers = make_offers(*FAMILIES)
    customer = make_ready(offers, **(ALL | {"families": ["payroll"]}))
    make_suggestion(customer, family="insurance", state="accepted")
    OfferFit.objects.filter(customer=customer, version=offers["credit_card"]).update(kind="a")

    suggest(customer)

    assert open_families(customer) == ["working_capital_loan"]


def test_a_red_flag_stops_credit_and_nothing_else():
    make_rules()
    customer = make_ready(make_offers(*FAMILIES), **(ALL | {"is_credit_suppressed": True}))

    suggest(customer)

    assert sorted(open_families(customer)) == ["insurance", "payroll"]


def test_who_is_not_to_be_contacted_or_is_deregistered_gets_nothing():
    make_rules()
    offers = make_offers(*FAMILIES)
    quiet = make_ready(offers, fields={"is_do_not_contact": True}, **ALL)
    gone = make_ready(offers, fields={"registry_status": "cancelled"}, **ALL)

    suggest(quiet, gone)

    assert not Suggestion.objects.exists()


def test_one_missing_fact_is_allowed_named_and_ranked_lower():
    make_rules()
    offers = make_offers("payroll", "insurance")
    customer = make_ready(offers, **ALL)
    OfferFit.objects.filter(customer=customer, version=offers["payroll"]).update(
        kind="u", rule="employees"
    )

    suggest(customer)

    payroll = Suggestion.objects.get(customer=customer, family="payroll")
    assert payroll.receipt["factors"]["missing"] == 0.6
    assert payroll.receipt["inputs"]["missing"] == "employees"
    assert {
        key: value
        for key, value in payroll.reasons[-1].items()
        if key != "weight"
    } == {"code": "missing", "inputs": {"feature": "employees"}}  # fmt: skip


def test_the_best_fitting_version_of_a_family_is_taken():
    make_rules()
    offers = make_offers("payroll")
    customer = make_ready(offers, **ALL)
    better = make_version(make_product(family="payroll"))
    unsure = make_version(make_product(family="payroll"))
    make_fit(customer, better, score=90_000.0)  # above whatever the factory counted up to
    make_fit(customer, unsure, kind="u", score=99_000.0, rule="employees")

    suggest(customer)

    assert Suggestion.objects.get(customer=customer).version == better


def test_a_recent_contact_lowers_the_rank_but_not_the_value():
    make_rules()
    offers = make_offers("payroll")
    visited = make_ready(offers, **(ALL | {"last_visit_on": TODAY - timedelta(days=3)}))
    called, left = (make_ready(offers, **ALL) for _ in range(2))
    at = timezone.make_aware(datetime(2026, 11, 15, 10))
    Touch.objects.create(customer=called, channel="phone", at=at, has_reached=True)

    suggest(visited, called, left)

    factors = {row.customer: row.receipt["factors"]["contact"] for row in Suggestion.objects.all()}
    assert factors == {visited: 0.8, called: 0.8, left: 1}
    assert len(set(Suggestion.objects.values_list("expected_amount", flat=True))) == 1


def test_an_open_one_that_holds_keeps_its_row_and_moves_only_when_something_changed():
    make_rules()
    customer = make_ready(make_offers(*FAMILIES), **ALL)
    suggest(customer)
    services.mark_seen(suggestions=list(Suggestion.objects.all()), by=customer.manager)
    before = {row.family: row for row in Suggestion.objects.all()}

    Portrait.objects.filter(customer=customer).update(employees=40)
    outcome = suggest(customer, as_of=TODAY + timedelta(days=1))

    after = {row.family: row for row in Suggestion.objects.all()}
    assert {key: row.pk for key, row in after.items()} == {
        key: row.pk for key, row in before.items()
    }
    assert all(row.state == "seen" for row in after.values())
    assert after["payroll"].expected_amount > before["payroll"].expected_amount
    assert after["payroll"].expires_on == before["payroll"].expires_on
    assert after["payroll"].receipt["made"] == before["payroll"].receipt["made"]
    assert after["insurance"].refreshed_at == before["insurance"].refreshed_at
    assert outcome.made == 0


def test_what_holds_no_longer_ends_and_may_come_back_as_a_new_row():
    make_rules()
    offers = make_offers("payroll")
    customer = make_ready(offers, **ALL)
    suggest(customer)
    OfferFit.objects.filter(customer=customer).update(kind="a")

    suggest(customer)
    ended = Suggestion.objects.get()
    OfferFit.objects.filter(customer=customer).update(kind="y")
    suggest(customer)

    assert (ended.state, ended.receipt["ended"]["why"]) == ("expired", "no_longer")
    assert Suggestion.objects.count() == 2
    assert open_families(customer) == ["payroll"]


def test_one_that_nobody_answered_expires_and_rests():
    make_rules()
    customer = make_ready(make_offers("payroll"), **ALL)
    suggest(customer)
    last = Suggestion.objects.get().expires_on

    suggest(customer, as_of=last)
    on_the_last_day = open_families(customer)
    suggest(customer, as_of=last + timedelta(days=1))
    after = open_families(customer)
    suggest(customer, as_of=last + timedelta(days=15))

    assert (on_the_last_day, after) == (["payroll"], [])
    assert open_families(customer) == ["payroll"]


@settings(max_examples=15, deadline=None)
@given(ago=st.integers(0, 400), reason=st.sampled_from(list(Suggestion.Decline.values)))
def test_declined_is_not_suggested_again_within_its_cool_down(ago, reason):
    make_rules()
    customer = make_ready(make_offers("payroll"), **ALL)
    suggest(customer)
    answered = answer_suggestion(
        suggestion_id=Suggestion.objects.get(customer=customer).pk,
        by=customer.manager, answer="declined", reason=reason,
    )  # fmt: skip
    on = timezone.localdate() + timedelta(days=ago)

    suggest(customer, as_of=on)

    assert (open_families(customer) == ["payroll"]) == (on >= answered.cool_until)


def test_what_was_taken_up_comes_back_only_after_the_rest_of_a_lost_opportunity():
    make_rules()
    customer = make_ready(make_offers("payroll"), **ALL)
    taken_up = make_suggestion(customer, family="payroll", state="accepted")

    suggest(customer, as_of=TODAY + timedelta(days=400))
    while_worked_on = open_families(customer)
    rest_after_loss(suggestion_id=taken_up.pk, lost_on=TODAY)
    suggest(customer, as_of=TODAY + timedelta(days=89))
    at_rest = open_families(customer)
    suggest(customer, as_of=TODAY + timedelta(days=90))

    assert (while_worked_on, at_rest, open_families(customer)) == ([], [], ["payroll"])


def test_what_is_answered_while_a_run_computes_is_not_made_anew(monkeypatch):
    make_rules()
    customer = make_ready(make_offers("payroll", "insurance"), **ALL)
    suggest(customer)
    explain = services.explain_chosen

    def answered_meanwhile(cursor, chances):
        rows = Suggestion.objects.filter(customer=customer)
        rest = TODAY + timedelta(days=60)
        rows.filter(family="insurance").update(state="accepted")
        rows.filter(family="payroll").update(
            state="declined", decline_reason="other", cool_until=rest
        )
        explain(cursor, chances)

    monkeypatch.setattr(services, "explain_chosen", answered_meanwhile)
    outcome = suggest(customer)

    assert (outcome.made, outcome.changed, outcome.ended) == (0, 0, 0)
    assert sorted(Suggestion.objects.values_list("state", flat=True)) == ["accepted", "declined"]


def test_the_owner_follows_a_hand_over():
    make_rules()
    customer = make_ready(make_offers("payroll"), **ALL)
    suggest(customer)
    heir = make_user("rm", customer.branch)
    customer.manager = heir
    customer.save()

    suggest(customer)

    assert Suggestion.objects.get().owner == heir


def test_a_need_with_a_date_ends_the_suggestion_then_but_not_at_once():
    make_rules()
    offers = make_offers("working_capital_loan", "payroll")
    soon = make_ready(offers, **(ALL | {"need_on": TODAY + timedelta(days=1)}))
    later = make_ready(offers, **(ALL | {"need_on": TODAY + timedelta(days=20)}))
    some_day = make_ready(offers, **ALL)

    suggest(soon, later, some_day)

    loans = Suggestion.objects.filter(family="working_capital_loan")
    assert loans.get(customer=soon).expires_on == TODAY + timedelta(days=7)
    assert loans.get(customer=later).expires_on == TODAY + timedelta(days=20)
    assert loans.get(customer=some_day).expires_on == TODAY + timedelta(days=30)
    payroll = Suggestion.objects.get(customer=soon, family="payroll")
    assert payroll.expires_on == TODAY + timedelta(days=30)


def hold(customer, family, opened_on):
    return Holding.objects.create(
        customer=customer, family=family, opened_on=opened_on, contract_no=f"C{next(_no)}"
    )


def test_the_outcome_is_the_first_opening_within_ninety_days():
    make_rules()
    customer = make_ready(make_offers("payroll"), p_insurance=0.2)
    rows = [make_suggestion(customer, family=family, made_on=date(2026, 6, 1), state="expired")
            for family in ("payroll", "insurance", "wealth", "deposit")]  # fmt: skip
    for family, day in (
        ("payroll", date(2026, 8, 30)), ("payroll", date(2026, 7, 1)),
        ("insurance", date(2026, 8, 31)), ("wealth", date(2026, 6, 1)),
        ("deposit", date(2026, 6, 2)),
    ):  # fmt: skip
        hold(customer, family, day)

    suggest(customer)
    opened = list(Suggestion.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    Holding.objects.filter(family="deposit").delete()
    suggest(customer)

    assert [row.opened_on for row in opened] == [
        date(2026, 7, 1), None, None, date(2026, 6, 2),
    ]  # fmt: skip
    assert Suggestion.objects.get(pk=rows[3].pk).opened_on is None


def test_a_customer_without_match_or_portrait_has_no_open_suggestion():
    make_rules()
    customer = make_ready(make_offers("payroll"), **ALL)
    suggest(customer)
    CustomerMatch.objects.all().delete()

    suggest(customer)

    assert open_families(customer) == []


def test_a_run_costs_as_many_queries_for_many_as_for_one():
    make_rules()
    offers = make_offers(*FAMILIES)
    one = make_ready(offers, **ALL)
    many = [make_ready(offers, **ALL) for _ in range(8)]

    with CaptureQueriesContext(connection) as small:
        suggest(one)
    with CaptureQueriesContext(connection) as large:
        suggest(*many)

    assert len(large) == len(small)


def test_the_full_run_is_a_job_by_ranges_and_may_run_twice(run_jobs):
    make_rules()
    offers = make_offers(*FAMILIES)
    customers = [make_ready(offers, **ALL) for _ in range(3)]

    job = enqueue("suggestions.full", {"as_of": TODAY.isoformat()})
    run_jobs()
    before = everything()
    enqueue("suggestions.full", {"as_of": TODAY.isoformat()})
    run_jobs()

    job.refresh_from_db()
    assert (job.state, job.rows_done) == ("done", 3)
    assert len(before) == 4 * len(customers)
    assert everything() == before
    assert not Job.objects.exclude(state="done").exists()
