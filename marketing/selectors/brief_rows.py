"""Wide rows read as they are: the portrait, the version before it, and what was told.

The ORM lays out two hundred columns for each of these queries, which costs more than all the rest
of the page.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db import connection

DECLARED = "SELECT * FROM customers_declaredrollup WHERE customer_id = %(customer)s"
PORTRAIT = "SELECT * FROM customers_portrait WHERE customer_id = %(customer)s"
# As customers.selectors.portrait_page.earlier_version: known at the last visit, else the last one.
EARLIER = """
SELECT v.*, v.as_of <= %(visited)s AS since_visit FROM customers_portraitversion v
WHERE v.customer_id = %(customer)s AND v.version_no < %(version)s
ORDER BY coalesce(v.as_of <= %(visited)s, false) DESC, v.version_no DESC LIMIT 1
"""


def portrait_row(customer_id: int) -> Any | None:
    """The stored portrait of a customer found within the reach; None before the first one."""
    return _row(PORTRAIT, {"customer": customer_id})


def declared_row(customer_id: int) -> Any | None:
    """What was told of the customer, one wide row; None when nothing was."""
    return _row(DECLARED, {"customer": customer_id})


def earlier_row(portrait: Any) -> tuple[Any | None, bool]:
    """The version known at the last visit (True), else the one before the present (False)."""
    named = {
        "customer": portrait.customer_id,
        "version": portrait.version_no,
        "visited": portrait.last_visit_on,
    }
    found = _row(EARLIER, named)
    return found, bool(found and found.since_visit)


def _row(sql: str, named: dict[str, Any]) -> Any | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        row = cursor.fetchone()
        if row is None:
            return None
        names = [column.name for column in cursor.description]
    return SimpleNamespace(**dict(zip(names, row, strict=True)))
