"""Suppliers and buyers, purchases and settlements: what can be, and rows told together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import DomainError
from crm.core.words import Text
from customers.features.declared_source import BETTER_FOR_DAYS, QUALITY_NUMBERS
from customers.models import ChainLink, Customer, ProcureMode, SettleMode


@dataclass(frozen=True)
class Kind:
    """One kind of row: its table, what may be written, and where a duplicate is told."""

    key: str
    model: type[models.Model]
    label: Text
    fields: tuple[str, ...]
    keys: tuple[str, ...]  # together they say which thing it is; the last one bears the fault
    direction: str = ""  # the shares of one direction never pass 100 %


WORD_FIELDS = ("as_of", "source", "quality", "said_by", "proof")
KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "links",
            ChainLink,
            gettext_lazy("Supplier or buyer"),
            (
                "side", "counterparty_name", "goods", "yearly_amount", "share", "years",
                "term_days", "has_contract", "is_core", "replaceable",
            ),
            ("side", "counterparty_name"),
            "side",
        ),
        Kind(
            "procure",
            ProcureMode,
            gettext_lazy("Manner of purchase"),
            ("item", "mode", "batch_amount", "every_days", "price_term"),
            ("mode", "item"),
        ),
        Kind(
            "settle",
            SettleMode,
            gettext_lazy("Manner of settlement"),
            ("direction", "mode", "share", "term_days", "bank"),
            ("direction", "bank", "mode"),
            "direction",
        ),
    )
}  # fmt: skip
BOUNDS: Mapping[str, tuple[int, int | None]] = {
    "yearly_amount": (0, None),
    "batch_amount": (0, None),
    "years": (0, 100),
    "term_days": (0, 3650),
    "every_days": (1, 3650),
    "replaceable": (1, 5),
}


@dataclass(frozen=True)
class RowSaid:
    """One row as it was told: only what was said; ``proof`` what proves it (SEV-2)."""

    kind: str
    values: Mapping[str, Any]
    said_by: str = ""
    proof: str = ""

    @property
    def key(self) -> tuple[Any, ...]:
        """Which thing it is."""
        return (self.kind, *(self.values.get(name) for name in KINDS[self.kind].keys))


@dataclass
class _Direction:
    """The rows told of one direction, by their place."""

    kind: Kind
    value: str
    places: list[int] = field(default_factory=list)


def row_faults(kind: str, values: Mapping[str, Any]) -> dict[str, Text]:
    """What cannot be so in a row, by field; empty when it can."""
    spec = KINDS.get(kind)
    if spec is None:
        return {"kind": _("This is not one of the choices.")}
    unknown = set(values) - set(spec.fields)
    if unknown:
        return {name: _("There is no such field.") for name in sorted(unknown)}
    values = {name: value for name, value in values.items() if value is not None}
    row = spec.model(**values)
    faults: dict[str, Text] = {}
    try:
        row.clean_fields(exclude=[one.name for one in spec.model._meta.fields
                                  if one.name not in spec.fields])  # fmt: skip
    except ValidationError as error:
        faults = {name: " ".join(told) for name, told in error.message_dict.items()}
    for name, value in values.items():
        if name not in faults and (told := _out_of_bounds(name, value, spec)):
            faults[name] = told
    return faults


def _out_of_bounds(name: str, value: Any, spec: Kind) -> str:
    if value is None:
        return ""
    if name == "share":
        is_whole = 0 <= value <= 1 and (value > 0 or spec.model is ChainLink)
        return "" if is_whole else _("A share lies between 0 and 100 %.")
    if isinstance(value, str) and "\x00" in value:
        return _("This text cannot be stored.")
    low, high = BOUNDS.get(name, (None, None))
    if (low is not None and value < low) or (high is not None and value > high):
        told = {"low": "" if low is None else low, "high": "" if high is None else high}
        return _("Out of bounds: %(low)s to %(high)s.") % told
    return ""


def check_row(spec: Kind, values: Mapping[str, Any]) -> None:
    """Nothing, or a DomainError (422) with the fields that cannot be so."""
    faults = row_faults(spec.key, values)
    if faults:
        raise DomainError(str(next(iter(faults.values()))), status=422, fields=faults)


def check_direction(row: Any) -> None:
    """With this row the shares of its direction are 100 % at most; DomainError (422) otherwise."""
    spec = next(one for one in KINDS.values() if isinstance(row, one.model))
    if not spec.direction or row.share is None:
        return
    told = over_whole(spec, row.customer, getattr(row, spec.direction), row.share, row.pk)
    if told:
        raise DomainError(told, status=422, fields={"share": told})


def over_whole(
    spec: Kind, customer: Customer, direction: str, more: Decimal, without: int | None = None
) -> str:
    """The sentence for a direction that passes 100 % with ``more``; empty when it does not."""
    others = standing_rows(spec, customer).filter(~Q(pk=without), **{spec.direction: direction})
    whole = (others.aggregate(whole=Sum("share"))["whole"] or Decimal(0)) + Decimal(more)
    return whole_told(whole)


def whole_told(whole: Decimal) -> str:
    """The sentence for shares that add up to more than everything; empty when they do not."""
    if whole <= 1:
        return ""
    told = {"whole": f"{(whole * 100).normalize():f}"}
    return _("With this the direction adds up to %(whole)s %%, more than 100.") % told


def standing_rows(spec: Kind, customer: Customer) -> models.QuerySet[Any]:
    """The rows of the kind that hold today."""
    rows = spec.model._default_manager.filter(customer=customer)
    return rows if spec.model is ChainLink else rows.filter(ended_on=None)


def told_faults(rows: Sequence[RowSaid]) -> dict[str, Text]:
    """What cannot be so in rows told together, as ``rows.0.share``; what stands is not read."""
    faults: dict[str, Text] = {}
    seen: set[tuple[Any, ...]] = set()
    for place, row in enumerate(rows):
        wrong = row_faults(row.kind, row.values)
        if not wrong and row.key in seen:
            wrong = {KINDS[row.kind].keys[-1]: _("This is told twice.")}
        if len(row.said_by) > 60 or len(row.proof) > 200:
            wrong["said_by"] = _("Who said it in 60 characters, what proves it in 200.")
        faults |= {f"rows.{place}.{name}": text for name, text in wrong.items()}
        if not wrong:
            seen.add(row.key)
    if faults:
        return faults
    for one in _directions(rows):
        shares = [rows[place].values.get("share") or Decimal(0) for place in one.places]
        if told := whole_told(sum(shares, Decimal(0))):
            faults[f"rows.{one.places[-1]}.share"] = told
    return faults


def _directions(rows: Sequence[RowSaid]) -> list[_Direction]:
    found: dict[tuple[str, str], _Direction] = {}
    for place, row in enumerate(rows):
        spec = KINDS[row.kind]
        if spec.direction and row.values.get("share") is not None:
            value = row.values[spec.direction]
            found.setdefault((row.kind, value), _Direction(spec, value)).places.append(place)
    return list(found.values())


def put_rows(customer: Customer, rows: Sequence[RowSaid], word: Mapping[str, Any], by: Any) -> int:
    """Every row told is on record; how many changed. The caller holds the customer locked.

    A row of the same thing takes what was said and keeps what was not. One that is newer, or known
    better and hardly older, is only filled up. DomainError (422) with the place of the row when a
    direction passes 100 %.
    """
    changed = 0
    for row in rows:
        spec = KINDS[row.kind]
        same = {name: row.values.get(name) for name in spec.keys}
        kept: Any = (
            spec.model._default_manager.select_for_update().filter(customer=customer, **same)
        ).first()  # fmt: skip
        heard = dict(word) | {"said_by": row.said_by, "proof": row.proof}
        changed += _put(kept or spec.model(customer=customer), row, heard, by)
    for one in _directions(rows):
        told = over_whole(one.kind, customer, one.value, Decimal(0))
        if told:
            place = f"rows.{one.places[-1]}.share"
            raise DomainError(told, status=422, fields={place: told})
    return changed


def _put(row: Any, said: RowSaid, word: Mapping[str, Any], by: Any) -> bool:
    """Whether the row is another one now."""
    is_new = row.pk is None
    has_ended = not is_new and getattr(row, "ended_on", None) is not None
    told = {name: value for name, value in said.values.items() if value not in (None, "")}
    if not is_new and not has_ended and _counts_more(row, word):
        told = {name: value for name, value in told.items() if getattr(row, name) in (None, "")}
        word = {}
    says_the_same = all(getattr(row, name) == value for name, value in told.items())
    if not is_new and not has_ended and says_the_same and row.as_of == word.get("as_of", row.as_of):
        return False
    for name, value in {**told, **word}.items():
        setattr(row, name, value)
    if not isinstance(row, ChainLink):
        row.entered_by, row.ended_on = by, None
    if not is_new:
        row.version += 1
    row.save()
    return True


def _counts_more(row: Any, word: Mapping[str, Any]) -> bool:
    """The rule of the portrait: newer, or of a better quality and hardly older (b.1)."""
    if row.as_of > word["as_of"]:
        return True
    is_better = QUALITY_NUMBERS[row.quality] < QUALITY_NUMBERS[word["quality"]]
    return is_better and row.as_of >= word["as_of"] - timedelta(days=BETTER_FOR_DAYS)
