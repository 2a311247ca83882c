"""Sentences of the ledger with their figures filled in, for pages and API alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.core.words import Text
from customers.ledger.offer import Sentence

PRIVATE = frozenset({"score", "answered"})  # figures that say something of the operator


def sentence(told: Sentence) -> str:
    """A sentence with its figures."""
    text, values = told
    spoken = {
        name: _(", ").join(str(part) for part in value)
        if isinstance(value, list | tuple)
        else value
        for name, value in values.items()
    }
    return str(text) % spoken


def sentences(told: Sequence[tuple[Text, Mapping[str, Any]]]) -> list[str]:
    """Each sentence with its figures."""
    return [sentence((text, dict(values))) for text, values in told]
