"""What the made-up field work starts from: the day, the seed, the working days, the people."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
from django.db import connection, models

from crm.core.workdays import is_working_day
from customers.demo.draw import Column
from customers.demo.plan import Days, Dice, Ints
from customers.demo.writer import Keys, Sheets

CHINA_HOURS = 8  # hours before UTC; the demo bank works in one zone
YEARS = 3
MANAGERS_A_BATCH = 12


@dataclass(frozen=True)
class Work:
    """The same day and seed on the same bank make the same field work."""

    as_of: date
    seed: int = 1

    @property
    def today(self) -> np.datetime64:
        """``as_of`` for numpy."""
        return np.datetime64(self.as_of, "D")

    @property
    def first_on(self) -> date:
        """The first day with visits."""
        return self.as_of - timedelta(days=365 * YEARS)

    @property
    def monday(self) -> date:
        """The Monday of the week at hand."""
        return self.as_of - timedelta(days=self.as_of.weekday())

    def rng(self, batch: int, topic: str) -> Dice:
        """Draws of one batch and topic: one topic's change moves no other."""
        return Dice((self.seed, batch, crc32(f"field {topic}".encode())))

    @cached_property
    def workdays(self) -> Days:
        """Every working day from the first one up to two months after ``as_of``."""
        count = (self.as_of - self.first_on).days + 61
        days = [self.first_on + timedelta(days=no) for no in range(count)]
        return np.array([day for day in days if is_working_day(day)], dtype="datetime64[D]")

    def on_workday(self, days: Days) -> Days:
        """The same day, or the next one that is worked."""
        place = np.searchsorted(self.workdays, days)
        return self.workdays[np.minimum(place, len(self.workdays) - 1)]


@dataclass
class Batch:
    """Some managers with the rows made so far; ``sheets`` go to the database with it."""

    no: int
    work: Work
    managers: list[int]
    keys: Keys
    sheets: Sheets


def read(sql: str, params: Any = None) -> dict[str, np.ndarray]:
    """The answer of a SELECT by column; empty days are NaT, empty numbers NaN."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        told = cursor.cursor.mogrify(sql, params).decode()
        cursor.cursor.copy_expert(f"COPY ({told}) TO STDOUT WITH (FORMAT csv, HEADER)", buffer)
    buffer.seek(0)
    table = csv.read_csv(buffer, convert_options=csv.ConvertOptions(strings_can_be_null=False))
    return {name: _plain(table[name].combine_chunks()) for name in table.column_names}


def _plain(column: pa.Array) -> np.ndarray:
    """The column for numpy: days as days, text as objects."""
    if pa.types.is_date(column.type):
        return np.asarray(column.to_numpy(zero_copy_only=False)).astype("datetime64[D]")
    if pa.types.is_null(column.type):
        return np.full(len(column), np.nan)
    return np.asarray(column.to_numpy(zero_copy_only=False))


def days_of(column: np.ndarray) -> Days:
    """A column of days that may be wholly empty."""
    if column.dtype.kind == "M":
        return column
    return np.full(len(column), np.datetime64("NaT"), dtype="datetime64[D]")


def put(sheets: Sheets, model: type[models.Model], rows: int, columns: dict[str, Column]) -> None:
    """So many rows; a column that is not given has the default of its field."""
    given = dict(columns)
    for field in model._meta.local_concrete_fields:
        may_miss = field.null or isinstance(field, models.AutoField) or field.generated
        if field.column not in given and not may_miss:
            default = field.get_default()
            given[str(field.column)] = {"[]": "{}" if hasattr(field, "base_field") else "[]"}.get(
                str(default), "{}" if default == {} else default
            )
    sheets.add(model, rows, given)


def moment(days: Days, minutes: Ints) -> Days:
    """The point in time of so many minutes after midnight in China."""
    start = days.astype("datetime64[s]") - np.timedelta64(CHINA_HOURS, "h")
    return start + (minutes * 60).astype("timedelta64[s]")


def optional(values: Any, has: np.ndarray) -> pa.Array:
    """A column that is empty where ``has`` is false."""
    return pa.array(np.asarray(values), mask=~has)


def codes(choices: list[str], index: Ints) -> pa.Array:
    """An array column from a few ready sets of codes."""
    return pa.array(choices, type=pa.string()).take(pa.array(index, type=pa.int64()))
