"""Branch strategies as pages read them, beside what the branch really does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from crm.core.models import Branch, IndustryCode, User
from crm.core.words import Text
from customers.features.groups import LABELS
from customers.models import ProductFamily, Territory
from customers.naming import in_own_language
from marketing.goals import METRICS
from marketing.goals.strategy import FOCUSES, MIX, PLANNED, STYLES, FocusKind
from marketing.models import BranchStrategy
from marketing.selectors.goals import Line, goal_sheet
from marketing.selectors.goals_units import place_of, units_in_reach

FOCUS_LEVELS = (1, 2)  # sections and divisions


@dataclass(frozen=True)
class Entry:
    """One unit with its strategy of the year, if it has one."""

    unit: Branch
    strategy: BranchStrategy | None


@dataclass(frozen=True)
class Focus:
    """One thing a strategy is after, what the branch has of it and what it means to win."""

    kind: FocusKind
    value: str
    label: Text
    customers: int
    share: Decimal | None  # of all customers of the unit
    balance: Decimal
    new: int  # customers since the start of the year
    plan: int | None  # customers to win in the year, where the strategy says so

    @property
    def reached(self) -> Decimal | None:
        """The new customers as a share of those to win."""
        return Decimal(self.new) / self.plan if self.plan else None


@dataclass(frozen=True)
class MixLine:
    """One family of loans: its share of what was drawn in the year, and the one planned."""

    family: str
    label: Text
    loans: int
    amount: Decimal
    actual: Decimal | None
    planned: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """Actual less planned; None where either is not told."""
        if self.actual is None or self.planned is None:
            return None
        return self.actual - self.planned


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
    """The strategy's own figures of the year beside the goals' newest ones.

    Goals are counted for the running year alone: a strategy of another one has no actual figure.
    """
    place = place_of(user, str(strategy.branch_id))
    sheet = goal_sheet(user=user, place=place, today=today)
    usual = {line.metric.key: line for line in sheet.lines}
    if sheet.as_of is not None and sheet.as_of.year != strategy.year:
        usual = {key: replace(line, actual=None) for key, line in usual.items()}
    return [
        (usual[key], Decimal(str(strategy.goals[key])))
        for key in PLANNED
        if key in strategy.goals and key in usual
    ]


def territory_choices(unit: Branch, *, chosen: Sequence[int] = ()) -> list[Territory]:
    """Parks, markets, clusters and villages of the unit; of grid cells only those chosen."""
    mine = Territory.objects.filter(
        branch__scope_lo__gte=unit.scope_lo, branch__scope_hi__lte=unit.scope_hi
    )
    asked = ~Q(kind=Territory.Kind.GRID) | Q(pk__in=chosen)
    return list(mine.filter(asked).order_by("kind", "code"))


def focus_lines(*, strategy: BranchStrategy) -> list[Focus]:
    """Customers and balances of each choice the strategy made, in the order of the kinds.

    One query, however many choices there are.
    """
    chosen = [(kind, str(one)) for kind in FOCUSES for one in getattr(strategy, kind.field)]
    if not chosen:
        return []
    names, plan = focus_names(strategy), strategy.territory_plan
    whole, *found = _counted(strategy, chosen)
    return [
        Focus(
            kind,
            value,
            names[kind.key, value],
            customers=count,
            share=Decimal(count) / whole if whole else None,
            balance=balance,
            new=new,
            plan=plan.get(value) if kind.key == "territory" else None,
        )
        for (kind, value), count, balance, new in zip(
            chosen, found[::3], found[1::3], found[2::3], strict=True
        )
    ]


def _counted(strategy: BranchStrategy, chosen: Sequence[tuple[FocusKind, str]]) -> tuple[Any, ...]:
    """All existing customers of the unit, then for each choice customers, balance, new ones."""
    told = bounds(strategy) | {f"value_{no}": value for no, (_kind, value) in enumerate(chosen)}
    places = [
        f"coalesce({kind.where.replace('%(value)s', f'%(value_{no})s')}, false) AS is_{no}"
        for no, (kind, _value) in enumerate(chosen)
    ]
    sums = [
        f"count(*) FILTER (WHERE is_{no}), coalesce(sum(balance) FILTER (WHERE is_{no}), 0), "
        f"count(*) FILTER (WHERE is_{no} AND since BETWEEN %(start)s AND %(end)s)"
        for no in range(len(chosen))
    ]
    sql = f"SELECT count(*), {', '.join(sums)} FROM ({_existing(places)}) x"
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def focus_names(strategy: BranchStrategy) -> dict[tuple[str, str], Text]:
    """The words of every choice, by kind and value."""
    industries = IndustryCode.objects.filter(code__in=strategy.focus_industries)
    places = Territory.objects.filter(pk__in=strategy.focus_territories)
    found: dict[tuple[str, str], Text] = {
        ("industry", one.code): in_own_language(one.name_zh, one.name_en) for one in industries
    }
    found |= {("territory", str(one.pk)): one.name for one in places}
    families: dict[str, Text] = dict(ProductFamily.choices)
    found |= {("group", key): LABELS.get(key, key) for key in strategy.focus_groups}
    found |= {("family", key): families.get(key, key) for key in strategy.focus_families}
    chosen = {(kind.key, str(one)) for kind in FOCUSES for one in getattr(strategy, kind.field)}
    return {key: found.get(key, key[1]) for key in chosen}


def focus_sql(kind: FocusKind) -> str:
    """Existing customers of the unit with whether they are in the focus ``%(value)s``."""
    return _existing([f"coalesce({kind.where}, false) AS is_in"])


def _existing(columns: Sequence[str]) -> str:
    """Existing customers of the unit: since when, their balance, and more columns."""
    return f"""
        SELECT c.id, c.scope_no, c.customer_since AS since,
            coalesce(p.loan_balance, 0)::numeric(18, 2) AS balance, {", ".join(columns)}
        FROM customers_customer c
        LEFT JOIN customers_portrait p ON p.customer_id = c.id
        LEFT JOIN core_industrycode n ON n.code = c.industry_id
        WHERE c.scope_no BETWEEN %(low)s AND %(high)s AND c.relation_state = 'existing'
    """


def bounds(strategy: BranchStrategy) -> dict[str, Any]:
    """Of what unit and year the figures are."""
    return {
        "low": strategy.branch.scope_lo,
        "high": strategy.branch.scope_hi,
        "start": date(strategy.year, 1, 1),
        "end": date(strategy.year, 12, 31),
    }


def mix_lines(*, strategy: BranchStrategy) -> list[MixLine]:
    """Loans drawn in the year by family, each family that is planned or was drawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.family, count(*), sum(l.principal_amount) FROM customers_loan l "
            "JOIN customers_customer c ON c.id = l.customer_id "
            "WHERE c.scope_no BETWEEN %(low)s AND %(high)s "
            "AND l.drawn_on BETWEEN %(start)s AND %(end)s GROUP BY l.family",
            bounds(strategy),
        )
        drawn = {family: (count, amount) for family, count, amount in cursor.fetchall()}
    whole = sum((amount for _count, amount in drawn.values()), Decimal(0))
    plan = {family: Decimal(share) for family, share in strategy.product_mix.items()}
    found = []
    for family in MIX:
        count, amount = drawn.get(family, (0, Decimal(0)))
        if family in plan or count:
            actual = amount / whole if whole else None
            label = ProductFamily(family).label
            found.append(MixLine(family, label, count, amount, actual, plan.get(family)))
    return found


def style_labels(keys: Sequence[str]) -> list[Text]:
    """The styles in words."""
    known = dict(STYLES)
    return [known.get(key, key) for key in keys]


def planned_metrics() -> list[str]:
    """Metrics for which a strategy states a figure, as the catalogue knows them."""
    return [key for key in PLANNED if key in METRICS]
