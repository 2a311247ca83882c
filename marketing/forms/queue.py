"""What is said with an item of the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.models import User


class DoForm(forms.Form):
    """What was done, or what comes next and when."""

    note = forms.CharField(label=_("What was done"), required=False, max_length=200)
    next_on = forms.DateField(
        label=_("On"), required=False, widget=forms.DateInput({"type": "date"})
    )


class PutOffForm(forms.Form):
    """Until which day the item rests; days off move it to the next working day."""

    until = forms.DateField(label=_("Put off until"), widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)


class PassOnForm(forms.Form):
    """Who takes it over, and what is asked for."""

    to = forms.TypedChoiceField(label=_("Who takes it over"), coerce=int)
    note = forms.CharField(label=_("What you ask for"), max_length=200)

    def __init__(self, people: Iterable[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  declared above
        field.choices = [(person.pk, person.full_name) for person in people]
