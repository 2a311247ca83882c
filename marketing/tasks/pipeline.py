"""Opportunities in the background: opened from suggestions, deadlines, own rates, hand-overs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can
from marketing.services import opportunity_follow, opportunity_rates, opportunity_tasks


def _day(params: dict[str, Any]) -> date:
    """The day of the work: as it was asked for, else today."""
    return date.fromisoformat(params["as_of"]) if params.get("as_of") else timezone.localdate()


@job_kind("opportunities.from_suggestions", label=_("Open accepted suggestions"))
def from_suggestions(work: Work) -> None:
    """An accepted suggestion is an opportunity on its product version, once."""
    for key in work.params["ids"]:
        opportunity_follow.open_from_suggestion(suggestion_id=key)
    work.advance(len(work.params["ids"]))


@job_kind("opportunities.visited", label=_("Note visits on opportunities"))
def visited(work: Work) -> None:
    """A visit is an action on whatever is open with its customer."""
    opportunity_follow.note_visits(visit_ids=work.params["ids"])
    work.advance(len(work.params["ids"]))


@job_kind("opportunities.handed_over", label=_("Hand opportunities over with their customers"))
def handed_over(work: Work) -> None:
    """What is open goes with the customer to the new manager."""
    opportunity_follow.follow_customers(customer_ids=work.params["ids"])
    work.advance(len(work.params["ids"]))


@job_kind("opportunities.deadlines", label=_("Tell of overdue stages"), can=Can.VIEW_BOARD)
def deadlines(work: Work) -> None:
    """Team leaders have a to-do for every stage whose time has run out."""
    work.advance(opportunity_tasks.tell_breaches(today=_day(work.params)))


@job_kind("opportunities.rates", label=_("Count the bank's own rates"), can=Can.VIEW_BOARD)
def rates(work: Work) -> None:
    """Own twelve-month rates stand beside the defaults, and open rows carry what holds."""
    work.advance(opportunity_rates.count_rates(as_of=_day(work.params)))
