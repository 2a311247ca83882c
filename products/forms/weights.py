"""The form of a proposed set of weights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from products.selectors.weights import DEDUCTIONS, PARTS


class WeightsForm(forms.Form):
    """Points a part; the service checks that they sum to 100."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (PARTS | DEDUCTIONS).items():
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100)
        self.fields["note"] = forms.CharField(label=_("why"), max_length=200)

    def points(self) -> dict[str, int]:
        """The numbers without the note."""
        return {name: self.cleaned_data[name] for name in (*PARTS, *DEDUCTIONS)}
