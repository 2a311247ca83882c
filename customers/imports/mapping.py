"""Which column of a file feeds which column of a kind, and how it is read.

A mapping is data: ``{"columns": {"number": {"header": "inv_no"}}, "constants": {"side": "S"},
"options": {"as_of": "2020-02-29"}}``. A column may say ``header`` (one, or several of which the
first that is filled counts), ``unit``, ``yuan_from``, ``precision``, ``values``, ``blank``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from customers.imports.readers import BadFile
from customers.imports.spec import Column, ImportKind, header_unit, plain_header
from customers.imports.types import Money, Reading, Share

FOLDER = Path(__file__).resolve().parent.parent / "mappings"
MappingData = dict[str, Any]


@dataclass(frozen=True)
class Bound:
    """A column of the kind with the places in the file it comes from, or its constant."""

    column: Column
    places: tuple[int, ...]
    reading: Reading
    constant: str = ""
    header: str = ""


def header_digest(header: list[str]) -> str:
    """The same for headers that differ only in writing."""
    plain = json.dumps([plain_header(name) for name in header], ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def guessed(kind: ImportKind, header: list[str]) -> MappingData:
    """The mapping that the header's own names suggest."""
    free = {plain_header(name): name for name in reversed(header) if name}
    columns: dict[str, Any] = {}
    for column in kind.columns:
        name = next((free[known] for known in sorted(column.names) if known in free), None)
        if name is None:
            continue
        free.pop(plain_header(name), None)
        columns[column.key] = {"header": name}
        unit = header_unit(name)
        if unit and isinstance(column.type, Money | Share):
            columns[column.key]["unit"] = unit
    return {"columns": columns, "constants": {}, "options": {}}


def shipped(name: str) -> MappingData:
    """A mapping file by its name, or by its path; KeyError when there is none."""
    path = Path(name) if name.endswith(".json") else FOLDER / f"{name}.json"
    if not path.is_file() or (not name.endswith(".json") and path.parent != FOLDER):
        raise KeyError(name)
    data: MappingData = json.loads(path.read_text("utf-8"))
    return data


def shipped_names(kind: str) -> list[str]:
    """The mapping files for a kind."""
    found = sorted(FOLDER.glob("*.json"))
    return [path.stem for path in found if shipped(path.stem).get("kind") == kind]


def bound(
    kind: ImportKind, data: Mapping[str, Any], header: list[str], *, today: date
) -> list[Bound]:
    """The mapping tied to this file; BadFile when it lacks a column the kind needs."""
    places = {plain_header(name): place for place, name in reversed(list(enumerate(header)))}
    constants: Mapping[str, str] = data.get("constants", {})
    found = []
    for column in kind.columns:
        given = data.get("columns", {}).get(column.key)
        if given:
            found.append(_bound_column(column, given, places, today))
        elif constants.get(column.key):
            reading = Reading(today=today)
            found.append(Bound(column, (), reading, constant=str(constants[column.key])))
        elif column.required and column.target not in kind.defaults:
            raise BadFile("missing_column", column=column.label)
    _check_groups(kind, found)
    return found


def _bound_column(
    column: Column, given: Mapping[str, Any] | str, places: Mapping[str, int], today: date
) -> Bound:
    if isinstance(given, str):
        given = {"header": given}
    names = given["header"] if isinstance(given["header"], list) else [given["header"]]
    for name in names:
        if plain_header(str(name)) not in places:
            raise BadFile("unknown_header", column=str(name)[:80])
    limit = given.get("yuan_from")
    reading = Reading(
        unit=str(given.get("unit", "")),
        yuan_from=Decimal(str(limit)) if limit is not None else None,
        precision=str(given.get("precision", "")),
        values={str(key): str(value) for key, value in given.get("values", {}).items()},
        blank=frozenset(str(value) for value in given.get("blank", ())),
        today=today,
    )
    where = tuple(places[plain_header(str(name))] for name in names)
    return Bound(column, where, reading, header=str(names[0]))


def _check_groups(kind: ImportKind, found: list[Bound]) -> None:
    """Of columns that stand for each other, one is there."""
    given = {item.column.key for item in found}
    for group in kind.any_of:
        if not given & set(group):
            labels = " / ".join(kind.by_key[key].label for key in group)
            raise BadFile("missing_column", column=labels)
