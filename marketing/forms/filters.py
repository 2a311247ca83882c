"""What a filter bar shares."""

from __future__ import annotations

from typing import Any

from django import forms


class FilterForm(forms.Form):
    """A filter of a page: what cannot be read is left out, never an error page."""

    def chosen(self) -> dict[str, Any]:
        """The filters that were given and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
