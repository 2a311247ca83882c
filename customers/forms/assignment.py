"""To whom customers are handed over, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.models import User


class AssignForm(forms.Form):
    """The new manager, from those the user may choose, and a reason."""

    manager = forms.ChoiceField(
        label=_("New manager"), widget=forms.Select(attrs={"data-combobox": ""})
    )
    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=120)

    def __init__(self, *args: Any, managers: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(person.pk, f"{person.full_name} · {person.branch}") for person in managers]
        self.fields["manager"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

    def clean_manager(self) -> int:
        """The key of the manager."""
        return int(self.cleaned_data["manager"])
