"""A changed rule set against today's customers, before it takes effect: who enters, who leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from crm.core.conditions import AllOf, Condition, from_data
from crm.core.models import Branch, User
from customers.models import Customer, Portrait
from customers.selectors.keyset import KeysetPage, Order, Place, keyset_page
from products.matching.vocabulary import KINDS
from products.models import EligibilityRule, ProductVersion
from products.selectors.catalogue import WAS_IN_FORCE
from products.selectors.rule_choices import industry_names
from products.selectors.rule_counts import PORTRAITS, Count, bank_limits, pool_of

PAGE = 50
ENTER, LEAVE = "enter", "leave"
SIDES = (ENTER, LEAVE)


@dataclass
class Change:
    """Customers of one group by answer before and after."""

    label: str = ""
    cells: dict[tuple[bool | None, bool | None], int] = field(default_factory=dict)

    def add(self, before: bool | None, after: bool | None, customers: int) -> None:
        """So many customers more with this pair of answers."""
        self.cells[before, after] = self.cells.get((before, after), 0) + customers

    @property
    def total(self) -> int:
        """Everybody in the group."""
        return sum(self.cells.values())

    @property
    def entering(self) -> int:
        """Customers who pass after and did not before."""
        return sum(n for (old, new), n in self.cells.items() if new is True and old is not True)

    @property
    def leaving(self) -> int:
        """Customers who passed before and do not after."""
        return sum(n for (old, new), n in self.cells.items() if old is True and new is not True)

    @property
    def before(self) -> Count:
        """The answers of the rules in force."""
        return self._count(0)

    @property
    def after(self) -> Count:
        """The answers of the new rules."""
        return self._count(1)

    def _count(self, side: int) -> Count:
        by = dict.fromkeys((True, False, None), 0)
        for pair, customers in self.cells.items():
            by[pair[side]] += customers
        return Count(by[True], by[False], by[None])


@dataclass(frozen=True)
class Replay:
    """The rules of ``version`` against those of ``base`` (None: nobody has it today)."""

    version: ProductVersion
    base: ProductVersion | None
    whole: Change
    branches: list[Change]
    industries: list[Change]
    reasons: list[tuple[str, int]]  # a rule of the new set: leavers it stops or cannot tell


def base_of(version: ProductVersion) -> ProductVersion | None:
    """The version in force that this one would follow; for one that is or was, the one before."""
    others = version.product.versions.prefetch_related("rules").exclude(pk=version.pk)
    if version.state in (ProductVersion.State.EFFECTIVE, ProductVersion.State.SUPERSEDED):
        return others.filter(WAS_IN_FORCE, no__lt=version.no).order_by("-no").first()
    return others.filter(state=ProductVersion.State.EFFECTIVE).first()


def replay(version: ProductVersion, *, user: User, as_of: date) -> Replay:
    """From and to counts of the user's pool, in all and by branch and industry."""
    base = base_of(version)
    whole = Change()
    branches: dict[str | None, Change] = {}
    industries: dict[str | None, Change] = {}
    names, homes = _branches()
    for level, key, before, after, customers in _rows(_pair(version, base, as_of), user):
        place = whole
        if level == "branch":
            place = branches.setdefault(homes.get(key, key), Change())
        elif level == "industry":
            place = industries.setdefault(key, Change())
        place.add(before, after, customers)
    return Replay(
        version,
        base,
        whole,
        _named(branches, names),
        _named(industries, industry_names([key for key in industries if key])),
        _reasons(version, base, user, as_of) if whole.leaving else [],
    )


def changed_customers(
    version: ProductVersion, *, user: User, side: str, as_of: date, place: Place | None = None
) -> tuple[KeysetPage, list[tuple[Customer, str]]]:
    """A page of the customers in reach who enter or leave, each with the rule in the way."""
    chosen = Customer.objects.visible_to(user).filter(
        pk__in=_side_sql(_pair(version, base_of(version), as_of), side)
    )
    page = keyset_page(chosen, Order(), size=PAGE, place=place)
    rows = Customer.objects.visible_to(user).select_related("branch", "manager")
    found: Mapping[int, Customer] = rows.in_bulk(page.keys)
    ways = _in_the_way(version, page.keys) if side == LEAVE else {}
    return page, [(found[key], ways.get(key, "")) for key in page.keys if key in found]


@dataclass(frozen=True)
class _Pair:
    """The condition before and after as SQL."""

    before: str
    before_params: list[Any]
    after: str
    after_params: list[Any]


def _pair(version: ProductVersion, base: ProductVersion | None, as_of: date) -> _Pair:
    limits = bank_limits(version, as_of=as_of)
    after, after_params = _all(version.rules.all(), limits).to_sql(KINDS)
    if base is None:
        return _Pair("false", [], after, after_params)
    before, before_params = _all(base.rules.all(), limits).to_sql(KINDS)
    return _Pair(before, before_params, after, after_params)


def _all(rules: QuerySet[EligibilityRule], limits: Sequence[Condition]) -> AllOf:
    return AllOf((*(from_data(rule.condition) for rule in rules), *limits))


def _rows(pair: _Pair, user: User) -> list[tuple[str, Any, bool | None, bool | None, int]]:
    """(all, branch or industry; its key; answers; customers), in one scan."""
    pool = pool_of(user)
    sql = (
        "SELECT CASE WHEN grouping(b) = 0 THEN 'branch' WHEN grouping(i) = 0 THEN 'industry' "
        "ELSE 'all' END, CASE WHEN grouping(b) = 0 THEN b::text ELSE i END, o, n, count(*) FROM ("
        "SELECT c.branch_id AS b, left(p.industry_code, 2) AS i, "
        f"({pair.before}) AS o, ({pair.after}) AS n FROM {pool.sql} OFFSET 0) q "
        "GROUP BY GROUPING SETS ((o, n), (b, o, n), (i, o, n))"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*pair.before_params, *pair.after_params, *pool.params])
        return list(cursor.fetchall())


def _branches() -> tuple[dict[str, str], dict[str, str]]:
    """Names of units by key, and for each team the branch it belongs to."""
    rows = list(Branch.objects.values_list("pk", "name", "level", "parent"))
    names = {str(pk): name for pk, name, _level, _parent in rows}
    homes = {
        str(pk): str(parent)
        for pk, _name, level, parent in rows
        if level == Branch.Level.TEAM and parent
    }
    return names, homes


def _named(groups: Mapping[str | None, Change], names: Mapping[str, str]) -> list[Change]:
    """Those in which somebody moves, the most moved first."""
    moved = []
    for key, change in groups.items():
        if change.entering or change.leaving:
            change.label = names.get(key or "") or key or str(_("Not known"))
            moved.append(change)
    return sorted(moved, key=lambda change: (-(change.entering + change.leaving), change.label))


def _reasons(
    version: ProductVersion, base: ProductVersion | None, user: User, as_of: date
) -> list[tuple[str, int]]:
    """How many leavers each rule of the new set stops, the most first."""
    if base is None:
        return []
    rules = list(version.rules.all())
    if not rules:
        return []
    pair, pool = _pair(version, base, as_of), pool_of(user)
    compiled = [from_data(rule.condition).to_sql(KINDS) for rule in rules]
    answers = ", ".join(f"({sql}) AS r{number}" for number, (sql, _params) in enumerate(compiled))
    counts = ", ".join(
        f"count(*) FILTER (WHERE o AND r{number} IS NOT TRUE)" for number in range(len(rules))
    )
    inner = f"SELECT ({pair.before}) AS o, {answers} FROM {pool.sql} OFFSET 0"
    params = [param for _sql, found in compiled for param in found]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {counts} FROM ({inner}) q", [*pair.before_params, *params, *pool.params]
        )
        numbers = cursor.fetchone()
    told = [(rule.text, count) for rule, count in zip(rules, numbers, strict=True) if count]
    return sorted(told, key=lambda row: -row[1])


def _side_sql(pair: _Pair, side: str) -> RawSQL:
    """Keys of the customers who enter or leave; the text is made of checked conditions."""
    old, new = ("IS NOT TRUE", "IS TRUE") if side == ENTER else ("IS TRUE", "IS NOT TRUE")
    sql = (
        f"SELECT p.customer_id FROM {PORTRAITS} p "
        f"WHERE ({pair.before}) {old} AND ({pair.after}) {new}"
    )
    return RawSQL(sql, [*pair.before_params, *pair.after_params])  # noqa: S611  (columns of the vocabulary; values are parameters)


def _in_the_way(version: ProductVersion, keys: Sequence[int]) -> dict[int, str]:
    """For each customer the first new rule that says no, or cannot tell."""
    rules = [(rule, from_data(rule.condition)) for rule in version.rules.all()]
    names = sorted({key for _rule, tree in rules for key in tree.features()})
    rows = Portrait.objects.filter(pk__in=keys).values("customer_id", *names)
    found = {}
    for row in rows:
        stopped = (rule.text for rule, tree in rules if not tree.judge(row))
        found[row["customer_id"]] = next(stopped, "")
    return found
