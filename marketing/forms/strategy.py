"""The form of a branch strategy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from customers.features.groups import LABELS
from customers.models import ProductFamily, Territory
from marketing.forms.goals import TYPED, typed
from marketing.goals import METRICS
from marketing.goals.strategy import MIX, PLANNED, STYLES
from marketing.models import BranchStrategy
from marketing.selectors.strategy import industry_choices

PERCENT = Decimal("0.01")
NAMES = ("positioning", "focus_groups", "focus_families", "styles", "avoided")


@dataclass(frozen=True)
class PlaceFields:
    """One territory: whether it is a focus, and how many customers to win there."""

    territory: Territory
    chosen: BoundField
    plan: BoundField


class StrategyForm(forms.Form):
    """Focus as chips, figures of the year in the units beside them."""

    positioning = forms.CharField(
        label=_("positioning"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    focus_sections = forms.MultipleChoiceField(
        label=_("Focus industries"), required=False, widget=forms.CheckboxSelectMultiple
    )
    focus_divisions = forms.MultipleChoiceField(
        label=_("Divisions within them"), required=False, widget=forms.CheckboxSelectMultiple
    )
    focus_groups = forms.MultipleChoiceField(
        label=_("Focus groups"),
        required=False,
        choices=tuple(LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    focus_families = forms.MultipleChoiceField(
        label=_("Focus families"),
        required=False,
        choices=ProductFamily.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    styles = forms.MultipleChoiceField(
        label=_("Styles"), required=False, choices=STYLES, widget=forms.CheckboxSelectMultiple
    )
    avoided = forms.CharField(
        label=_("what we keep out of"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        strategy: BranchStrategy | None = None,
        places: Sequence[Territory] = (),
        **kwargs: Any,
    ) -> None:
        if strategy is not None:
            kwargs["initial"] = {name: getattr(strategy, name) for name in (*NAMES, "version")}
            chosen = strategy.focus_industries
            kwargs["initial"] |= {"focus_sections": chosen, "focus_divisions": chosen}
        super().__init__(*args, **kwargs)
        self._choose_industries()
        self.places = places
        self._add_goals(strategy.goals if strategy else {})
        self._add_mix(strategy.product_mix if strategy else {})
        self._add_places(strategy)

    def _choose_industries(self) -> None:
        """Sections are one letter, divisions two digits."""
        known = industry_choices()
        for name, width in (("focus_sections", 1), ("focus_divisions", 2)):
            shown = [(code, label) for code, label in known if len(code) == width]
            self.fields[name].choices = shown  # type: ignore[attr-defined]  # declared above

    @property
    def chosen_divisions(self) -> str:
        """The divisions chosen, as the closed list names them."""
        field: Any = self.fields["focus_divisions"]
        chosen = set(self["focus_divisions"].value() or ())
        return "、".join(str(label) for code, label in field.choices if code in chosen)

    def _add_goals(self, goals: dict[str, str]) -> None:
        for key in PLANNED:
            metric = METRICS[key]
            scale, unit = TYPED[metric.unit]
            self.fields[f"goal_{key}"] = forms.DecimalField(
                label=f"{metric.label} ({unit})" if unit else metric.label,
                required=False,
                max_digits=24,
                decimal_places=8,
                initial=typed(Decimal(goals[key]), scale) if key in goals else None,
            )

    def _add_mix(self, mix: dict[str, str]) -> None:
        for family in MIX:
            share = mix.get(family)
            self.fields[f"mix_{family}"] = forms.DecimalField(
                label=f"{ProductFamily(family).label} (%)",
                required=False,
                min_value=0,
                max_value=100,
                max_digits=5,
                decimal_places=2,
                initial=typed(Decimal(share), PERCENT) if share else None,
            )

    def _add_places(self, strategy: BranchStrategy | None) -> None:
        chosen = strategy.focus_territories if strategy else ()
        plan = strategy.territory_plan if strategy else {}
        for place in self.places:
            self.fields[f"place_{place.pk}"] = forms.BooleanField(
                label=place.name, required=False, initial=place.pk in chosen
            )
            self.fields[f"win_{place.pk}"] = forms.IntegerField(
                label=_("customers to win this year"),
                required=False,
                min_value=1,
                initial=plan.get(str(place.pk)),
            )

    def goal_fields(self) -> list[BoundField]:
        """The figures of the year."""
        return [self[f"goal_{key}"] for key in PLANNED]

    def mix_fields(self) -> list[BoundField]:
        """The planned share of each family of loans."""
        return [self[f"mix_{family}"] for family in MIX]

    def place_fields(self) -> list[PlaceFields]:
        """A line for each territory."""
        return [
            PlaceFields(place, self[f"place_{place.pk}"], self[f"win_{place.pk}"])
            for place in self.places
        ]

    def values(self) -> dict[str, Any]:
        """What the service writes; figures in yuan and shares, as text so that they stay exact.

        A territory with a number to win is chosen, ticked or not.
        """
        data = self.cleaned_data
        plan = {f"{one.pk}": data[f"win_{one.pk}"] for one in self.places if data[f"win_{one.pk}"]}
        goals = {key: data[f"goal_{key}"] for key in PLANNED if data[f"goal_{key}"] is not None}
        return {name: data[name] for name in NAMES} | {
            "focus_industries": [*data["focus_sections"], *data["focus_divisions"]],
            "focus_territories": [
                one.pk for one in self.places if data[f"place_{one.pk}"] or f"{one.pk}" in plan
            ],
            "territory_plan": plan,
            "product_mix": {
                family: str(data[f"mix_{family}"] * PERCENT)
                for family in MIX
                if data[f"mix_{family}"]
            },
            "goals": {key: str(one * TYPED[METRICS[key].unit][0]) for key, one in goals.items()},
        }
