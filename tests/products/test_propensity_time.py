"""No input of the model is later than the cut: a poisoned future changes no figure."""

from datetime import timedelta

import pandas as pd
import pytest

from crm.core.parameters import parameters
from customers import models as m
from customers.services import portrait, rollups
from products.propensity.columns import input_columns, outputs_behind
from products.selectors.propensity_inputs import (
    customers_with_us,
    holdings_of,
    inputs_of_day,
    inputs_of_now,
    openings,
)
from products.selectors.propensity_windows import known_on
from products.services.propensity_evaluation import evaluate
from products.services.propensity_training import learn
from tests.customers.portrait_facts import TODAY, compute, make_bank
from tests.customers.test_portrait_time import LATER, poison
from tests.products.propensity_made import CUT, hold, make_holders


def poison_customer(customer):
    """What is kept of a customer without a date moves on, and so do its holdings."""
    m.Customer.objects.filter(pk=customer.pk).update(
        relation_state="lost",
        registry_status="revoked",
        is_do_not_contact=True,
        address="搬到别处",
    )
    hold(customer, "payroll", LATER)
    m.Holding.objects.filter(customer=customer, closed_on=None, opened_on__lte=TODAY).update(
        closed_on=LATER
    )


def make_known_bank(seed, customers):
    made = make_bank(seed, customers=customers, customer_since=TODAY - timedelta(days=800))
    for customer in made:
        hold(customer, "account_card", TODAY - timedelta(days=800))
        hold(customer, "deposit", TODAY - timedelta(days=400), TODAY - timedelta(days=9))
    compute()
    return made


def test_no_input_of_the_model_looks_ahead():
    customers = make_known_bank(11, 6)
    ids = customers_with_us(as_of=TODAY)
    before, lifts = known_on(as_of=TODAY, ids=ids)

    for customer in customers:
        poison(customer)
        poison_customer(customer)
    rollups.rebuild()
    portrait.run_full(as_of=TODAY + timedelta(days=400))

    assert len(ids) == 6
    assert customers_with_us(as_of=TODAY) == ids
    after, lifts_after = known_on(as_of=TODAY, ids=ids)
    pd.testing.assert_frame_equal(before, after)
    assert lifts == lifts_after


def test_the_poison_is_strong_enough_to_be_seen_later():
    customers = make_known_bank(12, 3)
    ids = [customer.pk for customer in customers]
    before, _lifts = known_on(as_of=TODAY, ids=ids)

    for customer in customers:
        poison(customer)
        poison_customer(customer)
    rollups.rebuild()

    later, _lifts = known_on(as_of=LATER + timedelta(days=40), ids=ids)
    moved = {key for key in before if not before[key].equals(later.get(key))}
    assert {"employees", "annual_revenue", "inflow_month_12m", "lenders", "tax_grade"} <= moved
    assert {"applications_24m", "held:account_card", "opened:90d"} <= moved


def test_a_past_day_reads_what_the_portrait_of_that_day_said():
    customers = make_known_bank(13, 4)
    ids = [customer.pk for customer in customers]

    past, _lifts = known_on(as_of=TODAY, ids=ids)
    stored = inputs_of_now(as_of=TODAY, ids=ids)

    # Prospects hold something here, so a past day rightly takes them for customers.
    known = [c.pk for c in customers if c.relation_state == "existing"]
    assert known
    pd.testing.assert_frame_equal(past.loc[known], stored.loc[known])


def test_no_input_depends_on_what_has_no_past():
    undated = {"do_not_contact", "has_mobile", "has_decider", "is_located"}

    assert not {key for key in input_columns() if outputs_behind(key) & undated}
    assert not {"tier", "revenue_percentile", "completeness", "tags"} & set(input_columns())
    assert {"stage", "groups", "chain_position", "size_class", "p_working_capital"} <= set(
        input_columns()
    )


def test_a_change_of_the_engine_that_would_let_a_past_day_see_the_present_is_refused(monkeypatch):
    from products.selectors import propensity_inputs

    monkeypatch.setitem(propensity_inputs._DATED, "c.state_of_today AS relation_state_is", "x")

    with pytest.raises(LookupError, match="state_of_today"):
        inputs_of_day(as_of=TODAY, named={}, ids=[1])


def test_what_is_learned_and_judged_by_the_cut_is_the_same_whatever_comes_after():
    customers = make_holders(80)
    rules = parameters(CUT)
    learned = learn(until=CUT, rules=rules)
    found = evaluate(cut=CUT)

    for number, customer in enumerate(customers):
        hold(customer, "wealth", CUT + timedelta(days=120))
        if number % 2:
            m.Holding.objects.filter(customer=customer, closed_on=None, opened_on__lte=CUT).update(
                closed_on=CUT + timedelta(days=1)
            )
        m.Customer.objects.filter(pk=customer.pk).update(relation_state="lost")
    again = learn(until=CUT, rules=rules)

    assert len(learned.windows) >= 4
    assert again.content == learned.content
    assert again.data_hash == learned.data_hash
    assert evaluate(cut=CUT).to_data() == found.to_data()


def test_openings_after_the_cut_change_the_judgement_and_nothing_that_was_learned():
    customers = make_holders(80)
    rules = parameters(CUT)
    learned = learn(until=CUT, rules=rules)
    found = evaluate(cut=CUT)

    for customer in customers[::2]:
        hold(customer, "wealth", CUT + timedelta(days=1))

    assert learn(until=CUT, rules=rules).data_hash == learned.data_hash
    assert evaluate(cut=CUT).openings > found.openings


def test_holdings_and_openings_fall_on_the_right_side_of_the_day():
    customer = make_holders(1)[0]
    m.Holding.objects.all().delete()
    hold(customer, "deposit", CUT, CUT + timedelta(days=5))
    hold(customer, "payroll", CUT + timedelta(days=1))
    hold(customer, "wealth", CUT + timedelta(days=91))

    known = holdings_of(as_of=CUT, ids=[customer.pk])
    opened = openings(after=CUT, until=CUT + timedelta(days=90))

    assert known["family"].tolist() == ["deposit"]
    assert known["closed_on"].isna().all()  # on the day nobody knows that it will be closed
    assert opened["family"].tolist() == ["payroll"]
