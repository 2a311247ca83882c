"""The rows behind the figures of a strategy: customers of a focus, loans of a family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from crm.core.models import User
from crm.core.words import Text
from customers.models import Customer, ProductFamily
from marketing.goals.strategy import FOCUSES, MIX
from marketing.models import BranchStrategy
from marketing.selectors.goals import PAGE, customers_by_key, reach_sql
from marketing.selectors.strategy import bounds, focus_names, focus_sql

MIXED = "mix"  # rows are loans; else they are customers of a kind of focus
WHICH = ("customers", "new")


@dataclass(frozen=True)
class Asked:
    """Which number is opened: kind of focus or mix, the choice, all customers or the new ones."""

    kind: str
    value: str
    which: str = "customers"


@dataclass(frozen=True)
class StrategyRow:
    """One customer of a focus, or one loan drawn in the year."""

    customer: Customer
    amount: Decimal
    on: date | None
    loan_no: str = ""


def asked_of(strategy: BranchStrategy, *, kind: str, value: str, which: str) -> Asked | None:
    """The number that an address names; None when the strategy has no such number."""
    if kind == MIXED:
        return Asked(kind, value) if value in MIX else None
    spec = FOCUSES.get(kind)
    if spec is None or which not in WHICH:
        return None
    chosen = {str(one) for one in getattr(strategy, spec.field)}
    return Asked(kind, value, which) if value in chosen else None


def label_of(strategy: BranchStrategy, asked: Asked) -> Text:
    """The choice in words."""
    if asked.kind == MIXED:
        return ProductFamily(asked.value).label
    return focus_names(strategy)[asked.kind, asked.value]


def strategy_rows(
    *, user: User, strategy: BranchStrategy, asked: Asked, page: int = 1
) -> tuple[list[StrategyRow], int]:
    """One page of the rows, the largest first, and how many there are; in the user's reach."""
    reach, values = reach_sql(user)
    told: dict[str, Any] = values | bounds(strategy)
    told |= {"value": asked.value, "skip": (page - 1) * PAGE, "most": PAGE}
    base = _loans(reach) if asked.kind == MIXED else _customers(asked, reach)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({base}) x", told)
        count = int(cursor.fetchone()[0])
        cursor.execute(
            f"SELECT customer_id, amount, on_day, loan_no FROM ({base}) x "
            "ORDER BY amount DESC, ref LIMIT %(most)s OFFSET %(skip)s",
            told,
        )
        rows = cursor.fetchall()
    people = customers_by_key(user, [row[0] for row in rows])
    return [StrategyRow(people[row[0]], *row[1:]) for row in rows], count


def _customers(asked: Asked, reach: str) -> str:
    new = "AND c.since BETWEEN %(start)s AND %(end)s" if asked.which == "new" else ""
    return (
        "SELECT c.id AS customer_id, c.balance AS amount, c.since AS on_day, '' AS loan_no, "
        f"c.id AS ref FROM ({focus_sql(FOCUSES[asked.kind])}) c WHERE c.is_in {new} AND {reach}"
    )


def _loans(reach: str) -> str:
    return (
        "SELECT l.customer_id, l.principal_amount AS amount, l.drawn_on AS on_day, l.loan_no, "
        "l.id AS ref FROM customers_loan l JOIN customers_customer c ON c.id = l.customer_id "
        "WHERE l.family = %(value)s AND l.drawn_on BETWEEN %(start)s AND %(end)s "
        f"AND c.scope_no BETWEEN %(low)s AND %(high)s AND {reach}"
    )
