"""Suggestions in the background: all of them by ranges, and those of customers just matched."""

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


@job_kind("suggestions.full", label=_("Make all suggestions"), can=Can.RECOMPUTE_PORTRAITS)
def full(work: Work) -> None:
    """Ranges first, then the suggestions of one range in one transaction."""
    from products.services import suggestions

    if "low" not in work.params:
        work.add_parts(suggestions.full_parts())
        return
    low, high = work.params["low"], work.params["high"]
    suggestions.suggest_range(low=low, high=high, as_of=_day(work.params))
    work.advance(work.params.get("count", 0))


@job_kind(
    "suggestions.refresh",
    label=_("Refresh suggestions"),
    can=Can.RECOMPUTE_PORTRAITS,
    is_atomic=False,
)
def refresh(work: Work) -> None:
    """The suggestions of customers whose match was renewed; each batch commits by itself."""
    from products.services import suggestions

    ids = work.params["ids"]
    suggestions.suggest_customers(customer_ids=ids, as_of=_day(work.params))
    work.advance(len(ids))
