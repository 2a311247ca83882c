"""A coordination list taken back: prospects it brought and nobody touched since go with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import ForeignObjectRel, Model, Q
from django.utils.translation import gettext as _

from crm.core.words import Text
from customers.models import Customer, CustomerAssignment, ImportBatch, TerritoryMember
from customers.services.imports import household
from marketing.models import CareTask, PlannedVisit
from products.models import Suggestion

NAMED = 5  # kept prospects that the sentence names
# Counted from other rows: they say nothing of anybody's work, and go with the customer.
COUNTED = frozenset(
    {
        "customers.ledgercover", "customers.monthrollup", "customers.invoicemonth",
        "customers.counterpartymonth", "customers.declaredrollup", "customers.touchedmonth",
        "customers.portrait", "customers.portraitversion", "products.customermatch",
        "products.offerfit", "marketing.boardcharge", "marketing.boardcustomer",
        "marketing.goalloan", "marketing.goalcohort",
    }
)  # fmt: skip
# Rules make these, too; one that somebody worked on is work.
UNTOUCHED: Mapping[type[Model], Q] = {
    Suggestion: Q(state=Suggestion.State.NEW),
    CareTask: Q(state=CareTask.State.OPEN),
    PlannedVisit: Q(state=PlannedVisit.State.PLANNED, is_locked=False),
    CustomerAssignment: Q(reason=household.REASON),
    TerritoryMember: Q(is_grid=True, batch=None),
}


def take_back_prospects(batch: ImportBatch) -> tuple[int, dict[str, Any]]:
    """How many prospects went, and which stay with what stands in the way, as a sentence's code."""
    made = Customer.objects.filter(batch=batch)
    kept: dict[int, tuple[str, Text]] = {}
    for firm in made.select_for_update(of=("self",)):  # nobody begins work on one meanwhile
        if firm.version > 1 or firm.relation_state != Customer.RelationState.PROSPECT:
            kept[firm.pk] = (firm.name, _("edited"))
    for model, name in _sources():
        rows: Any = model._default_manager.filter(**{f"{name}__batch": batch})
        if model in UNTOUCHED:
            rows = rows.exclude(UNTOUCHED[model])
        for key, firm_name in rows.values_list(name, f"{name}__name"):
            kept.setdefault(key, (firm_name, model._meta.verbose_name or ""))
    gone = made.exclude(pk__in=kept)
    count = gone.count()
    gone.delete()
    Customer.objects.filter(pk__in=kept).update(batch=None)
    return count, _told(kept)


def _sources() -> list[tuple[type[Model], str]]:
    """Every table whose rows point to a customer, with the field, but those that are counted."""
    links = (
        link
        for link in Customer._meta.get_fields(include_hidden=True)
        if isinstance(link, ForeignObjectRel)
    )
    found = [(link.field.model, str(link.field.name)) for link in links]
    return [(model, name) for model, name in found if model._meta.label_lower not in COUNTED]


def _told(kept: Mapping[int, tuple[str, Text]]) -> dict[str, Any]:
    if not kept:
        return {}
    names = [f"{name}（{why}）" for name, why in list(kept.values())[:NAMED]]
    return {
        "code": "prospects_kept",
        "details": {"count": len(kept), "names": "、".join(names)},
    }
