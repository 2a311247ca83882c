"""Beside the customers of a file: who looks after them, and their citizen numbers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from customers.models import CustomerIdentifier
from customers.sealed import identifier_columns, next_keys
from customers.services.imports.context import ImportContext

REASON = "import"


def ids(table: pa.Table, numbers: np.ndarray) -> list[int]:
    """The ids of the customers in the rows of these numbers."""
    if not len(numbers):
        return []
    rows = table.filter(pc.is_in(table.column("row_no"), pa.array(numbers)))
    return list(_ids(rows.column("customer_no").to_pylist()).values())


def _ids(customer_numbers: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_no, id FROM customers_customer WHERE customer_no = ANY(%s)",
            [customer_numbers],
        )
        return dict(cursor.fetchall())


def keep(table: pa.Table, context: ImportContext) -> None:
    """The history of who looks after the customers, and their identifiers, are up to date."""
    customers = _ids(table.column("customer_no").to_pylist())
    assign(list(customers.values()), context.today, context.by_id)
    if "citizen_no" in table.column_names:
        numbers, named = table.column("customer_no").to_pylist(), table.column("citizen_no")
        pairs = zip(numbers, named.to_pylist(), strict=True)
        _identify({customers[number]: citizen for number, citizen in pairs if citizen})


def assign(customers: list[int], today: date, by_id: int | None) -> None:
    """The open span of each customer names its manager and branch of now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE import_moved ON COMMIT DROP AS "
            "SELECT c.id, c.manager_id, c.branch_id FROM customers_customer c "
            "WHERE c.id = ANY(%s) AND NOT EXISTS (SELECT FROM customers_customerassignment a "
            "WHERE a.customer_id = c.id AND upper_inf(a.during) AND a.branch_id = c.branch_id "
            "AND a.manager_id IS NOT DISTINCT FROM c.manager_id)",
            [customers],
        )
        cursor.execute(
            "DELETE FROM customers_customerassignment a USING import_moved m "
            "WHERE a.customer_id = m.id AND upper_inf(a.during) AND lower(a.during) >= %s",
            [today],
        )
        cursor.execute(
            "UPDATE customers_customerassignment a "
            "SET during = daterange(lower(a.during), %s) FROM import_moved m "
            "WHERE a.customer_id = m.id AND upper_inf(a.during)",
            [today],
        )
        cursor.execute(
            "INSERT INTO customers_customerassignment "
            "(customer_id, manager_id, branch_id, during, reason, decided_by_id, created_at) "
            "SELECT id, manager_id, branch_id, daterange(%s, NULL), %s, %s, now() "
            "FROM import_moved",
            [today, REASON, by_id],
        )
        cursor.execute("DROP TABLE import_moved")


def _identify(citizens: dict[int, str]) -> None:
    """The citizen numbers are on record, encrypted; one that is there already stays."""
    kind = CustomerIdentifier.Kind.CITIZEN_NO
    keys = next_keys(CustomerIdentifier, len(citizens))
    CustomerIdentifier.objects.bulk_create(
        (
            CustomerIdentifier(
                pk=key,
                customer_id=customer,
                kind=kind,
                **identifier_columns(kind, citizen, pk=key),
            )
            for key, (customer, citizen) in zip(keys, citizens.items(), strict=True)
        ),
        ignore_conflicts=True,
    )
