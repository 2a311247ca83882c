"""What is set by hand, and what a customer asks to correct."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import GroupOverride
from customers.selectors.judgement import SETTABLE, TAGS, figure_choices


class _UntilForm(forms.Form):
    """A reason and an end; the service knows how long is allowed."""

    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200)
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))


class SettingForm(_UntilForm):
    """A group, stage or size that stands in place of the computed one."""

    setting = forms.ChoiceField(label=_("What is set"))
    field_order = ("setting", "reason", "until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["setting"].choices = [  # type: ignore[attr-defined]
            (label, [(f"{target}:{key}", text) for key, text in SETTABLE[target].items()])
            for target, label in GroupOverride.Target.choices
        ]

    def clean_setting(self) -> tuple[str, str]:
        """What is set, and to which value."""
        target, _colon, value = self.cleaned_data["setting"].partition(":")
        return target, value


class TagForm(_UntilForm):
    """A tag put on by hand."""

    code = forms.ChoiceField(label=_("Tag"), choices=lambda: list(TAGS.items()))
    field_order = ("code", "reason", "until")


class CorrectionForm(forms.Form):
    """What the customer says is wrong, and what is right."""

    key = forms.ChoiceField(
        label=_("Figure"),
        choices=figure_choices,
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    held = forms.CharField(label=_("What we hold"), max_length=200, required=False)
    wanted = forms.CharField(label=_("What it should be"), max_length=200)
    reason = forms.CharField(label=_("Reason or proof"), min_length=2, max_length=200)


class AnswerForm(forms.Form):
    """The answer to a request for correction."""

    is_accepted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=(("1", _("Corrected")), ("0", _("Refused"))),
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Answer to the customer"), min_length=2, max_length=200)
