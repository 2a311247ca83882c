"""A full run as steps of a job, and what follows a portrait that changed much."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from crm.core.jobs import enqueue, publish
from crm.core.models import Job, User
from crm.core.services.task import add_task
from customers.models import Customer
from customers.services import portrait, rollups
from customers.services.peers import refresh_peers
from customers.services.statistics import refresh_statistics

CHANGED = "portrait.changed_materially"
DAYS_TO_LOOK = 7


def ask_full(*, as_of: date, by: User | None = None) -> Job:
    """A full run as of the day is asked for; one that waits already is returned."""
    return enqueue(
        "portraits.full",
        {"as_of": as_of.isoformat()},
        by=by,
        parts=[{"step": "prepare"}],
        unique_key="all",
        priority=7,
        rows_total=Customer.objects.count(),
    )


def prepare_steps(*, as_of: date) -> list[dict[str, Any]]:
    """The new table stands ready; the steps that fill it, to be done in any order."""
    run_id = portrait.prepare_full(as_of=as_of)
    return [
        {"step": "range", "run": run_id, "low": low, "high": high}
        for low, high, _count in rollups.customer_ranges()
    ] + [{"step": "finish", "run": run_id}]


def range_step(*, as_of: date, run_id: str, low: int, high: int) -> int:
    """The portraits of one range are in the new table; returns how many."""
    outcome = portrait.compute_range(run_id=run_id, as_of=as_of, low=low, high=high)
    tell_changed(outcome.material, as_of=as_of)
    return outcome.computed


def finish_step(*, as_of: date, run_id: str, is_second: bool = False) -> bool:
    """The new portraits and the bank's figures are in force; True when a second run is due.

    The very first run has no figures of the bank to measure against, so it is run twice.
    """
    portrait.finish_full(run_id=run_id)
    is_first = refresh_statistics(as_of=as_of) and not is_second
    if is_first:
        portrait.forget_first(run_id=run_id)
    return is_first


def run_twice_if_first(*, as_of: date) -> portrait.Outcome:
    """A full run in this process, with the bank's figures; the first one ever is done twice.

    Nobody is told of what changed: see ``tell_changed``.
    """
    outcome = portrait.run_full(as_of=as_of)
    if refresh_statistics(as_of=as_of):
        portrait.forget_first(run_id=outcome.run_id)
        outcome = portrait.run_full(as_of=as_of)
    refresh_peers(as_of=as_of)
    return outcome


def tell_changed(customer_ids: list[int], *, as_of: date) -> None:
    """Managers will be told of portraits that changed much (POR-5)."""
    if customer_ids:
        publish(CHANGED, *customer_ids, as_of=as_of.isoformat())


def tell_managers(*, customer_ids: Iterable[int], as_of: date) -> int:
    """Each manager has a to-do for every such customer, once while it is open."""
    made = 0
    customers = Customer.objects.filter(pk__in=list(customer_ids), manager__isnull=False)
    for customer in customers.select_related("manager"):
        task = add_task(
            "customers.portrait_changed",
            owner=customer.manager,
            params={"customer": customer.name},
            due_on=as_of + timedelta(days=DAYS_TO_LOOK),
            link=reverse("customers:detail", args=[customer.pk]),
            unique_key=f"portrait:{customer.pk}",
        )
        made += task is not None
    return made
