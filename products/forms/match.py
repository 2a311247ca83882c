"""The form of a missing fact: one field for each thing that can be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.declared import Declared, FactType

PERCENT = Decimal(100)
UNITS: dict[str, Text] = {
    "yuan": _("yuan"),
    "ratio": _("per cent"),
    "persons": _("persons"),
    "months": _("months"),
    "years": _("years"),
    "year": _("year"),
    "m2": "m²",
    "mu": _("mu"),
    "scale": _("1 to 5"),
}


class FactForm(forms.Form):
    """Whatever was told; at least one field is filled. Shares are asked in per cent."""

    def __init__(self, facts: Sequence[Declared], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = {fact.key: fact for fact in facts}
        for fact in facts:
            self.fields[fact.key] = _field(fact)

    def clean(self) -> dict[str, Any]:
        """Something was told."""
        found = super().clean() or {}
        if not self.errors and not any(value not in (None, "", []) for value in found.values()):
            raise forms.ValidationError(_("Fill in what was told."))
        return found

    def values(self) -> dict[str, Decimal | str | date]:
        """The facts as they are stored."""
        return {
            key: _stored(self.facts[key], value)
            for key, value in self.cleaned_data.items()
            if value not in (None, "", [])
        }


def _field(fact: Declared) -> forms.Field:
    plain: dict[str, Any] = {"label": fact.label, "required": False}
    if fact.type == FactType.DAY:
        return forms.DateField(widget=forms.DateInput({"type": "date"}), **plain)
    if fact.type == FactType.CODES and fact.choices:
        return forms.MultipleChoiceField(
            choices=list(fact.choices), widget=forms.CheckboxSelectMultiple, **plain
        )
    if fact.type != FactType.NUMBER:
        if fact.choices:
            choices = list(fact.choices)
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **plain)
        return forms.CharField(max_length=200, **plain)
    return forms.DecimalField(
        help_text=UNITS.get(fact.unit, ""),
        min_value=_bound(fact, fact.low),
        max_value=_bound(fact, fact.high),
        max_digits=16,
        decimal_places=2,
        **plain,
    )


def _bound(fact: Declared, value: float | None) -> Decimal | None:
    if value is None:
        return None
    return Decimal(str(value)) * (PERCENT if fact.unit == "ratio" else 1)


def _stored(fact: Declared, value: Any) -> Decimal | str | date:
    if fact.type == FactType.CODES:
        return " ".join(value) if isinstance(value, list) else str(value)
    if fact.type == FactType.NUMBER and fact.unit == "ratio":
        share: Decimal = value / PERCENT
        return share
    told: Decimal | str | date = value
    return told
