"""The cells of the market: each dimension as SQL for counting and as a filter for opening (e.8).

Both say the same of every customer: a test walks every cell and compares. A customer stands in at
most one value of a dimension at one level, in the counties, cities and provinces around it, and in
each of its territories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from marketing.market.survey import AGE_BANDS, FIRM, FIRM_TYPES, KINDS, SOLE_TRADER

ALL = "all"
# Small firms: what a survey of small firms counts; of an unknown size they may well be small.
IS_FIRM = Q(party_type__in=FIRM_TYPES) & ~Q(portrait__size_class__in=("medium", "large"))
IS_TRADER = Q(party_type=SOLE_TRADER)
_FIRMS = ", ".join(f"'{code}'" for code in FIRM_TYPES)
FIRM_SQL = f"(c.party_type IN ({_FIRMS}) AND coalesce(p.size_class, '') NOT IN ('medium', 'large'))"
TRADER_SQL = f"c.party_type = '{SOLE_TRADER}'"

HOLDS = Q(portrait__families_held__gt=0)
BORROWS = Q(portrait__loan_balance__gt=0) | Q(portrait__limit_amount__gt=0)
HOLDS_SQL = "coalesce(p.families_held, 0) > 0"
BORROWS_SQL = "(coalesce(p.loan_balance, 0) > 0 OR coalesce(p.limit_amount, 0) > 0)"

_AGES = {"<25": (None, 24), "25-34": (25, 34), "35-44": (35, 44), "45-54": (45, 54)}


def _age_q(value: str) -> Q:
    low, high = _AGES.get(value, (55, None))
    found = Q(portrait__controller_age__isnull=False)
    if low is not None:
        found &= Q(portrait__controller_age__gte=low)
    return found & Q(portrait__controller_age__lte=high) if high is not None else found


def _trade_q(value: str) -> Q:
    """A section by its letter, anything below by the start of the code."""
    if value.isalpha():
        return Q(industry__section=value)
    return Q(industry__code__startswith=value)


@dataclass(frozen=True)
class Dimension:
    """One way to cut the market. ``values_sql`` gives the values of a customer as a text array."""

    key: str
    label: Text
    values_sql: str
    narrow: Callable[[str], Q]
    values: tuple[tuple[str, Text], ...] = ()
    is_territory: bool = False


DIMENSIONS: Catalogue[Dimension] = Catalogue(
    "dimensions of the market",
    (
        Dimension(
            "kind",
            _("Kind of business"),
            f"CASE WHEN {FIRM_SQL} AND p.survey_kind IS NOT NULL THEN ARRAY[p.survey_kind::text] "
            "END",
            lambda value: IS_FIRM & Q(portrait__survey_kind=value),
            KINDS,
        ),
        Dimension(
            "trade",
            _("Trade of sole traders"),
            f"CASE WHEN {TRADER_SQL} AND i.code IS NOT NULL THEN "
            "ARRAY(SELECT DISTINCT v FROM unnest(ARRAY[i.section::text, CASE WHEN i.level > 1 "
            "THEN left(i.code, 2) END, CASE WHEN i.level > 2 THEN left(i.code, 3) END, "
            "CASE WHEN i.level > 3 THEN i.code::text END]) v WHERE v IS NOT NULL) END",
            lambda value: IS_TRADER & _trade_q(value),
        ),
        Dimension(
            "age",
            _("Operator's age"),
            f"CASE WHEN {TRADER_SQL} AND p.controller_age IS NOT NULL THEN ARRAY[CASE "
            "WHEN p.controller_age < 25 THEN '<25' WHEN p.controller_age < 35 THEN '25-34' "
            "WHEN p.controller_age < 45 THEN '35-44' WHEN p.controller_age < 55 THEN '45-54' "
            "ELSE '55+' END] END",
            lambda value: IS_TRADER & _age_q(value),
            AGE_BANDS,
        ),
        Dimension(
            "party",
            _("Party type"),
            f"CASE WHEN {TRADER_SQL} THEN ARRAY['{SOLE_TRADER}'] WHEN {FIRM_SQL} "
            f"THEN ARRAY['{FIRM}'] END",
            lambda value: IS_TRADER if value == SOLE_TRADER else IS_FIRM,
            ((FIRM, _("Small firms")), (SOLE_TRADER, _("Sole traders"))),
        ),
        Dimension(
            "territory",
            _("Territory"),
            f"CASE WHEN {TRADER_SQL} OR {FIRM_SQL} THEN ARRAY['{ALL}'] END",
            lambda value: IS_TRADER | IS_FIRM,
            ((ALL, _("Operators")),),
            is_territory=True,
        ),
    ),
)
VIEWS: tuple[tuple[str, Text], ...] = (
    ("holders", _("Customers")),
    ("borrowers", _("Credit customers")),
)
