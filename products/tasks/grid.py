"""The grid follows single matches."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can


@job_kind("matches.recount", label=_("Count the grid of managers anew"), can=Can.EDIT_MATCHING)
def recount(work: Work) -> None:
    """The grid of the managers of these customers, and of those they left, is counted anew."""
    from products.services.grid_counts import recount_customers

    recount_customers(
        customer_ids=work.params["ids"], and_scopes=work.params.get("left_scopes", ())
    )
    work.advance(len(work.params["ids"]))
