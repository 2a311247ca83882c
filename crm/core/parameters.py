"""The defaults of the rules, read as of a day: ``parameters(as_of).number("dormant.days")``.

A result stores ``version`` of the snapshot it used, so that it can be explained later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ImproperlyConfigured

from crm.core.models import RuleParameter


@dataclass(frozen=True)
class Parameters:
    """The values in force on one day; reading an unknown key is an error, not a default."""

    as_of: date
    values: Mapping[str, str]

    def text(self, key: str) -> str:
        """The value as it is written."""
        try:
            return self.values[key]
        except KeyError:
            raise ImproperlyConfigured(
                f"Parameter {key!r} has no value on {self.as_of}; run manage.py load_reference."
            ) from None

    def decimal(self, key: str) -> Decimal:
        """The value as an exact number."""
        return Decimal(self.text(key))

    def number(self, key: str) -> int:
        """The value as a whole number: days, months, counts."""
        return int(self.decimal(key))

    def share(self, key: str) -> Decimal:
        """A value in percent as a share: 10 is 0.1."""
        return self.decimal(key) / 100

    def numbers(self, key: str) -> tuple[Decimal, ...]:
        """Values written as 1/91/121/181."""
        return tuple(Decimal(part) for part in self.text(key).split("/"))

    def date(self, key: str) -> date:
        """The value as a day."""
        return date.fromisoformat(self.text(key))

    def time(self, key: str) -> time:
        """The value as a time of day."""
        return time.fromisoformat(self.text(key))

    @cached_property
    def version(self) -> str:
        """The same twelve hex digits for the same values."""
        told = "\n".join(f"{key}={value}" for key, value in sorted(self.values.items()))
        return hashlib.sha256(told.encode()).hexdigest()[:12]


def parameters(as_of: date) -> Parameters:
    """Every parameter in force on ``as_of``, in one query."""
    rows = (
        RuleParameter.objects.filter(state=RuleParameter.State.ACTIVE, effective_from__lte=as_of)
        .order_by("key", "-effective_from", "-version")
        .distinct("key")
        .values_list("key", "value")
    )
    return Parameters(as_of, dict(rows))


snapshot = parameters


def parameter(key: str, as_of: date) -> Decimal:
    """One number in force on ``as_of``; for several take ``parameters`` once."""
    return parameters(as_of).decimal(key)
