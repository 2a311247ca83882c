"""What a branch strategy may choose from, and who or what each choice is about (a.8)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from customers.models import CREDIT_FAMILIES, ProductFamily


@dataclass(frozen=True)
class FocusKind:
    """One kind of focus: the strategy's field, and its customers as SQL.

    ``c`` is the customer, ``p`` its portrait, ``n`` its industry, ``%(value)s`` the choice.
    """

    key: str
    label: Text
    field: str
    where: str


FOCUSES: Catalogue[FocusKind] = Catalogue(
    "kinds of focus",
    (
        FocusKind(
            "industry",
            _("industry"),
            "focus_industries",
            "%(value)s IN (c.industry_id, left(c.industry_id, 2), n.section)",
        ),
        FocusKind("group", _("group"), "focus_groups", "%(value)s = ANY(p.groups)"),
        FocusKind("family", _("family"), "focus_families", "%(value)s = ANY(p.families)"),
        FocusKind(
            "territory",
            _("Territory"),
            "focus_territories",
            "EXISTS (SELECT FROM customers_territorymember m "
            "WHERE m.customer_id = c.id AND m.territory_id = %(value)s::bigint)",
        ),
    ),
)
# Families of which a strategy plans a share of what is drawn in the year, in the usual order.
MIX = tuple(family.value for family in ProductFamily if family in CREDIT_FAMILIES)

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
