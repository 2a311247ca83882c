"""The composer as a form: which bundle, which versions, and the terms of each item.

It is read from the address (GET recalculates) or from what is sent (POST saves): the same names.
An item is read only where it was on the page before (``on``); else it starts at its own values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from customers.features.declared import REPAYMENT_MODES
from products.models import BundleVersion, ProductVersion
from products.selectors.bundles import Suited, effective_bundles, suited_bundles
from products.selectors.compose import Item, Subject, best_offers
from products.selectors.quote_lines import Choice
from products.services.quotes import Composition, Draft, drafted, items_of

FREE = "free"  # no bundle: products picked one by one
MOST_ADDED = 12
BEST = 3  # offers of the match that free picking starts with


class ItemForm(forms.Form):
    """Take it or not, and its terms within the bounds of the version."""

    take = forms.BooleanField(label=_("Take it"), required=False)
    amount = forms.DecimalField(
        label=_("Amount, yuan"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    months = forms.IntegerField(label=_("Months"), required=False, min_value=1, max_value=600)
    rate = forms.DecimalField(
        label=_("Yearly rate, %"), required=False, min_value=0, max_digits=8, decimal_places=4
    )
    mode = forms.ChoiceField(label=_("Repayment"), required=False)

    def __init__(self, item: Item, data: QueryDict | None, initial: Choice) -> None:
        values = {
            "take": initial.is_taken,
            "amount": plain(item.amount),
            "months": item.months,
            "rate": plain(item.rate * 100),
            "mode": item.mode,
        }
        super().__init__(data, prefix=item.key, initial=values)
        self.item = item
        if not item.is_loan:
            for name in ("months", "rate", "mode"):
                del self.fields[name]
            if item.version is None or not item.has_volume:
                del self.fields["amount"]
            elif not item.is_credit:
                self.fields["amount"].label = item.volume_label
        else:
            mode: forms.ChoiceField = self.fields["mode"]
            mode.choices = [pair for pair in REPAYMENT_MODES if pair[0] in item.bounds.modes]
        if not item.can_be_taken:
            self.fields["take"].disabled = True
            self.initial["take"] = False

    def choice(self) -> Choice:
        """What was chosen; the item's own value where nothing can be read."""
        if not self.is_bound:
            return Choice(is_taken=bool(self.initial["take"]))
        self.is_valid()
        known = self.cleaned_data
        rate = known.get("rate")
        return Choice(
            is_taken=bool(known.get("take")),
            amount=known.get("amount"),
            months=known.get("months"),
            rate=None if rate is None else rate / 100,
            mode=known.get("mode") or "",
        )


@dataclass
class Composer:
    """One state of the composer for one customer."""

    subject: Subject
    data: QueryDict
    problems: dict[str, str] = field(default_factory=dict)

    @cached_property
    def suited(self) -> list[Suited]:
        """Every bundle in effect, the best suited first."""
        return suited_bundles(self.subject, bundles=effective_bundles())

    @cached_property
    def bundle(self) -> BundleVersion | None:
        """The bundle asked for; without a word the one that suits best, if one does."""
        asked = self.data.get("bundle", "")
        if asked == FREE:
            return None
        by_code = {one.version.bundle.code: one.version for one in self.suited}
        if asked in by_code:
            return by_code[asked]
        if any(self.data.getlist("add")):
            return None
        best = next((one for one in self.suited if one.suits), None)
        return best.version if best else None

    @cached_property
    def added(self) -> tuple[int, ...]:
        """Versions picked one by one."""
        asked = [text for text in self.data.getlist("add") if text.isdecimal() and len(text) < 10]
        if not asked and "on" not in self.data and self.bundle is None:
            return best_offers(self.subject.customer)[:BEST]
        return tuple(dict.fromkeys(map(int, asked)))[:MOST_ADDED]

    @cached_property
    def items(self) -> list[Item]:
        """The items of the page."""
        picks = {
            key.removeprefix("pick-"): int(value)
            for key, value in self.data.items()
            if key.startswith("pick-") and str(value).isdecimal() and len(str(value)) < 10
        }
        return items_of(self.subject, Composition(self.bundle, picks, self.added))

    @cached_property
    def forms(self) -> list[ItemForm]:
        """A form an item; bound where the item was on the page before."""
        shown = set(self.data.getlist("on"))
        return [
            ItemForm(item, self.data if item.mark in shown else None, starting(item))
            for item in self.items
        ]

    @cached_property
    def composition(self) -> Composition:
        """What was chosen, for the services."""
        picks = {item.key: item.version.pk for item in self.items if item.version}
        choices = {form.item.key: form.choice() for form in self.forms}
        return Composition(self.bundle, picks, self.added, choices)

    @cached_property
    def draft(self) -> Draft | None:
        """The composition worked out, or None with the problems said."""
        if unreadable := self._unreadable():
            self.problems = unreadable
            return None
        if not any(choice.is_taken for choice in self.composition.choices.values()):
            return None
        try:
            return drafted(subject=self.subject, items=self.items, composition=self.composition)
        except DomainError as error:
            self.problems = {key: str(text) for key, text in error.fields.items()} or {
                "": str(error.message)
            }
            return None

    def _unreadable(self) -> dict[str, str]:
        found = {}
        for form in self.forms:
            if form.is_bound and not form.is_valid() and form.data.get(f"{form.prefix}-take"):
                for name, errors in form.errors.items():
                    label = form.fields[name].label
                    found[f"{form.prefix}-{name}"] = f"{form.item.name}, {label}: {errors[0]}"
        return found

    def show_problems(self) -> None:
        """The problems stand beside their fields."""
        for form in self.forms:
            for name in form.fields:
                text = self.problems.get(f"{form.prefix}-{name}")
                if text and form.is_bound and not form.errors.get(name):
                    form.add_error(name, text)

    @property
    def is_as_shown(self) -> bool:
        """Whether the items are those of the page that was sent: nothing came or went since."""
        return {item.mark for item in self.items} == set(self.data.getlist("on"))

    @property
    def addable(self) -> Sequence[ProductVersion]:
        """Versions on sale that are not on the page yet."""
        held = {item.version.pk for item in self.items if item.version}
        return [version for version in self.subject.versions if version.pk not in held]


def starting(item: Item) -> Choice:
    """What is ticked at first: what can be had. Insurance only where the customer asks for it."""
    return Choice(is_taken=item.can_be_taken and not item.is_insurance)


def plain(value: Decimal) -> Decimal:
    """Without zeros at the end: 300000 and 4.35, never 3E+5."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short
