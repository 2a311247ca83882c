"""Fields that write terms as people say them: 万元, percent, lists by line."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WAN = 10_000
SEPARATORS = re.compile(r"[\n,，、;；]+")


class WanField(forms.DecimalField):
    """Yuan, written in 万元 (ten thousands): 30 is 300,000 yuan. No fen is lost."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 18, "decimal_places": 6, "min_value": 0} | options)
        self.widget.attrs |= {"inputmode": "decimal", "step": "any"}

    def clean(self, value: Any) -> Decimal | None:
        """The amount in yuan."""
        written = super().clean(value)
        return None if written is None else (written * WAN).quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        """A stored amount in 万元; what was typed stays as it was typed."""
        return _plain(value / WAN) if isinstance(value, Decimal) else value


class PercentField(forms.DecimalField):
    """A share, written in percent: 4.35 is 0.0435."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 9, "decimal_places": 4, "min_value": 0} | options)
        self.widget.attrs |= {"inputmode": "decimal", "step": "any"}

    def clean(self, value: Any) -> Decimal | None:
        """The share."""
        written = super().clean(value)
        return None if written is None else (written / 100).quantize(Decimal("0.000001"))

    def prepare_value(self, value: Any) -> Any:
        """A stored share in percent; what was typed stays as it was typed."""
        return _plain(value * 100) if isinstance(value, Decimal) else value


class LinesField(forms.CharField):
    """A list, one entry a line (or between commas); an entry twice counts once."""

    widget = forms.Textarea

    def __init__(self, *, longest: int = 80, **options: Any) -> None:
        super().__init__(**{"max_length": 4000} | options)
        self.longest = longest
        self.widget.attrs["rows"] = 3

    def clean(self, value: Any) -> list[str]:
        """The entries, tidy."""
        text = super().clean(value)
        found = list(dict.fromkeys(part.strip() for part in SEPARATORS.split(text) if part.strip()))
        for entry in found:
            if len(entry) > self.longest:
                raise forms.ValidationError(
                    _("“%(entry)s” is longer than %(longest)s characters."),
                    params={"entry": f"{entry[:20]}…", "longest": self.longest},
                )
        return found

    def prepare_value(self, value: Any) -> Any:
        """One entry a line."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value


def _plain(value: Decimal) -> str:
    """Digits without idle zeros or an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
