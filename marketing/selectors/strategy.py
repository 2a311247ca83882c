"""Branch strategies as pages read them, beside what the branch really does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from crm.core.models import Branch, IndustryCode, User
from crm.core.words import Text
from customers.features.groups import LABELS
from customers.models import ProductFamily
from marketing.goals import METRICS
from marketing.goals.strategy import PLANNED, STYLES
from marketing.models import BranchStrategy
from marketing.selectors.goals import Line, goal_sheet
from marketing.selectors.goals_units import place_of, units_in_reach

FOCUS_LEVELS = (1, 2)  # sections and divisions
# A customer stands in a chosen industry when its code, a head of it, or its section is chosen.
_IN_INDUSTRY = (
    "(c.industry_id = ANY(%(industries)s::varchar[]) "
    "OR left(c.industry_id, 2) = ANY(%(industries)s::varchar[]) "
    "OR n.section = ANY(%(industries)s::varchar[]))"
)


@dataclass(frozen=True)
class Entry:
    """One unit with its strategy of the year, if it has one."""

    unit: Branch
    strategy: BranchStrategy | None


@dataclass(frozen=True)
class Focus:
    """One thing a strategy is after, and what the branch has of it."""

    kind: Text
    label: Text
    customers: int
    share: Decimal | None  # of all customers of the unit
    balance: Decimal
    new: int  # customers since the start of the year


def strategies(*, user: User, year: int) -> list[Entry]:
    """Units in reach with their strategies of the year; teams have none of their own."""
    rows = BranchStrategy.objects.visible_to(user).filter(year=year)
    kept = {row.branch_id: row for row in rows.select_related("made_by", "decided_by")}
    units = units_in_reach(user).exclude(level=Branch.Level.TEAM)
    return [Entry(unit, kept.get(unit.pk)) for unit in units]


def strategies_seen(*, user: User) -> QuerySet[BranchStrategy]:
    """Strategies of units in reach, of every year."""
    rows: QuerySet[BranchStrategy] = BranchStrategy.objects.visible_to(user)
    return rows.select_related("branch")


def strategy_of(*, user: User, unit: Branch, year: int) -> BranchStrategy | None:
    """The strategy of a unit for a year."""
    rows = BranchStrategy.objects.visible_to(user).filter(branch=unit, year=year)
    return rows.select_related("made_by", "decided_by", "branch").first()


def industry_choices() -> list[tuple[str, str]]:
    """Sections and divisions."""
    rows = IndustryCode.objects.filter(level__in=FOCUS_LEVELS).order_by("section", "level", "code")
    return [(row.code, str(row)) for row in rows]


def planned_lines(
    *, user: User, strategy: BranchStrategy, today: date
) -> list[tuple[Line, Decimal]]:
    """The strategy's own figures of the year beside the goals' newest ones."""
    place = place_of(user, str(strategy.branch_id))
    sheet = goal_sheet(user=user, place=place, today=today)
    usual = {line.metric.key: line for line in sheet.lines}
    return [
        (usual[key], Decimal(str(strategy.goals[key])))
        for key in PLANNED
        if key in strategy.goals and key in usual
    ]


def focus_lines(*, strategy: BranchStrategy) -> list[Focus]:
    """Customers and balances of each industry, group and family the strategy is after."""
    names = dict(IndustryCode.objects.filter(
        code__in=strategy.focus_industries
    ).values_list("code", "name_zh"))  # fmt: skip
    wanted: list[tuple[Text, Text, str, dict[str, Any]]] = [
        *(("industry", names.get(code, code), _IN_INDUSTRY, {"industries": [code]})
          for code in strategy.focus_industries),
        *(("group", LABELS.get(key, key), "%(code)s = ANY(p.groups)", {"code": key})
          for key in strategy.focus_groups),
        *(("family", ProductFamily(key).label, "%(code)s = ANY(p.families)", {"code": key})
          for key in strategy.focus_families),
    ]  # fmt: skip
    return [_focus(strategy, *one) for one in wanted]


def _focus(
    strategy: BranchStrategy, kind: Text, label: Text, where: str, values: dict[str, Any]
) -> Focus:
    sql = f"""
        SELECT count(*) FILTER (WHERE is_in), count(*),
            coalesce(sum(balance) FILTER (WHERE is_in), 0),
            count(*) FILTER (WHERE is_in AND since >= %(start)s)
        FROM (
            SELECT coalesce({where}, false) AS is_in, c.customer_since AS since,
                coalesce(p.loan_balance, 0)::numeric(18, 2) AS balance
            FROM customers_customer c
            LEFT JOIN customers_portrait p ON p.customer_id = c.id
            LEFT JOIN core_industrycode n ON n.code = c.industry_id
            WHERE c.scope_no BETWEEN %(low)s AND %(high)s AND c.relation_state = 'existing'
        ) x
    """
    told = values | {
        "low": strategy.branch.scope_lo,
        "high": strategy.branch.scope_hi,
        "start": date(strategy.year, 1, 1),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        count, whole, balance, new = cursor.fetchone()
    share = Decimal(count) / whole if whole else None
    return Focus(kind, label, count, share, balance, new)


def style_labels(keys: Sequence[str]) -> list[Text]:
    """The styles in words."""
    known = dict(STYLES)
    return [known.get(key, key) for key in keys]


def planned_metrics() -> list[str]:
    """Metrics for which a strategy states a figure, as the catalogue knows them."""
    return [key for key in PLANNED if key in METRICS]
