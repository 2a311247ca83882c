"""How full ledgers are across a bank: what boards add up by place (SEV, issue of the boards)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from crm.core.models import User
from crm.core.parameters import parameters
from customers.ledger.categories import CATEGORIES

NUMBERS = tuple(category.no for category in CATEGORIES)
_FULL = " + ".join(f"(coalesce(v.share_{no}, 0) >= %(full_share)s)::int" for no in NUMBERS)
IS_COVERED = f"({_FULL}) >= %(full_categories)s"  # a condition over ``customers_ledgercover v``


@dataclass(frozen=True)
class CoverageTotals:
    """Customers, those with enough full categories, and the mean share of each category."""

    customers: int
    covered: int
    means: tuple[float | None, ...]

    @property
    def share(self) -> float | None:
        """Covered / customers."""
        return self.covered / self.customers if self.customers else None


def coverage_limits(as_of: date) -> dict[str, int]:
    """The parameters that ``coverage_sql`` takes: full from so many percent, in so many."""
    limits = parameters(as_of)
    return {
        "full_share": limits.number("ledger.full_share"),
        "full_categories": limits.number("ledger.full_categories"),
    }


def coverage_sql(where: str = "true") -> str:
    """SQL of one row a scope number: ``scope_no, customers, covered``, and for every category
    ``sum_1`` (percent added up) with ``asked_1`` (how many were asked) … 7.

    ``where`` is a condition over ``c`` (customers_customer) and ``v`` (customers_ledgercover); the
    parameters are those of ``coverage_limits``. A branch is the sum of the numbers below it.
    """
    sums = "".join(
        f", coalesce(sum(v.share_{no}), 0)::bigint AS sum_{no}, count(v.share_{no}) AS asked_{no}"
        for no in NUMBERS
    )
    return (
        "SELECT c.scope_no, count(*) AS customers, "
        f"count(*) FILTER (WHERE {IS_COVERED}) AS covered{sums} "
        "FROM customers_customer c LEFT JOIN customers_ledgercover v ON v.customer_id = c.id "
        f"WHERE {where} GROUP BY c.scope_no"
    )


def coverage_totals(*, user: User, as_of: date) -> CoverageTotals:
    """The sum over all customers the user may see; one query beside the parameters."""
    reach = user.reach()
    if not reach:
        return CoverageTotals(0, 0, (None,) * len(NUMBERS))
    mine = " OR ".join(f"c.scope_no BETWEEN %(low{n})s AND %(high{n})s" for n in range(len(reach)))
    named: dict[str, int] = coverage_limits(as_of)
    for n, (low, high) in enumerate(reach):
        named |= {f"low{n}": low, f"high{n}": high}
    parts = "".join(f", sum(t.sum_{no}), sum(t.asked_{no})" for no in NUMBERS)
    sql = f"SELECT sum(t.customers), sum(t.covered){parts} FROM ({coverage_sql(mine)}) t"
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        customers, covered, *sums = cursor.fetchone()
    pairs = zip(sums[::2], sums[1::2], strict=True)
    means = tuple(float(total) / float(asked) / 100 if asked else None for total, asked in pairs)
    return CoverageTotals(int(customers or 0), int(covered or 0), means)
