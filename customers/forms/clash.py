"""Two people changed one customer: what each of them changed, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm.core.words import Text
from customers.forms.customer import FIELDS, CustomerForm, as_text, shown_values
from customers.models import Customer


@dataclass(frozen=True)
class Difference:
    """One field: what it was, what the other one made of it, what stands in this form."""

    label: Text
    before: str
    theirs: str
    mine: str
    is_contested: bool  # both changed it, to different values


def differences(form: CustomerForm, current: Customer) -> list[Difference]:
    """Every field in which the stored row, the form, or the page as opened differ."""
    before, theirs, mine = _three(form, current)
    found = []
    for name in FIELDS:
        if before[name] == theirs[name] == mine[name]:
            continue
        is_contested = theirs[name] not in (before[name], mine[name]) and mine[name] != before[name]
        was, is_now, wanted = (_in_words(form, name, it[name]) for it in (before, theirs, mine))
        label = form.fields[name].label or name
        found.append(Difference(label, was, is_now, wanted, is_contested))
    return found


def merged(form: CustomerForm, current: Customer) -> CustomerForm:
    """A fresh form on the stored row that holds what this user changed, and nothing is lost."""
    before, theirs, mine = _three(form, current)
    changed = {
        name: mine[name] for name in FIELDS if mine[name] not in (before[name], theirs[name])
    }
    fresh = CustomerForm(instance=current, initial=changed)
    for name in ("industry", "region"):
        if name in changed:
            fresh.fields[name].narrow(changed[name])  # type: ignore[attr-defined]
    return fresh


def _three(
    form: CustomerForm, current: Customer
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The values as opened, as stored now, and as sent; a lost base counts as stored."""
    theirs = shown_values(current)
    mine = {name: as_text(form.cleaned_data.get(name)) for name in FIELDS}
    return {**theirs, **(form.base_values() or {})}, theirs, mine


def _in_words(form: CustomerForm, name: str, value: str) -> str:
    """A code as its label."""
    choices = getattr(form.fields[name], "choices", None)
    if name in ("industry", "region") or not choices:
        return value
    return str(dict(choices).get(value, value))
