"""Forms of the match page: what a manager says of an offer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from products.models import MatchFeedback
from products.selectors.feedback import REASONS


class FeedbackForm(forms.Form):
    """Fits, not now, or does not fit, with the reason for the latter two."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    answer = forms.ChoiceField(label=_("answer"), choices=MatchFeedback.Answer.choices)
    reason = forms.ChoiceField(label=_("Why"), required=False, choices=[])
    note = forms.CharField(label=_("note"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.choices = [("", "—"), *REASONS.items()]
