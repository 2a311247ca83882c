"""What is told about a line of these files, by code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

WORDS: dict[str, Text] = {
    "competitor_unknown": _(
        "This competitor is not known: add it on the page of competitors first."
    ),
    "upper_below_lower": _("The upper bound lies below the lower one."),
    "valid_before_seen": _("The last valid day lies before the day it was seen."),
}
