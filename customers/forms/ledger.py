"""Forms of the ledger: the facts of one category, and a supplier, purchase or settlement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.features.declared import Declared, FactType
from customers.features.declared_ledger import COST_SHARES
from customers.models import ChainLink, ProcureMode, Quality, SettleMode, Source
from customers.selectors.ledger_facts import Said
from customers.services.ledger import FactClash, Word, mark_of

PERCENT = Decimal(100)
_SALT = "customers.ledger"
COST_KEYS = frozenset(fact.key for fact in COST_SHARES)
UNITS: dict[str, Text] = {
    "yuan": _("yuan"),
    "ratio": _("per cent"),
    "persons": _("persons"),
    "days": _("days"),
    "years": _("years"),
}
SOURCES = (Source.VISIT, Source.STATEMENT, Source.CHANNEL, Source.CROSS_CHECK)


def _percent(share: Decimal | None) -> Decimal | None:
    """A ratio in per cent, without the zeros that dividing left."""
    return None if share is None else (share * PERCENT).normalize()


class PercentField(forms.DecimalField):
    """A share, written in per cent: 30 is 0.3."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 7, "decimal_places": 2, **options})

    def to_python(self, value: Any) -> Any:
        """The share as a ratio."""
        number = super().to_python(value)
        return None if number is None else number / PERCENT

    def validate(self, value: Any) -> None:
        """The bounds are told in per cent, as it was written."""
        super().validate(_percent(value))

    def run_validators(self, value: Any) -> None:
        """The same for the bounds."""
        super().run_validators(_percent(value))

    def prepare_value(self, value: Any) -> Any:
        """A ratio as per cent; what was typed stays as it is."""
        if isinstance(value, Decimal):
            return f"{(value * PERCENT).normalize():f}"
        return value


class WordForm(forms.Form):
    """Who said it, what proves it, when, and how far it can be trusted."""

    said_by = forms.CharField(
        label=_("Who said it"),
        max_length=60,
        required=False,
        help_text=_("Owner, spouse, bookkeeper, neighbour …"),
    )
    proof = forms.CharField(
        label=_("What proves it"),
        max_length=200,
        required=False,
        help_text=_("Wages list, lease, power bill, photo … Empty: nothing yet."),
    )
    as_of = forms.DateField(
        label=_("As of"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.ChoiceField(
        label=_("Source"), choices=[(item.value, item.label) for item in SOURCES]
    )
    quality = forms.ChoiceField(label=_("Quality"), choices=Quality.choices)

    def word(self) -> Word:
        """The answers as the service takes them."""
        names = ("as_of", "said_by", "proof", "source", "quality")
        return Word(**{name: self.cleaned_data[name] for name in names})


WORD_NAMES = ("said_by", "proof", "as_of", "source", "quality")


class FactsForm(WordForm):
    """The facts of one category; what is changed is said, what is emptied is withdrawn."""

    is_checked = forms.BooleanField(
        label=_("All answers above were checked again"),
        required=False,
        help_text=_("Writes them all with this day, changed or not."),
    )
    marks = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, said: Sequence[Said], today: date, data: Any = None) -> None:
        self.said = {one.fact.key: one for one in said}
        initial: dict[str, Any] = {
            key: _shown(one) for key, one in self.said.items() if not one.fact.is_sealed
        }
        marks = {key: mark_of(one) for key, one in self.said.items()}
        initial |= {
            "as_of": today,
            "source": Source.VISIT,
            "quality": Quality.DECLARED,
            "marks": signing.dumps(marks, salt=_SALT),
        }
        super().__init__(data, initial=initial)
        word = {name: self.fields.pop(name) for name in (*WORD_NAMES, "is_checked", "marks")}
        for key, one in self.said.items():
            self.fields[key] = fact_field(one.fact)
        self.fields |= word

    def clean_marks(self) -> dict[str, str]:
        """What stood on the page; a lost or altered note is refused."""
        try:
            return dict(signing.loads(self.cleaned_data["marks"], salt=_SALT))
        except signing.BadSignature:
            raise forms.ValidationError(_("Open the form again, please.")) from None

    def values(self) -> dict[str, Any]:
        """What is to be said: the changed facts, or all of them when they were checked again.

        Shares of cost are said together: one changed share sends all eight, an empty one as 0.
        """
        told = {key: self._told(key) for key in self.said}
        everything = self.cleaned_data["is_checked"]
        found = {
            key: value
            for key, value in told.items()
            if value not in (None, "") and (everything or value != self.said[key].value)
        }
        if COST_KEYS & found.keys():
            found |= {key: told[key] or Decimal(0) for key in COST_KEYS}
        return found

    def withdrawn(self) -> list[str]:
        """Facts that stood and were emptied; a sealed one is not shown, so empty says nothing."""
        said = self.values()
        return [
            key
            for key, one in self.said.items()
            if key not in said
            and one.value is not None
            and not one.fact.is_sealed
            and self._told(key) in (None, "")
        ]

    def _told(self, key: str) -> Any:
        value = self.cleaned_data.get(key)
        fact = self.said[key].fact
        if fact.type == FactType.CODES:
            return " ".join(value or ())
        if (fact.steps or fact.unit == "flag") and value not in (None, ""):
            return Decimal(value)
        return value

    def show_theirs(self, clash: FactClash) -> None:
        """The other one's answers beside the own ones; a second save replaces them."""
        marks = dict(self.cleaned_data["marks"])
        for key in clash.keys:
            theirs = clash.current[key]
            marks[key] = mark_of(theirs)
            said = theirs.value if not theirs.fact.is_sealed else "****"
            by = theirs.row.entered_by if theirs.row else ""
            text = _("On record now: %(value)s (%(by)s). Save again to replace it.")
            self.add_error(
                key, forms.ValidationError(text, params={"value": _plain(theirs, said), "by": by})
            )
        sent: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        sent["marks"] = signing.dumps(marks, salt=_SALT)
        self.data = sent


def _plain(said: Said, value: Any) -> Any:
    if said.fact.unit == "ratio" and isinstance(value, Decimal):
        return f"{(value * PERCENT).normalize():f} %"
    if said.fact.steps and isinstance(value, Decimal):
        return said.fact.steps[int(value) - 1]
    names = dict(said.fact.choices)
    return names.get(value, value)


def _shown(said: Said) -> Any:
    value = said.value
    if value is not None and said.fact.type == FactType.CODES:
        return value.split()
    if value is not None and said.fact.steps:
        return str(int(value))
    if isinstance(value, Decimal) and said.fact.unit != "ratio":
        return value.normalize() if value != value.to_integral() else int(value)
    return value


def fact_field(fact: Declared) -> forms.Field:
    """The field that takes one fact: per cent for shares, sentences for scales."""
    plain: dict[str, Any] = {"label": fact.label, "required": False}
    if fact.type == FactType.DAY:
        return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **plain)
    if fact.type == FactType.CODES and fact.choices:
        return forms.MultipleChoiceField(
            choices=list(fact.choices), widget=forms.CheckboxSelectMultiple, **plain
        )
    if fact.type != FactType.NUMBER:
        if fact.choices:
            return forms.ChoiceField(choices=[("", _("Not known")), *fact.choices], **plain)
        return forms.CharField(max_length=200, **plain)
    if fact.steps:
        steps = [(str(no), text) for no, text in enumerate(fact.steps, start=1)]
        return forms.ChoiceField(choices=[("", _("Not known")), *steps], **plain)
    if fact.unit == "flag":
        choices = [("", _("No answer")), ("0", _("no")), ("1", _("yes"))]
        return forms.ChoiceField(choices=choices, **plain)
    low = None if fact.low is None else Decimal(str(fact.low))
    high = None if fact.high is None else Decimal(str(fact.high))
    plain["help_text"] = UNITS.get(fact.unit, "")
    if fact.unit == "ratio":
        bounds = {"min_value": low and low * PERCENT, "max_value": high and high * PERCENT}
        bounds["min_value"] = Decimal(0) if low == 0 else bounds["min_value"]
        return PercentField(**bounds, **plain)
    return forms.DecimalField(
        min_value=low, max_value=high, max_digits=20, decimal_places=4, **plain
    )


class EntityForm(WordForm):
    """What the three kinds of entity share: their version, and who said it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    own_names: tuple[str, ...] = ()

    def __init__(self, row: Any, today: date, data: Any = None) -> None:
        names = (*self.own_names, *WORD_NAMES)
        initial: dict[str, Any] = {"as_of": today, "source": Source.VISIT}
        initial["quality"] = Quality.DECLARED
        if row is not None:
            initial = {name: getattr(row, name) for name in names} | {"version": row.version}
        super().__init__(data, initial=initial)
        self.order_fields([*self.own_names, *WORD_NAMES, "version"])
        if row is not None and row.source not in SOURCES:
            field: Any = self.fields["source"]
            field.choices = [*field.choices, (row.source, Source(row.source).label)]

    def values(self) -> Mapping[str, Any]:
        """The columns of the row."""
        return {name: self.cleaned_data[name] for name in self.own_names}


def _choose(choices: Sequence[tuple[str, Text]], **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=list(choices), **options)


def _whole(label: Text, *, low: int = 0, high: int = 3650, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=low, max_value=high, **options)


def _money(label: Text) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=18,
        decimal_places=2,
        help_text=_("yuan"),
    )


class LinkForm(EntityForm):
    """A supplier or buyer."""

    side = _choose(ChainLink.Side.choices, label=_("Side"))
    counterparty_name = forms.CharField(label=_("Counterparty"), max_length=120)
    goods = forms.CharField(label=_("Goods"), max_length=80, required=False)
    yearly_amount = _money(_("Yearly amount"))
    share = PercentField(
        label=_("Share of this side"),
        max_digits=9,
        decimal_places=4,
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        help_text=_("per cent"),
    )
    years = _whole(_("Years of trade"), high=100)
    term_days = _whole(_("Days of credit"))
    has_contract = forms.NullBooleanField(
        label=_("Written contract"),
        required=False,
        widget=forms.Select(
            choices=[("unknown", _("Not known")), ("true", _("yes")), ("false", _("no"))]
        ),
    )
    is_core = forms.BooleanField(label=_("Core enterprise"), required=False)
    replaceable = _whole(
        _("Replaceable 1-5"), low=1, high=5, help_text=_("1: not at all, 5: at once")
    )
    own_names = (
        "side",
        "counterparty_name",
        "goods",
        "yearly_amount",
        "share",
        "years",
        "term_days",
        "has_contract",
        "is_core",
        "replaceable",
    )


class ProcureForm(EntityForm):
    """How one item is bought."""

    item = forms.CharField(label=_("Item"), max_length=80)
    mode = _choose(ProcureMode.Mode.choices, label=_("Manner of purchase"))
    batch_amount = _money(_("Amount of one purchase"))
    every_days = _whole(_("Days between purchases"), low=1)
    price_term = _choose(
        [("", _("Not known")), *ProcureMode.PriceTerm.choices],
        label=_("Price term"),
        required=False,
    )
    own_names = ("item", "mode", "batch_amount", "every_days", "price_term")


class SettleForm(EntityForm):
    """How money comes in or goes out."""

    direction = _choose(SettleMode.Direction.choices, label=_("Direction"))
    mode = _choose(SettleMode.Mode.choices, label=_("Manner of payment"))
    share = PercentField(
        label=_("Share of this direction"),
        max_digits=9,
        decimal_places=4,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        help_text=_("per cent"),
    )
    term_days = _whole(_("Days of credit"))
    bank = _choose(SettleMode.Bank.choices, label=_("Bank used"))
    own_names = ("direction", "mode", "share", "term_days", "bank")

    def clean_term_days(self) -> int:
        """No days: paid at once."""
        return self.cleaned_data["term_days"] or 0


ENTITY_FORMS: dict[str, type[EntityForm]] = {
    "links": LinkForm,
    "procure": ProcureForm,
    "settle": SettleForm,
}
