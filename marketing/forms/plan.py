"""What is asked of a week: a stop on another day, a customer to add."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MoveForm(forms.Form):
    """The other day, and the plan as it was read."""

    on = forms.DateField(label=_("day"))
    version = forms.IntegerField(min_value=1)


class VersionForm(forms.Form):
    """The plan as it was read."""

    version = forms.IntegerField(min_value=1)


class AddForm(forms.Form):
    """Who is added, and for which day."""

    customer = forms.IntegerField(label=_("customer"), min_value=1)
    on = forms.DateField(label=_("day"))


class WeekForm(forms.Form):
    """The week to plan."""

    week = forms.DateField(label=_("week"))
