"""What a kind needs beyond its columns: derived values, and checks across columns.

``prepare`` works on a whole block; ``seal`` on the rows about to be written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from customers.features.declared import FACTS, Declared, FactType
from customers.imports import cells
from customers.imports.cells import BadCell
from customers.models import Contact
from customers.sealed import mobile_columns, next_keys
from customers.services.imports.context import ImportContext
from customers.services.imports.directions import whole_directions
from customers.services.imports.parties import prepare_customers
from customers.services.imports.rows import Rows

MOBILE_COLUMNS = ("mobile_ciphertext", "mobile_digest", "mobile_last4", "mobile_masked")


def prepare(rows: Rows, context: ImportContext) -> None:
    """Derived columns are there, rows that contradict themselves are rejected."""
    for earlier, later in rows.kind.ordered:
        _check_order(rows, earlier, later)
    hook = _PREPARE.get(rows.kind.key)
    if hook is not None:
        hook(rows, context)


def prepared_by(kind: str, hook: Callable[[Rows, ImportContext], None]) -> None:
    """An upper floor prepares the rows of its own kind; a kind has one hook."""
    if _PREPARE.setdefault(kind, hook) is not hook:
        raise ImproperlyConfigured(f"import kinds: {kind!r} is prepared twice.")


def seal(kind: str, table: pa.Table) -> pa.Table:
    """The table as it is written: sensitive values encrypted for their rows."""
    hook = _SEAL.get(kind)
    return hook(table) if hook is not None else table


def _check_order(rows: Rows, earlier: str, later: str) -> None:
    if earlier not in rows.columns or later not in rows.columns:
        return
    wrong = pc.fill_null(pc.less(rows.columns[later], rows.columns[earlier]), False)
    for place in np.flatnonzero(wrong.to_numpy(zero_copy_only=False)):
        rows.refuse(int(place), later, "ends_before_start")


def _invoices(rows: Rows, context: ImportContext) -> None:
    """The month of the day, and a code where the file gives none."""
    day = rows.columns["issued_on"]
    years, months = pc.year(day), pc.month(day)
    rows.columns["ym"] = pc.subtract(pc.add(pc.multiply(years, 12), months), 1)
    code = rows.columns.get("code", pa.nulls(len(rows.lines), pa.string()))
    rows.columns["code"] = pc.fill_null(code, "")


def _relations(rows: Rows, context: ImportContext) -> None:
    """Nobody is linked to itself."""
    same = pc.equal(rows.columns["customer_id"], rows.columns["other_id"])
    for place in np.flatnonzero(pc.fill_null(same, False).to_numpy(zero_copy_only=False)):
        rows.refuse(int(place), "other_no", "same_customer")


def _contacts(rows: Rows, context: ImportContext) -> None:
    """A contact without a role is another contact."""
    role = rows.columns.get("role", pa.nulls(len(rows.lines), pa.string()))
    rows.columns["role"] = pc.fill_null(role, Contact.Role.OTHER.value)


def _declared_facts(rows: Rows, context: ImportContext) -> None:
    """The value in the column that the fact's type asks for."""
    keys, values = rows.columns["key"].to_pylist(), rows.columns.pop("value").to_pylist()
    read: dict[str, list[Any]] = {"number": [], "text": [], "day": []}
    for place, (key, text) in enumerate(zip(keys, values, strict=True)):
        told: dict[str, Any] = {"number": None, "text": None, "day": None}
        if key and text:
            try:
                told |= fact_value(FACTS[key], text, context.today)
            except BadCell as fault:
                rows.refuse(place, "value", fault.code, **fault.details)
        for name, value in told.items():
            read[name].append(value)
    rows.columns["number"] = pa.array(read["number"], pa.decimal128(20, 4))
    rows.columns["text"] = pa.array(read["text"], pa.string())
    rows.columns["day"] = pa.array(read["day"], pa.date32())
    source = rows.columns.get("source", pa.nulls(len(rows.lines), pa.string()))
    rows.columns["source"] = pc.fill_null(source, rows.kind.defaults["source"])


def fact_value(fact: Declared, text: str, today: date) -> dict[str, Any]:
    """The value of a fact as the column of its type; BadCell when it does not fit."""
    if fact.type == FactType.DAY:
        return {"day": cells.day(text)}
    if fact.type == FactType.NUMBER:
        scaled = fact.unit == "yuan"
        if fact.unit == "ratio":
            number = cells.share(text)
        else:
            number = cells.number(text, places=4, digits=20, scaled=scaled)
        low, high = fact.low, fact.high
        if (low is not None and number < low) or (high is not None and number > high):
            raise BadCell("out_of_range", low=str(low), high=str(high if high is not None else ""))
        return {"number": number}
    plain = cells.words(text, 200)
    known = {code for code, _label in fact.choices}
    named = {str(label): code for code, label in fact.choices}
    chosen = [named.get(word, word) for word in (plain.split() if known else [plain])]
    if known and not set(chosen) <= known:
        raise BadCell("not_a_choice", known="、".join(sorted(known)))
    return {"text": " ".join(chosen)}


def _seal_contacts(table: pa.Table) -> pa.Table:
    """Every contact has its id, and its mobile number encrypted for it."""
    keys = list(
        zip(
            *(table.column(name).to_pylist() for name in ("customer_id", "name", "role")),
            strict=True,
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, name, role, id FROM customers_contact WHERE customer_id = ANY(%s)",
            [list({key[0] for key in keys})],
        )
        known = {tuple(row[:3]): row[3] for row in cursor.fetchall()}
    fresh = iter(next_keys(Contact, sum(key not in known for key in keys)))
    own = [known[key] if key in known else next(fresh) for key in keys]
    table = table.append_column("id", pa.array(own, pa.int64()))
    if "mobile" not in table.column_names:
        return table
    numbers = table.column("mobile").to_pylist()
    sealed = [
        mobile_columns(number, pk=pk) if number else dict.fromkeys(MOBILE_COLUMNS)
        for number, pk in zip(numbers, own, strict=True)
    ]
    table = table.drop_columns(["mobile"])
    for name in MOBILE_COLUMNS:
        written = [_bytea(row[name]) for row in sealed]
        table = table.append_column(name, pa.array(written, pa.string()))
    return table


def _bytea(value: Any) -> str | None:
    return "\\x" + value.hex() if isinstance(value, bytes) else value


_PREPARE: dict[str, Callable[[Rows, ImportContext], None]] = {
    "customers": prepare_customers,
    "contacts": _contacts,
    "relations": _relations,
    "invoices": _invoices,
    "declared_facts": _declared_facts,
    "settle_modes": whole_directions,
}
_SEAL: dict[str, Callable[[pa.Table], pa.Table]] = {"contacts": _seal_contacts}
