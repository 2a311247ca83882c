"""What narrows a customer list, one ``ListFilter`` each: how it reads, applies and names itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.models import Branch, IndustryCode, User
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.features.spec import Unit
from customers.models import Customer, Territory, TerritoryMember
from customers.naming import in_own_language

Rows = QuerySet[Any]
Values = tuple[str, ...]
Options = list[tuple[str, Text]]


@dataclass(frozen=True)
class ListFilter:
    """One filter. ``options`` are asked only when the filter is opened or on."""

    key: str
    label: Text
    narrow: Callable[[Values], Q]
    options: Callable[[User], Options]
    is_in_bar: bool = False  # beside the search box; the others wait in the drawer
    has_many: bool = False  # too many options for chips: a combobox


def _fixed(choices: Iterable[tuple[str, Text]]) -> Callable[[User], Options]:
    kept = list(choices)
    return lambda user: kept


def _one_of(field: str) -> Callable[[Values], Q]:
    return lambda values: Q(**{f"{field}__in": values})


def _holds(field: str) -> Callable[[Values], Q]:
    return lambda values: Q(**{f"{field}__overlap": list(values)})


def _numbers(values: Values) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) < 10]


def _in_branches(values: Values) -> Q:
    """Customers of these units and of all below them, as intervals of numbers."""
    found = Q(pk__in=[])
    for low, high in Branch.objects.filter(pk__in=_numbers(values)).values_list(
        "scope_lo", "scope_hi"
    ):
        found |= Q(scope_no__range=(low, high))
    return found


def _branches(user: User) -> Options:
    """Units within the user's reach."""
    inside = Q(pk__in=[])
    for low, high in user.reach():
        inside |= Q(scope_lo__gte=low, scope_hi__lte=high)
    units = Branch.objects.filter(inside).order_by("scope_lo")
    return [(str(unit.pk), unit.name) for unit in units]


def _with_managers(values: Values) -> Q:
    if "none" in values:
        return Q(manager__isnull=True)
    return Q(manager__in=_numbers(values))


def _managers(user: User) -> Options:
    """Relationship managers within the user's reach, and nobody."""
    inside = Q(pk__in=[])
    for low, high in user.reach():
        inside |= Q(scope_no__range=(low, high))
    people = User.objects.filter(inside, role="rm").order_by("scope_no")
    found: Options = [(str(person.pk), person.full_name) for person in people]
    return [*found, ("none", _("No manager yet"))]


def _in_industries(values: Values) -> Q:
    """Sections by their letter, divisions, groups and classes by the start of their code."""
    found = Q(pk__in=[])
    for value in values:
        if value.isalpha():
            section = IndustryCode.objects.filter(section=value.upper())
            found |= Q(industry__in=section.values("pk"))
        elif value.isdecimal():
            codes = IndustryCode.objects.filter(pk__startswith=value)
            found |= Q(industry__in=codes.values("pk"))
    return found


def _industries(user: User) -> Options:
    """Sections and divisions."""
    codes = IndustryCode.objects.filter(level__lte=2).order_by("section", "level", "pk")
    return [(c.pk, f"{c.pk} {in_own_language(c.name_zh, c.name_en)}") for c in codes]


def _in_territories(values: Values) -> Q:
    members = TerritoryMember.objects.filter(territory__in=_numbers(values))
    return Q(pk__in=members.values("customer"))


def _territories(user: User) -> Options:
    places = Territory.objects.visible_to(user).order_by("kind", "code")
    return [(str(place.pk), place.name) for place in places[:300]]


LEVELS: Options = [
    ("good", _("good (80 and more)")),
    ("fair", _("fair (60 to 79)")),
    ("poor", _("poor (below 60)")),
    ("none", _("not computed yet")),
]
_LEVEL_BOUNDS = {"good": (80, 101), "fair": (60, 80), "poor": (0, 60)}


def _at_level(field: str) -> Callable[[Values], Q]:
    """Scores of 0 to 100 by their level (POR-1)."""

    def narrow(values: Values) -> Q:
        found = Q(pk__in=[])
        for value in values:
            if value == "none":
                found |= Q(**{f"{field}__isnull": True})
            elif value in _LEVEL_BOUNDS:
                low, high = _LEVEL_BOUNDS[value]
                found |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
        return found

    return narrow


def _of_portrait(key: str, *, label: Text, is_in_bar: bool = False) -> list[ListFilter]:
    """A filter by a code, or a list of codes, of the portrait; none while there is no such one."""
    column = COLUMNS.get(key)
    if column is None:
        return []
    path = f"portrait__{key}"
    narrow = _holds(path) if column.unit == Unit.CODES else _one_of(path)
    many = len(column.choices) > 12
    return [ListFilter(key, label, narrow, _fixed(column.choices), is_in_bar, many)]


LIST_FILTERS: Catalogue[ListFilter] = Catalogue(
    "list filters",
    (
        ListFilter(
            "relation",
            _("Relation"),
            _one_of("relation_state"),
            _fixed(Customer.RelationState.choices),
            is_in_bar=True,
        ),
        ListFilter(
            "size",
            _("Size"),
            _one_of("portrait__size_class"),
            _fixed(Customer.SizeClass.choices),
            is_in_bar=True,
        ),
        *_of_portrait("stage", label=_("Stage"), is_in_bar=True),
        *_of_portrait("tier", label=_("Tier"), is_in_bar=True),
        *_of_portrait("groups", label=_("Customer group")),
        *_of_portrait("tags", label=_("Tag")),
        ListFilter("branch", _("Unit"), _in_branches, _branches, has_many=True),
        ListFilter("manager", _("Manager"), _with_managers, _managers, has_many=True),
        ListFilter("industry", _("Industry"), _in_industries, _industries, has_many=True),
        ListFilter("territory", _("Territory"), _in_territories, _territories, has_many=True),
        ListFilter(
            "completeness", _("Completeness"), _at_level("portrait__completeness"), _fixed(LEVELS)
        ),
        ListFilter("freshness", _("Freshness"), _at_level("portrait__freshness"), _fixed(LEVELS)),
        ListFilter(
            "party", _("Party type"), _one_of("party_type"), _fixed(Customer.PartyType.choices)
        ),
        ListFilter(
            "registry",
            _("Registry status"),
            _one_of("registry_status"),
            _fixed(Customer.RegistryStatus.choices),
        ),
    ),
)
