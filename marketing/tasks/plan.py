"""Weeks are planned on Fridays for the next one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can

BATCH = 20  # managers a range


def _day(params: dict[str, Any]) -> date:
    """The day of the work: as it was asked for, else today."""
    return date.fromisoformat(params["as_of"]) if params.get("as_of") else timezone.localdate()


@job_kind("plans.week", label=_("Plan the next week"), can=Can.RECOMPUTE_PORTRAITS)
def week(work: Work) -> None:
    """Ranges of managers first, then the week after ``as_of`` for those of one range."""
    from marketing.selectors.plan import planned_managers
    from marketing.services.plan import plan_next_week

    if "managers" not in work.params:
        keys = planned_managers()
        work.add_parts(
            {"managers": keys[no : no + BATCH], "as_of": _day(work.params).isoformat()}
            for no in range(0, len(keys), BATCH)
        )
        return
    for key in work.params["managers"]:
        plan_next_week(manager_id=key, as_of=_day(work.params))
        work.advance(1)
