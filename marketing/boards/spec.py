"""What the board is made of: populations of rows, and figures counted over them.

Expressions are SQL over these names: ``x`` the row, ``b`` what the filters know of its customer
(``marketing_boardcustomer``), ``c`` the customer, ``p`` its portrait. ``%(as_of)s`` is the day of
the count; other names are parameters of ``marketing.boards.statements.values_of``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest

from crm.core.words import Text

MONTHS_KEPT = 36  # how far back a period may reach; a customer visited never before counts as this
ZONE = "Asia/Shanghai"  # months are those of the calendar in China


class Unit(StrEnum):
    """How a number is written."""

    COUNT = "count"
    YUAN = "yuan"
    SHARE = "share"  # 0.12 is 12 %
    DAYS = "days"
    SCORE = "score"  # one decimal
    POINTS = "points"


class Place(StrEnum):
    """At whose place a row counts."""

    NOW = "now"  # whoever is in charge of the customer at the count
    CHARGE = "charge"  # whoever was in charge of the customer when it happened
    MAKER = "maker"  # the manager of the row, where that manager sat when it happened


class Narrow(StrEnum):
    """The filters beside period, unit and manager."""

    INDUSTRY = "industry"
    GROUP = "group"
    TERRITORY = "territory"
    FAMILY = "family"
    MODE = "mode"


ALWAYS = frozenset({Narrow.INDUSTRY, Narrow.GROUP, Narrow.TERRITORY})


@dataclass(frozen=True)
class Spread:
    """Rows counted by a whole number from 1 to ``size``; None is not counted."""

    expression: str
    size: int


@dataclass(frozen=True)
class Column:
    """One more thing a drill-down says of each row; ``choices`` turns a code into words.

    What ``is_named`` may tell who the customer is: nobody reads it who does not see the customer.
    """

    label: Text
    expression: str
    kind: str = "text"  # text, money, day, number, share
    choices: Mapping[str, Text] = field(default_factory=dict)
    is_named: bool = False


@dataclass(frozen=True)
class Population:
    """Rows of one kind. ``at`` says when a row happened; without it the row is told as of now.

    ``at`` is a point in time when ``is_moment``, else a day. ``cut`` splits the rows
    further: columns, with the signs between them.
    ``families`` (an array) and ``mode`` are empty where these filters mean nothing.
    """

    key: str
    label: Text
    source: str
    customer: str = "x.customer_id"
    identity: str = "x.id"
    at: str = ""
    is_moment: bool = False
    is_flow: bool = True  # False: told as of now, though ``at`` says where it counts
    place: Place = Place.CHARGE
    where: str = "true"
    cut: tuple[str, ...] = ()
    families: str = ""
    mode: str = ""
    spread: Spread | None = None
    columns: tuple[Column, ...] = ()
    url: str = ""  # route of one row; "" leads to the customer
    url_key: str = ""  # of the row that the route shows, where it is another than this one

    @property
    def cut_sql(self) -> str:
        """The cut of a row as one text."""
        parts = (part if no % 2 == 0 else f"'{part}'" for no, part in enumerate(self.cut))
        return " || ".join(parts) or "''"

    def cut_pieces(self, cut: str) -> dict[str, str] | None:
        """What each column must be for this cut, "*" being anything; None: no cut of these rows."""
        found: dict[str, str] = {}
        rest = cut
        for column, sign in zip_longest(self.cut[::2], self.cut[1::2]):
            if rest == "*":
                return found
            piece, seen, rest = rest.partition(sign) if sign else (rest, "", "")
            if sign and not seen:
                return None
            if piece != "*":
                found[column] = piece
        return found if self.cut else None

    @property
    def narrows(self) -> frozenset[Narrow]:
        """The filters that apply to these rows."""
        more = {Narrow.FAMILY} if self.families else set()
        return ALWAYS | more | ({Narrow.MODE} if self.mode else set())


@dataclass(frozen=True)
class Figure:
    """A condition on the rows of a population, and what is summed over those that meet it.

    Stored are the number of rows and, with ``value``, the sum in hundredths: whole numbers, so that
    parts add up to the whole exactly.
    """

    key: str
    population: str
    label: Text
    where: str = "true"
    value: str = ""
    unit: Unit = Unit.COUNT  # of the value
