"""Forms of the ground floor: they read and check input; services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.models import Branch, Job, LprQuote, RuleParameter, User
from crm.core.roles import ROLES
from crm.core.selectors import org

DAY = {"type": "date"}


def _either(choices: list[tuple[str, Any]], empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *choices]


class FilterForm(forms.Form):
    """A filter of a list: what cannot be read is left out, never an error page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # the label stands inside the control
            if isinstance(field.widget, forms.TextInput | forms.SearchInput):
                field.widget.attrs.setdefault("placeholder", field.label)

    def chosen(self) -> dict[str, Any]:
        """The filters that were given and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class UserFilterForm(FilterForm):
    search = forms.CharField(
        label=_("Name or number"),
        required=False,
        max_length=40,
        widget=forms.SearchInput({"data-filter": True}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=_either([(key, role.label) for key, role in ROLES.items()], _("Every role")),
    )
    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Unit"), required=False)
    is_active = forms.TypedChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Active and closed")), ("1", _("Active")), ("0", _("Closed"))],
        coerce=lambda text: text == "1",
        empty_value=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["branch"]
        units.queryset, units.empty_label = org.branch_list(), _("Every unit")


class BranchForm(forms.ModelForm):
    """A unit."""

    class Meta:
        model = Branch
        fields = ("code", "name", "level", "parent", "region_code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.queryset, parent.empty_label = org.open_units(), _("None (head office)")
        if self.instance.pk:
            del self.fields["code"]


class UserForm(forms.ModelForm):
    """A member of staff."""

    class Meta:
        model = User
        fields = (
            "username", "full_name", "role", "branch", "employee_no", "phone", "email", "joined_on",
        )  # fmt: skip
        widgets = {"joined_on": forms.DateInput(DAY)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["branch"]
        unit.queryset = org.open_units()
        if self.instance.pk:
            del self.fields["username"]


class CoverForm(forms.Form):
    """Who stands in for whom, and when."""

    absent = forms.ModelChoiceField(User.objects.none(), label=_("Away"))
    stand_in = forms.ModelChoiceField(User.objects.none(), label=_("Stand-in"))
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(DAY))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(DAY))
    reason = forms.CharField(label=_("Reason"), max_length=120)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        absent: Any = self.fields["absent"]
        stand_in: Any = self.fields["stand_in"]
        stand_in.empty_label = _("Choose a colleague")
        absent.queryset = org.people_who_can_be_away(user=user)
        stand_in.queryset = org.possible_stand_ins(user=user)
        absent.initial = user.pk


class JobFilterForm(FilterForm):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=_either(list(Job.State.choices), _("Every state"))
    )
    kind = forms.CharField(label=_("Kind"), required=False, max_length=60)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AuditFilterForm(FilterForm):
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(DAY))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(DAY))
    actor = forms.IntegerField(required=False, widget=forms.HiddenInput)
    who = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=40,
        widget=forms.SearchInput({"data-filter": True}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("Every kind")),
            ("row", _("Rows changed")),
            ("event", _("Events")),
            ("read", _("Reads")),
        ],
    )
    event = forms.CharField(label=_("Event"), required=False, max_length=60)
    table_name = forms.CharField(label=_("Table"), required=False, max_length=63)
    row_pk = forms.CharField(label=_("Row"), required=False, max_length=64)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ParameterForm(forms.ModelForm):
    """A new value of one parameter from one day on."""

    class Meta:
        model = RuleParameter
        fields = ("value", "effective_from", "source", "reason")
        widgets = {"effective_from": forms.DateInput(DAY)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class LprForm(forms.ModelForm):
    """One day's quote, written in percent as it is published."""

    lpr_1y_pct = forms.DecimalField(
        label=_("1 year, %"), min_value=0, max_value=30, decimal_places=3, max_digits=6
    )
    lpr_5y_pct = forms.DecimalField(
        label=_("Over 5 years, %"), min_value=0, max_value=30, decimal_places=3, max_digits=6
    )

    class Meta:
        model = LprQuote
        fields = ("quoted_on", "source")
        widgets = {"quoted_on": forms.DateInput(DAY)}


class RevealForm(forms.Form):
    """Why somebody needs a value in full."""

    reason = forms.CharField(
        label=_("What do you need it for?"),
        min_length=4,
        max_length=200,
        widget=forms.TextInput({"autofocus": True}),
    )
