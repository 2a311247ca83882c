"""The statements behind suggestions: chances come in, the best are chosen, what is open follows.

``{who}`` is the condition on a customer's id: a range (``%(low)s``, ``%(high)s``) or a list
(``%(ids)s``). Ranking: adjusted = chance x value of a year x factors, where a factor below one
stands for a missing fact or a recent contact, and one above for a suggestion that is open already.
"""

from __future__ import annotations

from products.selectors.expected_value import income_sql

RANGE = "BETWEEN %(low)s AND %(high)s"
CHOSEN = "= ANY(%(ids)s)"

# Whole ranges are joined by hashing: statistics of tables just filled mislead the planner.
SETTINGS = """
    SELECT set_config(name, value, true) FROM (VALUES ('work_mem', '128MB'), ('jit', 'off'),
        ('max_parallel_workers_per_gather', '0'),
        ('enable_nestloop', %(nestloop)s)) s(name, value)"""

CHANCE_TABLE = """
    DROP TABLE IF EXISTS suggest_chance;
    CREATE TEMP TABLE suggest_chance (customer_id bigint, family varchar(24),
        chance numeric(6, 4), why jsonb) ON COMMIT DROP"""

TERMS = """
    t AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%(terms)s::jsonb) AS r(
        version_id bigint, family varchar(24), basis varchar(16), is_credit boolean,
        amount_min numeric, amount_max numeric, share numeric, margin numeric, fee numeric,
        fee_share numeric, deposit numeric, loss numeric, serve numeric))"""

# The fitting version of each family: one that passes before one that lacks a fact, then by score.
FIT_TABLE = f"""
    DROP TABLE IF EXISTS suggest_fit;
    CREATE TEMP TABLE suggest_fit ON COMMIT DROP AS WITH {TERMS}
    SELECT DISTINCT ON (f.customer_id, t.family)
            f.customer_id AS who, f.kind, f.score, f.rule, t.family, t.version_id
        FROM products_offerfit f JOIN t ON t.version_id = f.version_id
        WHERE f.customer_id {{who}} AND f.kind IN ('y', 'u')
        ORDER BY f.customer_id, t.family, f.kind = 'u', f.score DESC, t.version_id"""

# A family that was taken up and not lost since, or one at rest after its answer or its loss.
RESTS = "(state = 'accepted' AND cool_until IS NULL OR cool_until > %(as_of)s)"

WORTH = """
    worth AS (SELECT f.who AS customer_id, t.family, t.version_id, f.kind, f.rule AS missing,
            f.score, t.basis AS basis_kind, t.is_credit, n.chance, n.why, x.basis, b.amount,
            i.spread, i.fees, i.deposit, i.loss, i.serve, c.manager_id, m.book_number,
            i.spread + i.fees + i.deposit - i.loss - i.serve AS total,
            CASE WHEN f.kind = 'u' THEN %(suggest.unknown_factor)s ELSE 1 END AS f_missing,
            CASE WHEN p.last_visit_on > %(as_of)s - %(suggest.contact_days)s
                   OR h.customer_id IS NOT NULL
                 THEN %(suggest.contact_factor)s ELSE 1 END AS f_contact,
            CASE WHEN o.id IS NULL THEN 1 ELSE %(suggest.keep_factor)s END AS f_open
        FROM suggest_fit f
        JOIN t ON t.version_id = f.version_id
        JOIN suggest_chance n ON n.customer_id = f.who AND n.family = t.family
        JOIN customers_customer c ON c.id = f.who
        JOIN customers_portrait p ON p.customer_id = f.who
        JOIN products_customermatch m ON m.customer_id = f.who
        LEFT JOIN products_suggestion o ON o.customer_id = f.who AND o.family = t.family
            AND o.customer_id {who} AND o.state IN ('new', 'seen')
        LEFT JOIN (SELECT DISTINCT customer_id FROM customers_touch WHERE customer_id {who}
            AND at >= %(contacted_from)s AND at < %(contacted_to)s) h ON h.customer_id = f.who
        LEFT JOIN (SELECT DISTINCT customer_id, family FROM products_suggestion
            WHERE customer_id {who} AND {rests}) d
            ON d.customer_id = f.who AND d.family = t.family
        {income}
        WHERE n.chance >= %(suggest.min_chance)s
          AND NOT c.is_do_not_contact
          AND c.registry_status NOT IN ('revoked', 'cancelled')
          AND NOT (t.is_credit AND coalesce(p.is_credit_suppressed, false))
          AND NOT coalesce(t.family = ANY(p.families), false)
          AND d.customer_id IS NULL
          AND c.id {who} AND p.customer_id {who} AND m.customer_id {who})"""

RANKED = """
    ranked AS (SELECT w.*, round(w.chance * w.total, 2) AS expected,
            w.chance * w.total * w.f_missing * w.f_contact AS adjusted,
            row_number() OVER (PARTITION BY w.customer_id ORDER BY
                w.chance * w.total * w.f_missing * w.f_contact * w.f_open DESC, w.family) AS place
        FROM worth w WHERE round(w.chance * w.total, 2) >= %(suggest.min_amount)s)"""

# What is open has an advantage when the best are chosen, none when they are put in order.
CHOSEN_TABLE = f"""
    DROP TABLE IF EXISTS suggest_chosen;
    CREATE TEMP TABLE suggest_chosen ON COMMIT DROP AS
    WITH {TERMS}, {WORTH.replace("{income}", income_sql()).replace("{rests}", RESTS)}, {RANKED}
    SELECT r.*, row_number() OVER (PARTITION BY r.customer_id ORDER BY r.adjusted DESC, r.family)
        AS rank
    FROM ranked r WHERE r.place <= %(suggest.per_customer)s"""

# Timing facts a manager can speak of. The forecast adds them up to its chance (spec b.6); a model
# has learned them already, so that they add no points to it.
PUSHES = ",".join(
    f"""
    (3, CASE WHEN {"r.is_credit AND " if is_credit else ""}'{code}' = ANY(p.demand_reasons)
        THEN jsonb_build_object('code', 'push_{code}', 'inputs', jsonb_build_object({inputs}),
            'weight', CASE WHEN %(model)s IS NULL THEN %(demand.add.{code})s ELSE 0 END) END)"""
    for code, is_credit, inputs in (
        ("matures_90", True, "'on', least(p.loan_matures_next_on, p.competitor_matures_on)"),
        ("season_60", True, ""),
        ("tight_line", True, "'line_utilisation_6m', p.line_utilisation_6m"),
        ("inflow_up", False, "'inflow_trend', p.inflow_trend"),
        ("asked_60", True, "'wanted_amount', p.wanted_amount"),
        ("price_cut", True, "'competitor_rate', p.competitor_rate"),
    )
)

# What the volume is measured by, then what is in the way or speaks for the version itself.
FACTS = """
    (1, CASE WHEN r.basis > 0 AND r.basis_kind <> 'none' THEN jsonb_build_object(
        'code', 'basis_' || r.basis_kind, 'weight', 0, 'inputs', jsonb_build_object(
        'basis', r.basis, 'employees', p.employees)) END),
    (0, CASE WHEN r.kind = 'y' THEN jsonb_build_object('code', 'fits', 'weight', 0, 'inputs',
        jsonb_build_object('score', round(r.score::numeric, 1))) END),
    (-1, CASE WHEN r.kind = 'u' THEN jsonb_build_object('code', 'missing', 'weight', 0,
        'inputs', jsonb_build_object('feature', r.missing)) END),
    (-2, CASE WHEN r.f_contact < 1 THEN jsonb_build_object('code', 'contacted', 'weight', 0,
        'inputs', jsonb_build_object('last_visit_on', p.last_visit_on)) END)"""

READY_TABLE = f"""
    DROP TABLE IF EXISTS suggest_ready;
    CREATE TEMP TABLE suggest_ready ON COMMIT DROP AS
    SELECT r.customer_id, r.family, r.version_id, r.rank::smallint AS rank,
        r.chance::float8 AS chance, round(r.score::numeric, 2)::float8 AS match_score,
        r.expected AS expected_amount, r.manager_id AS owner_id, y.reasons,
        least(%(as_of)s::date + %(suggest.valid_days)s::int,
            CASE WHEN r.is_credit AND p.need_on IS NOT NULL
            THEN greatest(p.need_on, %(as_of)s::date + %(suggest.least_days)s::int) END
        ) AS expires_on,
        jsonb_build_object(
            'as_of', %(as_of)s::date, 'model', %(model)s::int, 'chance_from', %(chance_from)s::text,
            'book', r.book_number, 'parameters', %(parameters)s::text, 'portrait', p.version_no,
            'inputs', jsonb_build_object('chance', r.chance, 'score', r.score, 'fit', r.kind,
                'missing', r.missing, 'basis_kind', r.basis_kind, 'basis', r.basis,
                'stage', p.stage, 'credit_grade', p.credit_grade, 'last_visit_on', p.last_visit_on),
            'income', jsonb_build_object('amount', r.amount, 'spread', r.spread, 'fees', r.fees,
                'deposit', r.deposit, 'loss', r.loss, 'serve', r.serve, 'total', r.total),
            'factors', jsonb_build_object('missing', r.f_missing, 'contact', r.f_contact,
                'open', r.f_open)) AS receipt
    FROM suggest_chosen r
    JOIN customers_portrait p ON p.customer_id = r.customer_id
    CROSS JOIN LATERAL (SELECT jsonb_agg(e.one ORDER BY e.place DESC,
            (e.one->>'weight')::numeric DESC, e.one->>'code') AS reasons
        FROM (SELECT CASE WHEN %(model)s IS NULL THEN 4 ELSE 2 END AS place,
                     jsonb_array_elements(r.why) AS one
              UNION ALL SELECT v.place, v.one FROM (VALUES {PUSHES}, {FACTS}) v(place, one)
              WHERE v.one IS NOT NULL) e) y"""

# Nobody answered in time: expired, and the family rests for a while.
OVERDUE = """
    UPDATE products_suggestion s SET state = 'expired', refreshed_at = %(now)s,
        cool_until = %(as_of)s::date + %(suggest.ignored_days)s::int,
        receipt = s.receipt || jsonb_build_object('ended', jsonb_build_object(
            'on', %(as_of)s::date, 'why', 'overdue'))
    WHERE s.customer_id {who} AND s.state IN ('new', 'seen') AND s.expires_on < %(as_of)s"""

# An open one that still holds stays the same row; its figures move only when they differ.
UPDATE = """
    UPDATE products_suggestion s SET version_id = r.version_id, rank = r.rank, chance = r.chance,
        match_score = r.match_score, expected_amount = r.expected_amount, reasons = r.reasons,
        owner_id = r.owner_id, as_of = %(as_of)s, refreshed_at = %(now)s,
        receipt = r.receipt || jsonb_build_object('made', s.receipt->'made'),
        state = CASE WHEN s.version_id = r.version_id THEN s.state ELSE 'new' END,
        seen_at = CASE WHEN s.version_id = r.version_id THEN s.seen_at END,
        expires_on = CASE WHEN s.version_id = r.version_id THEN s.expires_on ELSE r.expires_on END
    FROM suggest_ready r
    WHERE s.customer_id = r.customer_id AND s.family = r.family AND s.state IN ('new', 'seen')
      AND s.customer_id {who}
      AND (s.version_id, s.rank, s.chance, s.match_score, s.expected_amount, s.owner_id, s.reasons)
        IS DISTINCT FROM (r.version_id, r.rank, r.chance, r.match_score, r.expected_amount,
                          r.owner_id, r.reasons)"""

# It holds no longer: expired now, free to come back.
ENDED = """
    UPDATE products_suggestion s SET state = 'expired', refreshed_at = %(now)s,
        receipt = s.receipt || jsonb_build_object('ended', jsonb_build_object(
            'on', %(as_of)s::date, 'why', 'no_longer'))
    WHERE s.customer_id {who} AND s.state IN ('new', 'seen') AND NOT EXISTS (
        SELECT FROM suggest_ready r WHERE r.customer_id = s.customer_id AND r.family = s.family)"""

# What was answered while this run computed is left alone, as it would be by the next run.
INSERT = """
    INSERT INTO products_suggestion (customer_id, family, version_id, rank, chance, match_score,
        expected_amount, reasons, receipt, state, owner_id, as_of, made_at, refreshed_at,
        expires_on, decline_reason, note)
    SELECT r.customer_id, r.family, r.version_id, r.rank, r.chance, r.match_score,
        r.expected_amount, r.reasons, r.receipt || jsonb_build_object('made', jsonb_build_object(
            'as_of', %(as_of)s::date, 'chance', r.chance, 'model', %(model)s::int,
            'reason', r.reasons->0->>'code')),
        'new', r.owner_id, %(as_of)s, %(now)s, %(now)s, r.expires_on, '', ''
    FROM suggest_ready r
    WHERE NOT EXISTS (SELECT FROM products_suggestion s WHERE s.customer_id = r.customer_id
        AND s.family = r.family AND s.customer_id {who}
        AND (s.state IN ('new', 'seen') OR {rests}))
    ORDER BY r.customer_id, r.rank
    ON CONFLICT DO NOTHING""".replace("{rests}", RESTS)

# The outcome: the first opening of the family within so many days of the day it was made.
_OPENED = """
    FROM products_suggestion q JOIN customers_holding o
        ON o.customer_id = q.customer_id AND o.family = q.family AND o.opened_on <= %(as_of)s
    WHERE q.customer_id {who} AND o.customer_id {who}
      AND o.opened_on > (q.receipt->'made'->>'as_of')::date
      AND o.opened_on <= (q.receipt->'made'->>'as_of')::date + %(outcome_days)s::int"""
OUTCOMES = f"""
    UPDATE products_suggestion s SET opened_on = h.opened_on FROM (
        SELECT q.id, min(o.opened_on) AS opened_on {_OPENED} GROUP BY q.id) h
    WHERE h.id = s.id AND s.opened_on IS DISTINCT FROM h.opened_on"""
OUTCOMES_GONE = f"""
    UPDATE products_suggestion s SET opened_on = NULL
    WHERE s.customer_id {{who}} AND s.opened_on IS NOT NULL
      AND NOT EXISTS (SELECT {_OPENED} AND q.id = s.id)"""

LOCKS = """
    SELECT pg_advisory_xact_lock{shared}(%(space)s, b.bucket::int) FROM (
        SELECT DISTINCT c.id / 10000 AS bucket FROM customers_customer c WHERE c.id {who}
        ORDER BY 1) b"""
