"""The form of a visit: what the device asks, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.words import Text
from customers.features.declared import Declared, FactType
from customers.models import ProductFamily
from marketing.forms.visit_rows import AskedRows, asked_rows
from marketing.models import Purpose, Visit, VisitPhoto
from marketing.selectors.visits_facts import choices_of, fact_groups

MANY = 6  # from so many choices on a list is shorter than chips
DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
UNITS: dict[str, Text] = {
    "yuan": gettext_lazy("10,000 yuan"),
    "ratio": "%",
    "persons": gettext_lazy("persons"),
    "days": gettext_lazy("days"),
    "months": gettext_lazy("months"),
    "years": gettext_lazy("years"),
    "m2": "m²",
    "count": "",
    "flag": "",
}
SCALES = {"yuan": "10000", "ratio": "0.01"}  # what one typed unit is in base units
SMALL_YUAN = frozenset({"basket_value"})  # typed in yuan: nobody counts it in ten thousands
NEXT_STEPS = (
    gettext_lazy("Send papers"),
    gettext_lazy("Call"),
    gettext_lazy("Visit again"),
    gettext_lazy("Bring an offer"),
    gettext_lazy("Collect materials"),
)
NEXT_DAYS = (1, 3, 7, 14, 30)
CLOSED = (
    gettext_lazy("No further need"),
    gettext_lazy("Not our customer"),
    gettext_lazy("Closed down or moved away"),
)
FAR = (
    gettext_lazy("Met elsewhere"),
    gettext_lazy("Address on record is wrong"),
    gettext_lazy("Other site of the firm"),
)
PROOFS = (
    gettext_lazy("Told only"),
    gettext_lazy("Seen on site"),
    gettext_lazy("Paper seen"),
    gettext_lazy("Photo"),
)
LENGTHS = (15, 30, 60, 90)
OBJECTIONS: tuple[tuple[str, Text], ...] = (
    (Visit.Objection.PRICE.value, gettext_lazy("Too dear")),
    (Visit.Objection.AMOUNT.value, gettext_lazy("Too little money")),
    (Visit.Objection.SPEED.value, gettext_lazy("Too slow")),
    (Visit.Objection.GUARANTEE.value, gettext_lazy("Guarantee is hard")),
    (Visit.Objection.PAPERS.value, gettext_lazy("Too many papers")),
    (Visit.Objection.NO_NEED.value, gettext_lazy("No need now")),
    (Visit.Objection.OTHER_BANK.value, gettext_lazy("Content with another bank")),
)
KINDS: tuple[tuple[str, Text], ...] = (
    (VisitPhoto.Kind.DOOR.value, gettext_lazy("Door")),
    (VisitPhoto.Kind.WORKSHOP.value, gettext_lazy("Workshop")),
    (VisitPhoto.Kind.STOCK.value, gettext_lazy("Goods in stock")),
    (VisitPhoto.Kind.LICENCE.value, gettext_lazy("Licence")),
    (VisitPhoto.Kind.PAPER.value, gettext_lazy("Paper")),
    (VisitPhoto.Kind.OTHER.value, gettext_lazy("Other")),
)


@dataclass(frozen=True)
class AskedFact:
    """One fact as the form asks for it."""

    fact: Declared
    kind: str  # number, text, day, one, many, list
    unit: Text
    scale: str
    choices: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class AskedGroup:
    """One category of the form."""

    no: int
    label: Text
    how: Text
    facts: list[AskedFact]
    rows: Sequence[AskedRows] = ()


def asked_groups() -> list[AskedGroup]:
    """The seven categories and the needs with the controls of their facts."""
    return [
        AskedGroup(
            group.no,
            group.label,
            group.how,
            [asked_fact(fact) for fact in group.facts],
            asked_rows(group.no),
        )
        for group in fact_groups()
    ]


def asked_fact(fact: Declared) -> AskedFact:
    """The fact with its unit and control."""
    is_small = fact.key in SMALL_YUAN
    unit = gettext_lazy("yuan") if is_small else UNITS.get(fact.unit, "")
    scale = "1" if is_small else SCALES.get(fact.unit, "1")
    choices = list(choices_of(fact))
    if fact.unit == "scale":
        steps = fact.steps or ("1", "2", "3", "4", "5")
        choices = [(str(no), step) for no, step in enumerate(steps, start=1)]
    if fact.unit == "flag":
        choices = [("1", _("Yes")), ("0", _("No"))]
    return AskedFact(fact, _kind(fact, choices), unit, scale, choices)


def _kind(fact: Declared, choices: Sequence[Any]) -> str:
    if fact.type == FactType.CODES and choices:
        return "many"
    if choices:
        return "list" if fact.steps or len(choices) > MANY else "one"
    return {FactType.NUMBER: "number", FactType.DAY: "day"}.get(fact.type, "text")


def choices_of_form() -> dict[str, Any]:
    """Everything that is picked rather than typed."""
    return {
        "purposes": Purpose.choices,
        "moods": Visit.Mood.choices,
        "objections": OBJECTIONS,
        "families": ProductFamily.choices,
        "kinds": KINDS,
        "next_steps": NEXT_STEPS,
        "next_days": [(days, _("%(days)s days") % {"days": days}) for days in NEXT_DAYS],
        "closed": CLOSED,
        "far": FAR,
        "proofs": PROOFS,
        "lengths": [(minutes, _("%(no)s minutes") % {"no": minutes}) for minutes in LENGTHS],
    }


class VisitEditForm(forms.ModelForm):
    """The words of a visit, put right on its day; the version says what was on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Visit
        fields = (
            "purpose", "whom_met", "summary", "next_step", "next_on", "closed_reason", "need",
            "mood", "objections", "companions",
        )  # fmt: skip
        widgets = {
            "purpose": forms.RadioSelect,
            "summary": forms.Textarea({"rows": 4}),
            "next_on": DAY,
            "mood": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].label = _("Purpose of the visit")
        self.fields["version"].initial = self.instance.version
        self.fields["objections"] = forms.MultipleChoiceField(
            label=_("Objections"),
            choices=list(OBJECTIONS),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        mood: Any = self.fields["mood"]
        mood.choices = [("", _("Not said")), *Visit.Mood.choices]

    def _post_clean(self) -> None:
        """The service saves and holds the rules; the instance stays as it was read."""


class VisitFilterForm(forms.Form):
    """What the list is narrowed to."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose of the visit"), required=False)
    days = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    manager = forms.ChoiceField(label=gettext_lazy("relationship manager"), required=False)
    flagged = forms.BooleanField(label=gettext_lazy("Flagged"), required=False)

    def __init__(self, *args: Any, managers: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["purpose"].choices = [("", _("Every purpose")), *Purpose.choices]
        fields["days"].choices = [("", _("All")), *spans()]
        fields["manager"].choices = [("", _("Everybody")), *managers]
        if not managers:
            del fields["manager"]


def spans() -> list[tuple[str, str]]:
    """The periods of the list, in words."""
    return [
        ("7", _("Last 7 days")),
        ("30", _("Last 30 days")),
        ("90", _("Last 90 days")),
        ("365", _("Last year")),
    ]
