"""Facts about competitors: what was seen is added, never overwritten; admins put mistakes right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.conditions import BadCondition
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.roles import Can
from crm.core.words import Text
from customers.models import Customer
from products.models import Competitor, CompetitorNote, CompetitorProduct
from products.selectors.competitors import valid_days
from products.selectors.rules import checked_condition

Row = TypeVar("Row", bound=Model)
UNASKED = {"added_by", "by", "batch", "batch_row"}  # seeds have no author, only files a batch
BY_HAND = {"batch_id": None, "batch_row": None, "import_key": None}
FACTS = (
    "name", "family", "amount_min", "amount_max", "term_min_months", "term_max_months",
    "is_revolving", "rate_min", "rate_max", "upfront_fee_share", "yearly_fee_amount",
    "guarantee_modes", "repayment_modes", "processing_hours", "channels", "admission",
    "wanted_industries", "limited_industries", "avoided_industries", "min_years", "max_lenders",
    "regions", "collateral_kinds", "source", "source_on", "confidence", "evidence", "valid_until",
)  # fmt: skip
FIGURES = (
    "amount_min", "amount_max", "rate_min", "rate_max", "upfront_fee_share", "yearly_fee_amount",
    "min_years",
)  # fmt: skip
RATES = ("rate_min", "rate_max", "upfront_fee_share")


@transaction.atomic
def add_competitor(*, by: User, name: str, kind: str, **more: Any) -> Competitor:
    """The competitor is known by this name; a second call changes nothing."""
    _may(by, Can.EDIT_COMPETITORS)
    same = Competitor.objects.filter(name=name.strip()).first()
    if same is not None:
        return same
    made = Competitor(name=name.strip(), kind=kind, **more)
    _complete(made)
    made.save()
    record(by, "products.competitor_added", made)
    return made


@transaction.atomic
def edit_competitor(
    *, competitor_id: int, by: User, seen: str, values: Mapping[str, Any]
) -> Competitor:
    """The competitor has these values; 409 unless ``seen`` is still its fingerprint."""
    _may(by, Can.EDIT_COMPETITORS)
    row = Competitor.objects.select_for_update().get(pk=competitor_id)
    return _changed(row, by, seen, values, "products.competitor_changed")


@transaction.atomic
def add_facts(
    *, competitor_id: int, by: User, facts: Mapping[str, Any], customer_id: int | None = None
) -> CompetitorProduct:
    """One more row says what was seen; the same facts twice are one row.

    ``facts`` are columns of ``CompetitorProduct`` (``FACTS``); without ``valid_until`` they hold
    for ``competitor.valid_days``. ``customer_id`` names who told us, a customer in reach.
    DomainError where source, day or evidence is missing or the figures cannot be.
    """
    _may(by, Can.ADD_COMPETITOR_FACTS)
    competitor = Competitor.objects.select_for_update().get(pk=competitor_id)
    values = _checked(facts, timezone.localdate())
    told_by = _customer(by, customer_id)
    same = _same(competitor, values)
    if same is not None:
        return same
    row = CompetitorProduct(competitor=competitor, customer=told_by, added_by=by, **values)
    _complete(row)
    row.save()
    record(by, "products.competitor_seen", row, product=row.name)
    return row


@transaction.atomic
def edit_facts(
    *, product_id: int, by: User, seen: str, values: Mapping[str, Any]
) -> CompetitorProduct:
    """A mistake in a row is put right; 409 unless ``seen`` is still its fingerprint.

    A row of a file is from then on one that people wrote: no later file and no undo touches it.
    """
    _may(by, Can.EDIT_COMPETITORS)
    row = CompetitorProduct.objects.select_for_update(of=("self",)).get(pk=product_id)
    checked = _checked({**_values(row), **values}, timezone.localdate())
    changed = {name: value for name, value in checked.items() if name in values}
    if row.batch_id and any(getattr(row, name) != value for name, value in changed.items()):
        changed |= BY_HAND
    return _changed(row, by, seen, changed, "products.competitor_corrected")


@transaction.atomic
def add_note(
    *, competitor_id: int, by: User, topic: str, text: str, noted_on: date | None = None
) -> CompetitorNote:
    """A dated note stands under its topic; the same words of the same day are one note."""
    _may(by, Can.ADD_COMPETITOR_FACTS)
    competitor = Competitor.objects.select_for_update().get(pk=competitor_id)
    today = timezone.localdate()
    day, words = noted_on or today, text.strip()
    if day > today:
        raise DomainError(_("A note is not from the future."), status=422)
    same = CompetitorNote.objects.filter(
        competitor=competitor, topic=topic, text=words, noted_on=day
    ).first()
    if same is not None:
        return same
    note = CompetitorNote(competitor=competitor, topic=topic, text=words, noted_on=day, by=by)
    _complete(note)
    note.save()
    record(by, "products.competitor_noted", note)
    return note


def _may(by: User, ability: Can) -> None:
    if not by.can(ability):
        raise DomainError(_("Your role does not write about competitors."), status=403)


def _customer(by: User, customer_id: int | None) -> Customer | None:
    """Who told us; a customer out of reach is no customer."""
    if customer_id is None:
        return None
    found: Customer | None = Customer.objects.visible_to(by).filter(pk=customer_id).first()
    if found is None:
        raise DomainError(_("This customer is not in your care."), status=404)
    return found


def _checked(facts: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The facts with their last valid day; DomainError with the field that is wrong."""
    values = {name: facts[name] for name in FACTS if name in facts}
    values["name"] = str(values.get("name") or "").strip()
    seen_on = values.get("source_on")
    if seen_on is None or not values.get("source") or not str(values.get("evidence", "")).strip():
        raise _wrong("evidence", _("Say where this was seen, on which day, and what proves it."))
    if seen_on > today:
        raise _wrong("source_on", _("Nobody has seen what is still to come."))
    if not values.get("valid_until"):
        values["valid_until"] = seen_on + timedelta(days=valid_days(today))
    if values["valid_until"] < seen_on:
        raise _wrong("valid_until", _("The last valid day lies before the day it was seen."))
    _check_figures(values)
    admission = values.get("admission") or []
    if not isinstance(admission, list):
        raise _wrong("admission", _("Every condition of admission needs words."))
    for item in admission:
        _check_condition(item)
    return values


def _check_figures(values: Mapping[str, Any]) -> None:
    """Nothing is below zero, no rate is above the whole, no upper bound below its lower one."""
    for name in FIGURES:
        if (values.get(name) or 0) < 0:
            raise _wrong(name, _("This is not negative."))
    for name in RATES:
        if (values.get(name) or 0) > 1:
            raise _wrong(name, _("A rate or share is at most 100%."))
    for low, high in (
        ("amount_min", "amount_max"),
        ("term_min_months", "term_max_months"),
        ("rate_min", "rate_max"),
    ):
        least, most = values.get(low), values.get(high)
        if least is not None and most is not None and least > most:
            raise _wrong(high, _("The upper bound lies below the lower one."))


def _check_condition(item: Any) -> None:
    """A condition of admission has words, and where it has a tree, one over the portrait."""
    if not isinstance(item, dict) or not str(item.get("text", "")).strip():
        raise _wrong("admission", _("Every condition of admission needs words."))
    if item.get("condition"):
        try:
            checked_condition(item["condition"])
        except BadCondition as error:
            raise _wrong("admission", f"{item['text']}: {error}") from error


def _same(competitor: Competitor, values: Mapping[str, Any]) -> CompetitorProduct | None:
    """The row that says exactly this already."""
    rows = CompetitorProduct.objects.filter(
        competitor=competitor, name=values["name"], source_on=values["source_on"]
    )
    return next(
        (row for row in rows if all(getattr(row, key) == it for key, it in values.items())), None
    )


def _values(row: CompetitorProduct) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}


def fingerprint(row: Model) -> str:
    """The same text for the same values: what a form sends back to show what was on its page."""
    told = {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.editable
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> str:
    """0.04 and 0.040000 are the same figure."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _changed(row: Row, by: User, seen: str, values: Mapping[str, Any], event: str) -> Row:
    """The row with these values, unless it no longer is what the user saw."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return row
    if seen != fingerprint(row):
        raise DomainError(_("Somebody else changed this meanwhile. Reload the page to see it."))
    for name, value in changed.items():
        setattr(row, name, value)
    _complete(row)
    row.save(update_fields=list(changed))
    record(by, event, row, fields=sorted(changed))
    return row


def _complete(row: Model) -> None:
    """The row holds only what its columns allow; DomainError names the fields that do not."""
    try:
        row.full_clean(exclude=UNASKED)
    except ValidationError as error:
        fields: dict[str, Text] = {
            name: " ".join(texts) for name, texts in error.message_dict.items()
        }
        raise DomainError(next(iter(fields.values())), status=422, fields=fields) from error


def _wrong(field: str, text: Any) -> DomainError:
    return DomainError(text, status=422, fields={field: text})
