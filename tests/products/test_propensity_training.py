"""Training keeps a model as data, and a worse one never takes over."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from crm.core.errors import DomainError
from crm.core.jobs import enqueue
from crm.core.models import Job
from crm.core.parameters import parameters
from customers.models import Holding
from products.models import PropensityModel
from products.propensity.score import chances
from products.services import propensity_training
from products.services.propensity import active_model, inputs_now
from products.services.propensity_training import ask_first, train
from tests.factories import make_portrait
from tests.products.propensity_made import CUT, make_holders

END = CUT + timedelta(days=90)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_a_bank_without_openings_has_nothing_to_learn_from():
    customers = make_holders(3)
    Holding.objects.all().delete()

    with pytest.raises(DomainError, match="nothing to learn"):
        train(as_of=END)

    assert active_model() is None
    assert len(customers) == 3


def test_the_first_model_is_active_and_says_what_it_was_judged_by():
    make_holders(80)

    model = train(as_of=END)

    assert active_model() == model
    assert (model.version, model.trained_to, model.horizon_days) == (1, END, 90)
    assert model.metrics["judged_after"] == CUT.isoformat()
    assert 0 < model.metrics["map7"] <= 1
    assert model.content["terms"]["online_payment"]["steps"]


def test_the_same_data_keep_the_same_model():
    make_holders(80)
    first = train(as_of=END)

    second = train(as_of=END)

    assert second == first
    assert PropensityModel.objects.count() == 1


def test_two_trainings_at_the_same_time_keep_one_model():
    make_holders(80)
    learned = propensity_training.learn(until=END, rules=parameters(END))
    same = {"as_of": END, "learned": learned, "metrics": {}, "champion": None}

    first, second = (propensity_training._keep(**same) for _ in range(2))

    assert second == first
    assert PropensityModel.objects.get().state == "active"


def test_a_new_model_takes_over_from_one_that_ranks_no_better():
    make_holders(80)
    old = train(as_of=CUT)

    new = train(as_of=END)

    old.refresh_from_db()
    assert (old.state, new.state) == ("retired", "active")
    assert new.metrics["champion"] == old.version
    assert new.metrics["champion_map7"] - 0.005 <= new.metrics["map7"]


def test_a_new_model_that_ranks_worse_stays_a_candidate():
    make_holders(80)
    old = train(as_of=CUT)
    future = chances_that_know_the_future(old.content)
    PropensityModel.objects.filter(pk=old.pk).update(content=future, data_hash="better")
    Holding.objects.filter(opened_on__gt=CUT).exclude(family="insurance").delete()

    new = train(as_of=END)

    assert new.state == "candidate"
    assert active_model() == old
    assert new.metrics["champion_map7"] == 1.0


def chances_that_know_the_future(content):
    """A champion that puts insurance first for everybody, in a quarter that opens nothing else."""
    terms = {family: {"start": -9.0, "steps": {}} for family in content["families"]}
    return content | {"terms": terms | {"insurance": {"start": 0.0, "steps": {}}}}


def test_the_job_trains_the_model_and_the_active_one_scores_stored_portraits(run_jobs):
    customers = make_holders(80)
    for customer in customers[:5]:
        make_portrait(customer, stage="growth", employees=7)

    enqueue("propensity.train", {"as_of": END.isoformat()})
    run_jobs()

    ids = [customer.pk for customer in customers[:6]]
    frame = inputs_now(ids=ids, as_of=END)
    found = chances(frame, active_model().content)
    assert found.index.tolist() == ids[:5]  # the sixth has no portrait
    assert ((found > 0) & (found < 1) | found.isna()).all(axis=None)
    assert found["account_card"].isna().all()
    by_range = inputs_now(ids[0], ids[-1], as_of=END)
    assert chances(by_range, active_model().content).equals(found)


def test_the_command_trains_and_tells_and_refuses_with_a_sentence(capsys):
    make_holders(80)

    call_command("train_propensity", as_of=END)

    assert "Model v1 to 2026-08-30: active" in capsys.readouterr().out
    Holding.objects.all().delete()
    with pytest.raises(CommandError, match="nothing to learn"):
        call_command("train_propensity", as_of=END)


def test_a_first_model_is_asked_for_once_and_renews_the_suggestions_when_it_takes_over(run_jobs):
    make_holders(80)

    asked = [ask_first(as_of=END), ask_first(as_of=END)]
    run_jobs()

    assert asked == [True, True]  # the second finds the first one waiting
    assert Job.objects.filter(kind="propensity.train").count() == 1
    assert Job.objects.filter(kind="suggestions.full", state="done").exists()
    assert not ask_first(as_of=END)
