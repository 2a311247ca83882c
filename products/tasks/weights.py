"""Two sets of weights compared in the background."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can


@job_kind("matches.compare", label=_("Compare two sets of weights"), can=Can.EDIT_MATCHING)
def compare(work: Work) -> None:
    """The result stands in the job."""
    from products.services.compare_books import comparison_of_weights

    asked = {name: int(work.params[name]) for name in ("old", "new", "sample")}
    work.result.update(comparison_of_weights(as_of=timezone.localdate(), **asked))
    work.advance(work.result["customers"])
