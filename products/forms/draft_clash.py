"""Two people saved one draft: what each of them changed, field by field, and both together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing

from products.models import FeeItem, ProductVersion
from products.selectors.terms import joined
from products.selectors.version_words import Words, fee_text, label_of
from products.services.catalogue import WRITABLE, FeeInput, stored_fees

SALT = "products.draft"
FEES = "fees"


@dataclass(frozen=True)
class Line:
    """One field: when the page was opened, stored now, in this form."""

    label: str
    before: str
    theirs: str
    mine: str
    is_contested: bool  # both changed it, to different values


@dataclass(frozen=True)
class Merged:
    """What is stored now with this user's changes on top, and the lines that tell them apart."""

    version: ProductVersion
    fees: list[FeeInput]
    lines: list[Line]


def base_of(version: ProductVersion) -> str:
    """What stands on the page when it is opened, signed, for the form to carry."""
    values = {name: _told(getattr(version, name)) for name in WRITABLE}
    values[FEES] = _told_fees(stored_fees(version))
    return signing.dumps(values, salt=SALT, compress=True)


def merge(
    *, base: str, current: ProductVersion, values: Mapping[str, Any], fees: Sequence[FeeInput]
) -> Merged:
    """Three versions of every field become lines, and the stored row with mine on top."""
    opened = _opened(base)
    mine_row, opened_row, merged = copy(current), copy(current), copy(current)
    names = []
    for name in WRITABLE:
        theirs, mine = _told(getattr(current, name)), _told(values.get(name))
        before = opened.get(name, theirs)
        if before == theirs == mine:
            continue
        names.append((name, before, theirs, mine))
        setattr(mine_row, name, values.get(name))
        setattr(opened_row, name, _read(name, before))
        if mine != before:
            setattr(merged, name, values.get(name))
    words = Words.of(current, mine_row, opened_row)
    lines = [
        Line(
            label_of(name),
            *(words.value(row, name) for row in (opened_row, current, mine_row)),
            is_contested=before != mine and theirs not in (before, mine),
        )
        for name, before, theirs, mine in names
    ]
    return _with_fees(Merged(merged, stored_fees(current), lines), opened, fees)


def _with_fees(found: Merged, opened: Mapping[str, Any], fees: Sequence[FeeInput]) -> Merged:
    theirs, mine = _told_fees(found.fees), _told_fees(fees)
    before = opened.get(FEES, theirs)
    if before == theirs == mine:
        return found
    was = [FeeInput(**_fee_read(row)) for row in before]
    texts = [_fee_words(rows) for rows in (was, found.fees, fees)]
    label = str(FeeItem._meta.verbose_name)
    is_contested = before != mine and theirs not in (before, mine)
    line = Line(label, *texts, is_contested=is_contested)
    kept = list(fees) if mine != before else found.fees
    return Merged(found.version, kept, [*found.lines, line])


def _opened(base: str) -> dict[str, Any]:
    """What stood on the page; nothing when that was tampered with, then stored counts as opened."""
    try:
        return dict(signing.loads(base, salt=SALT))
    except signing.BadSignature:
        return {}


def _told(value: Any) -> Any:
    """A value as JSON, the same for equal values."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        return {key: _told(Decimal(str(part))) for key, part in sorted(value.items())}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return "" if value is None else value


def _read(name: str, told: Any) -> Any:
    """The value that ``_told`` wrote."""
    if told == "":
        return None if ProductVersion._meta.get_field(name).null else ""
    if isinstance(told, list | dict | bool):
        return told
    return ProductVersion._meta.get_field(name).to_python(told)


def _told_fees(fees: Sequence[FeeInput]) -> list[dict[str, Any]]:
    return [{name: _told(value) for name, value in vars(fee).items()} for fee in fees]


def _fee_read(row: Mapping[str, Any]) -> dict[str, Any]:
    sizes = ("sum_amount", "share")
    return {
        name: (Decimal(value) if value != "" else None) if name in sizes else value
        for name, value in row.items()
    }


def _fee_words(fees: Sequence[FeeInput]) -> str:
    return joined(f"{fee.name_zh}: {fee_text(FeeItem(**vars(fee)))}" for fee in fees)
