"""A visit in words: its facts by category, its photos, how the check-in went."""

from __future__ import annotations

from dataclasses import dataclass

from crm.core.words import Text
from customers.features.declared import FACTS
from marketing.forms.visit import KINDS
from marketing.models import Visit, VisitFact, VisitPhoto
from marketing.selectors.visit_photos import same_photo
from marketing.selectors.visits_facts import fact_groups, fact_words


@dataclass(frozen=True)
class ShownFact:
    """One fact of a visit with its words."""

    label: Text
    words: str
    row: VisitFact


@dataclass(frozen=True)
class ShownGroup:
    """One category with what was said in it."""

    label: Text
    facts: list[ShownFact]


def fact_rows(visit: Visit) -> list[ShownGroup]:
    """What was said, by category; categories in which nothing was said are left out."""
    rows = list(visit.facts.all())
    found = []
    for group in fact_groups():
        facts = [_shown(row) for row in rows if row.category == group.no]
        if facts:
            found.append(ShownGroup(group.label, facts))
    return found


def _shown(row: VisitFact) -> ShownFact:
    spec = FACTS.get(row.key)
    label: Text = spec.label if spec else row.key
    if spec and spec.is_sealed:
        return ShownFact(label, "····", row)
    return ShownFact(label, fact_words(row.key, row.value), row)


@dataclass(frozen=True)
class ShownPhoto:
    """One photo; ``is_known`` where another visit shows the same."""

    label: Text
    row: VisitPhoto
    is_known: bool


def photo_rows(visit: Visit) -> list[ShownPhoto]:
    """The photos of the visit, in the order in which they came; at most a handful."""
    kinds = dict(KINDS)
    return [
        ShownPhoto(kinds.get(row.kind, row.kind), row, same_photo(row).exists())
        for row in visit.photos.all()
    ]
