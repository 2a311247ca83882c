"""Who is visited by whom: the assignments of a batch of managers, in columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.demo.plan import Days, Flags, Floats, Ints
from marketing.demo.frame import MANAGERS_A_BATCH, Work, days_of, read

_SQL = """
    SELECT a.customer_id AS customer, a.manager_id AS manager, u.scope_no AS scope_no,
        greatest(lower(a.during), %(first)s) AS since,
        least(coalesce(upper(a.during) - 1, %(today)s), %(today)s) AS until,
        (c.manager_id = a.manager_id AND upper(a.during) IS NULL)::int AS is_now,
        c.relation_state AS state, c.party_type AS party, coalesce(c.trade_id, '') AS trade,
        coalesce(t.name_zh, '个体经营') AS trade_name, coalesce(c.legal_rep_name, '') AS boss,
        c.latitude AS latitude, c.longitude AS longitude,
        coalesce(p.annual_revenue, 0) AS revenue, coalesce(p.tier, 'C') AS tier,
        coalesce(p.wanted_amount, 0) AS wanted, coalesce(p.loan_balance, 0) AS loan,
        (SELECT max(d.as_of) FROM customers_declaredfact d
          WHERE d.customer_id = a.customer_id AND d.source IN ('visit', 'statement')
            AND d.as_of <= %(today)s) AS known_on
    FROM customers_customerassignment a
    JOIN core_user u ON u.id = a.manager_id
    JOIN customers_customer c ON c.id = a.customer_id
    LEFT JOIN customers_portrait p ON p.customer_id = a.customer_id
    LEFT JOIN core_tradeprofile t ON t.key = c.trade_id
    WHERE a.manager_id = ANY(%(managers)s) AND lower(a.during) <= %(today)s
    ORDER BY a.manager_id, a.customer_id, lower(a.during)
"""


@dataclass
class Patch:
    """One row an assignment: a customer in the hands of a manager, from one day to another."""

    customer: Ints
    manager: Ints
    scope_no: Ints
    since: Days
    until: Days
    is_now: Flags
    state: np.ndarray
    party: np.ndarray
    trade: np.ndarray
    trade_name: np.ndarray
    boss: np.ndarray
    latitude: Floats
    longitude: Floats
    revenue: Floats
    tier: np.ndarray
    wanted: Floats
    loan: Floats
    known_on: Days

    def __len__(self) -> int:
        return len(self.customer)


def batches() -> list[list[int]]:
    """The managers with customers, some at a time."""
    rows = read("SELECT DISTINCT manager_id AS pk FROM customers_customerassignment ORDER BY 1")
    people = [int(pk) for pk in rows["pk"] if not np.isnan(pk)]
    return [people[n : n + MANAGERS_A_BATCH] for n in range(0, len(people), MANAGERS_A_BATCH)]


def patch_of(work: Work, managers: list[int]) -> Patch:
    """Everybody these managers look or looked after within the years."""
    told = {"first": work.first_on, "today": work.as_of, "managers": managers}
    rows = read(_SQL, told)
    rows["is_now"] = rows["is_now"].astype(bool)
    for name in ("since", "until", "known_on"):
        rows[name] = days_of(rows[name])
    for name in ("revenue", "wanted", "loan", "latitude", "longitude"):
        rows[name] = rows[name].astype(float)
    keep = rows["until"] >= rows["since"]
    return Patch(**{name: column[keep] for name, column in rows.items()})
