"""What people decided about a customer by hand, and what the customer asked to correct."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from customers.features.declared import FACTS
from customers.features.groups import PRIMARY_GROUP
from customers.features.size import CLASSES
from customers.features.stage import STAGE
from customers.features.tags import SET_BY_HAND
from customers.models import CorrectionRequest, Customer, GroupOverride, ManualTag

Target = GroupOverride.Target
SETTABLE: dict[str, dict[str, Text]] = {
    Target.GROUP: dict(PRIMARY_GROUP.choices),
    Target.STAGE: {key: label for key, label in STAGE.choices if key != "unknown"},
    Target.SIZE: {key: Customer.SizeClass(key).label for key in CLASSES},
}
TAGS: dict[str, Text] = dict(SET_BY_HAND)
SHOWN = 20


@dataclass(frozen=True)
class SetByHand:
    """One setting in force: what it says in words, why, until when."""

    row: GroupOverride
    value: Text


@dataclass(frozen=True)
class Correction:
    """One request with the name of its figure, and whether its answer is late."""

    row: CorrectionRequest
    label: Text
    is_late: bool


def settings_in_force(*, customer: Customer, today: date) -> list[SetByHand]:
    """Group, stage and size set by hand and not yet ended."""
    rows = GroupOverride.objects.filter(customer=customer, until_on__gt=today)
    found = rows.select_related("decided_by").order_by("target")
    return [SetByHand(row, SETTABLE[row.target].get(row.value, row.value)) for row in found]


def tags_in_force(*, customer: Customer, today: date) -> QuerySet[ManualTag]:
    """Tags put on by hand and not yet ended."""
    rows = ManualTag.objects.filter(customer=customer, until_on__gt=today)
    return rows.select_related("decided_by")


def corrections(*, customer: Customer, today: date) -> list[Correction]:
    """Requests of the customer, open ones first, each with the day its answer is due."""
    rows = CorrectionRequest.objects.filter(customer=customer)
    found = rows.select_related("entered_by", "decided_by").order_by("-state", "due_on")[:SHOWN]
    is_open = CorrectionRequest.State.OPEN
    return [
        Correction(row, figure_name(row.key), row.state == is_open and row.due_on < today)
        for row in found
    ]


def figure_name(key: str) -> Text:
    """The name of a declared fact or a portrait column."""
    if key in FACTS:
        return FACTS[key].label
    column = COLUMNS.get(key)
    return (column.label if column else "") or key


def figure_choices() -> list[tuple[str, Text]]:
    """Every figure that a customer may ask to have corrected, by its name."""
    named = {key: fact.label for key, fact in FACTS.items()}
    named |= {column.key: column.label for column in COLUMNS if column.label}
    return sorted(named.items(), key=lambda item: str(item[1]))
