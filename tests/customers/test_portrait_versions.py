"""Versions are written when a fact moved something, and only then (POR-3, POR-5; scenario 18)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.core.models import Job, Task
from customers import models as m
from customers.selectors.portrait_page_as_of import parameters_needed, portrait_of_day
from customers.services import portrait, portrait_run, rollups
from customers.services.portrait_parameters import run_parameters
from tests.customers.portrait_facts import TODAY, compute, make_bank
from tests.factories import make_user


def declare(customer, key, number, *, as_of=TODAY, quality="verified"):
    """A fact told at a visit."""
    m.DeclaredFact.objects.create(
        customer=customer,
        key=key,
        number=number,
        as_of=as_of,
        source="visit",
        quality=quality,
    )
    rollups.touch_customers([customer.pk], trigger="visit")


@pytest.fixture
def customer():
    (made,) = make_bank(21, customers=1)
    m.DeclaredFact.objects.all().delete()
    compute(TODAY - timedelta(days=1))
    return made


def test_a_day_that_only_passes_makes_no_version(customer):
    portrait.run_full(as_of=TODAY)

    assert m.Portrait.objects.get(pk=customer.pk).as_of == TODAY
    assert m.PortraitVersion.objects.filter(customer=customer).count() == 1


def test_a_visit_makes_a_version_with_its_trigger(customer):
    declare(customer, "speed_need", 5)

    outcome = portrait.refresh(as_of=TODAY)

    newest = m.PortraitVersion.objects.filter(customer=customer).order_by("-version_no").first()
    assert outcome.moved == [customer.pk]
    assert (newest.version_no, newest.trigger, newest.speed_need) == (2, "visit", 5)
    assert m.Portrait.objects.get(pk=customer.pk).version_no == 2


def test_a_main_figure_that_moves_by_a_fifth_is_material(customer):
    declare(customer, "annual_revenue", 1_000_000, as_of=TODAY - timedelta(days=30))
    portrait.refresh(as_of=TODAY)
    declare(customer, "annual_revenue", 1_300_000)

    outcome = portrait.refresh(as_of=TODAY)

    assert outcome.material == [customer.pk]
    newest = m.PortraitVersion.objects.filter(customer=customer).order_by("-version_no").first()
    assert newest.is_material
    assert newest.annual_revenue == Decimal(1_300_000)


def test_a_small_move_is_not_material(customer):
    declare(customer, "premises_area", 100, as_of=TODAY - timedelta(days=30))
    portrait.refresh(as_of=TODAY)
    declare(customer, "premises_area", 101)

    outcome = portrait.refresh(as_of=TODAY)

    assert outcome.moved == [customer.pk]
    assert outcome.material == []


def test_the_view_before_a_visit_shows_the_old_stage(customer):
    """Scenario 18: as of a day before the visit nothing of it is known."""
    m.Customer.objects.filter(pk=customer.pk).update(registered_on=None)
    declare(customer, "annual_revenue", 400_000, as_of=TODAY - timedelta(days=40))
    m.DeclaredFact.objects.create(
        customer=customer,
        key="start_on",
        day=TODAY - timedelta(days=400),
        as_of=TODAY,
        source="visit",
        quality="verified",
    )
    portrait.refresh(as_of=TODAY)

    before = TODAY - timedelta(days=1)
    named, version = run_parameters(before, parameters_needed())
    old = portrait_of_day(customer, before, named, version)

    now = m.Portrait.objects.get(pk=customer.pk)
    assert now.years_in_business == pytest.approx(1.1, abs=0.01)
    assert old.years_in_business is None
    assert (old.stage, now.stage) == ("unknown", "start_up")


def test_a_manager_has_one_to_do_for_a_portrait_that_changed_much(customer, run_jobs):
    manager = make_user("rm", branch=customer.branch)
    m.Customer.objects.filter(pk=customer.pk).update(manager=manager)

    portrait_run.tell_changed([customer.pk], as_of=TODAY)
    portrait_run.tell_changed([customer.pk], as_of=TODAY)
    run_jobs()

    task = Task.objects.get(owner=manager)
    assert task.kind == "customers.portrait_changed"
    assert task.params == {"customer": customer.name}


def test_what_was_refreshed_during_a_full_run_survives_the_swap(customer):
    run_id = portrait.prepare_full(as_of=TODAY)
    portrait.compute_range(run_id=run_id, as_of=TODAY, low=0, high=10**9)
    declare(customer, "speed_need", 4)
    portrait.refresh(as_of=TODAY)

    portrait.finish_full(run_id=run_id)

    assert m.Portrait.objects.get(pk=customer.pk).speed_need == 4
    numbers = m.PortraitVersion.objects.filter(customer=customer).values_list("version_no")
    assert sorted(numbers) == [(1,), (2,)]


def test_a_run_that_was_replaced_stops(customer):
    from crm.core.errors import DomainError

    old = portrait.prepare_full(as_of=TODAY)
    portrait.prepare_full(as_of=TODAY)

    with pytest.raises(DomainError):
        portrait.compute_range(run_id=old, as_of=TODAY, low=0, high=10**9)


def test_the_nightly_job_computes_everybody_and_swaps(customer, run_jobs):
    m.Portrait.objects.all().delete()

    job = portrait_run.ask_full(as_of=TODAY)
    run_jobs()

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert m.Portrait.objects.get(pk=customer.pk).as_of == TODAY
    assert m.PeerStatistic.objects.count() >= 0


def test_the_indexes_of_the_table_survive_the_swap(customer):
    from django.db import connection

    def names():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'customers_portrait'"
            )
            return sorted(cursor.fetchall())

    before = names()

    portrait.run_full(as_of=TODAY)

    assert names() == before
