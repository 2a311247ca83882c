"""The forms that do an item of the queue in its dialog; each says what the service takes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.workdays import add_working_days
from customers.features.declared import FACTS, Declared, FactType
from customers.services.declared import FactValue
from marketing.forms.care import CloseComplaintForm
from marketing.forms.coordination import ChecksForm, ContactForm, DecisionForm
from marketing.forms.review import MARKS, ReviewForm
from marketing.forms.visit import DAY, LENGTHS, NEXT_STEPS, AskedFact, asked_fact
from marketing.models import Purpose
from marketing.services.queue_deeds import Answer, Closing, Move
from marketing.services.visits_entry import FactSaid, VisitEntry, wrong_fact

EMPTY: tuple[Any, ...] = (None, "", [])
NEXT_DAYS = 5  # working days to the next step unless said otherwise
LENGTH = 30  # minutes of a visit unless said otherwise
CHOICES = [(str(minutes), str(minutes)) for minutes in LENGTHS]


class FactsForm(forms.Form):
    """A field for each fact that can be told, in the units of the visit form."""

    is_needed = True

    def __init__(self, facts: Iterable[Declared], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {fact.key: asked_fact(fact) for fact in facts}
        for key, one in self.asked.items():
            self.fields[key] = _field(one)

    def clean(self) -> dict[str, Any]:
        """Something was told, and every answer can be so."""
        found = super().clean() or {}
        for key, value in self.values().items():
            if wrong := wrong_fact(FactSaid(key, value)):
                self.add_error(key, wrong)
        if self.is_needed and not self.errors and not self.values():
            raise forms.ValidationError(_("Fill in what was told."))
        return found

    def values(self) -> dict[str, FactValue]:
        """The facts as they are stored: yuan, shares of one."""
        told = {key: self.cleaned_data.get(key) for key in self.asked}
        return {
            key: _stored(self.asked[key], value)
            for key, value in told.items()
            if value not in EMPTY
        }


class ToldForm(FactsForm):
    """What a customer answered; ``feature`` is the question that was read, whatever is next now."""

    feature = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def given(self) -> Mapping[str, FactValue]:
        """What is put on record."""
        return self.values()


def _field(one: AskedFact) -> forms.Field:
    plain: dict[str, Any] = {"label": one.fact.label, "required": False}
    if one.kind == "day":
        return forms.DateField(widget=DAY, **plain)
    if one.kind == "number":
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "num"})
        return forms.DecimalField(
            widget=widget, help_text=one.unit, max_digits=18, decimal_places=6, **plain
        )
    if one.kind == "many":
        widget_many = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=list(one.choices), widget=widget_many, **plain)
    if one.kind == "one":
        return forms.ChoiceField(choices=list(one.choices), widget=forms.RadioSelect, **plain)
    if one.kind == "list":
        return forms.ChoiceField(choices=[("", "—"), *one.choices], **plain)
    return forms.CharField(max_length=200, **plain)


def _stored(one: AskedFact, value: Any) -> FactValue:
    if one.fact.type == FactType.CODES:
        return " ".join(value) if isinstance(value, list) else str(value)
    if one.fact.type == FactType.NUMBER:
        return Decimal(str(value)) * Decimal(one.scale)
    told: FactValue = value
    return told


class StopForm(forms.Form):
    """A visit in a few words, for the desk; photos, place and more facts have the whole form."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose of the visit"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
    )
    whom_met = forms.CharField(label=gettext_lazy("Whom met"), max_length=60)
    summary = forms.CharField(
        label=gettext_lazy("What was learnt"), max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    next_step = forms.CharField(
        label=gettext_lazy("Next step"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"list": "next-steps"}),
    )
    next_on = forms.DateField(label=gettext_lazy("On"), required=False, widget=DAY)
    closed_reason = forms.CharField(
        label=gettext_lazy("or: no further step because"), max_length=200, required=False
    )
    on = forms.DateField(label=gettext_lazy("Day of the visit"), widget=DAY)
    began = forms.TimeField(
        label=gettext_lazy("Began at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Minutes"), coerce=int, choices=CHOICES, widget=forms.RadioSelect
    )

    def __init__(
        self, data: Any = None, *, customer_id: int, purpose: str, on: date, now: datetime
    ) -> None:
        began = time(10)
        if on == now.date():
            began = max(now - timedelta(minutes=LENGTH), now.replace(hour=0, minute=0)).time()
        given = {"key": uuid.uuid4(), "purpose": purpose, "on": on, "began": began}
        given["next_on"] = add_working_days(now.date(), NEXT_DAYS)
        super().__init__(data, initial={**given, "minutes": str(LENGTH)})
        self.customer_id = customer_id
        self.next_steps = NEXT_STEPS

    def given(self) -> VisitEntry:
        """The visit as the service takes it."""
        data = self.cleaned_data
        started = timezone.make_aware(datetime.combine(data["on"], data["began"]))
        if data["closed_reason"] and not data["next_step"]:
            data["next_on"] = None  # the day that was proposed is not meant
        names = ("key", "purpose", "whom_met", "summary", "next_step", "next_on", "closed_reason")
        return VisitEntry(
            customer_id=self.customer_id,
            started_at=started,
            ended_at=started + timedelta(minutes=data["minutes"]),
            **{name: data[name] for name in names},
        )


class AnswerForm(FactsForm):
    """The answer to a request for correction, with the right value where it can be told."""

    is_needed = False
    is_accepted = forms.TypedChoiceField(
        label=gettext_lazy("Decision"),
        choices=(("1", gettext_lazy("Corrected")), ("0", gettext_lazy("Refused"))),
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer to the customer"), min_length=2, max_length=200
    )

    def __init__(self, data: Any = None, *, key: str) -> None:
        super().__init__([FACTS[key]] if key in FACTS else [], data)
        if key in self.fields:
            unit = str(self.fields[key].help_text)
            said = _("The right value; it goes on record when it is corrected.")
            self.fields[key].help_text = f"{unit} · {said}" if unit else said

    def given(self) -> Answer:
        """The decision; a refused one changes no figure."""
        data = self.cleaned_data
        values = self.values() if data["is_accepted"] else {}
        return Answer(data["is_accepted"], data["answer"], values)


class QueueReviewForm(ReviewForm):
    """The mark of a visit: one that accepts it, or one that sends it back with a reason."""

    def __init__(self, *args: Any, is_accepted: bool, valid_score: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        score: Any = self.fields["score"]
        score.choices = [one for one in MARKS if (int(one[0]) >= valid_score) == is_accepted]
        if not is_accepted:
            self.fields["note"].label = _("Reason")
            self.fields["note"].required = True


class QueueComplaintForm(CloseComplaintForm):
    """Cause and cure of a complaint."""

    def given(self) -> Closing:
        """What closes it."""
        data = self.cleaned_data
        return Closing(data["cause"], data["fix"], data["mark"])


class QueueContactForm(ContactForm):
    """The first contact with a firm of a list."""

    def given(self) -> Move:
        """When it was."""
        return Move(on=self.cleaned_data["on"])


class QueueChecksForm(ChecksForm):
    """The five checks of a firm of a list."""

    def given(self) -> Move:
        """What was ticked."""
        return Move(answers=self.answers(), version=self.cleaned_data["version"])


class QueueDecisionForm(DecisionForm):
    """What was decided about a firm of a list."""

    def given(self) -> Move:
        """The decision."""
        return Move(decision=self.decision(), version=self.cleaned_data["version"])


DeedForm = (
    ToldForm
    | StopForm
    | AnswerForm
    | QueueReviewForm
    | QueueComplaintForm
    | QueueContactForm
    | QueueChecksForm
    | QueueDecisionForm
)
