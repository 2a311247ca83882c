"""What people write about competitors: 万元 and percent on the page, yuan and shares below."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.features.declared import REPAYMENT_MODES
from customers.models import ProductFamily
from products.finance.terms import fen
from products.forms.calculator import PERCENT, WAN, decimal
from products.models import Competitor, CompetitorNote, CompetitorProduct
from products.models.terms import Channel, GuaranteeMode

SCALES: Mapping[str, Decimal] = {
    "amount_min": WAN,
    "amount_max": WAN,
    "rate_min": 1 / PERCENT,
    "rate_max": 1 / PERCENT,
    "upfront_fee_share": 1 / PERCENT,
}
LISTS = ("wanted_industries", "limited_industries", "avoided_industries", "regions")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _whole(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=32_000, widget=widget
    )


def _chips(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class CodesField(forms.CharField):
    """Codes separated by blanks or commas."""

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value) or ""
        for mark in ",，、;；":
            text = text.replace(mark, " ")
        found = list(dict.fromkeys(text.upper().split()))
        if any(len(code) > 24 for code in found):
            raise forms.ValidationError(_("A code is at most 24 characters."))
        return found


def _codes(label: Any, help_text: Any = "") -> CodesField:
    return CodesField(label=label, required=False, help_text=help_text)


class CompetitorForm(forms.ModelForm):
    """A competitor; ``seen`` tells what was on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Competitor
        fields = ("name", "kind", "outlets", "style")

    def values(self) -> dict[str, Any]:
        """The columns."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def validate_unique(self) -> None:
        """Left to the service, which answers a second call with the first row."""


class NoteForm(forms.Form):
    """One dated note under one of the four topics."""

    topic = forms.ChoiceField(
        label=_("Topic"), choices=CompetitorNote.Topic.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    noted_on = forms.DateField(label=_("Noted on"), widget=_day())


class FactsForm(forms.Form):
    """What was seen of one product, with source, day and evidence."""

    name = forms.CharField(label=_("Product"), max_length=60)
    family = forms.ChoiceField(label=_("Family"), choices=ProductFamily.choices)
    amount_min = decimal(_("Smallest amount, 10,000 yuan"), most="1000000", places=6)
    amount_max = decimal(_("Largest amount, 10,000 yuan"), most="1000000", places=6)
    term_min_months = _whole(_("Shortest term, months"))
    term_max_months = _whole(_("Longest term, months"))
    is_revolving = forms.BooleanField(label=_("revolving"), required=False)
    rate_min = decimal(_("Lowest yearly rate, %"))
    rate_max = decimal(_("Highest yearly rate, %"))
    upfront_fee_share = decimal(_("Fee at the start, %"))
    yearly_fee_amount = decimal(_("Fee a year, yuan"), most="100000000", places=2)
    guarantee_modes = _chips(_("Guarantee"), GuaranteeMode.choices)
    repayment_modes = _chips(_("Repayment"), REPAYMENT_MODES)
    processing_hours = _whole(_("Decided within, hours"))
    channels = _chips(_("Channels"), Channel.choices)
    conditions = forms.CharField(
        label=_("Conditions of admission"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, in their words."),
    )
    min_years = decimal(_("Years in business at least"), places=1)
    max_lenders = _whole(_("Lenders at most"))
    wanted_industries = _codes(_("Industries wanted"), _("Codes such as C or 52, with blanks."))
    limited_industries = _codes(_("Industries limited"))
    avoided_industries = _codes(_("Industries avoided"))
    regions = _codes(_("Regions"), _("Division codes such as 3304; empty is everywhere."))
    source = forms.ChoiceField(
        label=_("Source"), choices=CompetitorProduct.Source.choices, widget=forms.RadioSelect
    )
    source_on = forms.DateField(label=_("Seen on"), widget=_day())
    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=CompetitorProduct.Confidence.choices,
        widget=forms.RadioSelect,
        initial="medium",
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=200,
        help_text=_("What proves it: a photo, a page, who said it and where."),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=_day(),
        help_text=_("Empty: the usual days after it was seen."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, known: CompetitorProduct | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = known

    def values(self) -> dict[str, Any]:
        """The columns in yuan and shares; a condition that was known keeps what judges it."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        lines = [line.strip() for line in data.pop("conditions").splitlines()]
        known = {item["text"]: item for item in (self.known.admission if self.known else [])}
        data["admission"] = [known.get(line, {"text": line}) for line in lines if line]
        for name, scale in SCALES.items():
            if data[name] is not None:
                value = data[name] * scale
                data[name] = fen(value) if scale == WAN else value
        return data

    def show(self, fields: Mapping[str, Any]) -> None:
        """What the service refused, at the field it is about."""
        for name, text in fields.items():
            field = "conditions" if name == "admission" else name
            self.add_error(field if field in self.fields else None, text)


def initial_facts(row: CompetitorProduct) -> dict[str, Any]:
    """A record as the form shows it."""
    found: dict[str, Any] = {name: getattr(row, name, None) for name in FactsForm.base_fields}
    for name, scale in SCALES.items():
        if found[name] is not None:
            found[name] = format((found[name] / scale).normalize(), "f")
    if found["min_years"] is not None:
        found["min_years"] = format(found["min_years"].normalize(), "f")
    for name in LISTS:
        found[name] = " ".join(found[name])
    found["conditions"] = "\n".join(str(item.get("text", "")) for item in row.admission)
    return found
