"""What follows the visits, told in SQL: facts, reviews, care, complaints, marks, coordination.

``luck(seed, id, salt)`` is a draw from 0 to 1 that the same row always gets.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.urls import reverse

from crm.core.parameters import parameters
from marketing.demo.frame import Work
from marketing.demo.words import REVIEW_NOTES
from marketing.market.clock import Limits
from marketing.queue.sources import PROMISED
from marketing.selectors.visits_facts import CATEGORY_OF

_LUCK = """
    CREATE OR REPLACE FUNCTION pg_temp.luck(seed bigint, id bigint, salt text)
    RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT (hashtextextended(salt || id::text, seed) & 1073741823) / 1073741824.0 $$
"""
FACTS_A_VISIT = 7

_FACTS = """
    INSERT INTO marketing_visitfact (customer_id, visit_id, key, category, value, said_by, proof)
    SELECT customer_id, visit_id, key, category, left(value, 200), said_by, proof FROM (
        SELECT d.customer_id, v.id AS visit_id, d.key,
            coalesce((%(categories)s::jsonb ->> d.key)::int, 0) AS category,
            coalesce(trim_scale(d.number)::text, d.day::text, d.text) AS value,
            (ARRAY['老板', '老板', '财务', '老板娘', '店长'])[1 + (luck * 5)::int %% 5] AS said_by,
            CASE WHEN luck < 0.35 THEN (ARRAY['看了流水', '看了账本', '核对合同', '现场清点'])
                [1 + (luck * 100)::int %% 4] ELSE '' END AS proof,
            row_number() OVER (PARTITION BY v.id ORDER BY luck) AS place
        FROM marketing_visit v
        JOIN customers_declaredfact d ON d.customer_id = v.customer_id
            AND d.source IN ('visit', 'statement') AND NOT d.is_withdrawn
        CROSS JOIN LATERAL (SELECT pg_temp.luck(%(seed)s, v.id * 131 + d.id, 'fact')) x (luck)
        WHERE d.as_of = (v.started_at AT TIME ZONE 'Asia/Shanghai')::date
            OR (v.started_at > d.as_of AND x.luck < 0.04)
            OR (v.started_at < d.as_of AND x.luck < 0.015)
    ) f WHERE place <= %(most)s
"""
_FACT_COUNTS = """
    UPDATE marketing_visit v SET facts_said = f.n
    FROM (SELECT visit_id, count(*) AS n FROM marketing_visitfact GROUP BY 1) f
    WHERE f.visit_id = v.id
"""
_REVIEWS = """
    INSERT INTO marketing_visitreview (visit_id, by_id, score, note, at)
    SELECT v.id, l.id,
        CASE WHEN v.flags <> '{}' THEN (luck * 100)::int %% 3
             ELSE least(5, 2 + (luck * 97)::int %% 4) END,
        (%(notes)s::text[])[1 + (luck * 1000)::int %% array_length(%(notes)s::text[], 1)],
        least(v.started_at + interval '2 days' + luck * interval '3 days',
              %(today)s::timestamp AT TIME ZONE 'Asia/Shanghai')
    FROM marketing_visit v
    CROSS JOIN LATERAL (SELECT pg_temp.luck(%(seed)s, v.id, 'review')) x (luck)
    JOIN core_user u ON u.id = v.manager_id
    JOIN LATERAL (SELECT id FROM core_user l WHERE l.branch_id = u.branch_id
        AND l.role = 'team_lead' AND l.is_active ORDER BY id LIMIT 1) l ON true
    WHERE v.started_at < %(today)s::date - 3
        AND (pg_temp.luck(%(seed)s, v.id, 'sample') < 0.05
             OR (v.flags <> '{}' AND v.started_at < %(today)s::date - 20))
"""
_QUALITY = """
    UPDATE marketing_visit v SET quality = r.score
    FROM marketing_visitreview r WHERE r.visit_id = v.id
"""
# What was due in the past and closed; what is due now, the nightly rules say (run_care).
_CARE = """
    INSERT INTO marketing_caretask
        (customer_id, kind, reasons, due_on, owner_id, state, outcome, made_on, closed_at)
    SELECT c.id, 'cycle', jsonb_build_array(jsonb_build_object('code', 'cycle', 'inputs',
            jsonb_build_object('tier', p.tier, 'every', 60, 'last', d.due_on - 60))),
        d.due_on, c.manager_id, CASE WHEN luck < 0.03 THEN 'dropped' ELSE 'done' END,
        CASE WHEN luck < 0.03 THEN '客户婉拒'
             WHEN luck < 0.14 THEN '已电话回访，客户满意' ELSE '已上门，约定下次走访' END,
        d.due_on - 7, (d.due_on + (luck * 48)::int - 6)::timestamp AT TIME ZONE 'Asia/Shanghai'
            + interval '10 hours'
    FROM customers_customer c JOIN customers_portrait p ON p.customer_id = c.id
    CROSS JOIN generate_series(0, 5) n
    CROSS JOIN LATERAL (SELECT pg_temp.luck(%(seed)s, c.id * 7 + n, 'past')) x (luck)
    CROSS JOIN LATERAL (SELECT %(today)s::date - 63 - n * 60 - (luck * 80)::int) d (due_on)
    WHERE c.manager_id IS NOT NULL AND c.relation_state = 'existing' AND luck < 0.25
"""
_COMPLAINTS = """
    INSERT INTO marketing_complaint (customer_id, kind, text, received_on, due_on, owner_id, state,
        cause, fix, closed_at)
    SELECT c.id,
        (ARRAY['service', 'price', 'speed', 'channel', 'other'])[1 + (kind * 50)::int %% 5],
        (ARRAY['放款时间比承诺晚了几天', '柜面排队太久', '手机银行转账失败未及时答复',
               '收款码到账延迟', '利率与宣传不一致', '客户经理更换后无人对接'])
            [1 + (kind * 600)::int %% 6],
        on_day, on_day + 15, c.manager_id,
        CASE WHEN on_day > %(today)s::date - 14 THEN 'open' ELSE 'closed' END,
        CASE WHEN on_day > %(today)s::date - 14 THEN '' ELSE '交接或沟通不到位' END,
        CASE WHEN on_day > %(today)s::date - 14 THEN '' ELSE '已向客户解释并补办，客户认可' END,
        CASE WHEN on_day > %(today)s::date - 14 THEN NULL ELSE
            (on_day + 3 + (kind * 10)::int)::timestamp AT TIME ZONE 'Asia/Shanghai' END
    FROM customers_customer c
    CROSS JOIN LATERAL (SELECT pg_temp.luck(%(seed)s, c.id, 'complaint'),
        pg_temp.luck(%(seed)s, c.id, 'kind')) x (luck, kind)
    CROSS JOIN LATERAL (SELECT %(today)s::date - 1
        - (pg_temp.luck(%(seed)s, c.id, 'when') * 360)::int) w (on_day)
    WHERE c.manager_id IS NOT NULL AND c.relation_state = 'existing' AND luck < 0.035
"""
_MARKS = """
    INSERT INTO marketing_satisfaction (customer_id, after, mark, "on", note)
    SELECT v.customer_id, 'visit',
        CASE WHEN luck < 0.03 THEN 1 WHEN luck < 0.08 THEN 2 WHEN luck < 0.25 THEN 3
             WHEN luck < 0.6 THEN 4 ELSE 5 END,
        least((v.started_at AT TIME ZONE 'Asia/Shanghai')::date + 1, %(today)s), ''
    FROM marketing_visit v
    CROSS JOIN LATERAL (SELECT pg_temp.luck(%(seed)s, v.id, 'mark')) x (luck)
    WHERE v.started_at > %(today)s::date - 400 AND pg_temp.luck(%(seed)s, v.id, 'asked') < 0.12
    UNION ALL
    SELECT o.customer_id, 'decision',
        CASE WHEN o.state = 'won' THEN least(5, 3 + (luck * 30)::int %% 3)
             ELSE 1 + (luck * 30)::int %% 4 END,
        least((o.closed_at AT TIME ZONE 'Asia/Shanghai')::date + 1, %(today)s), ''
    FROM marketing_opportunity o
    CROSS JOIN LATERAL (SELECT pg_temp.luck(%(seed)s, o.id, 'decided')) x (luck)
    WHERE o.pipeline = 'credit' AND o.closed_at > %(today)s::date - 400 AND luck < 0.3
    UNION ALL
    SELECT c.customer_id, 'complaint', 2 + (pg_temp.luck(%(seed)s, c.id, 'm') * 30)::int %% 4,
        least((c.closed_at AT TIME ZONE 'Asia/Shanghai')::date + 1, %(today)s), ''
    FROM marketing_complaint c WHERE c.state = 'closed'
"""
_COORDINATION = """
    INSERT INTO marketing_coordinationitem (customer_id, list_no, kind, source_team, town,
        received_on, contact_due_on, contacted_on, due_on, wanted_amount, state, checks, owner_id,
        refusal, help_steps, retry_on, is_repairable, approved_amount, decision_note,
        decided_by_id, decided_at)
    SELECT customer_id, list_no, kind, team, town, received_on, contact_due_on,
        CASE WHEN state <> 'open' THEN least(received_on + 1 + (luck * 5)::int, %(today)s) END,
        received_on + 30, wanted, state,
        CASE WHEN state = 'open' THEN '{}'::jsonb ELSE jsonb_build_object(
            'lawful_operation', CASE WHEN refusal = 'stopped' THEN 'no' ELSE 'yes' END,
            'fixed_place', CASE WHEN luck < 0.95 THEN 'yes' ELSE 'unknown' END,
            'real_need', CASE WHEN refusal = 'no_need' THEN 'no' ELSE 'yes' END,
            'good_credit', CASE WHEN refusal = 'credit_record' THEN 'no'
                WHEN state = 'visited' THEN 'unknown' ELSE 'yes' END,
            'lawful_use', CASE WHEN refusal = 'use_unclear' THEN 'no' ELSE 'yes' END) END,
        manager_id, refusal,
        CASE WHEN state = 'helped' THEN '补开近半年流水；办理担保公司增信；30 天后复核' ELSE '' END,
        CASE WHEN state = 'helped' THEN received_on + 60 END,
        CASE WHEN state = 'refused' THEN refusal IN ('papers', 'use_unclear', 'no_cash')
             WHEN state = 'helped' THEN true END,
        CASE WHEN state = 'approved' THEN round(wanted * (0.6 + luck * 0.4)::numeric, -4) END,
        CASE WHEN state = 'approved' THEN '符合条件，同意授信'
             WHEN state = 'refused' THEN '现场核实后不符合准入' ELSE '' END,
        CASE WHEN is_decided THEN manager_id END,
        CASE WHEN is_decided THEN
            (received_on + 6 + (luck * 22)::int)::timestamp AT TIME ZONE 'Asia/Shanghai'
            + interval '15 hours' END
    FROM (
        SELECT s.*, state IN ('approved', 'refused', 'helped') AS is_decided,
            CASE WHEN state = 'refused' THEN (ARRAY['no_need', 'credit_record', 'debts',
                'no_cash', 'use_unclear', 'papers', 'industry', 'stopped'])
                [1 + (luck * 800)::int %% 8] ELSE '' END AS refusal
        FROM (
            SELECT c.id AS customer_id, c.manager_id, luck, r.received_on, r.contact_due_on,
                to_char(r.received_on, 'YYYY"年"MM"月"') || '推荐清单' AS list_no,
                CASE WHEN luck0 < 0.3 THEN 'declared' ELSE 'recommended' END AS kind,
                (ARRAY['区融资协调专班', '开发区工作组', '市场监管所', '街道企服专员'])
                    [1 + (luck0 * 40)::int %% 4] AS team,
                coalesce(substring(c.address FROM '[^省市区县]+(?:街道|镇|乡)'), '') AS town,
                (round((20 + luck0 * 380)) * 10000)::numeric AS wanted,
                CASE WHEN r.received_on > %(today)s::date - 32 THEN
                        CASE WHEN luck < 0.4 AND r.received_on > %(today)s::date - 28 THEN 'open'
                             WHEN luck < 0.68 THEN 'visited'
                             WHEN luck < 0.9 THEN 'approved' ELSE 'refused' END
                     ELSE CASE WHEN luck < 0.02 THEN 'visited' WHEN luck < 0.72 THEN 'approved'
                             WHEN luck < 0.9 THEN 'refused' ELSE 'helped' END END AS state
            FROM customers_customer c
            CROSS JOIN LATERAL (SELECT pg_temp.luck(%(seed)s, c.id, 'coordination'),
                pg_temp.luck(%(seed)s, c.id, 'list'), pg_temp.luck(%(seed)s, c.id, 'state'))
                x (chosen, luck0, luck)
            CROSS JOIN LATERAL (SELECT
                (%(received)s::date[])[1 + (luck0 * 1200)::int %% array_length(%(received)s, 1)],
                (%(contact)s::date[])[1 + (luck0 * 1200)::int %% array_length(%(received)s, 1)])
                r (received_on, contact_due_on)
            WHERE c.manager_id IS NOT NULL AND c.registry_status = 'active'
                AND c.party_type IN ('company', 'partnership_sole_prop', 'sole_trader', 'coop')
                AND chosen < 0.09
        ) s
    ) t
"""
_PROMISES = """
    INSERT INTO core_task (kind, params, owner_id, scope_no, due_on, link, unique_key, state,
        created_at)
    SELECT %(promise)s, jsonb_build_object('name', c.name, 'promise', v.promise), v.manager_id,
        u.scope_no, v.promise_on, replace(%(link)s, '0', v.id::text), v.id::text, 'open',
        v.received_at
    FROM marketing_visit v JOIN customers_customer c ON c.id = v.customer_id
    JOIN core_user u ON u.id = v.manager_id
    WHERE v.promise <> '' AND v.promise_on BETWEEN %(today)s::date - 3 AND %(today)s::date + 14
        AND (v.promise_on >= %(today)s OR pg_temp.luck(%(seed)s, v.id, 'kept') < 0.3)
"""
RECEIVED_AGO = (3, 8, 14, 21, 26, 29, 55, 85, 120, 180, 240, 300)
_STATEMENTS = {
    "marketing_visitfact": _FACTS,
    "": _FACT_COUNTS,
    "marketing_visitreview": _REVIEWS,
    " ": _QUALITY,
    "marketing_caretask": _CARE,
    "marketing_complaint": _COMPLAINTS,
    "marketing_satisfaction": _MARKS,
    "marketing_coordinationitem": _COORDINATION,
    "core_task": _PROMISES,
}


def add_what_follows(work: Work, tables: Iterable[type[models.Model]]) -> Counter[str]:
    """Everything that is drawn from rows that exist by now; rows by table."""
    limits = Limits.of(parameters(work.as_of))
    received = [work.as_of - timedelta(days=days) for days in RECEIVED_AGO]
    told: dict[str, Any] = {
        "today": work.as_of,
        "seed": work.seed,
        "categories": json.dumps(dict(CATEGORY_OF)),
        "most": FACTS_A_VISIT,
        "notes": list(REVIEW_NOTES),
        "received": received,
        "contact": [limits.contact_due(day) for day in received],
        "promise": PROMISED,
        "link": reverse("marketing:visit", args=[0]),
    }
    rows: Counter[str] = Counter()
    with connection.cursor() as cursor, _field_defaults(tables):
        cursor.execute(_LUCK)
        cursor.execute("ANALYZE marketing_visit, marketing_opportunity")
        for name, sql in _STATEMENTS.items():
            cursor.execute(sql, told)
            if name.strip():
                rows[name] += cursor.rowcount
    return rows


@contextmanager
def _field_defaults(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """Inside, a column that a statement leaves out has the default of its field."""
    wanted = [
        (
            f'"{model._meta.db_table}"',
            f'"{field.column}"',
            field.get_db_prep_save(default, connection),
        )
        for model in tables
        for field in model._meta.local_concrete_fields
        if not (field.null or field.primary_key or field.generated or field.has_db_default())
        if (default := field.get_default()) is not None
    ]
    with connection.cursor() as cursor:
        for table, column, default in wanted:
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT %s", [default])
        yield
        for table, column, _default in wanted:
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")
