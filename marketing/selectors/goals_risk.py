"""Customers at risk of leaving the inclusive count: near the limit, or their loans' class falls."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.words import Text
from customers.models import Customer, FiveClass
from marketing.goals.inclusive import CALIBERS
from marketing.selectors.goals import PAGE, customers_by_key, newest_run, reach_sql
from marketing.selectors.goals_units import Place

_RISKY = """
    FROM (
        SELECT r.customer_id, r.scope_no, max(r.total_credit) AS credit, sum(r.balance) AS balance,
            max(r.total_credit) >= %(near)s AS is_near,
            bool_or(l.five_class <> 'normal') AS is_falling,
            max(array_position(ARRAY['normal', 'special_mention', 'substandard', 'doubtful',
                'loss'], l.five_class::text)) AS worst
        FROM marketing_goalloan r JOIN customers_loan l ON l.id = r.loan_id
        WHERE r.is_business AND r.is_small AND r.total_credit <= %(limit)s AND r.balance > 0
            AND r.scope_no BETWEEN %(low)s AND %(high)s
        GROUP BY r.customer_id, r.scope_no
    ) q JOIN customers_customer c ON c.id = q.customer_id
    WHERE (q.is_near OR q.is_falling) AND {reach}
"""
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")


@dataclass(frozen=True)
class AtRisk:
    """One customer that may leave the count, and why."""

    customer: Customer
    credit: Decimal
    balance: Decimal
    limit: Decimal
    is_near: bool
    worst_class: str  # "" when all loans are normal

    @property
    def class_label(self) -> Text:
        """The worst class of its loans."""
        return FiveClass(self.worst_class).label if self.worst_class else ""

    @property
    def used(self) -> Decimal:
        """Total credit as a share of the limit."""
        return self.credit / self.limit


def at_risk(
    *, user: User, place: Place, caliber: str = "nfra_goal", page: int = 1
) -> tuple[list[AtRisk], int]:
    """One page of them, the nearest to the limit first, and how many there are."""
    run = newest_run()
    if run is None:
        return [], 0
    known = parameters(run.as_of)
    limit = known.decimal(CALIBERS[caliber].limit)
    reach, values = reach_sql(user)
    told: dict[str, Any] = values | {
        "limit": limit,
        "near": limit * known.share("goals.near_limit"),
        "low": place.low,
        "high": place.high,
        "skip": (page - 1) * PAGE,
        "most": PAGE,
    }
    base = _RISKY.format(reach=reach)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {base}", told)
        count = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT q.customer_id, q.credit, q.balance, q.is_near, q.is_falling, q.worst "
            f"{base} ORDER BY q.credit DESC, q.customer_id LIMIT %(most)s OFFSET %(skip)s",
            told,
        )
        rows = cursor.fetchall()
    people = customers_by_key(user, [row[0] for row in rows])
    return [
        AtRisk(people[pk], credit, balance, limit, near, CLASSES[worst - 1] if falls else "")
        for pk, credit, balance, near, falls, worst in rows
    ], count
