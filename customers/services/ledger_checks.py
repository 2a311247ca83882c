"""What may be put on record: values within their bounds, shares of cost that are whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.errors import DomainError
from crm.core.words import Text
from customers.features.declared import FACTS, Declared, FactType
from customers.features.declared_ledger import COST_SHARES
from customers.services.declared import FactValue

STORED = Decimal("0.0001")  # what the column of numbers holds
COST_KEYS = tuple(fact.key for fact in COST_SHARES)


def check_day(as_of: date) -> None:
    if as_of > timezone.localdate():
        text = _("That day has not come yet.")
        raise DomainError(text, status=422, fields={"as_of": text})


def check_values(values: Mapping[str, FactValue]) -> None:
    faults: dict[str, Text] = {
        key: fault for key, value in values.items() if (fault := _fault(key, value))
    }
    if faults:
        first = next(iter(faults))
        label = FACTS[first].label if first in FACTS else first
        raise DomainError(f"{label}: {faults[first]}", status=422, fields=faults)


def check_known(keys: Collection[str]) -> None:
    """Facts that there are."""
    text = _("There is no such fact.")
    faults: dict[str, Text] = {key: text for key in keys if key not in FACTS}
    if faults:
        raise DomainError(text, status=422, fields=faults)


def _fault(key: str, value: Any) -> str:
    """What is wrong with a value, or nothing."""
    if key not in FACTS:
        return _("There is no such fact.")
    fact = FACTS[key]
    if value is None or value == "":
        return _("Say what was told.")
    if fact.type == FactType.NUMBER:
        return _number_fault(fact, value)
    if fact.type == FactType.DAY:
        return "" if isinstance(value, date) else _("Write a date such as 2026-05-01.")
    text = str(value)
    if len(text) > 200:
        return _("At most 200 characters.")
    known = {code for code, _label in fact.choices}
    codes = text.split() if fact.type == FactType.CODES else [text]
    if known and not set(codes) <= known:
        return _("Choose one of the answers given.")
    return ""


def _number_fault(fact: Declared, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return _("Write a number.")
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= Decimal(10) ** 16:
        return _("Write a number.")
    if fact.steps and number != int(number):
        return _("Choose one of the answers given.")
    if (fact.low is not None and number < Decimal(str(fact.low))) or (
        fact.high is not None and number > Decimal(str(fact.high))
    ):
        low, high = fact.low, fact.high
        bounds = {"low": "" if low is None else low, "high": "" if high is None else high}
        return _("Out of bounds: %(low)s to %(high)s.") % bounds
    return ""


def check_cost(values: Mapping[str, FactValue]) -> None:
    """All eight shares of cost or none, and together exactly one."""
    said = [key for key in COST_KEYS if key in values]
    if not said:
        return
    lacking = [key for key in COST_KEYS if key not in values]
    if lacking:
        raise _cost_apart(lacking)
    parts = (Decimal(str(values[key])) for key in COST_KEYS)
    whole = sum((part.quantize(STORED, ROUND_HALF_UP) for part in parts), Decimal(0))
    if whole != 1:
        told = {"whole": f"{(whole * 100).normalize():f}"}
        text = _("The shares of cost add up to %(whole)s %%, not to 100.") % told
        raise DomainError(text, status=422, fields={COST_KEYS[0]: text})


def check_cost_withdrawn(going: Collection[str], standing: Collection[str]) -> None:
    """The shares of cost go together: none of those standing is left behind."""
    gone = [key for key in COST_KEYS if key in going]
    if gone and set(standing) - set(gone):
        raise _cost_apart(gone)


def _cost_apart(keys: list[str]) -> DomainError:
    text = _("Say all shares of cost together; write 0 for what there is none of.")
    return DomainError(text, status=422, fields=dict.fromkeys(keys, text))
