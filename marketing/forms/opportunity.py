"""What is asked about an opportunity; services decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.models import User
from customers.models import ProductFamily
from customers.services.export import LEAST_REASON
from marketing.models import Mode, Opportunity
from marketing.pipeline import TRACKS
from marketing.selectors.pipeline import versions_on_offer
from products.models import ProductVersion

WAN = 10_000


class WanYuan(forms.DecimalField):
    """Yuan, written in 万元 (ten thousands): 30 is 300,000 yuan. No fen is lost."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=6, min_value=0, **options)
        self.widget.attrs |= {"inputmode": "decimal", "step": "any"}

    def clean(self, value: Any) -> Decimal | None:
        """The amount in yuan."""
        written = super().clean(value)
        return None if written is None else (written * WAN).quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        """A stored amount in 万元; what was typed stays as it was typed."""
        if not isinstance(value, Decimal):
            return value
        return f"{(value / WAN).normalize():f}"


class VersionChoice(forms.ModelChoiceField):
    """A product version by the name of its product."""

    def label_from_instance(self, obj: Any) -> str:
        """Code and name."""
        return str(obj.product)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class DetailsForm(forms.Form):
    """What is known of the need, the product on offer, and what is done next."""

    title = forms.CharField(label=_("Need, in the customer's words"), required=False, max_length=80)
    amount = WanYuan(label=_("Amount (10,000 yuan)"), required=False)
    months = forms.IntegerField(label=_("Months"), required=False, min_value=1, max_value=360)
    expected_on = _day(_("Expected on"))
    version_chosen = VersionChoice(
        ProductVersion.objects.none(), label=_("Product"), required=False
    )
    next_action = forms.CharField(label=_("Next action"), required=False, max_length=120)
    next_on = _day(_("Next action on"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Opportunity, *args: Any, **kwargs: Any) -> None:
        names = [*(name for name in self.base_fields if name != "version"), "version"]
        kwargs.setdefault("initial", {name: getattr(row, name) for name in names})
        super().__init__(*args, **kwargs)
        versions: Any = self.fields["version_chosen"]
        versions.queryset = versions_on_offer(row.family, kept=row.version_chosen_id)
        versions.empty_label = _("Not chosen yet")

    def values(self) -> dict[str, Any]:
        """The details without the lock."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class OpenForm(forms.Form):
    """A new opportunity with one customer; ``merge_into`` is the open one it was refused for."""

    family = forms.ChoiceField(label=_("Family"), choices=[("", "—"), *ProductFamily.choices])
    origin_mode = forms.ChoiceField(
        label=_("How it came"),
        choices=Mode.choices,
        initial=Mode.ACTIVE,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("Need, in the customer's words"), required=False, max_length=80)
    amount = WanYuan(label=_("Amount (10,000 yuan)"), required=False)
    months = forms.IntegerField(label=_("Months"), required=False, min_value=1, max_value=360)
    expected_on = _day(_("Expected on"))
    merge_into = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def details(self) -> dict[str, Any]:
        """What opening and merging share."""
        names = ("title", "amount", "months", "expected_on")
        return {name: self.cleaned_data[name] for name in names}


class MoveForm(forms.Form):
    """Where it goes, on which version, and why when a stage is skipped or taken back."""

    to = forms.ChoiceField(
        choices=sorted(
            {stage.key: stage.key for t in TRACKS.values() for stage in t.stages}.items()
        )
    )
    version = forms.IntegerField(required=False)
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)


class TickForm(forms.Form):
    """One check of a gate, and what proves it."""

    key = forms.CharField(max_length=40)
    note = forms.CharField(label=_("What proves it"), required=False, max_length=200)
    version = forms.IntegerField(required=False)
    to = forms.CharField(required=False, max_length=16)


class LoseForm(forms.Form):
    """Why it was lost; to whom, where it was a competitor."""

    reason = forms.ChoiceField(
        label=_("Why it was lost"), choices=Opportunity.Lost.choices, widget=forms.RadioSelect
    )
    lost_to = forms.CharField(
        label=_("Name of the competitor"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "peers", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_("note"), required=False, max_length=200)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """Why it is opened again."""

    reason = forms.CharField(label=_("Why it is opened again"), max_length=200)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReassignForm(forms.Form):
    """To whom, why, and whether the customer goes along."""

    owner = forms.TypedChoiceField(
        label=_("New manager"), coerce=int, widget=forms.Select({"data-combobox": ""})
    )
    reason = forms.CharField(label=_("Why it changes hands"), max_length=120)
    with_customers = forms.BooleanField(
        label=_("Hand the customer over as well"),
        required=False,
        initial=True,
        help_text=_(
            "Only who looks after the customer sees its opportunities; "
            "its other open ones go along."
        ),
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, people: list[User], *args: Any, open_counts: dict[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        owners: Any = self.fields["owner"]
        owners.choices = [("", "—"), *((one.pk, _person(one, open_counts)) for one in people)]


def _person(one: User, open_counts: dict[int, int]) -> str:
    """Name, unit and the work at hand, so that nobody is chosen blindly."""
    count = open_counts.get(one.pk, 0)
    text = ngettext(
        "%(name)s · %(unit)s · %(count)s open opportunity",
        "%(name)s · %(unit)s · %(count)s open opportunities",
        count,
    )
    return text % {"name": one, "unit": one.branch, "count": count}


class FileForm(forms.Form):
    """The list as it stands in its address, and what the file is for."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    reason = forms.CharField(label=_("What it is for"), min_length=LEAST_REASON, max_length=200)
