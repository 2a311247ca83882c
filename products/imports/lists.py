"""Cells that hold several things: choices, codes, conditions; as the columns of lists take them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from customers.imports import cells
from customers.imports.cells import BadCell
from customers.imports.types import Choice, ColumnType, Listed, Reading

_BETWEEN = re.compile(r"[、,，;；/|]+")
_BETWEEN_CONDITIONS = re.compile(r"[;；|]+")
_CODE = re.compile(r"[A-Z0-9]{1,24}")
MOST_CONDITIONS = 20


def _parts(text: str, between: re.Pattern[str]) -> list[str]:
    found = (part.strip() for part in between.split(cells.tidy(text)))
    return list(dict.fromkeys(part for part in found if part))


def _as_list(codes: list[str]) -> str:
    """Codes as PostgreSQL writes a list of plain words."""
    return "{" + ",".join(dict.fromkeys(codes)) + "}"


@dataclass(frozen=True)
class Several(ColumnType):
    """Some of a list of choices, parted by commas or the like."""

    one: Choice | Listed
    hint_zh = "选项，可多项，用顿号分隔"
    hint_en = "choices, several parted by commas"

    def read(self, text: str, how: Reading) -> str:
        """The codes of the choices."""
        return _as_list([self.one.read(part, how) for part in _parts(text, _BETWEEN)])

    def labels(self) -> list[str]:
        """The labels in the reader's language."""
        return self.one.labels()


@dataclass(frozen=True)
class Codes(ColumnType):
    """Codes such as those of industries or divisions, parted by commas or the like."""

    hint_zh = "代码，可多项，用顿号分隔"
    hint_en = "codes, several parted by commas"

    def read(self, text: str, how: Reading) -> str:
        """The codes, letters large."""
        found = [part.upper() for part in re.split(r"\s+", " ".join(_parts(text, _BETWEEN)))]
        if any(not _CODE.fullmatch(code) for code in found):
            raise BadCell("not_a_code")
        return _as_list(found)


@dataclass(frozen=True)
class Conditions(ColumnType):
    """Conditions in their words, parted by semicolons."""

    hint_zh = "条件，可多条，用分号分隔"
    hint_en = "conditions, several parted by semicolons"

    def read(self, text: str, how: Reading) -> Any:
        """Each condition as a record holds it."""
        found = [cells.words(part, 200) for part in _parts(text, _BETWEEN_CONDITIONS)]
        if len(found) > MOST_CONDITIONS:
            raise BadCell("too_long", length=len(found), most=MOST_CONDITIONS)
        return json.dumps([{"text": part} for part in found], ensure_ascii=False)
