"""A survey file read line by line: what it says, and what is wrong with it; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import IndustryCode
from crm.core.parameters import parameters
from customers.imports.mapping import bound, guessed
from customers.imports.readers import BadFile, Table, open_table
from customers.imports.sentences import sentence
from customers.services.imports.rows import RowFault, Rows, read_rows
from customers.services.imports.storage import remove, store, stored_path
from marketing.imports import SURVEY_LINES
from marketing.market.survey import table_of
from marketing.services.survey_lines import LineInput, check_lines


@dataclass
class SurveyFile:
    """The readable lines with their place in the file, and what was found wrong."""

    lines: list[LineInput] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    read: int = 0


@dataclass(frozen=True)
class FaultLine:
    """What is wrong with one line of a file: where, the value, and why."""

    line: int
    column: str
    value: str
    why: str


def survey_faults(read: SurveyFile, *, today: date) -> list[FaultLine]:
    """Everything that is wrong with a file, line by line; none when it may be kept."""
    points = parameters(today).decimal("survey.share_points")
    names = {"share_disagrees": SURVEY_LINES.by_key["share"].label}
    found = [
        FaultLine(one.line, one.column, one.value, sentence(one.code, one.details))
        for one in read.faults
    ]
    found += [
        FaultLine(one.line.line, str(names.get(one.code, one.line.value)), one.value, one.sentence)
        for one in check_lines(read.lines, points=points)
    ]
    return sorted(found, key=lambda one: one.line)


def read_survey_file(pieces: Iterable[bytes]) -> SurveyFile:
    """What the file says; DomainError when it is no table or lacks a column."""
    try:
        stored = store(pieces)
    except BadFile as error:
        raise refused(error) from error
    try:
        with closing(open_table(stored_path(stored.path))) as table:
            return _read(table)
    except BadFile as error:
        raise refused(error) from error
    finally:
        remove(stored.path)


def refused(error: BadFile) -> DomainError:
    """The problem with a file as a sentence."""
    told = sentence(error.code, error.details)
    return DomainError(told, status=422, fields={"file": told})


def _read(table: Table) -> SurveyFile:
    kind, today = SURVEY_LINES, timezone.localdate()
    bounds = bound(kind, guessed(kind, table.header), table.header, today=today)
    found, codes = SurveyFile(), _codes()
    for block in table.blocks():
        rows = read_rows(kind, bounds, table.header, block)
        found.read += block.rows
        _take(rows, codes, found)
        found.faults += rows.faults
    if not found.read:
        raise BadFile("no_rows")
    return found


def _codes() -> dict[str, str]:
    """Every industry by code and by name; of equal names the broadest."""
    rows = IndustryCode.objects.order_by("-level", "-code").values_list("code", "name_zh")
    named = {normalize("NFKC", name).replace(" ", ""): code for code, name in rows}
    return named | {code: code for code in named.values()}


def _take(rows: Rows, codes: dict[str, str], found: SurveyFile) -> None:
    """The good rows become lines; those that fit no form are told so."""
    names = [column.key for column in SURVEY_LINES.columns]
    empty: list[Any] = [None] * len(rows.lines)
    cells = {key: rows.columns[key].to_pylist() if key in rows.columns else empty for key in names}
    for place, line in enumerate(rows.lines):
        row = {key: cells[key][place] for key in names}
        if not rows.good[place]:
            continue
        industry = None
        if row["industry"]:
            industry = codes.get(normalize("NFKC", row["industry"]).replace(" ", ""))
            if industry is None:
                rows.refuse(place, "industry", "industry_unknown")
                continue
        table = table_of(
            party_type=row["party_type"],
            survey_kind=row["survey_kind"] or "",
            industry=industry,
            age_band=row["age_band"] or "",
        )
        if table is None:
            rows.refuse(place, "party_type", "line_fits_no_form")
            continue
        value = {"kind": row["survey_kind"], "trade": industry, "age": row["age_band"]}[table.key]
        share = row["share"]
        found.lines.append(
            LineInput(
                table=table.key,
                value=str(value),
                count=int(row["count"]),
                new_count=row["new_count"],
                share=Decimal(share) if share is not None else None,
                line=int(line),
            )
        )
