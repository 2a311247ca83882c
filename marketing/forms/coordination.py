"""Filters of the coordination list, the five checks, the decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from marketing.forms.filters import FilterForm
from marketing.market.checks import ANSWERS, CHECKS
from marketing.models import CoordinationItem
from marketing.selectors.coordination import STEPS, ItemQuery
from marketing.services.coordination import Decision

State = CoordinationItem.State
DAY = {"type": "date"}
NO_TOWN = "-"


class BoardFilterForm(FilterForm):
    """The period and the list; one bar for all figures."""

    first = forms.DateField(
        label=_("Received from"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("to"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    list_no = forms.ChoiceField(label=_("List"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of list"),
        required=False,
        choices=[("", _("Declared and recommended")), *CoordinationItem.Kind.choices],
    )

    def __init__(self, *args: Any, lists: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["list_no"]
        field.choices = [("", _("Every list")), *((name, name) for name in lists)]

    def query(self) -> ItemQuery:
        """The filters as the selectors take them."""
        return ItemQuery(**self.chosen())


class ItemFilterForm(BoardFilterForm):
    """What a number of the board adds to the bar."""

    step = forms.ChoiceField(
        label=_("Step"), required=False, choices=[("", _("Every step")), *STEPS.items()]
    )
    town = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    unit = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    owner = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    refusal = forms.ChoiceField(
        required=False,
        choices=[("", ""), *CoordinationItem.Refusal.choices],
        widget=forms.HiddenInput,
    )

    def query(self) -> ItemQuery:
        """With "-" for items of no town."""
        given = self.chosen()
        if given.get("town") == NO_TOWN:
            given["town"] = ""
        return ItemQuery(**given)


class ChecksForm(forms.Form):
    """The five entry conditions, each yes, no or cannot tell yet (VIS-4)."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: CoordinationItem, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {**item.checks, "version": item.version})
        super().__init__(*args, **kwargs)
        for check in CHECKS:
            self.fields[check.key] = forms.ChoiceField(
                label=check.label,
                help_text=check.help,
                required=False,
                choices=ANSWERS,
                widget=forms.RadioSelect,
            )

    def answers(self) -> dict[str, str]:
        """What was ticked."""
        return {check.key: self.cleaned_data[check.key] for check in CHECKS}


class ContactForm(forms.Form):
    """When the firm was first spoken to."""

    on = forms.DateField(label=_("Contacted on"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))


class DecisionForm(forms.Form):
    """What was decided; a refusal says why, and what would repair it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("Credit decision"),
        choices=[
            (State.APPROVED, State.APPROVED.label),
            (State.HELPED, _("Not now, can be repaired")),
            (State.REFUSED, State.REFUSED.label),
        ],
        widget=forms.RadioSelect,
    )
    amount = forms.DecimalField(
        label=_("Approved amount, yuan"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=2,
        help_text=_("Of an approval"),
    )
    refusal = forms.ChoiceField(
        label=_("Why not approved"),
        required=False,
        choices=[("", "—"), *CoordinationItem.Refusal.choices],
        help_text=_("Of a refusal"),
    )
    steps = forms.CharField(
        label=_("Steps that would repair it"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    retry_on = forms.DateField(
        label=_("Try again on"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def decision(self) -> Decision:
        """What was written, as the service takes it."""
        data = self.cleaned_data
        is_approval = data["state"] == State.APPROVED
        return Decision(
            state=data["state"],
            amount=data["amount"],
            refusal=data["refusal"],
            is_repairable=None if is_approval else data["state"] == State.HELPED,
            steps=data["steps"].strip(),
            retry_on=data["retry_on"],
            note=data["note"].strip(),
        )


class GiveForm(forms.Form):
    """Who works on the item."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("Worked on by"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = people
