"""The form of one customer and of its contacts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from crm.core.identifiers import is_mobile, is_pilot_uscc, is_uscc, tidy
from crm.core.models import IndustryCode, RegionCode
from customers.models import Contact, Customer
from customers.naming import clean_name

FIELDS = (
    "name",
    "party_type",
    "uscc",
    "legal_rep_name",
    "registry_status",
    "registry_kind",
    "industry",
    "region",
    "address",
    "registered_on",
    "founded_on",
    "registered_capital_amount",
    "is_do_not_contact",
)
_BASE_SALT = "customers.form"


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _looks_after(kind: str) -> dict[str, Any]:
    """A select that asks the server for its options while the user types."""
    return {"data-combobox": "", "data-src": f"/customers/codes/{kind}/"}


def _say_choose(form: forms.ModelForm, name: str) -> None:
    """The empty option of a select asks to choose."""
    field: Any = form.fields[name]
    field.choices = [("", _("Choose")), *(pair for pair in field.choices if pair[0])]


class CodeField(forms.ModelChoiceField):
    """A published code, found by typing; only the chosen one is in the page."""

    def __init__(self, model: type[IndustryCode] | type[RegionCode], **options: Any) -> None:
        widget = forms.Select(attrs=_looks_after(model._meta.model_name or ""))
        super().__init__(model.objects.all(), required=False, widget=widget, **options)

    def narrow(self, value: Any) -> None:
        """Only this option is written into the page; any code may still be sent."""
        chosen = self.queryset.filter(pk=value) if value else self.queryset.none()
        self.widget.choices = [("", ""), *((row.pk, str(row)) for row in chosen)]


class CustomerForm(forms.ModelForm):
    """What a manager may write about a customer; the signed base tells what was on the page."""

    industry = CodeField(IndustryCode, label=_("Industry"))
    region = CodeField(RegionCode, label=_("Region"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Customer
        fields = FIELDS
        widgets = {"registered_on": _day(), "founded_on": _day()}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say_choose(self, "party_type")
        capital = self.fields["registered_capital_amount"]
        capital.help_text = _("In yuan.")
        for name in ("industry", "region"):
            self.fields[name].narrow(self[name].value())  # type: ignore[attr-defined]
        if not self.is_bound and self.instance.pk:
            self.initial["version"] = self.instance.version
            self.initial["base"] = signing.dumps(shown_values(self.instance), salt=_BASE_SALT)

    def clean_name(self) -> str:
        """One form of the name; a name of blanks is none."""
        name = clean_name(self.cleaned_data["name"])
        if len(name) < 2:
            raise forms.ValidationError(_("Write the whole name."))
        return name

    def clean_uscc(self) -> str:
        """A valid code; an early code with another check character is kept and marked."""
        code = tidy(self.cleaned_data["uscc"])
        if code and not is_uscc(code) and not is_pilot_uscc(code):
            raise forms.ValidationError(
                _("This is not a unified social credit code: 18 characters, the last one checks.")
            )
        return code

    def clean(self) -> dict[str, Any]:
        """A firm is not in business before it was registered long ago, nor from tomorrow."""
        data = super().clean() or self.cleaned_data
        capital = data.get("registered_capital_amount")
        if capital is not None and capital < 0:
            self.add_error("registered_capital_amount", _("An amount is not negative."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """The service looks for an equal credit code: it may stand beyond this user's reach."""
        return {*super()._get_validation_exclusions(), "uscc"}

    def base_values(self) -> dict[str, Any] | None:
        """What stood on the page when it was opened, None when that was tampered with."""
        try:
            return dict(signing.loads(self.data.get("base", ""), salt=_BASE_SALT))
        except signing.BadSignature:
            return None


class ContactForm(forms.ModelForm):
    """One contact; the mobile number on record is not shown, an empty field keeps it."""

    mobile = forms.CharField(label=_("Mobile"), max_length=20, required=False)

    class Meta:
        model = Contact
        fields = ("name", "role", "is_decision_maker", "email")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Person's name")
        _say_choose(self, "role")
        if self.instance.mobile_masked:
            self.fields["mobile"].widget.attrs["placeholder"] = self.instance.mobile_masked
        self.fields["mobile"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def clean_mobile(self) -> str:
        """A mainland mobile number, or nothing."""
        mobile = tidy(self.cleaned_data["mobile"])
        if mobile and not is_mobile(mobile):
            raise forms.ValidationError(_("This is not a mobile number of 11 digits."))
        return mobile


class ContactFormSet(forms.BaseInlineFormSet):
    """The contacts of one customer; two of one name and role are refused in words."""

    def clean(self) -> None:
        """No contact twice."""
        super().clean()
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data or data.get("DELETE"):
                continue
            key = (data.get("name", ""), data.get("role", ""))
            if key in seen and key[0]:
                raise forms.ValidationError(_("The same contact stands here twice."))
            seen.add(key)


Contacts = forms.inlineformset_factory(
    Customer,
    Contact,
    form=ContactForm,
    formset=ContactFormSet,
    fk_name="customer",
    extra=1,
    max_num=20,
    validate_max=True,
)


def shown_values(customer: Customer) -> dict[str, Any]:
    """Every field of the form as text, to compare what was, what is, and what is wanted."""
    return {name: as_text(getattr(customer, _column(name))) for name in FIELDS}


def as_text(value: Any) -> str:
    """A value as the form shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, IndustryCode | RegionCode):
        return str(value.pk)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _column(name: str) -> str:
    return f"{name}_id" if name in ("industry", "region") else name
