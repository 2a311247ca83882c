"""What a filter bar shares."""

from __future__ import annotations

from typing import Any

from django import forms


class FilterForm(forms.Form):
    """A filter of a page: what cannot be read is left out, never an error page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # a bar draws them bare
            is_list = isinstance(field.widget, forms.Select)
            field.widget.attrs.setdefault("class", "form-select" if is_list else "form-control")

    def chosen(self) -> dict[str, Any]:
        """The filters that were given and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
