"""Every table a portrait reads, as one row a customer: base row, declared facts, small tables.

The dense monthly ones are in ``monthly.py``. All conditions look at the facts' own dates, so that
a portrait of a past day reads what was known on that day.
"""

from customers.features.spec import SourceSpec

LOCAL_DAY = "(t.at AT TIME ZONE 'Asia/Shanghai')::date"

BASE = SourceSpec(
    key="base",
    from_sql=(
        "customers_customer c LEFT JOIN core_industrycode i ON i.code = c.industry_id "
        "LEFT JOIN core_tradeprofile p ON p.key = c.trade_id"
    ),
    keyed_by="c.id",
    grouped=False,
    outputs={
        "party_type_is": "c.party_type",
        "customer_name_is": "c.name",
        "registered_on": "c.registered_on",
        "founded_on": "c.founded_on",
        "registry_capital": "c.registered_capital_amount::float8",
        "registry_status": "c.registry_status",
        "relation_state_is": "c.relation_state",
        "customer_since": "c.customer_since",
        "do_not_contact": "c.is_do_not_contact",
        "is_located": "(c.address <> '' OR c.latitude IS NOT NULL)",
        "industry_is": "c.industry_id",
        "trade_is": "c.trade_id",
        "region_is": "c.region_id",
        "industry_section": "i.section",
        "size_group": "coalesce(nullif(i.size_group, ''), p.size_group)",
        "season": "p.season",
        "profile_position": "p.chain_position",
        "profile_asset_light": "p.is_asset_light",
        "profile_margin_low": "p.gross_margin_low::float8",
        "profile_margin_high": "p.gross_margin_high::float8",
        "profile_net_low": "p.net_margin_low::float8",
        "profile_net_high": "p.net_margin_high::float8",
        "profile_inventory_low": "p.inventory_days_low",
        "profile_inventory_high": "p.inventory_days_high",
        "profile_receivable_low": "p.receivable_days_low",
        "profile_receivable_high": "p.receivable_days_high",
        "profile_payable_low": "p.payable_days_low",
        "profile_payable_high": "p.payable_days_high",
        "profile_revenue_low": "p.revenue_low_amount::float8",
        "profile_revenue_high": "p.revenue_high_amount::float8",
    },
)

LOANS = SourceSpec(
    key="loans",
    from_sql=(
        "customers_loan l LEFT JOIN (SELECT r.loan_id, sum(r.principal_amount) AS repaid "
        "FROM customers_repayment r WHERE [[r.customer_id]] AND r.paid_on <= {as_of} "
        "GROUP BY r.loan_id) r ON r.loan_id = l.id "
        "CROSS JOIN LATERAL (SELECT (l.closed_on IS NULL OR l.closed_on > {as_of}) AS is_open, "
        "greatest(l.principal_amount - coalesce(r.repaid, 0), 0)::float8 AS balance) o"
    ),
    keyed_by="l.customer_id",
    where="l.drawn_on <= {as_of}",
    outputs={
        "loans_ever": "count(*)",
        "loans_open": "count(*) FILTER (WHERE o.is_open)",
        "loan_balance_is": "sum(o.balance) FILTER (WHERE o.is_open)",
        "loan_yearly_interest": "sum(o.balance * l.rate::float8) FILTER (WHERE o.is_open)",
        "loan_principal_open": "sum(l.principal_amount::float8) FILTER (WHERE o.is_open)",
        "loan_matures_on": (
            "min(l.matures_on) FILTER (WHERE o.is_open AND l.matures_on >= {as_of})"
        ),
        "last_drawn_on": "max(l.drawn_on)",
        "renewals": "count(*) FILTER (WHERE l.is_renewal)",
        "first_loans": "count(*) FILTER (WHERE l.is_first_loan)",
        "largest_principal": "max(l.principal_amount::float8)",
    },
)

INSTALMENTS = SourceSpec(
    key="instalments",
    from_sql="customers_instalment n JOIN customers_loan nl ON nl.id = n.loan_id",
    keyed_by="n.customer_id",
    where="nl.drawn_on <= {as_of}",
    outputs={
        "due_24m": "count(*) FILTER (WHERE n.due_on >= {from_24m} AND n.due_on < {until})",
        "on_time_24m": (
            "count(*) FILTER (WHERE n.due_on >= {from_24m} AND n.due_on < {until} "
            "AND n.paid_on <= n.due_on)"
        ),
        "worst_delay_24m": (
            "max(greatest(least(coalesce(n.paid_on, {as_of}), {as_of}) - n.due_on, 0)) "
            "FILTER (WHERE n.due_on >= {from_24m} AND n.due_on <= {as_of})"
        ),
        "days_past_due_is": (
            "max({as_of} - n.due_on) FILTER (WHERE n.due_on < {as_of} "
            "AND (n.paid_on IS NULL OR n.paid_on > {as_of}))"
        ),
        "overdue_is": (
            "sum((n.principal_amount + n.interest_amount)::float8) FILTER "
            "(WHERE n.due_on < {as_of} AND (n.paid_on IS NULL OR n.paid_on > {as_of}))"
        ),
        "principal_due_next_12m": (
            "sum(n.principal_amount::float8) FILTER "
            "(WHERE n.due_on >= {as_of} AND n.due_on < {next_12m})"
        ),
        "interest_due_next_12m": (
            "sum(n.interest_amount::float8) FILTER "
            "(WHERE n.due_on >= {as_of} AND n.due_on < {next_12m})"
        ),
    },
)

LINES = SourceSpec(
    key="lines",
    from_sql="customers_creditline cl",
    keyed_by="cl.customer_id",
    where="cl.granted_on <= {as_of} AND cl.expires_on >= {as_of}",
    outputs={
        "lines_open": "count(*)",
        "limit_is": "sum(cl.limit_amount::float8)",
        "line_expires_on": "min(cl.expires_on)",
    },
)

COLLATERAL = SourceSpec(
    key="pledges",
    from_sql="customers_collateral k",
    keyed_by="k.customer_id",
    where="k.valued_on <= {as_of} AND (k.released_on IS NULL OR k.released_on > {as_of})",
    outputs={
        "collateral_lendable": "sum((k.value_amount * k.loan_to_value)::float8)",
        "collateral_valued_on": "max(k.valued_on)",
    },
)

APPLICATIONS = SourceSpec(
    key="applications",
    from_sql="customers_loanapplication ap",
    keyed_by="ap.customer_id",
    where="ap.applied_on >= {from_24m} AND ap.applied_on <= {as_of}",
    outputs={
        "applied_24m": "count(*) FILTER (WHERE ap.applied_on < {until})",
        "approved_24m": (
            "count(*) FILTER (WHERE ap.applied_on < {until} AND ap.decision = 'approved' "
            "AND ap.decided_on <= {as_of})"
        ),
        "asked_median_12m": (
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY ap.asked_amount::float8) "
            "FILTER (WHERE ap.applied_on >= {from_12m})"
        ),
        "asked_months_12m": (
            "percentile_disc(0.5) WITHIN GROUP (ORDER BY ap.asked_months) "
            "FILTER (WHERE ap.applied_on >= {from_12m})"
        ),
        "asked_on": "max(ap.applied_on)",
        "declined_on": (  # the customer turned our offer down
            "max(ap.decided_on) FILTER (WHERE ap.decision = 'withdrawn' "
            "AND ap.decided_on <= {as_of})"
        ),
        "refused_on": (
            "max(ap.decided_on) FILTER (WHERE ap.decision IN ('refused', 'withdrawn') "
            "AND ap.decided_on <= {as_of})"
        ),
    },
)

HOLDINGS = SourceSpec(
    key="holdings",
    from_sql="customers_holding h",
    keyed_by="h.customer_id",
    where="h.opened_on <= {as_of} AND (h.closed_on IS NULL OR h.closed_on > {as_of})",
    outputs={
        "families_are": "array_agg(DISTINCT h.family ORDER BY h.family)",
        "first_holding_on": "min(h.opened_on)",
    },
)

BUREAU = SourceSpec(
    key="bureau",
    from_sql=(
        "(SELECT DISTINCT ON (q.customer_id) q.* FROM customers_bureausummary q "
        "WHERE [[q.customer_id]] AND q.queried_on <= {as_of} AND q.expires_on > {as_of} "
        "ORDER BY q.customer_id, q.queried_on DESC) b"
    ),
    keyed_by="b.customer_id",
    grouped=False,
    outputs={
        "bureau_queried_on": "b.queried_on",
        "bureau_open_overdue": "b.has_open_overdue",
        "bureau_months_overdue": "b.overdue_months",
        "bureau_lenders": "b.lenders",
        "bureau_queries": "b.hard_queries_6m",
        "bureau_debt": "b.debt_amount::float8",
        "bureau_guarantees": "b.outside_guarantee_amount::float8",
    },
)

TAX = SourceSpec(
    key="tax",
    from_sql="customers_taxyear ty",
    keyed_by="ty.customer_id",
    where="ty.published_on <= {as_of}",
    outputs={
        "tax_published_on": "max(ty.published_on)",
        "tax_grades": "array_agg(ty.grade ORDER BY ty.year DESC)",
        "tax_sales": "array_agg(ty.taxable_sales_amount::float8 ORDER BY ty.year DESC)",
        "tax_newest_year": "max(ty.year)",
        "tax_arrears": "(array_agg(ty.arrears_amount::float8 ORDER BY ty.year DESC))[1]",
    },
)

RECORDS = SourceSpec(
    key="records",
    from_sql=(
        "customers_publicrecord pr CROSS JOIN LATERAL "
        "(SELECT (pr.closed_on IS NULL OR pr.closed_on > {as_of}) AS is_open) po"
    ),
    keyed_by="pr.customer_id",
    where="pr.opened_on <= {as_of}",
    outputs={
        "records_ever": "count(*)",
        "enforcements_open": "count(*) FILTER (WHERE po.is_open AND pr.kind = 'enforcement')",
        "dishonest_open": "count(*) FILTER (WHERE po.is_open AND pr.kind = 'dishonest')",
        "abnormal_open": "count(*) FILTER (WHERE po.is_open AND pr.kind = 'abnormal')",
        "tax_arrears_open": "count(*) FILTER (WHERE po.is_open AND pr.kind = 'tax_arrears')",
        "penalties_since": (
            "count(*) FILTER (WHERE pr.kind = 'penalty' AND pr.opened_on >= {from_24m})"
        ),
        "lawsuits_since": (
            "count(*) FILTER (WHERE pr.kind = 'lawsuit' AND pr.opened_on >= {from_24m})"
        ),
    },
)

CERTIFICATES = SourceSpec(
    key="titles",
    from_sql="customers_certificate ct",
    keyed_by="ct.customer_id",
    where="ct.valid_from <= {as_of} AND (ct.valid_to IS NULL OR ct.valid_to >= {as_of})",
    outputs={
        "certificates_are": "array_agg(DISTINCT ct.kind ORDER BY ct.kind)",
        "certificate_ends_on": "min(ct.valid_to)",
        "zjtx_level_is": "max(ct.level) FILTER (WHERE ct.kind = 'zjtx')",
    },
)

TOUCHES = SourceSpec(
    key="touches",
    from_sql="customers_touch t",
    keyed_by="t.customer_id",
    where=f"{LOCAL_DAY} <= {{as_of}}",
    outputs={
        "last_visit_is": f"max({LOCAL_DAY}) FILTER (WHERE t.channel = 'visit' AND t.has_reached)",
        "visits_12m": (
            f"count(*) FILTER (WHERE t.channel = 'visit' AND {LOCAL_DAY} >= {{from_12m}})"
        ),
        "last_touch_is": f"max({LOCAL_DAY}) FILTER (WHERE t.has_reached)",
        **{
            f"reach_{channel}": (
                "avg(t.has_reached::int::float8) FILTER "
                f"(WHERE t.channel = '{channel}' AND {LOCAL_DAY} >= {{from_6m}} "
                f"AND {LOCAL_DAY} < {{until}})"
            )
            for channel in ("visit", "branch", "phone", "mobile", "wecom")
        },
    },
)

CONTACTS = SourceSpec(
    key="people",
    from_sql="customers_contact co",
    keyed_by="co.customer_id",
    outputs={
        "has_mobile": "bool_or(co.mobile_digest IS NOT NULL)",
        "has_decider": "bool_or(co.is_decision_maker)",
    },
)

OVERRIDES = SourceSpec(
    key="overrides",
    from_sql="customers_groupoverride ov",
    keyed_by="ov.customer_id",
    where="ov.from_on <= {as_of} AND ov.until_on > {as_of}",
    outputs={
        f"{target}_override": (
            "(array_agg(ov.value ORDER BY ov.from_on DESC, ov.id DESC) "
            f"FILTER (WHERE ov.target = '{target}'))[1]"
        )
        for target in ("group", "stage", "size")
    },
)

TERRITORIES = SourceSpec(
    key="places",
    from_sql="customers_territorymember tm JOIN customers_territory te ON te.id = tm.territory_id",
    keyed_by="tm.customer_id",
    outputs={"territory_kinds": "array_agg(DISTINCT te.kind ORDER BY te.kind)"},
)

LINKS = SourceSpec(
    key="links",
    from_sql="customers_chainlink lk",
    keyed_by="lk.customer_id",
    where="lk.as_of <= {as_of}",
    outputs={
        "links_known": "count(*)",
        "supplies_core": "bool_or(lk.side = 'buyer' AND lk.is_core)",
        "buys_from_core": "bool_or(lk.side = 'supplier' AND lk.is_core)",
        "position_named": "max(nullif(lk.position, ''))",
        "positions_named": "count(DISTINCT nullif(lk.position, ''))",
        "links_on": "max(lk.as_of)",
    },
)

RELATIONS = SourceSpec(
    key="ties",
    from_sql=(
        "customers_relation re LEFT JOIN customers_relation rb "
        "ON rb.customer_id = re.other_id AND rb.other_id = re.customer_id AND rb.kind = re.kind "
        "AND (rb.from_on IS NULL OR rb.from_on <= {as_of}) "
        "AND (rb.until_on IS NULL OR rb.until_on > {as_of})"
    ),
    keyed_by="re.customer_id",
    where=(
        "(re.from_on IS NULL OR re.from_on <= {as_of}) "
        "AND (re.until_on IS NULL OR re.until_on > {as_of})"
    ),
    outputs={
        "guarantees_given": "count(*) FILTER (WHERE re.kind = 'guarantees')",
        "guarantees_mutual": "count(rb.id) FILTER (WHERE re.kind = 'guarantees')",
    },
)

SMALL_SOURCES = (
    LOANS,
    INSTALMENTS,
    LINES,
    COLLATERAL,
    APPLICATIONS,
    HOLDINGS,
    BUREAU,
    TAX,
    RECORDS,
    CERTIFICATES,
    TOUCHES,
    CONTACTS,
    OVERRIDES,
    TERRITORIES,
    LINKS,
    RELATIONS,
)
