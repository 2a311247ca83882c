"""What the nightly run of care finds, in SQL: one SELECT a rule, over every customer (e.11).

Each gives customer_id, kind, code, inputs (json) and due_on; all of one customer and kind become
one task. Parameters come from ``care_parameters``; ``as_of`` is the day, ``month`` the newest month
that has ended. Days are those of China.
"""

from __future__ import annotations

MANAGED = "c.manager_id IS NOT NULL AND c.registry_status NOT IN ('revoked', 'cancelled')"
OURS = f"{MANAGED} AND c.relation_state = 'existing'"

# CARE-1: in touch every so many days by tier, counted from the last visit, contact or care.
CYCLE = f"""
    SELECT c.id AS customer_id, 'cycle' AS kind, 'cycle' AS code,
        jsonb_build_object('tier', p.tier, 'every', e.days, 'last', t.last_on) AS inputs,
        greatest(t.last_on + e.days, %(as_of)s) AS due_on
    FROM customers_customer c
    JOIN customers_portrait p ON p.customer_id = c.id
    JOIN (VALUES ('A', %(care.every_days.a)s), ('B', %(care.every_days.b)s),
        ('C', %(care.every_days.c)s), ('D', %(care.every_days.d)s)) e (tier, days)
        ON e.tier = p.tier
    CROSS JOIN LATERAL (SELECT greatest(
        (SELECT max((v.started_at AT TIME ZONE 'Asia/Shanghai')::date) FROM marketing_visit v
            WHERE v.customer_id = c.id AND v.started_at < %(tomorrow)s),
        (SELECT max((h.at AT TIME ZONE 'Asia/Shanghai')::date) FROM customers_touch h
            WHERE h.customer_id = c.id AND h.has_reached AND h.at < %(tomorrow)s),
        (SELECT max((d.closed_at AT TIME ZONE 'Asia/Shanghai')::date) FROM marketing_caretask d
            WHERE d.customer_id = c.id AND d.kind = 'cycle' AND d.state <> 'open'
              AND d.outcome <> %(gone)s),
        c.customer_since,
        CASE WHEN p.last_visit_on <= %(as_of)s THEN p.last_visit_on END) AS last_on) t
    WHERE {OURS} AND NOT c.is_do_not_contact
      AND t.last_on + e.days <= %(as_of)s + %(care.ahead_days)s"""

# CARE-1: 90, 60 and 30 days before a loan matures; a step that was closed is not asked again.
MATURITY = f"""
    SELECT x.customer_id, 'maturity' AS kind, 'maturity' AS code,
        jsonb_build_object('loan', x.id, 'step', x.step, 'balance', x.balance_amount,
            'matures_on', x.matures_on) AS inputs,
        least(x.matures_on, greatest(x.matures_on - x.step, %(as_of)s) + %(care.step_days)s)
            AS due_on
    FROM (SELECT l.*, (SELECT min(s) FROM unnest(%(steps)s) s
              WHERE l.matures_on - %(as_of)s <= s) AS step
          FROM customers_loan l JOIN customers_customer c ON c.id = l.customer_id
          WHERE {MANAGED} AND l.closed_on IS NULL AND l.balance_amount > 0
            AND l.matures_on >= %(as_of)s) x
    WHERE x.step IS NOT NULL AND NOT EXISTS (SELECT 1 FROM marketing_caretask d
        WHERE d.customer_id = x.customer_id AND d.kind = 'maturity' AND d.state <> 'open'
          AND d.reasons @> jsonb_build_array(jsonb_build_object('inputs',
            jsonb_build_object('loan', x.id, 'step', x.step))))"""

# CARE-1: a title that is new; congratulated once.
CERTIFICATE = f"""
    SELECT c.id AS customer_id, 'certificate' AS kind, 'certificate' AS code,
        jsonb_build_object('title', x.kind, 'on', x.valid_from) AS inputs,
        %(care_due)s::date AS due_on
    FROM customers_certificate x JOIN customers_customer c ON c.id = x.customer_id
    WHERE {MANAGED} AND x.valid_from BETWEEN %(as_of)s - %(care.certificate_days)s AND %(as_of)s
      AND NOT EXISTS (SELECT 1 FROM marketing_caretask d
        WHERE d.customer_id = c.id AND d.kind = 'certificate' AND d.state <> 'open'
          AND d.reasons @> jsonb_build_array(jsonb_build_object('inputs',
            jsonb_build_object('title', x.kind, 'on', x.valid_from))))"""

# CARE-1: the lease of the premises ends.
LEASE = f"""
    SELECT c.id AS customer_id, 'lease' AS kind, 'lease' AS code,
        jsonb_build_object('on', r.lease_ends_on, 'days', r.lease_ends_on - %(as_of)s) AS inputs,
        greatest(r.lease_ends_on - %(care.lease_due_days)s, %(care_due)s::date) AS due_on
    FROM customers_declaredrollup r JOIN customers_customer c ON c.id = r.customer_id
    WHERE {MANAGED}
      AND r.lease_ends_on BETWEEN %(as_of)s AND %(as_of)s + %(care.lease_days)s
      AND NOT EXISTS (SELECT 1 FROM marketing_caretask d
        WHERE d.customer_id = c.id AND d.kind = 'lease' AND d.state <> 'open'
          AND d.reasons @> jsonb_build_array(jsonb_build_object('inputs',
            jsonb_build_object('on', r.lease_ends_on))))"""

# CARE-1 and CARE-5: an open complaint is cared for until it is closed.
COMPLAINT = f"""
    SELECT c.id AS customer_id, 'complaint' AS kind, 'complaint' AS code,
        jsonb_build_object('complaint', k.id, 'kind', k.kind, 'on', k.received_on) AS inputs,
        k.due_on
    FROM marketing_complaint k JOIN customers_customer c ON c.id = k.customer_id
    WHERE {MANAGED} AND k.state = 'open' AND k.received_on <= %(as_of)s"""

# CARE-2: receipts of the last three months against the same months a year ago.
INFLOW_HALF = f"""
    SELECT c.id AS customer_id, 'churn' AS kind, 'inflow_half' AS code,
        jsonb_build_object('change', round((m.now / m.before - 1)::numeric, 4)) AS inputs,
        %(churn_due)s::date AS due_on
    FROM (SELECT customer_id,
            sum(inflow) FILTER (WHERE ym > %(month)s - 3) AS now,
            sum(inflow) FILTER (WHERE ym <= %(month)s - 12) AS before
          FROM customers_monthrollup
          WHERE ym BETWEEN %(month)s - 14 AND %(month)s
            AND (ym > %(month)s - 3 OR ym <= %(month)s - 12)
          GROUP BY customer_id
          HAVING count(inflow) FILTER (WHERE ym > %(month)s - 3) = 3
             AND count(inflow) FILTER (WHERE ym <= %(month)s - 12) = 3) m
    JOIN customers_customer c ON c.id = m.customer_id
    WHERE {OURS} AND m.before >= 3 * %(care.churn.least_inflow)s
      AND m.now <= m.before * (1 - %(care.churn.inflow_drop)s)"""

# CARE-2: what is left of the deposits after two months (60 days).
BALANCE_HALF = f"""
    SELECT c.id AS customer_id, 'churn' AS kind, 'balance_half' AS code,
        jsonb_build_object('drop', round((1 - n.deposit_end / b.deposit_end)::numeric, 4),
            'balance', round(n.deposit_end::numeric, 2)) AS inputs,
        %(churn_due)s::date AS due_on
    FROM customers_monthrollup n
    JOIN customers_monthrollup b ON b.customer_id = n.customer_id AND b.ym = %(month)s - 2
    JOIN customers_customer c ON c.id = n.customer_id
    WHERE {OURS} AND n.ym = %(month)s AND b.deposit_end >= %(care.churn.least_balance)s
      AND n.deposit_end <= b.deposit_end * (1 - %(care.churn.balance_drop)s)"""

# CARE-2: days from the end of the last month with receipts to the end of the newest month of the
# feed; whoever had receipts in at least three of the six months before.
ACQUIRING_STOPPED = f"""
    SELECT c.id AS customer_id, 'churn' AS kind, 'acquiring_stopped' AS code,
        jsonb_build_object('days', f.end_on - x.end_on) AS inputs, %(churn_due)s::date AS due_on
    FROM (SELECT max(ym) AS ym, least(%(as_of)s, (make_date(max(ym) / 12, max(ym) %% 12 + 1, 1)
              + interval '1 month' - interval '1 day')::date) AS end_on
          FROM customers_monthrollup
          WHERE receipts > 0 AND ym BETWEEN %(month)s - 2 AND %(month)s) f
    JOIN LATERAL (SELECT m.customer_id, (make_date(max(m.ym) / 12, max(m.ym) %% 12 + 1, 1)
              + interval '1 month' - interval '1 day')::date AS end_on
          FROM customers_monthrollup m WHERE m.receipts > 0 AND m.ym BETWEEN f.ym - 8 AND f.ym
          GROUP BY m.customer_id
          HAVING max(m.ym) BETWEEN f.ym - 3 AND f.ym - 1
             AND count(*) FILTER (WHERE m.ym > f.ym - 9) >= 3) x ON true
    JOIN customers_customer c ON c.id = x.customer_id
    WHERE {OURS} AND f.end_on - x.end_on >= %(care.churn.acquiring_days)s"""

# CARE-2: everything paid back early, nothing drawn since, and another lender is known.
REPAID_AND_COURTED = f"""
    SELECT c.id AS customer_id, 'churn' AS kind, 'repaid_and_courted' AS code,
        jsonb_build_object('loan', l.id, 'amount', l.principal_amount, 'on', l.closed_on,
            'lender', r.competitor_lender) AS inputs, %(churn_due)s::date AS due_on
    FROM (SELECT DISTINCT ON (customer_id) * FROM customers_loan
          WHERE closed_on BETWEEN %(as_of)s - %(care.churn.repaid_days)s AND %(as_of)s
            AND closed_on <= matures_on - %(care.churn.early_days)s
          ORDER BY customer_id, closed_on DESC, id) l
    JOIN customers_declaredrollup r ON r.customer_id = l.customer_id
        AND r.competitor_lender <> '' AND r.competitor_lender_on >= %(as_of)s - 365
    JOIN customers_customer c ON c.id = l.customer_id
    WHERE {OURS} AND NOT EXISTS (SELECT 1 FROM customers_loan o WHERE o.customer_id = l.customer_id
        AND o.id <> l.id AND (o.closed_on IS NULL OR o.drawn_on >= l.closed_on))"""

CARE = (CYCLE, MATURITY, CERTIFICATE, LEASE, COMPLAINT)
CHURN = (INFLOW_HALF, BALANCE_HALF, ACQUIRING_STOPPED, REPAID_AND_COURTED)

# One task a customer and kind: the earliest day, all reasons; the manager's, and for a complaint
# that of whoever works on it. A churn task that was closed lately
# is not made again; an open one follows its reasons as long as nobody worked on it.
MAKE = """
    WITH found AS ({found}),
    task AS (SELECT customer_id, kind, min(due_on) AS due_on, jsonb_agg(
            jsonb_build_object('code', code, 'inputs', inputs) ORDER BY due_on, code, inputs::text)
            AS reasons
        FROM found GROUP BY customer_id, kind)
    INSERT INTO marketing_caretask
        (customer_id, kind, reasons, due_on, owner_id, state, outcome, made_on)
    SELECT t.customer_id, t.kind, t.reasons, t.due_on,
        CASE WHEN t.kind = 'complaint' THEN (SELECT k.owner_id FROM marketing_complaint k
            WHERE k.customer_id = t.customer_id AND k.state = 'open'
            ORDER BY k.due_on, k.id LIMIT 1) ELSE c.manager_id END,
        'open', '', %(as_of)s
    FROM task t JOIN customers_customer c ON c.id = t.customer_id
    WHERE t.kind <> 'churn' OR NOT EXISTS (SELECT 1 FROM marketing_caretask d
        WHERE d.customer_id = t.customer_id AND d.kind = 'churn' AND d.state <> 'open'
          AND d.closed_at > %(rested_since)s)
    ORDER BY t.customer_id, t.kind
    ON CONFLICT (customer_id, kind) WHERE state = 'open' DO UPDATE
        SET reasons = excluded.reasons, due_on = least(marketing_caretask.due_on, excluded.due_on),
            owner_id = excluded.owner_id
        WHERE (marketing_caretask.reasons, marketing_caretask.owner_id)
            IS DISTINCT FROM (excluded.reasons, excluded.owner_id)
    RETURNING kind, (xmax = 0) AS is_new"""

# What is open belongs to the manager, also to the next one: tasks, and complaints that nobody
# handed on. The task of a complaint is that of whoever works on it (MAKE).
FOLLOWED = (
    """
    UPDATE marketing_complaint k SET owner_id = c.manager_id FROM customers_customer c
    WHERE c.id = k.customer_id AND k.state = 'open' AND k.handed_by_id IS NULL
      AND c.manager_id IS NOT NULL AND k.owner_id <> c.manager_id""",
    """
    UPDATE marketing_caretask t SET owner_id = c.manager_id FROM customers_customer c
    WHERE c.id = t.customer_id AND t.state = 'open' AND t.kind <> 'complaint'
      AND c.manager_id IS NOT NULL AND t.owner_id IS DISTINCT FROM c.manager_id""",
)

# What no longer holds is dropped by itself: the loan is paid off or renewed, the complaint closed,
# somebody was in touch, the lease prolonged, cash is there again.
DROP = f"""
    UPDATE marketing_caretask t SET state = 'dropped', outcome = %(gone)s, closed_at = %(now)s
    WHERE t.state = 'open' AND (
        (t.kind = 'maturity' AND NOT EXISTS (SELECT 1 FROM customers_loan l
            WHERE l.customer_id = t.customer_id AND l.closed_on IS NULL AND l.balance_amount > 0
              AND l.matures_on BETWEEN %(as_of)s AND %(as_of)s + 90))
        OR (t.kind = 'complaint' AND NOT EXISTS (SELECT 1 FROM marketing_complaint k
            WHERE k.customer_id = t.customer_id AND k.state = 'open'))
        OR (t.kind = 'cycle' AND NOT EXISTS (SELECT 1 FROM ({CYCLE}) f
            WHERE f.customer_id = t.customer_id))
        OR (t.kind = 'lease' AND EXISTS (SELECT 1 FROM customers_declaredrollup r
            WHERE r.customer_id = t.customer_id
              AND r.lease_ends_on > %(as_of)s + %(care.lease_days)s))
        OR (t.kind = 'relief' AND NOT EXISTS (SELECT 1 FROM marketing_relief d
            WHERE d.customer_id = t.customer_id AND d.state = 'found')))"""

# CARE-3: short of cash though nothing is past due. Runway as the ledger counts it (category 5):
# (cash + unused line) / fixed cost a month; an unknown line counts as none.
RUNWAY = f"""
    SELECT c.id AS customer_id, c.manager_id, x.worst AS five_class,
        round(((r.cash_on_hand + greatest(coalesce(p.limit_amount, 0)
            - coalesce(p.loan_balance, 0), 0)) / r.fixed_cost_month)::numeric, 2) AS months,
        round((r.cash_on_hand + greatest(coalesce(p.limit_amount, 0)
            - coalesce(p.loan_balance, 0), 0))::numeric, 2) AS cash,
        round(r.fixed_cost_month::numeric, 2) AS cost
    FROM customers_declaredrollup r
    JOIN customers_customer c ON c.id = r.customer_id
    JOIN customers_portrait p ON p.customer_id = c.id
    JOIN (SELECT customer_id, max(CASE five_class WHEN 'normal' THEN 0 WHEN 'special_mention' THEN 1
              ELSE 2 END) AS place,
              CASE max(CASE five_class WHEN 'normal' THEN 0 ELSE 1 END) WHEN 0 THEN 'normal'
              ELSE 'special_mention' END AS worst
          FROM customers_loan WHERE closed_on IS NULL AND balance_amount > 0
          GROUP BY customer_id) x ON x.customer_id = c.id AND x.place < 2
    WHERE {MANAGED} AND r.fixed_cost_month > 0 AND r.cash_on_hand IS NOT NULL
      AND (r.cash_on_hand + greatest(coalesce(p.limit_amount, 0) - coalesce(p.loan_balance, 0), 0))
          < %(care.relief.months)s * r.fixed_cost_month"""

RELIEF = f"""
    INSERT INTO marketing_relief (customer_id, found_on, runway_months, cash_amount, cost_amount,
        five_class, state, proposals, note, outcome, outcome_note, version)
    SELECT w.customer_id, %(as_of)s, w.months, w.cash, w.cost, w.five_class, 'found', '{{}}', '',
        '', '', 1
    FROM ({RUNWAY}) w
    WHERE NOT EXISTS (SELECT 1 FROM marketing_relief d WHERE d.customer_id = w.customer_id
        AND d.state = 'closed' AND d.outcome_on > %(as_of)s - %(care.relief.rest_days)s)
    ORDER BY w.customer_id
    ON CONFLICT (customer_id) WHERE state <> 'closed' DO UPDATE
        SET runway_months = excluded.runway_months, cash_amount = excluded.cash_amount,
            cost_amount = excluded.cost_amount, five_class = excluded.five_class
        WHERE marketing_relief.state = 'found'
          AND (marketing_relief.runway_months, marketing_relief.five_class)
            IS DISTINCT FROM (excluded.runway_months, excluded.five_class)
    RETURNING (xmax = 0) AS is_new"""

# Nobody proposed anything yet and the cash lasts again: the row goes, nothing was done.
RELIEVED = f"""
    DELETE FROM marketing_relief d WHERE d.state = 'found'
      AND NOT EXISTS (SELECT 1 FROM ({RUNWAY}) w WHERE w.customer_id = d.customer_id)"""

RELIEF_TASK = """
    SELECT d.customer_id, 'relief' AS kind, 'runway' AS code,
        jsonb_build_object('months', d.runway_months, 'cash', d.cash_amount, 'cost', d.cost_amount)
            AS inputs, %(care_due)s::date AS due_on
    FROM marketing_relief d JOIN customers_customer c ON c.id = d.customer_id
    WHERE d.state = 'found' AND c.manager_id IS NOT NULL"""
