"""What an export is for and how it is written."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ExportForm(forms.Form):
    """The list as it stands in its address, the kind of file, and the reason."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    file_format = forms.ChoiceField(
        label=_("File"),
        choices=(("xlsx", "XLSX"), ("csv", "CSV")),
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("What it is for"), min_length=4, max_length=200)
