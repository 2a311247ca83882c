"""The draft of a bundle: its content, and one line an item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, RegexValidator
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from products.models import BundleItem, BundleVersion, Product
from products.selectors.bundles import TARGETS, target_choices
from products.services.bundles import CODE, MOST_ITEMS, MOST_RATE_DISCOUNT, ItemInput

AS_CODE = RegexValidator(rf"^{CODE.pattern}\Z", _("Capital letters and digits, a letter first."))


class NewBundleForm(forms.Form):
    """Code and names of a new bundle."""

    code = forms.CharField(label=_("code"), max_length=16, validators=[AS_CODE])
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)


class BundleForm(forms.ModelForm):
    """What a version brings, for whom, and its price effect."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    fee_percent = forms.DecimalField(
        label=_("Fee discount, %"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=_("Taken off the fees of what is taken, never off premiums."),
    )

    class Meta:
        model = BundleVersion
        fields = (
            "benefit_zh", "benefit_en", "target_groups", "target_stages", "target_party_types",
            "rate_discount_bp",
        )  # fmt: skip
        widgets = {
            "benefit_zh": forms.Textarea({"rows": 2}),
            "benefit_en": forms.Textarea({"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, column in TARGETS.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=self.fields[name].label,
                required=False,
                choices=target_choices(column),
                widget=forms.CheckboxSelectMultiple,
                help_text=_("None ticked is everybody."),
            )
        discount = self.fields["rate_discount_bp"]
        discount.label = _("Rate discount, basis points")
        discount.validators.append(MaxValueValidator(MOST_RATE_DISCOUNT))
        discount.help_text = _("Holds where everything that counts is taken; insurance never does.")
        percent = Decimal(self.instance.fee_discount) * 100
        self.initial.setdefault("fee_percent", f"{percent.normalize():f}")  # 10, not 10.0000
        self.initial["revision"] = self.instance.revision

    def values(self) -> dict[str, Any]:
        """The content for the service."""
        known = dict(self.cleaned_data)
        known["fee_discount"] = known.pop("fee_percent") / 100
        known.pop("revision")
        return known | {"effective_from": None}


class ItemLineForm(forms.Form):
    """One place of the bundle; left empty it is no item."""

    role = forms.ChoiceField(
        label=_("Place in the bundle"), choices=BundleItem.Role.choices, initial="support"
    )
    products = forms.MultipleChoiceField(
        label=_("Products, the first that fits is taken"), required=False
    )
    service_zh = forms.CharField(label=_("or a service, Chinese"), required=False, max_length=60)
    service_en = forms.CharField(label=_("service, English"), required=False, max_length=80)
    condition_zh = forms.CharField(label=_("condition"), required=False, max_length=160)
    condition_en = forms.CharField(label=_("condition, English"), required=False, max_length=200)

    def __init__(self, *args: Any, products: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["products"]
        held = self.initial.get("products", [])  # first and in their order: so they are sent back
        chosen.choices = sorted(
            products, key=lambda one: held.index(one[0]) if one[0] in held else len(held)
        )
        chosen.widget.attrs["data-combobox"] = ""

    def item(self) -> ItemInput | None:
        """The item as written; None for an empty line."""
        known = self.cleaned_data
        if not known.get("products") and not known.get("service_zh"):
            return None
        return ItemInput(
            known["role"],
            tuple(map(int, known["products"])),
            known["service_zh"],
            known["service_en"],
            known["condition_zh"],
            known["condition_en"],
        )


_Lines = formset_factory(ItemLineForm, extra=2, max_num=MOST_ITEMS, validate_max=True)


def item_lines(version: BundleVersion, products: list[Product], data: Any = None) -> Any:
    """The lines of a version, and two empty ones."""
    choices = [(str(one.pk), str(one)) for one in products]
    initial = [
        {
            "role": item.role,
            "products": [str(product.pk) for product in item.choices.all()],
            "service_zh": item.service_zh,
            "service_en": item.service_en,
            "condition_zh": item.condition_zh,
            "condition_en": item.condition_en,
        }
        for item in version.items.all()
    ]
    return _Lines(data, initial=initial, prefix="items", form_kwargs={"products": choices})
