"""Sentences of the ledger with their figures filled in, for pages and API alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from crm.core.words import Text
from customers.ledger.offer import Sentence

ODD_ANSWERS = _("Answers of the operator do not fit each other.")
PRIVATE = frozenset({"score", "answered"})  # figures that say something of the operator


def sentence(told: Sentence) -> str:
    """A sentence with its figures."""
    text, values = told
    spoken = {
        name: say(", ").join(str(part) for part in value)
        if isinstance(value, list | tuple)
        else value
        for name, value in values.items()
    }
    return str(text) % spoken


def sentences(told: Sequence[tuple[Text, Mapping[str, Any]]]) -> list[str]:
    """Each sentence with its figures."""
    return [sentence((text, dict(values))) for text, values in told]


def risks_for(risks: Sequence[tuple[Text, Mapping[str, Any]]], *, is_masked: bool) -> list[str]:
    """The risks in words; what is said of the operator is left out for readers of bands."""
    return sentences([one for one in risks if not (is_masked and one[0] is ODD_ANSWERS)])
