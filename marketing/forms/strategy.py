"""The form of a branch strategy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.features.groups import LABELS
from customers.models import ProductFamily
from marketing.forms.goals import TYPED, typed
from marketing.goals import METRICS
from marketing.goals.strategy import PLANNED, STYLES
from marketing.models import BranchStrategy
from marketing.selectors.strategy import industry_choices


class StrategyForm(forms.Form):
    """Focus as chips, figures of the year in the units beside them."""

    positioning = forms.CharField(
        label=_("positioning"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    focus_industries = forms.MultipleChoiceField(
        label=_("Focus industries"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
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

    def __init__(self, *args: Any, strategy: BranchStrategy | None = None, **kwargs: Any) -> None:
        if strategy is not None:
            names = ("positioning", "focus_industries", "focus_groups", "focus_families")
            names += ("styles", "avoided", "version")
            kwargs["initial"] = {name: getattr(strategy, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["focus_industries"].choices = industry_choices()  # type: ignore[attr-defined]  # declared above
        goals = strategy.goals if strategy else {}
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

    def goal_fields(self) -> list[forms.BoundField]:
        """The figures of the year."""
        return [self[f"goal_{key}"] for key in PLANNED]

    def values(self) -> dict[str, Any]:
        """What the service writes; figures in yuan and shares, as text so that they stay exact."""
        told = {
            name: self.cleaned_data[name]
            for name in (
                "positioning", "focus_industries", "focus_groups", "focus_families", "styles",
                "avoided",
            )
        }  # fmt: skip
        goals = {}
        for key in PLANNED:
            value = self.cleaned_data.get(f"goal_{key}")
            if value is not None:
                goals[key] = str(value * TYPED[METRICS[key].unit][0])
        return told | {"goals": goals}
