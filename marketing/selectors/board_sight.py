"""Which places of the board a user sees, and the filters that an address asks for.

History stays with the units that made it (ROL-5): a place is seen from the unit of the user's reach
when it hung below that unit then, and by the manager whose place it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.core.models import Branch, IndustryCode, User
from crm.core.months import month_label
from crm.core.scope import WHOLE_BANK
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.models import ProductFamily, Territory
from customers.naming import in_own_language
from marketing.boards.periods import FIRST, PERIODS, Period, period_of
from marketing.boards.spec import Narrow
from marketing.models import BoardCustomer, BoardPlace, BoardSeat, Mode


@dataclass(frozen=True)
class BoardQuery:
    """One board, as it stands in its address."""

    period: str = FIRST
    unit: int | None = None
    manager: int | None = None
    narrow: Mapping[Narrow, Any] = field(default_factory=dict)

    def address(self, **changes: Any) -> str:
        """The query string of this board, or of one that differs by ``changes``."""
        other = replace(self, **changes)
        query = QueryDict(mutable=True)
        query["period"] = other.period
        for name in ("unit", "manager"):
            if value := getattr(other, name):
                query[name] = str(value)
        for name in sorted(other.narrow):
            query[str(name)] = str(other.narrow[name])
        return f"?{query.urlencode()}"


class Person(NamedTuple):
    """What a board says of a member of staff; light, since a bank has hundreds."""

    pk: int
    username: str
    full_name: str
    scope_no: int
    role: str
    is_active: bool
    joined_on: date | None

    def __str__(self) -> str:
        return self.full_name or self.username


class Stood(NamedTuple):
    """A place of the board: a manager, or nobody, below a chain of units."""

    pk: int
    manager_id: int | None
    path: Sequence[int]


@dataclass(frozen=True)
class Sight:
    """The places a board is about, with the people and units that stand there."""

    places: Mapping[int, Stood]  # those asked for
    units: Sequence[tuple[int, str, int]]  # key, name, depth of what the user may choose
    people: Mapping[int, Person]  # managers in sight
    unit: Branch | None  # the unit the board is about
    whole: int | None  # a unit below which these places hang, and no other place
    manager: Person | None
    is_everywhere: bool  # no place of the bank is left out

    @property
    def keys(self) -> list[int]:
        """The keys of the places asked for."""
        return list(self.places)


def read_board_query(data: Mapping[str, Any]) -> BoardQuery:
    """The board that an address asks for; what cannot be read is left out."""
    narrow: dict[Narrow, Any] = {}
    for name in Narrow:
        text = str(data.get(name, "")).replace("\x00", "")[:32]
        if not text:
            continue
        if name != Narrow.TERRITORY:
            narrow[name] = text
        elif (number := _number(text)) is not None:
            narrow[name] = number
    return BoardQuery(
        period=str(data.get("period", FIRST)).replace("\x00", "")[:20] or FIRST,
        unit=_number(str(data.get("unit", ""))),
        manager=_number(str(data.get("manager", ""))),
        narrow=narrow,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def board_period(query: BoardQuery, as_of: date) -> Period:
    """The months this board is about."""
    return period_of(query.period, as_of)


def sight_of(*, user: User, query: BoardQuery) -> Sight:
    """The places within the user's reach, narrowed to the unit and manager asked for.

    A unit or manager out of reach leaves nothing, as if it did not exist. Three queries.
    """
    reach = user.reach()
    units = {unit.pk: unit for unit in Branch.objects.order_by("scope_lo", "pk")}
    staff = User.objects.order_by("scope_no", "pk").values_list(*Person._fields)
    people = {one.pk: one for one in map(Person._make, staff)}
    stood = BoardPlace.objects.order_by("pk").values_list(*Stood._fields)
    places = [Stood._make(row) for row in stood]
    within = {
        place.pk: place
        for place in places
        if any(_sees(pair, place, units, people) for pair in reach)
    }
    seen = {pk for pk, unit in units.items() if any(_covers(pair, unit) for pair in reach)}
    managers = {place.manager_id for place in within.values() if place.manager_id}
    chosen = {
        pk: place
        for pk, place in within.items()
        if (query.unit is None or _is_below(query.unit, place.path, seen))
        and (query.manager is None or query.manager == place.manager_id)
    }
    unit = units.get(query.unit or 0) if query.unit in seen else None
    return Sight(
        places=chosen,
        units=_tree([unit for pk, unit in units.items() if pk in seen]),
        people={pk: people[pk] for pk in people if pk in managers},
        unit=unit,
        manager=people.get(query.manager or 0) if query.manager in managers else None,
        whole=_whole(chosen, places),
        is_everywhere=len(chosen) == len(places),
    )


def _whole(chosen: Mapping[int, Stood], places: Sequence[Stood]) -> int | None:
    """The lowest unit that all these places, and no others, hung below."""
    shared = set.intersection(*(set(place.path) for place in chosen.values())) if chosen else set()
    found = [unit for unit in shared if sum(unit in place.path for place in places) == len(chosen)]
    return min(found, default=None)


def at_work(places: Sequence[int], period: Period) -> set[int]:
    """Managers who sat at one of these places in the period, or look after customers there now.

    Who went to another unit before the period belongs to the history of the old one alone.
    """
    seats = BoardSeat.objects.filter(
        place=OuterRef("pk"), from_at__lt=period.until_at, until_at__gt=period.from_at
    )
    customers = BoardCustomer.objects.filter(place=OuterRef("pk"))
    rows = BoardPlace.objects.filter(pk__in=places, manager__isnull=False)
    found = rows.filter(Exists(seats) | Exists(customers))
    return set(found.values_list("manager_id", flat=True))


def _covers(pair: tuple[int, int], unit: Branch) -> bool:
    return pair[0] <= unit.scope_lo and unit.scope_hi <= pair[1]


def _sees(
    pair: tuple[int, int],
    place: Stood,
    units: Mapping[int, Branch],
    people: Mapping[int, Person],
) -> bool:
    low, high = pair
    if pair == WHOLE_BANK:
        return True
    if low == high:
        owner = people.get(place.manager_id or 0)
        return owner is not None and owner.scope_no == low
    tops = (units.get(pk) for pk in place.path)
    return any(top is not None and (top.scope_lo, top.scope_hi) == pair for top in tops)


def _is_below(unit: int, path: Sequence[int], seen: set[int]) -> bool:
    """Whether the place hung below the unit, and the unit is, or hung below one, in reach."""
    return unit in path and not seen.isdisjoint(path[: path.index(unit) + 1])


def _tree(units: Sequence[Branch]) -> list[tuple[int, str, int]]:
    """Key, name and depth below the first, in the order of the tree."""
    depth: dict[int, int] = {}
    for unit in units:
        depth[unit.pk] = depth.get(unit.parent_id or 0, -1) + 1
    return [(unit.pk, unit.name, depth[unit.pk]) for unit in units]


def choices_of(name: Narrow) -> dict[str, Text]:
    """What a filter may be set to, in its order."""
    if name == Narrow.INDUSTRY:
        rows = IndustryCode.objects.filter(level=1).order_by("pk")
        return {row.pk: in_own_language(row.name_zh, row.name_en) for row in rows}
    if name == Narrow.GROUP:
        return {str(code): label for code, label in COLUMNS["primary_group"].choices}
    if name == Narrow.FAMILY:
        return dict(ProductFamily.choices)
    return dict(Mode.choices)


def territory_names(*, keys: Sequence[int]) -> dict[int, str]:
    """The names of these territories."""
    return dict(Territory.objects.filter(pk__in=keys).values_list("pk", "name"))


def territories_of(*, user: User) -> list[tuple[int, str]]:
    """The territories of the units in reach, and those a manager works."""
    rows = Territory.objects.visible_to(user) | Territory.objects.filter(manager=user)
    return list(rows.distinct().order_by("code").values_list("pk", "name"))


def period_name(period: Period) -> Text:
    """The period in words."""
    if period.key in PERIODS:
        return PERIODS[period.key][0]
    if period.first == period.last:
        return month_label(period.first)
    return _("%(first)s to %(last)s") % {
        "first": month_label(period.first),
        "last": month_label(period.last),
    }
