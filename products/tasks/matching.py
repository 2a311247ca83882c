"""Matches in the background: all of them by ranges, and those whose facts moved."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can


def _day(params: dict[str, Any]) -> date:
    """The day of the work: as it was asked for, else today."""
    return date.fromisoformat(params["as_of"]) if params.get("as_of") else timezone.localdate()


@job_kind("matches.full", label=_("Match all customers"), can=Can.EDIT_MATCHING)
def full(work: Work) -> None:
    """One step of a full run: prepare, match a range, swap in; nothing when a newer run began."""
    from products.services import matching

    params = work.params
    step = params.get("step", "prepare")
    if step == "prepare":
        run = matching.prepare_full(as_of=_day(params))
        work.add_parts({"step": "range", "run": run} | part for part in matching.run_parts())
        work.add_parts([{"step": "finish", "run": run}], stage=work.part.stage + 2)
    elif not matching.is_current(params["run"]):
        return  # a newer run has taken over: it does this work with a newer book
    elif step == "range":
        done = matching.match_range(run=params["run"], low=params["low"], high=params["high"])
        work.advance(done)
    else:
        matching.finish_full(run=params["run"])


@job_kind(
    "matches.refresh",
    label=_("Match changed customers"),
    can=Can.EDIT_MATCHING,
    is_atomic=False,
)
def refresh(work: Work) -> None:
    """The customers of the event have fresh matches; each batch commits by itself."""
    from products.services import matching

    done = matching.match_customers(customer_ids=work.params["ids"], as_of=_day(work.params))
    work.advance(done)
