"""What to know before the door opens: one customer on one phone screen (VIS-7).

A fixed number of queries, all below the one that finds the customer in the user's reach; the engine
of matching is not run: the stored match tells what fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from customers.ledger.spec import CategoryCover
from customers.models import Contact, Customer, Holding, Loan, ProductFamily
from customers.selectors.customer import customer_header
from customers.selectors.ledger import coverage, weakest_two
from customers.selectors.portrait_page_changes import Change as PortraitChange
from customers.selectors.portrait_page_changes import changes_between
from customers.selectors.portrait_words import percent
from marketing.models import Complaint, CoordinationItem, Opportunity, PlannedVisit, Visit
from marketing.selectors.brief_asking import SUMS, Asking, terms_of
from marketing.selectors.brief_peers import peer_quartiles
from marketing.selectors.brief_questions import Question, questions
from marketing.selectors.brief_rows import declared_row, earlier_row, portrait_row
from marketing.selectors.brief_stage import cut_keys
from marketing.selectors.plan_words import Sentence, sentences
from products.models import CompetitorProduct, CustomerMatch, Suggestion
from products.selectors.match_sentences import sentences as match_sentences
from products.selectors.match_words import Words, typed
from products.selectors.suggestion_words import Money, said, writer

CHANGES, MATCHES, TALK, SUGGESTED, OPEN_SHOWN, VISITS = 5, 4, 2, 3, 3, 2


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
    customer = customer_header(user=user, customer_id=customer_id)
    known = parameters(as_of)
    portrait = portrait_row(customer.pk)
    visits = _visits(customer)
    stop = _stop(customer, as_of)
    return Brief(
        customer=customer,
        as_of=as_of,
        portrait=portrait,
        contact=_contact(customer),
        held=_held(user, customer),
        visits=visits[:VISITS],
        promise=next((visit for visit in visits if visit.promise), None),
        weakest=weakest_two(coverage(customer_ids=[customer.pk])[customer.pk]),
        suggestions=_suggestions(user, customer, as_of),
        opportunities=_opportunities(customer),
        coordination=CoordinationItem.objects.filter(
            customer=customer, state__in=("open", "visited")
        ).first(),
        complaints=list(Complaint.objects.filter(customer=customer, state="open")[:OPEN_SHOWN]),
        stop=stop,
        why=sentences([stop], user=user)[stop.pk] if stop else (),
        **_of_portrait(user, customer, portrait, known),
    )


def _contact(customer: Customer) -> Contact | None:
    """Whom to ask for: who decides comes first."""
    rows = Contact.objects.filter(customer=customer).order_by("-is_decision_maker", "pk")
    return rows.only("name", "role", "is_decision_maker", "mobile_masked").first()


def _visits(customer: Customer) -> list[Visit]:
    """The newest visits, with a few more to find the last promise in."""
    rows = Visit.objects.filter(customer=customer).only(
        "customer_id", "purpose", "started_at", "whom_met", "summary", "mood", "promise",
        "promise_on", "next_step", "next_on", "manager__full_name",
    )  # fmt: skip
    rows = rows.select_related("manager").order_by("-started_at", "-pk")
    return list(rows[: VISITS * 5])


def _stop(customer: Customer, as_of: date) -> PlannedVisit | None:
    """The next stop of a plan at this customer."""
    found: PlannedVisit | None = (
        PlannedVisit.objects.filter(
            customer=customer, on__gte=as_of, state=PlannedVisit.State.PLANNED
        )
        .order_by("on", "pk")
        .first()
    )
    return found


def _held(user: User, customer: Customer) -> list[Held]:
    """What is held by family, lending first, each with its balance and next maturity."""
    write = writer(user)
    loans = list(
        Loan.objects.filter(customer=customer, closed_on=None)
        .only("family", "balance_amount", "matures_on")
        .order_by("matures_on", "pk")
    )
    found: dict[str, list[Loan]] = {}
    for loan in loans:
        found.setdefault(loan.family, []).append(loan)
    lending = [
        Held(
            label=str(ProductFamily(family).label),
            count=len(rows),
            balance=write(sum(loan.balance_amount for loan in rows)),
            matures_on=rows[0].matures_on,
        )
        for family, rows in found.items()
    ]
    others: dict[str, list[Holding]] = {}
    rows = Holding.objects.filter(customer=customer, closed_on=None)
    for row in rows.only("family", "balance_amount"):
        if row.family not in found:
            others.setdefault(row.family, []).append(row)
    return lending + [
        Held(str(ProductFamily(family).label), len(rows), _balance(rows, write))
        for family, rows in others.items()
    ]


def _balance(rows: Sequence[Holding], write: Money) -> str:
    known = [row.balance_amount for row in rows if row.balance_amount]
    return write(sum(known)) if known else ""


def _suggestions(user: User, customer: Customer, as_of: date) -> list[SuggestionLine]:
    write = writer(user)
    rows = (
        Suggestion.objects.filter(
            customer=customer, state__in=("new", "seen"), expires_on__gte=as_of
        )
        .select_related("version__product")
        .only(
            "reasons", "expected_amount", "expires_on", "version__no",
            "version__product__code", "version__product__name_zh", "version__product__name_en",
        )
        .order_by("rank")[:SUGGESTED]
    )  # fmt: skip
    lines = []
    for row in rows:
        told = said(row.reasons, money=write)
        spoken = [one for one in told if one.code not in ("fits", "contacted")] or told
        lines.append(
            SuggestionLine(
                name=row.version.product.name,
                value=write(row.expected_amount),
                text=spoken[0].text if spoken else "",
                expires_on=row.expires_on,
            )
        )
    return lines


def _opportunities(customer: Customer) -> list[Opportunity]:
    rows = Opportunity.objects.filter(customer=customer, state="open").only(
        "family", "stage", "amount", "next_action", "next_on"
    )
    return list(rows.order_by("-amount", "pk")[:OPEN_SHOWN])


def _of_portrait(
    user: User, customer: Customer, portrait: Any | None, known: Parameters
) -> dict[str, Any]:
    """What is told from portrait and match."""
    if portrait is None:
        return {"rivals": _rivals(user, customer, None)}
    match = CustomerMatch.objects.filter(pk=customer.pk).first()
    facts = typed(match.inputs) if match else {}
    words = Words(
        {"trade_key": portrait.trade_key, "industry_code": portrait.industry_code, **facts}, user
    )
    earlier, since_visit = earlier_row(portrait)
    asking = Asking(
        portrait=portrait,
        match=match,
        facts=facts,
        declared=declared_row(customer.pk),
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
        "rivals": _rivals(user, customer, portrait),
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


def _rivals(user: User, customer: Customer, portrait: Any | None) -> list[Rival]:
    """The other lender as the customer told it, and what was seen of others here."""
    write = writer(user)
    found = []
    if portrait is not None and portrait.competitor_lender:
        told = {"name": portrait.competitor_lender}
        parts = [_("Borrows from %(name)s") % told]
        if portrait.competitor_amount:
            parts.append(write(portrait.competitor_amount))
        if portrait.competitor_rate is not None:
            parts.append(percent(portrait.competitor_rate))
        found.append(Rival(" · ".join(parts), portrait.competitor_matures_on))
    seen = CompetitorProduct.objects.filter(customer=customer).select_related("competitor")
    seen = seen.only("name", "rate_min", "competitor__name")
    for row in seen.order_by("-source_on", "-pk")[:VISITS]:
        parts = [row.competitor.name, row.name]
        if row.rate_min is not None:
            parts.append(percent(row.rate_min))
        found.append(Rival(" · ".join(parts)))
    return found
