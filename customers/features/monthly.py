"""What the monthly rollups tell: core banking months, invoice months, counterparties.

Core banking is our own and never late: its windows end at the last closed month. Invoices come by
file under the firm's authorisation: their windows end at the last month, up to the last closed
one, for which the customer has any invoice (``invoice_last_ym``). When a feed stops, values stay
as they were and turn stale, instead of reading as a collapse of sales (spec PAR-4).
"""

from customers.features.spec import SourceSpec, Step

CALENDAR_MONTH = "mod({row}.ym, 12) + 1"


def _core(months: int, skip: int = 0) -> str:
    """The window of ``months`` months that ends ``skip`` months before the last closed one."""
    newest = f" AND m.ym <= {{last}} - {skip}" if skip else ""
    return f"FILTER (WHERE m.ym > {{last}} - {months + skip}{newest})"


def _trade(months: int, skip: int = 0) -> str:
    """The same, before the last month with invoices."""
    newest = f" AND v.ym <= invoice_last_ym - {skip}" if skip else ""
    return f"FILTER (WHERE v.ym > invoice_last_ym - {months + skip}{newest})"


def _seasonal(value: str, row: str) -> str:
    """A month's value over its season weight: what an even year would have shown."""
    month = CALENDAR_MONTH.format(row=row)
    return f"({value} / coalesce(nullif(season[{month}], 0) * 12, 1))"


IN = "m.business_inflow"
EVEN_IN = _seasonal(IN, "m")
EVEN_SALES = _seasonal("v.sales", "v")

MONTHS = SourceSpec(
    key="months",
    is_dense=True,
    uses=("season",),
    from_sql="customers_monthrollup m",
    keyed_by="m.customer_id",
    where="m.ym > {last} - 24 AND m.ym <= {last}",
    outputs={
        "flow_first_ym": f"min(m.ym) FILTER (WHERE {IN} IS NOT NULL)",
        "flow_last_ym": f"max(m.ym) FILTER (WHERE {IN} IS NOT NULL)",
        "inflow_3m": f"sum({IN}) {_core(3)}",
        "inflow_3m_year_ago": f"sum({IN}) {_core(3, 12)}",
        "inflow_quarter_before": f"sum({IN}) {_core(3, 3)}",
        "inflow_quarter_before_year_ago": f"sum({IN}) {_core(3, 15)}",
        "inflow_12m": f"sum({IN}) {_core(12)}",
        "inflow_even_12m": f"sum({EVEN_IN}) {_core(12)}",
        "inflow_even_squares_12m": f"sum({EVEN_IN} * {EVEN_IN}) {_core(12)}",
        "cash_inflow_12m": f"sum(m.cash_inflow) {_core(12)}",
        "gross_inflow_12m": f"sum(m.inflow) {_core(12)}",
        "active_months": f"count(*) FILTER (WHERE m.ym > {{last}} - 12 AND {IN} > 0)",
        "deposit_3m": f"avg(m.deposit_average) {_core(3)}",
        "deposit_12m": f"avg(m.deposit_average) {_core(12)}",
        "deposit_year_ago_3m": f"avg(m.deposit_average) {_core(3, 12)}",
        "deposit_last_ym": "max(m.ym) FILTER (WHERE m.deposit_average IS NOT NULL)",
        "loan_3m": f"avg(m.line_used) {_core(3)}",
        "use_6m": f"avg(m.line_used / nullif(m.line_limit, 0)) {_core(6)}",
        "peak_12m": f"max(m.line_peak / nullif(m.line_limit, 0)) {_core(12)}",
        "full_months_12m": (
            "count(*) FILTER (WHERE m.ym > {last} - 12 "
            "AND m.line_peak > {portrait.full_line} * m.line_limit)"
        ),
        "tight_months_2m": (
            "count(*) FILTER (WHERE m.ym > {last} - 2 "
            "AND m.line_used > {portrait.tight_line} * m.line_limit)"
        ),
        "line_last_ym": "max(m.ym) FILTER (WHERE m.line_limit IS NOT NULL)",
        "acquired_3m": f"sum(m.acquired) {_core(3)}",
        "acquired_receipts_3m": f"sum(m.receipts) {_core(3)}",
        "acquired_payers_3m": f"avg(m.receipt_payers) {_core(3)}",
        "acquired_months_12m": (
            "count(*) FILTER (WHERE m.ym > {last} - 12 AND m.acquired IS NOT NULL)"
        ),
        "acquired_last_ym": "max(m.ym) FILTER (WHERE m.acquired IS NOT NULL)",
        "payroll_heads_max_3m": f"max(m.payroll_heads) {_core(3)}",
        "payroll_head_months_3m": f"sum(m.payroll_heads) {_core(3)}",
        "payroll_count_3m": f"count(m.payroll_heads) {_core(3)}",
        "payroll_year_ago_3m": f"max(m.payroll_heads) {_core(3, 12)}",
        "wages_3m": f"sum(m.wages) {_core(3)}",
        "wages_12m": f"sum(m.wages) {_core(12)}",
        "payroll_last_ym": "max(m.ym) FILTER (WHERE m.payroll_heads IS NOT NULL)",
        "insured_max_3m": f"max(m.insured_heads) {_core(3)}",
        "insured_year_ago_3m": f"max(m.insured_heads) {_core(3, 12)}",
        "insured_last_ym": "max(m.ym) FILTER (WHERE m.insured_heads IS NOT NULL)",
        "digital_3m": f"sum(m.channel_days) {_core(3)}",
        "channel_last_ym": "max(m.ym) FILTER (WHERE m.channel_days IS NOT NULL)",
        "kwh_used_12m": f"sum(m.kwh) {_core(12)}",
        "kwh_months_12m": f"count(m.kwh) {_core(12)}",
        "kwh_used_year_before": f"sum(m.kwh) {_core(12, 12)}",
        "kwh_months_year_before": f"count(m.kwh) {_core(12, 12)}",
        "kwh_last_ym": "max(m.ym) FILTER (WHERE m.kwh IS NOT NULL)",
        "repaid_24m": "sum(m.repaid_principal)",
        "repaid_early_24m": "sum(m.repaid_early)",
    },
)


def partner_rows(table: str, end: str) -> str:
    """SQL of one row a counterparty, numbered by its amount of the year that ends with ``end``."""
    return (
        "SELECT y.*, row_number() OVER "
        "(PARTITION BY y.side ORDER BY y.year_amount DESC NULLS LAST) AS place "
        f"FROM (SELECT z.side, {end} AS end_ym, "
        f"sum(z.amount) FILTER (WHERE z.ym > {end} - 12) AS year_amount, "
        f"min(z.ym) AS seen_first, max(z.ym) AS seen_last FROM {table}"
    )


def _side_sums(letter: str, name: str) -> dict[str, str]:
    """Concentration and change of one side's counterparties, from rows of ``partner_rows``."""
    mine = f"x.side = '{letter}'"
    paying = f"FILTER (WHERE {mine} AND x.year_amount > 0)"
    return {
        f"{name}_total": f"sum(x.year_amount) {paying}",
        f"{name}_squares": f"sum(x.year_amount * x.year_amount) {paying}",
        f"{name}_top1": f"max(x.year_amount) {paying}",
        f"{name}_top5": "sum(x.year_amount) FILTER "
        f"(WHERE {mine} AND x.year_amount > 0 AND x.place <= 5)",
        f"{name}_count": f"(count(*) {paying})::integer",
        f"{name}_new": f"(count(*) FILTER (WHERE {mine} AND x.seen_first > x.end_ym - 6))::integer",
        f"{name}_lost": f"(count(*) FILTER (WHERE {mine} AND x.seen_last <= x.end_ym - 6 "
        "AND x.seen_last > x.end_ym - 18))::integer",
    }


PARTNER_SUMS = _side_sums("S", "buyer") | _side_sums("P", "supplier")
TRAILING = ["first_ym", *PARTNER_SUMS]  # columns of InvoiceMonth that look back from their month

# The newest month with invoices, and the figures of the year that ends with it where the rollup
# holds them (``partners_known``); ``LATE_PARTNERS`` makes them for any other month.
INVOICE_ENDS = SourceSpec(
    key="invoice_ends",
    is_dense=True,
    from_sql=(
        "(SELECT e.* FROM customers_invoicemonth e WHERE [[e.customer_id]] AND e.ym <= {last} "
        "ORDER BY e.ym DESC LIMIT 1) e"
    ),
    keyed_by="",
    outputs={
        "invoice_last_ym": "e.ym",
        "partners_known": "e.first_ym IS NOT NULL",
        **{f"e_{name}": f"e.{name}" for name in TRAILING},
    },
)

SALE_PEAK = "round(v.sales * 100) * 16 + " + CALENDAR_MONTH.format(row="v")  # exact below 2^53

INVOICES = SourceSpec(
    key="invoices",
    is_dense=True,
    uses=("season", "invoice_last_ym"),
    from_sql="customers_invoicemonth v",
    keyed_by="v.customer_id",
    where="v.ym > invoice_last_ym - 24 AND v.ym <= invoice_last_ym",
    outputs={
        "sales_3m": f"sum(v.sales) {_trade(3)}",
        "sales_like_3m": (
            "sum(v.sales * ({lunar_weights}::float8[])[{last} - invoice_last_ym + 1]"
            "[invoice_last_ym - v.ym + 1])"
        ),
        "sales_12m": f"sum(v.sales) {_trade(12)}",
        "sales_year_before": f"sum(v.sales) {_trade(12, 12)}",
        "sales_even_12m": f"sum({EVEN_SALES}) {_trade(12)}",
        "sales_even_squares_12m": f"sum({EVEN_SALES} * {EVEN_SALES}) {_trade(12)}",
        "sales_peak_12m": f"max(v.sales) {_trade(12)}",
        "sales_peak_code_12m": f"max({SALE_PEAK}) {_trade(12)}",
        "sale_months_12m": (
            "count(*) FILTER (WHERE v.ym > invoice_last_ym - 12 AND v.sale_count > 0)"
        ),
        "sale_count_12m": f"sum(v.sale_count) {_trade(12)}",
        "sale_voids_12m": f"sum(v.sale_voids) {_trade(12)}",
        "sale_plus_12m": f"sum(v.sales_plus) {_trade(12)}",
        "sale_red_12m": f"sum(v.sales_red) {_trade(12)}",
        "silence_12m": f"max(greatest(v.sale_gap_inside, v.sale_gap_before)) {_trade(12)}",
        "sold_on": "max(v.last_sale_on)",
        "purchases_12m": f"sum(v.purchases) {_trade(12)}",
        "purchases_year_before": f"sum(v.purchases) {_trade(12, 12)}",
        "purchase_count_12m": f"sum(v.purchase_count) {_trade(12)}",
        "purchase_voids_12m": f"sum(v.purchase_voids) {_trade(12)}",
        "purchase_plus_12m": f"sum(v.purchases_plus) {_trade(12)}",
        "purchase_red_12m": f"sum(v.purchases_red) {_trade(12)}",
        "bought_on": "max(v.last_purchase_on)",
    },
)


LATE_PARTNERS = SourceSpec(
    key="late_partners",
    is_dense=True,
    uses=("invoice_last_ym", "partners_known"),
    from_sql=(
        "(SELECT min(f.ym) AS first_ym FROM customers_invoicemonth f WHERE [[f.customer_id]] "
        "AND NOT partners_known) f, "
        f"LATERAL (SELECT {', '.join(f'{sql} AS {name}' for name, sql in PARTNER_SUMS.items())} "
        "FROM ("
        + partner_rows("customers_counterpartymonth z", "invoice_last_ym")
        + " WHERE [[z.customer_id]] AND NOT partners_known AND z.ym <= invoice_last_ym "
        "AND z.ym > invoice_last_ym - 24 GROUP BY z.side, z.counterparty) y) x) g"
    ),
    keyed_by="",
    outputs={
        "late_first_ym": "f.first_ym",
        **{f"late_{name}": f"g.{name}" for name in PARTNER_SUMS},
    },
)

DENSE_SOURCES = (MONTHS, INVOICE_ENDS, INVOICES, LATE_PARTNERS)
STEPS = (
    Step("invoice_first_ym", "coalesce(e_first_ym, late_first_ym)"),
    *(Step(name, f"coalesce(e_{name}, late_{name})") for name in PARTNER_SUMS),
)
