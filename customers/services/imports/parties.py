"""Customers from a file: names spelt, codes checked, industry, region and place in tree found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

import pyarrow as pa
from django.db import connection

from crm.core import identifiers
from customers.imports.types import Choice
from customers.models import Customer
from customers.naming import name_columns
from customers.services.imports.context import ImportContext
from customers.services.imports.rows import Rows


@dataclass(frozen=True)
class Known:
    """A customer that is there already."""

    pk: int
    manager_id: int | None
    uscc: str


def prepare_customers(rows: Rows, context: ImportContext) -> None:
    """The columns of ``Customer``, ready to be written."""
    numbers = _numbers(rows)
    known = known_customers(numbers)
    _check_codes(rows, numbers, known)
    _names(rows)
    _party_types(rows, numbers, known)
    _industry(rows)
    _region(rows)
    _places_in_tree(rows, numbers, known, context)


def known_customers(numbers: list[str | None]) -> dict[str, Known]:
    """The customers with these numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_no, id, manager_id, uscc FROM customers_customer "
            "WHERE customer_no = ANY(%s)",
            [list({number for number in numbers if number})],
        )
        return {number: Known(*rest) for number, *rest in cursor.fetchall()}


def _column(rows: Rows, key: str) -> list[Any]:
    column = rows.columns.get(key)
    return column.to_pylist() if column is not None else [None] * len(rows.lines)


def _numbers(rows: Rows) -> list[str | None]:
    """Customer numbers; without one, that of the customer with the same code, else the code."""
    numbers, codes = _column(rows, "customer_no"), _column(rows, "uscc")
    wanted = [c for n, c in zip(numbers, codes, strict=True) if c and not n]
    by_code = _numbers_of(wanted)
    for place, (number, code) in enumerate(zip(numbers, codes, strict=True)):
        if number is None and code is not None:
            numbers[place] = by_code.get(code, code)
        elif number is None and rows.good[place]:
            rows.refuse(place, "customer_no", "customer_missing")
    rows.columns["customer_no"] = pa.array(numbers, pa.string())
    return numbers


def _numbers_of(codes: list[str]) -> dict[str, str]:
    """The customer numbers of these credit codes."""
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT uscc, customer_no FROM customers_customer WHERE uscc = ANY(%s) AND uscc <> ''",
            [list(set(codes))],
        )
        return dict(cursor.fetchall())


def _check_codes(rows: Rows, numbers: list[str | None], known: dict[str, Known]) -> None:
    """A credit code belongs to one customer; one with a wrong check character is marked."""
    if "uscc" not in rows.columns:
        return
    codes = _column(rows, "uscc")
    owners = _numbers_of([code for code in codes if code])
    odd: list[bool | None] = []
    for place, code in enumerate(codes):
        odd.append(None if code is None else not identifiers.is_uscc(code))
        if code is None or numbers[place] is None:
            continue
        owner = owners.setdefault(code, numbers[place] or "")
        if owner != numbers[place]:
            rows.refuse(place, "uscc", "uscc_taken", customer_no=owner)
        elif odd[-1]:
            rows.remark(place, "uscc", "odd_uscc")
    rows.columns["is_uscc_odd"] = pa.array(odd, pa.bool_())


def _names(rows: Rows) -> None:
    """The name as stored, with its spelling."""
    spelt = [name_columns(name) if name else None for name in _column(rows, "name")]
    for key in ("name", "name_pinyin", "name_initials"):
        rows.columns[key] = pa.array([s[key] if s else None for s in spelt], pa.string())


def _party_types(rows: Rows, numbers: list[str | None], known: dict[str, Known]) -> None:
    """New customers without a type get the one their name tells, else company."""
    kind = rows.kind.by_key["party_type"].type
    words = kind.keywords if isinstance(kind, Choice) else ()
    names, types = _column(rows, "name"), _column(rows, "party_type")
    for place, (name, number) in enumerate(zip(names, numbers, strict=True)):
        if types[place] is None and number not in known:
            told = (value for word, value in words if word in (name or ""))
            types[place] = next(told, Customer.PartyType.COMPANY.value)
    rows.columns["party_type"] = pa.array(types, pa.string())


def _industries() -> dict[str, str]:
    """Every code, and every name with its most exact code; section letters among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name_zh FROM core_industrycode ORDER BY level, code DESC")
        found = cursor.fetchall()
    named = {normalize("NFKC", name).replace(" ", ""): code for code, name in found}
    return named | {code: code for code, _ in found}


def _industry(rows: Rows) -> None:
    """``industry_id`` from a code or name, else from the section."""
    if "industry" not in rows.columns and "industry_section" not in rows.columns:
        return
    known = _industries()
    named, sections = _column(rows, "industry"), _column(rows, "industry_section")
    found: list[str | None] = []
    for place, (name, section) in enumerate(zip(named, sections, strict=True)):
        code = _industry_of(name, known) or _industry_of(section, known)
        found.append(code)
        if code is None and (name or section):
            rows.refuse(place, "industry" if name else "industry_section", "industry_unknown")
    rows.columns.pop("industry", None)
    rows.columns.pop("industry_section", None)
    rows.columns["industry_id"] = pa.array(found, pa.string())


def _industry_of(text: str | None, known: dict[str, str]) -> str | None:
    """The code that ``C3484``, ``3484``, ``正餐服务`` or ``F 批发和零售业`` means."""
    if not text:
        return None
    plain = text.replace(" ", "").replace(",", "、").upper()
    tries = (
        plain,
        plain[1:] if plain[:1].isalpha() else plain,
        plain.lstrip("ABCDEFGHIJKLMNOPQRST0123456789、-_."),
    )
    return next((known[word] for word in tries if word in known), None)


def _region(rows: Rows) -> None:
    """``region_id`` from a division code or a full name."""
    if "region" not in rows.columns:
        return
    texts = _column(rows, "region")
    wanted = list({text for text in texts if text})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, code FROM core_regioncode WHERE code = ANY(%s) "
            "UNION SELECT full_name_zh, min(code) FROM core_regioncode "
            "WHERE full_name_zh = ANY(%s) GROUP BY 1",
            [wanted, wanted],
        )
        found = dict(cursor.fetchall())
    for place, text in enumerate(texts):
        if text and text not in found:
            rows.refuse(place, "region", "reference_unknown", what="region")
    del rows.columns["region"]
    rows.columns["region_id"] = pa.array([found.get(text) for text in texts], pa.string())


def _places_in_tree(
    rows: Rows, numbers: list[str | None], known: dict[str, Known], context: ImportContext
) -> None:
    """Manager, branch and number in the tree; a known customer moves only when the file says so."""
    managers, branches = _column(rows, "manager_id"), _column(rows, "branch_id")
    people, units = _people(set(managers)), _units(set(branches))
    placed: list[tuple[int | None, int | None, int | None]] = []
    for manager, branch, number in zip(managers, branches, numbers, strict=True):
        here = known.get(number or "")
        if manager is not None:
            unit, scope_no = people[manager]
            placed.append((manager, unit, scope_no))
        elif branch is not None and (here is None or here.manager_id is None):
            placed.append((None, branch, units[branch]))
        elif here is None:
            placed.append((None, context.branch.pk, context.branch.scope_lo))
        else:
            placed.append((None, None, None))
    for place, key in enumerate(("manager_id", "branch_id", "scope_no")):
        rows.columns[key] = pa.array([row[place] for row in placed], pa.int64())


def _people(keys: set[int | None]) -> dict[int, tuple[int, int]]:
    with connection.cursor() as cursor:
        wanted = [key for key in keys if key]
        cursor.execute("SELECT id, branch_id, scope_no FROM core_user WHERE id = ANY(%s)", [wanted])
        return {pk: (branch, number) for pk, branch, number in cursor.fetchall()}


def _units(keys: set[int | None]) -> dict[int, int]:
    with connection.cursor() as cursor:
        wanted = [key for key in keys if key]
        cursor.execute("SELECT id, scope_lo FROM core_branch WHERE id = ANY(%s)", [wanted])
        return dict(cursor.fetchall())
