"""The market in the background: counting its cells, and items whose firms were visited."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can


@job_kind("market.count", label=_("Count the cells of the market"), can=Can.EDIT_GOALS)
def count(work: Work) -> None:
    """Every cell says what customers and portraits say now."""
    from marketing.services.market_counts import count_market

    work.advance(rows=count_market(as_of=timezone.localdate()))


@job_kind("coordination.visited", label=_("Coordination items after a visit"))
def visited(work: Work) -> None:
    """Open items of the firms that were visited are contacted."""
    from marketing.services.coordination import take_visits

    work.advance(rows=take_visits(visit_ids=work.params["ids"]))
