"""Exports in the background."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.jobs import Work, job_kind
from crm.core.roles import Can


@job_kind("customers.export", label=_("Export customers"), can=Can.EXPORT_CUSTOMERS)
def export(work: Work) -> None:
    """The file stands ready for whoever asked."""
    from customers.services.export import write_export

    write_export(work)
