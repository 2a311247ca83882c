"""What a branch strategy may choose from (a.8)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

STYLES: tuple[tuple[str, Text], ...] = (
    ("industry", _("Industry finance")),
    ("policy", _("Policy finance")),
    ("park", _("Park finance")),
    ("supply_chain", _("Supply-chain finance")),
    ("online", _("Online finance")),
    ("comprehensive", _("Comprehensive service")),
)
# Metrics for which a strategy states the figure of the year.
PLANNED = (
    "inclusive_balance", "inclusive_customers", "first_borrowers", "unsecured_share",
    "manufacturing_balance", "npl_ratio",
)  # fmt: skip
