"""The statements that make rollups from facts: for a range of customers, or for touched pairs."""

from customers.features.declared_source import raw_sql, value_columns
from customers.features.monthly import PARTNER_SUMS, TRAILING, partner_rows

MONTH_SOURCES = {  # CTE: (FROM, columns of the rollup)
    "flows": (
        "customers_accountflow f",
        {
            "inflow": "f.inflow_amount::float8",
            "outflow": "f.outflow_amount::float8",
            "business_inflow": "coalesce(f.business_inflow_amount, f.inflow_amount)::float8",
            "cash_inflow": "(f.inflow_amount * f.cash_share)::float8",
            "payers": "f.payers",
            "active_days": "f.active_days",
        },
    ),
    "deposits": (
        "customers_depositmonth f",
        {"deposit_average": "f.average_amount::float8", "deposit_end": "f.end_amount::float8"},
    ),
    "uses": (
        "customers_lineuse f",
        {
            "line_limit": "f.limit_amount::float8",
            "line_used": "f.average_used_amount::float8",
            "line_peak": "f.peak_used_amount::float8",
        },
    ),
    "acquirings": (
        "customers_acquiringmonth f",
        {
            "acquired": "f.received_amount::float8",
            "receipts": "f.receipts",
            "receipt_payers": "f.payers",
        },
    ),
    "payrolls": (
        "customers_payrollmonth f",
        {"payroll_heads": "f.heads", "wages": "f.wages_amount::float8"},
    ),
    "insured": ("customers_socialsecuritymonth f", {"insured_heads": "f.heads"}),
    "power": ("customers_electricitymonth f", {"kwh": "f.kwh::float8"}),
    "channels": ("customers_channelmonth f", {"channel_days": "f.active_days"}),
}
REPAID = {
    "repaid_principal": "sum(f.principal_amount)::float8",
    "repaid_early": (
        "coalesce(sum(f.principal_amount) FILTER (WHERE f.early_days > 30), 0)::float8"
    ),
}
MONTH_COLUMNS = [name for _from, columns in MONTH_SOURCES.values() for name in columns] + [*REPAID]
INVOICE_COLUMNS = [
    "sales",
    "sales_plus",
    "sales_red",
    "sale_count",
    "sale_voids",
    "buyers",
    "first_sale_on",
    "last_sale_on",
    "sale_gap_inside",
    "sale_gap_before",
    "purchases",
    "purchases_plus",
    "purchases_red",
    "purchase_count",
    "purchase_voids",
    "suppliers",
    "last_purchase_on",
]
PARTNER_COLUMNS = ["amount", "invoices"]
DECLARED_COLUMNS = value_columns()

# Which facts are meant: everything of a range of customers, or the touched pairs.
RANGE = "{0}.customer_id BETWEEN %(low)s AND %(high)s"
PAIRS = (
    "pairs AS (SELECT p.customer_id, p.ym, make_date(p.ym / 12, mod(p.ym, 12) + 1, 1) AS first_on, "
    "make_date((p.ym + 1) / 12, mod(p.ym + 1, 12) + 1, 1) AS next_on "
    "FROM unnest(%(customers)s::bigint[], %(yms)s::integer[]) AS p(customer_id, ym))"
)
BY_MONTH = " JOIN pairs p ON p.customer_id = f.customer_id AND p.ym = f.ym"
BY_DAY = (
    " JOIN pairs p ON p.customer_id = f.customer_id AND f.{0} >= p.first_on AND f.{0} < p.next_on"
)


def months_sql(*, touched: bool) -> str:
    """CTEs ending in ``fresh``: the rows of MonthRollup."""
    mine = BY_MONTH if touched else " WHERE " + RANGE.format("f")
    ctes = [PAIRS] if touched else []
    for name, (table, columns) in MONTH_SOURCES.items():
        picked = ", ".join(f"{sql} AS {column}" for column, sql in columns.items())
        ctes.append(f"{name} AS (SELECT f.customer_id, f.ym, {picked} FROM {table}{mine})")
    paid = BY_DAY.format("paid_on") if touched else mine
    month = "(extract(year FROM f.paid_on) * 12 + extract(month FROM f.paid_on) - 1)::integer"
    sums = ", ".join(f"{sql} AS {column}" for column, sql in REPAID.items())
    ctes.append(
        f"repaid AS (SELECT f.customer_id, {month} AS ym, {sums} FROM customers_repayment f{paid} "
        "GROUP BY 1, 2)"
    )
    names = [*MONTH_SOURCES, "repaid"]
    keys = " UNION ".join(f"SELECT customer_id, ym FROM {name}" for name in names)
    joins = "".join(f" LEFT JOIN {name} USING (customer_id, ym)" for name in names)
    ctes.append(f"keys AS ({keys})")
    ctes.append(f"fresh AS (SELECT customer_id, ym, {', '.join(MONTH_COLUMNS)} FROM keys{joins})")
    return "WITH " + ", ".join(ctes)


def _bills(*, touched: bool) -> str:
    mine = BY_DAY.format("issued_on") if touched else " WHERE " + RANGE.format("f")
    return (
        "bills AS (SELECT f.customer_id, f.ym, f.side, f.counterparty, f.issued_on, f.is_void, "
        f"f.net_amount::float8 AS net FROM customers_invoice f{mine})"
    )


PARTNERS_CTE = (
    "partners AS (SELECT customer_id, side, counterparty, ym, sum(net) AS amount, "
    "count(*)::integer AS invoices FROM bills WHERE NOT is_void "
    "GROUP BY customer_id, side, counterparty, ym)"
)


def _invoice_sums() -> str:
    sale, purchase = "side = 'S' AND NOT is_void", "side = 'P' AND NOT is_void"
    parts = []
    for condition, total, count, void in (
        (sale, "sales", "sale_count", "sale_voids"),
        (purchase, "purchases", "purchase_count", "purchase_voids"),
    ):
        side = condition.split(" AND ")[0]
        parts += [
            f"coalesce(sum(net) FILTER (WHERE {condition}), 0) AS {total}",
            f"coalesce(sum(net) FILTER (WHERE {condition} AND net > 0), 0) AS {total}_plus",
            f"coalesce(-sum(net) FILTER (WHERE {condition} AND net < 0), 0) AS {total}_red",
            f"(count(*) FILTER (WHERE {condition}))::integer AS {count}",
            f"(count(*) FILTER (WHERE {side} AND is_void))::integer AS {void}",
        ]
    parts += [
        f"min(issued_on) FILTER (WHERE {sale}) AS first_sale_on",
        f"max(issued_on) FILTER (WHERE {sale}) AS last_sale_on",
        f"max(issued_on) FILTER (WHERE {purchase}) AS last_purchase_on",
    ]
    return ", ".join(parts)


def invoices_sql(*, touched: bool) -> str:
    """CTEs ending in ``partners`` and ``fresh``: CounterpartyMonth and InvoiceMonth rows.

    ``sale_gap_before`` is right where the month before is in the same set; after a touch
    ``GAPS_SQL`` sets it for whole customers.
    """
    ctes = ([PAIRS] if touched else []) + [
        _bills(touched=touched),
        PARTNERS_CTE,
        "sums AS (SELECT customer_id, ym, " + _invoice_sums() + " FROM bills GROUP BY 1, 2)",
        "faces AS (SELECT customer_id, ym, "
        "(count(*) FILTER (WHERE side = 'S'))::integer AS buyers, "
        "(count(*) FILTER (WHERE side = 'P'))::integer AS suppliers FROM partners GROUP BY 1, 2)",
        "gaps AS (SELECT customer_id, ym, max(gap) AS sale_gap_inside FROM ("
        "SELECT customer_id, ym, issued_on - lag(issued_on) OVER "
        "(PARTITION BY customer_id, ym ORDER BY issued_on) AS gap "
        "FROM (SELECT DISTINCT customer_id, ym, issued_on FROM bills "
        "WHERE side = 'S' AND NOT is_void) days) steps GROUP BY 1, 2)",
        "fresh AS (SELECT customer_id, ym, sales, sales_plus, sales_red, sale_count, sale_voids, "
        "coalesce(buyers, 0) AS buyers, first_sale_on, last_sale_on, sale_gap_inside, "
        f"{GAP} AS sale_gap_before, purchases, purchases_plus, purchases_red, purchase_count, "
        "purchase_voids, coalesce(suppliers, 0) AS suppliers, last_purchase_on FROM sums "
        "LEFT JOIN faces USING (customer_id, ym) LEFT JOIN gaps USING (customer_id, ym))",
    ]
    return "WITH " + ", ".join(ctes)


GAP = (
    "first_sale_on - max(last_sale_on) OVER (PARTITION BY customer_id ORDER BY ym "
    "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
)
GAPS_SQL = (
    f"UPDATE customers_invoicemonth t SET sale_gap_before = g.gap FROM (SELECT customer_id, ym, "
    f"{GAP} AS gap FROM customers_invoicemonth WHERE customer_id = ANY(%(customers)s::bigint[])) g "
    "WHERE t.customer_id = g.customer_id AND t.ym = g.ym "
    "AND t.customer_id = ANY(%(customers)s::bigint[]) "
    "AND t.sale_gap_before IS DISTINCT FROM g.gap"
)


KEPT_ENDS = 2  # months of a customer, newest first, for which trailing figures are held


def _trailing(months: str, partners: str) -> str:
    """CTEs ending in ``tails``: figures of the year before each customer's newest months."""
    rows = partner_rows(f"ends e JOIN {partners} z ON z.customer_id = e.customer_id", "e.ym")
    rows = rows.replace("SELECT z.side,", "SELECT e.customer_id, z.side,")
    rows = rows.replace("PARTITION BY y.side", "PARTITION BY y.customer_id, y.end_ym, y.side")
    sums = ", ".join(f"{sql} AS {name}" for name, sql in PARTNER_SUMS.items())
    return (
        "ends AS (SELECT customer_id, ym, first_ym FROM (SELECT customer_id, ym, "
        "min(ym) OVER (PARTITION BY customer_id) AS first_ym, "
        "row_number() OVER (PARTITION BY customer_id ORDER BY ym DESC) AS newness "
        f"FROM {months}) r WHERE newness <= {KEPT_ENDS}), "
        f"trailed AS (SELECT x.customer_id, x.end_ym AS ym, {sums} FROM ({rows} "
        "WHERE z.ym <= e.ym AND z.ym > e.ym - 24 "
        "GROUP BY e.customer_id, e.ym, z.side, z.counterparty) y) x GROUP BY 1, 2), "
        f"tails AS (SELECT customer_id, ym, first_ym, {', '.join(PARTNER_SUMS)} "
        "FROM ends LEFT JOIN trailed USING (customer_id, ym))"
    )


def trailing_update() -> str:
    """UPDATE that holds trailing figures for the newest months of customers, and no others."""
    mine = "customer_id = ANY(%(customers)s::bigint[])"
    months = f"customers_invoicemonth WHERE {mine}"
    partners = f"(SELECT * FROM customers_counterpartymonth WHERE {mine})"
    old = ", ".join(f"t.{name}" for name in TRAILING)
    new = ", ".join(f"a.{name}" for name in TRAILING)
    return (
        f"WITH {_trailing(months, partners)} UPDATE customers_invoicemonth t SET "
        + ", ".join(f"{name} = a.{name}" for name in TRAILING)
        + f" FROM customers_invoicemonth k LEFT JOIN tails a USING (customer_id, ym) "
        f"WHERE k.{mine} AND t.{mine} AND t.customer_id = k.customer_id AND t.ym = k.ym "
        f"AND ({old}) IS DISTINCT FROM ({new})"
    )


def invoice_rebuild_sql() -> str:
    """CTEs ending in ``partners`` and ``whole``: complete rows of a range of customers."""
    names = ", ".join(INVOICE_COLUMNS + TRAILING)
    return (
        f"{invoices_sql(touched=False)}, {_trailing('fresh', 'partners')}, "
        f"whole AS (SELECT customer_id, ym, {names} FROM fresh "
        "LEFT JOIN tails USING (customer_id, ym))"
    )


def declared_sql(condition: str) -> str:
    """The rows of DeclaredRollup for the customers that ``condition`` names."""
    return raw_sql("").replace("[[d.customer_id]]", f"d.customer_id {condition}")


def upsert_sql(table: str, keys: list[str], columns: list[str], source: str) -> str:
    """INSERT of ``source`` that updates rows whose values differ and leaves the others alone."""
    names = ", ".join(keys + columns)
    sets = ", ".join(f"{column} = excluded.{column}" for column in columns)
    old = ", ".join(f"{table}.{column}" for column in columns)
    new = ", ".join(f"excluded.{column}" for column in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {source} "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets} "
        f"WHERE ({old}) IS DISTINCT FROM ({new})"
    )
