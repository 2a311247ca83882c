"""What a manager says of a suggestion."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from products.models import Suggestion


class AnswerForm(forms.Form):
    """The token that was shown, a reason where it is declined, and a note."""

    token = forms.CharField(required=False, max_length=60)
    reason = forms.ChoiceField(
        label=_("why not"), required=False, choices=Suggestion.Decline.choices
    )
    named = forms.BooleanField(required=False)  # the row names its customer
    note = forms.CharField(label=_("note"), required=False, max_length=200)
