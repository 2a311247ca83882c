"""The statements of the goals: the rows of a metric, and the sums over the very same rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.core.parameters import Parameters
from marketing.goals.inclusive import CALIBERS, business_sql, credit_sql, small_sql
from marketing.goals.spec import Formula, Metric, Source

_TABLES: Mapping[Source, str] = {
    Source.LOAN: "marketing_goalloan r JOIN customers_loan l ON l.id = r.loan_id",
    Source.CUSTOMER: "marketing_goalloan r JOIN customers_loan l ON l.id = r.loan_id",
    Source.ITEM: "marketing_coordinationitem i JOIN customers_customer k ON k.id = i.customer_id",
}
_KEYS: Mapping[Source, tuple[str, str, str]] = {  # scope number, customer, reference
    Source.LOAN: ("r.scope_no", "r.customer_id", "l.id"),
    Source.CUSTOMER: ("r.scope_no", "r.customer_id", "r.customer_id"),
    Source.ITEM: ("k.scope_no", "i.customer_id", "i.id"),
}

# Whoever owed something on the base day is written down once, as it is now known to have been.
FREEZE = f"""
    INSERT INTO marketing_goalcohort (customer_id, "on", is_small)
    SELECT c.id, %(base_on)s, {small_sql("c")} FROM customers_customer c
    WHERE EXISTS (SELECT FROM customers_loan l
        WHERE l.customer_id = c.id AND l.drawn_on <= %(base_on)s)
    ON CONFLICT (customer_id, "on") DO NOTHING
"""
BUILD = f"""
    INSERT INTO marketing_goalloan (loan_id, customer_id, scope_no, total_credit, balance,
        base_balance, base_credit, base_scope_no, base_is_small, is_business, is_small,
        is_sole_trader, is_farm_household, is_farm_related, is_manufacturing, is_sci_tech,
        is_new_citizen)
    WITH later AS (
        SELECT loan_id,
            coalesce(sum(principal_amount) FILTER (WHERE paid_on > %(as_of)s), 0) AS back,
            sum(principal_amount) AS base_back
        FROM customers_repayment WHERE paid_on > %(base_on)s GROUP BY loan_id
    ), owed AS (
        SELECT l.*,
            CASE WHEN l.drawn_on <= %(as_of)s THEN l.balance_amount + coalesce(y.back, 0)
                 ELSE 0 END AS balance,
            CASE WHEN l.drawn_on <= %(base_on)s THEN l.balance_amount + coalesce(y.base_back, 0)
                 ELSE 0 END AS base_balance
        FROM customers_loan l LEFT JOIN later y ON y.loan_id = l.id
        WHERE l.drawn_on <= %(as_of)s
    ), granted AS (
        SELECT customer_id,
            sum(limit_amount) FILTER (WHERE expires_on >= %(as_of)s) AS total,
            sum(limit_amount) FILTER (WHERE granted_on <= %(base_on)s) AS base_total
        FROM customers_creditline
        WHERE granted_on <= %(as_of)s AND expires_on >= %(base_on)s GROUP BY customer_id
    ), lent AS (
        SELECT customer_id, sum(balance) AS total, sum(base_balance) AS base_total
        FROM owed GROUP BY customer_id
    ), charged AS (
        SELECT DISTINCT ON (a.customer_id) a.customer_id,
            CASE WHEN u.branch_id = a.branch_id THEN u.scope_no ELSE b.scope_lo END AS scope_no
        FROM customers_customerassignment a JOIN lent y ON y.customer_id = a.customer_id
        JOIN core_branch b ON b.id = a.branch_id
        LEFT JOIN core_user u ON u.id = a.manager_id
        ORDER BY a.customer_id, (lower(a.during) <= %(base_on)s) DESC,
            CASE WHEN lower(a.during) <= %(base_on)s THEN lower(a.during) END DESC,
            lower(a.during)
    )
    SELECT o.id, o.customer_id, c.scope_no, {credit_sql("g.total", "e.total")}, o.balance,
        o.base_balance, {credit_sql("g.base_total", "e.base_total")},
        coalesce(h.scope_no, c.scope_no), coalesce(z.is_small, false),
        {business_sql("o.family")}, {small_sql("c")},
        c.party_type = 'sole_trader', c.party_type = 'farm_household',
        c.party_type IN ('farm_household', 'coop') OR left(coalesce(c.industry_id, ''), 2)
            BETWEEN '01' AND '05' OR coalesce(c.industry_id, '') = 'A',
        left(coalesce(c.industry_id, ''), 2) BETWEEN '13' AND '43'
            OR coalesce(c.industry_id, '') = 'C',
        EXISTS (SELECT FROM customers_certificate f WHERE f.customer_id = c.id
            AND f.kind IN ('tech_sme', 'hnte', 'zjtx') AND f.valid_from <= %(as_of)s
            AND coalesce(f.valid_to, %(as_of)s) >= %(as_of)s),
        coalesce('new_citizen' = ANY(p.groups), false)
    FROM owed o
    JOIN customers_customer c ON c.id = o.customer_id
    LEFT JOIN customers_portrait p ON p.customer_id = o.customer_id
    LEFT JOIN granted g ON g.customer_id = o.customer_id
    LEFT JOIN lent e ON e.customer_id = o.customer_id
    LEFT JOIN charged h ON h.customer_id = o.customer_id
    LEFT JOIN marketing_goalcohort z ON z.customer_id = o.customer_id AND z."on" = %(base_on)s
    ORDER BY o.customer_id, o.id
"""


def build_values(as_of: date) -> dict[str, Any]:
    """What the rows are built from; growth is measured from the last day of the year before."""
    return {
        "as_of": as_of,
        "base_on": date(as_of.year - 1, 12, 31),
    }


def metric_values(
    *, caliber: str, period_from: date, as_of: date, known: Parameters
) -> dict[str, Any]:
    """The values a metric's expressions name."""
    return {
        "limit": known.decimal(CALIBERS[caliber].limit) if caliber else None,
        "farm_limit": known.decimal("incl.limit.farm_household"),
        "guarantee_fee": known.share("goals.guarantee_fee"),
        "from": period_from,
        "as_of": as_of,
    }


def relation(metric: Metric) -> str:
    """Rows with ``scope_no, customer_id, ref, counts`` and the four parts."""
    scope, _customer, _ref = _KEYS[metric.source]
    parts = {
        "top": metric.top,
        "bottom": metric.bottom,
        "whole_top": metric.whole_top,
        "whole_bottom": metric.whole_bottom,
    }
    if metric.formula == Formula.GROWTH:  # what was lies where it lay then, and opens no rows
        now = _rows(metric, scope, metric.counts, parts | {"bottom": "0", "whole_bottom": "0"})
        then = _rows(metric, "r.base_scope_no", "false", parts | {"top": "0", "whole_top": "0"})
        return f"{now} UNION ALL {then}"
    rows = _rows(metric, scope, metric.counts, parts)
    if metric.source != Source.CUSTOMER:
        return rows
    sums = ", ".join(f"sum({name}) AS {name}" for name in parts)
    return (
        f"SELECT scope_no, customer_id, ref, bool_or(counts) AS counts, {sums} "
        f"FROM ({rows}) one GROUP BY scope_no, customer_id, ref"
    )


def _rows(metric: Metric, scope: str, counts: str, parts: Mapping[str, str]) -> str:
    """Each row of the source, at the place that ``scope`` tells."""
    _scope, customer, ref = _KEYS[metric.source]
    told = ", ".join(f"({expression})::numeric AS {name}" for name, expression in parts.items())
    return (
        f"SELECT {scope} AS scope_no, {customer} AS customer_id, {ref} AS ref, "
        f"coalesce({counts}, false) AS counts, {told} FROM {_TABLES[metric.source]}"
    )


def figures(metric: Metric) -> str:
    """The parts by scope number."""
    return (
        "SELECT scope_no, count(*) FILTER (WHERE counts), coalesce(sum(top), 0), "
        "coalesce(sum(bottom), 0), coalesce(sum(whole_top), 0), coalesce(sum(whole_bottom), 0) "
        f"FROM ({relation(metric)}) rows GROUP BY scope_no "
        "HAVING bool_or(counts) OR sum(top) <> 0 OR sum(bottom) <> 0 OR sum(whole_top) <> 0 "
        "OR sum(whole_bottom) <> 0"
    )
