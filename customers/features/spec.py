"""What a portrait column is: a formula over named outputs of sources and over other columns.

A spec holds SQL text written in this repository, never user input. Inside it

* a bare word that names a source output, a step or another column is that value;
* ``{as_of}`` is the day the portrait is for, ``{last}`` the month number of the last closed month;
* ``{stage.decline_change}`` (any key with a dot) is a rule parameter, passed as a query parameter;
* ``[[m.customer_id]]`` stands for "this row belongs to the customers being computed".

Write ``mod(a, b)`` for a remainder: a percent sign has a meaning of its own in queries.
Unknown is NULL and stays NULL: a formula never turns a missing fact into zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from crm.core.words import Text

Choices = tuple[tuple[str, Text], ...]


class Dimension(StrEnum):
    """The four dimensions of a portrait (spec b.2)."""

    BASIC = "basic"
    BEHAVIOUR = "behaviour"
    NEED = "need"
    CREDIT = "credit"


class Unit(StrEnum):
    """What a value counts, which also decides its column type."""

    YUAN = "yuan"
    RATIO = "ratio"
    CHANGE = "change"  # a ratio shown with its sign
    COUNT = "count"
    PERSONS = "persons"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    AREA = "m2"
    ENERGY = "kwh"
    SCALE = "scale"  # 1 to 5
    PERCENTILE = "percentile"  # 0 to 100
    SCORE = "score"
    MONTH_OF_YEAR = "month_of_year"  # 1 to 12
    DATE = "date"
    FLAG = "flag"
    CODE = "code"
    CODES = "codes"
    TEXT = "text"


FLOATS = frozenset(
    {
        Unit.YUAN,
        Unit.RATIO,
        Unit.CHANGE,
        Unit.YEARS,
        Unit.AREA,
        Unit.ENERGY,
        Unit.PERCENTILE,
        Unit.SCORE,
    }
)
INTEGERS = frozenset(
    {Unit.COUNT, Unit.PERSONS, Unit.DAYS, Unit.MONTHS, Unit.SCALE, Unit.MONTH_OF_YEAR}
)
PLACES = {  # decimals kept of a float
    Unit.YUAN: 2,
    Unit.RATIO: 6,
    Unit.CHANGE: 6,
    Unit.YEARS: 2,
    Unit.AREA: 2,
    Unit.ENERGY: 2,
    Unit.PERCENTILE: 1,
    Unit.SCORE: 1,
}


@dataclass(frozen=True)
class SourceSpec:
    """One row a customer made from one table: a FROM clause and named aggregates over it.

    ``outputs`` maps names to SQL. Names are known everywhere, so they are unique. ``keyed_by`` is
    the column that holds the customer; with ``grouped`` False the rows are already one a customer.
    ``on`` joins by another condition instead (a small reference table). ``is_dense``: most
    customers have many rows, so each is fetched by its key, and ``uses`` names outputs of sources
    before it.
    """

    key: str
    from_sql: str
    outputs: dict[str, str]
    keyed_by: str
    where: str = ""
    grouped: bool = True
    on: str = ""
    is_dense: bool = False
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A named value on the way, not stored."""

    key: str
    sql: str


@dataclass(frozen=True)
class Origin:
    """Where values come from, and the step or output that says how new its facts are."""

    key: str
    source: str  # a value of customers.models.Source
    dated: str  # SQL of the date of the newest fact
    trail: str = ""  # the fact rows behind it: a key of customers.selectors.portrait_trail


@dataclass(frozen=True)
class Reason:
    """A sentence with ``%(column)s`` placeholders, and the columns it quotes."""

    code: str
    text: Text
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ColumnSpec:
    """A stored column of the portrait. ``ages``: it moves with the calendar, not with a fact."""

    key: str
    label: Text
    unit: Unit
    sql: str
    ages: bool = False
    choices: Choices = ()
    width: int = 24  # of codes and texts
    data_class: str = "C1"
    reasons: tuple[Reason, ...] = ()
    reasons_from: str = ""  # a key of customers.selectors.portrait_reasons.EXPANDERS

    @property
    def is_number(self) -> bool:
        """Whether values can be added, averaged and ranked."""
        return self.unit in FLOATS or self.unit in INTEGERS


@dataclass(frozen=True, kw_only=True)
class FeatureSpec(ColumnSpec):
    """A feature of the portrait (spec b.2, and what invoices tell).

    Several columns may share a ``code``; the one with a ``weight`` counts for completeness and
    freshness. ``applies`` is SQL: where it is not true the feature is not missing, it is not asked.
    ``dated`` overrides the date of the origin; ``source_column`` names the column that says which
    of several sources was used.
    """

    code: str
    dimension: Dimension
    origin: str
    formula: Text
    window: str = ""
    weight: int = 0
    max_age_days: int = 0
    applies: str = "is_business"
    applies_to: Text = ""
    dated: str = ""
    source_column: str = ""
    trail_months: int = 0
    declared_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Test:
    """One question of a ladder or a set of marks: yes, no, or (NULL) cannot tell."""

    code: str
    when: str
    text: Text
    inputs: tuple[str, ...] = ()
    gives: str = ""  # the result of a ladder when the answer is yes (default: the code)
    gives_sql: str = ""  # or SQL of it: a value set by hand
    label: Text = ""


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """Tests in order; the first yes wins. Makes ``<key>`` and ``<key>_tests`` (y, n or ? each)."""

    key: str
    label: Text
    tests: tuple[Test, ...]
    choices: Choices
    otherwise: str
    stop_at_unknown: bool = False  # a test that cannot tell ends the ladder with ``otherwise``


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Every test is asked; ``<key>`` is the list of the codes that said yes."""

    key: str
    label: Text
    tests: tuple[Test, ...]
    choices: Choices = field(default=())


Spec = Step | ColumnSpec | Ladder | Marks


def ladder_parts(ladder: Ladder) -> tuple[Step | ColumnSpec, ...]:
    """A step for each question, the result column, and the column of answers."""
    names = [f"{ladder.key}__{test.code}" for test in ladder.tests]
    steps = [Step(name, test.when) for name, test in zip(names, ladder.tests, strict=True)]
    arms = " ".join(
        _arm(name, test.gives_sql or f"'{test.gives or test.code}'", ladder)
        for name, test in zip(names, ladder.tests, strict=True)
    )
    answers = " || ".join(
        f"CASE WHEN {name} THEN 'y' WHEN NOT {name} THEN 'n' ELSE '?' END" for name in names
    )
    result = ColumnSpec(
        key=ladder.key,
        label=ladder.label,
        unit=Unit.CODE,
        sql=f"CASE {arms} ELSE '{ladder.otherwise}' END",
        choices=ladder.choices,
        reasons_from="ladder",
    )
    tried = ColumnSpec(
        key=f"{ladder.key}_tests", label="", unit=Unit.TEXT, sql=answers, width=60, ages=True
    )
    return (*steps, result, tried)


def _arm(name: str, result: str, ladder: Ladder) -> str:
    """One branch of the CASE; a ladder that stops at the unknown ends there."""
    stop = f" WHEN {name} IS NULL THEN '{ladder.otherwise}'" if ladder.stop_at_unknown else ""
    return f"WHEN {name} THEN {result}{stop}"


def marks_parts(marks: Marks) -> tuple[ColumnSpec, ...]:
    """The list of codes whose test says yes."""
    items = ", ".join(f"CASE WHEN ({test.when}) THEN '{test.code}' END" for test in marks.tests)
    column = ColumnSpec(
        key=marks.key,
        label=marks.label,
        unit=Unit.CODES,
        sql=f"array_remove(ARRAY[{items}]::varchar[], NULL)",
        choices=marks.choices or tuple((test.code, test.label) for test in marks.tests),
        reasons_from="marks",
    )
    return (column,)
