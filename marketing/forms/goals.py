"""The form of a unit's goals: target, baseline and weight of every metric for a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from marketing.goals import METRICS, Metric
from marketing.goals.spec import Unit
from marketing.models import RegTarget
from marketing.selectors.goals import goals_stamp

# How a figure is typed: what one stands for, and the word behind it.
TYPED: Mapping[Unit, tuple[Decimal, Text]] = {
    Unit.YUAN: (Decimal(10_000), _("¥10,000")),
    Unit.COUNT: (Decimal(1), ""),
    Unit.SHARE: (Decimal("0.01"), "%"),
    Unit.POINTS: (Decimal("0.01"), _("percentage points")),
    Unit.RATE: (Decimal("0.01"), "%"),
    Unit.DAYS: (Decimal(1), _("days")),
}


@dataclass(frozen=True)
class GoalFields:
    """One metric with its three fields, and what stands today."""

    metric: Metric
    caliber: str
    unit: Text
    target: BoundField
    baseline: BoundField
    weight: BoundField
    in_force: RegTarget | None
    waiting: RegTarget | None


class GoalsForm(forms.Form):
    """A metric without a target has no goal; figures are typed in the unit beside them."""

    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Sequence[RegTarget] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = goals_stamp(rows)
        self.in_force = {row.metric: row for row in rows if row.state == RegTarget.State.APPROVED}
        self.waiting = {row.metric: row for row in rows if row.state != RegTarget.State.APPROVED}
        for metric in METRICS:
            row = self.waiting.get(metric.key) or self.in_force.get(metric.key)
            scale = TYPED[metric.unit][0]
            for name, value in (
                ("target", row and typed(row.target, scale)),
                ("baseline", row and typed(row.baseline, scale)),
            ):
                self.fields[f"{name}_{metric.key}"] = forms.DecimalField(
                    label=f"{metric.label}, {self._word(name)}",
                    required=False,
                    max_digits=24,
                    decimal_places=8,
                    initial=value,
                )
            self.fields[f"weight_{metric.key}"] = forms.DecimalField(
                label=f"{metric.label}, {self._word('weight')}",
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=2,
                initial=row.weight.normalize() if row else None,
            )

    @staticmethod
    def _word(name: str) -> Text:
        return {"target": _("target"), "baseline": _("baseline"), "weight": _("weight")}[name]

    def lines(self) -> list[GoalFields]:
        """The fields by metric."""
        return [
            GoalFields(
                metric,
                metric.caliber,
                TYPED[metric.unit][1],
                self[f"target_{metric.key}"],
                self[f"baseline_{metric.key}"],
                self[f"weight_{metric.key}"],
                self.in_force.get(metric.key),
                self.waiting.get(metric.key),
            )
            for metric in METRICS
        ]

    def targets(self) -> dict[tuple[str, str], tuple[Decimal, Decimal | None, Decimal]]:
        """What was typed, in yuan and shares; metrics that wait for a decision are left alone."""
        found = {}
        for metric in METRICS:
            target = self.cleaned_data.get(f"target_{metric.key}")
            row = self.waiting.get(metric.key)
            if target is None or (row and row.state == RegTarget.State.SUBMITTED):
                continue
            scale = TYPED[metric.unit][0]
            baseline = self.cleaned_data.get(f"baseline_{metric.key}")
            weight = self.cleaned_data.get(f"weight_{metric.key}")
            caliber = row.caliber if row else metric.caliber
            found[(metric.key, caliber)] = (
                target * scale,
                None if baseline is None else baseline * scale,
                Decimal(1) if weight is None else weight,
            )
        return found


def typed(value: Decimal | None, scale: Decimal) -> Decimal | None:
    """The figure in the unit of the form, without zeros at its end."""
    if value is None:
        return None
    plain = (value / scale).normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
