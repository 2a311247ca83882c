"""What stands beside the portrait on the brief: a dozen small lists of one customer in one query.

A list of its own each would cost the page more in statements than all it tells. The caller has
found the customer within the reader's reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, TypeVar

from django.db import connection, models

from crm.core.models import User
from customers.models import Contact
from marketing.models import Complaint, CoordinationItem, Opportunity, PlannedVisit, Visit

Row = dict[str, Any]
M = TypeVar("M", bound=models.Model)
VISITS = 10  # far enough back to find the last promise in
OPEN_SHOWN, SUGGESTED, SEEN = 3, 3, 2

# What was told before stands first in each list, so that the first rows are the ones to show.
LISTS = {
    "contacts": """
        SELECT id, name, role, is_decision_maker FROM customers_contact
        WHERE customer_id = %(customer)s ORDER BY is_decision_maker DESC, id LIMIT 1""",
    "visits": f"""
        SELECT v.id, v.customer_id, v.manager_id, v.purpose, v.started_at, v.whom_met, v.summary,
            v.mood, v.promise, v.promise_on, v.next_step, v.next_on, u.full_name
        FROM marketing_visit v JOIN core_user u ON u.id = v.manager_id
        WHERE v.customer_id = %(customer)s ORDER BY v.started_at DESC, v.id DESC LIMIT {VISITS}""",
    "stops": """
        SELECT id, customer_id, "on", purpose, reasons, state FROM marketing_plannedvisit
        WHERE customer_id = %(customer)s AND "on" >= %(as_of)s AND state = 'planned'
        ORDER BY "on", id LIMIT 1""",
    "loans": """
        SELECT family, balance_amount::text AS balance, matures_on FROM customers_loan
        WHERE customer_id = %(customer)s AND closed_on IS NULL ORDER BY matures_on, id""",
    "holdings": """
        SELECT family, balance_amount::text AS balance FROM customers_holding
        WHERE customer_id = %(customer)s AND closed_on IS NULL ORDER BY family, opened_on, id""",
    "suggestions": f"""
        SELECT s.reasons, s.expected_amount::text AS amount, s.expires_on, p.name_zh, p.name_en
        FROM products_suggestion s JOIN products_productversion v ON v.id = s.version_id
        JOIN products_product p ON p.id = v.product_id
        WHERE s.customer_id = %(customer)s AND s.state IN ('new', 'seen')
            AND s.expires_on >= %(as_of)s ORDER BY s.rank, s.id LIMIT {SUGGESTED}""",
    "opportunities": f"""
        SELECT id, family, stage, amount::text AS amount, next_action, next_on
        FROM marketing_opportunity WHERE customer_id = %(customer)s AND state = 'open'
        ORDER BY amount DESC, id LIMIT {OPEN_SHOWN}""",
    "coordination": """
        SELECT id, customer_id, list_no, due_on, state FROM marketing_coordinationitem
        WHERE customer_id = %(customer)s AND state IN ('open', 'visited')
        ORDER BY due_on, id LIMIT 1""",
    "complaints": f"""
        SELECT id, customer_id, kind, text, received_on, due_on, state FROM marketing_complaint
        WHERE customer_id = %(customer)s AND state = 'open'
        ORDER BY due_on, id LIMIT {OPEN_SHOWN}""",
    "rivals": f"""
        SELECT c.name AS lender, r.name, r.rate_min::text AS rate FROM products_competitorproduct r
        JOIN products_competitor c ON c.id = r.competitor_id
        WHERE r.customer_id = %(customer)s ORDER BY r.source_on DESC, r.id DESC LIMIT {SEEN}""",
    "matches": """
        SELECT book_number, inputs, outcomes, scores, failed, unknown, top
        FROM products_customermatch WHERE customer_id = %(customer)s""",
}
NEARBY = "SELECT " + ", ".join(
    f"(SELECT json_agg(t) FROM ({rows}) t) AS {name}" for name, rows in LISTS.items()
)


@dataclass(frozen=True)
class Nearby:
    """The small lists; of the models only the columns named above are filled."""

    contact: Contact | None
    visits: Sequence[Visit]
    stop: PlannedVisit | None
    loans: Sequence[Row]
    holdings: Sequence[Row]
    suggestions: Sequence[Row]
    opportunities: Sequence[Opportunity]
    coordination: CoordinationItem | None
    complaints: Sequence[Complaint]
    rivals: Sequence[Row]
    match: Any | None  # the columns of CustomerMatch that questions are told from


def nearby(*, customer_id: int, as_of: date) -> Nearby:
    """All of them, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(NEARBY, {"customer": customer_id, "as_of": as_of})
        found = dict(zip(LISTS, cursor.fetchone(), strict=True))
    rows: dict[str, list[Row]] = {name: listed or [] for name, listed in found.items()}
    return Nearby(
        contact=_first(Contact, rows["contacts"]),
        visits=[_visit(row) for row in rows["visits"]],
        stop=_first(PlannedVisit, rows["stops"]),
        loans=[_amounts(row, "balance") for row in rows["loans"]],
        holdings=[_amounts(row, "balance") for row in rows["holdings"]],
        suggestions=[_amounts(row, "amount") for row in rows["suggestions"]],
        opportunities=[_made(Opportunity, row) for row in rows["opportunities"]],
        coordination=_first(CoordinationItem, rows["coordination"]),
        complaints=[_made(Complaint, row) for row in rows["complaints"]],
        rivals=[_amounts(row, "rate") for row in rows["rivals"]],
        match=SimpleNamespace(**rows["matches"][0]) if rows["matches"] else None,
    )


def _first(model: type[M], rows: Sequence[Row]) -> M | None:
    return _made(model, rows[0]) if rows else None


def _made(model: type[M], row: Row) -> M:
    """A row of the model in the types of its columns; not to be saved."""
    fields = {one.attname: one for one in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in row.items()})


def _visit(row: Row) -> Visit:
    manager = User(pk=row["manager_id"], full_name=row.pop("full_name"))
    visit = _made(Visit, row)
    visit.manager = manager
    return visit


def _amounts(row: Row, *names: str) -> Row:
    """The row with exact amounts and with days as days."""
    amounts = {name: Decimal(row[name]) if row[name] is not None else None for name in names}
    days = {
        name: date.fromisoformat(value)
        for name, value in row.items()
        if name.endswith("_on") and value is not None
    }
    return row | amounts | days
