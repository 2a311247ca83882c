"""How full the ledger of customers is, as one SQL statement made from the catalogue.

One row a customer: ``share_1`` … ``share_7`` in percent (NULL: not asked) and ``on_1`` … ``on_7``.
``[[x]]`` stands for the condition that ``x`` is one of the customers meant.
"""

from __future__ import annotations

import re

from customers.ledger.categories import CATEGORIES
from customers.ledger.spec import Ask, Category

COLUMNS = tuple(f"{name}_{no}" for name in ("share", "on") for no in range(1, 8))
KNOWN_UNTIL = "AND d.as_of <= %(as_of)s"
PORTRAIT_NOW = "LEFT JOIN customers_portrait p ON p.customer_id = c.id"
# As it was kept on or before the day, for many customers at once.
PORTRAIT_KEPT = """LEFT JOIN LATERAL (SELECT * FROM customers_portraitversion v
    WHERE v.customer_id = c.id AND v.as_of <= %(as_of)s ORDER BY v.version_no DESC LIMIT 1
) p ON true"""
# As the caller has it, for one customer: the row of the day, or nothing.
PORTRAIT_GIVEN = "LEFT JOIN jsonb_populate_record(NULL::customers_portrait, %(portrait)s) p ON true"
# What the customer itself was on the day: one that came later was a prospect; its trade is the one
# that was kept then.
CUSTOMER_THEN = """(SELECT c.id, (SELECT v.industry_code FROM customers_portraitversion v
    WHERE v.customer_id = c.id AND v.as_of <= %(as_of)s ORDER BY v.version_no DESC LIMIT 1)
        AS industry_id,
    CASE WHEN c.customer_since > %(as_of)s THEN 'prospect' ELSE c.relation_state END
        AS relation_state
    FROM customers_customer c)"""
# A fact withdrawn since: it stood on the day.
STOOD_THEN = """EXISTS (SELECT 1 FROM customers_ledgerpast h WHERE h.customer_id = d.customer_id
    AND h."table" = 'customers_declaredfact' AND h.row_id = d.id AND h.until > %(as_of)s)"""
_ENTITY_DATES = {"links": "l.newest", "procure": "b.newest", "settle": "s.newest"}
_MINE = re.compile(r"\[\[(.+?)\]\]")


def _quoted(keys: tuple[str, ...]) -> str:
    return "ARRAY[" + ", ".join(f"'{key}'" for key in keys) + "]::varchar[]"


def known_sql(ask: Ask) -> str:
    """SQL: whether the thing is known; never NULL."""
    ways = [f"p.{column} IS NOT NULL" for column in ask.columns]
    if ask.facts:
        operator = "@>" if ask.all_facts else "&&"
        ways.append(f"f.keys {operator} {_quoted(ask.facts)}")
    if ask.sql:
        ways.append(f"({ask.sql})")
    return f"coalesce({' OR '.join(ways)}, false)"


def _weight(ask: Ask) -> str:
    if not ask.applies:
        return str(ask.weight)
    return f"CASE WHEN {ask.applies} THEN {ask.weight} ELSE 0 END"


def _share(category: Category) -> str:
    """SQL of the percent of the weight asked that is known, rounded down; NULL: not asked."""
    known = " + ".join(
        f"CASE WHEN {known_sql(ask)} THEN {_weight(ask)} ELSE 0 END" for ask in category.asks
    )
    asked = " + ".join(_weight(ask) for ask in category.asks)
    share = f"(100 * ({known}) / nullif({asked}, 0))::smallint"
    return f"CASE WHEN {category.applies} THEN {share} END" if category.applies else share


def _newest(category: Category) -> str:
    """SQL of the newest day of anything in the category."""
    days = [f"f.on_{category.no}"] if category.fact_keys else []
    days += [_ENTITY_DATES[entity] for entity in category.entities]
    days += [f"({category.dated})"] if category.dated else []
    return f"greatest({', '.join(days)})"


def _open(category: Category) -> str:
    """SQL of the keys of what is asked and not known."""
    keys = ", ".join(
        f"CASE WHEN {_weight(ask)} > 0 AND NOT {known_sql(ask)} THEN '{ask.key}' END"
        for ask in category.asks
    )
    return f"array_remove(ARRAY[{keys}]::varchar[], NULL)"


def rows_then_sql(table: str) -> str:
    """Rows of one table as they stood on the day ``as_of``, also those changed or gone since."""
    return (
        f"(SELECT * FROM {table} t WHERE [[t.customer_id]] AND t.as_of <= %(as_of)s UNION ALL "
        f"SELECT (jsonb_populate_record(NULL::{table}, h.before)).* FROM ("
        "SELECT DISTINCT ON (h.row_id) h.before FROM customers_ledgerpast h "
        f"WHERE [[h.customer_id]] AND h.\"table\" = '{table}' "
        "AND h.as_of <= %(as_of)s AND h.until > %(as_of)s "
        f"AND NOT EXISTS (SELECT 1 FROM {table} n WHERE n.id = h.row_id AND n.as_of <= %(as_of)s) "
        "ORDER BY h.row_id, h.as_of DESC, h.id DESC) h)"
    )


def marked(sql: str, condition: str) -> str:
    """The statement for the customers that ``condition`` names."""
    return _MINE.sub(lambda found: f"{found.group(1)} {condition}", sql)


def cover_sql(
    condition: str, *, until: str = "", with_open: bool = False, portrait: str = PORTRAIT_NOW
) -> str:
    """The statement for the customers that ``condition`` names (``= ANY(%(ids)s)``).

    ``until`` (``KNOWN_UNTIL``) leaves out facts and entities newer than a day; ``with_open`` adds
    ``open_1`` … ``open_7``: the keys of the asks still open. With ``portrait`` another than that
    of now, everything is read as it was known on the day.
    """
    is_past = portrait != PORTRAIT_NOW
    customer = CUSTOMER_THEN if is_past else "customers_customer"
    shares = ", ".join(f"{_share(one)} AS share_{one.no}" for one in CATEGORIES)
    newest = ", ".join(f"{_newest(one)} AS on_{one.no}" for one in CATEGORIES)
    if with_open:
        newest += "".join(f", {_open(one)} AS open_{one.no}" for one in CATEGORIES)
    return marked(
        f"SELECT c.id AS customer_id, {shares}, {newest} FROM {customer} c {portrait} "
        f"{_facts_sql(until, is_past=is_past)} {_rows_sql(until, is_past=is_past)} WHERE [[c.id]]",
        condition,
    )


def _facts_sql(until: str, *, is_past: bool) -> str:
    """The join ``f``: the keys of the facts told, and the newest day of each category."""
    stood = f"(NOT d.is_withdrawn OR {STOOD_THEN})" if is_past else "NOT d.is_withdrawn"
    dates = ", ".join(
        f"max(d.as_of) FILTER (WHERE d.key = ANY({_quoted(one.fact_keys)})) AS on_{one.no}"
        for one in CATEGORIES
    )
    asked = _quoted(tuple(dict.fromkeys(key for one in CATEGORIES for key in one.fact_keys)))
    return (
        f"LEFT JOIN (SELECT d.customer_id, array_agg(DISTINCT d.key) AS keys, {dates} "
        f"FROM customers_declaredfact d WHERE [[d.customer_id]] AND {stood} "
        f"AND d.key = ANY({asked}) {until} GROUP BY d.customer_id) f ON f.customer_id = c.id"
    )


def _rows_sql(until: str, *, is_past: bool) -> str:
    """The joins ``l`` (suppliers and buyers), ``b`` (purchases) and ``s`` (settlements)."""
    links, procure, settle = (
        rows_then_sql(f"customers_{name}") if is_past else f"customers_{name}"
        for name in ("chainlink", "procuremode", "settlemode")
    )
    standing = "AND d.ended_on IS NULL"
    if until:
        standing = "AND (d.ended_on IS NULL OR d.ended_on > %(as_of)s)"
    return (
        "LEFT JOIN (SELECT d.customer_id, count(*) FILTER (WHERE d.side = 'supplier') AS suppliers,"
        " count(*) FILTER (WHERE d.side = 'buyer') AS buyers, "
        "bool_or(d.term_days IS NOT NULL) AS has_terms, "
        "bool_or(d.has_contract IS NOT NULL) AS has_contracts, "
        "bool_or(d.replaceable IS NOT NULL) AS has_replaceable, max(d.as_of) AS newest "
        f"FROM {links} d WHERE [[d.customer_id]] {until} GROUP BY d.customer_id) l "
        "ON l.customer_id = c.id "
        "LEFT JOIN (SELECT d.customer_id, count(*) AS modes, max(d.as_of) AS newest "
        f"FROM {procure} d WHERE [[d.customer_id]] {standing} {until} "
        "GROUP BY d.customer_id) b ON b.customer_id = c.id "
        "LEFT JOIN (SELECT d.customer_id, count(*) FILTER (WHERE d.direction = 'in') AS ways_in, "
        "count(*) FILTER (WHERE d.direction = 'out') AS ways_out, max(d.as_of) AS newest "
        f"FROM {settle} d WHERE [[d.customer_id]] {standing} {until} "
        "GROUP BY d.customer_id) s ON s.customer_id = c.id"
    )
