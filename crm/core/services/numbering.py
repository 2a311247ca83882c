"""Pre-order numbers with gaps for the tree of units and people; rows that hang on them follow.

A unit's interval is [scope_lo, scope_hi]: its own number, then its people, then its child units.
A new unit or person takes a free number; when none is left, the whole tree is numbered again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from crm.core.models import Branch, User

STEP = 16  # room between neighbours
SPARE = 8  # at least so many free places for people and for child units


@dataclass(frozen=True)
class Follower:
    """A table whose ``column`` is the number of its manager, or without one of its unit."""

    table: str
    manager: str | None
    unit: str | None
    column: str = "scope_no"


FOLLOWERS: list[Follower] = [Follower("core_task", "owner_id", None)]


def follow_scope(
    table: str, *, manager: str | None, unit: str | None, column: str = "scope_no"
) -> None:
    """``table.column`` is kept equal to the number of its manager or unit, by every renumbering."""
    follower = Follower(table, manager, unit, column)
    if follower not in FOLLOWERS:
        FOLLOWERS.append(follower)


def lock_tree() -> None:
    """One change of the tree at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('core.tree'))")


@transaction.atomic
def place_unit(branch: Branch) -> None:
    """A unit that was just saved has an interval inside its parent's."""
    lock_tree()
    renumber()
    branch.refresh_from_db()


@transaction.atomic
def place_person(user: User) -> None:
    """A person who was just saved, or moved, has a number inside the unit's interval."""
    lock_tree()
    number = _free_number(user)
    if number is None:
        renumber()
        user.refresh_from_db()
        return
    User.objects.filter(pk=user.pk).update(scope_no=number)
    user.scope_no = number
    follow(people=[user.pk])


def _free_number(user: User) -> int | None:
    """The next free number among the unit's own people, None when the room is used up."""
    unit = Branch.objects.get(pk=user.branch_id)
    if unit.scope_hi <= unit.scope_lo:
        return None
    first_child = unit.children.exclude(scope_lo=0).order_by("scope_lo").first()
    end = first_child.scope_lo if first_child else unit.scope_hi
    inside = User.objects.filter(scope_no__gt=unit.scope_lo, scope_no__lt=end).exclude(pk=user.pk)
    last = inside.order_by("-scope_no").values_list("scope_no", flat=True).first()
    number = (last or unit.scope_lo) + STEP
    return number if number < end else None


@transaction.atomic
def renumber() -> None:
    """Every unit and person has its number anew, and every row that hangs on them follows."""
    lock_tree()
    children, people = _tree()
    units: list[tuple[int, int, int]] = []
    numbers: list[tuple[int, int]] = []

    def walk(unit: int, start: int) -> int:
        at = start
        for person in people[unit]:
            at += STEP
            numbers.append((person, at))
        at += STEP * max(SPARE, len(people[unit]) // 2)
        for child in children[unit]:
            at = walk(child, at + STEP)
        at += STEP * max(SPARE, (at - start) // STEP // 4)
        units.append((unit, start, at))
        return at

    at = 0
    for root in children[None]:
        at = walk(root, at + STEP)
    _write(units, numbers)
    follow()


def _tree() -> tuple[dict[int | None, list[int]], dict[int, list[int]]]:
    """Child units by unit, and people by unit, in the order of their present numbers."""
    children: dict[int | None, list[int]] = defaultdict(list)
    people: dict[int, list[int]] = defaultdict(list)
    for unit in Branch.objects.order_by("scope_lo", "pk").only("parent_id"):
        children[unit.parent_id].append(unit.pk)
    for user in User.objects.order_by("scope_no", "pk").only("branch_id"):
        people[user.branch_id].append(user.pk)
    return children, people


def _write(units: list[tuple[int, int, int]], numbers: list[tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_branch b SET scope_lo = n.lo, scope_hi = n.hi "
            "FROM unnest(%s::bigint[], %s::int[], %s::int[]) n(id, lo, hi) "
            "WHERE b.id = n.id AND (b.scope_lo, b.scope_hi) IS DISTINCT FROM (n.lo, n.hi)",
            [[u[0] for u in units], [u[1] for u in units], [u[2] for u in units]],
        )
        cursor.execute(
            "UPDATE core_user u SET scope_no = n.no FROM unnest(%s::bigint[], %s::int[]) n(id, no) "
            "WHERE u.id = n.id AND u.scope_no IS DISTINCT FROM n.no",
            [[n[0] for n in numbers], [n[1] for n in numbers]],
        )


def follow(*, people: list[int] | None = None) -> int:
    """Rows carry the number of their manager or unit; returns how many moved."""
    moved = 0
    with connection.cursor() as cursor:
        for follower in FOLLOWERS:
            cursor.execute(*_follow_sql(follower, people))
            moved += cursor.rowcount
    return moved


def _follow_sql(follower: Follower, people: list[int] | None) -> tuple[str, list[Any]]:
    """One set-based update of one table, for all rows or for those of some managers."""
    table, column, manager, unit = (
        follower.table,
        follower.column,
        follower.manager,
        follower.unit,
    )
    joins, numbers = "", []
    if manager:
        joins += f" LEFT JOIN core_user u ON u.id = t.{manager}"
        numbers.append("u.scope_no")
    if unit:
        joins += f" LEFT JOIN core_branch b ON b.id = t.{unit}"
        numbers.append("b.scope_lo")
    number = f"coalesce({', '.join(numbers)}, 0)"
    where, params = f"t.{column} IS DISTINCT FROM {number}", list[Any]()
    if people is not None:
        if not manager:
            return "SELECT WHERE false", []
        where += f" AND t.{manager} = ANY(%s)"
        params.append(people)
    return (
        f"UPDATE {table} AS target SET {column} = moved.no FROM "
        f"(SELECT t.id, {number} AS no FROM {table} t{joins} WHERE {where}) moved "
        "WHERE target.id = moved.id",
        params,
    )
