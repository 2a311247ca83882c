"""What the calculator asks for: amount in 万元, rate and fees in percent, as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from customers.features.declared import REPAYMENT_MODES
from products.finance import Case, Fee
from products.finance.terms import MAX_MONTHS, due_date, fen
from products.models import ProductVersion
from products.selectors.calculator import OurTerms, credit_versions, our_terms
from products.selectors.terms import Lpr, lpr_on

POINT = Decimal("0.01")
WAN = Decimal(10_000)
PERCENT = Decimal(100)
MONTHS = [(str(no), str(no)) for no in range(1, 13)]
USUAL: dict[str, Any] = {
    "amount": "30",
    "months": "12",
    "mode": "equal_instalment",
    "use": "100",
}


def decimal(
    label: Any, *, least: str = "0", most: str = "100", places: int = 4, **options: Any
) -> forms.DecimalField:
    """A figure with a numeric keyboard on phones."""
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
    options.setdefault("required", False)
    return forms.DecimalField(
        label=label,
        min_value=Decimal(least),
        max_value=Decimal(most),
        decimal_places=places,
        widget=widget,
        **options,
    )


class VersionField(forms.ModelChoiceField):
    """A version by the code and name of its product."""

    def label_from_instance(self, version: ProductVersion) -> str:
        return str(version.product)


@dataclass(frozen=True)
class Asked:
    """What was asked: the case, the mode, the rate, the fees, and the version behind them."""

    case: Case
    mode: str
    yearly_rate: Decimal
    fees: tuple[Fee, ...]
    terms: OurTerms | None


class CalculatorForm(forms.Form):
    """A GET form: its address alone gives the same calculation again."""

    amount = decimal(
        _("Amount, 10,000 yuan"), least="0.01", most="1000000", places=6, required=True
    )
    months = forms.IntegerField(
        label=_("Months"),
        min_value=1,
        max_value=MAX_MONTHS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    version = VersionField(
        queryset=ProductVersion.objects.none(),
        required=False,
        label=_("Product"),
        empty_label=_("Free: own rate"),
    )
    rate = decimal(_("Yearly rate, %"), most="36")
    mode = forms.ChoiceField(label=_("Repayment"), choices=REPAYMENT_MODES)
    first = forms.DateField(
        label=_("First payment on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    upfront = decimal(_("Fee at the start, %"))
    upfront_sum = decimal(_("Fee at the start, yuan"), most="100000000", places=2)
    monthly_sum = decimal(_("Fee a month, yuan"), most="100000000", places=2)
    yearly_sum = decimal(_("Fee a year, yuan"), most="100000000", places=2)
    season = forms.MultipleChoiceField(
        label=_("Months of the season"),
        choices=MONTHS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    use = decimal(_("Drawn on average, %"), least="1")
    yearly = decimal(_("Principal at each year end, %"))

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        self.today, self.quote = today, lpr_on(today)
        full = _with_usual(data, today, self.quote)
        super().__init__(full)
        self.address = full.urlencode()
        self.fields["version"].queryset = credit_versions()  # type: ignore[attr-defined]
        for name in ("amount", "months"):
            self.fields[name].widget.attrs["required"] = True

    @property
    def chosen(self) -> OurTerms | None:
        """The version chosen, priced today."""
        version = self.cleaned_data.get("version")
        return our_terms(version, self.quote) if version else None

    def clean(self) -> dict[str, Any]:
        """A rate is given or follows from the product; a season has months."""
        data = super().clean() or {}
        terms = self.chosen
        if data.get("rate") is None and "rate" not in self.errors:
            low = terms.rate_low if terms else None
            if low is None:
                self.add_error("rate", _("Enter a yearly rate."))
            else:
                data["rate"] = low * PERCENT
        if data.get("mode") == "seasonal" and not self.season_months:
            self.add_error("season", _("Choose the months in which money comes in."))
        return data

    @property
    def season_months(self) -> tuple[int, ...]:
        """The months chosen, else those of the product."""
        chosen = self.cleaned_data.get("season") or ()
        terms = self.chosen
        return tuple(map(int, chosen)) or (tuple(terms.version.season_months) if terms else ())

    def asked(self) -> Asked:
        """The valid entries in yuan and shares."""
        data, terms = self.cleaned_data, self.chosen
        case = Case(
            amount=fen(data["amount"] * WAN),
            months=data["months"],
            first_due=data.get("first") or due_date(self.today, 2),
            season_months=self.season_months,
            yearly_principal_share=(data.get("yearly") or Decimal(0)) / PERCENT,
            use_share=(data.get("use") or PERCENT) / PERCENT,
        )
        own = _own_fees(data)
        fees = (*(terms.fees if terms else ()), *own)
        return Asked(case, data["mode"], data["rate"] / PERCENT, fees, terms)


def _own_fees(data: Mapping[str, Any]) -> list[Fee]:
    """The fees that were entered, beside those of the product."""
    found = []
    if data.get("upfront"):
        found.append(Fee("upfront", share=data["upfront"] / PERCENT))
    for name, timing in (
        ("upfront_sum", "upfront"),
        ("monthly_sum", "monthly"),
        ("yearly_sum", "yearly"),
    ):
        if data.get(name):
            found.append(Fee(timing, data[name]))
    return found


def _with_usual(given: Mapping[str, Any], today: date, quote: Lpr | None) -> QueryDict:
    """The entries, and what is usual for those that are not in the address."""
    data = given.copy() if isinstance(given, QueryDict) else _as_query(given)
    if "fresh" in data:  # another product was chosen: its rate and mode, not those of the last one
        for name in ("fresh", "rate", "mode", "season", "yearly"):
            data.pop(name, None)
    terms = _terms(data.get("version", ""), quote)
    if not data.get("rate"):
        rate = terms.rate_low if terms else quote.lpr_1y + POINT if quote else None
        if rate is not None and (terms or "rate" not in data):
            data["rate"] = f"{rate * PERCENT:.4f}".rstrip("0").rstrip(".")
    if terms and terms.modes:
        data.setdefault("mode", terms.modes[0])
        if terms.version.season_months and "season" not in data:
            data.setlist("season", [str(month) for month in terms.version.season_months])
    if terms and terms.version.yearly_principal_share and "yearly" not in data:
        data["yearly"] = f"{terms.version.yearly_principal_share * PERCENT:g}"
    for name, value in USUAL.items():
        data.setdefault(name, value)
    data.setdefault("first", due_date(today, 2).isoformat())
    return data


def _as_query(given: Mapping[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in given.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def _terms(version: str, quote: Lpr | None) -> OurTerms | None:
    """The version whose number was sent, if there is one on sale."""
    found = credit_versions().filter(pk=version).first() if version.isdecimal() else None
    return our_terms(found, quote) if found else None
