"""What to know before the door opens: one customer on one phone screen (VIS-7).

A fixed number of queries, all below the one that finds the customer in the user's reach; the engine
of matching is not run: the stored match tells what fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from customers.ledger.spec import CategoryCover
from customers.models import Contact, Customer, ProductFamily
from customers.naming import in_own_language
from customers.selectors.ledger import coverage, weakest_two
from customers.selectors.portrait_page_changes import Change as PortraitChange
from customers.selectors.portrait_page_changes import changes_between
from customers.selectors.portrait_words import percent
from marketing.models import Complaint, CoordinationItem, Opportunity, PlannedVisit, Visit
from marketing.selectors.brief_asking import SUMS, Asking, terms_of
from marketing.selectors.brief_nearby import Nearby, Row, nearby
from marketing.selectors.brief_peers import peer_quartiles
from marketing.selectors.brief_questions import Question, questions
from marketing.selectors.brief_rows import declared_row, earlier_row, portrait_row
from marketing.selectors.brief_stage import cut_keys
from marketing.selectors.plan_words import Sentence, sentences
from products.selectors.match_sentences import sentences as match_sentences
from products.selectors.match_words import Words, typed
from products.selectors.suggestion_words import Money, said, writer

CHANGES, MATCHES, TALK, VISITS = 5, 4, 2, 2


@dataclass(frozen=True)
class Held:
    """One family of products held: how many, and the balance as the reader may see it."""

    label: str
    count: int
    balance: str = ""
    matures_on: date | None = None


@dataclass(frozen=True)
class ChangeLine:
    """One thing that differs from the last visit."""

    label: str
    old: str
    new: str
    meaning: str


@dataclass(frozen=True)
class MatchLine:
    """One offer that fits, what to say of it, and what could be lent."""

    version_id: int
    code: str
    name: str
    score: float
    talk: Sequence[str]
    amount: str = ""


@dataclass(frozen=True)
class SuggestionLine:
    """One open suggestion with its first sentence."""

    name: str
    value: str
    text: str
    expires_on: date


@dataclass(frozen=True)
class Rival:
    """What another lender has or offers here, and when it was last seen."""

    text: str
    matures_on: date | None = None


@dataclass(frozen=True)
class Brief:
    """One customer before a visit; ``portrait`` None: nothing was computed yet."""

    customer: Customer
    as_of: date
    portrait: Any | None = None
    contact: Contact | None = None
    stage: str = ""
    held: Sequence[Held] = ()
    visits: Sequence[Visit] = ()  # the newest first
    promise: Visit | None = None  # the visit of the last promise
    changes: Sequence[ChangeLine] = ()
    since_visit: bool = False  # changes are told against the last visit
    weakest: Sequence[CategoryCover] = ()
    questions: Sequence[Question] = ()
    matches: Sequence[MatchLine] = ()
    suggestions: Sequence[SuggestionLine] = ()
    opportunities: Sequence[Opportunity] = ()
    rivals: Sequence[Rival] = ()
    coordination: CoordinationItem | None = None
    complaints: Sequence[Complaint] = ()
    stop: PlannedVisit | None = None
    why: Sequence[Sentence] = field(default_factory=tuple)

    @property
    def is_promise_late(self) -> bool:
        """Whether the last promise is past its day."""
        return bool(
            self.promise and self.promise.promise_on and self.promise.promise_on < self.as_of
        )


def brief_of(*, user: User, customer_id: int, as_of: date) -> Brief:
    """The brief of a customer in reach; Customer.DoesNotExist for any other."""
    customer = _customer(user, customer_id)
    known = parameters(as_of)
    portrait = portrait_row(customer.pk)
    beside = nearby(customer_id=customer.pk, as_of=as_of)
    stop, write = beside.stop, writer(user)
    return Brief(
        customer=customer,
        as_of=as_of,
        portrait=portrait,
        contact=beside.contact,
        held=_held(beside, write),
        visits=beside.visits[:VISITS],
        promise=next((visit for visit in beside.visits if visit.promise), None),
        weakest=weakest_two(coverage(customer_ids=[customer.pk])[customer.pk]),
        suggestions=_suggestions(beside, write),
        opportunities=beside.opportunities,
        coordination=beside.coordination,
        complaints=beside.complaints,
        stop=stop,
        why=sentences([stop], user=user)[stop.pk] if stop else (),
        rivals=_rivals(portrait, beside, write),
        **(_of_portrait(user, portrait, beside, known) if portrait is not None else {}),
    )


def _customer(user: User, customer_id: int) -> Customer:
    """The customer with what the head of the page names, and nothing else of its wide row."""
    rows = Customer.objects.visible_to(user).select_related("trade", "branch", "manager")
    rows = rows.annotate(portrait_tier=F("portrait__tier")).only(
        "name", "address", "relation_state", "party_type", "trade__name_zh", "trade__name_en",
        "branch__name", "manager__full_name",
    )  # fmt: skip
    found: Customer = rows.get(pk=customer_id)
    return found


def _held(beside: Nearby, write: Money) -> list[Held]:
    """What is held by family, lending first, each with its balance and next maturity."""
    lent = _by_family(beside.loans)
    lending = [
        Held(
            label=str(ProductFamily(family).label),
            count=len(rows),
            balance=write(sum(row["balance"] for row in rows)),
            matures_on=rows[0]["matures_on"],
        )
        for family, rows in lent.items()
    ]
    others = _by_family([row for row in beside.holdings if row["family"] not in lent])
    return lending + [
        Held(str(ProductFamily(family).label), len(rows), _balance(rows, write))
        for family, rows in others.items()
    ]


def _by_family(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["family"], []).append(row)
    return found


def _balance(rows: Sequence[Row], write: Money) -> str:
    known = [row["balance"] for row in rows if row["balance"]]
    return write(sum(known)) if known else ""


def _suggestions(beside: Nearby, write: Money) -> list[SuggestionLine]:
    lines = []
    for row in beside.suggestions:
        told = said(row["reasons"], money=write)
        spoken = [one for one in told if one.code not in ("fits", "contacted")] or told
        lines.append(
            SuggestionLine(
                name=in_own_language(row["name_zh"], row["name_en"]),
                value=write(row["amount"]),
                text=spoken[0].text if spoken else "",
                expires_on=row["expires_on"],
            )
        )
    return lines


def _of_portrait(user: User, portrait: Any, beside: Nearby, known: Parameters) -> dict[str, Any]:
    """What is told from portrait and match."""
    match = beside.match
    facts = typed(match.inputs) if match else {}
    words = Words(
        {"trade_key": portrait.trade_key, "industry_code": portrait.industry_code, **facts}, user
    )
    earlier, since_visit = earlier_row(portrait)
    asking = Asking(
        portrait=portrait,
        match=match,
        facts=facts,
        declared=declared_row(portrait.customer_id),
        known=known,
        peers={},
        words=words,
        money=writer(user),
        as_of=known.as_of,
    )
    if asking.book is not None:
        asking.terms = terms_of(asking.book, known)
    columns = {*SUMS, *cut_keys(), *(asking.index.features() if asking.index else ())}
    asking.peers = peer_quartiles(portrait, known.as_of, columns)
    return {
        "stage": words.told("stage", portrait.stage),
        "changes": _changes(changes_between(earlier, portrait), words),
        "since_visit": since_visit,
        "questions": questions(asking),
        "matches": _matches(asking),
    }


def _changes(changes: Sequence[PortraitChange], words: Words) -> list[ChangeLine]:
    """The weightiest changes in words; codes that came or went as such."""
    lines = []
    for change in changes[:CHANGES]:
        key = change.column.key
        old, new = words.told(key, change.old), words.told(key, change.new)
        if isinstance(change.new, list) and isinstance(change.old, list):
            old = words.codes(key, change.gone) if change.gone else ""
            new = words.codes(key, change.added) if change.added else ""
        lines.append(ChangeLine(str(change.column.label), old, new, change.meaning))
    return lines


def _matches(asking: Asking) -> list[MatchLine]:
    """The best offers that fit, with what speaks for them."""
    if asking.match is None or asking.book is None:
        return []
    lines = []
    places = {offer.version_id: no for no, offer in enumerate(asking.book.offers)}
    for version_id in asking.match.top[:MATCHES]:
        no = places[version_id]
        offer = asking.book.offers[no]
        told = [
            line
            for part in offer.parts
            for line in match_sentences(part, offer, asking.words, asking.book)
            if line.force
        ]
        told.sort(key=lambda line: -line.force)
        amount = asking.income(no, "", None)[1] if offer.is_credit else 0
        lines.append(
            MatchLine(
                version_id=version_id,
                code=offer.code,
                name=offer.name,
                score=asking.match.scores[no] or 0.0,
                talk=[line.text for line in told[:TALK]],
                amount=asking.money(round(amount)) if amount else "",
            )
        )
    return lines


def _rivals(portrait: Any | None, beside: Nearby, write: Money) -> list[Rival]:
    """The other lender as the customer told it, and what was seen of others here."""
    found = []
    if portrait is not None and portrait.competitor_lender:
        told = {"name": portrait.competitor_lender}
        parts = [_("Borrows from %(name)s") % told]
        if portrait.competitor_amount:
            parts.append(write(portrait.competitor_amount))
        if portrait.competitor_rate is not None:
            parts.append(percent(portrait.competitor_rate))
        found.append(Rival(" · ".join(parts), portrait.competitor_matures_on))
    for row in beside.rivals:
        parts = [row["lender"], row["name"]]
        if row["rate"] is not None:
            parts.append(percent(row["rate"]))
        found.append(Rival(" · ".join(parts)))
    return found
