"""Suggestions follow a fact within one round of work; a killed worker loses and doubles nothing."""

import os
import signal
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from crm.core.jobs import enqueue, publish
from crm.core.models import JobRange
from crm.core.months import ym_of
from customers.models import AccountFlow, Holding
from customers.services import rollups
from customers.services.portrait import run_full as portraits_full
from products.models import Suggestion
from products.services import matching
from products.services.suggestions import LOCKS, run_full
from tests.factories import make_customer, make_user
from tests.products.factories import make_product, make_version
from tests.products.suggested import make_offers, make_ready, make_rules

READY = {
    "p_payroll": 0.5, "p_insurance": 0.2, "employees": 20, "mean_wage_3m": 6_000.0,
}  # fmt: skip


def test_a_fact_moves_portrait_match_and_suggestion_in_one_round_of_work(run_jobs):
    make_rules()
    today = timezone.localdate()
    for family in ("payroll", "deposit", "wealth", "acquiring", "account_card", "insurance"):
        make_version(make_product(family=family))
    customer = make_customer(
        make_user("rm"), relation_state="existing", registered_on=today - timedelta(days=200),
        registry_status="active",
    )  # fmt: skip
    rollups.rebuild()
    portraits_full(as_of=today)
    matching.run_full(as_of=today)
    run_full(as_of=today)
    before = set(Suggestion.objects.filter(state__in=("new", "seen")).values_list("family"))

    Holding.objects.create(customer=customer, family="insurance", contract_no="Q1", opened_on=today)
    AccountFlow.objects.create(
        customer=customer, ym=ym_of(today) - 1, inflow_amount=Decimal(90_000),
        outflow_amount=Decimal(80_000),
    )  # fmt: skip
    rollups.touch({(customer.pk, None), (customer.pk, ym_of(today) - 1)})
    publish("customers.facts_changed", customer.pk)
    run_jobs()

    after = set(Suggestion.objects.filter(state__in=("new", "seen")).values_list("family"))
    assert before == {("insurance",)}
    assert ("insurance",) not in after  # held now
    assert ("acquiring",) in after  # its turnover is known now
    ended = Suggestion.objects.get(family="insurance")
    assert (ended.state, ended.opened_on) == ("expired", None)  # opened the day it was made


def test_a_refresh_of_the_same_ids_twice_changes_nothing(run_jobs):
    make_rules()
    customer = make_ready(make_offers("payroll", "insurance"), **READY)

    publish("matches.updated", customer.pk)
    run_jobs()
    before = list(Suggestion.objects.order_by("pk").values())
    publish("matches.updated", customer.pk)
    run_jobs()

    assert len(before) == 2
    assert list(Suggestion.objects.order_by("pk").values()) == before


@pytest.mark.worker
def test_a_worker_killed_amid_a_range_loses_and_doubles_nothing(worker):
    from tests.worker import awaited

    make_rules()
    offers = make_offers("payroll", "insurance")
    customers = [make_ready(offers, **READY) for _ in range(4)]
    bucket = customers[0].pk // 10_000
    with connection.cursor() as cursor:  # the range waits for its customers
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCKS, bucket])
    low, high = customers[0].pk, customers[-1].pk
    job = enqueue("suggestions.full", parts=[{"low": low, "high": high}])
    awaited(lambda: JobRange.objects.filter(job=job, state="running").exists())
    awaited(someone_waits)
    child = int(JobRange.objects.get(job=job).worker.rpartition(":")[2])

    os.kill(child, signal.SIGKILL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, bucket])
    JobRange.objects.filter(job=job).update(lease_until=timezone.now())
    worker.finishes(job)

    made = Suggestion.objects.values_list("customer", "family")
    assert job.state == "done"
    assert JobRange.objects.get(job=job).attempts == 2
    assert sorted(made) == sorted(
        (customer.pk, family) for customer in customers for family in offers
    )


def someone_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
            "AND classid = %s",
            [LOCKS],
        )
        return cursor.fetchone()[0]
