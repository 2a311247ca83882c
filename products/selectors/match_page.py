"""The match page of one customer: what was matched, in the order in which it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm.core.models import Job, User
from customers.models import Customer, Portrait
from customers.selectors.portrait_page import is_computing as is_portrait_computing
from products.models import MatchFeedback
from products.selectors.explain import MatchView, MissingFact, OfferView, explained
from products.selectors.feedback import feedback_of

REFRESH = "matches.refresh"
UNFINISHED = (Job.State.WAITING, Job.State.RUNNING)
PASSES, FAILS, UNKNOWN = "y", "n", "?"


@dataclass(frozen=True)
class Question:
    """A missing fact, and how many offers wait for it."""

    fact: MissingFact
    offers: Sequence[OfferView]


@dataclass(frozen=True)
class MatchPage:
    """What is shown; ``view`` None: nothing was matched yet."""

    view: MatchView | None
    is_computing: bool = False
    is_stale: bool = False  # the portrait is newer than the match
    answers: Mapping[int, MatchFeedback] = field(default_factory=dict)
    top: Sequence[OfferView] = ()
    rest: Sequence[OfferView] = ()  # pass too, behind two of their family or five in all
    waiting: Sequence[OfferView] = ()  # cannot tell, those with fewest facts missing first
    failing: Sequence[OfferView] = ()  # those with fewest rules in the way first
    question: Question | None = None  # the cheapest fact to ask for

    @property
    def counts(self) -> dict[str, int]:
        """Offers that pass, fail, and cannot be told."""
        offers = self.view.offers if self.view else ()
        found = Counter(offer.outcome for offer in offers)
        return {"passes": found[PASSES], "fails": found[FAILS], "unknown": found[UNKNOWN]}

    @property
    def passing(self) -> Sequence[OfferView]:
        """Every offer that fits."""
        return [*self.top, *self.rest]

    def chosen(self, code: str) -> OfferView | None:
        """The offer of this code, or the best one, or whatever comes nearest."""
        offers = [*self.top, *self.rest, *self.waiting, *self.failing]
        return next((offer for offer in offers if offer.code == code), next(iter(offers), None))


def match_page(*, user: User, customer: Customer) -> MatchPage:
    """The page of a customer that the user may see (``customer`` comes from its scope)."""
    view = explained(user=user, customer_id=customer.pk)
    computing = is_computing(customer)
    if view is None:
        return MatchPage(None, is_computing=computing)
    by_outcome: dict[str, list[OfferView]] = {PASSES: [], FAILS: [], UNKNOWN: []}
    for offer in view.offers:
        by_outcome[offer.outcome].append(offer)
    return MatchPage(
        view=view,
        is_computing=computing,
        is_stale=is_behind(customer, view.portrait_version),
        answers=feedback_of(user=user, customer_id=customer.pk),
        top=[offer for offer in by_outcome[PASSES] if offer.in_top],
        rest=[offer for offer in by_outcome[PASSES] if not offer.in_top],
        waiting=sorted(by_outcome[UNKNOWN], key=lambda offer: len(offer.missing)),
        failing=sorted(by_outcome[FAILS], key=failed_rules),
        question=cheapest_question(by_outcome[UNKNOWN]),
    )


def failed_rules(offer: OfferView) -> int:
    """How many rules of the offer say no."""
    return sum(rule.answer == "no" for rule in offer.rules)


def cheapest_question(offers: Sequence[OfferView]) -> Question | None:
    """The missing fact that is cheapest to learn; among equals the one most offers wait for."""
    asked: dict[str, tuple[MissingFact, list[OfferView]]] = {}
    for offer in offers:
        for fact in offer.missing:
            asked.setdefault(fact.feature, (fact, []))[1].append(offer)
    found = min(asked.values(), key=lambda pair: (pair[0].effort, -len(pair[1])), default=None)
    return Question(*found) if found else None


def is_behind(customer: Customer, portrait_version: int) -> bool:
    """Whether the customer's portrait is newer than the one that was matched."""
    rows = Portrait.objects.filter(customer=customer)
    newest = rows.values_list("version_no", flat=True).first()
    return newest is not None and newest > portrait_version


def is_computing(customer: Customer) -> bool:
    """Whether a match, or the portrait before it, is under way for this customer."""
    if is_portrait_computing(customer):
        return True
    jobs = Job.objects.filter(kind=REFRESH, state__in=UNFINISHED)
    return jobs.filter(params__ids__contains=[customer.pk]).exists()
