"""Kinds of complaint and proposals of relief (e.11)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

COMPLAINT_KINDS: Mapping[str, Text] = {
    "service": _("Service and manner"),
    "speed": _("Too slow"),
    "price": _("Rate or fee"),
    "channel": _("App, terminal, counter"),
    "sale": _("Wrong promise or pressed sale"),
    "data": _("Use of personal data"),
    "collection": _("Manner of collection"),
    "other": _("Something else"),
}

PROPOSALS: Mapping[str, Text] = {
    "renewal": _("Renewal without paying back first"),
    "seasonal": _("Seasonal repayment plan"),
    "rate_step": _("Step in the rate"),
    "subsidy": _("Application for a subsidy"),
    "buyers": _("Introduction of buyers"),
    "books": _("Help with bookkeeping"),
}
