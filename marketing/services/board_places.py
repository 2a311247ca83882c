"""Who sat where and whose a customer was, as the boards read it: derived from dated rows alone.

Nothing here reads a number of the tree: renumbering it, or moving a unit, moves no history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from crm.core.models import Branch, User
from marketing.models import BoardPlace, BoardSeat, OrgSpan

ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)
FOREVER = datetime(2900, 1, 1, tzinfo=UTC)
Path = tuple[int, ...]

CHARGES = """
DELETE FROM marketing_boardcharge;
WITH dated AS (
  SELECT a.customer_id, coalesce(a.manager_id, 0) AS manager_id, a.branch_id,
    CASE WHEN row_number() OVER w = 1 THEN %(always)s
      ELSE lower(a.during)::timestamp AT TIME ZONE 'Asia/Shanghai' END AS from_at,
    lead(lower(a.during)::timestamp AT TIME ZONE 'Asia/Shanghai') OVER w AS next_at
  FROM customers_customerassignment a
  WINDOW w AS (PARTITION BY a.customer_id ORDER BY lower(a.during))),
spans AS (
  SELECT customer_id, manager_id, branch_id, from_at, coalesce(next_at, %(forever)s) AS until_at
  FROM dated
  UNION ALL
  SELECT c.id, coalesce(c.manager_id, 0), c.branch_id, %(always)s, %(forever)s
  FROM customers_customer c WHERE NOT EXISTS (
    SELECT FROM customers_customerassignment a WHERE a.customer_id = c.id))
INSERT INTO marketing_boardcharge (customer_id, place_id, from_at, until_at)
SELECT s.customer_id, w.place_id, greatest(s.from_at, w.from_at), least(s.until_at, w.until_at)
FROM spans s JOIN board_way w ON w.manager_id = s.manager_id AND w.branch_id = s.branch_id
  AND w.from_at < s.until_at AND s.from_at < w.until_at
ORDER BY s.customer_id
"""
CUSTOMERS = """
DELETE FROM marketing_boardcustomer;
INSERT INTO marketing_boardcustomer (customer_id, place_id, section, groups, families, territories)
SELECT c.id, w.place_id, coalesce(i.section, ''),
  ARRAY(SELECT unnest(coalesce(p.groups, '{}')) ORDER BY 1)::varchar[],
  ARRAY(SELECT unnest(coalesce(p.families, '{}')) ORDER BY 1)::varchar[],
  coalesce(t.ids, '{}')
FROM customers_customer c
JOIN board_way w ON w.manager_id = coalesce(c.manager_id, 0) AND w.branch_id = c.branch_id
  AND now() >= w.from_at AND now() < w.until_at
LEFT JOIN customers_portrait p ON p.customer_id = c.id
LEFT JOIN core_industrycode i ON i.code = c.industry_id
LEFT JOIN (SELECT customer_id, array_agg(territory_id ORDER BY territory_id) AS ids
  FROM customers_territorymember GROUP BY 1) t ON t.customer_id = c.id
ORDER BY c.id
"""
PAIRS = """
SELECT DISTINCT coalesce(manager_id, 0), branch_id FROM customers_customerassignment
UNION SELECT DISTINCT coalesce(manager_id, 0), branch_id FROM customers_customer
"""


@dataclass(frozen=True)
class Stay:
    """Something that held from one moment until another."""

    from_at: datetime
    until_at: datetime
    above: int | None


@dataclass(frozen=True)
class Way:
    """A chain of units from the head office down, and when it held."""

    from_at: datetime
    until_at: datetime
    path: Path


@transaction.atomic
def settle_places() -> None:
    """Seats, charges and what filters know of each customer are as the dated rows say now."""
    people, units = stays(OrgSpan.Kind.PERSON), stays(OrgSpan.Kind.UNIT)
    ways = unit_ways(units)
    with connection.cursor() as cursor:
        cursor.execute(PAIRS)
        pairs = cursor.fetchall()
    charges = [(manager, unit, way) for manager, unit in pairs for way in ways[unit]]
    seats = [
        (person, way)
        for person, rows in people.items()
        for stay in rows
        if stay.above is not None
        for way in cut_to(ways[stay.above], stay)
    ]
    places = _places(
        {(manager, way.path) for manager, _unit, way in charges}
        | {(person, way.path) for person, way in seats}
    )
    BoardSeat.objects.all().delete()
    BoardSeat.objects.bulk_create(
        BoardSeat(
            manager_id=person,
            place_id=places[person, way.path],
            from_at=way.from_at,
            until_at=way.until_at,
        )
        for person, way in seats
    )
    _write_charges(
        (manager, unit, places[manager, way.path], way.from_at, way.until_at)
        for manager, unit, way in charges
    )


def stays(kind: str) -> dict[int, list[Stay]]:
    """Of each person or unit, where it stood and when; without a record, where it stands now."""
    found: dict[int, list[Stay]] = defaultdict(list)
    for span in OrgSpan.objects.filter(kind=kind).order_by("ref", "from_at"):
        found[span.ref].append(Stay(span.from_at or ALWAYS, span.until_at or FOREVER, span.above))
    present: list[tuple[int, int | None]]
    if kind == OrgSpan.Kind.PERSON:
        present = list(User.objects.values_list("pk", "branch_id"))
    else:
        present = list(Branch.objects.values_list("pk", "parent_id"))
    for ref, above in present:
        if ref not in found:
            found[ref] = [Stay(ALWAYS, FOREVER, above)]
    return found


def unit_ways(units: Mapping[int, list[Stay]]) -> dict[int, list[Way]]:
    """Of each unit, the chains of units it hung in; they follow each other without a gap."""
    found: dict[int, list[Way]] = {}

    def ways(unit: int, below: frozenset[int]) -> list[Way]:
        if unit in found:
            return found[unit]
        rows: list[Way] = []
        for stay in units.get(unit, ()):
            if stay.above is None or stay.above in below:
                rows.append(Way(stay.from_at, stay.until_at, (unit,)))
                continue
            rows += [
                Way(way.from_at, way.until_at, (*way.path, unit))
                for way in cut_to(ways(stay.above, below | {unit}), stay)
            ]
        if not below:
            found[unit] = rows
        return rows

    return {unit: ways(unit, frozenset()) for unit in units}


def cut_to(ways: Iterable[Way], stay: Stay) -> list[Way]:
    """The ways as far as they held during the stay."""
    both = [
        Way(max(way.from_at, stay.from_at), min(way.until_at, stay.until_at), way.path)
        for way in ways
    ]
    return [way for way in both if way.from_at < way.until_at]


def _places(wanted: set[tuple[int, Path]]) -> dict[tuple[int, Path], int]:
    """The key of every place; new ones are written, none is ever changed."""
    known = {
        (place.manager_id or 0, tuple(place.path)): place.pk for place in BoardPlace.objects.all()
    }
    made = BoardPlace.objects.bulk_create(
        BoardPlace(manager_id=manager or None, path=list(path))
        for manager, path in sorted(wanted - known.keys())
    )
    return known | {(place.manager_id or 0, tuple(place.path)): place.pk for place in made}


def _write_charges(rows: Iterable[tuple[int, int, int, datetime, datetime]]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 5
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS board_way")
        cursor.execute(
            "CREATE TEMP TABLE board_way ON COMMIT DROP AS SELECT * FROM unnest(%s::bigint[], "
            "%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[]) "
            "w(manager_id, branch_id, place_id, from_at, until_at)",
            columns,
        )
        cursor.execute(CHARGES, {"always": ALWAYS, "forever": FOREVER})
        cursor.execute(CUSTOMERS)
        cursor.execute("ANALYZE marketing_boardcharge, marketing_boardcustomer")
