"""How many customers pass, fail, or cannot be told: every rule of a set in one scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from crm.core.conditions import Condition
from crm.core.models import User
from crm.core.roles import Can
from customers.models import Customer, Portrait
from products.matching.guards import guards_of
from products.matching.vocabulary import KINDS
from products.models import ProductVersion
from products.selectors.book import industry_stances, is_renewal

PORTRAITS = Portrait._meta.db_table
CUSTOMERS = Customer._meta.db_table


@dataclass(frozen=True)
class Count:
    """Customers by answer."""

    passed: int
    failed: int
    unknown: int

    @property
    def past_failed(self) -> int:
        """Where the unknown begin when the three stand in a row."""
        return self.passed + self.failed

    @property
    def total(self) -> int:
        """Everybody who was asked."""
        return self.passed + self.failed + self.unknown


@dataclass(frozen=True)
class Counts:
    """One count a condition, and the count of all of them together."""

    each: tuple[Count, ...]
    together: Count


@dataclass(frozen=True)
class Pool:
    """Whose portraits are counted: ``p`` is the portrait, ``c`` its customer."""

    sql: str
    params: tuple[Any, ...] = ()


def pool_of(user: User, *, with_customer: bool = True) -> Pool:
    """The whole bank for who keeps the catalogue (numbers only), else the customers in reach."""
    tables = f"{PORTRAITS} p JOIN {CUSTOMERS} c ON c.id = p.customer_id"
    if user.can(Can.EDIT_PRODUCTS):
        return Pool(tables if with_customer else f"{PORTRAITS} p")
    reach = user.reach()
    if not reach:
        return Pool(f"{tables} AND false")
    ranges = " OR ".join(["c.scope_no BETWEEN %s AND %s"] * len(reach))
    return Pool(f"{tables} AND ({ranges})", tuple(end for pair in reach for end in pair))


def rule_counts(conditions: Sequence[Condition], *, user: User) -> Counts:
    """Pass, fail and unknown of today's portraits, in the user's pool."""
    compiled = [condition.to_sql(KINDS) for condition in conditions]
    answers = [f"({sql}) AS r{number}" for number, (sql, _params) in enumerate(compiled)]
    together = " AND ".join(f"r{number}" for number in range(len(compiled))) or "true"
    columns = [f"r{number}" for number in range(len(compiled))] + [f"({together})"]
    filters = ", ".join(
        f"count(*) FILTER (WHERE {column}), count(*) FILTER (WHERE {column} IS FALSE)"
        for column in columns
    )
    pool = pool_of(user, with_customer=False)
    inner = f"SELECT {', '.join(answers) or '1'} FROM {pool.sql} OFFSET 0"
    params = [param for _sql, found in compiled for param in found]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), {filters} FROM ({inner}) q", [*params, *pool.params])
        total, *numbers = cursor.fetchone()
    found = [
        Count(passed, failed, total - passed - failed)
        for passed, failed in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    return Counts(tuple(found[:-1]), found[-1])


def bank_limits(version: ProductVersion, *, as_of: date) -> list[Condition]:
    """What the bank asks of every credit beside the version's own rules: red flags, exits."""
    guards = guards_of(
        is_credit=version.product.is_credit,
        is_renewal=is_renewal(version),
        exits=industry_stances(as_of)[0],
    )
    return [guard.tree for guard in guards]
