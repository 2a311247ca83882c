"""One sensitive number to put on record."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import CustomerIdentifier


class IdentifierForm(forms.Form):
    """The kind of number and the number; the service checks that they fit."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerIdentifier.Kind.choices)
    number = forms.CharField(
        label=_("Number"),
        min_length=4,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
