"""A visit in words: its facts by category, its photos, how the check-in went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.words import Text
from customers.features.declared import FACTS
from customers.services.ledger_rows import KINDS as KINDS_OF_ROW
from customers.services.ledger_rows import Kind
from marketing.forms.visit import KINDS
from marketing.models import Visit, VisitFact, VisitPhoto
from marketing.selectors.visit_photos import same_photo
from marketing.selectors.visits_facts import fact_groups, fact_words
from products.selectors.suggestion_words import Money

SENTENCES: Mapping[str, Text] = {
    "term_days": gettext_lazy("%(n)s days"),
    "years": gettext_lazy("%(n)s years"),
    "every_days": gettext_lazy("every %(n)s days"),
    "replaceable": gettext_lazy("replaceable %(n)s / 5"),
}


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
class ShownRow:
    """One supplier, purchase or settlement as it was told."""

    label: Text
    title: Text
    parts: list[Text]
    said_by: str
    proof: str


def told_rows(visit: Visit, *, write: Money) -> list[ShownRow]:
    """The rows told at the visit; amounts as this reader sees them."""
    return [_told_row(one, write) for one in visit.rows_said if one["kind"] in KINDS_OF_ROW]


def _told_row(one: dict[str, Any], write: Money) -> ShownRow:
    told, spec = one["values"], KINDS_OF_ROW[one["kind"]]
    words = {name: _in_words(spec, name, value, write) for name, value in told.items()}
    if one["kind"] == "links":
        label, title = words.pop("side"), words.pop("counterparty_name")
    elif one["kind"] == "procure":
        label, title = words.pop("mode"), words.pop("item")
    else:
        label, title = words.pop("direction"), words.pop("mode")
    parts = [words[name] for name in spec.fields if words.get(name)]
    return ShownRow(label, title, parts, one["said_by"], one["proof"])


def _in_words(spec: Kind, name: str, value: Any, write: Money) -> Text:
    """A value of a row: amounts, shares, days, names of choices."""
    if name in ("yearly_amount", "batch_amount"):
        return write(Decimal(value))
    if name == "share":
        return f"{(Decimal(value) * 100).normalize():f}%"
    if name in SENTENCES:
        return str(SENTENCES[name]) % {"n": value}
    if name == "has_contract":
        return _("written contract") if value else _("no contract")
    if name == "is_core":
        return _("core enterprise") if value else ""
    field = spec.model._meta.get_field(name)
    return dict(field.flatchoices).get(value, str(value))


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
