"""Why somebody is due, in sentences of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.core.models import User
from customers.features.catalogue import COLUMNS
from customers.models import ProductFamily
from marketing.models import PlannedVisit
from marketing.planning.reasons import REASON_KINDS
from products.models import Product
from products.selectors.suggestion_words import Money, writer


@dataclass(frozen=True)
class Sentence:
    """One reason as it is read; ``label`` is its short name."""

    code: str
    label: str
    text: str
    tone: str


def sentences(stops: Iterable[PlannedVisit], *, user: User) -> dict[int, list[Sentence]]:
    """By stop its reasons, the strongest first; one query for the names of products."""
    rows = list(stops)
    codes = {
        one["inputs"]["product"]
        for stop in rows
        for one in stop.reasons
        if one["code"] == "suggestion"
    }
    is_english = (get_language() or "").startswith("en")
    name = "name_en" if is_english else "name_zh"
    products = dict(Product.objects.filter(code__in=codes).values_list("code", name))
    money = writer(user)
    return {stop.pk: spoken(stop.reasons, products=products, money=money) for stop in rows}


def spoken(
    reasons: Iterable[Mapping[str, Any]], *, products: Mapping[str, str], money: Money
) -> list[Sentence]:
    """Stored reasons as sentences; codes that are no longer known are left out."""
    found = []
    for one in reasons:
        kind = REASON_KINDS.get(one["code"])
        if kind is None:
            continue
        told = {key: _value(key, value, products, money) for key, value in one["inputs"].items()}
        found.append(Sentence(kind.key, str(kind.label), str(kind.sentence) % told, kind.tone))
    return found


def _value(key: str, value: Any, products: Mapping[str, str], money: Money) -> Any:
    if key == "amount":
        return money(value)
    if key in ("on", "last"):
        return date.fromisoformat(value).strftime("%Y-%m-%d") if value else _("never")
    if key == "family":
        return str(ProductFamily(value).label) if value in ProductFamily.values else value
    if key == "product":
        return products.get(value, value)
    if key == "tier":
        return str(dict(COLUMNS["tier"].choices).get(value, value))
    if key == "what":
        return value or _("next action")
    return value
