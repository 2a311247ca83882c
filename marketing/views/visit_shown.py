"""A visit in words: its facts by category, its photos, how the check-in went."""

from __future__ import annotations

from dataclasses import dataclass

from crm.core.words import Text
from customers.features.declared import FACTS
from marketing.models import Visit, VisitFact, VisitPhoto
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


def photo_rows(visit: Visit) -> list[VisitPhoto]:
    """The photos of the visit, in the order in which they came."""
    return list(visit.photos.all())
