"""The facts of a match in words, as its reader may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm.core.masking import mask, reads_bands
from crm.core.models import IndustryCode, TradeProfile, User
from customers.features.catalogue import COLUMNS
from customers.features.spec import Unit
from customers.models import ProductFamily
from customers.naming import in_own_language
from customers.selectors.portrait_words import say
from products.matching.vocabulary import KINDS

SENSITIVE = "C2"
LISTS = frozenset({"has_any", "has_all"})


def typed(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Stored inputs in the types of their columns: days were written as text."""
    found = dict(inputs)
    for key, value in inputs.items():
        kind = KINDS.get(key)
        if kind is not None and kind.type == "date" and isinstance(value, str):
            found[key] = date.fromisoformat(value)
    return found


class Words:
    """Says the facts of one match to one reader."""

    def __init__(self, facts: Mapping[str, Any], user: User) -> None:
        self.facts = facts
        self._is_masked = reads_bands(user)
        self._names = _names(facts.get("industry_code"), facts.get("trade_key"))

    def __getitem__(self, key: str) -> str:
        return self.told(key, self.facts.get(key))

    def label(self, key: str) -> str:
        """The name of a fact."""
        return str(COLUMNS[key].label) if key in COLUMNS else key

    def told(self, key: str, value: Any) -> str:
        """A value of this fact; amounts are bands for who may not read them."""
        column = COLUMNS[key]
        if value == []:
            return _("none")
        if value is not None and self._is_masked and column.data_class == SENSITIVE:
            if column.unit == Unit.YUAN:
                return mask("amount", max(value, 0), in_list=True)
            return "****"
        return say(column, value, self._names)

    def codes(self, key: str, values: Iterable[str]) -> str:
        """Some codes of a fact, by their names."""
        return say(COLUMNS[key], list(values), self._names)


def _names(industry: Any, trade: Any) -> Mapping[str, Mapping[str, str]]:
    """Names of codes whose columns list no choices."""
    families = {str(key): str(label) for key, label in ProductFamily.choices}
    found = {"families": families, "noncredit_needs": families}
    row = IndustryCode.objects.filter(pk=industry).first() if industry else None
    if row is not None:
        found["industry_code"] = {row.pk: in_own_language(row.name_zh, row.name_en)}
    profile = TradeProfile.objects.filter(pk=trade).first() if trade else None
    if profile is not None:
        found["trade_key"] = {profile.pk: in_own_language(profile.name_zh, profile.name_en)}
    return found
