"""Which loans are inclusive, told once (rules 3): kind of loan, kind of borrower, total credit.

Total credit is the sum of a customer's limits in force with us; without a limit the sum of the
balances. Its bound is a dated parameter for each caliber.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from customers.models import ProductFamily

BUSINESS_FAMILIES = (
    ProductFamily.LOAN.value,
    ProductFamily.WORKING_CAPITAL.value,
    ProductFamily.FIXED_ASSET.value,
    ProductFamily.STARTUP.value,
    ProductFamily.FARM.value,
    ProductFamily.SUPPLY_CHAIN.value,
)
SMALL_SIZES = ("small", "micro")
FIRMS = ("company", "partnership_sole_prop", "coop")
WHATEVER_SIZE = ("sole_trader", "owner_person")  # one class, whatever their size
BAD_CLASSES = ("substandard", "doubtful", "loss")

INCLUSIVE = "(r.is_business AND r.is_small AND r.total_credit <= %(limit)s)"
INCLUSIVE_FARM = (
    "(r.is_business AND ((r.is_farm_household AND r.total_credit <= %(farm_limit)s) "
    "OR (r.is_farm_related AND r.is_small AND r.total_credit <= %(limit)s)))"
)


@dataclass(frozen=True)
class Caliber:
    """One way of counting: its name and the parameter with its bound."""

    key: str
    label: Text
    limit: str  # parameter


CALIBERS: Catalogue[Caliber] = Catalogue(
    "calibers",
    (
        Caliber("nfra_goal", _("Supervisor's goal, up to ¥10m"), "incl.limit.nfra_goal"),
        Caliber("pboc_tool", _("Central bank tools, up to ¥20m"), "incl.limit.pboc_tool"),
        Caliber("s71_scope", _("Table S71, up to ¥30m"), "incl.limit.s71_scope"),
    ),
)
