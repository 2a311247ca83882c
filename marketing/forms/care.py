"""What is said about care: outcomes, complaints, help, marks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from customers.models import ProductFamily
from marketing.care.kinds import COMPLAINT_KINDS, PROPOSALS
from marketing.models import Relief, Satisfaction

DAY = {"type": "date"}


class OutcomeForm(forms.Form):
    """What was done for a care task."""

    outcome = forms.CharField(label=_("What was done"), max_length=200)


class ComplaintForm(forms.Form):
    """A complaint as it came in."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=list(COMPLAINT_KINDS.items()), widget=forms.RadioSelect
    )
    received_on = forms.DateField(label=_("Came in on"), widget=forms.DateInput(DAY))
    text = forms.CharField(
        label=_("What is complained of"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class CloseComplaintForm(forms.Form):
    """Why it came to this, and what was done."""

    cause = forms.CharField(label=_("Cause"), max_length=200)
    fix = forms.CharField(label=_("What was done"), max_length=200)
    mark = forms.TypedChoiceField(
        label=_("How content is the customer now?"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(number, str(number)) for number in range(1, 6)],
        widget=forms.RadioSelect,
    )


class HandComplaintForm(forms.Form):
    """Who works on a complaint from now on, and what is asked for."""

    to = forms.TypedChoiceField(label=_("Who takes it over"), coerce=int)
    note = forms.CharField(label=_("What you ask for"), max_length=200)

    def __init__(self, people: Iterable[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  declared above
        field.choices = [(one.pk, f"{one.full_name} · {one.branch}") for one in people]


class ProposeForm(forms.Form):
    """One or more kinds of help."""

    proposals = forms.MultipleChoiceField(
        label=_("Help proposed"),
        choices=list(PROPOSALS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReliefOutcomeForm(forms.Form):
    """What came of the help."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Relief.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class MarkForm(forms.Form):
    """A mark from 1 to 5 and what it was asked after."""

    mark = forms.TypedChoiceField(
        label=_("Mark"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, 6)],
        widget=forms.RadioSelect,
    )
    after = forms.ChoiceField(label=_("Asked after"), choices=Satisfaction.After.choices)
    family = forms.ChoiceField(label=_("Product"), required=False)
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)
    subject = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        family = self.fields["family"]
        assert isinstance(family, forms.ChoiceField)  # noqa: S101  declared above
        family.choices = [("", _("No product")), *ProductFamily.choices]
