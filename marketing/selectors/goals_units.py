"""Units as goals and strategies see them: which one a page shows, and who stands above whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crm.core.models import Branch, User
from crm.core.roles import Reach
from marketing.models import OrgSpan


@dataclass(frozen=True)
class Place:
    """Whose figures a page shows: a unit, or one manager's own customers."""

    label: str
    low: int
    high: int
    unit: Branch | None = None
    manager: User | None = None
    besides: tuple[tuple[int, int], ...] = ()  # intervals within it that are left out

    @property
    def key(self) -> str:
        """How the address names it."""
        if self.manager:
            return f"m{self.manager.pk}"
        return f"{self.unit.pk}" if self.unit else ""


def is_within(unit: Branch, user: User) -> bool:
    """Whether the unit lies wholly in the reach of the user."""
    return any(low <= unit.scope_lo and unit.scope_hi <= high for low, high in user.reach())


def is_above(user: User, unit: Branch) -> bool:
    """Whether the user sits in a unit above ``unit``; at the root, in the root itself."""
    own: Branch = user.branch
    if unit.parent_id is None:
        return own.pk == unit.pk
    return own.pk != unit.pk and own.scope_lo <= unit.scope_lo and unit.scope_hi <= own.scope_hi


def units_in_reach(user: User) -> QuerySet[Branch]:
    """Active units wholly in reach, in the order of the tree; none for a manager."""
    found = Q(pk__in=())
    for low, high in user.reach():
        found |= Q(scope_lo__gte=low, scope_hi__lte=high)
    return Branch.objects.filter(found, is_active=True).order_by("scope_lo", "pk")


def units_changed_since(at: datetime) -> bool:
    """Whether a unit was made or hung elsewhere since: every number of the tree is a new one then.

    What was summed by the old numbers belongs to other places now, and must not be shown.
    """
    hung = OrgSpan.objects.filter(kind=OrgSpan.Kind.UNIT, from_at__gt=at)
    return Branch.objects.filter(created_at__gt=at).exists() or hung.exists()


def people_changed_since(at: datetime) -> bool:
    """Whether somebody came or went to another unit since: a full unit makes the numbers anew."""
    moved = OrgSpan.objects.filter(kind=OrgSpan.Kind.PERSON, from_at__gt=at)
    return User.objects.filter(created_at__gt=at).exists() or moved.exists()


def place_of(user: User, unit_key: str) -> Place:
    """The unit asked for, else the highest one in reach, else the user's own customers.

    ``m12`` names the customers of a manager. DoesNotExist for whoever is not in reach.
    """
    if user.duty.reach == Reach.OWN and not unit_key:
        return Place(str(user), user.scope_no, user.scope_no, manager=user)
    if unit_key.startswith("m") and unit_key[1:].isdecimal() and len(unit_key) < 10:
        person = User.objects.get(pk=int(unit_key[1:]), is_active=True)
        if not any(low <= person.scope_no <= high for low, high in user.reach()):
            raise User.DoesNotExist
        return Place(str(person), person.scope_no, person.scope_no, manager=person)
    units = units_in_reach(user)
    if unit_key:
        unit = units.get(pk=int(unit_key)) if unit_key.isdecimal() and len(unit_key) < 10 else None
    else:
        unit = units.first()
    if unit is None:
        raise Branch.DoesNotExist
    return Place(unit.name, unit.scope_lo, unit.scope_hi, unit=unit)


def below(place: Place) -> list[Place]:
    """The parts a place is made of: units below, those at the unit itself, or a team's people."""
    if place.unit is None:
        return []
    units = list(
        Branch.objects.filter(parent=place.unit, is_active=True).order_by("scope_lo", "pk")
    )
    if units:
        return [Place(unit.name, unit.scope_lo, unit.scope_hi, unit=unit) for unit in units]
    people = User.objects.filter(branch=place.unit, is_active=True, role="rm").order_by("scope_no")
    return [Place(str(one), one.scope_no, one.scope_no, manager=one) for one in people]


def rest_of(place: Place) -> Place:
    """What a place holds beside its parts."""
    parts = below(place)
    besides = tuple((part.low, part.high) for part in parts)
    return replace(place, label=f"{place.label} · {rest_name(parts)}", besides=besides)


def rest_name(parts: Sequence[Place]) -> str:
    """What is in none of the parts, in words."""
    return _("The unit itself") if any(part.unit for part in parts) else _("Without a manager")
