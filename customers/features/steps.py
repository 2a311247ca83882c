"""Values that several features share, and the origins of facts with their dates."""

from customers.features.spec import Origin, Step


def month_end(ym: str) -> str:
    """SQL of the last day of a month number."""
    return f"(make_date(({ym} + 1) / 12, mod({ym} + 1, 12) + 1, 1) - 1)"


def coverage(first: str, end: str, months: int) -> str:
    """SQL of how many of the last ``months`` months are covered by facts."""
    return f"CASE WHEN {first} IS NOT NULL THEN least({months}, {end} - {first} + 1) END"


STEPS = (
    Step(
        "is_business",
        "party_type_is IN ('company', 'partnership_sole_prop', 'sole_trader', 'coop', "
        "'farm_household')",
    ),
    Step(
        "is_sized",
        "party_type_is IN ('company', 'partnership_sole_prop', 'sole_trader', 'coop')",
    ),
    Step("is_person", "party_type_is IN ('owner_person', 'individual')"),
    Step("is_holder", "relation_state_is <> 'prospect'"),
    Step("is_holding_business", "is_business AND is_holder"),
    Step("start_on_is", "coalesce(d_start_on, founded_on, registered_on)"),
    Step("industry_full", "coalesce(industry_is, nullif(d_industry_code, ''))"),
    Step("industry_division", "left(industry_full, 2)"),
    Step("sells_to_the_public", "industry_division IN ('52', '61', '62')"),
    Step("flow_months", coverage("flow_first_ym", "{last}", 12)),
    Step("flow_is_two_years", "flow_first_ym <= {last} - 14"),
    Step("flow_is_longer", "flow_first_ym <= {last} - 17"),
    Step("flow_mean_even", "inflow_even_12m / flow_months"),
    Step("invoice_months", coverage("invoice_first_ym", "invoice_last_ym", 12)),
    Step("invoice_is_two_years", "invoice_first_ym <= invoice_last_ym - 23"),
    Step("invoice_is_a_year", "invoice_first_ym <= invoice_last_ym - 11"),
    Step("sales_mean_even", "coalesce(sales_even_12m, 0) / invoice_months"),
    Step("sells_by_invoice", "sale_count_12m > 0"),
    Step("buys_by_invoice", "purchase_count_12m > 0"),
    Step("has_invoices", "invoice_last_ym IS NOT NULL"),
    Step("has_line", "line_last_ym IS NOT NULL OR lines_open > 0"),
    Step("has_had_loan", "loans_ever > 0"),
    Step("has_loan", "loans_open > 0"),
    Step("has_due", "due_24m > 0"),
    Step("registry_is_known", "registry_status <> 'unknown'"),
    Step("records_are_known", "registry_is_known OR records_ever > 0"),
    Step("insured_or_paid", "greatest(insured_max_3m, payroll_heads_max_3m)"),
    Step("equity", "d_total_assets - d_total_liabilities"),
    Step("tax_sales_newest", "tax_sales[1]"),
    Step("tax_sales_before", "tax_sales[2]"),
    Step("invoiced_revenue", "CASE WHEN invoice_is_a_year THEN sales_12m END"),
    Step(
        "guarantee_sum",
        "CASE WHEN coalesce(d_guarantee_property, d_guarantee_movables, "
        "d_guarantee_receivables, d_guarantee_guarantors) IS NOT NULL THEN "
        "coalesce(d_guarantee_property, 0) + coalesce(d_guarantee_movables, 0) + "
        "coalesce(d_guarantee_receivables, 0) + coalesce(d_guarantee_guarantors, 0) END",
    ),
    Step("debt_everywhere", "coalesce(bureau_debt, d_bank_debt_total)"),
    Step("own_debt", "CASE WHEN is_holder THEN coalesce(loan_balance_is, 0) END"),
    Step("principal_due", "coalesce(d_principal_due_12m, principal_due_next_12m)"),
    Step("interest_due", "coalesce(d_interest_due_12m, interest_due_next_12m)"),
    Step("credit_total", "coalesce(limit_is, loan_balance_is)"),
    Step("flow_on_is", month_end("flow_last_ym")),
    Step("deposit_on_is", month_end("deposit_last_ym")),
    Step("line_on_is", month_end("line_last_ym")),
    Step("acquired_on_is", month_end("acquired_last_ym")),
    Step("payroll_on_is", month_end("payroll_last_ym")),
    Step("insured_on_is", month_end("insured_last_ym")),
    Step("channel_on_is", month_end("channel_last_ym")),
    Step("kwh_on_is", month_end("kwh_last_ym")),
    Step("invoice_on_is", "greatest(sold_on, bought_on)"),
)

TODAY = "{as_of}::date"  # our own books and public look-ups are as new as the portrait

ORIGINS = {
    origin.key: origin
    for origin in (
        Origin("registry", "registry", TODAY),
        Origin("core", "core", TODAY, "loans"),
        Origin("applications", "core", TODAY, "applications"),
        Origin("flow", "core", "flow_on_is", "flows"),
        Origin("deposit", "core", "deposit_on_is", "deposits"),
        Origin("line", "core", "line_on_is", "line_use"),
        Origin("instalment", "core", TODAY, "instalments"),
        Origin("repayment", "core", TODAY, "repayments"),
        Origin("holding", "core", TODAY, "holdings"),
        Origin("acquiring", "acquiring", "acquired_on_is", "acquiring"),
        Origin("payroll", "payroll", "payroll_on_is", "payroll"),
        Origin("social_security", "social_security", "insured_on_is", "social_security"),
        Origin("channel", "channel", "channel_on_is", "channel"),
        Origin("touch", "channel", TODAY, "touches"),
        Origin("utility", "utility", "kwh_on_is", "electricity"),
        Origin("invoice", "invoice", "invoice_on_is", "invoices"),
        Origin("sale", "invoice", "invoice_on_is", "sales"),
        Origin("purchase", "invoice", "invoice_on_is", "purchases"),
        Origin("bureau", "bureau", "bureau_queried_on", "bureau"),
        Origin("tax", "tax", "tax_published_on", "tax"),
        Origin("record", "public_record", TODAY, "records"),
        Origin("certificate", "registry", TODAY, "certificates"),
        Origin("collateral", "core", "collateral_valued_on", "collateral"),
        Origin("contact", "visit", TODAY, "contacts"),
        Origin("chain", "visit", "links_on", "links"),
        Origin("visit", "visit", "", "declared"),
        Origin("statement", "statement", "", "declared"),
        Origin("check", "cross_check", "", "declared"),
        Origin("derived", "derived", TODAY),
    )
}
