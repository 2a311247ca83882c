"""The forms of the catalogue: filters, a new product, a draft in sections with its fees, a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.forms.models import fields_for_model, model_to_dict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from customers.features.groups import LABELS as GROUPS
from customers.models import ProductFamily
from products.forms.fields import LinesField, PercentField, WanField
from products.models import FeeItem, Product, ProductVersion
from products.models.terms import OwnerLine
from products.selectors.terms import COLLATERAL
from products.selectors.version_checks import code_problems, term_problems
from products.selectors.version_words import CODED, LISTS
from products.services.catalogue import CODE, WRITABLE, FeeInput, stored_fees

DAY = {"type": "date"}
MONEY = frozenset({"amount_min", "amount_max", "amount_step"})
SHARES = frozenset({"amount_factor", "fixed_rate", "risk_weight", "yearly_principal_share"})
LONG = frozenset({"script", "risk_warning"})
SPREADS = frozenset({"spread_min_bp", "spread_max_bp"})
LTV = "ltv_"


class CatalogueFilterForm(forms.Form):
    """What narrows the list; what cannot be read is left out."""

    search = forms.CharField(
        label=_("Name or code"),
        required=False,
        max_length=40,
        widget=forms.SearchInput({"data-filter": True, "placeholder": _("Name or code")}),
    )
    family = forms.ChoiceField(
        required=False, choices=[("", _("Every family")), *ProductFamily.choices]
    )
    owner_line = forms.ChoiceField(
        required=False, choices=[("", _("Every line")), *OwnerLine.choices]
    )
    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("Every state")),
            *ProductVersion.State.choices,
            ("none", _("Nothing in force")),
        ],
    )
    group = forms.ChoiceField(
        required=False, choices=[("", _("Every customer group")), *GROUPS.items()]
    )

    def chosen(self) -> dict[str, Any]:
        """The filters that were given and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ProductForm(forms.ModelForm):
    """A new product: its code never changes, its first draft follows."""

    code = forms.CharField(
        label=_("Code"),
        max_length=16,
        help_text=_("Two letters and a number, as WC10."),
        validators=[RegexValidator(rf"^{CODE.pattern}\Z", _("Write it as WC10."))],
    )
    tags = LinesField(label=_("Tags"), longest=24, required=False)

    class Meta:
        model = Product
        fields = ("code", "name_zh", "name_en", "family", "owner_line", "tags")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tags"].widget.attrs["rows"] = 2

    def _get_validation_exclusions(self) -> set[str]:
        """The service refuses a code that exists, under its own lock."""
        return {*super()._get_validation_exclusions(), "code"}


class ProductNameForm(ProductForm):
    """What may change of a product without a new version: how it is called and who answers.

    ``seen`` tells what was on the page.
    """

    code = None
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta(ProductForm.Meta):
        fields = ("name_zh", "name_en", "owner_line", "tags")


class DecisionForm(forms.Form):
    """A checker's word."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("reject", _("Send back"))])
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class FeeForm(forms.Form):
    """One fee; a line without a name is none."""

    name_zh = forms.CharField(label=_("Fee"), max_length=40, required=False)
    timing = forms.ChoiceField(label=_("Charged"), choices=FeeItem.Timing.choices, required=False)
    sum_amount = forms.DecimalField(
        label=_("Sum, yuan"), min_value=0, max_digits=18, decimal_places=2, required=False
    )
    share = PercentField(label=_("or share of the amount, %"), max_value=100, required=False)
    name_en = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """A sum or a share, not both and not neither."""
        data = super().clean() or self.cleaned_data
        sizes = [data.get("sum_amount") is not None, data.get("share") is not None]
        if data.get("name_zh") and not self.errors and sum(sizes) != 1:
            self.add_error("sum_amount", _("Write a sum or a share."))
        if not data.get("name_zh") and any(sizes):
            self.add_error("name_zh", _("What is the fee called?"))
        return data


FeeForms = forms.formset_factory(FeeForm, extra=2, max_num=20, validate_max=True)


def fee_forms(
    version: ProductVersion, data: Any = None, fees: Iterable[FeeInput] | None = None
) -> Any:
    """The fees of a draft as forms; ``fees``, be it none at all, instead of the stored ones."""
    given = stored_fees(version) if fees is None else fees
    return FeeForms(data, prefix="fees", initial=[vars(fee) for fee in given])


def fee_inputs(forms_given: Any) -> list[FeeInput]:
    """The fees as written; a name that was emptied takes its fee away."""
    return [
        FeeInput(**{name: form.cleaned_data.get(name) for name in FeeForm.base_fields})
        for form in forms_given.forms
        if form.cleaned_data.get("name_zh")
    ]


class DraftForm(forms.Form):
    """Everything a draft may say, in the sections of the page; nothing is required to keep it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, version: ProductVersion, data: Any = None, base: str = "") -> None:
        super().__init__(data)
        self.version = version
        names = [name for name in WRITABLE if name != "loan_to_value"]
        self.fields.update(
            fields_for_model(ProductVersion, fields=names, formfield_callback=self._field)
        )
        self.initial = model_to_dict(version, fields=names) | {
            "revision": version.revision,
            "base": base,
        }
        for kind, label in COLLATERAL.items():
            part = version.loan_to_value.get(kind)
            self.fields[f"{LTV}{kind}"] = PercentField(label=label, max_value=100, required=False)
            if part is not None:
                self.initial[f"{LTV}{kind}"] = forms.DecimalField().to_python(str(part))

    def clean(self) -> dict[str, Any]:
        """Bounds the right way round, codes that exist."""
        data = super().clean() or self.cleaned_data
        values = self.values()
        problems = term_problems(values) | code_problems(values, self.version)
        for name, text in problems.items():
            self.add_error(name if name in self.fields else None, str(text))
        return data

    def values(self) -> dict[str, Any]:
        """What the service is given: one value for each name in WRITABLE that could be read."""
        data = self.cleaned_data
        found = {name: data[name] for name in WRITABLE if name in data}
        for name in LISTS.keys() & found.keys():  # chips have an order of their own
            found[name] = _in_order(found[name], getattr(self.version, name))
        found["loan_to_value"] = {
            kind: f"{data[f'{LTV}{kind}'].normalize():f}"
            for kind in COLLATERAL
            if data.get(f"{LTV}{kind}") is not None
        }
        return found

    def _field(self, column: models.Field[Any, Any], **options: Any) -> forms.Field | None:
        """The form field of a column, as people write it."""
        name = column.name
        common = {"label": capfirst(str(column.verbose_name)), "required": False}
        if name in MONEY:
            return WanField(**common, help_text=_("In 10,000 yuan."))
        if name in SHARES:
            return PercentField(**common, help_text=_("In percent."))
        if name == "season_months":
            months = [(month, str(month)) for month in range(1, 13)]
            return forms.TypedMultipleChoiceField(
                choices=months, coerce=int, widget=forms.CheckboxSelectMultiple, **common
            )
        if name in LISTS:
            return self._codes(name, LISTS[name], common)
        if name in CODED:
            return LinesField(**common, longest=24, help_text=_("Codes or their beginnings."))
        if name == "materials":
            return LinesField(**common, help_text=_("One a line."))
        if name == "effective_from":
            help_text = _("Empty: as soon as it is approved.")
            return forms.DateField(
                **common, widget=forms.DateInput(DAY, "%Y-%m-%d"), help_text=help_text
            )
        field = column.formfield(**options)
        if isinstance(column, models.TextField) and field is not None:
            field.widget.attrs["rows"] = 4 if name in LONG else 2
        if name in SPREADS and field is not None:
            field.help_text = _("Basis points over the base; below it with a minus.")
        return field

    def _codes(self, name: str, labels: Mapping[str, Any], common: dict[str, Any]) -> forms.Field:
        """Chips; codes of the version that the list does not name are kept."""
        strange = [code for code in getattr(self.version, name) if code not in labels]
        choices = [*labels.items(), *((code, code) for code in strange)]
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **common
        )


def _in_order(codes: list[str], stored: list[str]) -> list[str]:
    """These codes as they stood, the new ones last: unticked and ticked again is no change."""
    return [*(it for it in stored if it in codes), *(it for it in codes if it not in stored)]
