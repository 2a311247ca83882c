"""What the cells of a row refer to: customers, loans, lines, units, people. Set by set, by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from customers.services.imports.rows import Rows

Found = dict[str, int]


def resolve(rows: Rows) -> None:
    """The rows carry the ids of what they name; rows that name nothing known are rejected."""
    if rows.kind.table != "customers_customer" and rows.kind.any_of:
        _customer(rows)
    for column in rows.kind.columns:
        if column.ref in _REFERENCES and column.key in rows.columns:
            _REFERENCES[column.ref](rows, column.key)


def ids(sql: str, values: Iterable[str]) -> Found:
    """What ``sql`` finds for the values: key to id."""
    wanted = [value for value in values if value is not None]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted])
        return dict(cursor.fetchall())


def mapped(column: pa.Array, found: Callable[[list[str]], Found]) -> pa.Array:
    """The column with every value replaced by its id; null where nothing was found."""
    coded = column.dictionary_encode()
    known = found(coded.dictionary.to_pylist())
    by_place = [known.get(value) for value in coded.dictionary.to_pylist()]
    return pa.array(by_place, pa.int64()).take(coded.indices)


def customers_by_no(values: list[str]) -> Found:
    """Customers by their number."""
    return ids("SELECT customer_no, id FROM customers_customer WHERE customer_no = ANY(%s)", values)


def customers_by_uscc(values: list[str]) -> Found:
    """Customers by their credit code."""
    return ids(
        "SELECT uscc, id FROM customers_customer WHERE uscc = ANY(%s) AND uscc <> ''", values
    )


def _customer(rows: Rows) -> None:
    """``customer_id`` from number or credit code; both must mean the same customer."""
    nothing = pa.nulls(len(rows.lines), pa.int64())
    numbers, codes = rows.columns.get("customer_no"), rows.columns.get("uscc")
    by_no = mapped(numbers, customers_by_no) if numbers is not None else nothing
    by_code = mapped(codes, customers_by_uscc) if codes is not None else nothing
    found = pc.coalesce(by_no, by_code)
    for place in _places(pc.is_null(found)):
        if not rows.good[place]:
            continue
        named = [key for key in ("customer_no", "uscc") if _filled(rows, key, place)]
        if named:
            rows.refuse(place, named[0], "customer_unknown")
        else:
            rows.refuse(place, "customer_no", "customer_missing")
    if numbers is not None and codes is not None:
        _same(rows, by_no, by_code)
    rows.columns.pop("customer_no", None)
    rows.columns.pop("uscc", None)
    rows.columns["customer_id"] = found


def _same(rows: Rows, by_no: pa.Array, by_code: pa.Array) -> None:
    """Number and code that mean two customers, or a number nobody has beside a good code."""
    clash = pc.fill_null(pc.not_equal(by_no, by_code), False)
    for place in _places(clash):
        rows.refuse(place, "uscc", "customer_clash")
    unknown = pc.and_(pc.is_null(by_no), pc.is_valid(by_code))
    for place in _places(unknown):
        if _filled(rows, "customer_no", place):
            rows.refuse(place, "customer_no", "customer_unknown")


def _filled(rows: Rows, key: str, place: int) -> bool:
    return key in rows.columns and rows.columns[key][place].is_valid


def _places(mask: pa.Array) -> list[int]:
    return [int(place) for place in np.flatnonzero(mask.to_numpy(zero_copy_only=False))]


def _lookup(sql: str, into: str, what: str) -> Callable[[Rows, str], None]:
    """A reference that is found by one statement and written to one column."""

    def resolve_one(rows: Rows, key: str) -> None:
        values = rows.columns.pop(key)
        found = mapped(values, lambda wanted: ids(sql, wanted))
        missing = pc.and_(pc.is_valid(values), pc.is_null(found))
        for place in _places(missing):
            rows.refuse(place, key, "reference_unknown", what=what)
        rows.columns[into] = found

    return resolve_one


def _loan(rows: Rows, key: str) -> None:
    """``loan_id``, and the customer of the loan."""
    values = rows.columns.pop(key)
    owners: dict[int, int] = {}

    def found(wanted: list[str]) -> Found:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT loan_no, id, customer_id FROM customers_loan WHERE loan_no = ANY(%s)",
                [[value for value in wanted if value is not None]],
            )
            known = cursor.fetchall()
        owners.update({loan: customer for _, loan, customer in known})
        return {number: loan for number, loan, _ in known}

    loans = mapped(values, found)
    for place in _places(pc.and_(pc.is_valid(values), pc.is_null(loans))):
        rows.refuse(place, key, "reference_unknown", what="loan")
    rows.columns["loan_id"] = loans
    owner: list[Any] = [owners.get(loan) for loan in loans.to_pylist()]
    rows.columns["customer_id"] = pa.array(owner, pa.int64())


def _line(rows: Rows, key: str) -> None:
    """``line_id``; the line must be the same customer's."""
    _lookup(
        "SELECT line_no, id FROM customers_creditline WHERE line_no = ANY(%s)", "line_id", "line"
    )(rows, key)
    lines = rows.columns["line_id"]
    known = [value for value in pc.unique(lines).to_pylist() if value is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, customer_id FROM customers_creditline WHERE id = ANY(%s)", [known]
        )
        owners = dict(cursor.fetchall())
    customers = rows.columns["customer_id"].to_pylist()
    for place, line in enumerate(lines.to_pylist()):
        if line is not None and customers[place] is not None and owners[line] != customers[place]:
            rows.refuse(place, key, "reference_foreign")


_REFERENCES: dict[str, Callable[[Rows, str], None]] = {
    "loan": _loan,
    "line": _line,
    "other_customer": _lookup(
        "SELECT customer_no, id FROM customers_customer WHERE customer_no = ANY(%s)",
        "other_id",
        "customer",
    ),
    "counterparty": _lookup(
        "SELECT customer_no, id FROM customers_customer WHERE customer_no = ANY(%s)",
        "counterparty_id",
        "customer",
    ),
    "territory": _lookup(
        "SELECT code, id FROM customers_territory WHERE code = ANY(%s)", "territory_id", "territory"
    ),
    "consent_template": _lookup(
        "SELECT key || ':' || version, id FROM customers_consenttemplate "
        "WHERE key || ':' || version = ANY(%s)",
        "template_id",
        "wording",
    ),
    "user": _lookup(
        "SELECT n, min(u.id) FROM core_user u, LATERAL (VALUES (u.username), (u.employee_no)) v(n) "
        "WHERE n = ANY(%s) AND u.is_active AND u.role = 'rm' GROUP BY n HAVING count(*) = 1",
        "manager_id",
        "user",
    ),
    "branch": _lookup(
        "SELECT code, id FROM core_branch WHERE code = ANY(%s) AND is_active", "branch_id", "branch"
    ),
}
