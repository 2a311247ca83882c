"""Portraits in the background: all of them by ranges, what was touched, and who is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, enqueue, job_kind, publish
from crm.core.roles import Can
from crm.core.task_kinds import TASK_KINDS, TaskKind

TASK_KINDS.add(
    TaskKind(
        "customers.portrait_changed",
        _("The portrait of %(customer)s has changed: see what moved."),
        _("Look"),
        "accent",
    )
)

REPLACED = "portraits.replaced"  # every portrait is of the day, with the figures of its peers


def _day(params: dict[str, Any]) -> date:
    """The day of the work: as it was asked for, else today."""
    return date.fromisoformat(params["as_of"]) if params.get("as_of") else timezone.localdate()


@job_kind("portraits.full", label=_("Compute all portraits"), can=Can.RECOMPUTE_PORTRAITS)
def full(work: Work) -> None:
    """One step of a full run: prepare, compute a range, swap in, figures of peers."""
    from customers.services import portrait_run
    from customers.services.peers import refresh_peers

    as_of, params = _day(work.params), work.params
    if params["step"] == "prepare":
        *ranges, finish = portrait_run.prepare_steps(as_of=as_of)
        again = {"is_second": params.get("is_second", False)}
        work.add_parts(ranges)
        work.add_parts([finish | again], stage=work.part.stage + 2)
    elif params["step"] == "range":
        done = portrait_run.range_step(
            as_of=as_of, run_id=params["run"], low=params["low"], high=params["high"]
        )
        work.advance(done)
    elif params["step"] == "finish":
        is_due_again = portrait_run.finish_step(
            as_of=as_of, run_id=params["run"], is_second=params["is_second"]
        )
        following = {"step": "prepare", "is_second": True} if is_due_again else {"step": "peers"}
        work.add_parts([following])
    else:
        refresh_peers(as_of=as_of)
        publish(REPLACED, as_of=as_of.isoformat())


@job_kind(
    "portraits.refresh",
    label=_("Refresh changed portraits"),
    can=Can.RECOMPUTE_PORTRAITS,
    is_atomic=False,
)
def refresh(work: Work) -> None:
    """What was touched before this call is fresh; each batch commits by itself."""
    from customers.services import portrait, portrait_run

    as_of = _day(work.params)
    for part in portrait.refresh_parts(as_of=as_of):
        portrait_run.tell_changed(part.material, as_of=as_of)
        work.advance(part.computed)


@job_kind("portraits.tell", label=_("Tell managers of changed portraits"))
def tell(work: Work) -> None:
    """Managers of portraits that changed much have a to-do."""
    from customers.services import portrait_run

    work.advance(
        portrait_run.tell_managers(customer_ids=work.params["ids"], as_of=_day(work.params))
    )


@job_kind("rollups.rebuild", label=_("Put rollups in order"), can=Can.RECOMPUTE_PORTRAITS)
def rebuild(work: Work) -> None:
    """All rollups stand in customer order again, as touches leave new months at the end."""
    from customers.services import rollups

    work.advance(rollups.rebuild())


@shared_task(name="customers.weekly_rollups", acks_late=True)
def weekly_rollups() -> None:
    """A rebuild of the rollups is asked for; safe to repeat."""
    enqueue("rollups.rebuild", unique_key="all", priority=8)


@shared_task(name="customers.nightly_portraits", acks_late=True)
def nightly_portraits(as_of: str = "") -> None:
    """A full run of today (or the given day) is asked for; safe to repeat."""
    from customers.services import portrait_run

    portrait_run.ask_full(as_of=_day({"as_of": as_of}))
