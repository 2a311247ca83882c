"""A mark for a visit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MARKS = [(str(score), str(score)) for score in range(6)]


class ReviewForm(forms.Form):
    """Mark, note, and the visit as it was read."""

    score = forms.ChoiceField(label=_("mark"), choices=MARKS, widget=forms.RadioSelect)
    note = forms.CharField(label=_("note"), required=False, max_length=200)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        """The mark as the service takes it."""
        data = self.cleaned_data
        return {"score": int(data["score"]), "note": data["note"], "version": data["version"]}
