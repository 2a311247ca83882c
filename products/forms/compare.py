"""What a comparison asks for: up to four products and one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.features.declared import REPAYMENT_MODES
from products.finance import Case
from products.finance.terms import MAX_MONTHS, due_date, fen
from products.forms.calculator import WAN, decimal
from products.selectors.compare import MOST
from products.selectors.compare_choice import Choice, choices_on, usual_choice

PLACES = tuple(f"c{no}" for no in range(1, MOST + 1))


class CompareForm(forms.Form):
    """A GET form; c1 to c4 name products as v12 (ours) or p3 (theirs)."""

    amount = decimal(
        gettext_lazy("Amount, 10,000 yuan"), least="0.01", most="1000000", places=6, required=True
    )
    months = forms.IntegerField(
        label=gettext_lazy("Months"),
        min_value=1,
        max_value=MAX_MONTHS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Repayment"),
        required=False,
        choices=[("", gettext_lazy("Each its own")), *REPAYMENT_MODES],
    )
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        choices = choices_on(today)
        super().__init__(_with_usual(data, choices))
        self.today = today
        for no, name in enumerate(PLACES, 1):
            self.fields[name] = forms.ChoiceField(
                label=_("Product %(no)s") % {"no": no},
                required=False,
                choices=[("", "—"), *_grouped(choices, self.data.get(name, ""))],
            )

    @property
    def places(self) -> list[forms.BoundField]:
        """The fields of the products."""
        return [self[name] for name in PLACES]

    def keys(self) -> list[str]:
        """The products chosen, in their order."""
        return [self.cleaned_data[name] for name in PLACES if self.cleaned_data.get(name)]

    def case(self) -> Case:
        """The case in yuan."""
        data = self.cleaned_data
        return Case(fen(data["amount"] * WAN), data["months"], due_date(self.today, 2))


def _grouped(choices: Sequence[Choice], chosen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices under the name of their bank; an older record that was named stays."""
    groups = [
        (owner, [(choice.key, _label(choice)) for choice in rows])
        for owner, rows in groupby(choices, key=lambda choice: choice.owner)
    ]
    if chosen and chosen not in {choice.key for choice in choices} and chosen[1:].isdecimal():
        groups.append((_("Earlier"), [(chosen, _("Chosen record"))]))
    return groups


def _label(choice: Choice) -> str:
    if choice.is_valid:
        return choice.label
    return _("%(name)s (expired)") % {"name": choice.label}


def _with_usual(given: Mapping[str, Any], choices: Sequence[Choice]) -> QueryDict:
    """The entries; without any product, our first one and who competes with it."""
    data = given.copy() if isinstance(given, QueryDict) else QueryDict(mutable=True)
    data.setdefault("amount", "30")
    data.setdefault("months", "12")
    named = [data.get(name) for name in PLACES if data.get(name)]
    if len(named) < 2 and not any(name in data for name in PLACES[1:]):
        for name, key in zip(PLACES, usual_choice(choices, data.get("c1", ""), MOST), strict=False):
            data[name] = key
    return data
