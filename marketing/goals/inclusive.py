"""Which loans are inclusive, told once (rules 3): kind of loan, kind of borrower, total credit.

Total credit is the sum of a customer's limits in force with us; without a limit the sum of the
balances. Its bound is a dated parameter for each caliber. Goals and boards both ask here.
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


def _listed(names: tuple[str, ...]) -> str:
    """The names as SQL writes a list."""
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"


def business_sql(family: str) -> str:
    """Neither a consumer loan nor a discounted bill."""
    return f"{family} IN {_listed(BUSINESS_FAMILIES)}"


def small_sql(customer: str) -> str:
    """A small or micro firm, a sole trader or the owner of one; ``customer`` is its row."""
    return (
        f"({customer}.party_type IN {_listed(WHATEVER_SIZE)} "
        f"OR ({customer}.party_type IN {_listed(FIRMS)} "
        f"AND {customer}.size_class IN {_listed(SMALL_SIZES)}))"
    )


def credit_sql(limits: str, balances: str) -> str:
    """Total credit of a customer: its limits, without any its balances."""
    return f"coalesce(nullif({limits}, 0), {balances}, 0)"


def inclusive_sql(*, business: str, small: str, credit: str, limit: str) -> str:
    """A loan that counts: its kind, its borrower and the borrower's total credit allow it."""
    return f"({business} AND {small} AND {credit} <= {limit})"


INCLUSIVE = inclusive_sql(
    business="r.is_business", small="r.is_small", credit="r.total_credit", limit="%(limit)s"
)
INCLUSIVE_BASE = inclusive_sql(  # on the last year's end, as the borrower was known then
    business="r.is_business", small="r.base_is_small", credit="r.base_credit", limit="%(limit)s"
)
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
