"""The fullness of all ledgers in the background, after the portraits of the night."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can


@job_kind("ledger.full", label=_("Count how full all ledgers are"), can=Can.RECOMPUTE_PORTRAITS)
def full(work: Work) -> None:
    """Ranges first, each in its own transaction, and the returns of the risk grades."""
    from customers.services import ledger_cover

    if "low" in work.params:
        work.advance(ledger_cover.store_range(low=work.params["low"], high=work.params["high"]))
        return
    as_of = work.params.get("as_of")
    day = date.fromisoformat(as_of) if as_of else timezone.localdate()
    ledger_cover.store_grade_returns(as_of=day)
    work.add_parts(ledger_cover.cover_parts())
