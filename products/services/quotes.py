"""Quotes: composed once, frozen, worked out again to the last digit whenever somebody asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.roles import Can
from customers.models import Customer
from products.finance import BadTerms
from products.models import BundleVersion, Quote
from products.selectors.bundles import effective_bundle
from products.selectors.compose import (
    Item,
    Subject,
    bundle_items,
    kept_apart,
    picked_items,
    subject_of,
)
from products.selectors.forbidden import forbidden_pairs
from products.selectors.quote_case import QuoteCase
from products.selectors.quote_figures import Figures, work_out
from products.selectors.quote_lines import Choice, case_of
from products.selectors.quotes import figures_data, line_data

LONGEST_KEY = 36
MOST_LINES = 24


@dataclass(frozen=True)
class Composition:
    """What was put together: a bundle or none, versions picked freely, and a choice an item."""

    bundle: BundleVersion | None = None
    picks: Mapping[str, int] = field(default_factory=dict)  # item key: version in this place
    added: tuple[int, ...] = ()
    choices: Mapping[str, Choice] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A composition worked out but not saved."""

    subject: Subject
    items: Sequence[Item]
    case: QuoteCase
    figures: Figures


def items_of(subject: Subject, composition: Composition) -> list[Item]:
    """The items of the composition, each with its outcome, bounds and where it would start."""
    items: list[Item] = []
    if composition.bundle:
        items = bundle_items(subject=subject, bundle=composition.bundle, picks=composition.picks)
    held = {item.version.pk for item in items if item.version}
    added = [pk for pk in composition.added if pk not in held]
    return kept_apart(
        [*items, *picked_items(subject=subject, version_ids=added)], forbidden_pairs()
    )


def drafted(*, subject: Subject, items: Sequence[Item], composition: Composition) -> Draft:
    """The composition worked out. DomainError 422 where it cannot be quoted."""
    case = case_of(
        subject=subject, items=items, choices=composition.choices, bundle=composition.bundle
    )
    try:
        return Draft(subject, items, case, work_out(case))
    except BadTerms as error:
        raise DomainError(str(error), status=422) from error


def make_quote(
    *, customer_id: int, composition: Composition, key: str, by: User, today: date | None = None
) -> Quote:
    """The quote as composed, frozen; a second call with the same key gives the first quote."""
    if not by.can(Can.MAKE_QUOTES):
        raise DomainError(_("Your role does not make quotes."), status=403)
    customer: Customer = Customer.objects.visible_to(by).get(pk=customer_id)
    if not key or len(key) > LONGEST_KEY:
        raise DomainError(_("Send a key of up to 36 characters for this quote."), status=422)
    if (made := _made(customer, key, by)) is not None:
        return made
    day = today or timezone.localdate()
    subject = subject_of(user=by, customer=customer, as_of=day)
    items = items_of(subject, composition)
    if not any(_taken(item, composition.choices) for item in items):
        raise DomainError(_("Nothing is taken: there is nothing to quote."), status=422)
    draft = drafted(subject=subject, items=items, composition=composition)
    try:
        with transaction.atomic():
            quote = _kept(draft, composition.bundle, key, by)
            record(by, "products.quote_made", quote, customer=customer.pk)
    except IntegrityError:  # the same form came twice at once: the other one won
        made = _made(customer, key, by)
        if made is None:
            raise
        return made
    return quote


def _made(customer: Customer, key: str, by: User) -> Quote | None:
    found: Quote | None = Quote.objects.filter(made_by=by, key=key).first()
    if found is not None and found.customer_id != customer.pk:
        raise DomainError(_("This key belongs to a quote for another customer."), status=409)
    return found


def _taken(item: Item, choices: Mapping[str, Choice]) -> bool:
    choice = choices.get(item.key)
    return item.can_be_taken and (choice is None or choice.is_taken)


def _kept(draft: Draft, bundle: BundleVersion | None, key: str, by: User) -> Quote:
    subject = draft.subject
    days = parameters(subject.as_of).number("quote.valid_days")
    return Quote.objects.create(
        customer=subject.customer,
        bundle_version=bundle,
        as_of=subject.as_of,
        valid_until=subject.as_of + timedelta(days=days),
        lines=_lines(draft),
        figures={"case": draft.case.to_data(), **figures_data(draft.figures), **_told(subject)},
        made_by=by,
        key=key,
    )


def _lines(draft: Draft) -> list[dict[str, Any]]:
    """The lines of the case with their figures, and what the customer was told of each."""
    by_seq = {item.seq: item for item in draft.items}
    return [
        line_data(figures) | _item_data(by_seq[figures.line.seq]) for figures in draft.figures.lines
    ]


def _item_data(item: Item) -> dict[str, Any]:
    return {
        "condition": item.condition,
        "obstacles": [rule.text for rule in item.obstacles],
        "missing": list(item.missing),
        "apart": item.apart,
        "tariff": item.version.tariff if item.version else "",
        "risk_warning": item.version.risk_warning if item.version else "",
    }


def _told(subject: Subject) -> dict[str, Any]:
    """Of which day the inputs were."""
    portrait, lpr = subject.portrait, subject.lpr
    return {
        "portrait_version": portrait.version_no if portrait else None,
        "portrait_as_of": portrait.as_of.isoformat() if portrait else None,
        "lpr_on": lpr.quoted_on.isoformat() if lpr else None,
        "lpr_1y": str(lpr.lpr_1y) if lpr else None,
    }


@dataclass(frozen=True)
class LineInput:
    """One version with its terms, as the API takes it; None leaves the version's own value."""

    version: int
    is_taken: bool = True
    amount: Decimal | None = None
    months: int | None = None
    rate: Decimal | None = None
    mode: str = ""


def make_quote_of(
    *, customer_id: int, bundle_code: str, lines: Sequence[LineInput], key: str, by: User
) -> Quote:
    """A quote from versions and terms; what the bundle holds and no line names is refused.

    A second call with the same key gives the first quote, whatever is on sale by then.
    """
    if not by.can(Can.MAKE_QUOTES):
        raise DomainError(_("Your role does not make quotes."), status=403)
    customer: Customer = Customer.objects.visible_to(by).get(pk=customer_id)
    if (made := _made(customer, key, by)) is not None:
        return made
    bundle = effective_bundle(bundle_code) if bundle_code else None
    if bundle_code and bundle is None:
        raise DomainError(_("There is no such bundle in effect."), status=422)
    subject = subject_of(user=by, customer=customer, as_of=timezone.localdate())
    composition = composed(items_of(subject, Composition(bundle)), lines, bundle)
    _all_placed(lines, items_of(subject, composition))
    return make_quote(customer_id=customer_id, composition=composition, key=key, by=by)


def _all_placed(lines: Sequence[LineInput], items: Sequence[Item]) -> None:
    """DomainError where a line has no item of its own: nothing that was sent is left out."""
    asked = Counter(line.version for line in lines)
    found = Counter(item.version.pk for item in items if item.version)
    if strange := [str(pk) for pk in asked if pk not in found]:
        text = _("Not on sale: version %(versions)s.") % {"versions": ", ".join(strange)}
        raise DomainError(text, status=422)
    if twice := [str(pk) for pk, number in asked.items() if number > found[pk]]:
        text = _("Named more often than it has places: version %(versions)s.")
        raise DomainError(text % {"versions": ", ".join(twice)}, status=422)


def composed(
    items: Sequence[Item], lines: Sequence[LineInput], bundle: BundleVersion | None
) -> Composition:
    """Lines placed where the bundle has their version, the others picked freely."""
    places: dict[int, list[str]] = {}
    for item in items:
        for version in item.others:
            places.setdefault(version.pk, []).append(item.key)
    picks: dict[str, int] = {}
    choices = {item.key: Choice(is_taken=False) for item in items}
    added: list[int] = []
    for line in lines:
        free = [key for key in places.get(line.version, ()) if key not in picks]
        key = free[0] if free else f"v{line.version}"
        if free:
            picks[key] = line.version
        else:
            added.append(line.version)
        choices[key] = Choice(line.is_taken, line.amount, line.months, line.rate, line.mode)
    return Composition(bundle, picks, tuple(added), choices)
